"""The permutation test: every partition or some, a block of them at a time."""

import math

import numpy as np
import pytest

from skipgram.evaluation import partitions
from skipgram.evaluation.partitions import shares_of_partitions


def test_partitions_that_differ_as_much_are_counted_whatever_the_order_of_their_sums():
    # 0.1 + 0.2 is more than 0.3: of (0.1, 0.2 | 0.3, 0), the sums of both parts are equal.
    x, y = np.array([0.1, 0.2]), np.array([0.3, 0.0])
    found = shares_of_partitions(x, y, 6, 1)
    assert (found.as_large, found.as_far) == (4 / 6, 1.0)


def test_equal_numbers_in_all_places_differ_as_much_in_every_partition():
    same = np.full(3, 0.1)
    assert shares_of_partitions(same, same, 20, 1) == (1.0, 1.0, True, 20)
    assert shares_of_partitions(same, same, 19, 1) == (1.0, 1.0, False, 19)


@pytest.mark.parametrize("permutations", [100, 70, 69])
def test_every_partition_is_tried_if_there_are_not_more_than_asked_for(permutations):
    numbers = np.arange(8.0)
    found = shares_of_partitions(numbers[4:], numbers[:4], permutations, 1)
    assert found.is_exact == (permutations >= 70)
    assert found.partitions == min(permutations, 70)
    if found.is_exact:
        assert (found.as_large, found.as_far) == (1 / 70, 2 / 70)


def test_a_partition_that_no_draw_finds_counts_itself():
    numbers = np.arange(60.0)
    found = shares_of_partitions(numbers[30:], numbers[:30], 99, 1)
    assert (found.as_large, found.as_far) == (1 / 100, 1 / 100)


def test_drawn_parts_have_the_size_of_the_first_list():
    # A part of one of ten is the largest in a tenth of the draws; one of nine, in nine tenths.
    numbers = np.array([0.0] * 9 + [1.0])
    for size, share in ((1, 0.1), (9, 0.9)):
        first = np.sort(numbers)[-size:]
        found = shares_of_partitions(first, np.sort(numbers)[:-size], 9, 1)
        assert not found.is_exact
        sums = np.concatenate(list(partitions._drawn_sums(numbers, size, 4_000, 1)))
        assert abs((sums == 1).mean() - share) < 4 * math.sqrt(0.09 / 4_000)


def test_the_blocks_in_which_partitions_are_tried_change_nothing(monkeypatch):
    numbers = np.random.default_rng(1).standard_normal(11)
    exact = [shares_of_partitions(numbers[:5], numbers[5:], 462, 1)]
    drawn = [shares_of_partitions(numbers[:5], numbers[5:], 461, 1)]
    monkeypatch.setattr(partitions, "_NUMBERS_AT_ONCE", 100)
    exact.append(shares_of_partitions(numbers[:5], numbers[5:], 462, 1))
    drawn.append(shares_of_partitions(numbers[:5], numbers[5:], 461, 1))
    assert exact[0] == exact[1]
    assert exact[0].is_exact
    assert drawn[0] == drawn[1]
    assert not drawn[0].is_exact
