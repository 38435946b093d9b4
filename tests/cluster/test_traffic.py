"""The prediction of a sweep on a cluster: what it moves, and how long it takes."""

from hypothesis import given
from hypothesis import strategies as st

from helpers.random_models import law
from skipgram.cluster.traffic import Speeds, slices_of, sweep_seconds, sweep_traffic

SPEEDS = Speeds(1e11, 1e9, 1e-3, 0.05, 1e6)


def test_the_traffic_of_a_small_case_by_hand():
    moved = sweep_traffic(10, 4, lots=8, workers=2, groups=3)
    assert moved.written == 6 * 40, "U for each group and once more, V twice"
    assert moved.read == (4 * 2 + 2) * 40
    assert moved.between_workers == 3 * 8 * 40 / 2
    assert moved.to_driver == 2 * 4 * 40
    assert moved.network == 480 + 320


@law
@given(st.integers(1, 10**9), st.integers(1, 512), st.integers(1, 512))
def test_slices_are_at_most_as_many_as_the_workers_that_have_lots(size, lots, workers):
    assert 1 <= slices_of(size, lots, workers) <= min(16, lots, workers)


def test_large_vocabularies_gain_from_workers_and_small_ones_do_not():
    one = sweep_seconds(1_000_000, 416, 64, 1, SPEEDS)
    many = sweep_seconds(1_000_000, 416, 64, 64, SPEEDS)
    assert many < one / 10
    assert sweep_seconds(5_000, 416, 64, 64, SPEEDS) > sweep_seconds(5_000, 416, 8, 1, SPEEDS)


def test_more_workers_than_lots_save_no_arithmetic():
    fast = Speeds(1e9, 1e15, 0.0, 0.0, 1e15)
    assert sweep_seconds(10**5, 416, 8, 8, fast) == sweep_seconds(10**5, 416, 8, 64, fast)
