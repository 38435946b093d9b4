"""A shard's own copies of the rows that it trains, compiled.

A copy is made when a row is first touched, so a shard holds only the rows of
its block; `merging.py` brings the copies of several shards together.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.compiling import inlined
from skipgram.training import tiles


class OwnRows(NamedTuple):
    """The copies of rows of one matrix.

    rows: shape (most, padded_dim), the copies; words: shape (most,), whose row
    each is; slots: shape (vocab_size,), int32, the place of each word's copy,
    or -1 where there is none; taken: shape (1,), how many there are.
    """

    rows: NDArray[np.floating]
    words: NDArray[np.int32]
    slots: NDArray[np.int32]
    taken: NDArray[np.int64]


NOTHING = OwnRows(
    np.zeros((0, 0), np.float32),
    np.zeros(0, np.int32),
    np.zeros(0, np.int32),
    np.zeros(1, np.int64),
)
"""Given to a kernel that owns no rows."""


# The fields of `OwnRows` stand apart here: taken out of it each time, numba would count references
# each time.


@inlined
def release(words: Any, slots: Any, taken: Any) -> None:
    """Make room: no word has a copy any more."""
    for place in range(taken[0]):
        slots[words[place]] = -1
    taken[0] = 0


@inlined
def slot(matrix: Any, rows: Any, words: Any, slots: Any, taken: Any, word: Any, dim: int) -> Any:
    """The place of a word's own row; a new one still has to be copied."""
    place = np.int64(slots[word])
    if place < 0:
        place = taken[0]
        taken[0] = place + 1
        slots[word] = place
        words[place] = word
        tiles.prefetch(matrix, np.int64(word), dim)
        tiles.prefetch(rows, place, dim)
    return place


@inlined
def copy(matrix: Any, rows: Any, words: Any, start: int, stop: int, dim: int) -> None:
    """Copy the rows for the places start..stop."""
    for place in range(start, stop):
        word = np.int64(words[place])
        for k in range(dim):
            rows[place, k] = matrix[word, k]
