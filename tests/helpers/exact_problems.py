"""Small problems for exact training: counts of pairs, vectors, and what is fitted to them."""

from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from helpers.replay import corpus_of
from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.settings import Settings
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.sweeps import Sweeps
from skipgram.training.exact.trainer import SweepTrainer
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters, padded

SOFTMAX = {"objective": "softmax", "count_power": 1.0, "unigram_offset": 0.0}
SAMPLING = {"objective": "expected-negative-sampling", "count_power": 1.0, "negatives": 3}


def random_counts(words: int, share: float = 0.4, seed: int = 1) -> NDArray[np.float64]:
    """Counts of about 1, of which so many are above 0; the last word has no pair."""
    random = np.random.default_rng(seed)
    counts = random.exponential(2.0, (words, words)) * (random.random((words, words)) < share)
    counts[0, : min(2, words)] = 1.5, *[2.5] * (min(2, words) - 1)
    counts[-1] = counts[:, -1] = 0
    return counts


def cooccurrence_of(counts: NDArray[np.float64]) -> Cooccurrence:
    """As if they had been counted."""
    words = [f"w{number}" for number in range(len(counts))]
    vocabulary = Vocabulary(words, np.arange(len(counts), 0, -1) + 4)
    matrix = scipy.sparse.csr_matrix(counts)
    return Cooccurrence(matrix, vocabulary, 5, "random", "closed-up", "both", 0.0)


def problem_of(
    counts: NDArray[np.float64], dtype: type[np.floating] = np.float64, **values: Any
) -> Problem:
    """In float64, so that it can be held against the equations."""
    of = cooccurrence_of(counts)
    settings = Settings.of(**{**SOFTMAX, **values})
    return Problem.of(of, Noise.of(of.vocabulary.counts, 0.75), settings, dtype)


def parameters_of(
    words: int, dim: int, seed: int = 2, dtype: type[np.floating] = np.float64
) -> Parameters:
    """At unit scale."""
    parameters = Parameters.zeros(words, dim, dtype)
    random = np.random.default_rng(seed)
    parameters.center[:], parameters.outside[:] = random.standard_normal((2, words, dim))
    return parameters


def fitted(
    problem: Problem, dim: int, *, sweeps: int, prior: float, seed: int = 3, **options: Any
) -> tuple[Parameters, float]:
    """The parameters after so many sweeps from a small random start, and J."""
    parameters = Parameters.normal(len(problem.frequent), dim, seed, np.float64)
    gradients = ExactGradients(problem.objective)
    run = Sweeps(gradients, parameters, prior, sweeps, seed, **options)
    run.begin()
    for _ in range(sweeps):
        for _ in range(run.groups):
            run.next_group()
        run.end_sweep()
    return parameters, run.position.objective


def some_corpus(seed: int = 1, words: int = 40) -> EncodedCorpus:
    """Lines of words in which neighbours are alike; the last word is alone on its line."""
    random = np.random.default_rng(seed)
    lines = [
        (random.integers(words - 1) + random.integers(0, 5, 12)).clip(0, words - 2).tolist()
        for _ in range(120)
    ]
    return corpus_of([*lines, [words - 1]], words)


def sweep_trainer(
    corpus: EncodedCorpus | None = None,
    state: SweepState | None = None,
    parameters: Parameters | None = None,
    **values: Any,
) -> SweepTrainer:
    """A trainer with small settings, at the start unless a state is given."""
    from skipgram.runs.beginning import Beginning
    from skipgram.runs.places import Places
    from skipgram.runs.trainers import Run

    small = {"objective": "softmax", "embedding_dim": 8, "subsample": 0.0, "prior": 1.0}
    settings = Settings.of(**{**small, "sweeps": 4, "tolerance": 0.0, **values})
    places = Places.of(None, (), caches=False)
    run = Run(corpus or some_corpus(), settings, Beginning(), places, resumes=False)
    made = run.trainer(lambda event: None)
    assert isinstance(made, SweepTrainer)
    if state is None or parameters is None:
        return made
    return replace(made, state=state, parameters=parameters)


__all__ = [
    "SAMPLING",
    "SOFTMAX",
    "cooccurrence_of",
    "fitted",
    "padded",
    "parameters_of",
    "problem_of",
    "random_counts",
    "some_corpus",
    "sweep_trainer",
]
