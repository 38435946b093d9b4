"""Vectors from spelling: the table of n-grams that a regression on known words' vectors gave.

    A_c G = (1 + k_c)^(−1/2) Σ_g G_g        over the k_c n-grams of word c that the table has

is what the spelling of a word says of its vector. A known word is shown as v_c + a A_c G, an
unknown one as (1 + a) A_c G, with the share a.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.errors import FormatError, UnknownWordError
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.incidence import scales_of
from skipgram.spelling.ngrams import ngrams_of
from skipgram.vectors.rows import Rows


@dataclass(frozen=True, eq=False)
class Spelling:
    """The n-grams that words share, and their vectors.

    ngrams: all different. table: G, shape (n-grams, embedding_dim), row by n-gram. lengths: of
    n-grams, in characters. share: a.
    """

    ngrams: PackedWords
    table: Rows
    lengths: NgramRange
    share: float

    @property
    def embedding_dim(self) -> int:
        """How many numbers a vector has."""
        return int(self.table.shape[1])

    def known_ngrams(self, word: str) -> NDArray[np.int64]:
        """The rows of the table that a word's n-grams have."""
        found = self.ngrams.find_each(ngrams_of(word, self.lengths))
        return found[found >= 0]

    def can_spell(self, word: str) -> bool:
        """Whether the table has an n-gram of this word."""
        return len(self.known_ngrams(word)) > 0

    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of an unknown word: (1 + a) A_c G."""
        rows = self.known_ngrams(word)
        if not len(rows):
            raise UnknownWordError(
                f"{word!r:.60} is unknown, and shares no {self.lengths} characters with a known "
                "word, of which a vector could be made"
            )
        total = self.table[rows].sum(axis=0, dtype=np.float64)
        found: NDArray[np.float64] = (1 + self.share) * scales_of(len(rows)) * total
        if not np.isfinite(found).all():
            raise FormatError(
                f"the vector of {word!r:.60}, made of its n-grams, holds a number that is nan or "
                "infinite; fix the vectors"
            )
        vector: NDArray[np.float32] = found.astype(np.float32)
        return vector
