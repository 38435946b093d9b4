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


class Neighbors(list[Neighbor]):
    """Neighbours, nearest first: a list that prints as a table.

    spelled: those words of the query that have no vector of their own, but one made from
    their spelling.
    """

    def __init__(self, found: Iterable[Neighbor] = (), spelled: tuple[str, ...] = ()) -> None:
        super().__init__(found)
        self.spelled = spelled

    def __str__(self) -> str:
        width = max((len(neighbor.word) for neighbor in self), default=0)
        lines = [f"{neighbor.word:<{width}}  {neighbor.similarity:6.3f}" for neighbor in self]
        return "\n".join([*lines, *self._notes()])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = "".join(
            f"<tr><td>{escape(word)}</td><td>{similarity:.3f}</td></tr>"
            for word, similarity in self
        )
        notes = "".join(f"<p>{escape(note)}</p>" for note in self._notes())
        return f"<table><tr><th>word</th><th>similarity</th></tr>{rows}</table>{notes}"

    def _notes(self) -> list[str]:
        return [told_of_spelled(self.spelled)] if self.spelled else []


def told_of_spelled(words: Iterable[str]) -> str:
    """That the vectors of these words were made from their spelling."""
    return (
        f"not in the vocabulary; vectors made from the spelling: {', '.join(dict.fromkeys(words))}"
    )
