"""Numbers in files are not memory, and what is written to them goes where it should."""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from skipgram.system.nameless import nameless_file, shared_map
from skipgram.untrusted.mapping import is_mapped, private_map

NUMBERS = np.arange(50_000, dtype="<i4")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    path.write_bytes(NUMBERS.tobytes())
    return path


def shared(file: Path) -> np.ndarray:
    with nameless_file(file.parent) as nameless:
        nameless.write(file.read_bytes())
        return shared_map(nameless, "<i4")


def private(file: Path) -> np.ndarray:
    with file.open("rb") as named:
        return private_map(named, "<i4")


@pytest.mark.parametrize("kind", [shared, private])
def test_all_numbers_are_there_once_the_file_is_closed(file, kind):
    numbers = kind(file)
    assert np.array_equal(numbers, NUMBERS)
    assert numbers.flags.writeable
    assert is_mapped(numbers)
    assert is_mapped(numbers[10:].reshape(-1, 2))
    assert not is_mapped(numbers.copy())


@pytest.mark.parametrize("kind", [shared, private])
def test_an_empty_file_has_no_numbers(tmp_path, kind):
    (tmp_path / "empty").touch()
    assert kind(tmp_path / "empty").tolist() == []


@pytest.mark.parametrize("offset", [0, 4, 4096, 100_000])
def test_a_stretch_may_begin_anywhere(file, offset):
    with file.open("rb") as named:
        numbers = private_map(named, "<i4", (3, 100), offset)
    assert np.array_equal(numbers.ravel(), NUMBERS[offset // 4 :][:300])


def test_what_is_written_to_a_private_map_never_reaches_the_file(file):
    private(file)[:] = -1
    assert np.array_equal(np.fromfile(file, "<i4"), NUMBERS)


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux counts memory")
@pytest.mark.parametrize(("kind", "flag"), [(shared, "sh"), (private, "nr")])
def test_the_system_reserves_no_memory_for_a_map(file, kind, flag):
    numbers = kind(file)
    start = f"{numbers.ctypes.data:x}-"
    maps = Path("/proc/self/smaps").read_text().split("VmFlags: ")
    (flags,) = [
        after.split("\n")[0].split()
        for before, after in pairwise(maps)
        if any(line.startswith(start) for line in before.splitlines())
    ]
    assert flag in flags
    assert "ac" not in flags  # accounted for
