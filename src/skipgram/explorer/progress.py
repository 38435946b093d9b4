"""How far the making of a map has come."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LayoutProgress:
    """Some of a stage is done: `done` of `total` words, or of steps."""

    stage: str
    done: int
    total: int
    unit: str = "words"


@dataclass(frozen=True)
class LayoutNote:
    """Something about the map that its reader should know."""

    text: str


Observer = Callable[[LayoutProgress | LayoutNote], None]


def unobserved(event: LayoutProgress | LayoutNote) -> None:
    """For nobody who watches."""
