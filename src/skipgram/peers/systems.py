"""What every system of a comparison can do, ours among them."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from skipgram.errors import SkipgramError
from skipgram.peers.text import OneText
from skipgram.settings import Settings
from skipgram.vectors.word_vectors import WordVectors

Advance = Callable[[float], None]
"""Told now and then which share of a training is done."""


class SystemFailedError(SkipgramError):
    """A system's own training failed; the others go on."""


@dataclass(frozen=True)
class Trained:
    """What came of one training."""

    seed: int
    vectors: WordVectors
    """by the ids of the one vocabulary"""
    training_seconds: float
    """from the text as the system holds it to the vectors"""
    seconds: float
    """from the file of text to the vectors"""


class System(ABC):
    """Something that trains word vectors on a file of text."""

    name: str

    @property
    @abstractmethod
    def version(self) -> str:
        """Of the package."""

    @property
    def to_install(self) -> str:
        """What to give to `pip install`, or nothing where it is installed."""
        return ""

    @property
    def has_epochs(self) -> bool:
        """Whether it passes over the words of the text, so many times."""
        return True

    @abstractmethod
    def settings(self, like: Settings) -> dict[str, Any]:
        """Those settings under the names of this system."""

    @abstractmethod
    def train(self, text: OneText, like: Settings, seed: int, advance: Advance) -> Trained:
        """Train with these settings and this seed; what is compiled, is compiled before the clock.

        Raises SystemFailedError, or another SkipgramError, with the reason.
        """
