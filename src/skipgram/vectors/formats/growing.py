"""A matrix that grows by rows as they are read, in memory or in a file."""

import mmap
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SkipgramError
from skipgram.system.closing import Closing
from skipgram.system.nameless import nameless_file, shared_map

ROWS_AT_ONCE = 1 << 14
_CAN_GROW = sys.platform == "linux"
"""Elsewhere mapped memory cannot be enlarged."""


class GrowingRows(Closing):
    """Rows that are appended; no memory is used for rows that never come.

    columns: numbers in a row. expected: about how many rows there will be, at most as many as
    the file has bytes for; the system provides memory only as they are written. scratch: a
    folder for an unnamed file that holds the rows instead of memory.
    """

    def __init__(self, columns: int, expected: int, scratch: Path | None) -> None:
        self.length = 0
        self._columns = columns
        self._scratch = scratch
        with _disk_errors(scratch):
            self._file = None if scratch is None else nameless_file(scratch)
        self._rows = np.empty((0 if self._file else expected, columns), np.float32)
        self._memory: mmap.mmap | None = None

    def close(self) -> None:
        """Close the file without a name, if there is one."""
        if self._file is not None:
            self._file.close()  # its map stays valid

    def append(self, rows: NDArray[np.float32]) -> None:
        """Add rows at the end."""
        before, self.length = self.length, self.length + len(rows)
        if self._file is not None:
            with _disk_errors(self._scratch):
                self._file.write(np.ascontiguousarray(rows).data)
            return
        if self.length > len(self._rows):
            self._resize(max(self.length, len(self._rows) + len(self._rows) // 8))
        self._rows[before : self.length] = rows

    def keep(self, kept: NDArray[np.integer], rows_at_once: int = ROWS_AT_ONCE) -> None:
        """Keep only some of the rows, given by rising numbers: shape (kept,)."""
        rows = self._rows if self._file is None else self._mapped()
        for start in range(0, len(kept), rows_at_once):
            some = kept[start : start + rows_at_once]
            rows[start : start + len(some)] = rows[some]
        self.length = len(kept)

    def finished(self) -> NDArray[np.float32]:
        """All rows."""
        if self._file is not None:
            return self._mapped()
        if self.length < len(self._rows):
            self._resize(self.length)
        return self._rows

    def _resize(self, length: int) -> None:
        """Make room for this many rows, moving pages instead of copying them where possible."""
        shape = length, self._columns
        if self._memory is None and (not _CAN_GROW or len(self._rows)):
            self._rows.resize(shape, refcheck=False)  # nothing else refers to this array
            return
        size = max(1, 4 * length * self._columns)
        self._rows = np.empty((0, self._columns), np.float32)  # memory with a view cannot be moved
        if self._memory is None:
            self._memory = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        else:
            self._memory.resize(size)
        self._rows = np.ndarray(shape, np.float32, self._memory)

    def _mapped(self) -> NDArray[np.float32]:
        file: Any = self._file
        with _disk_errors(self._scratch):
            return shared_map(file, np.float32, (self.length, self._columns))


@contextmanager
def _disk_errors(folder: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SkipgramError(
            f"rows cannot be kept in a file in {folder}: {error.strerror or error}"
        ) from error
