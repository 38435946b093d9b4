"""Loading or compiling what counting and sweeps will call, before they do."""

import time

from skipgram.corpus.cooccurrence import kernels as window_weights
from skipgram.corpus.cooccurrence.counts import count_cooccurrence
from skipgram.settings import Settings
from skipgram.settings.window_rule import WindowRule
from skipgram.training.events import Compiled
from skipgram.training.exact import row_kernels
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.sweeps import Sweeps
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.warming import smallest_corpus


def warm_up(settings: Settings) -> Compiled | None:
    """Sweep over a corpus of three words; None if there was nothing to compile."""
    started = time.perf_counter()
    kernels = (
        window_weights.expected_rows,
        window_weights.positions_by_word,
        row_kernels.softmax_rows(),
        row_kernels.sampling_rows(),
    )
    known = [len(kernel.signatures) for kernel in kernels]
    hits = [sum(kernel.stats.cache_hits.values()) for kernel in kernels]
    corpus = smallest_corpus()
    counts = count_cooccurrence(corpus, WindowRule.of(settings))
    problem = Problem.of(counts, Noise.of(corpus.vocabulary.counts, 1.0), settings)
    parameters = Parameters.normal(3, settings.model.embedding_dim, 0)
    Sweeps(ExactGradients(problem.objective), parameters, 1.0, 1, 0).begin()
    compiled = [
        kernel
        for kernel, signatures, hit in zip(kernels, known, hits, strict=True)
        if len(kernel.signatures) > signatures and sum(kernel.stats.cache_hits.values()) == hit
    ]
    if not compiled:
        return None
    is_kept = all(kernel.stats.cache_path for kernel in compiled)
    return Compiled(time.perf_counter() - started, is_kept=is_kept)
