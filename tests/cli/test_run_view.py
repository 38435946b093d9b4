"""A run as a person watches it: what is said of its events, and that watching cannot stop it."""

import io
import math
import os
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from helpers.command_line import run
from helpers.encoding_twin import encoded
from helpers.run_events import FINISHED, SCORE, STARTED, epoch_end, progress
from helpers.watched_runs import said, shown
from skipgram.cli.views.progress import RunView
from skipgram.corpus.encoding.extending import extended
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.training.events import (
    CheckpointFailed,
    CheckpointSaved,
    Resumed,
    StoppedEarly,
)
from skipgram.vectors.word_vectors import WordVectors

# What is said


def test_the_end_of_an_epoch_tells_the_held_out_scores():
    assert said(epoch_end(2, held_out=SCORE)) == [
        "epoch 2: loss 2.310, held out 2.400 ± 0.010 nats a pair, perplexity 1,234 (512 centers)"
    ]


def test_without_held_out_text_the_end_of_an_epoch_is_no_line():
    assert said(epoch_end(2)) == []


def test_a_perplexity_beyond_all_bounds_stays_short():
    (line,) = said(epoch_end(1, held_out=replace(SCORE, cross_entropy=1e9)))
    assert "perplexity 8.2e+307 (" in line


def test_a_checkpoint_is_a_short_line():
    assert said(CheckpointSaved("out.checkpoint", epoch=2, tokens_done=1_700, seconds=0.1)) == [
        "checkpoint of epoch 2 in out.checkpoint"
    ]


def test_a_checkpoint_that_could_not_be_written_is_told_with_its_reason():
    assert said(CheckpointFailed("out.checkpoint", 2, 1_700, "x: No space left on device")) == [
        "no checkpoint of epoch 2: x: No space left on device; training continues"
    ]


def test_a_run_that_goes_on_says_from_where():
    assert said(Resumed("out.checkpoint", epoch=2, tokens_done=1_500, seconds=0.75)) == [
        "continuing from out.checkpoint: epoch 2, 1,500 words done"
    ]


def test_a_run_that_stops_early_says_which_vectors_stay():
    lines = said(
        STARTED,
        epoch_end(1, loss=3.0),
        epoch_end(2, loss=2.5),
        epoch_end(3, loss=2.2),
        StoppedEarly(2, SCORE),
        FINISHED,
    )
    assert lines[1:] == [
        "stopped early: the held-out loss has not fallen below the 2.400 of epoch 2, whose "
        "vectors are kept",
        "trained in 2.0 s, 2 k words/s; 8,000 pairs an epoch, loss 3.000 → 2.500 nats a pair",
    ]


def test_a_run_that_ends_tells_the_loss_of_its_first_epoch_and_its_last():
    *_, line = said(STARTED, epoch_end(1, loss=3.0), epoch_end(2, loss=2.5), FINISHED)
    assert line.endswith("; 8,000 pairs an epoch, loss 3.000 → 2.500 nats a pair")


def test_a_resumed_run_does_not_pass_off_a_later_epoch_as_its_first():
    resumed = Resumed("out.checkpoint", epoch=3, tokens_done=2_100, seconds=1.0)
    *_, line = said(STARTED, resumed, epoch_end(3, loss=2.4), epoch_end(4, loss=2.3), FINISHED)
    assert line.endswith("loss 2.300 nats a pair")


def test_a_resumed_run_that_had_nothing_left_to_do_ends_as_any():
    *_, line = said(
        STARTED, Resumed("out.checkpoint", epoch=4, tokens_done=4_000, seconds=2.0), FINISHED
    )
    assert line == "trained in 2.0 s, 2 k words/s"


def test_what_was_left_out_of_new_text_and_what_was_added_is_told():
    old = Vocabulary(["a", "b"], np.ones(2, np.int64))
    new = encoded(b"a b c d c")
    assert (
        "left out 2 different words that the vectors do not have, 3 in all; --add-words adds them"
        in said(extended(old, new, adds_words=False).summary)
    )
    added = said(extended(old, new, adds_words=True).summary)
    assert "added 2 words to those of the vectors" in added
    assert "vectors" not in " ".join(said(new.summary))


# What the bar shows


def test_the_bar_shows_the_learning_rate_that_the_event_tells():
    for rate, text in [(0.025, "rate 0.0250"), (0.00312, "rate 0.0031"), (2.5e-6, "rate 2.5e-06")]:
        first, later = (progress(words, 1.0, rate=rate) for words in (500, 3_500))
        assert text in shown(first, 1, later)


def test_a_loss_that_was_not_scored_leaves_the_one_before_it():
    assert "loss 3.000" in shown(progress(500, 1.0, 3.0), 1, progress(900, 1.5, math.nan))


def test_after_a_resume_speed_and_time_left_are_those_of_this_session():
    # 2,000 words took an hour on a slow machine; here it is 100 words a second.
    line = shown(
        Resumed("out.checkpoint", epoch=3, tokens_done=2_000, seconds=3_600.0),
        1,
        progress(2_000, seconds=3_600.0),
        1,
        progress(2_100, seconds=3_601.0),
        4,
        progress(2_500, seconds=3_605.0),
    )
    assert line.startswith("epoch 3 ")
    assert " 62% 0 k words/s" in line
    assert "00:15 left" in line


# That watching cannot stop a run


WATCHED = """
from skipgram.cli.views.progress import RunView
from helpers.run_events import CORPUS, FINISHED, STARTED, epoch_end, progress

with RunView() as view:
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
    with RunView() as view:
        for words in range(100, 4_100, 100):
            view.observe(progress(words, 1.0))
        view.say("so far so good")
    assert terminal.lines == -1, "after the first failure it writes no more"


def test_a_view_falls_silent_when_its_stream_was_closed(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    with RunView() as view:
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
