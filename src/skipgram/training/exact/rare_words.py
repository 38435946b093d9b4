"""The rare words of a problem, folded in."""

from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from skipgram.training.exact.folding import fold_centers, fold_outsides, log_sums
from skipgram.training.exact.problem import Problem
from skipgram.training.parameters import Parameters


def rare_vectors(
    problem: Problem, frequent: Parameters, prior: float, pool: Executor | None = None
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """(V, U) of the rare words, given those of the frequent ones; padded rows."""
    objective = problem.objective
    beta = problem.settings.model.unigram_offset
    targets, dtype = objective.targets, frequent.V.dtype
    shape = len(problem.rare), frequent.V.shape[1]
    V, U = np.zeros(shape, dtype), np.zeros(shape, dtype)
    m, n = targets.outside_weights, targets.center_weights
    as_centers = replace(objective, targets=problem.rare_center_targets())
    fold_centers(as_centers, frequent.U, V, m / m.sum(), prior, pool)
    as_outsides = problem.rare_outside_targets
    with np.errstate(divide="ignore"):  # no pair, no weight: log 0 = −∞ is intended
        log_weights = np.log(n) - log_sums(frequent.V, frequent.U, objective.term, pool)
    fold_outsides(
        as_outsides,
        frequent.V,
        U,
        log_weights.astype(dtype),
        beta * np.log(problem.rare_shares(as_outsides)),
        n / n.sum(),
        prior,
        pool,
    )
    return V, U
