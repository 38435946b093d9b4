"""Several arrays in one file of a storage, and one large array in several files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.cluster.storage import Storage, Stored

PIECE_BYTES = 1 << 26
_ALIGNED = 8


@dataclass(frozen=True)
class Bundle:
    """Where several arrays are."""

    stored: Stored
    layout: tuple[tuple[str, tuple[int, ...]], ...]
    """of each its type and its shape"""

    @classmethod
    def write(cls, storage: Storage, arrays: Sequence[NDArray[Any]]) -> "Bundle":
        """Keep arrays under one name."""
        layout = tuple((array.dtype.str, array.shape) for array in arrays)
        whole = np.zeros(sum(_room(array.nbytes) for array in arrays), np.uint8)
        at = 0
        for array in arrays:
            whole[at : at + array.nbytes] = np.frombuffer(np.ascontiguousarray(array), np.uint8)
            at += _room(array.nbytes)
        return cls(storage.write(whole), layout)

    def read(self) -> list[NDArray[Any]]:
        """The arrays; they share their memory."""
        whole, at = self.stored.read(), 0
        arrays = []
        for dtype, shape in self.layout:
            size = int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize
            arrays.append(whole[at : at + size].view(dtype).reshape(shape))
            at += _room(size)
        return arrays


def _room(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


@dataclass(frozen=True)
class Pieces:
    """Where one array is that may be larger than memory, in pieces of some rows each."""

    pieces: tuple[Stored, ...]
    rows: int
    """of each, but for the last"""
    dtype: str

    @classmethod
    def write(cls, storage: Storage, array: NDArray[Any]) -> "Pieces":
        """Keep an array of one dimension."""
        rows = PIECE_BYTES // array.itemsize
        begins = range(0, len(array), rows)
        pieces = tuple(storage.write(array[begin : begin + rows]) for begin in begins)
        return cls(pieces, rows, array.dtype.str)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """The elements from start to stop."""
        found = np.empty(stop - start, self.dtype)
        for number in range(start // self.rows, -(-stop // self.rows)):
            begin = number * self.rows
            first, last = max(start, begin), min(stop, begin + self.rows)
            found[first - start : last - start] = self.pieces[number].read(
                first - begin, last - begin
            )
        return found
