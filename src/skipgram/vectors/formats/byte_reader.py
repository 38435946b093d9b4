"""The bytes of a file, compressed or not, in order, with errors that say where they end."""

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
    """A file, read `read_bytes` at a time; gzip, bzip2, xz and Zstandard are unpacked.

    No more is held than was asked for, and nothing is allocated for what a file
    only claims to hold.
    """

    def __init__(self, path: Path, *, read_bytes: int = _READ_BYTES) -> None:
        self.name = str(path)
        self._read_bytes = read_bytes
        self.position = 0
        """unpacked bytes given out so far"""
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
        """in bytes, or None where it is known only after reading to the end"""

    def close(self) -> None:
        """Close the file."""
        self._raw.close()

    def fileno(self) -> int:
        """The descriptor of the file, still packed."""
        return self._raw.fileno()

    def peek(self, size: int) -> bytes:
        """The next bytes, fewer only at the end, without moving on."""
        with self._as_format_error():
            return self._text.peek(size)

    def some(self, size: int | None = None) -> bytes:
        """The next bytes, at most `size`; none only at the end."""
        with self._as_format_error():
            piece = self._text.read(self._read_bytes if size is None else size)
        self.position += len(piece)
        return piece

    def exactly(self, size: int, what: str) -> bytearray:
        """The next `size` bytes; FormatError, naming `what` they are, if the file ends before."""
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
        for length in shape:  # as Python's int: a claim may exceed 64 bits
            if length < 0:
                raise FormatError(f"{self.name}, byte {self.position:,}: {what}: shape {shape}")
            count *= length
        raw = self.exactly(count * np.dtype(dtype).itemsize, what)
        return np.frombuffer(raw, dtype).reshape(shape)

    def until(self, end: bytes, most: int, what: str) -> bytes:
        """The bytes before the next `end`, which is read too; FormatError if it is not near."""
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
                f"{self.name}, byte {self.position:,}: more data follows than the file's header "
                "promises"
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
