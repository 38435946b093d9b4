"""Answers to queries: named tuples, and lists of them that print as a table."""

from html import escape
from typing import NamedTuple


class Neighbor(NamedTuple):
    """A word, and the cosine of its vector and the query's, in −1..1.

    With 3CosMul it is a quotient of products instead, which may exceed 1.
    """

    word: str
    similarity: float


class Neighbors(list[Neighbor]):
    """Neighbours, nearest first: a list that prints as a table."""

    def __str__(self) -> str:
        width = max((len(neighbor.word) for neighbor in self), default=0)
        return "\n".join(
            f"{neighbor.word:<{width}}  {neighbor.similarity:6.3f}" for neighbor in self
        )

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = "".join(
            f"<tr><td>{escape(word)}</td><td>{similarity:.3f}</td></tr>"
            for word, similarity in self
        )
        return f"<table><tr><th>word</th><th>similarity</th></tr>{rows}</table>"
