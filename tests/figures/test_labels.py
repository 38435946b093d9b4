import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from skipgram.figures.labels import separated

ROOM = np.array([1500.0, 1000.0])


def overlaps(centers: np.ndarray, sizes: np.ndarray) -> int:
    """How many pairs of labels overlap."""
    low, high = centers - sizes / 2, centers + sizes / 2
    both = (low[:, None] < high) & (low < high[:, None])
    return int(np.triu(both.all(axis=2), 1).sum())


def label_sizes(labels: int) -> np.ndarray:
    widths = np.random.default_rng(3).uniform(60, 150, labels)
    return np.stack([widths, np.full(labels, 30.0)], axis=1)


def crowd() -> np.ndarray:
    """Eight places on the page, ten labels about each."""
    rng = np.random.default_rng(4)
    return np.repeat(rng.uniform(200, 800, (8, 2)), 10, axis=0) + rng.normal(scale=40, size=(80, 2))


@pytest.mark.parametrize(
    "centers",
    [
        crowd(),
        np.full((60, 2), 500.0),
        np.stack([np.linspace(0, 1500, 60), np.full(60, 0.0)], axis=1),
    ],
    ids=["crowded", "all in one place", "along an edge"],
)
def test_no_two_labels_overlap_and_none_leaves_the_room(centers: np.ndarray) -> None:
    sizes = label_sizes(len(centers))
    assert overlaps(centers, sizes) > 20
    moved = separated(centers, sizes, ROOM)
    assert moved is not None
    assert overlaps(moved, sizes) == 0
    assert (moved >= sizes / 2 - EXACT).all()
    assert (moved <= ROOM - sizes / 2 + EXACT).all()


def test_labels_that_overlap_nobody_stay() -> None:
    centers = np.array([[200.0, 200.0], [200.0, 300.0], [700.0, 300.0]])
    # Some pixels tell those apart that belong in the same place.
    assert_close(separated(centers, label_sizes(3), ROOM), centers, 3, relative=False)


def test_two_labels_keep_their_sides() -> None:
    sizes = np.array([[100.0, 30.0], [100.0, 30.0]])
    moved = separated(np.array([[500.0, 500.0], [520.0, 501.0]]), sizes, ROOM)
    assert moved is not None
    assert moved[0, 0] < 500
    assert moved[1, 0] > 520
    assert moved[0, 1] < moved[1, 1]


def test_the_same_labels_move_to_the_same_places() -> None:
    sizes = label_sizes(80)
    assert_close(separated(crowd(), sizes, ROOM), separated(crowd(), sizes, ROOM), 0.0)


@pytest.mark.parametrize("room", [(100.0, 1000.0), (300.0, 60.0)])
def test_a_room_that_is_too_small_has_no_answer(room: tuple[float, float]) -> None:
    assert separated(crowd()[:20], label_sizes(20), np.array(room)) is None
