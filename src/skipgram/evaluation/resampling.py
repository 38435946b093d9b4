"""How sure a score is: the same score of items drawn again.

Another set of pairs or questions of the same kind would have given another
score. The bootstrap stands in for it: items are drawn with replacement, as many
as there are, some thousand times. The interval is BCa's, bias-corrected and accelerated: where the
draws lie to one side of the score or spread more for larger ones, its ends move. Of n units the
draws spread too little, by (n − 1)/n, and their spread is itself uncertain; so the ends stand where
Student's t with n − 1 degrees of freedom would have them.

Source: Efron 1987, "Better Bootstrap Confidence Intervals"; Efron and Tibshirani 1993, chapter 14;
Hesterberg 2015, "What Teachers Should Know About the Bootstrap", section 4.2, for small n.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from skipgram.errors import SettingsError
from skipgram.vectors.given import whole_number

RESAMPLES = 2_000
FEWEST_RESAMPLES, MOST_RESAMPLES = 100, 1_000_000
CONFIDENCE = 0.95
FEWEST_UNITS = 10
"""Fewer say nothing about what else might have been drawn."""
NO_INTERVAL = (
    "a score without an interval: fewer than ten items to draw from, all of them alike, or no "
    "resamples"
)
NO_SCORE = (
    "none: fewer than three items are known, or their ratings, cosines or categories are all alike"
)
LEAST_P = 1e-6
"""Farther out no distribution is known to be that of the score."""
_MOST_LEFT_OUT = 1_000
"""Beyond these units the jackknife leaves out some at a time: it only shapes the interval."""
_NUMBERS_AT_ONCE = 1 << 18
_NORMAL = NormalDist()

Numbers = NDArray[np.float64]


class Resampled(Protocol):
    """Scores of weighted items."""

    @property
    def units(self) -> int:
        """How many things are drawn."""

    @property
    def strata(self) -> NDArray[np.intp] | None:
        """Shape (units,), or None for one: each is drawn from as often as it has units."""

    def __call__(self, weights: Numbers) -> Numbers:
        """Every score of every draw, shape (scores, draws); nan where there is none.

        weights: shape (draws, units), how often each unit was drawn.
        """


@dataclass(frozen=True)
class Interval:
    """Where a score lies with some confidence."""

    low: float
    high: float
    confidence: float = CONFIDENCE

    def __str__(self) -> str:
        return f"[{shown(self.low)}, {shown(self.high)}]"

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Estimate:
    """A score, and how sure it is."""

    value: float | None
    """None if there is none"""
    interval: Interval | None
    """None if there is no score, or too few items to tell"""
    p_value: float | None
    """of a score that is 0 in truth, two-sided: 1 less the confidence of the interval that ends
    there, or that of Student's t, if it is more; where no draw reaches 0, the latter"""
    error: float | None = None
    """standard error, by the draws"""


def estimates(
    scores: Resampled, resamples: int = RESAMPLES, confidence: float = CONFIDENCE, seed: int = 1
) -> tuple[Estimate, ...]:
    """Each score of all units, with the interval that its draws give."""
    values = scores(np.ones((1, scores.units)))[:, 0]
    if scores.units < FEWEST_UNITS or not resamples:
        return tuple(Estimate(_known(value), None, None) for value in values.tolist())
    draws, left_out = _drawn(scores, resamples, seed), _jackknife(scores)
    return tuple(
        _estimate(value, drawn, without, scores.units, confidence)
        for value, drawn, without in zip(values.tolist(), draws, left_out, strict=True)
    )


def number_of_draws(given: Any) -> int:
    """`resamples`, as a caller gave it: 0 for no intervals, or enough to see their ends."""
    resamples = whole_number("resamples", given, 0)
    if resamples and not FEWEST_RESAMPLES <= resamples <= MOST_RESAMPLES:
        raise SettingsError(
            f"resamples must be 0, for no intervals, or {FEWEST_RESAMPLES:,} to "
            f"{MOST_RESAMPLES:,}, not {resamples:,}"
        )
    return resamples


