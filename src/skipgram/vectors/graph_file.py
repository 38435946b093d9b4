"""faiss's file of an index, checked before faiss opens it: faiss trusts what it reads.

It allocates any length that the file claims, and follows links out of bounds.
So all that a walk on the graph depends on is compared with the file's size,
with the vectors and with each other:

    "IHNf", header                    the graph's: columns, rows, trained, inner product
    float64[], int32[levels + 1]      probabilities of levels; where the links of each level begin
    int32[rows]                       how many levels each row is on
    uint64[rows + 1], int32[]         where the links of each row begin; the links, or -1
    int32 × 5                         the entry, its level, and efforts
    "IxFI", header, float32[]         the rows, of length 1

Each array follows its length, uint64.
"""

import math
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.untrusted.opening import map_numbers, open_regular
from skipgram.vectors.rows import Rows
from skipgram.vectors.search import unit_rows

_MOST_LEVELS = 64
_MOST_LINKS = 1 << 20
"""of a row, on all levels"""
_AT_ONCE = 1 << 20
_NODES_AT_ONCE = 1 << 12
_COMPARED = 256
_INNER_PRODUCT = 0
_LONGEST = 1.001
"""The largest number of a row of length 1, but for rounding."""

SomeRows = Callable[[NDArray[np.integer]], Rows]
"""Gives rows by their ids."""


class UnsoundError(Exception):
    """What is wrong with an index: how a sentence ends that begins with the file's name."""


def checksum_of(file: Path) -> int:
    """CRC-32 of a file, which must be a regular one."""
    checksum = 0
    with open_regular(file) as opened:
        while piece := opened.read(_AT_ONCE):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def require_sound(file: Path, shape: tuple[int, int], rows: SomeRows) -> None:
    """Raise UnsoundError if a file is not an index, by cosine, of these rows; shape (rows, dim)."""
    with open_regular(file) as opened:
        size = opened.seek(0, 2)
    bytes_ = _Bytes(map_numbers(file, np.uint8, (size,)))
    _require_header(bytes_, b"IHNf", shape)
    _require_graph(bytes_, shape[0])
    _require_header(bytes_, b"IxFI", shape)
    kept = bytes_.array(np.float32, math.prod(shape)).reshape(shape)
    bytes_.require_end()
    _require_rows(kept, rows)


class _Bytes:
    """Numbers and arrays, one after the other, never beyond the end of the file."""

    def __init__(self, mapped: NDArray[np.uint8]) -> None:
        self._mapped = mapped
        self._at = 0

    def take(self, dtype: type[np.generic], count: int) -> NDArray[Any]:
        end = self._at + count * np.dtype(dtype).itemsize
        if end > len(self._mapped):
            raise UnsoundError("not a faiss index, or truncated: it ends too early")
        found = self._mapped[self._at : end].view(dtype)
        self._at = end
        return found

    def number(self, dtype: type[np.generic] = np.int32) -> int:
        return int(self.take(dtype, 1)[0])

    def array(self, dtype: type[np.generic], count: int | None = None) -> NDArray[Any]:
        """An array that follows its length, which must be `count` if that is known."""
        length = self.number(np.uint64)
        if count is not None and length != count:
            raise UnsoundError(f"damaged: {length:,} numbers where {count:,} should be")
        return self.take(dtype, length)

    def require_end(self) -> None:
        if self._at != len(self._mapped):
            raise UnsoundError("damaged: more data follows than an index has")


def _require_header(file: _Bytes, kind: bytes, shape: tuple[int, ...]) -> None:
    found = file.take(np.uint8, 4).tobytes()
    columns, rows = file.number(), file.number(np.int64)
    file.take(np.int64, 2)
    is_trained, metric = file.number(np.uint8), file.number()
    if found != kind or is_trained != 1 or metric != _INNER_PRODUCT:
        raise UnsoundError("not a faiss index by cosine (HNSW, flat)")
    if (rows, columns) != shape:
        raise UnsoundError("of other vectors")


def _require_graph(file: _Bytes, rows: int) -> None:
    """Require that every row, level and link that a walk can reach is there."""
    file.array(np.float64)
    begins = file.array(np.int32).astype(np.int64)
    if not 2 <= len(begins) <= _MOST_LEVELS or begins[0] or not _rises(begins):
        raise UnsoundError("damaged: the links of its levels do not follow one another")
    levels = file.array(np.int32, rows)
    if rows and not (levels.min() >= 1 and levels.max() < len(begins)):
        raise UnsoundError("damaged: a word is on no level, or on one that does not exist")
    starts = file.array(np.uint64, rows + 1)
    if not np.array_equal(starts, np.append(0, np.cumsum(begins[levels])).astype(np.uint64)):
        raise UnsoundError("damaged: the links of its words do not follow one another")
    links = file.array(np.int32, int(starts[-1]))
    for start in range(0, len(links), _AT_ONCE):
        some = links[start : start + _AT_ONCE]
        if some.min() < -1 or some.max() >= rows:
            raise UnsoundError("damaged: a link leads to no word")
    _require_levels(begins, levels, starts.astype(np.int64), links)
    entry, top = file.number(), file.number()
    file.take(np.int32, 3)
    if not (0 <= entry < rows and top == levels[entry] - 1):
        raise UnsoundError("damaged: it has no entry")


def _rises(begins: NDArray[np.int64]) -> bool:
    return bool((begins[1:] > begins[:-1]).all()) and begins[-1] <= _MOST_LINKS


def _require_levels(
    begins: NDArray[np.int64],
    levels: NDArray[np.int32],
    starts: NDArray[np.int64],
    links: NDArray[np.int32],
) -> None:
    """Require that a link leads to a word on the same level, whose links are followed next."""
    for level in range(1, int(levels.max(initial=0))):
        of_level = np.arange(begins[level], begins[level + 1])
        nodes = np.flatnonzero(levels > level)
        for first in range(0, len(nodes), _NODES_AT_ONCE):
            places = starts[nodes[first : first + _NODES_AT_ONCE], None] + of_level
            linked = links[places]
            if not (levels[linked[linked >= 0]] > level).all():
                raise UnsoundError("damaged: a link leads to a word that is not on its level")


def _require_rows(kept: NDArray[np.float32], rows: SomeRows) -> None:
    """Require that a sample of the rows is the vectors': a new training changes all of them."""
    flat = kept.reshape(-1)
    for start in range(0, len(flat), _AT_ONCE):
        # Written so that nan, which no comparison holds for, is refused as well.
        if not np.abs(flat[start : start + _AT_ONCE]).max(initial=0) <= _LONGEST:
            raise UnsoundError("damaged: a row is not of length 1")
    sample = np.unique(np.linspace(0, len(kept) - 1, _COMPARED).astype(np.int64))
    if not np.allclose(kept[sample], unit_rows(rows(sample)), atol=1e-5):
        raise UnsoundError("of other vectors")
