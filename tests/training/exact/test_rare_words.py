"""Rare words, fitted to the frequent ones: each ends where its own small problem is at its best."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import scipy.sparse
from threadpoolctl import threadpool_limits

from helpers.comparison import assert_close
from helpers.exact_problems import (
    cooccurrence_of,
    fitted,
    parameters_of,
    problem_of,
    random_counts,
)
from skipgram.equations.corpora import corpus_negative_sampling, corpus_softmax
from skipgram.settings import Settings
from skipgram.training.exact import folding
from skipgram.training.exact.folding import fold_centers, log_sums
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.rare_words import rare_vectors
from skipgram.training.exact.targets import Targets
from skipgram.training.noise import Noise

WORDS, FREQUENT, DIM, PRIOR = 24, 14, 4, 0.5
AT_AN_OPTIMUM = 2e-6
"""Of a gradient: a row rests where float64 sees no lower loss, to the root of its rounding."""


@pytest.fixture(name="problem")
def a_problem():
    return problem_of(random_counts(WORDS), softmax_vocabulary=FREQUENT, unigram_offset=1.0)


def test_the_frequent_words_are_the_first_by_count(problem):
    assert problem.frequent.tolist() == list(range(FREQUENT))
    assert problem.rare.tolist() == list(range(FREQUENT, WORDS))


def test_a_rare_center_vector_is_the_optimum_given_the_frequent_outside_vectors(problem):
    frequent = parameters_of(FREQUENT, DIM)
    V, _ = rare_vectors(problem, frequent, PRIOR, passes=200)
    counts = random_counts(WORDS)[FREQUENT:, :FREQUENT]
    offset = np.log(problem.objective.targets.outside_shares)
    U = frequent.outside
    gradient = corpus_softmax(V[:, :DIM], U, counts, offset).center + PRIOR * V[:, :DIM]
    assert_close(gradient, np.zeros_like(gradient), AT_AN_OPTIMUM)


def test_a_rare_outside_vector_is_the_optimum_of_poisson_counts(problem):
    frequent = parameters_of(FREQUENT, DIM)
    _, U = rare_vectors(problem, frequent, PRIOR, passes=400)
    V = frequent.center
    counts = random_counts(WORDS)
    of_frequent = counts[:FREQUENT, :FREQUENT]
    offset = np.log(problem.objective.targets.outside_shares)
    log_Z = np.log(np.exp(V @ frequent.outside.T + offset).sum(axis=1))
    m = counts[:FREQUENT, FREQUENT:].sum(axis=0)
    m[m == 0] = 0.5 * m[m > 0].min()
    b = np.log(m / of_frequent.sum())
    means = of_frequent.sum(axis=1) * np.exp(U[:, :DIM] @ V.T + b[:, None] - log_Z)
    gradient = (means - counts[:FREQUENT, FREQUENT:].T) @ V + PRIOR * U[:, :DIM]
    has_pair = counts[:FREQUENT, FREQUENT:].sum(axis=0) > 0
    assert_close(gradient[has_pair], np.zeros_like(gradient[has_pair]), AT_AN_OPTIMUM)


@pytest.mark.parametrize("exponent", [0.0, 0.75])
def test_rare_vectors_are_at_the_optimum_of_expected_negative_sampling(exponent):
    """The others at rest, each is where the loss of the whole corpus is lowest."""
    of = cooccurrence_of(random_counts(WORDS))
    settings = Settings.of(objective="expected-negative-sampling", count_power=1.0, negatives=3)
    noise = Noise.of(of.vocabulary.counts, exponent)
    problem = Problem.of(of, noise, settings, np.float64, words=FREQUENT)
    frequent = parameters_of(FREQUENT, DIM)
    V, U = rare_vectors(problem, frequent, PRIOR, passes=400)
    share = noise.probabilities / noise.probabilities[:FREQUENT].sum()
    counts = random_counts(WORDS)
    as_centers = corpus_negative_sampling(
        V[:, :DIM], frequent.outside, counts[FREQUENT:, :FREQUENT], share[:FREQUENT], 3
    )
    gradient = as_centers.center + PRIOR * V[:, :DIM]
    assert_close(gradient, np.zeros_like(gradient), AT_AN_OPTIMUM)
    # A rare word's own noise depends on all pairs of the frequent centers.
    n = counts[:FREQUENT, :FREQUENT].sum(axis=1)
    scores = U[:, :DIM] @ frequent.center.T
    sigmoid = 1 / (1 + np.exp(-scores))
    of_pairs = counts[:FREQUENT, FREQUENT:].T
    pull = 3 * share[FREQUENT:, None] * n * sigmoid - of_pairs * (1 - sigmoid)
    gradient = pull @ frequent.center + PRIOR * U[:, :DIM]
    has_pair = of_pairs.sum(axis=1) > 0
    assert_close(gradient[has_pair], np.zeros_like(gradient[has_pair]), AT_AN_OPTIMUM)


def test_a_few_passes_go_most_of_the_way(problem):
    frequent, _ = fitted(
        problem_of(random_counts(WORDS)[:FREQUENT, :FREQUENT]), DIM, sweeps=50, prior=PRIOR
    )
    counts = random_counts(WORDS)[FREQUENT:, :FREQUENT]
    offset = np.log(problem.objective.targets.outside_shares)

    def loss(V: np.ndarray) -> float:
        of_pairs = corpus_softmax(V[:, :DIM], frequent.outside, counts, offset).loss
        return of_pairs + PRIOR / 2 * (V**2).sum()

    few, _ = rare_vectors(problem, frequent, PRIOR)
    many, _ = rare_vectors(problem, frequent, PRIOR, passes=300)
    at_zero = loss(np.zeros_like(few))
    assert at_zero - loss(few) > 0.9 * (at_zero - loss(many))


def test_a_rare_word_without_a_pair_stays_at_zero(problem):
    V, U = rare_vectors(problem, parameters_of(FREQUENT, DIM), PRIOR)
    assert not V[-1].any()
    assert not U[-1].any()


def test_threads_change_no_bit_of_them(problem, monkeypatch):
    monkeypatch.setattr(folding, "ROWS_AT_ONCE", 3)
    frequent = parameters_of(FREQUENT, DIM)
    alone = rare_vectors(problem, frequent, PRIOR)
    with ThreadPoolExecutor(3) as pool:
        together = rare_vectors(problem, frequent, PRIOR, pool)
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_sums_of_all_center_words_are_those_of_the_softmax():
    parameters = parameters_of(300, DIM)
    offset = np.random.default_rng(1).standard_normal(300)
    expected = np.log(np.exp(parameters.V @ parameters.U.T + offset).sum(axis=1))
    assert_close(log_sums(parameters.V, parameters.U, offset), expected, 1e-12)


def test_blas_of_any_number_of_threads_gives_the_same_bits():
    random = np.random.default_rng(1)
    fixed = random.standard_normal((1691, 32)).astype(np.float32)
    counts = random.exponential(2.0, (40, 1691)) * (random.random((40, 1691)) < 0.05)
    targets = Targets.of(scipy.sparse.csr_matrix(counts), 1.0)
    found = []
    for threads in (1, 2):
        rows = np.zeros((40, 32), np.float32)
        with threadpool_limits(threads, "blas"):
            fold_centers(Objective.softmax(targets, 1.0), fixed, rows, np.ones(1691) / 1691, 1.0)
        found.append(rows)
    np.testing.assert_array_equal(*found)
