"""Commands that are suggested can be typed as they are shown, however the program was started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import skipgram
from skipgram.cli.views.invocation import command, program
from skipgram.errors import how_to_train_on, read_at_a_shell


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program in a folder that is not on the path."""
    file = tmp_path / "environment" / "bin" / "skipgram"
    file.parent.mkdir(parents=True)
    file.touch(mode=0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    return file


def test_a_program_that_the_path_does_not_find_is_named_by_its_path(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for started_as in (str(installed), "environment/bin/skipgram"):
        monkeypatch.setattr(sys, "argv", [started_as, "demo"])
        assert program() == started_as


@pytest.mark.skipif(os.name != "posix", reason="programs without a suffix")
def test_a_program_that_the_path_finds_is_named_by_its_name(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(installed.parent))
    monkeypatch.setattr(sys, "argv", [str(installed), "demo"])
    assert program() == "skipgram"


@pytest.mark.skipif(os.name != "posix", reason="programs without a suffix")
def test_another_program_of_the_same_name_on_the_path_is_not_meant(
    installed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "skipgram").touch(mode=0o755)
    monkeypatch.setattr(sys, "argv", ["environment/bin/skipgram", "demo"])
    assert program() == "environment/bin/skipgram"


def test_a_module_that_python_runs_is_named_with_that_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "argv", [str(Path(skipgram.__file__).with_name("__main__.py"))])
    monkeypatch.setattr(sys, "orig_argv", ["my pythons/python3", "-m", "skipgram", "demo"])
    assert program() == "'my pythons/python3' -m skipgram"


@pytest.mark.parametrize("started_as", ["skipgram", "-c", "", "/opt/notebook/kernel.py"])
def test_without_a_better_name_it_is_skipgram(
    started_as: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [started_as])
    assert command("info", Path("my vectors")) == "skipgram info 'my vectors'"


def test_an_error_names_the_python_module_that_was_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "skipgram", "train", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.endswith(f"See {sys.executable} -m skipgram train --help.\n")


def test_training_is_suggested_to_each_reader_in_its_own_words() -> None:
    assert how_to_train_on("my novel.txt") == "skipgram.train('my novel.txt', \"vectors\")"
    with read_at_a_shell(".venv/bin/skipgram"):
        assert how_to_train_on("my novel.txt") == (
            ".venv/bin/skipgram train 'my novel.txt' -o vectors"
        )
