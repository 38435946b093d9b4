"""Vectors of unknown words from their character n-grams, as fastText trains them.

A word is put between < and >. A hash of its bytes, in the encoding that the
model was trained in, puts each n-gram of `shortest` to `longest` characters into
a bucket. The vector of a word is the mean of its row, if it has one, and
those of its n-grams. This is the slow twin of `kernels`, a word at a time.

Source: Bojanowski, Grave, Joulin & Mikolov 2017; fastText 0.9.2, `dictionary.cc`,
for the hash and for which n-grams count.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.vectors.given import is_text_encoding, whole_number
from skipgram.vectors.rows import Rows
from skipgram.vectors.subwords.speller import Speller

LONGEST_NGRAM = 1 << 10
"""In characters; fastText's own models have up to 6."""

_OFFSET, _PRIME, _BITS = 2166136261, 16777619, 0xFFFFFFFF
"""The constants of FNV-1a."""
_SIGN = 0x80
_CONTINUES, _CONTINUATION = 0b1100_0000, 0b1000_0000


@dataclass(frozen=True, eq=False)
class Subwords(Speller):
    """How vectors of unknown words are made.

    rows: the vectors of all buckets, shape (buckets, embedding_dim), float32.
    shortest, longest: characters of an n-gram. encoding: of the model's words.
    As with words, numbers are checked where they are used.
    """

    rows: NDArray[np.float32]
    shortest: int
    longest: int
    encoding: str = "utf-8"

    def __post_init__(self) -> None:
        rows = self.rows
        if not (isinstance(rows, np.ndarray) and rows.ndim == 2 and rows.dtype == np.float32):
            found = (
                f"{rows.dtype} of shape {rows.shape}"
                if isinstance(rows, np.ndarray)
                else repr(rows)
            )
            raise FormatError(f"buckets must be float32 with 2 axes, not {found:.60}")
        for name in ("shortest", "longest"):
            value = whole_number(name, getattr(self, name), 0)
            if value > LONGEST_NGRAM:
                raise SettingsError(f"{name} must be at most {LONGEST_NGRAM:,}")
        if not is_text_encoding(self.encoding):
            raise SettingsError(f"there is no text encoding {self.encoding!r:.60}")

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.__post_init__()  # a pickle is checked as a file is

    @property
    def embedding_dim(self) -> int:
        """How many numbers a vector has."""
        return int(self.rows.shape[1])

    def turned(self, turn: Callable[[Rows], NDArray[np.float32]]) -> Self:
        """The same with the buckets' vectors turned."""
        return replace(self, rows=turn(self.rows))

    def ngrams(self, word: str) -> Iterator[bytes]:
        """The n-grams that count: all except the single characters at either end."""
        marked = f"<{word}>".encode(self.encoding, errors="replace")
        # fastText finds where characters begin as in UTF-8, for any encoding.
        begins = [at for at, byte in enumerate(marked) if byte & _CONTINUES != _CONTINUATION]
        borders = [*begins, len(marked)]
        for first in range(len(begins)):
            for length in range(1, min(self.longest, len(begins) - first) + 1):
                is_edge = length == 1 and first in (0, len(begins) - 1)
                if length >= self.shortest and not is_edge:
                    yield marked[borders[first] : borders[first + length]]

    def buckets(self, word: str) -> list[int]:
        """The bucket of each n-gram of a word."""
        return [fnv1a(ngram) % len(self.rows) for ngram in self.ngrams(word)]

    def can_spell(self, word: str) -> bool:
        """Whether a word has an n-gram that counts."""
        return len(self.rows) > 0 and next(self.ngrams(word), None) is not None

    def vector(self, word: str) -> NDArray[np.float32]:
        """The mean of the n-grams' vectors, for a word without a row."""
        buckets = self.buckets(word) if len(self.rows) else []
        if not buckets:
            raise UnknownWordError(
                f"{word!r} is unknown, and has no part of {self.shortest} to {self.longest} "
                "characters to make a vector of"
            )
        with np.errstate(invalid="ignore"):
            mean: NDArray[np.float64] = self.rows[buckets].mean(axis=0, dtype=np.float64)
        if not np.isfinite(mean).all():
            raise FormatError(
                f"the vector of {word!r:.60}, made of its parts, holds a number that is nan or "
                "infinite; fix the vectors"
            )
        return mean.astype(np.float32)


def fnv1a(text: bytes) -> int:
    """The 32-bit hash of an n-gram; bytes above 127 count as negative, as in fastText."""
    value = _OFFSET
    for byte in text:
        value ^= byte if byte < _SIGN else byte | 0xFFFFFF00
        value = value * _PRIME & _BITS
    return value
