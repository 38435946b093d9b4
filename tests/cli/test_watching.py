"""Watching a run cannot stop it."""

import io
import os
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from helpers.command_line import run
from helpers.run_events import progress
from skipgram.cli.views.progress import shell_view
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.vectors.word_vectors import WordVectors

# That watching cannot stop a run


WATCHED = """
from skipgram.cli.views.progress import shell_view
from helpers.run_events import CORPUS, FINISHED, STARTED, epoch_end, progress

with shell_view() as view:
    for event in [CORPUS, STARTED, progress(1_000, 0.5), epoch_end(1), FINISHED]:
        view.observe(event)
    view.say("line after line " * 1_000)
print("ended")
"""


def ended_unheard(arguments: list[str], stream: str) -> subprocess.CompletedProcess[str]:
    """Python with these arguments and its standard error stream led away by the shell."""
    if stream == "2>/dev/full" and not Path("/dev/full").exists():
        pytest.skip("a disk that is full, as on Linux")
    command = shlex.join([sys.executable, *arguments])
    # Only a stream with a buffer still holds something when Python ends.
    others = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    importable = [str(Path(__file__).parents[1]), others.get("PYTHONPATH")]
    return subprocess.run(
        ["bash", "-c", f"exec {command} {stream}"],
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
        env=others | {"PYTHONPATH": os.pathsep.join(filter(None, importable))},
    )


@pytest.mark.skipif(os.name != "posix", reason="pipes and shells as on POSIX systems")
@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full", "2> >(exec true)"])
def test_watching_goes_on_to_a_good_end_when_nobody_can_read_what_it_says(stream):
    ended = ended_unheard(["-c", WATCHED], stream)
    assert (ended.returncode, ended.stdout) == (0, "ended\n")


@pytest.mark.skipif(os.name != "posix", reason="pipes and shells as on POSIX systems")
def test_a_training_whose_reader_has_gone_leaves_its_vectors(tmp_path):
    text, folder = tmp_path / "text.txt", tmp_path / "vectors"
    text.write_text("sun moon star\n" * 50)
    options = ["--min-count", "1", "--subsample", "0", "--embedding-dim", "4", "--threads", "1"]
    training = ["-m", "skipgram", "train", str(text), "-o", str(folder), *options]
    ended = ended_unheard(training, "2> >(exec true)")
    assert (ended.returncode, ended.stdout) == (0, "")
    assert (folder / "vectors.safetensors").exists()


class Broken(io.StringIO):
    """A terminal that was closed after some lines."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self.lines = lines

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.lines -= 1
        if self.lines < 0:
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(text)


@pytest.mark.parametrize("lines", [0, 1, 2])
def test_a_view_falls_silent_when_its_terminal_is_closed(monkeypatch, lines):
    terminal = Broken(lines)
    monkeypatch.setattr(sys, "stderr", terminal)
    with shell_view() as view:
        for words in range(100, 4_100, 100):
            view.observe(progress(words, 1.0))
        view.say("so far so good")
    assert terminal.lines == -1, "after the first failure it writes no more"


def test_a_view_falls_silent_when_its_stream_was_closed(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with shell_view() as view:
        stream.close()
        view.say("so far so good")


# Words


@pytest.fixture
def steering(tmp_path: Path) -> Path:
    """Vectors of words that would steer a terminal."""
    words = ["red\x1b[31m", "line\nend", "plain"]
    matrix = np.eye(3, dtype=np.float32) + 1
    third = np.full(3, 1 / 3)
    vocabulary = Vocabulary(words, np.array([3, 2, 1]))
    WordVectors(vocabulary, matrix, matrix, third, third).save(tmp_path / "steering")
    return tmp_path / "steering"


@pytest.mark.parametrize(
    "query", [["neighbors", "plain", "line\nend"], ["analogy", "plain", "line\nend", "plain"]]
)
def test_no_word_steers_the_terminal(
    steering: Path,
    query: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command, *words = query
    assert run(monkeypatch, command, steering, *words) == 0
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert "red\\x1b[31m" in printed
    assert "line\\nend" in printed.splitlines()[0]
