"""The table of n-grams: the sparse solution is the dense one, and no round loses ground."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from skipgram.equations import spelling as equations
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.incidence import Incidence
from skipgram.spelling.regression import improve

DENSE = 1e-10
LENGTHS = NgramRange(1, 4)


def some_words(count: int, seed: int = 1) -> list[str]:
    random = np.random.default_rng(seed)
    syllables = ["ka", "lo", "mi", "nu", "ta", "sse", "lla", "ssa", "t"]
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(random.choice(syllables, random.integers(1, 5)))] = None
    return list(words)


def problem(words: int = 60, dim: int = 5, dtype: type[np.floating] = np.float64, seed: int = 1):
    ngrams, A = Incidence.of(some_words(words, seed), LENGTHS)
    V = np.random.default_rng(seed).standard_normal((words, dim)).astype(dtype)
    return A, V, np.zeros((len(ngrams), dim), dtype)


def dense(A: Incidence) -> np.ndarray:
    return A.B.toarray() * A.scales[:, np.newaxis]


def objective(A: Incidence, V: np.ndarray, G: np.ndarray, penalty: float) -> float:
    return float(((V - dense(A) @ G) ** 2).sum() + penalty * (G**2).sum())


@pytest.mark.parametrize("penalty", [0.1, 1.0, 30.0])
@pytest.mark.parametrize("start", [0.0, 1.0])
def test_the_sparse_solution_is_the_dense_one(penalty, start):
    A, V, G = problem()
    G[:] = start * np.random.default_rng(2).standard_normal(G.shape)
    improve(G, A, V, penalty, 400)
    assert_close(G, equations.spelling_table(dense(A), V, penalty), DENSE, relative=False)


@given(st.integers(0, 2**32), st.sampled_from([0.01, 1.0, 100.0]))
def test_no_round_raises_the_objective_from_any_table(seed, penalty):
    A, V, G = problem(30, 3)
    G[:] = np.random.default_rng(seed).standard_normal(G.shape)
    before = objective(A, V, G, penalty)
    for _ in range(6):
        improve(G, A, V, penalty, 1)
        now = objective(A, V, G, penalty)
        assert now <= before * (1 + EXACT)
        before = now


def test_the_rounds_end_where_the_residual_is_small_enough():
    A, V, G = problem()
    taken = improve(G, A, V, 1.0, 1000, tolerance=1e-6)
    assert 3 < taken < 100
    assert_close(G, equations.spelling_table(dense(A), V, 1.0), 1e-5, relative=False)
    assert improve(G, A, V, 1.0, 1000, tolerance=1e-4) == 0


def test_the_products_are_those_of_A():
    A, V, G = problem()
    G[:] = np.random.default_rng(2).standard_normal(G.shape)
    assert_close(A.times(G), dense(A) @ G, EXACT)
    assert_close(A.transposed_times(V), dense(A).T @ V, EXACT)
    assert_close(A.gram_times(G), dense(A).T @ dense(A) @ G, EXACT)
    assert_close(A.gram_diagonal, (dense(A) ** 2).sum(axis=0), EXACT)


def test_A_of_some_words_has_their_rows_and_no_empty_column():
    A, _, _ = problem()
    chosen = np.array([40, 3, 17])
    part, used = A.of_words(chosen)
    assert_close(dense(part), dense(A)[chosen][:, used], EXACT)
    assert (dense(part) != 0).any(axis=0).all()
    assert (np.delete(dense(A)[chosen], used, axis=1) == 0).all()


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_any_number_of_threads_comes_to_the_same_bits(threads, monkeypatch):
    monkeypatch.setattr("skipgram.spelling.incidence._ROWS_AT_ONCE", 7)
    monkeypatch.setattr("skipgram.spelling.regression._ROWS_AT_ONCE", 5)
    A, V, alone = problem(200, 6, np.float32)
    together = alone.copy()
    improve(alone, A, V, 1.0, 10)
    with ThreadPoolExecutor(threads) as pool:
        improve(together, A, V, 1.0, 10, pool=pool)
    np.testing.assert_array_equal(together, alone)


def test_words_without_a_common_ngram_leave_nothing_to_fit():
    ngrams, A = Incidence.of(["aa", "bb"], NgramRange(3, 6))
    G = np.zeros((len(ngrams), 4))
    assert len(G) == 0
    improve(G, A, np.ones((2, 4)), 1.0, 10)
    assert_close(A.times(G), np.zeros((2, 4)), EXACT)
