"""Numbers of a whole corpus between two passes: in memory while they are few, else in a file."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.tokens.numbering import FrequentTypes
from skipgram.errors import SkipgramError
from skipgram.system.closing import Closing

MEMORY_BYTES = 1 << 26
_NARROW = 1 << 16
"""The numbers of this many types fit into 16 bits."""


class Chunk(NamedTuple):
    """A stretch of the corpus."""

    numbers: NDArray[np.int32] | NDArray[np.uint16]
    """shape (tokens,); they come back in 16 bits where these suffice"""
    line_ends: NDArray[np.int64]
    """shape (lines,): the tokens of the chunk before each line's end, rising"""
    types: NDArray[np.int32]
    """shape (chunk's types,): what each number stands for in the whole corpus"""
    frequent: FrequentTypes | None = None
    """the first numbers stand for these, those that follow for `types`"""


class Lookup:
    """What the numbers of chunks stand for, given what those of the whole corpus stand for.

    of_types: shape (types,), what each type stands for. numbers: of the types, rising; None if they
    are 0, 1, 2, ... Any other number is that of a forgotten type, which stands for 0.
    """

    def __init__(
        self, of_types: NDArray[np.int32], numbers: NDArray[np.int32] | None = None
    ) -> None:
        self._of_types = of_types
        self._numbers = numbers
        self._frequent: dict[FrequentTypes, NDArray[np.int32]] = {}

    def __call__(self, chunk: Chunk) -> NDArray[np.int32]:
        """Shape (chunk's types,)."""
        if chunk.frequent is None:
            return self._of(chunk.types) if len(chunk.types) else self._of_types
        if chunk.frequent not in self._frequent:
            self._frequent[chunk.frequent] = self._of(chunk.frequent.numbers)
        return np.concatenate([self._frequent[chunk.frequent], self._of(chunk.types)])

    def _of(self, wanted: NDArray[np.int32]) -> NDArray[np.int32]:
        if self._numbers is None:
            return self._of_types[wanted]
        places = np.searchsorted(self._numbers, wanted)
        places[places == len(self._numbers)] = 0
        return np.where(self._numbers[places] == wanted, self._of_types[places], np.int32(0))


class Spool(Closing):
    """Chunks, written once and then read as often as needed, in their order.

    The file has no name: it vanishes with the process, however that ends.
    """

    def __init__(self, folder: Path | None = None, memory_bytes: int = MEMORY_BYTES) -> None:
        self.folder = folder
        self.memory_bytes = memory_bytes
        self._sizes: list[tuple[int, int, int, FrequentTypes | None]] = []
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115  (closed by `close`)
            memory_bytes, dir=None if folder is None else str(folder)
        )

    def __len__(self) -> int:
        return len(self._sizes)

    def append(self, chunk: Chunk) -> None:
        """Write a chunk after the others."""
        numbers, line_ends, types, frequent = chunk
        self._sizes.append((len(numbers), len(line_ends), len(types), frequent))
        if _is_narrow(len(types), frequent):
            numbers = numbers.astype(np.uint16)
        with disk_errors(self.folder):
            for array in (numbers, line_ends, types):
                self._file.write(as_bytes(array))

    def __iter__(self) -> Iterator[Chunk]:
        with disk_errors(self.folder):
            self._file.seek(0)
        for tokens, lines, new_types, frequent in self._sizes:
            is_narrow = _is_narrow(new_types, frequent)
            kind: Any = np.uint16 if is_narrow else np.int32
            numbers = np.empty(tokens, kind)
            line_ends, types = np.empty(lines, np.int64), np.empty(new_types, np.int32)
            with disk_errors(self.folder):
                for array in (numbers, line_ends, types):
                    if self._file.readinto(as_bytes(array)) != array.nbytes:
                        raise OSError("it is shorter than what was written")
            yield Chunk(numbers, line_ends, types, frequent)

    def exchange(self, other: "Spool") -> None:
        """Swap chunks with another spool."""
        self._sizes, other._sizes = other._sizes, self._sizes
        self._file, other._file = other._file, self._file

    def close(self) -> None:
        """Discard the chunks."""
        self._file.close()


def _is_narrow(types: int, frequent: FrequentTypes | None) -> bool:
    known = 0 if frequent is None else len(frequent.numbers)
    return 0 < known + types <= _NARROW


def as_bytes(array: NDArray[Any]) -> memoryview:
    """An array's memory, to read or to write."""
    return array.data.cast("B") if len(array) else memoryview(bytearray())


@contextmanager
def disk_errors(folder: Path | None) -> Iterator[None]:
    """A full disk is for the user to fix, so it becomes an error of one line."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError("the encoded corpus cannot be mapped") from error
        place = folder or tempfile.gettempdir()
        raise SkipgramError(
            f"the encoded corpus cannot be written to {place} or read from it: "
            f"{error.strerror or error}"
        ) from error
