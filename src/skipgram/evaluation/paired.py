"""Trainings together: the mean of their scores, or one mean less another, item by item."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skipgram.evaluation.resampling import Numbers
from skipgram.evaluation.scores import Outcome


class Mean:
    """The mean over trainings of every measure; all of them on the same items."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._outcomes = outcomes
        self.units, self.strata = outcomes[0].units, outcomes[0].strata
        self.names, self.no_interval = outcomes[0].names, outcomes[0].no_interval

    def __call__(self, weights: Numbers) -> Numbers:
        return np.asarray(np.mean([of(weights) for of in self._outcomes], axis=0))


class Less:
    """The first measure of some trainings less that of others, all of them on the same items."""

    def __init__(self, ours: Sequence[Outcome], theirs: Sequence[Outcome]) -> None:
        self._ours, self._theirs = ours, theirs
        self.units, self.strata = ours[0].units, ours[0].strata

    def __call__(self, weights: Numbers) -> Numbers:
        one, other = (
            np.mean([of.first(weights) for of in outcomes], axis=0)
            for outcomes in (self._ours, self._theirs)
        )
        return np.asarray(one - other)[None]


def on_common_items(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """All of them on the items that each has."""
    items: NDArray[np.intp] = outcomes[0].asked
    for outcome in outcomes[1:]:
        items = np.intersect1d(items, outcome.asked)
    return [outcome.among(items) for outcome in outcomes]


def each_alone(outcomes: Sequence[Outcome]) -> list[list[float]]:
    """Every measure by each training alone, nan where there is none: a list of trainings each."""
    if not outcomes[0].units:
        return [[math.nan] * len(outcomes) for _ in outcomes[0].names]
    values = np.stack([of(np.ones((1, of.units)))[:, 0] for of in outcomes], axis=1)
    return [list(map(float, of_measure)) for of_measure in values]
