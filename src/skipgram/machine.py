"""What this machine lets the process use: processors, memory, and renames of more than one kind."""

import ctypes
import errno
import os
import sys
from pathlib import Path
from typing import Any

_CGROUP = Path("/sys/fs/cgroup")
_MEMORY = Path("/proc/meminfo")

_renameat2: Any = (
    getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if sys.platform == "linux"
    else None
)
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
    """Memory that can be had without swapping, or None where the system does not say.

    A control group's bound (version 2) counts, less what cannot be dropped of what it holds.
    """
    bounds = [kibibytes * 1024 for kibibytes in _named(_MEMORY, "MemAvailable:")]
    bounds += [
        max(0, int(most) - sum(_named(cgroup / "memory.stat", "anon")))
        for most in _fields(cgroup / "memory.max")
        if most.isdigit()
    ]
    return min(bounds, default=None)


def rename_to_free(source: Path, target: Path) -> bool:
    """Rename in one step, unless anything is at `target`: FileExistsError.

    False, and nothing is done, where the system or the file system has no such rename.
    """
    return _renamed(source, target, _NO_REPLACE)


def exchange(one: Path, other: Path) -> bool:
    """Let two files or folders exchange their names in one step; false as `rename_to_free`."""
    return _renamed(one, other, _EXCHANGE)


def move_to_free(new: Path, path: Path) -> None:
    """Rename; FileExistsError if anything is at `path`, whoever put it there, and when."""
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
    if _renameat2 is None:
        return False
    names = os.fsencode(source), os.fsencode(target)
    if _renameat2(_WORKING_FOLDER, names[0], _WORKING_FOLDER, names[1], how) == 0:
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