def shown(score: float | None) -> str:
    """As "0.662", or a perplexity as "4,698.7"; "none" if there is none."""
    return "none" if score is None else f"{score:,.{decimals(score)}f}".replace("-", "−")


def decimals(score: float) -> int:
    """How many to show: of a large number the third says nothing."""
    return 3 if abs(score) < 100 else 1


def spread_over(scores: Resampled, draw: Callable[[int], Numbers], total: int) -> Numbers:
    """Scores of `total` draws, made some at a time: shape (scores, total)."""
    at_once = max(1, _NUMBERS_AT_ONCE // scores.units)
    parts = [scores(draw(min(at_once, total - start))) for start in range(0, total, at_once)]
    return np.concatenate(parts, axis=1)


def _drawn(scores: Resampled, resamples: int, seed: int) -> Numbers:
    random, units = np.random.default_rng(seed), scores.units
    strata = np.zeros(units, np.intp) if scores.strata is None else scores.strata
    members = [np.flatnonzero(strata == stratum) for stratum in np.unique(strata)]

    def draw(count: int) -> Numbers:
        weights = np.empty((count, units))
        for some in members:
            chosen = random.integers(0, len(some), (count, len(some)))
            chosen += np.arange(count)[:, None] * len(some)
            counts = np.bincount(chosen.ravel(), minlength=count * len(some))
            weights[:, some] = counts.reshape(count, -1)
        return weights

    return spread_over(scores, draw, resamples)


def _jackknife(scores: Resampled) -> Numbers:
    """The scores without each unit, or without each of some groups of them."""
    units = scores.units
    groups = min(units, _MOST_LEFT_OUT)
    group_of = np.arange(units) % groups
    begun = 0

    def draw(count: int) -> Numbers:
        nonlocal begun
        first, begun = begun, begun + count
        return np.where(group_of == np.arange(first, begun)[:, None], 0.0, 1.0)

    return spread_over(scores, draw, groups)


def _estimate(
    value: float, draws: Numbers, left_out: Numbers, units: int, confidence: float
) -> Estimate:
    draws = draws[np.isfinite(draws)]
    if not np.isfinite(value) or len(draws) < 2:
        return Estimate(_known(value), None, None)
    if np.ptp(draws) == 0:
        # The units are all alike, and tell nothing of others but their sign.
        return Estimate(value, None, max(2.0 ** (1 - units), LEAST_P) if value else 1.0)
    deviations = np.nanmean(left_out) - left_out[np.isfinite(left_out)]
    squares = float((deviations**2).sum())
    acceleration = float((deviations**3).sum()) / (6 * squares**1.5) if squares else 0.0
    bias = _NORMAL.inv_cdf(_share_below(draws, value))
    widening, freedom = math.sqrt(units / (units - 1)), units - 1
    levels = []
    for end in ((1 - confidence) / 2, (1 + confidence) / 2):
        shifted = bias + widening * float(stdtrit(freedom, end))
        levels.append(_NORMAL.cdf(bias + shifted / (1 - acceleration * shifted)))
    low, high = np.quantile(draws, levels).tolist()
    error = widening * float(draws.std())
    p_value = 2 * float(stdtr(freedom, -abs(value) / error))
    if draws.min() <= 0 <= draws.max():
        at_zero = _NORMAL.inv_cdf(_share_below(draws, 0.0)) - bias
        ends_there = at_zero / (1 + acceleration * at_zero) - bias
        p_value = max(p_value, 2 * float(stdtr(freedom, -abs(ends_there) / widening)))
    return Estimate(value, Interval(low, high, confidence), min(1.0, max(p_value, LEAST_P)), error)


def _share_below(draws: Numbers, value: float) -> float:
    """Never 0 or 1: more draws might have gone beyond."""
    below = float((draws < value).sum() + (draws == value).sum() / 2)
    return min(max(below, 0.5), len(draws) - 0.5) / len(draws)


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
