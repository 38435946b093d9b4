"""How long a step may be: where the loss curves too much, the learning rate is lowered.

With the other rows fixed, the second derivative of a group's loss by one row of U is

    n_w Σ_i σ'(u_w·v_(c_i)) v_(c_i) v_(c_i)ᵀ  ≼  (n_w / 4) Σ_i |v_(c_i)|² I

with n_w how often w is among the outside words; the same holds for a row of V. Gradient
descent on a function whose second derivative is at most L is stable up to a rate of 2 / L,
and up to 1 / L where two halves move at once, as V and U do. So with L the largest of
these bounds over all rows of the group, its step is taken at the rate

    min(learning_rate, 1 / L)

which is the exact step wherever that is stable.

The slow twin is `equations.stability.stable_rate`.
"""

from typing import Any

import numpy as np

from skipgram.kernels.compiling import inlined
from skipgram.settings import Settings

_CURVATURE = 0.25
"""The most that σ' can be."""
_SURE_REACH = 0.4
"""Up to this learning rate times pairs of a group, all texts were stable (DESIGN.md)."""
_SURE_OUTSIDES = 2.0
"""The same for the outside words of a group, whose sum moves a row of V."""


def is_bounded(settings: Settings) -> bool:
    """Whether steps must be checked: only wide windows at high rates make them too long.

    A row of U moves by a sum over the M center words of a group, so a group's step is as
    long as a single pair's at M times the learning rate.
    """
    most_pairs = 2 * settings.model.window if settings.model.negatives_shared else 1
    rate, outsides = settings.training.learning_rate, settings.model.negatives + 1
    return rate * most_pairs > _SURE_REACH or rate * outsides > _SURE_OUTSIDES


@inlined
def stable_rate(V: Any, U: Any, centers: Any, outsides: Any, M: int, rate: Any) -> Any:
    """The rate of a group's step: `rate`, or the largest that is stable."""
    count = len(outsides)
    by_V = _CURVATURE * _squared_lengths(U, outsides, count)
    by_U = _CURVATURE * _squared_lengths(V, centers, M)
    if rate * by_V * M <= 1.0 and rate * by_U * count <= 1.0:  # even if all were repeats
        return rate
    most = max(by_V * _most_repeats(centers, M), by_U * _most_repeats(outsides, count))
    return V.dtype.type(min(np.float64(rate), 1.0 / most))


@inlined
def _squared_lengths(matrix: Any, words: Any, count: int) -> float:
    total = 0.0
    for i in range(count):
        of_row = matrix.dtype.type(0)
        for k in range(matrix.shape[1]):
            of_row += matrix[words[i], k] * matrix[words[i], k]
        total += of_row
    return total


@inlined
def _most_repeats(words: Any, count: int) -> int:
    """How often the most frequent of the words is among them."""
    most = 1
    for i in range(count):
        repeats = 0
        for j in range(count):
            repeats += words[j] == words[i]
        most = max(most, repeats)
    return most
