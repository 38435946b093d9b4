"""Answers to queries: named tuples, and lists of them that print as a table."""

from collections.abc import Iterable
from html import escape
from typing import NamedTuple


class Neighbor(NamedTuple):
    """A word, and the cosine of its vector and the query's, in −1..1.

    With 3CosMul it is a quotient of products instead, which may exceed 1.
    """

    word: str
    similarity: float


class Notes(NamedTuple):
    """What is to be said of words of a query that are not in the vocabulary."""

    spelled: tuple[str, ...] = ()
    """those whose vectors were made from their spelling"""
    read_as: tuple[tuple[str, str], ...] = ()
    """those looked up in the form that they had in training, each with it"""

    @classmethod
    def of_all(cls, notes: Iterable["Notes"]) -> "Notes":
        """Those of several words together."""
        notes = list(notes)
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


class Neighbors(list[Neighbor]):
    """Neighbours, nearest first: a list that prints as a table.

    notes: on words of the query that are not in the vocabulary.
    """

    def __init__(self, found: Iterable[Neighbor] = (), notes: Notes | None = None) -> None:
        super().__init__(found)
        self.notes = notes or Notes()

    @property
    def spelled(self) -> tuple[str, ...]:
        """Words of the query whose vectors were made from their spelling."""
        return self.notes.spelled

    @property
    def read_as(self) -> dict[str, str]:
        """Words of the query that were looked up in the form that they had in training."""
        return dict(self.notes.read_as)

    def __str__(self) -> str:
        width = max((len(neighbor.word) for neighbor in self), default=0)
        lines = [f"{neighbor.word:<{width}}  {neighbor.similarity:6.3f}" for neighbor in self]
        return "\n".join([*lines, *self.notes.told()])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = "".join(
            f"<tr><td>{escape(word)}</td><td>{similarity:.3f}</td></tr>"
            for word, similarity in self
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self.notes.told())
        return f"<table><tr><th>word</th><th>similarity</th></tr>{rows}</table>{notes}"
