"""What this machine lets the process use: processors and memory."""

import os
from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def usable_threads(cgroup: Path = _CGROUP) -> int:
    """How many processors this process may use: its affinity, and its control group's quota."""
    if hasattr(os, "sched_getaffinity"):
        processors = len(os.sched_getaffinity(0))
    else:  # macOS and Windows have no affinity to ask for
        processors = os.cpu_count() or 1
    quota = _processor_quota(cgroup)
    return max(1, processors if quota is None else min(processors, int(quota)))


def available_memory_bytes() -> int | None:
    """Memory that can be had without swapping, or None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        return None
    return None


def _processor_quota(cgroup: Path) -> float | None:
    """Processors' worth of time that the control group allows (cgroup v2, then v1), if bounded."""
    v1 = cgroup / "cpu/cpu.cfs_quota_us", cgroup / "cpu/cpu.cfs_period_us"
    bounds = _fields(cgroup / "cpu.max") or [field for file in v1 for field in _fields(file)]
    match bounds:
        case [quota, period] if quota.isdigit() and period.isdigit() and int(period):
            return int(quota) / int(period)
    return None  # no control group, or one without a bound: "max" in v2, -1 in v1


def _fields(file: Path) -> list[str]:
    try:
        return file.read_text().split()
    except OSError:
        return []
