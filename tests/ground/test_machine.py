"""What the process may use: its affinity and its control group bound the processors."""

import os
from pathlib import Path

import pytest

from skipgram.machine import available_memory_bytes, usable_threads


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


def test_the_memory_that_is_available_is_read_in_kibibytes(monkeypatch):
    told = "MemTotal:       32 kB\nMemFree:         8 kB\nMemAvailable:   12 kB\n"
    monkeypatch.setattr(Path, "read_text", lambda self: told)
    assert available_memory_bytes() == 12 * 1024


def test_a_system_that_does_not_tell_its_memory_gives_none(monkeypatch):
    monkeypatch.setattr(Path, "read_text", lambda self: "MemTotal: 32 kB\n")
    assert available_memory_bytes() is None

    def missing(self: Path) -> str:
        raise FileNotFoundError(self)

    monkeypatch.setattr(Path, "read_text", missing)
    assert available_memory_bytes() is None
