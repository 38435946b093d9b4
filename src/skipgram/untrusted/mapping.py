"""Numbers of files in memory, read when they are looked at."""

import math
import mmap
import platform
import sys
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray

_IS_KNOWN = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")
_NO_RESERVE: int = getattr(mmap, "MAP_NORESERVE", 0x4000 if _IS_KNOWN else 0)
"""Without it Linux may refuse a map, as if all of it were written to and took memory. Python has
the name from 3.13 on."""


def private_map(
    file: BinaryIO, dtype: DTypeLike, shape: tuple[int, ...] | None = None, offset: int = 0
) -> NDArray[Any]:
    """Numbers of a file that stays: in this shape, or all of them.

    Writable to numpy, so that kernels are compiled once for both kinds of
    array; what one wrote would stay in memory and never reach the file.

    offset: in bytes, of the first number.
    """
    if shape is None:
        shape = _length(file, dtype)
    if 0 in shape:
        return np.empty(shape, dtype)
    first = offset - offset % mmap.ALLOCATIONGRANULARITY
    size = offset - first + np.dtype(dtype).itemsize * math.prod(map(int, shape))
    if sys.platform == "win32":
        memory = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_COPY, offset=first)
    else:
        flags = mmap.MAP_PRIVATE | _NO_RESERVE
        memory = mmap.mmap(file.fileno(), size, flags=flags, offset=first)
    return np.ndarray(shape, dtype, memory, offset - first)


def is_mapped(array: NDArray[Any]) -> bool:
    """Whether the numbers lie in a file."""
    base: Any = array
    while isinstance(base, np.ndarray):
        base = base.base
    return isinstance(base, mmap.mmap)


def _length(file: BinaryIO, dtype: DTypeLike) -> tuple[int]:
    return (file.seek(0, 2) // np.dtype(dtype).itemsize,)
