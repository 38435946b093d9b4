"""What the process may use: its affinity and its control group bound the processors."""

import os
from pathlib import Path

import pytest

from skipgram.errors import SkipgramError
from skipgram.system import machine
from skipgram.system.machine import (
    available_memory_bytes,
    give_back_memory,
    has_room_for_threads,
    require_room,
    usable_threads,
)

resource = pytest.importorskip("resource", reason="limits as on POSIX systems")


@pytest.fixture(autouse=True)
def _eight_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)


def version_2(folder: Path, content: str) -> Path:
    (folder / "cpu.max").write_text(content)
    return folder


def version_1(folder: Path, quota: str, period: str) -> Path:
    (folder / "cpu").mkdir()
    (folder / "cpu" / "cpu.cfs_quota_us").write_text(quota)
    (folder / "cpu" / "cpu.cfs_period_us").write_text(period)
    return folder


def test_without_a_control_group_the_affinity_counts(tmp_path, monkeypatch):
    assert usable_threads(tmp_path) == 8
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 5}, raising=False)
    assert usable_threads(tmp_path) == 2


def test_without_an_affinity_all_processors_count(tmp_path, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert usable_threads(tmp_path) == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert usable_threads(tmp_path) == 1


@pytest.mark.parametrize(
    ("content", "threads"),
    [
        ("max 100000\n", 8),
        ("400000 100000\n", 4),
        ("150000 50000\n", 3),
        ("350000 100000\n", 3),
        ("50000 100000\n", 1),
        ("9900000 100000\n", 8),
    ],
)
def test_a_quota_of_version_2_bounds_the_threads(tmp_path, content, threads):
    assert usable_threads(version_2(tmp_path, content)) == threads


@pytest.mark.parametrize(
    ("quota", "threads"), [("-1\n", 8), ("200000\n", 2), ("250000\n", 2), ("10000\n", 1)]
)
def test_a_quota_of_version_1_bounds_the_threads(tmp_path, quota, threads):
    assert usable_threads(version_1(tmp_path, quota, "100000\n")) == threads


def test_version_2_is_asked_before_version_1(tmp_path):
    version_1(tmp_path, "100000\n", "100000\n")
    assert usable_threads(version_2(tmp_path, "300000 100000\n")) == 3


@pytest.mark.parametrize("content", ["", "\n", "400000", "four 100000", "400000 0", "1 2 3"])
def test_a_quota_that_says_nothing_bounds_nothing(tmp_path, content):
    assert usable_threads(version_2(tmp_path, content)) == 8


@pytest.mark.parametrize(("quota", "period"), [("", "100000"), ("100000", ""), ("100000", "0")])
def test_a_quota_of_version_1_that_says_nothing_bounds_nothing(tmp_path, quota, period):
    assert usable_threads(version_1(tmp_path, quota, period)) == 8


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system that says that twelve kibibytes are available."""
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:       32 kB\nMemFree:         8 kB\nMemAvailable:   12 kB\n")
    monkeypatch.setattr("skipgram.system.machine._MEMORY", file)
    monkeypatch.setattr("skipgram.system.machine._STATUS", tmp_path / "status")
    return file


def test_the_memory_that_is_available_is_read_in_kibibytes(told, tmp_path):
    assert available_memory_bytes(tmp_path) == 12 * 1024


@pytest.mark.parametrize(
    ("most", "held", "available"),
    [("max", 5000, 12288), ("9000", 5000, 4000), ("9000", 9500, 0), ("99999", 5, 12288)],
)
def test_a_control_group_bounds_the_memory_by_what_it_cannot_drop(
    told, tmp_path, most, held, available
):
    (tmp_path / "memory.max").write_text(f"{most}\n")
    (tmp_path / "memory.stat").write_text(f"anon {held}\nfile 70000\n")
    assert available_memory_bytes(tmp_path) == available


@pytest.mark.parametrize(
    ("most", "held", "available"),
    [
        ("9223372036854771712", 5000, 12288),
        ("9000", 5000, 4000),
        ("9000", 9500, 0),
        ("-1", 5, 12288),
    ],
)
def test_a_control_group_of_version_1_bounds_the_memory_as_well(
    told, tmp_path, most, held, available
):
    group = tmp_path / "memory"
    group.mkdir()
    (group / "memory.limit_in_bytes").write_text(f"{most}\n")
    (group / "memory.stat").write_text(f"cache 70000\nrss 1\ntotal_cache 70000\ntotal_rss {held}\n")
    assert available_memory_bytes(tmp_path) == available


@pytest.mark.parametrize(("limit", "line"), [("RLIMIT_AS", "VmSize"), ("RLIMIT_DATA", "VmData")])
def test_a_limit_of_the_process_bounds_the_memory_as_well(told, tmp_path, monkeypatch, limit, line):
    limits = {getattr(resource, limit): 7 << 10}
    endless = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (limits.get(kind, endless), endless))
    assert available_memory_bytes(tmp_path) == 12 << 10, "it is not known what is taken"
    (tmp_path / "status").write_text("VmPeak: 9 kB\nVmSize: 1 kB\nVmData: 1 kB\n")
    assert available_memory_bytes(tmp_path) == 6 << 10
    assert not has_room_for_threads(1)
    with pytest.raises(SkipgramError, match=r"0 MB more of (address space|data), but needs"):
        require_room()
    (tmp_path / "status").write_text(f"{line}: 99 kB\n")
    assert available_memory_bytes(tmp_path) == 0
    limits[getattr(resource, limit)] = 1 << 40
    assert has_room_for_threads(1)
    require_room()


def test_a_system_that_does_not_tell_its_memory_gives_none(told, tmp_path):
    told.write_text("MemTotal: 32 kB\n")
    assert available_memory_bytes(tmp_path) is None
    told.unlink()
    assert available_memory_bytes(tmp_path) is None


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.skipif(machine._malloc_trim is None, reason="another C library")
def test_what_was_freed_below_what_is_in_use_goes_back_to_the_system():
    # Of sizes that Python takes from the C library, which takes them from one heap.
    freed = [bytearray(5_000) for _ in range(20_000)]
    in_use = bytearray(5_000)
    before = resident_bytes()
    del freed
    give_back_memory()
    assert before - resident_bytes() > 50_000_000
    assert len(in_use) == 5_000


def test_another_c_library_is_not_asked(monkeypatch):
    monkeypatch.setattr(machine, "_malloc_trim", None)
    give_back_memory()
