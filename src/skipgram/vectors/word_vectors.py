"""Word vectors: their words, one matrix or two, and how they are saved and handed on."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.system.paths import PathLike, as_path
from skipgram.untrusted.soundness import require_finite
from skipgram.vectors.approximate import ApproximateIndex
from skipgram.vectors.asked import enumeration
from skipgram.vectors.given import word_of, words_of
from skipgram.vectors.queries import Queries
from skipgram.vectors.rows import CompactRows, Precision, Rows, precision_of, with_precision
from skipgram.vectors.search import unit_rows
from skipgram.vectors.subwords.subwords import Subwords

Shown = Literal["center", "outside", "sum"]
"""Which matrix the vectors show: V, U, or U + V."""


@dataclass(frozen=True, eq=False)
class WordVectors(Queries):
    """The vectors of a vocabulary.

    center, outside: shape (vocab_size, embedding_dim), float32 or compact: V and
    U, row by id. noise, outside_marginal: shape (vocab_size,), float64, each
    sums to 1: P_n, and the share of the training pairs that each outside word
    has. Vectors of other tools have center rows alone, and counts of 0 where
    their files have none.
    about: where the vectors come from (settings, corpus, versions).

    No two words are equal, and no count is below 0. Numbers are not looked at
    here, since folders are mapped unread: searching and exporting refuse those
    that are nan or infinite.

    All arrays are read-only, so what is computed from them once stays true.
    """

    vocabulary: Vocabulary
    center: Rows
    outside: Rows | None = None
    noise: NDArray[np.float64] | None = None
    outside_marginal: NDArray[np.float64] | None = None
    shown: Shown = "center"
    about: dict[str, Any] = field(default_factory=dict)
    subwords: Subwords | None = None
    index: ApproximateIndex | None = None

    def __post_init__(self) -> None:
        if self.shown not in get_args(Shown):
            raise SettingsError(
                f"shown is {self.shown!r}, not one of: {', '.join(get_args(Shown))}"
            )
        if not isinstance(self.vocabulary, Vocabulary):
            raise SettingsError(
                f"vocabulary must be a Vocabulary of words and counts, not "
                f"{repr(self.vocabulary)[:60]}"
            )
        if not isinstance(self.center, np.ndarray | CompactRows):
            raise SettingsError(f"center must be an array, not {repr(self.center)[:60]}")
        if self.center.ndim != 2:
            raise FormatError(f"center has shape {self.center.shape}; it needs a row a word")
        self.vocabulary.require_sound("vocabulary")
        rows = (len(self.vocabulary), self.embedding_dim)
        for name in ("center", "outside", "noise", "outside_marginal"):
            self._require_array(name, rows if name in ("center", "outside") else rows[:1])
        self._require_parts(rows)
        if self.shown != "center" and self.outside is None:
            raise SettingsError(
                f"shown is {self.shown!r}, but these vectors have no outside matrix; show 'center'"
            )

    def _require_array(self, name: str, shape: tuple[int, ...]) -> None:
        """Refuse what is no array of numbers, a row or a number a word; and make it read-only."""
        array = getattr(self, name)
        if array is None:
            return
        if not isinstance(array, np.ndarray if len(shape) == 1 else np.ndarray | CompactRows):
            raise SettingsError(f"{name} must be an array, not {repr(array)[:60]}")
        if array.shape != shape:
            raise FormatError(f"{name} has shape {array.shape}; {shape[0]:,} words ask for {shape}")
        if isinstance(array, CompactRows):
            return
        if array.dtype.kind not in "fiu":
            raise FormatError(f"{name} is an array of {array.dtype}, not of numbers")
        if len(shape) == 1:
            require_finite(array, name, least=0)
        object.__setattr__(self, name, _frozen(array.view()))

    def _require_parts(self, rows: tuple[int, ...]) -> None:
        """Refuse what does not belong to rows of this shape."""
        if not isinstance(self.about, dict):
            raise SettingsError(f"about must be a dict, not {repr(self.about)[:60]}")
        for name, kind in {"subwords": Subwords, "index": ApproximateIndex}.items():
            part = getattr(self, name)
            if part is not None and not isinstance(part, kind):
                raise SettingsError(
                    f"{name} must be of type {kind.__name__}, not {repr(part)[:60]}"
                )
        if self.subwords is not None and self.subwords.rows.shape[1] != rows[1]:
            raise FormatError(
                f"the subwords have rows of {self.subwords.rows.shape[1]} numbers, and the vectors "
                f"have {rows[1]}"
            )
        if self.index is not None and (self.index.rows, self.index.columns) != rows:
            raise FormatError(
                f"the index is of {self.index.rows:,} rows of {self.index.columns} numbers, and "
                f"the vectors have {rows[0]:,} of {rows[1]}"
            )

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

    @property
    def precision(self) -> str:
        """What the numbers are kept as: float32, float16 or int8."""
        return precision_of(self.center)

    @cached_property
    def shown_rows(self) -> Rows:
        """The vectors that are shown, row by id, as they are kept."""
        if self.shown == "center" or self.outside is None:
            return self.center
        if self.shown == "outside":
            return self.outside
        return _frozen(np.asarray(self.center) + np.asarray(self.outside))

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """The vectors that are shown, in float32: shape (vocab_size, embedding_dim).

        Of compact vectors this is a copy of all, in two or four times their memory.
        """
        rows = self.shown_rows
        return rows if isinstance(rows, np.ndarray) else _frozen(np.asarray(rows))

    @cached_property
    def unit(self) -> NDArray[np.float32]:
        """`matrix` with rows of length 1, a row of zeros excepted: a copy of all."""
        return _frozen(unit_rows(self.shown_rows))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self.vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter(self.vocabulary)

    def __getitem__(self, words: str | Iterable[str]) -> NDArray[np.float32]:
        """The vector of a word, shape (embedding_dim,); of several, a row each.

        Where the vectors have subwords, an unknown word has a vector too, made
        of those.

        Raises
        ------
        UnknownWordError
            If words have no vector: names them, one with the nearest spellings.

        """
        if isinstance(words, str):
            return self.vector(words)
        several = words_of(words)
        ids = self.vocabulary.ids_of(several)
        unknown = [several[place] for place in np.flatnonzero(ids < 0).tolist()]
        if self.subwords is None and len(set(unknown)) > 1:
            raise UnknownWordError(
                f"{len(unknown):,} of {len(several):,} words are not in the vocabulary: "
                f"{enumeration([repr(word) for word in unknown])}"
            )
        if unknown:
            return np.stack([self.vector(word) for word in several])
        rows: NDArray[np.float32] = self.shown_rows[ids]
        return rows

    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of a word, or for an unknown one the mean of its subwords' vectors.

        Raises
        ------
        UnknownWordError
            If the word has no vector.

        """
        word = word_of(word)
        if self.subwords is not None and word not in self.vocabulary:
            return self.subwords.vector(word)
        # The vocabulary raises for a word that it does not have.
        row: NDArray[np.float32] = self.shown_rows[self.vocabulary.id(word)]
        return row

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[np.floating]:
        # NumPy 2 tells None, "if needed", from False, "never"; NumPy 1 knows False alone, as None.
        return np.array(self.matrix, dtype, copy=copy)

    def __deepcopy__(self, memo: dict[int, Any]) -> "WordVectors":
        return self  # nothing of it changes

    def __getstate__(self) -> dict[str, Any]:
        """What a copy in another process needs; the index is faiss's own, and stays."""
        return {item.name: getattr(self, item.name) for item in fields(self)} | {"index": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.__post_init__()  # what was pickled is as little known as a file

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self):,} words × {self.embedding_dim} numbers>"

    def save(self, folder: PathLike, *, overwrite: bool = False) -> None:
        """Write the native folder, whole or not at all."""
        from skipgram.vectors.formats import native  # the formats build on this module

        native.save(self, as_path(folder), overwrite=overwrite)

    def export(
        self,
        file: PathLike,
        *,
        format: str | None = None,
        overwrite: bool = False,
        observe: Callable[[int, int], None] = lambda done, total: None,
    ) -> None:
        """Write another tool's format, by name or else by the file's suffix: docs/formats.md.

        `observe` is called now and then with how many words are written, of how many.
        """
        from skipgram.vectors.formats import writing  # the formats build on this module

        writing.export(self, as_path(file), format, overwrite=overwrite, observe=observe)

    def compact(self, precision: Precision) -> "WordVectors":
        """The same vectors with numbers of `float16` or `int8` (and back, with `float32`).

        Half or a quarter of the memory and of the disk; docs/performance.md tells what is lost.
        """
        return replace(
            self,
            center=with_precision(self.center, precision),
            outside=None if self.outside is None else with_precision(self.outside, precision),
            index=None,
        )

    def with_index(self, **options: Any) -> "WordVectors":
        """The same vectors with an index, for `approximate=True`: see `ApproximateIndex.build`."""
        from skipgram.vectors.approximate import ApproximateIndex

        return replace(self, index=ApproximateIndex.build(self.search, **options))

    # Other libraries: each method imports its own.

    def to_gensim(self) -> Any:
        """Gensim's KeyedVectors, with the words, the shown vectors and the counts."""
        from skipgram.vectors import interop

        return interop.to_gensim(self)

    @classmethod
    def from_gensim(cls, keyed_vectors: Any) -> "WordVectors":
        """The vectors of gensim's KeyedVectors, or of a model that has them."""
        from skipgram.vectors import interop

        return interop.from_gensim(keyed_vectors)

    def to_torch(self, *, freeze: bool = True) -> Any:
        """An nn.Embedding with a row a word, by id."""
        from skipgram.vectors import interop

        return interop.to_torch(self, freeze=freeze)

    def to_spacy(self, nlp: Any = None) -> Any:
        """SpaCy's Vectors table; with a pipeline, put into its vocabulary."""
        from skipgram.vectors import interop

        return interop.to_spacy(self, nlp)

    def to_pandas(self) -> Any:
        """A DataFrame: a row a word, a column a number."""
        from skipgram.vectors import interop

        return interop.to_pandas(self)

    def to_arrow(self) -> Any:
        """A pyarrow Table with the columns word, count and vector."""
        from skipgram.vectors import interop

        return interop.to_arrow(self)


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
