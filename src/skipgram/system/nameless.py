"""Files without a name: what lies in one is gone when the process is, however that ends."""

import math
import mmap
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray


def nameless_file(folder: Path | None) -> BinaryIO:
    """A file on the disk of `folder`, or where the system keeps temporary files."""
    return tempfile.TemporaryFile(dir=folder)


def shared_map(
    file: BinaryIO, dtype: DTypeLike, shape: tuple[int, ...] | None = None
) -> NDArray[Any]:
    """Numbers of a file without a name: in this shape, or all of them.

    They stay while the array does, even if the file is closed.
    What one writes goes to the file, so that the system asks for no memory.
    """
    file.flush()
    if shape is None:
        shape = (file.seek(0, 2) // np.dtype(dtype).itemsize,)
    if 0 in shape:
        return np.empty(shape, dtype)
    size = np.dtype(dtype).itemsize * math.prod(shape)
    return np.ndarray(shape, dtype, mmap.mmap(file.fileno(), size, access=mmap.ACCESS_WRITE))
