"""Whether a difference is more than luck: over trainings, and among many differences.

Source: Welch 1947; Holm 1979.
"""

import math
import statistics
from collections.abc import Sequence

from scipy.special import stdtr, stdtrit

from skipgram.evaluation.resampling import CONFIDENCE, Interval


def holm(p_values: Sequence[float]) -> list[float]:
    """Corrected for all of them: each is the level at which Holm's procedure would reject it."""
    corrected, so_far = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        so_far = max(so_far, min(1.0, p_values[place] * (len(p_values) - rank)))
        corrected[place] = so_far
    return corrected


def welch(ours: list[float], theirs: list[float]) -> tuple[Interval | None, float | None]:
    """The difference of two means with its interval over trainings, and the p of none.

    Neither for a single training, or for trainings that do not differ at all.
    """
    values = [*ours, *theirs]
    if min(len(ours), len(theirs)) < 2 or not all(map(math.isfinite, values)):
        return None, None
    mean = statistics.fmean(ours) - statistics.fmean(theirs)
    parts = [statistics.variance(of) / len(of) for of in (ours, theirs)]
    error = math.sqrt(sum(parts))
    if not error:  # trainings that do not differ at all tell nothing of others
        return None, None
    freedom = error**4 / sum(
        part**2 / (len(of) - 1) for part, of in zip(parts, (ours, theirs), strict=True)
    )
    reach = float(stdtrit(freedom, (1 + CONFIDENCE) / 2)) * error
    return Interval(mean - reach, mean + reach), float(2 * stdtr(freedom, -abs(mean) / error))
