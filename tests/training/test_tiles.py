"""The register tiles compute what NumPy computes, for every size of tile that occurs."""

from typing import Any

import numpy as np
import pytest
from numba import njit

from comparison import EXACT, FLOAT32, assert_close
from skipgram.equations import sigmoid
from skipgram.training import tiles

TOLERANCE = {np.float32: FLOAT32, np.float64: EXACT}
DTYPES = [np.float32, np.float64]


def aligned_random(*shape: int, dtype: Any, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("dim", "outsides"), [(16, 1), (32, 6), (48, 7), (16, 13)])
def test_scores_are_the_product_of_rows(dim: int, outsides: int, dtype: Any) -> None:
    @njit
    def run(S: Any, R: Any, T: Any, M: int) -> None:
        tiles.scores(S, R, T, M, dim, outsides)

    R, T = aligned_random(5, dim, dtype=dtype), aligned_random(outsides, dim, dtype=dtype, seed=1)
    for M in range(6):
        S = np.full((6, outsides), 7, dtype)
        run(S, R, T, M)
        assert_close(S[:M], R[:M].astype(np.float64) @ T.T, TOLERANCE[dtype])
        assert (S[M:] == 7).all(), "rows beyond M are left alone"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("dim", "outsides"), [(16, 1), (32, 6), (48, 7)])
def test_updates_add_up_where_words_repeat(dim: int, outsides: int, dtype: Any) -> None:
    @njit
    def run(V: Any, U: Any, c: Any, o: Any, G: Any, R: Any, T: Any, M: int) -> None:
        tiles.update(V, U, c, o, G, R, T, M, dim, outsides)

    V, U = aligned_random(4, dim, dtype=dtype), aligned_random(4, dim, dtype=dtype, seed=1)
    centers = np.array([1, 3, 1, 0, 1], np.int64)
    chosen = np.array([2, 0, 0, 1, 0, 3, 2][:outsides], np.int64)
    G = aligned_random(5, outsides, dtype=dtype, seed=2)
    R, T = V[centers], U[chosen]
    expected_V, expected_U = V.astype(np.float64), U.astype(np.float64)
    np.add.at(expected_V, centers, G.astype(np.float64) @ T)
    np.add.at(expected_U, chosen, G.T.astype(np.float64) @ R)
    run(V, U, centers, chosen, G, R, T, 5)
    assert_close(V, expected_V, TOLERANCE[dtype])
    assert_close(U, expected_U, TOLERANCE[dtype])


@pytest.mark.parametrize(("dtype", "error"), [(np.float32, 1e-6), (np.float64, 1e-13)])
def test_sigmoids_are_as_near_as_promised(dtype: Any, error: float) -> None:
    @njit
    def run(S: Any, count: int) -> None:
        tiles.sigmoids(S, count)

    x = np.linspace(-60, 60, 200_000).astype(dtype)
    computed = x.copy()
    run(computed, len(x))
    assert_close(computed, sigmoid(x), error, relative=False)
    assert (np.diff(computed) >= -error).all()
    for count in (1, 3, 9):  # rounded up to whole vectors, and not further
        some = np.full(32, 3, dtype)
        run(some, count)
        assert_close(some[:count], np.full(count, sigmoid(3.0)), error, relative=False)
        assert (some[-(-count // 8) * 8 :] == 3).all()
    extremes = np.array([-np.inf, -1e30, 1e30, np.inf] * 4, dtype)
    run(extremes, len(extremes))
    assert_close(extremes, np.tile([0.0, 0, 1, 1], 4), error, relative=False)
