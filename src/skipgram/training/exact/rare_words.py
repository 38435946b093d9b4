"""The rare words of a problem, folded in."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skipgram.settings import SOFTMAX
from skipgram.system.threads import mapped
from skipgram.training.exact.folding import PASSES, fold_centers, fold_outsides, log_sums
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.targets import Targets
from skipgram.training.parameters import Parameters


def all_words(
    problem: Problem,
    frequent: Parameters,
    order: NDArray[np.int64],
    passes: int = PASSES,
    pool: Executor | None = None,
    means: NDArray[np.floating] | None = None,
) -> Parameters:
    """The parameters of all words of a problem, whose ids are `order`; the rare ones folded in.

    means: the prior's, of the rare center words, if they are not zero.
    """
    together = np.concatenate([problem.frequent, problem.rare])
    place = np.empty(int(together.max()) + 1, np.int64)
    place[order] = np.arange(len(order))
    fitted = Parameters.zeros(len(order), frequent.embedding_dim, frequent.V.dtype.type)
    old, new = place[problem.frequent], place[problem.rare]
    fitted.V[old], fitted.U[old] = frequent.V, frequent.U
    prior = problem.settings.training.prior
    fitted.V[new], fitted.U[new] = rare_vectors(problem, frequent, prior, pool, passes, means)
    return fitted


def rare_vectors(
    problem: Problem,
    frequent: Parameters,
    prior: float,
    pool: Executor | None = None,
    passes: int = PASSES,
    means: NDArray[np.floating] | None = None,
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """(V, U) of the rare words, given those of the frequent ones; padded rows."""
    targets, dtype = problem.objective.targets, frequent.V.dtype
    shape = len(problem.rare), frequent.V.shape[1]
    V, U = np.zeros(shape, dtype), np.zeros(shape, dtype)
    m = targets.outside_weights
    wanted = (problem.rare_center_targets, lambda: problem.rare_outside_targets)
    of_centers, _ = mapped(pool, _called, wanted)  # the problem keeps the other ones
    as_centers = replace(problem.objective, targets=of_centers)
    fold_centers(as_centers, frequent.U, V, m / m.sum(), prior, pool, passes, means)
    is_softmax = problem.settings.model.objective == SOFTMAX
    fold = _fold_outsides_of_softmax if is_softmax else _fold_outsides_of_sampling
    fold(problem, frequent, U, prior, pool, passes)
    return V, U


def _fold_outsides_of_softmax(
    problem: Problem,
    frequent: Parameters,
    U: NDArray[np.floating],
    prior: float,
    pool: Executor | None,
    passes: int,
) -> None:
    objective, as_outsides = problem.objective, problem.rare_outside_targets
    n = objective.targets.center_weights
    beta = problem.settings.model.unigram_offset
    with np.errstate(divide="ignore"):  # no pair, no weight: log 0 = −∞ is intended
        log_weights = np.log(n) - log_sums(frequent.V, frequent.U, objective.term, pool)
    fold_outsides(
        as_outsides,
        frequent.V,
        U,
        log_weights.astype(U.dtype),
        beta * np.log(problem.rare_shares(as_outsides)),
        n / n.sum(),
        prior,
        pool,
        passes,
    )


def _fold_outsides_of_sampling(
    problem: Problem,
    frequent: Parameters,
    U: NDArray[np.floating],
    prior: float,
    pool: Executor | None,
    passes: int,
) -> None:
    """As centers are: given V, the losses of two outside words have nothing in common.

    Σ_c [−N_cw log σ(s_cw) − n_c K P_w log σ(−s_cw)]
        = f_w Σ_c [−(N_cw / f_w) log σ(s_cw) − n_c / Σn log σ(−s_cw)],  f_w = K P_w Σn
    """
    targets, n = problem.rare_outside_targets, problem.objective.targets.center_weights
    f = problem.settings.model.negatives * problem.rare_noise * n.sum()
    f[targets.center_weights == 0] = 0  # these words do not move
    scale = np.divide(targets.center_weights, f, out=np.zeros_like(f), where=f > 0)
    scaled = targets.shares * np.repeat(scale, np.diff(targets.starts)).astype(U.dtype)
    objective = Objective(
        replace(targets, shares=scaled, center_weights=f),
        problem.objective.kernel,
        (n / n.sum()).astype(U.dtype),
        is_centered=False,
    )
    fold_centers(objective, frequent.V, U, n / n.sum(), prior, pool, passes)


def _called(make: Callable[[], Targets]) -> Targets:
    return make()
