"""Loading or compiling what a training will call, before it does."""

import time
from typing import Any

import numpy as np

from skipgram.settings import Settings
from skipgram.training.events import Compiled
from skipgram.training.negative_sampling import batched, hogwild
from skipgram.training.negative_sampling.batches import Changes
from skipgram.training.parameters import padded


def warm_up(settings: Settings) -> Compiled | None:
    """Load or compile the kernel by training nothing; None if there was nothing to compile."""
    started = time.perf_counter()
    is_deterministic = settings.training.deterministic
    kernel = (batched if is_deterministic else hogwild).kernel_of(settings)
    if kernel.signatures:
        return None
    V = np.zeros((2, padded(settings.model.embedding_dim)), np.float32)
    corpus = np.zeros(2, np.int32), np.array([2], np.int64), 0, 0
    draws = np.zeros(2, np.uint32), np.zeros((2, 2), np.int32), np.full(2, 0.5), np.uint64(0)
    rest: tuple[Any, ...] = 1, False, np.uint64(0), 0.0, 0.0
    changes: tuple[Any, ...] = ()
    if is_deterministic:
        of_V, of_U = (Changes.zeros((1, 1, V.shape[1]), len(V), np.float32) for _ in range(2))
        changes = of_V, of_U, V[0]
        no_batch, alone = (
            (np.zeros((0, 1, 3)), np.zeros(0, np.int64)),
            (np.zeros(1, np.int64), 0, 1),
        )
        rest = *rest, 1, *no_batch, *alone
    kernel(*corpus, V, V, *changes, *draws, *rest)
    if kernel.stats.cache_hits:
        return None
    return Compiled(time.perf_counter() - started, is_kept=bool(kernel.stats.cache_path))
