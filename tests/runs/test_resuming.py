"""Processes that are interrupted, terminated and killed lose nothing that a resumed one needs."""

import json
import os
import random
import runpy
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.processes import wait_until
from helpers.small_trainings import SMALL, command, files_in, options, two_topics
from skipgram.errors import FormatError, OutputExistsError, SettingsError, SkipgramError
from skipgram.training import checkpoint
from skipgram.training.checkpoint import STATE
from skipgram.training.events import CheckpointSaved, Progress, Resumed

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals as on POSIX systems")

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "kills.py"
kill_until_it_ends = runpy.run_path(str(BENCHMARK))["kill_until_it_ends"]

OFTEN = 0.0005
"""Minutes: 30 ms."""
LONG = SMALL | {"epochs": 150}
"""A second or two."""
DETERMINISTIC = SMALL | {"deterministic": True, "threads": 2}


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(two_topics())
    return file


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"


class StoppedError(Exception):
    """Ends a training from the inside, as a kill would from the outside."""


def interrupt(text: Path, output: Path, **values: Any) -> Path:
    """Leave a checkpoint; its folder."""

    def stop(event: Any) -> None:
        if isinstance(event, CheckpointSaved) and event.tokens_done:
            raise StoppedError

    with pytest.raises(StoppedError):
        skipgram.train(text, output, observe=stop, **SMALL | {"checkpoint_minutes": 1e-9, **values})
    assert not output.exists()
    return output.with_name("out.checkpoint")


def assert_same_vectors(one: Path, other: skipgram.WordVectors) -> None:
    loaded = skipgram.load(one)
    assert list(loaded.words) == list(other.words)
    np.testing.assert_array_equal(loaded.center, other.center)
    np.testing.assert_array_equal(loaded.outside, other.outside)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in files_in(folder)}


# Within one process


def test_a_resumed_training_ends_in_the_same_bits_and_leaves_no_checkpoint(
    text: Path, output: Path
) -> None:
    place = interrupt(text, output)
    seen: list[Any] = []
    skipgram.train(text, output, resume=True, observe=seen.append, **SMALL)
    assert [event.folder for event in seen if isinstance(event, Resumed)] == [str(place)]
    whole = skipgram.train(text, **SMALL)
    assert_same_vectors(output, whole)
    losses = [epoch["loss"] for epoch in skipgram.load(output).about["epochs"]]
    assert losses == [epoch["loss"] for epoch in whole.about["epochs"]]
    assert not place.exists()


def test_without_checkpoints_of_its_own_a_run_still_goes_on_from_one(
    text: Path, output: Path
) -> None:
    place = interrupt(text, output)
    with pytest.raises(OutputExistsError, match="holds an interrupted training"):
        skipgram.train(text, output, **SMALL, checkpoint_minutes=0)
    seen: list[Any] = []
    values = SMALL | {"checkpoint_minutes": 0}
    skipgram.train(text, output, resume=True, observe=seen.append, **values)
    assert any(isinstance(event, Resumed) for event in seen)
    assert not place.exists()


def test_without_a_checkpoint_resuming_is_beginning(text: Path, output: Path) -> None:
    seen: list[Any] = []
    skipgram.train(text, output, resume=True, observe=seen.append, **SMALL)
    assert not any(isinstance(event, Resumed) for event in seen)
    assert_same_vectors(output, skipgram.train(text, **SMALL))


def test_resuming_what_has_ended_replaces_nothing(text: Path, output: Path) -> None:
    skipgram.train(text, output, **SMALL)
    before = contents(output)
    with pytest.raises(OutputExistsError, match="out already exists"):
        skipgram.train(text, output, resume=True, **SMALL)
    assert contents(output) == before


def test_an_interrupted_training_is_given_up_only_when_that_is_said(
    text: Path, output: Path
) -> None:
    place = interrupt(text, output)
    before = contents(place)
    with pytest.raises(OutputExistsError, match=r"resume=True\), or discard it \(overwrite=True\)"):
        skipgram.train(text, output, **SMALL)
    assert contents(place) == before
    other = SMALL | {"seed": 5}
    skipgram.train(text, output, overwrite=True, **other)
    assert_same_vectors(output, skipgram.train(text, **other))
    assert not place.exists()


