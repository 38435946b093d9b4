"""What every reader of a file gives: words and rows, block by block.

Readers raise FormatError with the file and the place in it, at once or while the blocks are taken.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.vectors.subwords.subwords import Subwords


class RowBlock(NamedTuple):
    """Words and their rows, in the order of the file."""

    text: NDArray[np.uint8]
    """the words' bytes as in the file, end to end"""
    ends: NDArray[np.int64]
    """shape (words,): where each word ends"""
    rows: NDArray[np.float32]
    """shape (words, embedding_dim)"""
    counts: NDArray[np.int64] | None = None
    """shape (words,), if the file has counts"""


@dataclass
class RowStream:
    """The rows of a file, still to be read."""

    name: str
    format: str
    embedding_dim: int
    blocks: Generator[RowBlock]
    """to be closed, since threads may read ahead"""
    place: Callable[[int], str]
    """the file and the place in it of a record, given by its number from 0 on"""
    promised: int | None = None
    """how many records the header promises"""
    subwords: Subwords | None = None
    """what makes vectors for unknown words"""
    labels: int = 0
    """entries of the file that are labels, not words, and have no vectors"""
    expected: int = 0
    """about how many rows there will be, at most as many as the file has room for"""
    is_packed: bool = False
    """whether the rows may be many times larger than the file"""

    def __post_init__(self) -> None:
        if self.embedding_dim < 1:
            raise FormatError(f"{self.name}: rows of {self.embedding_dim} numbers are not vectors")
