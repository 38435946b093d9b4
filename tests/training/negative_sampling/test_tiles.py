"""The register tiles compute what NumPy computes, for every size of tile that occurs."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from numba import njit

from helpers.comparison import EXACT, FLOAT32, assert_close
from skipgram.equations import sigmoid
from skipgram.training.negative_sampling import tiles

TOLERANCE = {np.float32: FLOAT32, np.float64: EXACT}
DTYPES = [np.float32, np.float64]
WORDS = 4
CENTERS = np.array([1, 3, 1, 0, 2], np.int64)
OUTSIDES = np.array([2, 0, 0, 1, 0, 3, 2, 1, 1, 3, 0, 2, 3], np.int64)


def random_rows(rows: int, dim: int, dtype: Any, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal((rows, dim)).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("dim", "outsides"), [(8, 1), (32, 6), (48, 8), (24, 13)])
def test_gradients_are_those_of_the_scores(dim: int, outsides: int, dtype: Any) -> None:
    @njit
    def run(S: Any, G: Any, V: Any, U: Any, c: Any, o: Any, M: int, rate: Any) -> None:
        tiles.gradients(S, G, V, U, c, o, M, rate, dim, outsides)

    V, U = random_rows(WORDS, dim, dtype), random_rows(WORDS, dim, dtype, seed=1)
    chosen = OUTSIDES[:outsides]
    scores = V[CENTERS].astype(np.float64) @ U[chosen].T
    truth = np.arange(outsides) == 0
    for M in range(len(CENTERS) + 1):
        S, G = (np.full((6, tiles.padded_count(outsides)), 7, dtype) for _ in range(2))
        run(S, G, V, U, CENTERS, chosen, M, dtype(0.5))
        assert_close(S[:M, :outsides], scores[:M], TOLERANCE[dtype])
        assert_close(G[:M, :outsides], 0.5 * (truth - sigmoid(scores[:M])), TOLERANCE[dtype])
        assert (S[M:] == 7).all(), "rows beyond M are left alone"
        assert (G[M:] == 7).all(), "rows beyond M are left alone"


@cache  # it takes a tenth of a second to compile
def updating(dim: int, outsides: int) -> Any:
    @njit
    def run(V: Any, U: Any, c: Any, o: Any, G: Any, M: int, repeat: bool) -> None:
        tiles.update(V, U, c, o, G, M, repeat, dim, outsides)

    return run


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("dim", "outsides"), [(8, 1), (32, 6), (48, 7), (24, 13)])
@pytest.mark.parametrize("centers", [CENTERS, np.array([3, 1, 0, 2], np.int64)])
def test_updates_add_up_where_words_repeat(
    dim: int, outsides: int, centers: Any, dtype: Any
) -> None:
    V, U = random_rows(WORDS, dim, dtype), random_rows(WORDS, dim, dtype, seed=1)
    chosen = OUTSIDES[:outsides]
    G = random_rows(len(centers), tiles.padded_count(outsides), dtype, seed=2)
    expected_V, expected_U = V.astype(np.float64), U.astype(np.float64)
    steps = G[:, :outsides].astype(np.float64)
    np.add.at(expected_V, centers, steps @ U[chosen])
    np.add.at(expected_U, chosen, steps.T @ V[centers])
    repeat = len(set(centers)) < len(centers)
    updating(dim, outsides)(V, U, centers, chosen, G, len(centers), repeat)
    assert_close(V, expected_V, TOLERANCE[dtype])
    assert_close(U, expected_U, TOLERANCE[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("dim", "outsides"), [(8, 1), (32, 6), (24, 13)])
def test_changes_are_written_beside_the_rows(dim: int, outsides: int, dtype: Any) -> None:
    @njit
    def run(D: Any, E: Any, V: Any, U: Any, c: Any, o: Any, p: Any, G: Any, M: int, e: int) -> None:
        tiles.changes(D, E, V, U, c, o, p, G, M, e, dim, outsides)

    V, U = random_rows(WORDS, dim, dtype), random_rows(WORDS, dim, dtype, seed=1)
    centers, chosen = np.array([3, 0, 3], np.int64), OUTSIDES[:outsides]
    places = np.array([5, 8, 6], np.int64)
    G = random_rows(3, tiles.padded_count(outsides), dtype, seed=2)
    D, E = np.ones((9, dim), dtype), np.full((20, dim), 7, dtype)
    before = V.copy(), U.copy()
    steps = G[:, :outsides].astype(np.float64)
    expected_D, expected_E = np.ones((9, dim)), np.full((20, dim), 7.0)
    expected_D[places] += steps @ U[chosen]
    expected_E[2 : 2 + outsides] = steps.T @ V[centers]
    run(D, E, V, U, centers, chosen, places, G, 3, 2)
    assert_close(D, expected_D, TOLERANCE[dtype])
    assert_close(E, expected_E, TOLERANCE[dtype])
    assert (before[0] == V).all()
    assert (before[1] == U).all()


@pytest.mark.parametrize(("dtype", "error"), [(np.float32, 1e-6), (np.float64, 1e-13)])
def test_sigmoids_are_as_near_as_promised(dtype: Any, error: float) -> None:
    @njit
    def run(S: Any, G: Any, V: Any, U: Any, c: Any, o: Any, M: int, rate: Any) -> None:
        tiles.gradients(S, G, V, U, c, o, M, rate, 8, 2)

    extremes = [-np.inf, -1e30, -100.0, 100.0, 1e30, np.inf]
    x = np.sort(np.append(np.linspace(-60, 60, 200_000), extremes)).astype(dtype)
    V, U = np.zeros((len(x), 8), dtype), np.zeros((2, 8), dtype)
    V[:, 0], U[:, 0] = x, 1
    V[np.isinf(x), 0] = np.sign(x[np.isinf(x)]) * np.finfo(dtype).max  # ∞ · 0 is no number
    S, G = (np.empty((len(x), tiles.padded_count(2)), dtype) for _ in range(2))
    run(S, G, V, U, np.arange(len(x)), np.array([0, 1]), len(x), dtype(1))
    computed = -G[:, 1]
    assert_close(computed, sigmoid(x), error, relative=False)
    assert_close(1 - G[:, 0], sigmoid(x), error, relative=False)
    assert (np.diff(computed) >= -error).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_share_of_a_change_is_added_to_a_row(dtype: Any) -> None:
    @njit
    def run(matrix: Any, changes: Any, share: Any) -> None:
        tiles.add_row(matrix, 2, changes, 1, share, 24)

    matrix, changes = random_rows(WORDS, 24, dtype), random_rows(3, 24, dtype, seed=1)
    expected = matrix.copy()
    expected[2] += dtype(0.3) * changes[1]
    run(matrix, changes, dtype(0.3))
    assert_close(matrix, expected, TOLERANCE[dtype])
