"""An array that is made in parts, in any order and by several threads: in memory or in a file."""

import os
import threading
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import mapped
from skipgram.corpus.spool import as_bytes


class PlacedArray:
    """The parts of an array, each put where it belongs.

    A file is written with `pwrite` and mapped only when it is whole: a full
    disk is then an error that can be told.
    """

    def __init__(self, file: BinaryIO | None, dtype: str) -> None:
        self._file = file
        self._dtype = np.dtype(dtype)
        self._parts: dict[int, NDArray[Any]] = {}
        self._lock = threading.Lock()

    def put(self, part: NDArray[Any], start: int) -> None:
        """The elements from `start` on."""
        if self._file is None:
            if len(part):
                self._parts[start] = part
            return
        data, at = as_bytes(part), start * self._dtype.itemsize
        if not hasattr(os, "pwrite"):  # Windows
            with self._lock:
                self._file.seek(at)
                self._file.write(data)
            return
        while len(data):  # a call may write less than it was given
            written = os.pwrite(self._file.fileno(), data, at)
            data, at = data[written:], at + written

    def whole(self, length: int) -> NDArray[Any]:
        """All of it, once all parts have been put."""
        if self._file is None:
            parts = [self._parts.pop(start) for start in sorted(self._parts)]
            return np.concatenate(parts).astype(self._dtype, copy=False)
        self._file.flush()
        return mapped(self._file, self._dtype.str, length)
