"""Vectors for rare words, given those of the frequent ones.

Once U and V of the frequent words are fixed, each rarer word is a small convex problem of its own.

For a rare center word c, v_c minimises its part of J,

    n_c [log Σ_w exp(u_w·v_c + b_w) − q_c·(U v_c + b)] + (λ/2)‖v_c‖².

A rare outside word w enters the sum over w of every center word, but changes it little. With the
sums Z_c taken as they are, its pairs are Poisson counts with means n_c exp(u_w·v_c + b_w) / Z_c,
and u_w minimises

    Σ_c [n_c exp(u_w·v_c + b_w) / Z_c − N_cw (u_w·v_c)] + (λ/2)‖u_w‖².

Source: the limit of the multinomial for a rare outcome is Poisson's (Baker 1994).
"""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.row_kernels import log_sum_rows, poisson_rows
from skipgram.training.exact.steps import curvature, step
from skipgram.training.exact.targets import Targets

PASSES = 5
STEP = 0.8
ROWS_AT_ONCE = 256


def fold_centers(
    objective: Objective,
    fixed: NDArray[np.floating],
    rows: NDArray[np.floating],
    fixed_shares: NDArray[np.float64],
    prior: float,
    pool: Executor | None = None,
) -> None:
    """Fit v_c of rare words, in place, from zero; a word without a pair stays there.

    Parameters: objective of the rare words' targets, fixed: U of the frequent words,
    rows: V of the rare ones, fixed_shares: p of the frequent words.
    """
    S = curvature(fixed, fixed_shares, is_centered=objective.is_centered)
    n = objective.targets.center_weights

    def gradient(v: NDArray[np.floating], chosen: NDArray[np.int64]) -> NDArray[np.floating]:
        scores = v @ fixed.T
        _, scale = objective.residuals(scores, chosen)
        return np.asarray((scores @ fixed) * scale.astype(v.dtype)[:, np.newaxis])

    _fold(gradient, rows, n, S, prior, pool)


def fold_outsides(
    targets: Targets,
    fixed: NDArray[np.floating],
    rows: NDArray[np.floating],
    log_weights: NDArray[np.floating],
    offset: NDArray[np.float64],
    fixed_shares: NDArray[np.float64],
    prior: float,
    pool: Executor | None = None,
) -> None:
    """Fit u_w of rare words, in place, from zero.

    Parameters: targets: the rare words' rows of Nᵀ, fixed: V of the frequent words, rows: U of the
    rare ones, log_weights: log (n_c / Z_c), −∞ without a pair, offset: b_w of the rare words,
    fixed_shares: n_c / Σ n of the frequent words.
    """
    S = curvature(fixed, fixed_shares, is_centered=False)
    m, kernel = targets.center_weights, poisson_rows()

    def gradient(u: NDArray[np.floating], chosen: NDArray[np.int64]) -> NDArray[np.floating]:
        scores = u @ fixed.T
        kernel(
            scores,
            chosen,
            log_weights,
            offset,
            targets.starts,
            targets.outsides,
            targets.shares,
            m,
        )
        return np.asarray(scores @ fixed)

    _fold(gradient, rows, m, S, prior, pool)


def _fold(
    gradient: Callable[[NDArray[np.floating], NDArray[np.int64]], NDArray[np.floating]],
    rows: NDArray[np.floating],
    weights: NDArray[np.float64],
    S: NDArray[np.float64],
    prior: float,
    pool: Executor | None,
) -> None:
    """`PASSES` preconditioned steps for each row that has a pair, a block of rows at a time."""
    moving = np.flatnonzero(weights > 0)

    def fit(start: int) -> None:
        chosen = moving[start : start + ROWS_AT_ONCE]
        fitted = np.zeros((len(chosen), rows.shape[1]), rows.dtype)
        for _ in range(PASSES):
            g = gradient(fitted, chosen) + fitted * rows.dtype.type(prior)
            step(fitted, g, weights[chosen], S, prior, STEP)
        rows[chosen] = fitted

    rows[:] = 0
    apply: Callable[..., Any] = map if pool is None else pool.map
    with threadpool_limits(limits=1, user_api="blas"):
        list(apply(fit, range(0, len(moving), ROWS_AT_ONCE)))


def log_sums(
    V: NDArray[np.floating],
    U: NDArray[np.floating],
    offset: NDArray[np.floating],
    pool: Executor | None = None,
) -> NDArray[np.float64]:
    """Log Z_c = log Σ_w exp(u_w·v_c + b_w) of every row of V, shape (n,)."""
    kernel, sums = log_sum_rows(), np.empty(len(V))

    def add_up(start: int) -> None:
        chosen = slice(start, start + ROWS_AT_ONCE)
        kernel(V[chosen] @ U.T, offset, sums[chosen])

    apply: Callable[..., Any] = map if pool is None else pool.map
    with threadpool_limits(limits=1, user_api="blas"):
        list(apply(add_up, range(0, len(V), ROWS_AT_ONCE)))
    return sums
