"""Word vectors: two matrices, their words, and what can be asked of them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skipgram.corpus.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError, SkipgramError
from skipgram.files import PathLike
from skipgram.vectors.neighbors import Neighbor, nearest, unit_rows

Shown = Literal["center", "outside", "sum"]
"""Which matrix the vectors show: V, U, or U + V."""

_NOTHING = 1e-6
"""A sum of unit vectors shorter than this is their float32 rounding."""


@dataclass(frozen=True, eq=False)
class WordVectors:
    """The vectors of a vocabulary.

    center, outside: shape (vocab_size, embedding_dim), float32: V and U, row
    by id. noise, outside_marginal: shape (vocab_size,), float64, each sums to
    1: P_n, and the share of the training pairs that each outside word has.
    about: where the vectors come from (settings, corpus, versions).

    All arrays are read-only, so what is computed from them once stays true.
    """

    vocabulary: Vocabulary
    center: NDArray[np.float32]
    outside: NDArray[np.float32]
    noise: NDArray[np.float64]
    outside_marginal: NDArray[np.float64]
    shown: Shown = "center"
    about: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.shown not in get_args(Shown):
            raise SettingsError(
                f"shown is {self.shown!r}, not one of: {', '.join(get_args(Shown))}"
            )
        if self.center.ndim != 2:
            raise FormatError(f"center has shape {self.center.shape}; it needs a row a word")
        words = len(self.vocabulary)
        rows = (words, self.embedding_dim)
        for name, shape in {
            "center": rows,
            "outside": rows,
            "noise": (words,),
            "outside_marginal": (words,),
        }.items():
            array = getattr(self, name)
            if array.shape != shape:
                raise FormatError(
                    f"{name} has shape {array.shape}; {words:,} words ask for {shape}"
                )
            object.__setattr__(self, name, _frozen(array.view()))

    @property
    def words(self) -> Sequence[str]:
        """All words, by id."""
        return self.vocabulary.words

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each word was seen, by id."""
        return self.vocabulary.counts

    @property
    def embedding_dim(self) -> int:
        """The numbers in a vector."""
        return int(self.center.shape[1])

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """The vectors that are shown, row by id: shape (vocab_size, embedding_dim)."""
        if self.shown == "sum":
            return _frozen(self.center + self.outside)
        return self.center if self.shown == "center" else self.outside

    @cached_property
    def unit(self) -> NDArray[np.float32]:
        """`matrix` with rows of length 1, a row of zeros excepted."""
        return _frozen(unit_rows(self.matrix))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def __contains__(self, word: object) -> bool:
        return word in self.vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter(self.vocabulary)

    def __getitem__(self, words: str | Sequence[str]) -> NDArray[np.float32]:
        """The vector of a word, shape (embedding_dim,); of several, a row each."""
        if isinstance(words, list | tuple):
            return self.matrix[[self.vocabulary.id(word) for word in words]]
        # What is neither is no word of the vocabulary, which says so.
        row: NDArray[np.float32] = self.matrix[self.vocabulary.id(cast(str, words))]
        return row

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[np.floating]:
        # NumPy 2 tells None, "if needed", from False, "never"; NumPy 1 knows False alone, as None.
        return np.array(self.matrix, dtype, copy=copy)

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self):,} words × {self.embedding_dim} numbers>"

    def similarity(self, one: str, other: str) -> float:
        """The cosine of two words' vectors, in −1..1."""
        cosine = self.unit[self.vocabulary.id(one)] @ self.unit[self.vocabulary.id(other)]
        return float(cosine.clip(-1, 1))

    def most_similar(
        self, positive: str | Iterable[str], negative: str | Iterable[str] = (), k: int = 10
    ) -> list[Neighbor]:
        """The k words nearest to the sum of unit vectors, `negative` ones subtracted.

        The words of the query are not among the answers. A word that is given
        twice counts twice; one that is added and subtracted cancels out.

        Raises
        ------
        UnknownWordError
            With the nearest spellings, if a word is not in the vocabulary.
        SettingsError
            If k is below 1, or no word is given.
        SkipgramError
            If the query's vectors cancel out, or are zero.

        """
        if not isinstance(k, Integral):
            raise SettingsError(f"k must be a whole number, not {k!r}")
        if k < 1:
            raise SettingsError(f"k must be at least 1, not {k}")
        added = [self.vocabulary.id(word) for word in _as_words(positive)]
        taken = [self.vocabulary.id(word) for word in _as_words(negative)]
        if not added and not taken:
            raise SettingsError("no word to find neighbours of")
        weights = Counter(added)
        weights.subtract(taken)
        query = np.array(list(weights.values()), np.float64) @ self.unit[list(weights)]
        if np.linalg.norm(query) < _NOTHING:
            raise SkipgramError("the query's vectors add up to zero, which has no neighbours")
        ids, similarities = nearest(self.unit, query, int(k), leave_out=added + taken)
        return [
            Neighbor(self.words[number], float(similarity))
            for number, similarity in zip(ids, similarities, strict=True)
        ]

    def analogy(self, a: str, b: str, c: str, k: int = 1) -> list[Neighbor]:
        """The k words nearest to b − a + c: a is to b as c is to them (3CosAdd).

        Source: Mikolov, Yih & Zweig 2013.
        """
        return self.most_similar([b, c], [a], k)

    def save(self, folder: PathLike, *, overwrite: bool = False) -> None:
        """Write the native folder, whole or not at all."""
        from skipgram.vectors.formats import native  # the formats build on this module

        native.save(self, Path(folder), overwrite=overwrite)

    def export(self, file: PathLike, *, overwrite: bool = False) -> None:
        """Write another tool's format, by the file's suffix: .txt and .vec, or .bin."""
        from skipgram.vectors.formats import word2vec  # the formats build on this module

        word2vec.export(self, Path(file), overwrite=overwrite)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


def _as_words(words: str | Iterable[str]) -> list[str]:
    return [words] if isinstance(words, str) else list(words)
