"""What every reader of rows gives: words and rows, a stretch of the file at a time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.vectors.subwords.subwords import Subwords


class RowBlock(NamedTuple):
    """Words and rows in the order of the file."""

    text: NDArray[np.uint8]
    """the words' bytes as they are in the file, end to end"""
    ends: NDArray[np.int64]
    """shape (words,): where each ends"""
    rows: NDArray[np.float32]
    """shape (words, embedding_dim)"""
    counts: NDArray[np.int64] | None = None
    """shape (words,), where the file has counts"""


@dataclass
class RowStream:
    """The rows of a file, still to be read."""

    name: str
    format: str
    embedding_dim: int
    blocks: Iterator[RowBlock]
    place: Callable[[int], str]
    """the file and where in it a record stands, by the record's number from 0 on"""
    promised: int | None = None
    """how many records a header tells of"""
    subwords: Subwords | None = None
    """what makes vectors of unknown words"""
    labels: int = 0
    """entries of the file that are no words and have no vectors"""
    expected: int = 0
    """about how many rows there will be, never more than the file has room for"""
    is_packed: bool = False
    """whether the rows may be many times as long as the file"""

    def __post_init__(self) -> None:
        if self.embedding_dim < 1:
            raise FormatError(f"{self.name}: rows of {self.embedding_dim} numbers are no vectors")
