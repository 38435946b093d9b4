"""Vectors from spelling: the table of n-grams that a regression on known words' vectors gave.

    A_c G = (1 + k_c)^(−1/2) Σ_g G_g        over the k_c n-grams of word c that the table has

is what the spelling of a word says of its vector. A known word is shown as v_c + a A_c G, an
unknown one as (1 + a) A_c G, with the share a.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.explaining import says_something
from skipgram.spelling.ngrams import ngrams_of, scales_of
from skipgram.vectors.rows import CompactRows, Precision, Rows, with_precision
from skipgram.vectors.subwords.speller import Speller

Matrix = Literal["center", "outside", "sum"]
"""What the table was fitted to."""
SHARE, PENALTY, LEAST_WORDS = 0.5, 0.3, 2
"""What is taken unless something else is asked for."""
MOST_SHARE = 100.0
"""Beyond it nothing but the spelling would be left of a vector."""


@dataclass(frozen=True, eq=False)
class Spelling(Speller):
    """The n-grams that words share, and their vectors.

    ngrams: all different. table: G, shape (n-grams, embedding_dim), row by n-gram. lengths: of
    n-grams, in characters. share: a. matrix: what G was fitted to. explained: the share of held-out
    words' variance that n-grams explain; if they say nothing, no unknown word gets a vector.
    """

    ngrams: PackedWords
    table: Rows
    lengths: NgramRange
    share: float
    matrix: Matrix = "center"
    explained: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.ngrams, PackedWords):
            raise SettingsError(f"ngrams must be PackedWords, not {repr(self.ngrams)[:60]}")
        table = self.table
        if not isinstance(table, CompactRows) and not (
            isinstance(table, np.ndarray) and table.ndim == 2 and table.dtype == np.float32
        ):
            shape = getattr(table, "shape", None)
            found = repr(table)[:60] if shape is None else f"{table.dtype} of shape {shape}"
            raise FormatError(f"the table of n-grams must be float32 with 2 axes, not {found}")
        if len(table) != len(self.ngrams):
            raise FormatError(
                f"the table of n-grams has {len(table):,} rows, and there are "
                f"{len(self.ngrams):,} n-grams"
            )
        if not isinstance(self.lengths, NgramRange):
            raise SettingsError(f"lengths must be an NgramRange, not {self.lengths!r:.60}")
        NgramRange.of(str(self.lengths))  # which refuses what cannot be
        require_share(self.share)
        if self.matrix not in get_args(Matrix):
            raise SettingsError(
                f"matrix is {self.matrix!r:.60}, not one of: {', '.join(get_args(Matrix))}"
            )
        if self.explained is not None and not (is_number(self.explained) and self.explained <= 1):
            raise SettingsError(
                f"explained must be a share of the variance, at most 1, not {self.explained!r:.60}"
            )

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.__post_init__()  # a pickle is checked as a file is

    @property
    def embedding_dim(self) -> int:
        """How many numbers a vector has."""
        return int(self.table.shape[1])

    @property
    def says_something(self) -> bool:
        """Whether the n-grams are known to say something of words' vectors, or not known not to."""
        return self.explained is None or says_something(self.explained)

    def turned(self, turn: Callable[[Rows], NDArray[np.float32]]) -> Self:
        """The same with the n-grams' vectors turned."""
        return replace(self, table=turn(self.table))

    def compacted(self, precision: Precision) -> Self:
        """The same with the n-grams' vectors in that precision."""
        return replace(self, table=with_precision(self.table, precision))

    def known_ngrams(self, word: str) -> NDArray[np.int64]:
        """The rows of the table that a word's n-grams have."""
        found = self.ngrams.find_each(ngrams_of(word, self.lengths))
        return found[found >= 0]

    def can_spell(self, word: str) -> bool:
        """Whether the table has an n-gram of this word, and says something."""
        return self.says_something and len(self.known_ngrams(word)) > 0

    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of an unknown word: (1 + a) A_c G."""
        if not self.says_something:
            raise UnknownWordError(
                f"{word!r:.60} is unknown, and the spelling of these words says nothing of their "
                "vectors"
            )
        rows = self.known_ngrams(word)
        if not len(rows):
            raise UnknownWordError(
                f"{word!r:.60} is unknown, and shares no n-gram of {self.lengths} characters with "
                "a known word"
            )
        with np.errstate(invalid="ignore", over="ignore"):
            total = self.table[rows].sum(axis=0, dtype=np.float64)
            vector: NDArray[np.float32]
            vector = ((1 + self.share) * scales_of(len(rows)) * total).astype(np.float32)
        if not np.isfinite(vector).all():
            raise FormatError(
                f"the vector of {word!r:.60}, made of its n-grams, holds a number that is nan or "
                "infinite; fix the vectors"
            )
        return vector


def require_share(share: Any, name: str = "share") -> None:
    """Refuse a share a that is no number from 0 to `MOST_SHARE`."""
    if not is_number(share) or not 0 <= share <= MOST_SHARE:
        raise SettingsError(f"{name} must be a number from 0 to {MOST_SHARE:g}, not {share!r:.60}")


def is_number(given: Any) -> bool:
    """Whether it is a finite number."""
    try:
        return isinstance(given, Real) and not isinstance(given, bool) and math.isfinite(given)
    except OverflowError:  # a whole number that no float holds
        return False
