"""What is wrong with the compiled kernels of earlier runs costs time, and nothing else."""

import importlib.util
import itertools
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SOURCE = """
from skipgram.kernels.compiling import kernel

@kernel
def answer(number):
    return number + {plus}
"""
DEPENDING = """
from types import ModuleType
from skipgram.kernels.compiling import kernel

part = ModuleType("part")
part.__file__ = "{part}"

@kernel(depends_on=(part,))
def answer(number):
    return number + 1
"""
SUMS = """
from skipgram.kernels.compiling import kernel

@kernel({options})
def answer(number, step):
    return number - step + step
"""
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "cut to half": lambda raw: raw[: len(raw) // 2],
    "cut by a byte": lambda raw: raw[:-1],
    "zeroed": lambda raw: bytes(len(raw)),
    "zeroed in its second half": lambda raw: raw[: len(raw) // 2] + bytes(len(raw) // 2),
    "with another byte within": lambda raw: raw[:1500] + bytes([raw[1500] ^ 1]) + raw[1501:],
    "of something else": lambda raw: b"of something else",
}
NUMBERS = itertools.count()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("numba.config.CACHE_DIR", "")  # beside the module
    file = tmp_path / "answering.py"
    file.write_text(SOURCE.format(plus=1))
    return file


def test_a_kernel_is_compiled_again_once_a_module_has_changed_that_it_depends_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("numba.config.CACHE_DIR", "")
    (tmp_path / "part.py").write_text("PLUS = 1")
    file = tmp_path / "answering.py"
    file.write_text(DEPENDING.format(part=str(tmp_path / "part.py")))
    first, second = loaded(file), loaded(file)
    assert (first(41), second(41), hits(second)) == (42, 42, 1)
    (tmp_path / "part.py").write_text("PLUS = 1  # and more")
    third = loaded(file)
    assert (third(41), hits(third)) == (42, 0)


@pytest.mark.parametrize(("options", "found"), [("as_written=True", 0.0), ("", 1e-20)])
def test_a_kernel_as_written_keeps_the_order_of_sums_which_others_need_not(
    module: Path, options: str, found: float
) -> None:
    module.write_text(SUMS.format(options=options))
    assert loaded(module)(1e-20, 1.0) == found


def loaded(module: Path) -> Any:
    """The kernel as a new process finds it."""
    spec = importlib.util.spec_from_file_location(f"answering_{next(NUMBERS)}", module)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found.answer


def hits(kernel: Any) -> int:
    return sum(kernel.stats.cache_hits.values())


def cache_file(module: Path, ending: str) -> Path:
    (file,) = (module.parent / "__pycache__").glob(f"answering.answer*.{ending}")
    return file


def test_a_kernel_is_compiled_once(module):
    first, second = loaded(module), loaded(module)
    assert (first(41), second(41)) == (42, 42)
    assert (hits(first), hits(second)) == (0, 1)
    assert second.stats.cache_path == str(module.parent / "__pycache__")


@pytest.mark.parametrize("ending", ["nbi", "nbc"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_cache_is_made_anew(module, damage, ending):
    if (ending, damage) == ("nbi", "with another byte within"):
        pytest.skip("an index is shorter")
    assert loaded(module)(41) == 42
    file = cache_file(module, ending)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    compiled = loaded(module)
    assert compiled(41) == 42
    if damage != "cut by a byte" or ending == "nbc":  # an index is read up to its checksum
        assert hits(compiled) == 0
    mended = loaded(module)
    assert (mended(41), hits(mended)) == (42, 1)


def test_code_that_an_older_kernel_left_is_never_run(module):
    assert loaded(module)(41) == 42
    old = cache_file(module, "nbc").read_bytes()
    module.write_text(SOURCE.format(plus=2))
    assert loaded(module)(41) == 43
    # As after a kill between the new index and the new code, both under the same name.
    cache_file(module, "nbc").write_bytes(old)
    assert loaded(module)(41) == 43


def test_a_full_disk_keeps_nothing_and_stops_nothing(module):
    kernel = loaded(module)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        assert kernel(41) == 42
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert kernel.stats.cache_path is None
    later = loaded(module)
    assert (later(41), hits(later)) == (42, 0)
