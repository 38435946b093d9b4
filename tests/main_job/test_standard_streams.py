"""Standard streams that are closed, full or read by nobody: one line and an exit code, no more."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from handmade import some_vectors

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="shells, and a disk that is full, as on Linux"
)
ANSWERING = {
    "neighbors": "neighbors vectors w1",
    "neighbors as csv": "neighbors vectors w1 --format csv",
    "neighbors as json": "neighbors vectors w1 --format json",
    "similarity": "similarity vectors w1 w2",
    "info": "info vectors",
    "vocabulary": "vocabulary text.txt --quiet",
    "align": "align vectors vectors",
    "help": "--help",
    "help of a command": "train --help",
    "version": "--version",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("streams")
    some_vectors().save(place / "vectors")
    (place / "text.txt").write_text("sun moon star\n" * 9)
    return place


def run(folder: Path, arguments: str, streams: str) -> tuple[int, str, str]:
    """The exit code of `skipgram arguments streams` in a shell, and what it wrote."""
    # Only a stream with a buffer still holds something when Python ends.
    others = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    ended = subprocess.run(
        ["bash", "-c", f"{shlex.quote(sys.executable)} -m skipgram {arguments} {streams}"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        env=others,
        stdin=subprocess.DEVNULL,
    )
    return ended.returncode, ended.stdout, ended.stderr


@pytest.mark.parametrize("command", ANSWERING)
def test_an_answer_that_a_full_disk_does_not_take_is_an_error_of_one_line(folder, command):
    code, _, said = run(folder, ANSWERING[command], ">/dev/full")
    assert said.splitlines()[-1] == (
        "skipgram: standard output cannot be written: No space left on device"
    )
    assert "Traceback" not in said
    assert "ignored" not in said
    assert code == 1


@pytest.mark.parametrize("command", ["neighbors", "neighbors as csv", "similarity", "version"])
def test_an_answer_without_an_output_is_an_error_of_one_line(folder, command):
    code, _, said = run(folder, ANSWERING[command], ">&-")
    assert said == "skipgram: the answer cannot be shown: standard output is closed\n"
    assert code == 1


def test_a_reader_that_has_read_enough_is_no_error_to_speak_of(folder):
    code, _, said = run(folder, "neighbors vectors w1", "| true; exit ${PIPESTATUS[0]}")
    assert (code, said) == (1, "")


@pytest.mark.parametrize("streams", [">&-", "2>&-", "2>/dev/full", "<&- >&- 2>&-"])
def test_what_has_no_answer_to_show_needs_no_streams(folder, tmp_path, streams):
    code, *_ = run(folder, f"convert vectors {tmp_path / 'out.txt'}", streams)
    assert code == 0
    assert (tmp_path / "out.txt").read_text().startswith("7 3\n")


@pytest.mark.parametrize("streams", ["2>&-", "2>/dev/full"])
def test_an_error_that_nobody_can_read_keeps_its_exit_code(folder, streams):
    assert run(folder, "info nowhere", streams)[0] == 1
    assert run(folder, "nothing-of-the-kind", streams)[0] == 2


def test_words_of_a_closed_input_are_an_error_of_one_line(folder):
    code, _, said = run(folder, "neighbors vectors -", "<&-")
    assert said == "skipgram: no word to look up: standard input is closed\n"
    assert code == 2
