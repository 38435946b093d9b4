"""Words with their vectors: one matrix or two, checked when they are put together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.vocabulary.frequent import frequent_words
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import (
    FormatError,
    SettingsError,
    UnknownWordError,
    asked_for,
    similar_names,
)
from skipgram.settings.given_words import Word, is_word
from skipgram.telling.markup import paragraphs
from skipgram.untrusted.soundness import require_finite
from skipgram.vectors.approximate import ApproximateIndex
from skipgram.vectors.elsewhere import NamesElsewhere
from skipgram.vectors.given import word_of
from skipgram.vectors.origin import origin
from skipgram.vectors.rows import CompactRows, Rows, precision_of
from skipgram.vectors.subwords.speller import Speller
from skipgram.vectors.subwords.spelling import Spelling
from skipgram.vectors.tokenizing import form_of, tokenizer_of, tokens_of

Shown = Literal["center", "outside", "sum", "spelled"]
"""Which matrix the vectors show: V, U, U + V, or one of these with what the spelling says."""


@dataclass(frozen=True, eq=False, repr=False)
class Embedding(NamesElsewhere):
    """What a file of vectors holds; `WordVectors` describes the fields, and adds the queries."""

    vocabulary: Vocabulary
    center: Rows
    outside: Rows | None = None
    noise: NDArray[np.float64] | None = None
    outside_marginal: NDArray[np.float64] | None = None
    shown: Shown = "center"
    about: dict[str, Any] = field(default_factory=dict)
    subwords: Speller | None = None
    index: ApproximateIndex | None = None
    spelled: Rows | None = None
    phraser: Phraser | None = None

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
            raise FormatError(f"center has shape {self.center.shape}; it needs one row per word")
        self.vocabulary.require_sound("vocabulary")
        rows = (len(self.vocabulary), self.embedding_dim)
        for name in ("center", "outside", "spelled"):
            self._require_array(name, rows)
        for name in ("noise", "outside_marginal"):
            self._require_array(name, rows[:1])
        self._require_parts(rows)
        self._require_shown()

    def _require_shown(self) -> None:
        if self.shown in ("outside", "sum") and self.outside is None:
            raise SettingsError(
                f"shown is {self.shown!r}, but these vectors have no outside matrix; show 'center'"
            )
        if self.shown == "spelled" and self.spelled is None:
            raise SettingsError(
                "shown is 'spelled', but these vectors hold none that are; show 'center', or make "
                "some: vectors.with_spelling(), or `skipgram spell`"
            )

    def _require_array(self, name: str, shape: tuple[int, ...]) -> None:
        """Require an array of numbers, a row or a number for each word; make it read-only."""
        array = getattr(self, name)
        if array is None:
            return
        if not isinstance(array, np.ndarray if len(shape) == 1 else np.ndarray | CompactRows):
            raise SettingsError(f"{name} must be an array, not {repr(array)[:60]}")
        if array.shape != shape:
            raise FormatError(f"{name} has shape {array.shape}; {shape[0]:,} words need {shape}")
        if isinstance(array, CompactRows):
            return
        if array.dtype.kind not in "fiu":
            raise FormatError(f"{name} is an array of {array.dtype}, not of numbers")
        if len(shape) == 1:
            require_finite(array, name, least=0)
        object.__setattr__(self, name, _frozen(array.view()))

    def _require_parts(self, rows: tuple[int, ...]) -> None:
        """Require that `about`, subwords, index and phraser are such, and of rows of this shape."""
        if not isinstance(self.about, dict):
            raise SettingsError(f"about must be a dict, not {repr(self.about)[:60]}")
        for name, kind, told in (
            ("subwords", Speller, "Subwords or Spelling"),
            ("index", ApproximateIndex, ApproximateIndex.__name__),
            ("phraser", Phraser, Phraser.__name__),
        ):
            part = getattr(self, name)
            if part is not None and not isinstance(part, kind):
                raise SettingsError(f"{name} must be of type {told}, not {repr(part)[:60]}")
        if self.subwords is not None and self.subwords.embedding_dim != rows[1]:
            raise FormatError(
                f"the subwords have rows of {self.subwords.embedding_dim} numbers, and the vectors "
                f"have {rows[1]}"
            )
        spelling = self.subwords if isinstance(self.subwords, Spelling) else None
        if self.spelled is not None and spelling is None:
            raise SettingsError("there are spelled rows, but no spelling that they were made with")
        if spelling is not None and spelling.matrix != "center" and self.outside is None:
            raise SettingsError(
                f"the spelling was fitted to the {spelling.matrix!r} matrix, but these vectors "
                "have no outside matrix"
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
        """How often each word occurred, by id."""
        return self.vocabulary.counts

    @property
    def embedding_dim(self) -> int:
        """How many numbers a vector has."""
        return int(self.center.shape[1])

    @property
    def precision(self) -> str:
        """How the numbers are stored: float32, float16 or int8."""
        return precision_of(self.center)

    @cached_property
    def shown_rows(self) -> Rows:
        """The vectors that are shown, row by id, in their own precision."""
        rows = shown_of(self.center, self.outside, self.spelled, self.shown)
        return _frozen(rows) if isinstance(rows, np.ndarray) else rows

    @cached_property
    def matrix(self) -> NDArray[np.float32]:
        """The vectors that are shown, in float32: shape (vocab_size, embedding_dim).

        For compact vectors this is a full copy, in two or four times their memory.
        """
        rows = self.shown_rows
        return rows if isinstance(rows, np.ndarray) else _frozen(np.asarray(rows))

    def __len__(self) -> int:
        return len(self.vocabulary)

    def __contains__(self, word: object) -> bool:
        return word in self.vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter(self.vocabulary)

    @cached_property
    def speller(self) -> Speller | None:
        """What makes vectors of unknown words among those that are shown; None if nothing does."""
        spelling = self.subwords
        if not isinstance(spelling, Spelling) or self.shown == "spelled":
            return spelling
        return replace(spelling, share=0.0) if self.shown == spelling.matrix else None

    def can_spell(self, word: Word) -> bool:
        """Whether the word's spelling gives a vector, which it has if it is not `in` these words.

        Spelling is known to vectors from fastText's .bin, to those that were trained
        with n-grams, and to those from `with_spelling`.
        """
        return self.speller is not None and self.speller.can_spell(self.written_form(word_of(word)))

    def tokenize(self, text: str) -> list[str]:
        """The tokens of a text, as the training split its own, with the phrases that it found.

        Vectors that do not say how, as those of other tools, split at whitespace.

        Raises
        ------
        SettingsError
            If the training had a tokenizer of your own, or the text is none.

        """
        return tokens_of(text, tokenizer_of(self.about), self.phraser)

    def training_form(self, word: str) -> str | None:
        """The word that the training made of this one, if that is in the vocabulary.

        Where its tokenizer was `words`, or no word has a capital, that of "King" is "king", and
        where it joined phrases that of "new york" is "new_york". Queries look unknown words up so.
        """
        tokenizer = tokenizer_of(self.about)
        for written in dict.fromkeys([word, self.written_form(word)]):
            form = form_of(written, tokenizer, self.phraser) or written
            if form != word and form in self.vocabulary:
                return form
        return None

    def written_form(self, word: str) -> str:
        """The word in lower case, if no word of the vocabulary has a capital."""
        lower = word.lower()
        return lower if lower != word and self.vocabulary.is_lower_case else word

    def form_in_vocabulary(self, word: str) -> str:
        """The word, or where it is unknown the form that it had in training, if there is one."""
        return word if word in self.vocabulary else self.training_form(word) or word

    def vector(self, word: Word) -> NDArray[np.float32]:
        """The vector of a word, or of the form that an unknown one had in training.

        See `training_form`. A word without one has the vector of its spelling: see `can_spell`.

        Raises
        ------
        UnknownWordError
            If the word has no vector.

        """
        text = word_of(word)
        number = self.vocabulary.find(text)
        if number >= 0:
            known: NDArray[np.float32] = self.shown_rows[number]
            return known
        text = self.training_form(text) or text
        if self.speller is not None and text not in self.vocabulary:
            text = self.written_form(text)
            try:
                return self.speller.vector(text)
            except UnknownWordError as error:
                near = similar_names(text, self.words)
                raise UnknownWordError(f"{error}{asked_for(near)}", near) from None
        # The vocabulary raises for a word that it does not have; of an integer it tells more.
        is_number = is_word(word) and not isinstance(word, str)
        number = self.vocabulary.id(word if is_number else text)
        row: NDArray[np.float32] = self.shown_rows[number]
        return row

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[np.floating]:
        # In NumPy 2 None means "if needed" and False "never"; NumPy 1 has only False, "if needed".
        return np.array(self.matrix, dtype, copy=copy)

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # it never changes

    def __getstate__(self) -> dict[str, Any]:
        """What a copy in another process needs; faiss's index cannot be pickled, and stays here."""
        return {item.name: getattr(self, item.name) for item in fields(self)} | {"index": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self.__post_init__()  # a pickle is checked as a file is

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self):,} words × {self.embedding_dim} numbers>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the size, where they come from, the most frequent words."""
        vocabulary = self.vocabulary
        size = f"{repr(self)[1:-1]}, {self.precision}, shown: {self.shown}"
        return paragraphs([size, *origin(self.about)]) + frequent_words(
            vocabulary.words, vocabulary.counts, vocabulary.by_count
        )


def shown_of(center: Rows, outside: Rows | None, spelled: Rows | None, shown: Shown) -> Rows:
    """The rows that are shown: those of one matrix, or the sum of both in float32."""
    if shown == "spelled" and spelled is not None:
        return spelled
    if shown == "center" or outside is None:
        return center
    if shown == "outside":
        return outside
    both: NDArray[np.float32] = np.asarray(center) + np.asarray(outside)
    return both


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array
