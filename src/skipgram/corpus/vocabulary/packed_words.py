"""Words as one run of bytes, mapped from a file and looked up there without being read.

A million Python strings and a dictionary of them take seconds to make and a few hundred MB to hold.
Packed, they are the words' UTF-8 end to end, the offset where each ends, and an index of numbers of
64 bits: each is a word's hash (31 bits of its CRC-32) above its id. The index is sorted, so a word
is found by binary search.
"""

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.system.paths import PathLike
from skipgram.untrusted.soundness import require_array, require_rising

_HASH_BITS = 0x7FFFFFFF
_ID_BITS = 32
_WORDS_AT_ONCE = 1 << 16
_CONTINUES, _CONTINUATION = 0b1100_0000, 0b1000_0000
"""A byte of UTF-8 that begins no character."""


class PackedWords(Sequence[str]):
    """Words by id; each string is made when it is asked for.

    text: shape (bytes,), uint8. ends: shape (words,), int64: where each word
    ends in it. index: shape (words,), int64, rising: a hash and an id each.
    where: the place they come from, for messages.

    Other arrays are refused, and so are ends that do not rise to the end of the text.
    """

    def __init__(
        self,
        text: NDArray[np.uint8],
        ends: NDArray[np.int64],
        index: NDArray[np.int64] | None = None,
        where: PathLike = "",
    ) -> None:
        place = f"{where}: " if where else ""
        require_array(text, np.uint8, f"{place}words")
        require_array(ends, np.int64, f"{place}word_ends")
        if index is not None:
            require_array(index, np.int64, f"{place}word_index")
        try:
            require_rising(ends, len(text), "")
        except FormatError:
            raise FormatError(
                f"{place}word_ends do not divide the {len(text):,} bytes of words"
            ) from None
        self.text, self.ends = text, ends
        self._index = index
        self._bytes = np.ascontiguousarray(text).data

    @classmethod
    def of(cls, words: Sequence[str]) -> "PackedWords":
        """The same words, packed."""
        return words if isinstance(words, cls) else cls(*packed_words(words))

    @property
    def word_index(self) -> NDArray[np.int64]:
        """Made when it is first needed, unless it came with the words."""
        if self._index is None:
            # In place, a stretch at a time: a file may hold hundreds of millions of short words.
            index, start = np.empty(len(self), np.int64), 0
            for begin in range(0, len(self), _WORDS_AT_ONCE):
                ends = self.ends[begin : begin + _WORDS_AT_ONCE].tolist()
                hashes = [_hash(self._bytes[at:end]) for at, end in pairwise([start, *ends])]
                index[begin : begin + len(ends)] = hashes
                start = ends[-1]
            index <<= _ID_BITS
            index |= np.arange(len(self))
            index.sort()
            self._index = index
        return self._index

    @property
    def ids(self) -> Mapping[str, int]:
        """Each word's id."""
        return _Ids(self)

    def find(self, word: str) -> int:
        """The id of a word, or -1."""
        try:
            wanted = word.encode()
        except (UnicodeEncodeError, AttributeError):  # half a surrogate pair, or no text at all
            return -1
        first = np.int64(_hash(wanted) << _ID_BITS)
        for entry in self.word_index[np.searchsorted(self.word_index, first) :]:
            if entry >> _ID_BITS != first >> _ID_BITS:
                break
            number = int(entry) & (1 << _ID_BITS) - 1
            if self._encoded(number) == wanted:
                return number
        return -1

    def find_each(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The id of each word, or -1: shape (len(words),)."""
        if not len(self):
            return np.full(len(words), -1, np.int64)
        encoded = [word.encode(errors="surrogatepass") for word in words]  # no word has such bytes
        hashes = np.array([*map(_hash, encoded)], np.int64)
        places = np.searchsorted(self.word_index, hashes << _ID_BITS)
        entries = self.word_index[np.minimum(places, len(self) - 1)]
        is_found = entries >> _ID_BITS == hashes
        ids = np.where(is_found, entries & (1 << _ID_BITS) - 1, -1)
        for at in np.flatnonzero(is_found).tolist():
            if self._encoded(ids.item(at)) != encoded[at]:  # two words may share a hash
                ids[at] = self.find(words[at])
        return ids

    def take(self, numbers: NDArray[np.integer]) -> "PackedWords":
        """Some of the words, in the order of `numbers`."""
        starts = np.append(0, self.ends[:-1])[numbers]
        lengths = self.ends[numbers] - starts
        ends = np.cumsum(lengths)
        # Each byte's place: its word's start, and how far after it the byte lies.
        places = np.arange(ends[-1] if len(ends) else 0)
        places += np.repeat(starts - (ends - lengths), lengths)
        return PackedWords(self.text[places], ends)

    def checked(self, where: PathLike) -> "PackedWords":
        """The same words, once they are known to be UTF-8 and all different."""
        self.require_text(where)
        self.require_different(where)
        return self

    def require_filled(self, place: Callable[[int], str]) -> None:
        """Raise FormatError if a word is empty; `place` names where the word of a number is."""
        is_empty = self.ends == np.append(0, self.ends[:-1])[: len(self)]
        if is_empty.any():
            raise FormatError(f"{place(int(np.argmax(is_empty)))}: the word is empty")

    def require_different(self, where: PathLike) -> None:
        """Raise FormatError, naming `where`, if two words are equal."""
        twin = self.first_twin()
        if twin is not None:
            raise FormatError(f"{where}: the word {self[twin[0]]!r} appears twice")

    def require_text(self, where: PathLike) -> None:
        """Raise FormatError, naming `where`, unless each word is UTF-8."""
        ends = self.ends
        starts = np.append(0, ends[:-1])[: len(ends)]
        try:
            str(self._bytes, "utf-8")
        except UnicodeDecodeError as error:
            raise FormatError(f"{where}: words: {error}") from None
        if (self.text[starts[ends > starts]] & _CONTINUES == _CONTINUATION).any():
            raise FormatError(f"{where}: words: a word ends inside a character of UTF-8")

    def require_index(self, where: PathLike) -> None:
        """Raise FormatError, naming `where`, unless the index has each id once, and rises."""
        seen = np.zeros(len(self), bool)
        numbers = self.word_index & (1 << _ID_BITS) - 1
        if len(self.word_index) == len(self) and (numbers < len(self)).all():
            seen[numbers] = True
        if not seen.all() or (self.word_index[1:] <= self.word_index[:-1]).any():
            raise FormatError(f"{where}: word_index is not an index of the {len(self):,} words")

    def first_twin(self) -> tuple[int, int] | None:
        """The ids of two equal words, the second as small as may be; None if there are none."""
        return min(self.twins(), key=lambda pair: pair[1], default=None)

    def twins(self) -> Iterator[tuple[int, int]]:
        """Each word that repeats an earlier one, as (id of the first, its own id)."""
        firsts: dict[bytes, int] = {}
        shared = -1
        # Equal words share a hash, and one hash's entries are sorted by id.
        for start in range(0, len(self), _WORDS_AT_ONCE):
            part = self.word_index[start : start + _WORDS_AT_ONCE + 1]
            hashes = part >> _ID_BITS
            for at in np.flatnonzero(hashes[1:] == hashes[:-1]).tolist():
                number = int(part[at + 1]) & (1 << _ID_BITS) - 1
                if int(hashes[at]) != shared:
                    shared, before = int(hashes[at]), int(part[at]) & (1 << _ID_BITS) - 1
                    firsts = {bytes(self._encoded(before)): before}
                word = bytes(self._encoded(number))
                if word in firsts:
                    yield firsts[word], number
                firsts.setdefault(word, number)

    def _encoded(self, number: int) -> memoryview:
        start = self.ends.item(number - 1) if number else 0
        return self._bytes[start : self.ends.item(number)]

    def __len__(self) -> int:
        return len(self.ends)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(len(self)))]
        number = range(len(self))[place]
        return str(self._encoded(number), "utf-8")

    def __iter__(self) -> Iterator[str]:
        start = 0
        for begin in range(0, len(self), _WORDS_AT_ONCE):
            for end in self.ends[begin : begin + _WORDS_AT_ONCE].tolist():
                yield str(self._bytes[start:end], "utf-8")
                start = end

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.find(word) >= 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(
            one == another for one, another in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # not hashable, as lists

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self.text, self.ends, self._index)

    def __repr__(self) -> str:
        return f"<PackedWords: {len(self):,}>"


class _Ids(Mapping[str, int]):
    """The index as a mapping."""

    def __init__(self, words: PackedWords) -> None:
        self._words = words

    def __getitem__(self, word: str) -> int:
        number = self._words.find(word)
        if number < 0:
            raise KeyError(word)
        return number

    def __len__(self) -> int:
        return len(self._words)

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)


def packed_words(words: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """All words in UTF-8, end to end, and where each ends: shapes (bytes,) and (len(words),)."""
    if isinstance(words, PackedWords):
        return words.text, words.ends
    packed, lengths = bytearray(), np.empty(len(words), np.int64)
    for start in range(0, len(words), _WORDS_AT_ONCE):  # millions of `bytes` would fill the memory
        encoded = encoded_words(words[start : start + _WORDS_AT_ONCE])
        lengths[start : start + len(encoded)] = [len(word) for word in encoded]
        packed += b"".join(encoded)
    return np.frombuffer(packed, np.uint8), np.cumsum(lengths)


def unpacked_words(text: NDArray[np.uint8], ends: NDArray[np.int64], where: PathLike) -> list[str]:
    """The inverse of `packed_words`, with the checks of words that were read from a file."""
    return list(PackedWords(text, ends, where=where).checked(where))


def encoded_words(words: Sequence[str]) -> list[bytes]:
    """Each word in UTF-8; half of a surrogate pair has none, which is a FormatError."""
    try:
        return [word.encode() for word in words]
    except UnicodeEncodeError as error:
        raise FormatError(
            f"the word {error.object!r:.60} cannot be written: UTF-8 cannot encode a lone surrogate"
        ) from None


def _unpickled(
    text: NDArray[np.uint8], ends: NDArray[np.int64], index: NDArray[np.int64] | None
) -> PackedWords:
    """Packed words from a pickle, which may be as damaged as any file."""
    words = PackedWords(text, ends, index, "packed words")
    words.require_text("packed words")
    if index is not None:
        words.require_index("packed words")
    return words


def _hash(word: bytes | memoryview) -> int:
    return zlib.crc32(word) & _HASH_BITS
