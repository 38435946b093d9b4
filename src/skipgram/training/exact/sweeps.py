"""Sweeps over all center words: exact gradients, preconditioned steps, and an objective that falls.

    J(U, V) = Σ_c n_c loss_c + (λ/2)(‖U‖² + ‖V‖²)

or with spelling, which gives V a mean, what `spelling_prior` says.

A sweep goes through the center words in groups, shuffled anew. A group's exact gradients are taken
at the current U and V; its rows of V move, and then all of U, by the group's gradient divided by
its share of the pairs. After each sweep J is evaluated with U and V at rest: a sweep that has
raised it is undone, and later steps are half as long.

From random vectors the steps grow over three sweeps; they shrink to a fifth of their length at the
last one.
"""

from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from skipgram.system.blas import one_blas_thread
from skipgram.system.threads import mapped
from skipgram.training.exact.gradients import CenterGradients
from skipgram.training.exact.spelling_prior import FIRST_ROUNDS, ROUNDS, SpellingPrior
from skipgram.training.exact.steps import Axes, curvature, pulls_of, step
from skipgram.training.parameters import Parameters

GROUPS = 8
"""The groups of a sweep; U moves once for each."""
LAST_SHARE = 0.2
"""The step of the last sweep, as a share of the longest."""
OUTSIDE_SHARE = 0.5
"""A step of U as a share of one of V: U moves in every group, each row of V in one."""
SHORTENED = 0.5


@dataclass(frozen=True)
class Steps:
    """How long they are, before they fall."""

    longest: float
    """as a share of the whole step: the gradients are those of a group, not of all words"""
    warm_up_sweeps: int
    """over which they grow to this"""


FROM_RANDOM = Steps(longest=0.7, warm_up_sweeps=3)
FROM_FITTED, FROM_FITTED_LARGE = Steps(longest=1.0, warm_up_sweeps=1), Steps(0.7, 1)
"""For vectors that a level before has fitted, and the same for a large level."""


@dataclass(eq=False)
class Position:
    """How far the sweeps have come; with V and U, all that is needed to resume exactly."""

    sweep: int = 0
    """finished sweeps"""
    group: int = 0
    """finished groups of the next one"""
    running: float = 0.0
    """the loss of its groups so far, Σ n_c loss_c"""
    pairs: float = 0.0
    """the weight of their pairs, Σ n_c"""
    shortening: float = 1.0
    """by which each step is multiplied"""
    objective: float = np.inf
    """J at `V` and `U`"""
    V: NDArray[np.floating] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    U: NDArray[np.floating] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """copies from the end of the last sweep that lowered J"""
    table: NDArray[np.floating] = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """G with spelling: it changes where a sweep ends"""


@dataclass(frozen=True)
class SweepOutcome:
    """The result of a sweep."""

    objective: float
    """J of the vectors that are kept"""
    raised_to: float | None = None
    """what J had become, if the sweep was undone"""


