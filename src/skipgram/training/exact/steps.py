"""Steps preconditioned by the curvature that all rows share, instead of a learning rate.

    v_c ← v_c − η (n_c S_U + λ I)⁻¹ g_c          S_U = Σ_w p_w (u_w − ū)(u_w − ū)ᵀ
    u_w ← u_w − η/2 (m_w S_V + λ I)⁻¹ g_w        S_V = Σ_c p_c v_c v_cᵀ

n_c S_U is the Hessian of the softmax by v_c, with the outside words' shares p in place of the
model's ŷ_c, and m_w S_V that by u_w; ū, the mean, drops out since adding a vector to all of U
changes no softmax. One eigendecomposition of a (embedding_dim, embedding_dim) matrix serves all
rows.
"""

from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.system.threads import mapped

MOST_MOVE = 1.0
"""The farthest that a row moves, before η: a trust region."""
_ROWS_AT_ONCE = 2048


def curvature(
    rows: NDArray[np.floating], shares: NDArray[np.float64], *, is_centered: bool
) -> NDArray[np.float64]:
    """S, shape (dim, dim): the second moment of rows, about their mean or about zero."""
    weights = shares.astype(rows.dtype)
    moment, mean = np.zeros((rows.shape[1],) * 2), np.zeros(rows.shape[1])
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        weighted = some * weights[start : start + _ROWS_AT_ONCE, np.newaxis]
        moment += weighted.T @ some
        mean += weighted.sum(axis=0)
    return moment - np.outer(mean, mean) if is_centered else moment


class Axes(NamedTuple):
    """A curvature S by its eigenvectors, for as many steps as it serves."""

    values: NDArray[np.float64]
    """shape (dim,), none below 0"""
    directions: NDArray[np.float64]
    """shape (dim, dim), columns"""

    @classmethod
    def of(cls, S: NDArray[np.float64]) -> "Axes":
        """Of a symmetric matrix; what rounding leaves below 0 is 0."""
        values, directions = np.linalg.eigh(S)
        return cls(np.maximum(values, 0.0), directions)


def pulls_of(
    means: NDArray[np.floating], weights: NDArray[np.float64], axes: Axes, prior: float
) -> NDArray[np.floating]:
    """λ (n_c S + λ I)⁻¹ m_c: how far a prior's means have drawn fitted rows towards themselves.

    Less this, a row is where a prior about zero would have left it, as far as the loss is
    quadratic.
    """
    Q = axes.directions.astype(means.dtype)
    shares = prior / (weights[:, np.newaxis] * axes.values + prior)
    return ((means @ Q) * shares.astype(means.dtype)) @ Q.T


def step(
    rows: NDArray[np.floating],
    gradients: NDArray[np.floating],
    weights: NDArray[np.float64],
    axes: Axes,
    prior: float,
    length: float | NDArray[np.floating],
    *,
    factor: float = 1.0,
    means: NDArray[np.floating] | None = None,
    pool: Executor | None = None,
) -> None:
    """Move rows, in place, by −length (weight S + prior I)⁻¹ (factor g + prior (row − mean)).

    Before `length` applies, a move is cut to `MOST_MOVE`.

    Parameters: rows and g = gradients, of the data without the prior, of shape (n, dim),
    weights of shape (n,), the axes of S; one length, or one for each row; the prior's means of the
    rows, if they are not zero.
    """
    values, Q = axes.values.astype(rows.dtype), axes.directions.astype(rows.dtype)
    lengths_of_rows = np.broadcast_to(np.asarray(length, rows.dtype), len(rows))[:, np.newaxis]
    n = weights.astype(rows.dtype)[:, np.newaxis]
    # Where there is neither a pair nor a prior, there is no gradient either.
    least = np.finfo(rows.dtype).tiny

    def move(start: int) -> None:
        chunk = slice(start, start + _ROWS_AT_ONCE)
        g = gradients[chunk] * rows.dtype.type(factor)
        off = rows[chunk] if means is None else rows[chunk] - means[chunk]
        g += off * rows.dtype.type(prior)
        moves = g @ Q
        moves /= np.maximum(n[chunk] * values + rows.dtype.type(prior), least)
        lengths = np.sqrt((moves**2).sum(axis=1, keepdims=True))  # Q is orthogonal, so lengths stay
        moves *= lengths_of_rows[chunk] * np.minimum(
            1.0, MOST_MOVE / np.maximum(lengths, MOST_MOVE)
        )
        rows[chunk] -= moves @ Q.T

    mapped(pool, move, range(0, len(rows), _ROWS_AT_ONCE))
