"""The bytes of a file, packed or not, in order, with errors that say where they end."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.errors import CorpusError, FormatError
from skipgram.system.closing import Closing
from skipgram.untrusted.opening import open_regular

_READ_BYTES = 1 << 20
_MISSING = "give a file of vectors, or a folder that `skipgram train` wrote"


class BytesOfFile(Closing):
    """Gzip, bzip2, xz and Zstandard are unpacked, known by content.

    No more is held than was asked for, and what a file claims to hold is never
    allocated before it is there. It is read `read_bytes` at a time.
    """

    def __init__(self, path: Path, *, read_bytes: int = _READ_BYTES) -> None:
        self.name = str(path)
        self._read_bytes = read_bytes
        self.position = 0
        """bytes given out so far, unpacked"""
        try:
            self._raw = open_regular(path)
        except FormatError as error:
            raise FormatError(f"{error}; {_MISSING}") from None
        try:
            with self._as_format_error():
                self._text = UnpackedText(self._raw, self.name)
        except BaseException:
            self._raw.close()
            raise
        self.size = None if self._text.packing else os.fstat(self._raw.fileno()).st_size
        """in bytes, or None where only reading it to its end would tell"""

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def fileno(self) -> int:
        """The descriptor of the file, packed as it is."""
        return self._raw.fileno()

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end; they are still to be read."""
        with self._as_format_error():
            return self._text.peek(size)

    def some(self, size: int | None = None) -> bytes:
        """The next bytes, at least one and at most `size`; none only at the end."""
        with self._as_format_error():
            piece = self._text.read(self._read_bytes if size is None else size)
        self.position += len(piece)
        return piece

    def exactly(self, size: int, what: str) -> bytearray:
        """So many bytes.

        Raises
        ------
        FormatError
            If the file ends before.

        """
        found = bytearray()
        begin = self.position
        if self.size is not None and begin + size > self.size:
            raise self._ends_inside(what, size, self.size - begin)
        while len(found) < size:
            piece = self.some(min(self._read_bytes, size - len(found)))
            if not piece:
                raise self._ends_inside(what, size, len(found))
            found += piece
        return found

    def numbers(self, shape: tuple[int, ...], dtype: str, what: str) -> NDArray[Any]:
        """An array of little-endian numbers; see `exactly`."""
        count = 1
        for length in shape:  # Python's own whole numbers: a claim may be beyond 64 bits
            if length < 0:
                raise FormatError(f"{self.name}, byte {self.position:,}: {what}: shape {shape}")
            count *= length
        raw = self.exactly(count * np.dtype(dtype).itemsize, what)
        return np.frombuffer(raw, dtype).reshape(shape)

    def until(self, end: bytes, most: int, what: str) -> bytes:
        """The bytes before the next `end`, which is read as well.

        Raises
        ------
        FormatError
            If none follows within `most` bytes.

        """
        size = 256
        while True:
            ahead = self.peek(size)
            place = ahead.find(end)
            if place >= 0:
                return bytes(self.exactly(place + 1, what)[:-1])
            if len(ahead) < size or size > most:
                raise FormatError(
                    f"{self.name}, byte {self.position:,}: no {what} that ends within {most:,} "
                    "bytes; the file is damaged, or of another format"
                )
            size *= 4

    def require_end(self) -> None:
        """Raise FormatError if anything follows."""
        if self.peek(1):
            raise FormatError(
                f"{self.name}, byte {self.position:,}: more follows than the file's header tells of"
            )

    def _ends_inside(self, what: str, size: int, found: int) -> FormatError:
        return FormatError(
            f"{self.name}, byte {self.position:,}: the file ends inside {what}: "
            f"{found:,} of {size:,} bytes are there"
        )

    @contextmanager
    def _as_format_error(self) -> Iterator[None]:
        try:
            yield
        except CorpusError as error:
            raise FormatError(str(error)) from error
