"""What this machine lets the process use: processors, memory, and renames of more than one kind."""

import ctypes
import errno
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]  # asked for below

from skipgram.errors import SkipgramError

_CGROUP = Path("/sys/fs/cgroup")
_MEMORY = Path("/proc/meminfo")
_STATUS = Path("/proc/self/status")

renameat2: Any = (
    getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if sys.platform == "linux"
    else None
)
"""Linux's rename that can refuse or exchange in one step; None where the C library has none."""
_malloc_trim: Any = (
    getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
)
"""Of glibc; None where there is another C library."""
_WORKING_FOLDER = -100
"""AT_FDCWD: relative paths begin there."""
_NO_REPLACE, _EXCHANGE = 1, 2
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP)


def usable_threads(cgroup: Path = _CGROUP) -> int:
    """How many processors this process may use: its affinity, and its control group's quota."""
    if hasattr(os, "sched_getaffinity"):
        processors = len(os.sched_getaffinity(0))
    else:  # macOS and Windows have no affinity to ask for
        processors = os.cpu_count() or 1
    quota = _processor_quota(cgroup)
    return max(1, processors if quota is None else min(processors, int(quota)))


def available_memory_bytes(cgroup: Path = _CGROUP) -> int | None:
    """Memory that is available without swapping, or None if the system does not say.

    The process's own limits count, and a control group's bound (version 2, then 1) less what
    cannot be dropped of what it holds.
    """
    bounds = [kibibytes * 1024 for kibibytes in _named(_MEMORY, "MemAvailable:")]
    for most, held, name in _BOUNDS:
        bounds += [
            max(0, int(bound) - sum(_named(cgroup / held, name)))
            for bound in _fields(cgroup / most)
            if bound.isdigit()
        ]
    return min([*bounds, *(room for room, _ in _rooms())], default=None)


def give_back_memory() -> None:
    """Give the system what this process has freed, where the C library can be asked to.

    By itself it keeps much of that, to have it when it is needed again.
    """
    if _malloc_trim is not None:
        _malloc_trim(0)


def require_room() -> None:
    """Refuse limits of memory (ulimit -v, -d) under which not even the libraries can be loaded.

    Under such limits they hang, or end the process without a word.
    """
    for room, kind in _rooms():
        needed = kind.base_bytes + usable_threads() * kind.base_thread_bytes
        if room < needed:
            raise SkipgramError(
                f"this process may take {room >> 20:,} MB more of {kind.name}, but needs "
                f"{needed >> 20:,} MB to start; raise the limit (ulimit {kind.flag})"
            )


def has_room_for_threads(count: int) -> bool:
    """Whether the process's limits of memory leave enough for this many new threads to work.

    Where they do not, starting a thread may wait for ever.
    """
    return all(room >= count * kind.thread_bytes for room, kind in _rooms())


class _Limit(NamedTuple):
    """On a process's memory."""

    name: str
    flag: str
    resource: str
    status: str
    """the line of /proc/self/status with what is taken"""
    base_bytes: int
    """before anything begins: Python, NumPy and numba took 575 MB of addresses, 300 MB of data"""
    base_thread_bytes: int
    """of the linear algebra, one on each processor"""
    thread_bytes: int
    """to begin another, with its stack, and then to work"""


_LIMITS = (
    _Limit("address space", "-v", "RLIMIT_AS", "VmSize:", 560 << 20, 24 << 20, 128 << 20),
    _Limit("data", "-d", "RLIMIT_DATA", "VmData:", 300 << 20, 12 << 20, 64 << 20),
)
_BOUNDS = (
    ("memory.max", "memory.stat", "anon"),
    ("memory/memory.limit_in_bytes", "memory/memory.stat", "total_rss"),
)
"""Of a control group: files with its bound and what it holds, and the name of what stays."""


def _rooms() -> list[tuple[int, _Limit]]:
    """How many bytes the process may still take under each of its limits."""
    if resource is None:
        return []
    rooms = []
    for kind in _LIMITS:
        most, _ = resource.getrlimit(getattr(resource, kind.resource))
        taken = _named(_STATUS, kind.status)
        if most != resource.RLIM_INFINITY and taken:
            rooms.append((max(0, most - taken[0] * 1024), kind))
    return rooms


def rename_to_free(source: Path, target: Path) -> bool:
    """Rename in one step, unless anything is at `target`: FileExistsError.

    False, and nothing is done, where the system or the file system has no such rename.
    """
    return _renamed(source, target, _NO_REPLACE)


def exchange(one: Path, other: Path) -> bool:
    """Let two files or folders exchange their names in one step; false as `rename_to_free`."""
    return _renamed(one, other, _EXCHANGE)


def move_to_free(new: Path, path: Path) -> None:
    """Rename; FileExistsError if anything is at `path`, even if it was put there just now."""
    if rename_to_free(new, path):
        return
    if os.name == "nt":
        new.rename(path)  # which refuses there
        return
    if new.is_dir():
        move_folder(new, path)  # which replaces an empty folder at most
        return
    try:
        os.link(new, path)  # the temporary name is cleared away in any case
    except FileExistsError:
        raise
    except OSError:  # a disk without links: an empty file claims the name
        path.touch(exist_ok=False)
        new.replace(path)


def move_folder(new: Path, path: Path) -> None:
    """Rename; what is there may be replaced, but FileExistsError if it holds anything."""
    try:
        new.replace(path)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.ENOTDIR):
            raise
        raise FileExistsError(error.errno, error.strerror, error.filename) from None


def _renamed(source: Path, target: Path, how: int) -> bool:
    if renameat2 is None:
        return False
    names = os.fsencode(source), os.fsencode(target)
    if renameat2(_WORKING_FOLDER, names[0], _WORKING_FOLDER, names[1], how) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(source), None, str(target))


def _named(file: Path, name: str) -> list[int]:
    """The number behind a name at a line's start, if the file has such a line."""
    split = [line.split() for line in _lines(file)]
    return [int(fields[1]) for fields in split if len(fields) > 1 and fields[0] == name]


def _processor_quota(cgroup: Path) -> float | None:
    """Processors' worth of time that the control group allows (cgroup v2, then v1), if bounded."""
    v1 = cgroup / "cpu/cpu.cfs_quota_us", cgroup / "cpu/cpu.cfs_period_us"
    bounds = _fields(cgroup / "cpu.max") or [field for file in v1 for field in _fields(file)]
    match bounds:
        case [quota, period] if quota.isdigit() and period.isdigit() and int(period):
            return int(quota) / int(period)
    return None  # no control group, or one without a bound: "max" in v2, -1 in v1


def _fields(file: Path) -> list[str]:
    return " ".join(_lines(file)).split()


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except OSError:
        return []
