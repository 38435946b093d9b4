"""How kernels are compiled, and when a compiled one may be loaded from disk."""

import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, overload

from numba import njit
from numba.core.caching import FunctionCache, IndexDataCacheFile

_CHECKSUM_BYTES = 4
_FLAGS: dict[str, Any] = {
    "nogil": True,  # threads train side by side
    # Sums may be reordered, so that they vectorise. Infinity and nan keep their meaning: they
    # show that a training has diverged.
    "fastmath": {"reassoc", "contract", "arcp", "nsz"},
    "error_model": "numpy",  # no branch for each division
}


def inlined(function: Callable[..., Any]) -> Any:
    """A part of a kernel that makes no arrays: calling it costs nothing.

    Otherwise each array is seven arguments, and numba counts its references around
    every call: in a loop over positions that took a third of the time.
    """
    return njit(forceinline=True, _nrt=False, **_FLAGS)(function)


def allocating(function: Callable[..., Any]) -> Any:
    """A part of a kernel that makes arrays."""
    return njit(**_FLAGS)(function)


@overload
def kernel(
    function: Callable[..., Any], *, depends_on: Sequence[ModuleType] = (), as_written: bool = False
) -> Any: ...
@overload
def kernel(
    *, depends_on: Sequence[ModuleType] = (), as_written: bool = False
) -> Callable[[Callable[..., Any]], Any]: ...
def kernel(
    function: Callable[..., Any] | None = None,
    *,
    depends_on: Sequence[ModuleType] = (),
    as_written: bool = False,
) -> Any:
    """An entry point, whose compiled form is kept on disk where a folder can be written.

    depends_on: the modules whose parts it uses. Numba's cache is stale once the kernel's own
    file has changed; this one also once any of these has. as_written: with the sums in the order
    of the code, so that NumPy finds the same bits.
    """
    if function is None:
        return partial(kernel, depends_on=depends_on, as_written=as_written)
    compiled = njit(**_FLAGS | ({"fastmath": False} if as_written else {}))(function)
    with suppress(RuntimeError):  # numba found no folder to write a cache to
        compiled._cache = _Cache(function, depends_on)
    return compiled


class _Cache(FunctionCache):  # type: ignore[misc]  # numba has no types
    """Numba's cache of a kernel, whose failures cost a recompilation and nothing else."""

    def __init__(self, function: Callable[..., Any], depends_on: Sequence[ModuleType]) -> None:
        super().__init__(function)
        place = self._impl.locator
        stamp = place.get_source_stamp(), _sources_of(depends_on)
        self._cache_file = _CheckedFiles(place.get_cache_path(), self._impl.filename_base, stamp)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except Exception:  # damage can raise anything
            with suppress(Exception):
                self.flush()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except Exception:  # a full disk, say
            self._cache_path = None  # so that `stats` shows that nothing is kept


class _CheckedFiles(IndexDataCacheFile):  # type: ignore[misc]  # numba has no types
    """The files of a cache, checked so that damaged machine code never runs.

    After a power cut a file may be truncated or full of zeros, and LLVM ends the
    process if that is where the code was. After a process was killed between writing
    the index and the code, the index points to the code of an older kernel.
    """

    def save(self, key: Any, data: Any) -> None:
        super().save(key, (self._mark(key), data))

    def load(self, key: Any) -> Any:
        found = super().load(key)
        if found is None:
            return None
        mark, data = found
        if mark != self._mark(key):
            raise ValueError("machine code of another kernel")
        return data

    def _mark(self, key: Any) -> str:
        return repr((self._version, self._source_stamp, key))

    def _dump(self, obj: Any) -> bytes:
        content: bytes = super()._dump(obj)
        return content + _checksum(content)  # unpickling ignores what follows

    def _load_data(self, name: str) -> Any:
        raw = Path(self._data_path(name)).read_bytes()
        content, checksum = raw[:-_CHECKSUM_BYTES], raw[-_CHECKSUM_BYTES:]
        if checksum != _checksum(content):
            raise ValueError("damaged machine code")
        return super()._load_data(name)


def _checksum(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(_CHECKSUM_BYTES, "little")


def _sources_of(modules: Sequence[ModuleType]) -> int:
    """A number that changes with the text of these modules, and of this one."""
    files = [*(str(module.__file__) for module in modules), __file__]
    return zlib.crc32(b"".join(Path(file).read_bytes() for file in files))
