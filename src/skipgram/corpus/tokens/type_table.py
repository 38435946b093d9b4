"""The types of a whole corpus, in the order of their first appearance, with their counts.

Blocks are added one after the other, in their order, so a type's number does not depend on threads
or on where blocks end.

The table may be bounded, for corpora with more types than memory: whenever it is full, the rarest
are forgotten and about half stay, as in lossy counting. A type's occurrences are counted from the
last time it was entered, so a count is never too high, and too low by no more than `error_bound`:
as often as a type may have been seen before it was forgotten. Its earlier tokens are dropped from
the corpus as well, so counts and corpus agree.

Source: Manku and Motwani 2002, "Approximate Frequency Counts over Data Streams".
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from skipgram.corpus.sources.blocks import PADDING
from skipgram.corpus.tokens import kernels
from skipgram.corpus.tokens.numbering import (
    LEAST_SLOTS,
    ODDS,
    Bytes,
    FrequentTypes,
    NumberedBlock,
    Numbers,
    Places,
    Rows,
    listed,
    packed,
    with_room,
)
from skipgram.errors import CorpusError

_MOST_TYPES = 2**31 - 1
_FREQUENT = 1 << 14
"""With a block's own types they fit into 16 bits, and their table into a processor's cache."""
_BLOCKS_TO_LEARN_FROM = (8, 64, 512, 4096)


class TypeTable:
    """All types of a corpus.

    max_types: how many there may be at a time, 0 for no bound; kept: types that are never
    forgotten.
    """

    def __init__(self, max_types: int = 0, kept: Collection[bytes] = ()) -> None:
        self.max_types = max_types
        self.numbers_given = 0
        self.forgotten_types = 0
        """how often a type was forgotten; the same one may be more than once"""
        self.forgotten_tokens = 0
        self.frequent: FrequentTypes | None = None
        """the most frequent types so far, with which blocks begin"""
        self._frequent_counts: dict[FrequentTypes, Places] = {}
        self._blocks = 0
        self._kept = frozenset(kept)
        self._numbers = np.empty(0, np.int32)
        self._bounds_before = np.empty(0, np.int64)
        self._bound = 0
        self._clear()

    def _clear(self) -> None:
        self._slots = np.full(LEAST_SLOTS, kernels.FREE, np.uint32)
        self._types = np.empty((LEAST_SLOTS // 2, 4), np.uint64)
        self._known = 0
        self._text = np.empty(1 << 17, np.uint8)
        self._text_size = 0

    def __len__(self) -> int:
        return self._known

    @property
    def counts(self) -> Places:
        """Shape (types,)."""
        for frequent, counts in self._frequent_counts.items():
            self._types[frequent.numbers, kernels.COUNT] += counts.astype(np.uint64)
            counts[:] = 0
        return self._types[: self._known, kernels.COUNT].astype(np.int64)

    @property
    def words(self) -> "TypeBytes":
        """The types."""
        return TypeBytes(self._text, self._types[: self._known])

    @property
    def holds_null_bytes(self) -> bool:
        """Whether a type holds a NUL."""
        return bool((self._text[: self._text_size] == 0).any())

    @property
    def error_bound(self) -> int:
        """No count is low by more, and no type seen more often is missing."""
        return self._bound

    @property
    def nbytes(self) -> int:
        """Memory held, in bytes."""
        arrays = (self._slots, self._types, self._text, self._numbers, self._bounds_before)
        return sum(array.nbytes for array in arrays)

    def take(self, block: NumberedBlock) -> Numbers:
        """Add a block's types: shape (block's types,), the number of each among all."""
        before = self._known
        places = self._merge(block.text, block.types, block.text_size)
        self._blocks += 1
        if not self.max_types:
            self._count_frequent(block)
            return places
        entered = self._known - before
        self._numbers = with_room(self._numbers, before, self._known)
        self._numbers[before : self._known] = np.arange(entered) + self.numbers_given
        self._bounds_before = with_room(self._bounds_before, before, self._known)
        self._bounds_before[before : self._known] = self._bound
        self.numbers_given += entered
        numbers = self._numbers[places]
        if self._known > self.max_types:
            self._forget()
        return numbers

    def _count_frequent(self, block: NumberedBlock) -> None:
        if block.frequent is not None and block.frequent_counts is not None:
            self._frequent_counts[block.frequent] += block.frequent_counts
        if self._blocks in _BLOCKS_TO_LEARN_FROM and self._known > _FREQUENT:
            self.frequent = self._most_frequent()
            self._frequent_counts[self.frequent] = np.zeros(_FREQUENT, np.int64)

    def _most_frequent(self) -> FrequentTypes:
        """The most frequent types, sorted, so that the rows that are used most are together."""
        counts = self.counts
        numbers = np.argpartition(counts, -_FREQUENT)[-_FREQUENT:]
        numbers = numbers[np.argsort(-counts[numbers])]
        text, types = listed([*TypeBytes(self._text, self._types[numbers])])
        types[:, kernels.KEY] = self._types[numbers, kernels.KEY]
        slots = np.empty(4 * _FREQUENT, np.uint32)
        kernels.refill(slots, types, _FREQUENT, ODDS)
        return FrequentTypes(text, types, slots, numbers.astype(np.int32))

    @property
    def given_numbers(self) -> Numbers | None:
        """Shape (types,), rising: the number of each; None if they are 0, 1, 2, ..."""
        return self._numbers[: self._known] if self.forgotten_types else None

    def _merge(self, text: Bytes, types: Rows, text_size: int) -> Numbers:
        self._make_room(len(types), text_size)
        places = np.empty(len(types), np.int32)
        self._known, self._text_size = kernels.merge(
            text,
            types,
            self._slots,
            self._types,
            self._known,
            self._text,
            self._text_size,
            places,
            ODDS,
        )
        return places

    def _make_room(self, types: int, text_size: int) -> None:
        needed = self._known + types
        if max(needed, self.numbers_given + types) > _MOST_TYPES:
            raise CorpusError(f"more than {_MOST_TYPES:,} types; numbers have 32 bits")
        text_needed = self._text_size + text_size + len(PADDING)
        self._text = with_room(self._text, self._text_size, text_needed)
        self._types = with_room(self._types, self._known, needed)
        if 2 * needed > len(self._slots):
            self._slots = np.empty(1 << (2 * needed - 1).bit_length(), np.uint32)
            kernels.refill(self._slots, self._types, self._known, ODDS)

    def _forget(self) -> None:
        """Forget the rarest, so that half of the bound or fewer stay (and those always kept)."""
        counts = self.counts
        at_most = counts + self._bounds_before[: self._known]
        surplus = self._known - self.max_types // 2
        self._bound = int(np.partition(at_most, surplus - 1)[surplus - 1])
        stays = at_most > self._bound
        if self._kept:
            stays |= np.fromiter((word in self._kept for word in self.words), bool, self._known)
        self.forgotten_types += int(np.count_nonzero(~stays))
        self.forgotten_tokens += int(counts[~stays].sum())
        types, text = self._types[: self._known][stays], self._text
        self._numbers = self._numbers[: self._known][stays]
        self._bounds_before = self._bounds_before[: self._known][stays]
        text.flags.writeable = False  # like a block's text, so that kernels are compiled once
        self._clear()
        self._merge(text, types, int(types[:, kernels.LENGTH].sum()))


@dataclass(frozen=True, slots=True, eq=False)
class TypeBytes(Sequence[bytes]):
    """The bytes of types, each made when it is asked for."""

    text: Bytes
    types: Rows

    def __len__(self) -> int:
        return len(self.types)

    @overload
    def __getitem__(self, number: int) -> bytes: ...
    @overload
    def __getitem__(self, number: slice) -> "TypeBytes": ...
    def __getitem__(self, number: int | slice) -> "bytes | TypeBytes":
        if isinstance(number, slice):
            return TypeBytes(self.text, self.types[number])
        _, start, length, _ = self.types[number].tolist()
        return self.text[start : start + length].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        text = self.text.data
        starts = self.types[:, kernels.START_OF]
        stops = starts + self.types[:, kernels.LENGTH]
        for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
            yield bytes(text[start:stop])

    def decoded(self, numbers: Places) -> list[str]:
        """These as text, all at once if none holds a line feed."""
        types = self.types[numbers]
        words = packed(self.text, types).decode().split("\n")[:-1]
        if len(words) > len(types):
            return [word.decode() for word in TypeBytes(self.text, types)]
        return words

    @classmethod
    def of(cls, words: Sequence[bytes]) -> "TypeBytes":
        """The same for a list of words."""
        return cls(*listed(words))
