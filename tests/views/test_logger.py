"""A run in Python's logging: quiet unless it is asked for, and nothing twice on a terminal."""

import io
import logging
import re
import sys

import pytest

from helpers.run_events import FINISHED, STARTED, epoch_end, progress
from helpers.terminals import terminal_stream
from skipgram.training.events import CheckpointFailed, LogFailed, SpellingFailed
from skipgram.views.display import Unseen
from skipgram.views.logger import LoggedDisplay
from skipgram.views.run_view import RunView
from skipgram.views.terminal import TerminalDisplay

OURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
"""What rich sends to draw."""
FAILED = CheckpointFailed("out.checkpoint", 2, 1_700, "x: No space left on device")


class Kept(Unseen):
    """Keeps the lines that it would show."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


def shown(*events: object) -> list[str]:
    display = Kept()
    with RunView(LoggedDisplay(display)) as view:
        for event in events:
            view.observe(event)
    return display.lines


@pytest.mark.parametrize(
    "trouble",
    [FAILED, LogFailed("log", "log cannot be written"), SpellingFailed("no n-gram is shared")],
)
def test_what_goes_wrong_is_a_warning(trouble, caplog):
    (line,) = shown(trouble)
    assert [(record.levelname, record.message) for record in caplog.records] == [("WARNING", line)]


def test_a_training_that_made_things_worse_is_a_warning(caplog):
    shown(STARTED, epoch_end(1, loss=4.2), FINISHED)
    assert caplog.messages[-1].startswith("the loss ended above that of zero vectors")
    assert caplog.records[-1].levelname == "WARNING"


def test_the_texts_of_others_cannot_steer_a_log(caplog):
    shown(LogFailed("log", "log\x1b[31m %s {} cannot be written"))
    assert caplog.messages == [
        "log\\x1b[31m %s {} cannot be written; this log ends here, but the run continues"
    ]


def test_a_program_without_logging_gets_nothing_of_it(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(logging, "lastResort", logging.StreamHandler(stream))
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    assert len(shown(FAILED)) == 1
    assert stream.getvalue() == ""


def test_what_the_programs_handler_prints_is_not_shown_again(monkeypatch):
    stream, root = io.StringIO(), logging.getLogger()
    monkeypatch.setattr(sys, "stderr", stream)
    warnings = logging.StreamHandler()
    warnings.setLevel(logging.WARNING)
    monkeypatch.setattr(root, "handlers", [warnings])
    (line,) = shown(STARTED, FAILED)
    assert line.startswith("training 50 words")
    assert stream.getvalue().splitlines() == [
        "no checkpoint of epoch 2: x: No space left on device; training continues"
    ]


def test_a_line_of_the_programs_own_is_not_printed_into_the_bar(monkeypatch):
    kept: list[bytes] = []
    monkeypatch.setenv("TERM", "xterm-256color")
    with terminal_stream(kept) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler()])
        with RunView(LoggedDisplay(TerminalDisplay())) as view:
            view.observe(progress(500, 1.0))
            view.observe(FAILED)
    lines = OURS.sub("", b"".join(kept).decode()).splitlines()
    assert "no checkpoint of epoch 2: x: No space left on device; training continues" in lines
    assert any("━" in line for line in lines)
