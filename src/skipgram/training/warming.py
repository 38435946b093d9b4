"""Loading or compiling what a training will call, before it does."""

import time
from typing import Any

import numpy as np

from skipgram.settings import Settings
from skipgram.training.events import Compiled
from skipgram.training.merging import merge_rows
from skipgram.training.own_rows import NOTHING
from skipgram.training.parameters import padded
from skipgram.training.task import kernel_of


def warm_up(settings: Settings) -> Compiled | None:
    """Load or compile the kernels by training nothing; None if there was nothing to compile."""
    started = time.perf_counter()
    is_sharded = settings.training.deterministic
    V = np.zeros((2, padded(settings.model.embedding_dim)), np.float32)
    words, counts = np.zeros((1, 0), np.int32), np.zeros((1, 1), np.int64)
    kernels: list[tuple[Any, tuple[Any, ...]]] = [
        (
            kernel_of(settings, owns_rows=is_sharded),
            (
                np.zeros(2, np.int32),
                np.array([2], np.int64),
                0,
                0,
                V,
                V,
                NOTHING,
                NOTHING,
                np.zeros(2, np.uint32),
                np.zeros((2, 2), np.int32),
                np.full(2, 0.5),
                np.uint64(0),
                1,
                False,
                np.uint64(0),
                0.0,
                0.0,
            ),
        )
    ]
    if is_sharded:
        merge = merge_rows(padded(settings.model.embedding_dim))
        nothing = np.zeros((1, 0, V.shape[1]), np.float32), words, counts, words[0], words
        kernels.append((merge, (V, *nothing, np.zeros(2, np.float32), 0, 0, 1)))
    missing = [kernel for kernel, _ in kernels if not kernel.signatures]
    for kernel, arguments in kernels:
        kernel(*arguments)
    compiled = [kernel for kernel in missing if not kernel.stats.cache_hits]
    if not compiled:
        return None
    is_kept = all(kernel.stats.cache_path for kernel in compiled)
    return Compiled(time.perf_counter() - started, is_kept=is_kept)
