"""Loading or compiling what a training by negative sampling will call, before it does."""

import time

import numpy as np

from skipgram.settings import Settings
from skipgram.system.threads import thread_pool
from skipgram.training.events import Compiled
from skipgram.training.negative_sampling import batched, hogwild
from skipgram.training.negative_sampling.task import Task
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.warming import smallest_corpus


def warm_up(settings: Settings) -> Compiled | None:
    """Train an epoch of three words; None if there was nothing to compile."""
    started = time.perf_counter()
    is_deterministic = settings.training.deterministic
    kernel = (batched if is_deterministic else hogwild).kernel_of(settings)
    if kernel.signatures:
        return None
    corpus = smallest_corpus()
    parameters = Parameters.zeros(len(corpus.vocabulary), settings.model.embedding_dim)
    noise = Noise.of(corpus.vocabulary.counts, settings.model.noise_exponent)
    ranges = np.array([[0, len(corpus)]])
    task = Task(corpus, noise, parameters, settings, ranges, corpus.line_ends)
    way = batched.Batched(task, 1) if is_deterministic else hogwild.Hogwild(task, 1)
    with thread_pool(1, "skipgram-compiler") as pool:
        list(way.train(pool, 0, 0, lambda: True))
    if kernel.stats.cache_hits:
        return None
    return Compiled(time.perf_counter() - started, is_kept=bool(kernel.stats.cache_path))
