"""How kernels are compiled, and when a compiled one may be taken from the disk."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from numba import njit

_FLAGS: dict[str, Any] = {
    "nogil": True,  # threads train side by side
    # Sums may be reordered, so that they vectorise. Infinity and nan stay what they are: they
    # tell that a training went astray.
    "fastmath": {"reassoc", "contract", "arcp", "nsz"},
    "error_model": "numpy",  # no branch for each division
}


def inlined(function: Callable[..., Any]) -> Any:
    """A part of a kernel that makes no arrays, at no cost.

    An array is seven arguments to a call, and numba counts its references
    around each: in a loop over positions that took a third of the time. What
    makes no arrays needs neither.
    """
    return njit(forceinline=True, _nrt=False, **_FLAGS)(function)


def allocating(function: Callable[..., Any]) -> Any:
    """A part of a kernel that makes arrays."""
    return njit(**_FLAGS)(function)


def kernel(function: Callable[..., Any]) -> Any:
    """An entry point, kept on the disk in compiled form where there is a folder for it.

    Numba looks for a stale cache in the kernel's own file alone. So whatever a
    kernel uses of other files must be part of its closure: `sources_of`.
    """
    try:
        return njit(cache=True, **_FLAGS)(function)
    except RuntimeError:  # numba found no folder that it may write a cache to
        return njit(**_FLAGS)(function)


def sources_of(*files: str) -> int:
    """A number that changes with the text of these files, and of this one."""
    return zlib.crc32(b"".join(Path(file).read_bytes() for file in (*files, __file__)))
