"""The table of n-grams' vectors that explains words' vectors best: ridge regression.

    G = argmin Σ_c ‖v_c − A_c G‖² + μ ‖G‖²,        (AᵀA + μ I) G = AᵀV

by conjugate gradients on all columns at once, each with step lengths of its own, preconditioned by
the diagonal. AᵀA is never formed: a round costs two products with A. From any table, no round
raises the objective.

Source: Hestenes & Stiefel 1952.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.spelling import kernels
from skipgram.spelling.incidence import Incidence
from skipgram.system.threads import mapped

_ROWS_AT_ONCE = 4096

_Sums = NDArray[np.float64]


def improve(
    table: NDArray[np.floating],
    A: Incidence,
    vectors: NDArray[np.floating],
    penalty: float,
    rounds: int,
    *,
    tolerance: float = 0.0,
    pool: Executor | None = None,
) -> int:
    """Improve G in place, by at most so many rounds; how many were taken.

    table: G, shape (n-grams, dim). vectors: V, shape (words, dim). penalty: μ, above 0.
    tolerance: ends once each column's residual is this share of AᵀV's, or less.
    """
    mu = table.dtype.type(penalty)
    scale = (1.0 / (A.gram_diagonal + penalty)).astype(table.dtype)
    residual = A.transposed_times(vectors, pool)
    direction = np.empty_like(table)
    of_table = A.gram_times(table, pool)
    parts = (table, of_table, residual, direction, scale)
    border, left = _over_rows(kernels.begin, parts, mu, np.zeros((2, table.shape[1])), pool)
    for taken in range(rounds):
        if (left <= tolerance**2 * border).all():
            return taken
        image = A.gram_times(direction, pool)
        curved = _over_rows(kernels.curve, (direction, image), mu, np.zeros_like(left), pool)
        parts = (table, residual, direction, image, scale)
        lengths = _quotient(left, curved).astype(table.dtype)
        before = left
        left = _over_rows(kernels.move, parts, lengths, np.zeros_like(left), pool)
        shares = _quotient(left, before).astype(table.dtype)
        _over_rows(kernels.turn, (direction, residual, scale), shares, np.zeros_like(left), pool)
    return rounds


def _over_rows(
    kernel: Callable[..., None],
    by_row: tuple[NDArray[np.floating], ...],
    shared: Any,
    zeros: _Sums,
    pool: Executor | None,
) -> _Sums:
    """What a kernel adds to zeros, block of rows by block, added in their order."""

    def of_block(start: int) -> _Sums:
        sums = zeros.copy()
        kernel(*(rows[start : start + _ROWS_AT_ONCE] for rows in by_row), shared, sums)
        return sums

    return sum(mapped(pool, of_block, range(0, len(by_row[0]), _ROWS_AT_ONCE)), start=zeros)


def _quotient(one: _Sums, other: _Sums) -> _Sums:
    """Zero where a column is done."""
    return np.divide(one, other, out=np.zeros_like(one), where=other > 0)
