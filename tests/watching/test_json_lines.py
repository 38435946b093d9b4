"""A run as lines of JSON: what stands in them, how many there are, and what cannot spoil them."""

import json
import math
import os
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.comparison import EXACT, assert_close
from helpers.run_events import CORPUS, FINISHED, SCORE, STARTED, Clock, epoch_end, progress
from skipgram.corpus.summary import CacheUsed, ReadingProgress
from skipgram.errors import OutputExistsError, SkipgramError
from skipgram.training.events import (
    CheckpointSaved,
    Compiled,
    Compiling,
    Progress,
    Resumed,
    StoppedEarly,
)
from skipgram.watching import json_lines
from skipgram.watching.json_lines import JsonLinesLog
from skipgram.watching.records import Observed, Record, Records

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def lines_of(file: Path) -> list[dict[str, Any]]:
    text = file.read_text()
    assert text.endswith("\n")
    return [json.loads(line, parse_constant=refuse) for line in text.splitlines()]


def written(file: Path, *events: Observed, **arguments: Any) -> list[dict[str, Any]]:
    with JsonLinesLog(file, **arguments) as log:
        for event in events:
            log.observe(event)
    return lines_of(file)


# What stands in a line


def test_a_progress_is_told_with_its_step_its_loss_and_its_speed(tmp_path):
    assert written(tmp_path / "log", progress(250, seconds=0.5, loss=2.5, rate=0.02)) == [
        {
            "event": "progress",
            "step": 250,
            "epoch": 1,
            "words": 250,
            "words_total": 4_000,
            "loss": 2.5,
            "learning_rate": 0.02,
            "words_per_second": 500.0,
            "seconds": 0.5,
        }
    ]


def test_the_end_of_an_epoch_has_the_step_it_ends_at_and_the_held_out_scores(tmp_path):
    *_, line = written(tmp_path / "log", progress(1_000, 0.5), epoch_end(1, held_out=SCORE))
    assert line == {
        "event": "epoch_end",
        "step": 1_000,
        "epoch": 1,
        "loss": 2.31,
        "loss_standard_error": None,
        "scored_pairs": 8_000,
        "pairs": 8_000,
        "shortened_pairs": 0,
        "seconds": 0.5,
        "held_out_loss": 2.4,
        "held_out_loss_standard_error": 0.01,
        "held_out_cross_entropy": math.log(1234),
        "held_out_cross_entropy_standard_error": 0.02,
        "held_out_perplexity": SCORE.perplexity,
        "held_out_centers": 512,
        "held_out_pairs": 9_000,
        "held_out_seconds": 0.25,
    }
    assert_close(line["held_out_perplexity"], 1234, EXACT)


def test_without_held_out_text_an_epoch_ends_without_such_fields(tmp_path):
    (line,) = written(tmp_path / "log", epoch_end(1))
    assert not [name for name in line if name.startswith("held_out")]


def test_all_other_events_are_told_with_their_fields(tmp_path):
    assert written(
        tmp_path / "log",
        ReadingProgress(5, 10),
        CacheUsed("old.corpus"),
        CORPUS,
        Compiling(),
        Compiled(2.5, is_kept=True),
        STARTED,
        Resumed("out.checkpoint", epoch=2, tokens_done=1_500, seconds=0.75),
        CheckpointSaved("out.checkpoint", epoch=2, tokens_done=1_700, seconds=0.1),
        StoppedEarly(1, SCORE),
        FINISHED,
    ) == [
        {"event": "cache_used", "folder": "old.corpus"},
        {"event": "corpus", **asdict(CORPUS)},
        {"event": "compiled", "seconds": 2.5, "is_kept": True},
        {
            "event": "started",
            "vocab_size": 50,
            "words": 1_000,
            "epochs": 4,
            "threads": 2,
            "memory_bytes": 80_000,
            "loss_at_zero": 4.16,
        },
        {"event": "resumed", "step": 1_500, "epoch": 2, "folder": "out.checkpoint"},
        {
            "event": "checkpoint",
            "step": 1_700,
            "epoch": 2,
            "folder": "out.checkpoint",
            "seconds": 0.1,
        },
        {
            "event": "stopped_early",
            "step": 1_500,
            "best_epoch": 1,
            **{f"held_out_{name}": value for name, value in asdict(SCORE).items()},
            "held_out_perplexity": SCORE.perplexity,
        },
        {
            "event": "finished",
            "step": 1_500,
            "words": 4_000,
            "words_per_second": 2_000.0,
            "seconds": 2.0,
        },
    ]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_becomes_null(tmp_path, value):
    score = replace(SCORE, loss_standard_error=value)
    first, second = written(tmp_path / "log", progress(9, 0.1, value), epoch_end(1, value, score))
    assert first["loss"] is None
    assert second["loss"] is second["held_out_loss_standard_error"] is None


def test_a_folder_that_no_text_can_name_is_still_a_line_of_json(tmp_path):
    folder = os.fsdecode(b"line\nend \xff")
    (line,) = written(tmp_path / "log", Resumed(folder, 1, 0, 0.0))
    assert line["folder"] == folder


