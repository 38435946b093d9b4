"""Answers to queries: named tuples, lists of them that print as a table, and arrays."""

from collections.abc import Iterable
from html import escape
from typing import ClassVar, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError


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


_Answer = TypeVar("_Answer", bound=tuple[str, float])


class _Answers(list[_Answer]):
    """Words with a number each: a list that prints as a table."""

    number: ClassVar[str]
    decimals: ClassVar[int]

    def __init__(self, found: Iterable[_Answer] = (), spelled: tuple[str, ...] = ()) -> None:
        super().__init__(found)
        self.spelled = spelled

    def __str__(self) -> str:
        width = max((len(word) for word, _ in self), default=0)
        lines = [f"{word:<{width}}  {number:6.{self.decimals}f}" for word, number in self]
        return "\n".join([*lines, *self._notes()])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = "".join(
            f"<tr><td>{escape(word)}</td><td>{number:.{self.decimals}f}</td></tr>"
            for word, number in self
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<table><tr><th>word</th><th>{self.number}</th></tr>{rows}</table>{notes}"

    def _notes(self) -> list[str]:
        return [told_of_spelled(self.spelled)] if self.spelled else []


class Neighbors(_Answers[Neighbor]):
    """Neighbours, nearest first: a list that prints as a table.

    spelled: those words of the query that have no vector of their own, but one made from
    their spelling.
    """

    number, decimals = "similarity", 3


class Predictions(_Answers[Predicted]):
    """Outside words, most probable first: a list that prints as a table.

    spelled: those center words that have no vector of their own, but one made from their
    spelling.
    """

    number, decimals = "probability", 4


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


def told_of_spelled(words: Iterable[str]) -> str:
    """That the vectors of these words were made from their spelling."""
    return (
        f"not in the vocabulary; vectors made from the spelling: {', '.join(dict.fromkeys(words))}"
    )
