"""Files without a name: what lies in one is gone when the process is, however that ends."""

import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import DTypeLike, NDArray


def nameless_file(folder: Path | None) -> BinaryIO:
    """A file on the disk of `folder`, or where the system keeps temporary files."""
    return tempfile.TemporaryFile(dir=folder)


def mapped(file: Any, dtype: DTypeLike) -> NDArray[Any]:
    """All numbers of a file that this process has written, read when they are looked at.

    They stay while the array does, even if the file is closed and has no name.
    Writable to numpy, so that kernels are compiled once for both kinds of
    array; what one wrote would stay in memory and never reach the file.
    """
    file.flush()
    if not file.seek(0, 2):
        return np.empty(0, dtype)
    return np.memmap(file, dtype, "c").view(np.ndarray)
