"""How the use of words changed: named tuples, and lists of them that print as a table."""

from typing import NamedTuple

from skipgram.telling.escaping import visible
from skipgram.telling.markup import table
from skipgram.telling.wording import padded, width_on_screen

_SHOWN = 5
"""Neighbours that came, and that went."""


class Change(NamedTuple):
    """How the use of a word changed from the source to the target."""

    word: str
    similarity: float
    """the cosine of its two vectors, after the rotation"""
    overlap: float
    """the share of its nearest words that are the same in both"""
    gained: tuple[str, ...]
    """near it only in the target, nearest first"""
    lost: tuple[str, ...]
    """near it only in the source, nearest first"""


class Changes(list[Change]):
    """Changes, the greatest first: a list that prints as a table."""

    def __str__(self) -> str:
        words = [visible(change.word) for change in self]
        width = max(map(width_on_screen, words), default=0)
        return "\n".join(
            f"{padded(word, width)}  {change.similarity:6.3f}  {change.overlap:4.0%}  "
            f"gained: {visible(_first(change.gained))}; lost: {visible(_first(change.lost))}"
            for word, change in zip(words, self, strict=True)
        )

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = [
            (
                change.word,
                f"{change.similarity:.3f}",
                f"{change.overlap:.0%}",
                _first(change.gained),
                _first(change.lost),
            )
            for change in self
        ]
        return table(["word", "cosine", "common", "gained", "lost"], rows, "lrr")


def _first(words: tuple[str, ...]) -> str:
    return " ".join(words[:_SHOWN])
