"""Overlapping labels, moved apart so that all can be read."""

import numpy as np
from numpy.typing import NDArray

_STEP = 0.4  # at 0.5, half of the way each, labels in a crowd would swing to and fro
_SLACK = 1.05
_MOST_ROUNDS = 400


def separated(
    centers: NDArray[np.float64],
    sizes: NDArray[np.float64],
    room: NDArray[np.float64],
) -> NDArray[np.float64] | None:
    """Centers of labels, moved until no two overlap; None if the room is too small.

    Two labels that overlap move apart along the line between their centers, so
    which one is further left, or higher, stays the same.

    Parameters
    ----------
    centers
        shape (n, 2): where the labels belong.
    sizes
        shape (n, 2): width and height of each.
    room
        shape (2,): labels stay between (0, 0) and this corner.

    """
    # Labels in the same place have no line between them.
    moved = centers + np.random.default_rng(0).normal(scale=0.5, size=centers.shape)
    nearest, farthest = sizes / 2, room - sizes / 2
    if (farthest < nearest).any():
        return None
    apart = (sizes[:, None] + sizes) / 2
    others = ~np.eye(len(centers), dtype=bool)
    for _ in range(_MOST_ROUNDS):
        # Labels bounce off the walls: lined up along one, they would block each other.
        moved = nearest + np.abs(moved - nearest)
        moved = (farthest - np.abs(farthest - moved)).clip(nearest)
        distance = moved[:, None] - moved
        one, other = np.nonzero((np.abs(distance) < apart).all(axis=2) & others)
        if len(one) == 0:
            return moved
        between = distance[one, other]
        # With the distance stretched by this, they just touch, side by side or stacked.
        stretch = (apart[one, other] / np.abs(between).clip(1e-3)).min(axis=1) * _SLACK
        np.add.at(moved, one, _STEP * (stretch - 1)[:, None] * between)
    return None
