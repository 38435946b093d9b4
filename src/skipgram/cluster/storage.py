"""Arrays in a folder that all machines of a cluster see, by an fsspec URL.

What is written is read by its handle, which knows the type and the shape; a file that has another
size is refused. An access that fails is tried again, for half a minute.
"""

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import ClusterError
from skipgram.untrusted.opening import reason

WAITS = (0.1, 0.3, 1.0, 3.0, 10.0, 15.0)
"""Seconds before each new try."""
_TRIES_IF_MISSING = 4
"""Of these, for a file that is not there, or that a machine does not see yet."""

_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Stored:
    """Where an array is."""

    url: str
    dtype: str
    shape: tuple[int, ...]

    @property
    def nbytes(self) -> int:
        """Its size."""
        return int(np.prod(self.shape, dtype=np.int64)) * np.dtype(self.dtype).itemsize

    def read(self, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Its rows from start to stop, or all."""
        stop = self.shape[0] if stop is None else stop
        shape = (stop - start, *self.shape[1:])
        row = np.dtype(self.dtype).itemsize * int(np.prod(self.shape[1:], dtype=np.int64))
        if not row * shape[0]:
            return np.empty(shape, self.dtype)

        def read() -> bytes:
            files, path = _file_system(self.url)
            found: bytes = files.cat_file(path, start=start * row, end=stop * row)
            if len(found) != row * shape[0]:
                raise OSError(f"it has {len(found):,} bytes there and not {row * shape[0]:,}")
            return found

        # A copy: kernels are compiled for arrays that can be written.
        found = np.frombuffer(bytearray(_tried(read, self.url, "read")), self.dtype)
        return found.reshape(shape)


@dataclass(frozen=True)
class Storage:
    """A folder of one run, on whatever fsspec opens."""

    url: str

    def create(self) -> None:
        """An empty folder, which only the driver makes: a late worker must not bring it back."""
        self.clear()

        def create() -> None:
            files, path = _file_system(self.url)
            files.makedirs(path, exist_ok=True)

        _tried(create, self.url, "made")

    def write(self, array: NDArray[Any]) -> Stored:
        """Keep an array under a name that nobody else has: a call that is made twice writes two."""
        array = np.ascontiguousarray(array)
        url = f"{self.url}/{uuid.uuid4().hex}"

        def write() -> None:
            files, path = _file_system(url)
            files.pipe_file(path, array.tobytes())

        if array.nbytes:
            _tried(write, url, "written")
        return Stored(url, array.dtype.str, array.shape)

    def remove(self, *stored: Stored) -> None:
        """Discard arrays; one that is gone already is no matter."""

        def remove() -> None:
            for one in stored:
                files, path = _file_system(one.url)
                if one.nbytes and files.exists(path):
                    files.rm_file(path)

        _tried(remove, self.url, "tidied")

    def clear(self) -> None:
        """Discard the folder."""

        def clear() -> None:
            files, path = _file_system(self.url)
            if files.exists(path):
                files.rm(path, recursive=True)

        _tried(clear, self.url, "tidied")


def _file_system(url: str) -> tuple[Any, str]:
    from fsspec.core import url_to_fs

    files, path = url_to_fs(url, use_listings_cache=False)
    return files, path


def _tried(work: Callable[[], _Result], url: str, done: str) -> _Result:
    """What work gives, at the latest after some waiting."""
    number = 0
    while True:
        try:
            return work()
        except Exception as error:  # any type, depending on the library
            most = _TRIES_IF_MISSING if isinstance(error, FileNotFoundError) else len(WAITS)
            if number >= min(most, len(WAITS)) or isinstance(error, ImportError):
                raise ClusterError(
                    f"{url} cannot be {done}: {reason(error)}; cluster_storage "
                    "(--cluster-storage) must be a folder that the driver and all workers can read "
                    "and write"
                ) from error
        time.sleep(WAITS[number])
        number += 1
