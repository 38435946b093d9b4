"""The door through which vectors of unknown words come, whoever makes them and of what."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Self

import numpy as np
from numpy.typing import NDArray

from skipgram.vectors.rows import Precision, Rows


class Speller(ABC):
    """What makes a vector of a word's spelling, in the space of some known words' vectors."""

    @property
    @abstractmethod
    def embedding_dim(self) -> int:
        """How many numbers a vector has."""

    @abstractmethod
    def can_spell(self, word: str) -> bool:
        """Whether there is a vector for this word."""

    @abstractmethod
    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of a word without one of its own; UnknownWordError if none can be made."""

    @abstractmethod
    def turned(self, turn: Callable[[Rows], NDArray[np.float32]]) -> Self:
        """The same for vectors that a linear map has turned."""

    def compacted(self, precision: Precision) -> Self:
        """The same with numbers in that precision, where they can be had in another."""
        return self
