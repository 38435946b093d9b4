"""The training pairs of an encoded corpus, one position at a time: the kernels' slow twin.

The compiled kernels walk the corpus the same way, draw for draw; the tests
hold them to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.equations.draws import KEEP, WIDTH, below, draw, position_stream


@dataclass(frozen=True)
class Window:
    """A kept position, its word o, and the center words around it, which predict o."""

    position: int
    outside: int
    centers: tuple[int, ...]
    stream: int
    """the position's draws"""


def windows(
    ids: Sequence[int] | NDArray[np.int32],
    line_ends: Sequence[int] | NDArray[np.int64],
    keep_thresholds: Sequence[int],
    window: int,
    key: int,
    *,
    width_is_fixed: bool = False,
) -> Iterator[Window]:
    """All windows of one epoch, in the order of the corpus; lines end before `line_ends`.

    A position is kept if its first draw is at or below its word's threshold
    (`draws.chance_threshold` of the keep probability); a window closes up over
    words that are dropped. Its width is uniform in
    1..window, or fixed, and it never crosses a line's end. As in word2vec.c.
    """
    start = 0
    for end in map(int, line_ends):
        kept = [
            (position, int(ids[position]), stream)
            for position in range(start, end)
            for stream in [position_stream(key, position)]
            if draw(stream, KEEP) >> 32 <= keep_thresholds[int(ids[position])]
        ]
        for place, (position, outside, stream) in enumerate(kept):
            width = window if width_is_fixed else 1 + below(draw(stream, WIDTH), window)
            around = kept[max(0, place - width) : place] + kept[place + 1 : place + 1 + width]
            yield Window(position, outside, tuple(word for _, word, _ in around), stream)
        start = end
