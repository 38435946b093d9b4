"""Answers to queries: named tuples, lists of them that print as a table, and arrays."""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.telling.escaping import visible
from skipgram.telling.markup import bar, paragraphs, table
from skipgram.telling.wording import padded, width_on_screen


class Neighbor(NamedTuple):
    """A word, and the cosine of its vector and the query's, in −1..1.

    With 3CosMul it is a quotient of products instead, which may exceed 1.
    """

    word: str
    similarity: float


class Predicted(NamedTuple):
    """An outside word, and its probability given the center words."""

    word: str
    probability: float


class Notes(NamedTuple):
    """What is to be said of words of a query that are not in the vocabulary."""

    spelled: tuple[str, ...] = ()
    """those whose vectors were made from their spelling"""
    read_as: tuple[tuple[str, str], ...] = ()
    """those looked up in the form that they had in training, each with it"""

    @classmethod
    def of_all(cls, notes: Iterable["Notes"]) -> "Notes":
        """Those of several words together."""
        notes = list(filter(None, notes))
        if not notes:
            return NO_NOTES
        return cls(
            tuple(word for each in notes for word in each.spelled),
            tuple(pair for each in notes for pair in each.read_as),
        )

    def __bool__(self) -> bool:
        return bool(self.spelled or self.read_as)

    def told(self) -> list[str]:
        """The notes as sentences."""
        told = []
        if self.read_as:
            pairs = ", ".join(f"{given} as {form}" for given, form in dict(self.read_as).items())
            told.append(f"looked up in the form of the training: {pairs}")
        if self.spelled:
            words = ", ".join(dict.fromkeys(self.spelled))
            told.append(f"not in the vocabulary; vectors made from the spelling: {words}")
        return told


NO_NOTES = Notes()

_Answer = TypeVar("_Answer", bound=tuple[str, float])


class _Answers(list[_Answer]):
    """Words with a number each: a list that prints as a table.

    notes: on words of the query that are not in the vocabulary.
    """

    number: ClassVar[str]
    decimals: ClassVar[int]
    full_bar: ClassVar[float]  # what fills a bar in a notebook, unless a number exceeds it

    def __init__(self, found: Iterable[_Answer] = (), notes: Notes | None = None) -> None:
        super().__init__(found)
        self.notes = notes or NO_NOTES

    @property
    def spelled(self) -> tuple[str, ...]:
        """Words of the query whose vectors were made from their spelling."""
        return self.notes.spelled

    @property
    def read_as(self) -> dict[str, str]:
        """Words of the query that were looked up in the form that they had in training."""
        return dict(self.notes.read_as)

    def __str__(self) -> str:
        words = [visible(word) for word, _ in self]
        width = max(map(width_on_screen, words), default=0)
        lines = [
            f"{padded(word, width)}  {number:6.{self.decimals}f}"
            for word, (_, number) in zip(words, self, strict=True)
        ]
        return "\n".join([*lines, *map(visible, self.notes.told())])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        full = max([self.full_bar, *(number for _, number in self)]) or 1.0
        rows = [(word, f"{number:.{self.decimals}f}", bar(number / full)) for word, number in self]
        return table(["word", self.number, ""], rows, "lr") + paragraphs(self.notes.told())


class Neighbors(_Answers[Neighbor]):
    """Neighbours, nearest first: a list that prints as a table.

    notes: on words of the query that are not in the vocabulary.
    """

    number, decimals, full_bar = "similarity", 3, 1.0


class Predictions(_Answers[Predicted]):
    """Outside words, most probable first: a list that prints as a table.

    notes: on center words that are not in the vocabulary.
    """

    number, decimals, full_bar = "probability", 4, 0.0


class NeighborArrays(NamedTuple):
    """The neighbours of each query, nearest first.

    ids: shape (queries, k), int64, −1 where there is no answer; words are `vectors.words[id]`.
    similarities: of the same shape, float32, nan where there is no answer.
    """

    ids: NDArray[np.int64]
    similarities: NDArray[np.float32]

    @classmethod
    def without_answers(cls, queries: int, k: int) -> Self:
        """Arrays to be filled in."""
        try:
            ids = np.full((queries, k), -1, np.int64)
            return cls(ids, np.full((queries, k), np.nan, np.float32))
        except (MemoryError, ValueError):  # NumPy has limits of its own
            raise SettingsError(
                f"{queries:,} queries with {k:,} answers each need more memory than there is; "
                "lower k"
            ) from None