def test_a_real_run_is_told_from_the_corpus_to_the_end(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("sun moon star\n" * 50)
    with JsonLinesLog(tmp_path / "log") as log:
        skipgram.train(
            text, embedding_dim=4, min_count=1, subsample=0, threads=1, epochs=2,
            observe=log.observe,
        )  # fmt: skip
    lines = lines_of(tmp_path / "log")
    told = [line["event"] for line in lines if line["event"] != "compiled"]
    assert told[:2] == ["corpus", "started"]
    assert told[-3:] == ["progress", "epoch_end", "finished"]
    assert [line["step"] for line in lines if line["event"] == "epoch_end"] == [150, 300]


# How many lines there are


def told(events: Iterable[tuple[float, Observed]]) -> list[Record]:
    """The records of events, each with the seconds that pass before it."""
    clock = Clock()
    records = Records(clock)
    found = []
    for pause, event in events:
        clock.now += pause
        found += list(records.of(event))
    return found


@law
@given(
    st.lists(st.tuples(st.floats(0.001, 3), st.integers(0, 1_000_000)), min_size=1, max_size=80),
    st.sets(st.integers(0, 80)),
)
def test_progress_is_told_about_once_a_second_and_always_before_an_epoch_ends(steps, ends):
    words, events = 0, []
    for number, (pause, more) in enumerate(steps):
        words += more
        events.append((pause, progress(words, seconds=1.0)))
        if number in ends:
            events.append((0.0, epoch_end(1)))
    found = told(events)
    seconds = sum(pause for pause, _ in steps)
    assert sum(line["event"] == "progress" for line in found) <= seconds + 1 + len(ends)
    # The step of an epoch's end is that of the line before it, and so must be the last there was.
    last, before_ends = 0, []
    for _, event in events:
        if isinstance(event, Progress):
            last = event.tokens_done
        else:
            before_ends.append(last)
    assert [line["step"] for line in found if line["event"] == "epoch_end"] == before_ends


def test_the_loss_of_a_line_is_the_mean_since_the_last_one():
    pauses_and_losses = [(0, 4.0), (0.5, 3.0), (0.3, math.nan), (0.3, 2.0), (0.1, 1.0)]
    events: list[tuple[float, Observed]] = [
        (pause, progress(10 * place, seconds=1.0, loss=loss))
        for place, (pause, loss) in enumerate(pauses_and_losses, start=1)
    ]
    found = told([*events, (0, epoch_end(1))])
    assert [line["loss"] for line in found[:-1]] == [4.0, 2.5, 1.0]


def test_after_a_resume_the_speed_is_that_of_this_session():
    # 3,000 words took an hour on a slow machine; here it is 200 words a second.
    found = told(
        [
            (0, STARTED),
            (0, Resumed("out.checkpoint", epoch=4, tokens_done=3_000, seconds=3_599.5)),
            (2, progress(3_100, seconds=3_600.0)),
            (2, progress(3_500, seconds=3_602.0)),
            (2, progress(3_900, seconds=3_604.0)),
        ]
    )
    speeds = [line["words_per_second"] for line in found if line["event"] == "progress"]
    assert_close(speeds, [200.0, 200.0, 200.0], EXACT)


# The file


def test_a_line_stands_in_the_file_before_the_next_event_comes(tmp_path):
    with JsonLinesLog(tmp_path / "log") as log:
        log.observe(STARTED)
        assert [line["event"] for line in lines_of(tmp_path / "log")] == ["started"]


def test_a_file_that_is_there_is_refused_and_left_as_it_is(tmp_path):
    file = tmp_path / "log"
    file.write_text("precious")
    with pytest.raises(OutputExistsError, match="log already exists; choose another name"):
        written(file)
    assert file.read_text() == "precious"


def test_a_file_that_has_come_since_it_was_asked_for_is_left_as_it_is(tmp_path, monkeypatch):
    file = tmp_path / "log"

    def meanwhile(path: Path, *, overwrite: bool) -> None:
        path.write_text("precious")

    monkeypatch.setattr(json_lines, "require_free", meanwhile)
    with pytest.raises(OutputExistsError, match=r"another process wrote .*log in the"):
        written(file)
    assert file.read_text() == "precious"


def test_a_file_that_is_there_is_replaced_where_that_is_allowed(tmp_path):
    file = tmp_path / "log"
    file.write_text("old\n" * 100)
    assert [line["event"] for line in written(file, STARTED, overwrite=True)] == ["started"]


def test_a_resumed_run_writes_on_behind_the_lines_that_are_there(tmp_path):
    written(tmp_path / "log", STARTED)
    lines = written(tmp_path / "log", Resumed("out.checkpoint", 1, 500, 0.25), resumes=True)
    assert [line["event"] for line in lines] == ["started", "resumed"]


def test_a_resumed_run_without_an_earlier_log_begins_one(tmp_path):
    assert len(written(tmp_path / "log", STARTED, resumes=True)) == 1


def test_half_a_line_that_a_kill_left_is_ended_first(tmp_path):
    file = tmp_path / "log"
    file.write_text('{"event": "started"}\n{"event": "prog')
    with JsonLinesLog(file, resumes=True) as log:
        log.observe(FINISHED)
    first, half, last = file.read_text().splitlines()
    assert (json.loads(first)["event"], half) == ("started", '{"event": "prog')
    assert json.loads(last)["event"] == "finished"


@pytest.mark.parametrize("resumes", [False, True])
def test_a_missing_folder_is_named_in_one_line(tmp_path, resumes):
    file = tmp_path / "missing" / "log"
    with pytest.raises(SkipgramError) as caught:
        written(file, resumes=resumes)
    assert str(caught.value) == (
        f"{file} cannot be written: there is no folder {file.parent}; make it first"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is full, as on Linux")
def test_a_full_disk_is_one_line_of_the_error_family():
    with pytest.raises(SkipgramError) as caught, JsonLinesLog(Path("/dev/full"), True) as log:
        log.observe(STARTED)
    assert str(caught.value) == "/dev/full cannot be written: No space left on device"
