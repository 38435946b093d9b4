"""Whether a difference is more than luck: over trainings, and among many differences.

Source: Welch 1947; Satterthwaite 1946; Holm 1979.
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

from skipgram.evaluation.resampling import CONFIDENCE, Estimate, Interval


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected for all of them: each is the level at which Holm's procedure would reject it."""
    corrected, so_far = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        so_far = max(so_far, min(1.0, p_values[place] * (len(p_values) - rank)))
        corrected[place] = so_far
    return corrected


@dataclass(frozen=True)
class OverSeeds:
    """The difference of two means over trainings."""

    interval: Interval
    p_value: float
    """of no difference, whatever the items"""
    error: float
    """standard error"""
    freedom: float
    """degrees of freedom, by Welch and Satterthwaite"""


def welch(ours: list[float], theirs: list[float]) -> OverSeeds | None:
    """Of two systems' trainings; None for a single one, or for those that do not differ at all."""
    values = [*ours, *theirs]
    if min(len(ours), len(theirs)) < 2 or not all(map(math.isfinite, values)):
        return None
    mean = statistics.fmean(ours) - statistics.fmean(theirs)
    parts = [statistics.variance(of) / len(of) for of in (ours, theirs)]
    error = math.sqrt(sum(parts))
    if not error:
        return None
    freedom = error**4 / sum(
        part**2 / (len(of) - 1) for part, of in zip(parts, (ours, theirs), strict=True)
    )
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    return OverSeeds(
        Interval(mean - reach, mean + reach), _two_sided(mean, error, freedom), error, freedom
    )


def p_of_both(by_items: Estimate, units: int, over_seeds: OverSeeds | None) -> float | None:
    """Of no difference over other items and other trainings: the largest of three.

    That of the items, that of the trainings, and that of both together: the difference over
    the root of the sum of both squared errors, with Satterthwaite's degrees of freedom. Each kind
    of luck may just be excluded, and both together not; and of two or three trainings the
    last says too little by itself.
    """
    if by_items.p_value is None or over_seeds is None:
        return by_items.p_value
    p_values = [by_items.p_value, over_seeds.p_value]
    if by_items.value is not None and by_items.error is not None:
        squares = by_items.error**2, over_seeds.error**2
        freedom = sum(squares) ** 2 / (
            squares[0] ** 2 / (units - 1) + squares[1] ** 2 / over_seeds.freedom
        )
        p_values.append(_two_sided(by_items.value, math.sqrt(sum(squares)), freedom))
    return max(p_values)


def _two_sided(mean: float, error: float, freedom: float) -> float:
    return float(2 * stdtr(freedom, -abs(mean) / error))