def test_a_training_that_was_given_up_is_never_gone_on_with(text: Path, output: Path) -> None:
    place = interrupt(text, output)

    def stop(event: Any) -> None:
        if isinstance(event, Progress):
            raise StoppedError

    with pytest.raises(StoppedError):
        skipgram.train(text, output, overwrite=True, observe=stop, **SMALL)
    assert not place.exists()


def test_an_error_before_the_training_gives_nothing_up(text: Path, output: Path) -> None:
    before = contents(interrupt(text, output))
    with pytest.raises(SkipgramError, match="no word occurs 9999 times"):
        skipgram.train(text, output, overwrite=True, **SMALL | {"min_count": 9999})
    assert contents(output.with_name("out.checkpoint")) == before


def damage(place: Path) -> None:
    (place / STATE).write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "values", "error", "found"),
    [
        (None, {"window": 9}, SettingsError, "window was 5 and is 9"),
        (None, {"min_count": 2}, SettingsError, "min_count was 1 and is 2"),
        (damage, {}, FormatError, "state.json does not say that this is a skipgram checkpoint"),
    ],
)
def test_a_checkpoint_that_does_not_belong_is_refused_before_anything_is_trained(
    text: Path,
    output: Path,
    spoil: Callable[[Path], None] | None,
    values: dict[str, Any],
    error: type[SkipgramError],
    found: str,
) -> None:
    place = interrupt(text, output)
    if spoil is not None:
        spoil(place)
    before, seen = contents(place), []
    with pytest.raises(error, match=found):
        skipgram.train(text, output, resume=True, observe=seen.append, **SMALL | values)
    assert contents(place) == before
    assert not any(isinstance(event, Progress) for event in seen)
    assert not output.exists()


def test_a_checkpoint_of_another_text_is_refused(text: Path, output: Path) -> None:
    before = contents(interrupt(text, output))
    text.write_text(two_topics(1001))
    with pytest.raises(SettingsError, match="checkpoint of another corpus: tokens was 8,000 and"):
        skipgram.train(text, output, resume=True, **SMALL)
    assert contents(output.with_name("out.checkpoint")) == before


def test_a_stray_file_beside_a_checkpoint_is_refused_before_reading_and_stays(
    text: Path, output: Path
) -> None:
    place = interrupt(text, output)
    (place / "notes.md").write_text("mine")
    seen: list[Any] = []
    for choice in ({"resume": True}, {"overwrite": True}):
        with pytest.raises(OutputExistsError, match=r"holds notes\.md, which is not part"):
            skipgram.train(text, output, observe=seen.append, **choice, **SMALL)
    assert not seen
    assert (place / "notes.md").read_text() == "mine"
    assert checkpoint.exists(place)


def test_a_log_is_written_on_when_a_training_is_resumed(
    text: Path, output: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"

    def stop(event: Any) -> None:
        if isinstance(event, CheckpointSaved) and event.tokens_done:
            raise StoppedError

    often = SMALL | {"checkpoint_minutes": 1e-9}
    with pytest.raises(StoppedError):
        skipgram.train(text, output, log=log, observe=stop, **often)
    begun = log.read_text()
    skipgram.train(text, output, log=log, resume=True, **SMALL)
    assert log.read_text().startswith(begun)
    events = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert events.count("started") == 2
    assert events[-1] == "finished"
    assert "resumed" in events


# Processes


def train(text: Path, output: Path, values: dict[str, Any], *more: str | Path) -> list[str]:
    return command("train", text, "--output", output, *options(values), *more)


def read_up_to(process: subprocess.Popen[str], start: str) -> None:
    """Read what the process says up to a line that begins like this."""
    assert process.stderr is not None
    while not (line := process.stderr.readline()).startswith(start):
        assert line, f"it ended before it said {start!r}"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.slow),
    ],
    ids=["INT", "TERM", "HUP"],
)
def test_a_process_that_is_asked_to_end_says_how_to_go_on_and_does(
    text: Path, output: Path, number: signal.Signals, code: int
) -> None:
    log = output.with_name("log.jsonl")
    run = train(text, output, LONG, "--log", log)
    with subprocess.Popen(run, stderr=subprocess.PIPE, text=True) as process:
        wait_until(lambda: log.is_file() and "epoch_end" in log.read_text(), process=process)
        process.send_signal(number)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == code
    *_, last = said.splitlines()
    place = output.with_name("out.checkpoint")
    assert last.startswith(f"skipgram: stopped by {number.name} in epoch ")
    assert last.endswith(f"the same run with --resume continues from {place}")
    assert "Traceback" not in said
    assert checkpoint.exists(place)
    assert not output.exists()
    done = subprocess.run(
        train(text, output, LONG, "--resume"), stderr=subprocess.PIPE, text=True, check=True
    )
    assert f"continuing from {place}: epoch " in done.stderr
    assert_same_vectors(output, skipgram.train(text, **LONG))
    assert not place.exists()


