"""What this machine lets the process use: processors and memory."""

import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")
_MEMORY = Path("/proc/meminfo")


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
