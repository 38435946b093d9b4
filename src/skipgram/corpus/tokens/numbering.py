"""Blocks to numbers: each block on its own, so that many can be numbered at once.

A block's types get the numbers 0, 1, 2, ... by first appearance, from a table
that stays in the processor's cache; a fifth or a tenth as many as its tokens,
they are then looked up among those of the whole corpus (type_table.py).
"""

import secrets
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.sources.blocks import PADDING
from skipgram.corpus.tokens import kernels

LEAST_SLOTS = 1 << 14
ODDS = np.array([secrets.randbits(64) | 1, secrets.randbits(64) | 1], np.uint64)
"""Factors by which this process hashes types; ids do not depend on them."""

Bytes = NDArray[np.uint8]
Numbers = NDArray[np.int32]
Places = NDArray[np.int64]
Rows = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, eq=False)
class FrequentTypes:
    """Types that are known before a block is read.

    Its table begins with them, so that they are not entered, and looked up in the corpus's table,
    for every block again.
    """

    text: Bytes
    types: Rows
    """shape (frequent types, 4), with counts of 0"""
    slots: NDArray[np.uint32]
    numbers: Numbers
    """shape (frequent types,): what each is in the whole corpus"""


@dataclass(frozen=True, slots=True)
class NumberedBlock:
    """A block's tokens as numbers of types: first those that were known, then its own."""

    numbers: Numbers
    """shape (tokens,): its own types by first appearance"""
    line_ends: Places
    """shape (lines,): the tokens before each line's end, rising"""
    text: Bytes
    """that holds the types"""
    types: Rows
    """shape (types, 4): key, start, length and count of each of the block's types"""
    is_ascii: bool
    frequent: FrequentTypes | None = None
    frequent_counts: Places | None = None
    """shape (frequent types,)"""

    @property
    def text_size(self) -> int:
        """The bytes of all types."""
        return int(self.types[:, kernels.LENGTH].sum())

    def beyond_ascii(self) -> Places:
        """The numbers of the types that are not ASCII, rising."""
        if self.is_ascii:
            return np.empty(0, np.int64)
        found = np.empty(len(self.types), np.int64)
        return found[: kernels.beyond_ascii(self.text, self.types, found)]

    def packed(self, numbers: Places | None = None) -> bytes:
        """These types, or all, one after the other, each followed by a line feed."""
        return packed(self.text, self.types if numbers is None else self.types[numbers])


class _Desk(threading.local):
    """A thread's arrays, kept from block to block, as long as the largest block asked for."""

    def __init__(self) -> None:
        self.slots = np.empty(LEAST_SLOTS, np.uint32)
        self.types = np.empty((LEAST_SLOTS // 2, 4), np.uint64)
        self.line_ends = np.empty(LEAST_SLOTS, np.int64)

    def begin(self, frequent: FrequentTypes | None) -> None:
        """Begin a table, with these types in it."""
        if frequent is None:
            kernels.refill(self.slots, self.types, 0, ODDS)
            return
        if len(self.slots) != len(frequent.slots):
            self.slots = np.empty(len(frequent.slots), np.uint32)
            self.types = with_room(self.types, 0, len(frequent.slots) // 2)
        self.slots[:] = frequent.slots
        self.types[: len(frequent.types)] = frequent.types

    def grow(self, types: int, lines: int) -> None:
        """Make longer what might be too short for another register of text."""
        if lines > len(self.line_ends) - kernels.REGISTER:
            self.line_ends = with_room(self.line_ends, lines, 4 * lines)
        if types > min(len(self.types), len(self.slots) // 2) - kernels.REGISTER:
            self.slots = np.empty(4 * len(self.slots), np.uint32)
            self.types = with_room(self.types, types, len(self.slots) // 2)
            kernels.refill(self.slots, self.types, types, ODDS)


_desk = _Desk()


def number_text(text: bytes, size: int, frequent: FrequentTypes | None = None) -> NumberedBlock:
    """Number the tokens of text[:size], which `PADDING` follows."""
    array = np.frombuffer(text, np.uint8)
    known, known_text = (0, array) if frequent is None else (len(frequent.types), frequent.text)
    desk, state = _desk, np.zeros(7, np.int64)
    state[kernels.TYPES] = known
    numbers = np.empty(size // 2 + 1, np.int32)
    desk.begin(frequent)
    while not kernels.number_text(
        array, size, desk.slots, desk.types, numbers, desk.line_ends, known_text, known, state, ODDS
    ):
        desk.grow(int(state[kernels.TYPES]), int(state[kernels.LINES]))
    return NumberedBlock(
        numbers[: state[kernels.TOKENS]],
        desk.line_ends[: state[kernels.LINES]].copy(),
        array,
        desk.types[known : state[kernels.TYPES]].copy(),
        is_ascii=not state[kernels.BEYOND_ASCII],
        frequent=frequent,
        frequent_counts=desk.types[:known, kernels.COUNT].astype(np.int64),
    )


def number_lines(lines: Sequence[Sequence[bytes]]) -> NumberedBlock:
    """Number tokens that are given one by one, and may be any bytes."""
    numbers: dict[bytes, int] = {}
    number_of = numbers.setdefault
    of_tokens = np.array(
        [number_of(token, len(numbers)) for line in lines for token in line], np.int32
    )
    text, types = listed(numbers)
    types[:, kernels.COUNT] = np.bincount(of_tokens, minlength=len(numbers))
    kernels.enter_keys(text, types, ODDS)
    line_ends = np.cumsum([len(line) for line in lines], dtype=np.int64)
    return NumberedBlock(of_tokens, line_ends, text, types, is_ascii=False)


def packed(text: Bytes, types: Rows) -> bytes:
    """Types one after the other, each followed by a line feed."""
    found = np.empty(int(types[:, kernels.LENGTH].sum()) + len(types), np.uint8)
    kernels.pack(text, types, found)
    return found.tobytes()


def listed(words: Collection[bytes]) -> tuple[Bytes, Rows]:
    """Words as types: a text that holds them, and their rows, without keys and counts."""
    types = np.zeros((len(words), 4), np.uint64)
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    types[:, kernels.START_OF] = np.cumsum(lengths) - lengths
    types[:, kernels.LENGTH] = lengths
    return np.frombuffer(b"".join(words) + PADDING, np.uint8), types


def with_room(array: NDArray[Any], used: int, needed: int) -> NDArray[Any]:
    """The array, or a copy at least half as long again."""
    if needed <= len(array):
        return array
    longer = np.empty((max(needed, len(array) * 3 // 2), *array.shape[1:]), array.dtype)
    longer[:used] = array[:used]
    return longer
