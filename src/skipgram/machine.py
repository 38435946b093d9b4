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
    try:
        quota, period = (cgroup / "cpu.max").read_text().split()
    except (OSError, ValueError):
        try:
            quota = (cgroup / "cpu/cpu.cfs_quota_us").read_text()
            period = (cgroup / "cpu/cpu.cfs_period_us").read_text()
        except OSError:
            return None
    if quota.strip() in {"max", "-1"}:
        return None
    return int(quota) / int(period)
