"""Numbers of a whole corpus between two passes: in memory while they are few, else in a file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SkipgramError

MEMORY_BYTES = 1 << 26
_NARROW = 1 << 16
"""The numbers of so many types fit into 16 bits."""


class Chunk(NamedTuple):
    """A stretch of the corpus."""

    numbers: NDArray[np.int32]
    """shape (tokens,)"""
    line_ends: NDArray[np.int64]
    """shape (lines,): the tokens of the chunk before each line's end, rising"""
    types: NDArray[np.int32]
    """shape (chunk's types,): what each number stands for in the whole corpus"""


class Spool:
    """Chunks, written once and then read as often as one likes, in their order.

    The file has no name: it is gone when the process is, however that ends.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._sizes: list[tuple[int, int, int]] = []
        self._file = tempfile.SpooledTemporaryFile(MEMORY_BYTES, dir=folder)  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._sizes)

    def append(self, chunk: Chunk) -> None:
        """Write a chunk behind the others.

        Raises
        ------
        SkipgramError
            If the disk is full, say, with where it lies.

        """
        narrow = chunk.numbers.astype(np.uint16) if 0 < len(chunk.types) <= _NARROW else None
        self._sizes.append((len(chunk.numbers), len(chunk.line_ends), len(chunk.types)))
        with disk_errors(self.folder):
            for array in (chunk.numbers if narrow is None else narrow, *chunk[1:]):
                self._file.write(_as_bytes(array))

    def __iter__(self) -> Iterator[Chunk]:
        with disk_errors(self.folder):
            self._file.seek(0)
        for numbers, lines, types in self._sizes:
            chunk = Chunk(
                np.empty(numbers, np.uint16 if 0 < types <= _NARROW else np.int32),
                np.empty(lines, np.int64),
                np.empty(types, np.int32),
            )
            with disk_errors(self.folder):
                for array in chunk:
                    self._file.readinto(_as_bytes(array))
            yield chunk._replace(numbers=chunk.numbers.astype(np.int32, copy=False))

    def close(self) -> None:
        """Let the chunks go."""
        self._file.close()


def _as_bytes(array: NDArray[Any]) -> memoryview:
    return memoryview(array).cast("B") if len(array) else memoryview(bytearray())


@contextmanager
def disk_errors(folder: Path | None) -> Iterator[None]:
    """A full disk is the user's to mend, and so one line of the error family."""
    try:
        yield
    except OSError as error:
        place = folder or tempfile.gettempdir()
        raise SkipgramError(
            f"the corpus's numbers cannot be written to {place} or read from there: "
            f"{error.strerror or error}"
        ) from error
