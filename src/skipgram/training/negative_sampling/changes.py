"""What a batch changes: written by slices, then added to the rows in the order of the text."""

from typing import Any, NamedTuple

import numpy as np
from numba import literally
from numpy.typing import NDArray

from skipgram.kernels.compiling import inlined
from skipgram.training import draws as sampling
from skipgram.training.negative_sampling import tiles
from skipgram.training.parameters import aligned_zeros

ROWS_AHEAD = 8
"""How many rows ahead are fetched where rows are copied or changed in turn."""
MOST_TERMS = 1 << 12
"""A row of more terms in a batch is damped as one of this many."""
PARTS = 16
"""Words are divided into this many parts, for threads to share."""
_HASH = np.uint64(0x9E3779B1)
_HALF_MASK = np.uint64(0xFFFFFFFF)
_GROUP_SHIFT = np.uint64(4)
"""Groups of 16 words: a cache line of counts."""
_PART_SHIFT = np.uint64(28)
"""Leaves the upper bits of 32, enough to number the parts."""


class Changes(NamedTuple):
    """A batch's changes of one matrix; each of its slices has a row for each of its places."""

    rows: Any
    """shape (slices · places, dim): the changes, slice by slice"""
    words: Any
    """(slices, places) int32: the words whose rows they change"""
    terms: Any
    """(slices, places) int32: how many terms of the loss they are from"""
    order: Any
    """(slices, places) int32: places by the parts of their words, and within one as in the text"""
    starts: Any
    """(slices, PARTS + 1) int64: where each part begins in that order"""
    counts: Any
    """(vocab_size,) int32, zeros: the terms of a word in a batch"""

    @classmethod
    def zeros(cls, shape: tuple[int, int, int], vocab_size: int, dtype: Any) -> "Changes":
        """No changes. shape: slices, places and numbers in a row; rows start on cache lines."""
        slices, places, dim = shape
        words, terms, order = np.zeros((3, slices, places), np.int32)
        return cls(
            aligned_zeros(slices * places, dim, dtype),
            words,
            terms,
            order,
            np.zeros((slices, PARTS + 1), np.int64),
            np.zeros(vocab_size, np.int32),
        )


def damping(move: float, dtype: type[np.floating]) -> NDArray[np.floating]:
    """The share (1 − e^(−x)) / x, x = n · move, of its change that a row of n terms takes.

    move: the learning rate times the curvature of one term. On a quadratic,
    the steps of n terms one after the other cover 1 − e^(−x) of the way to the
    optimum; added up from one point they would cover x of it, and overshoot.
    Rows of few terms take nearly all of their change.

    Returns shape (MOST_TERMS + 1,), by n.
    """
    x = np.maximum(move * np.arange(MOST_TERMS + 1), 1e-12)
    shares: NDArray[np.floating] = (-np.expm1(-x) / x).astype(dtype)
    return shares


@inlined
def sort_by_part(changes: Any, number: int, size: int) -> None:
    """Sort the places of a slice by their words' parts, leaving out line ends."""
    words, order, starts = changes.words, changes.order, changes.starts
    for part in range(PARTS + 1):
        starts[number, part] = 0
    for place in range(size):
        if words[number, place] != sampling.LINE_END:
            starts[number, _part(words[number, place]) + 1] += 1
    for part in range(PARTS):
        starts[number, part + 1] += starts[number, part]
    for place in range(size):  # each start moves to where the next part begins,
        if words[number, place] != sampling.LINE_END:
            part = _part(words[number, place])
            order[number, starts[number, part]] = place
            starts[number, part] += 1
    for part in range(PARTS, 0, -1):  # and back
        starts[number, part] = starts[number, part - 1]
    starts[number, 0] = 0


@inlined
def _part(word: Any) -> Any:
    """The part of a word; neighbours share one, to avoid false sharing."""
    group = np.uint64(word) >> _GROUP_SHIFT
    return np.int64(((group * _HASH) & _HALF_MASK) >> _PART_SHIFT)


@inlined
def add_up(matrix: Any, changes: Any, part: int, damping: Any, dim: int) -> None:
    """Add the changes of a part's words to their rows, slice by slice, in the order of the text."""
    literally(dim)
    words, order, starts, counts = changes.words, changes.order, changes.starts, changes.counts
    slices, places = words.shape
    for number in range(slices):
        for at in range(starts[number, part], starts[number, part + 1]):
            place = order[number, at]
            counts[words[number, place]] += changes.terms[number, place]
    for number in range(slices):
        for at in range(starts[number, part], starts[number, part + 1]):
            if at + ROWS_AHEAD < starts[number, part + 1]:
                coming = order[number, at + ROWS_AHEAD]
                tiles.prefetch(matrix, np.int64(words[number, coming]), dim)
            place = order[number, at]
            word = np.int64(words[number, place])
            share = damping[min(counts[word], len(damping) - 1)]
            tiles.add_row(matrix, word, changes.rows, number * places + place, share, dim)
    for number in range(slices):
        for at in range(starts[number, part], starts[number, part + 1]):
            counts[words[number, order[number, at]]] = 0
