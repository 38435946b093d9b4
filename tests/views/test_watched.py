"""A run in Python is shown where a person watches, and nowhere else."""

import logging
import multiprocessing
import subprocess
import sys
from types import SimpleNamespace

import pytest

import skipgram
from helpers.command_line import run
from helpers.notebooks import Notebook
from helpers.terminals import terminal_stream
from skipgram.training.events import EpochEnd, Event
from skipgram.views import watched

TEXT = ["sun moon star sea\n"] * 60
SMALL = {"embedding_dim": 4, "min_count": 1, "subsample": 0, "threads": 1, "epochs": 2}


def trained(monkeypatch: pytest.MonkeyPatch, progress: bool | None = None) -> str:
    """What a terminal on the standard error stream gets of a small training."""
    kept: list[bytes] = []
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "300")
    with terminal_stream(kept) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        skipgram.train(skipgram.Texts(TEXT), progress=progress, **SMALL)
    return b"".join(kept).decode()


def test_a_terminal_sees_the_lines_and_the_bar(monkeypatch):
    seen = trained(monkeypatch)
    assert "training 4 words for 2 epochs on 1 thread" in seen
    assert "nats a pair" in seen
    assert "━" in seen, "there was no bar"


def test_nothing_is_shown_on_a_terminal_on_request(monkeypatch):
    assert trained(monkeypatch, progress=False) == ""


def test_nothing_is_shown_where_nobody_watches(capfd):
    skipgram.train(skipgram.Texts(TEXT), **SMALL)
    assert capfd.readouterr() == ("", "")


def test_a_file_gets_plain_lines_on_request(capfd):
    skipgram.train(skipgram.Texts(TEXT), progress=True, **SMALL)
    output, lines = capfd.readouterr()
    assert output == ""
    assert lines.startswith("read 240 words in 60 lines")
    assert "\x1b" not in lines
    assert lines.count("training 4 words") == 1


def test_worker_processes_leave_their_parents_terminal_alone(monkeypatch):
    worker = SimpleNamespace(name="ForkProcess-1")
    monkeypatch.setattr(watched, "current_process", lambda: worker)
    assert trained(monkeypatch) == ""
    assert multiprocessing.current_process().name == "MainProcess"


def test_a_process_without_a_standard_error_stream_trains_in_silence(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    for progress in (None, True):
        assert "sun" in skipgram.train(skipgram.Texts(TEXT), progress=progress, **SMALL)


def test_every_event_is_observed_whether_it_is_shown_or_not(monkeypatch, capfd):
    for progress in (None, True, False):
        seen: list[Event] = []
        skipgram.train(skipgram.Texts(TEXT), progress=progress, observe=seen.append, **SMALL)
        assert [event.epoch for event in seen if isinstance(event, EpochEnd)] == [1, 2]


@pytest.mark.parametrize("what", [skipgram.encode, skipgram.count_words, skipgram.cooccurrence])
def test_reading_and_counting_are_shown_likewise(what, capfd):
    what(skipgram.Texts(TEXT), min_count=1, threads=1, progress=True)
    assert capfd.readouterr().err.count("read 240 words in 60 lines") == 1
    what(skipgram.Texts(TEXT), min_count=1, threads=1)
    assert capfd.readouterr() == ("", "")


def test_an_error_takes_the_bar_down(monkeypatch):
    kept: list[bytes] = []
    monkeypatch.setenv("TERM", "xterm-256color")

    def stop(event: object) -> None:
        match event:
            case EpochEnd():
                raise ValueError("seen enough")

    with terminal_stream(kept) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        with pytest.raises(ValueError, match="seen enough"):
            skipgram.train(skipgram.Texts(TEXT), observe=stop, **SMALL)
        assert sys.stderr is stream, "the bar still stands before it"
    assert b"".join(kept).count(b"\x1b[?25h") >= 1, "the cursor stays hidden"


def test_a_command_shows_its_run_once_on_a_terminal_too(tmp_path, monkeypatch):
    (tmp_path / "text.txt").write_text("".join(TEXT))
    options = ["--embedding-dim", "4", "--min-count", "1", "--subsample", "0", "--threads", "1"]
    kept: list[bytes] = []
    with terminal_stream(kept) as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        assert run(monkeypatch, "train", tmp_path / "text.txt", "-o", tmp_path / "v", *options) == 0
    assert b"".join(kept).count(b"read 240 words") == 1


# Notebooks


def test_a_notebook_sees_one_output_and_lines_below_it(monkeypatch, capsys):
    notebook = Notebook(monkeypatch)
    skipgram.train(skipgram.Texts(TEXT), **SMALL)
    lines, errors = capsys.readouterr()
    assert "training 4 words for 2 epochs on 1 thread" in lines
    assert errors == ""
    assert notebook.count == 1
    first, *_, last = [data for _, data in notebook.outputs]
    assert set(first) == {"text/plain", "text/html"}
    assert first["text/plain"].startswith("reading ")
    assert set(last.values()) == {""}, "the bar stays"


def test_a_notebook_sees_nothing_on_request(monkeypatch, capsys):
    notebook = Notebook(monkeypatch)
    skipgram.train(skipgram.Texts(TEXT), progress=False, **SMALL)
    assert notebook.outputs == []
    assert capsys.readouterr() == ("", "")


def test_ipython_without_a_kernel_is_no_notebook(monkeypatch, capsys):
    notebook = Notebook(monkeypatch, has_kernel=False)
    skipgram.train(skipgram.Texts(TEXT), **SMALL)
    assert notebook.outputs == []
    assert capsys.readouterr() == ("", "")


# Lightness


def test_a_run_that_nobody_sees_imports_neither_rich_nor_ipython():
    code = f"""
import sys, skipgram
skipgram.train(skipgram.Texts({TEXT!r}), **{SMALL!r})
print(*[name for name in ("rich", "IPython") if name in sys.modules])
"""
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert (shown.stdout, shown.stderr) == ("\n", "")


# Logging


def test_milestones_are_logged_whether_they_are_shown_or_not(caplog, capfd):
    for progress in (False, True):
        caplog.clear()
        with caplog.at_level(logging.INFO, "skipgram"):
            skipgram.train(skipgram.Texts(TEXT), progress=progress, **SMALL)
        assert {record.name for record in caplog.records} == {"skipgram"}
        assert {record.levelname for record in caplog.records} == {"INFO"}
        assert any("training 4 words for 2 epochs" in line for line in caplog.messages)
        shown = capfd.readouterr().err.splitlines()
        assert shown == (caplog.messages if progress else [])