@dataclass(eq=False)
class Sweeps:
    """Lowers J by moving V and U in place.

    parameters: rows are the words of the targets. prior: λ. seed: of the sweeps' orders. spelling:
    the mean of V.
    """

    gradients: CenterGradients
    parameters: Parameters
    prior: float
    sweeps: int
    seed: int
    position: Position = field(default_factory=Position)
    most_groups: int = GROUPS
    steps: Steps = FROM_RANDOM
    pool: Executor | None = None
    spelling: SpellingPrior | None = None

    def __post_init__(self) -> None:
        if self.spelling is not None:
            self.position.table = self.spelling.table
        targets = self.gradients.objective.targets
        # A word without a pair stays where it is: at zero, the prior's mean, or at its old vector.
        self._moving = np.flatnonzero(targets.center_weights > 0)
        self._center_shares = targets.center_weights / targets.pairs
        self._outside_shares = targets.outside_weights / targets.pairs
        self.groups = min(self.most_groups, len(self._moving))

    @property
    def longest_step(self) -> float:
        """Of any later group, before the schedule."""
        return self.steps.longest * self.position.shortening

    @property
    def step_length(self) -> float:
        """Of the next group."""
        sweep = self.position.sweep
        warm = min(1.0, (sweep + 1) / self.steps.warm_up_sweeps)
        fall = 1.0 - (1.0 - LAST_SHARE) * sweep / max(1, self.sweeps - 1)
        return self.longest_step * warm * fall

    def begin(self) -> float:
        """Evaluate J at the parameters, unless it is known; call this before any sweep."""
        if not np.isfinite(self.position.objective):
            self._refit(FIRST_ROUNDS)
            self._keep(self.objective())
        return self.position.objective

    @one_blas_thread()  # each of the pool's threads computes some rows
    def next_group(self) -> None:
        """Take one group's step; after the last one of a sweep, call `end_sweep`."""
        position, V, U = self.position, self.parameters.V, self.parameters.U
        objective, pool = self.gradients.objective, self.pool
        length = self.step_length
        order = np.random.default_rng((self.seed, position.sweep)).permutation(self._moving)
        chosen = np.sort(np.array_split(order, self.groups)[position.group])
        of_group = self.gradients.of(V, U, chosen)
        weights = objective.targets.center_weights[chosen]
        position.running += of_group.loss
        position.pairs += float(weights.sum())
        of_U, of_V = self._axes()
        v, u_length = V[chosen], OUTSIDE_SHARE * length
        means = None if self.spelling is None else self.spelling.means[chosen]
        step(v, of_group.center, weights, of_U, self.prior, length, means=means, pool=pool)
        V[chosen] = v
        m, whole = objective.targets.outside_weights, objective.targets.pairs / weights.sum()
        step(U, of_group.outside, m, of_V, self.prior, u_length, factor=whole, pool=pool)
        position.group += 1

    def end_sweep(self) -> SweepOutcome:
        """Evaluate J; undo the sweep if it has risen, or is not finite."""
        position, table = self.position, self.position.table.copy()
        self._refit(ROUNDS)
        objective = self.objective()
        position.sweep, position.group = position.sweep + 1, 0
        position.running = position.pairs = 0.0
        if objective <= position.objective:
            self._keep(objective)
            return SweepOutcome(objective)
        self.parameters.V[:], self.parameters.U[:] = position.V, position.U
        if self.spelling is not None:
            position.table[:] = table
            self.spelling.set_means(self.parameters.V, self.pool)
        position.shortening *= SHORTENED
        return SweepOutcome(position.objective, raised_to=objective)

    @one_blas_thread()
    def vectors_without_means(self) -> NDArray[np.floating]:
        """V as a prior about zero would have left it: what the pairs say, without the spelling."""
        without, moving = self.parameters.V.copy(), self._moving
        if self.spelling is not None:
            of_U, _ = self._axes()
            weights = self.gradients.objective.targets.center_weights[moving]
            without[moving] -= pulls_of(self.spelling.means[moving], weights, of_U, self.prior)
        return without

    def objective(self) -> float:
        """J at V and U, summed in float64."""
        V, U = self.parameters.V, self.parameters.U
        loss = self.gradients.loss(V, U, self._moving)
        off, table = V, 0.0
        if self.spelling is not None:
            off = V - self.spelling.means
            table = self.spelling.penalty * _square(self.spelling.table)
        return loss + 0.5 * self.prior * (_square(off) + table + _square(U))

    def _refit(self, rounds: int) -> None:
        if self.spelling is not None:
            self.spelling.refit(self.parameters.V, rounds, self.pool)

    def _axes(self) -> list[Axes]:
        """Of S_U and S_V, in parallel."""
        V, U = self.parameters.V, self.parameters.U
        is_centered = self.gradients.objective.is_centered
        work = ((U, self._outside_shares, is_centered), (V, self._center_shares, False))
        return mapped(
            self.pool, lambda of: Axes.of(curvature(of[0], of[1], is_centered=of[2])), work
        )

    def _keep(self, objective: float) -> None:
        position, V, U = self.position, self.parameters.V, self.parameters.U
        position.objective = objective
        if position.V.shape != V.shape:
            position.V, position.U = V.copy(), U.copy()
        else:
            position.V[:], position.U[:] = V, U


def _square(matrix: NDArray[np.floating]) -> float:
    """‖M‖²: squares in the matrix's precision, rows added in float64."""
    return float(np.einsum("ij,ij->i", matrix, matrix).sum(dtype=np.float64))
