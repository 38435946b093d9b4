"""Standard streams that are closed, full or read by nobody: one line and an exit code, no more."""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.forked_commands import CLOSED, STDERR, STDIN, STDOUT, ForkedCommands
from helpers.handmade_vectors import some_vectors

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="shells, and a disk that is full, as on Linux"
)
ANSWERING = {
    "neighbors": "neighbors vectors w1",
    "neighbors as csv": "neighbors vectors w1 --format csv",
    "neighbors as json": "neighbors vectors w1 --format json",
    "much as csv": "neighbors vectors w1 w2 w3 w4 w5 w6 -k 5 --format csv",
    "analogy": "analogy vectors w1 w2 w3",
    "analogy as csv": "analogy vectors w1 w2 w3 --format csv",
    "analogy as json": "analogy vectors w1 w2 w3 --format json",
    "evaluate": "evaluate vectors --similarity pairs.tsv",
    "similarity": "similarity vectors w1 w2",
    "info": "info vectors",
    "vocabulary": "vocabulary text.txt --quiet",
    "align": "align vectors vectors",
    "align as csv": "align vectors vectors --format csv",
    "align as json": "align vectors vectors --format json",
    "help": "--help",
    "help of a command": "train --help",
    "version": "--version",
}
WATCHED = {
    "train": "train text.txt -o {out} --embedding-dim 4 --min-count 1 --subsample 0 --threads 1",
    "encode": "encode text.txt -o {out} --min-count 1",
    "cooccurrence": "cooccurrence text.txt -o {out} --min-count 1 --subsample 0",
    "vocabulary": "vocabulary text.txt -o {out}",
    "convert": "convert vectors {out}",
    "align": "align vectors vectors -o {out}",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("streams")
    some_vectors().save(place / "vectors")
    (place / "text.txt").write_text("sun moon star\n" * 9)
    (place / "pairs.tsv").write_text("w1\tw2\t1\nw2\tw3\t3\n")
    return place


@pytest.fixture(scope="module")
def commands(folder: Path) -> Iterator[ForkedCommands]:
    watched = [command.format(out=f"warm-{name}") for name, command in WATCHED.items()]
    with ForkedCommands(folder, [ANSWERING["neighbors"], *watched]) as forked:
        yield forked


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
def test_an_answer_that_a_full_disk_does_not_take_is_an_error_of_one_line(commands, command):
    code, _, said = commands.run(ANSWERING[command], {STDOUT: "/dev/full"})
    assert said.splitlines()[-1] == (
        "skipgram: standard output cannot be written: No space left on device"
    )
    assert "Traceback" not in said
    assert "ignored" not in said
    assert code == 1


@pytest.mark.parametrize("command", ANSWERING)
def test_an_answer_without_an_output_is_an_error_of_one_line(commands, command):
    code, _, said = commands.run(ANSWERING[command], {STDOUT: CLOSED})
    assert said.splitlines()[-1] == (
        "skipgram: the answer cannot be shown: standard output is closed"
    )
    assert "Traceback" not in said
    assert code == 1


@pytest.mark.parametrize(
    ("streams", "forked"),
    [(">/dev/full", {STDOUT: "/dev/full"}), (">&-", {STDOUT: CLOSED}), ("", {})],
)
def test_a_process_that_a_shell_began_ends_as_these_forks_do(folder, commands, streams, forked):
    assert run(folder, ANSWERING["neighbors"], streams) == commands.run(
        ANSWERING["neighbors"], forked
    )


def test_a_reader_that_has_read_enough_is_no_error_to_speak_of(folder):
    code, _, said = run(folder, "neighbors vectors w1", "| true; exit ${PIPESTATUS[0]}")
    assert (code, said) == (1, "")


@pytest.mark.parametrize(
    "streams",
    [
        {STDOUT: CLOSED},
        {STDERR: CLOSED},
        {STDERR: "/dev/full"},
        {STDIN: CLOSED, STDOUT: CLOSED, STDERR: CLOSED},
    ],
)
def test_what_has_no_answer_to_show_needs_no_streams(commands, tmp_path, streams):
    code, *_ = commands.run(f"convert vectors {tmp_path / 'out.txt'}", streams)
    assert code == 0
    assert (tmp_path / "out.txt").read_text().startswith("7 3\n")


@pytest.mark.parametrize("stderr", [CLOSED, "/dev/full"])
def test_an_error_that_nobody_can_read_keeps_its_exit_code(commands, stderr):
    assert commands.run("info nowhere", {STDERR: stderr})[0] == 1
    assert commands.run("nothing-of-the-kind", {STDERR: stderr})[0] == 2


def test_words_of_a_closed_input_are_an_error_of_one_line(commands):
    code, _, said = commands.run("neighbors vectors -", {STDIN: CLOSED})
    assert said == "skipgram: no words to look up: standard input is closed\n"
    assert code == 2


@pytest.mark.parametrize("command", WATCHED)
def test_work_goes_on_when_the_terminal_that_shows_it_is_closed(commands, tmp_path, command):
    ours, theirs = os.openpty()
    out = tmp_path / "out"
    silent = {STDIN: os.devnull, STDOUT: os.devnull}
    commands.begin(WATCHED[command].format(out=out), silent | {STDERR: os.ttyname(theirs)})
    assert os.read(ours, 1), "something was shown"
    os.close(theirs)
    os.close(ours)
    assert commands.exit_code() == 0
    assert out.exists()


@pytest.mark.parametrize("command", WATCHED)
def test_work_goes_on_when_nothing_of_it_can_be_shown(commands, tmp_path, command):
    arguments = WATCHED[command].format(out=tmp_path / "out")
    silent = {STDOUT: os.devnull, STDERR: "/dev/full"}
    assert commands.run(arguments, silent)[0] == 0
    assert (tmp_path / "out").exists()


@pytest.mark.parametrize("stream", ["0>/dev/null", "<&-"])
def test_words_of_an_input_that_cannot_be_read_are_an_error_of_one_line(folder, stream):
    code, _, said = run(folder, "neighbors vectors -", stream)
    assert said.startswith("skipgram: ")
    assert len(said.splitlines()) == 1
    assert code in (1, 2)


def test_words_of_an_input_without_an_end_are_an_error_of_one_line(commands):
    code, _, said = commands.run("neighbors vectors -", {STDIN: "/dev/zero"})
    assert said == (
        "skipgram: line 1 of standard input is longer than 1,048,576 bytes; give one word a line\n"
    )
    assert code == 1
