"""A permutation test: how often do two lists of numbers differ as much by chance?

If it were chance which of the numbers are in which list, each partition of them into lists
of the same sizes would be as likely as any other.
"""

from collections.abc import Iterator
from itertools import combinations, islice
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_NUMBERS_AT_ONCE = 1 << 20
"""Of partitions: some MB."""
_ROUNDING = 1e-12
"""Of a sum, relative to the sum of its terms' sizes; so partitions as far apart count as such."""


class Shares(NamedTuple):
    """The shares of partitions that differ as much as one."""

    as_large: float
    as_far: float
    is_exact: bool
    partitions: int


def shares_of_partitions(
    x: NDArray[np.float64], y: NDArray[np.float64], permutations: int, seed: int
) -> Shares:
    """Of the partitions of x and y, those that differ as much as x and y do.

    For fixed sizes, the difference of the means, and that of the sums for equal sizes, grows
    with the sum of the first part, and is 0 where that is as expected.
    """
    pooled = np.sort(np.concatenate((x, y)))
    expected = len(x) * pooled.mean()
    rounding = _ROUNDING * np.abs(pooled).sum()
    least = x.sum() - expected - rounding
    least_far = abs(x.sum() - expected) - rounding
    partitions = comb(len(pooled), len(x))
    is_exact = partitions <= permutations
    if is_exact:
        sums = _every_sum(pooled, len(x))
    else:
        partitions, sums = permutations, _drawn_sums(pooled, len(x), permutations, seed)
    as_large = as_far = tried = 0 if is_exact else 1  # this partition is not among those drawn
    for some in sums:
        as_large += int(np.count_nonzero(some - expected >= least))
        as_far += int(np.count_nonzero(np.abs(some - expected) >= least_far))
        tried += len(some)
    return Shares(as_large / tried, as_far / tried, is_exact, partitions)


def _every_sum(values: NDArray[np.float64], size: int) -> Iterator[NDArray[np.float64]]:
    """The sums of every choice of so many values."""
    choices = combinations(values.tolist(), size)
    while some := list(islice(choices, max(1, _NUMBERS_AT_ONCE // size))):
        yield np.array(some).sum(axis=1)


def _drawn_sums(
    values: NDArray[np.float64], size: int, draws: int, seed: int
) -> Iterator[NDArray[np.float64]]:
    """The sums of so many values that are drawn without replacement, for each draw."""
    random = np.random.default_rng(seed)
    step = max(1, _NUMBERS_AT_ONCE // len(values))
    for start in range(0, draws, step):
        rows = np.tile(values, (min(step, draws - start), 1))
        yield random.permuted(rows, axis=1)[:, :size].sum(axis=1)
