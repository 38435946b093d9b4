"""A log that cannot be written ends; the run that it tells of does not."""

import json
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers.run_events import CORPUS, FINISHED, STARTED, epoch_end, progress
from skipgram.cli.views.progress import shell_view
from skipgram.errors import SkipgramError
from skipgram.training.events import LogCutShort, LogFailed
from skipgram.watching import tensorboard
from skipgram.watching.json_lines import JsonLinesLog, logged

EVENTS = [CORPUS, STARTED, progress(10, 0.5), epoch_end(1), FINISHED]


class FullDisk:
    """Of a log: writes fail from some event on."""

    def __init__(self, events: int) -> None:
        self.left = events

    def observe(self, event: object) -> None:
        self.left -= 1
        if self.left < 0:
            raise SkipgramError("log cannot be written: No space left on device")


def told_of(run_log: Path | None, figures: Path | None) -> list[Any]:
    told: list[Any] = []
    with logged(run_log, figures, told.append, resumes=False, overwrite=True) as tell:
        for event in EVENTS:
            tell(event)
    return told


@pytest.mark.parametrize(("events", "missing"), [(0, 5), (1, 4), (4, 1)])
def test_a_log_that_fails_is_told_once_and_what_it_lacks_is_counted(
    tmp_path, monkeypatch, events, missing
):
    monkeypatch.setattr(JsonLinesLog, "observe", FullDisk(events).observe)
    told = told_of(tmp_path / "log", None)
    failed = LogFailed(str(tmp_path / "log"), "log cannot be written: No space left on device")
    cut = LogCutShort(str(tmp_path / "log"), missing)
    assert told == [*EVENTS[: events + 1], failed, *EVENTS[events + 1 :], cut]


def test_the_other_log_goes_on_and_says_so(tmp_path, monkeypatch):
    pytest.importorskip("tensorboardX")
    monkeypatch.setattr(tensorboard.TensorBoardLog, "observe", FullDisk(2).observe)
    told_of(tmp_path / "log", tmp_path / "figures")
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [line["event"] for line in lines] == [
        "corpus", "started", "progress", "log_failed", "epoch_end", "finished", "log_cut_short",
    ]  # fmt: skip
    assert lines[3]["place"] == lines[-1]["place"] == str(tmp_path / "figures")
    assert lines[-1]["missing"] == 3


def test_a_log_that_fails_when_it_is_closed_is_told_as_well(tmp_path, monkeypatch):
    close = JsonLinesLog.__exit__

    def failing(self: JsonLinesLog, *error: Any) -> None:
        close(self, *error)
        raise SkipgramError("log cannot be written: No space left on device")

    monkeypatch.setattr(JsonLinesLog, "__exit__", failing)
    told = told_of(tmp_path / "log", None)
    assert told == [*EVENTS, LogFailed(str(tmp_path / "log"), str(told[-1].reason))]


def test_a_log_that_cannot_be_begun_is_an_error_before_the_run(tmp_path):
    with pytest.raises(SkipgramError, match="there is no folder"):
        told_of(tmp_path / "missing" / "log", None)


def test_an_error_of_the_run_is_not_taken_for_one_of_its_log(tmp_path):
    told: list[Any] = []
    with (
        pytest.raises(SkipgramError, match="of the run"),
        logged(tmp_path / "log", None, told.append, resumes=False, overwrite=False),
    ):
        raise SkipgramError("of the run")
    assert told == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full, as on Linux")
def test_a_training_with_its_log_on_a_full_disk_keeps_its_vectors(tmp_path):
    text, told = tmp_path / "text.txt", []
    text.write_text("sun moon star\n" * 50)
    skipgram.train(
        text, tmp_path / "out", log="/dev/full", overwrite=True, observe=told.append,
        embedding_dim=4, min_count=1, subsample=0, threads=1, epochs=2,
    )  # fmt: skip
    assert "sun" in skipgram.load(tmp_path / "out")
    assert [event.place for event in told if isinstance(event, LogFailed)] == ["/dev/full"]
    assert isinstance(told[-1], LogCutShort)
    assert told[-1].missing > 4


def test_a_person_is_told_that_a_log_ended_and_what_it_lacks(capsys):
    with shell_view() as view:
        view.observe(LogFailed("log", "log cannot be written: No space left on device"))
        view.observe(LogCutShort("log", 1_234))
    assert capsys.readouterr().err.splitlines() == [
        "log cannot be written: No space left on device; this log ends here, but the run continues",
        "log lacks the last 1,234 records of this run",
    ]