# Two signals in a row may be one to a process that has not handled the first yet.
SAYING_WHEN_ASKED = """
import signal, sys
from skipgram.cli import main

def set_handler(number, handler, set_handler=signal.signal):
    before = set_handler(number, handler)
    if (number, handler) == (signal.SIGINT, signal.default_int_handler):
        print("asked", file=sys.stderr, flush=True)
    return before

signal.signal = set_handler
main()
"""


def test_asked_twice_a_process_ends_at_once(text: Path, output: Path) -> None:
    endless = SMALL | {"epochs": 100_000, "window": 500, "negatives": 64, "embedding_dim": 1000}
    text.write_text(" ".join(two_topics().split()))
    _, _, _, *arguments = train(text, output, endless)
    run = [sys.executable, "-c", SAYING_WHEN_ASKED, *arguments]
    with subprocess.Popen(run, stderr=subprocess.PIPE, text=True) as process:
        read_up_to(process, "training")
        process.send_signal(signal.SIGINT)
        read_up_to(process, "asked")
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 130
    assert "Traceback" not in said


def killed_and_resumed(text: Path, output: Path, values: dict[str, Any], kills: int) -> None:
    """Trainings killed so often in all, each compared with one that was not."""
    reference = output.with_name("reference")
    subprocess.run(train(text, reference, values, "--quiet"), check=True)  # compiles
    began = time.perf_counter()
    subprocess.run(train(text, reference, values, "--quiet", "--overwrite"), check=True)
    seconds = time.perf_counter() - began
    run = command("train", text, *options(values | {"checkpoint_minutes": OFTEN}), "--quiet")
    chance, resumed = random.Random(1), 0
    while kills > 0:
        outcome = kill_until_it_ends(run, output, seconds, kills, chance)
        kills, resumed = kills - outcome.kills, resumed + outcome.resumed
        assert_same_vectors(output, skipgram.load(reference))
        left = [path.name for path in output.parent.iterdir() if path.name.startswith((".", "out"))]
        assert left == ["out"]
        shutil.rmtree(output)
    assert resumed >= 1


@pytest.mark.slow
def test_a_training_that_is_killed_again_and_again_ends_in_the_same_bits(
    text: Path, output: Path
) -> None:
    killed_and_resumed(text, output, DETERMINISTIC | {"epochs": 200}, kills=6)


@pytest.mark.slow
@pytest.mark.parametrize(
    "values",
    [
        LONG,
        DETERMINISTIC | {"epochs": 300},
        LONG | {"holdout": 0.1, "patience": 300, "schedule": "cosine"},
    ],
    ids=["fast", "deterministic", "waiting for the best"],
)
def test_a_training_that_is_killed_at_thirty_random_moments_ends_in_the_same_bits(
    text: Path, output: Path, values: dict[str, Any]
) -> None:
    killed_and_resumed(text, output, values, kills=30)


# Before the training


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGINT, 130),
        pytest.param(signal.SIGTERM, 143, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, 129, marks=pytest.mark.slow),
    ],
    ids=["INT", "TERM", "HUP"],
)
def test_a_process_that_is_asked_to_end_while_it_reads_leaves_nothing(
    tmp_path: Path, output: Path, number: signal.Signals, code: int
) -> None:
    # A pipe without an end: the process reads until it is asked to end.
    run = train(Path("-"), output, SMALL)
    with subprocess.Popen(run, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        # A pipe holds 64 KB: once more than that is written, the process is reading.
        process.stdin.write(10 * two_topics())
        process.stdin.flush()
        assert process.poll() is None
        process.send_signal(number)
        try:
            process.wait(10)
        finally:
            process.kill()
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == code
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
