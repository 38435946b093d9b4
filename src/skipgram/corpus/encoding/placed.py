"""The ids of a corpus and the ends of its lines, put together stretch by stretch."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import IDS, LINE_ENDS
from skipgram.corpus.encoding.spool import as_bytes, disk_errors
from skipgram.corpus.tokens import kernels
from skipgram.system.nameless import nameless_file, shared_map
from skipgram.untrusted.mapping import private_map


def renumbered(
    numbers: NDArray[Any], line_ends: NDArray[np.int64], ids_from_1: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The ids of the words that are kept, and where the lines end among them.

    ids_from_1: what each number becomes: its id plus 1, or 0 where it is left out.
    """
    kept, ends = np.empty(len(numbers), np.int32), np.empty_like(line_ends)
    tokens = kernels.renumber(numbers, line_ends, ids_from_1, kept, ends)
    return kept[:tokens], ends


class PlacedArray:
    """The parts of an array, each put where it belongs.

    A file is written with `pwrite` and mapped only when it is whole: a full disk is then an error,
    not a crash.

    file: None for memory.
    """

    def __init__(self, file: BinaryIO | None, dtype: str, *, is_nameless: bool = False) -> None:
        self._file = file
        self._is_nameless = is_nameless
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

    def whole(self) -> NDArray[Any]:
        """All of it, once all parts have been put."""
        if self._file is None:
            parts = [self._parts.pop(start) for start in sorted(self._parts)]
            return np.concatenate(parts).astype(self._dtype, copy=False)
        if self._is_nameless:
            return shared_map(self._file, self._dtype)
        self._file.flush()
        return private_map(self._file, self._dtype)


class PlacedCorpus:
    """The two arrays of a corpus, while they grow.

    place: the folder for the message if the disk is full.
    """

    def __init__(self, ids: PlacedArray, line_ends: PlacedArray, place: Path | None) -> None:
        self._ids, self._line_ends, self._place = ids, line_ends, place
        self._last_end = 0
        self.tokens = 0
        self.lines = 0
        self.longest = 0
        """tokens of the longest line"""

    def put(
        self,
        ids: NDArray[np.int32],
        line_ends: NDArray[np.int64],
        do: Callable[..., object] = lambda work, *arguments: work(*arguments),
    ) -> None:
        """Add a stretch: its ids, and where lines end among them; empty lines are left out.

        do: has the arrays written, perhaps by another thread.
        """
        ends = line_ends + self.tokens
        do(self._write, self._ids, ids, self.tokens)
        self.tokens += len(ids)
        if len(ends):
            lengths = ends.copy()
            lengths[1:] -= ends[:-1]
            lengths[0] -= self._last_end
            self.longest = max(self.longest, int(lengths.max()))
            self._last_end = int(ends[-1])
            ends = ends[lengths > 0]
        do(self._write, self._line_ends, ends, self.lines)
        self.lines += len(ends)

    def _write(self, array: PlacedArray, part: NDArray[Any], start: int) -> None:
        with disk_errors(self._place):
            array.put(part, start)

    def whole(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Both arrays, once everything is written."""
        with disk_errors(self._place):
            return self._ids.whole(), self._line_ends.whole()


@contextmanager
def placed_corpus(
    folder: Path | None, scratch: Path | None, *, in_memory: bool
) -> Iterator[PlacedCorpus]:
    """Room for a corpus: memory, files that stay in `folder`, or files without a name.

    scratch: the folder whose disk holds files without a name.
    """
    place = folder or scratch

    def room(name: str, dtype: str) -> PlacedArray:
        if in_memory:
            return PlacedArray(None, dtype)
        with disk_errors(place):
            file: Any = nameless_file(scratch) if folder is None else (folder / name).open("w+b")
        return PlacedArray(files.enter_context(file), dtype, is_nameless=folder is None)

    with ExitStack() as files:
        yield PlacedCorpus(room(IDS, "<i4"), room(LINE_ENDS, "<i8"), place)
