"""Vectors of unknown words from their character n-grams, as fastText trains them.

A word is put between < and >. Its n-grams of `shortest` to `longest`
characters each fall into one of so many buckets by a hash of their bytes, in
the encoding that the model was trained in. The vector of a word is the mean of
its own row, if it has one, and those of its n-grams. This is the slow twin of
`subword_kernels`, a word at a time.

Source: Bojanowski, Grave, Joulin & Mikolov 2017; fastText 0.9.2, `dictionary.cc`,
for the hash and for which n-grams count.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import UnknownWordError

_OFFSET, _PRIME, _BITS = 2166136261, 16777619, 0xFFFFFFFF
"""Of FNV-1a."""
_SIGN = 0x80
_CONTINUES, _CONTINUATION = 0b1100_0000, 0b1000_0000


@dataclass(frozen=True, eq=False)
class Subwords:
    """The vectors of all buckets: shape (buckets, embedding_dim), float32."""

    rows: NDArray[np.float32]
    shortest: int
    longest: int
    encoding: str = "utf-8"

    def ngrams(self, word: str) -> Iterator[bytes]:
        """The n-grams that count: all but single characters at either end."""
        marked = f"<{word}>".encode(self.encoding, errors="replace")
        # fastText takes for the begin of a character what is so in UTF-8, in any encoding.
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

    def vector(self, word: str) -> NDArray[np.float32]:
        """The mean of the n-grams' vectors, for a word that has no row of its own.

        Raises
        ------
        UnknownWordError
            If the word has no n-gram.

        """
        buckets = self.buckets(word) if len(self.rows) else []
        if not buckets:
            raise UnknownWordError(
                f"{word!r} is unknown, and has no part of {self.shortest} to {self.longest} "
                "characters to make a vector of"
            )
        mean: NDArray[np.float64] = self.rows[buckets].mean(axis=0, dtype=np.float64)
        return mean.astype(np.float32)


def fnv1a(text: bytes) -> int:
    """The hash of an n-gram, of 32 bits; bytes above 127 count as negative, as in fastText."""
    value = _OFFSET
    for byte in text:
        value ^= byte if byte < _SIGN else byte | 0xFFFFFF00
        value = value * _PRIME & _BITS
    return value
