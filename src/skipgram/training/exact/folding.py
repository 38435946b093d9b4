"""Vectors for rare words, given those of the frequent ones.

Once U and V of the frequent words are fixed, each rarer word is a separate small convex problem.

For a rare center word c, v_c minimises its part of J,

    n_c [log Σ_w exp(u_w·v_c + b_w) − q_c·(U v_c + b)] + (λ/2)‖v_c − μ_c‖²,

with the prior's mean μ_c: zero, or what the word's spelling says.

A rare outside word w enters the sum over w of every center word, but changes it little. With the
sums Z_c held fixed, its pairs are Poisson counts with means n_c exp(u_w·v_c + b_w) / Z_c,
and u_w minimises

    Σ_c [n_c exp(u_w·v_c + b_w) / Z_c − N_cw (u_w·v_c)] + (λ/2)‖u_w‖².

Source: the limit of the multinomial for a rare outcome is Poisson's (Baker 1994).
"""

from collections.abc import Callable
from concurrent.futures import Executor

import numpy as np
from numpy.typing import NDArray

from skipgram.system.blas import one_blas_thread
from skipgram.system.threads import mapped
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.row_kernels import log_sum_rows, poisson_rows
from skipgram.training.exact.steps import Axes, curvature, step
from skipgram.training.exact.targets import Targets

PASSES = 5
STEP = 0.8
ROWS_AT_ONCE = 256

_Local = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""Losses of rows, the scale of the residuals left in their scores, the factor of the curvature."""


@one_blas_thread()
def fold_centers(
    objective: Objective,
    fixed: NDArray[np.floating],
    rows: NDArray[np.floating],
    fixed_shares: NDArray[np.float64],
    prior: float,
    pool: Executor | None = None,
    passes: int = PASSES,
    means: NDArray[np.floating] | None = None,
) -> None:
    """Fit v_c of rare words, in place, from their means; a word without a pair stays there.

    Parameters: objective of the rare words' targets, fixed: U of the frequent words,
    rows: V of the rare ones, fixed_shares: p of the frequent words, means: zero without any.
    """
    axes = Axes.of(curvature(fixed, fixed_shares, is_centered=objective.is_centered))
    n = objective.targets.center_weights

    def local(scores: NDArray[np.floating], chosen: NDArray[np.int64]) -> _Local:
        losses, scale = objective.residuals(scores, chosen)
        return losses, scale, n[chosen]

    _fold(local, fixed, rows, n, axes, prior, pool, passes, means)


@one_blas_thread()
def fold_outsides(
    targets: Targets,
    fixed: NDArray[np.floating],
    rows: NDArray[np.floating],
    log_weights: NDArray[np.floating],
    offset: NDArray[np.float64],
    fixed_shares: NDArray[np.float64],
    prior: float,
    pool: Executor | None = None,
    passes: int = PASSES,
) -> None:
    """Fit u_w of rare words, in place, from zero.

    Parameters: targets: the rare words' rows of Nᵀ, fixed: V of the frequent words, rows: U of the
    rare ones, log_weights: log (n_c / Z_c), −∞ without a pair, offset: b_w of the rare words,
    fixed_shares: n_c / Σ n of the frequent words.
    """
    axes = Axes.of(curvature(fixed, fixed_shares, is_centered=False))
    m, kernel = targets.center_weights, poisson_rows()

    def local(scores: NDArray[np.floating], chosen: NDArray[np.int64]) -> _Local:
        expected, losses = np.empty(len(scores)), np.empty(len(scores))
        kernel(
            scores,
            chosen,
            log_weights,
            offset,
            targets.starts,
            targets.outsides,
            targets.shares,
            m,
            expected,
            losses,
        )
        # The curvature of Poisson counts is their mean, which may be far above the counts.
        return losses, np.ones(len(scores)), np.maximum(m[chosen], expected)

    _fold(local, fixed, rows, m, axes, prior, pool, passes)


def _fold(
    local: Callable[[NDArray[np.floating], NDArray[np.int64]], _Local],
    fixed: NDArray[np.floating],
    rows: NDArray[np.floating],
    weights: NDArray[np.float64],
    axes: Axes,
    prior: float,
    pool: Executor | None,
    passes: int,
    means: NDArray[np.floating] | None = None,
) -> None:
    """`passes` preconditioned steps for each row that has a pair, a block of rows at a time.

    A step that raises its row's loss is undone, and the row's next one is half as long.
    """
    moving = np.flatnonzero(weights > 0)

    def fit(start: int) -> None:
        chosen = moving[start : start + ROWS_AT_ONCE]
        tried = rows[chosen]
        of_chosen = tried.copy()
        best, gradients = np.zeros_like(tried), np.zeros_like(tried)
        lowest, curved = np.full(len(chosen), np.inf), np.zeros(len(chosen))
        lengths = np.full(len(chosen), STEP, rows.dtype)
        scores = np.zeros((len(chosen), len(fixed)), rows.dtype)
        if means is not None:  # else the rows are zeros
            np.matmul(tried, fixed.T, out=scores)
        for number in range(passes + 1):
            losses, scale, curved_there = local(scores, chosen)
            off = (tried - of_chosen).astype(np.float64)
            losses += 0.5 * prior * (off**2).sum(axis=1)
            falls = losses < lowest
            best[falls], lowest[falls], curved[falls] = (
                tried[falls],
                losses[falls],
                curved_there[falls],
            )
            if number == passes:  # the last round only evaluates
                break
            of_tried = (scores @ fixed) * scale.astype(rows.dtype)[:, np.newaxis]
            gradients[falls] = of_tried[falls]
            lengths[~falls] *= 0.5
            tried = best.copy()
            step(tried, gradients, curved, axes, prior, lengths, means=of_chosen)
            np.matmul(tried, fixed.T, out=scores)
        rows[chosen] = best

    rows[:] = 0 if means is None else means
    mapped(pool, fit, range(0, len(moving), ROWS_AT_ONCE))


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

    with one_blas_thread():
        mapped(pool, add_up, range(0, len(V), ROWS_AT_ONCE))
    return sums
