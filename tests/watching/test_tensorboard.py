"""A run as curves: what TensorBoard reads in the files is what the events told."""

import math
import struct
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tensorboardX.crc32c import crc32c
from tensorboardX.proto.event_pb2 import Event, SessionLog

from helpers.comparison import FLOAT32, assert_close
from helpers.run_events import FINISHED, SCORE, STARTED, Clock, epoch_end, progress
from skipgram.errors import MissingExtraError, OutputExistsError, SkipgramError
from skipgram.training.events import Resumed
from skipgram.watching.records import Observed
from skipgram.watching.tensorboard import TensorBoardLog

LENGTH, CHECKSUM = struct.Struct("<Q"), struct.Struct("<I")


def checksum(data: bytes) -> bytes:
    """CRC-32C, masked as TensorFlow's record format says."""
    plain = crc32c(data)
    return CHECKSUM.pack((((plain >> 15) | (plain << 17)) + 0xA282EAD8) & 0xFFFFFFFF)


def events_in(file: Path) -> list[Any]:
    """The events of a file of records: length, its checksum, data, its checksum."""
    data, found = file.read_bytes(), []
    while data:
        length, rest = data[: LENGTH.size], data[LENGTH.size :]
        (size,) = LENGTH.unpack(length)
        end = CHECKSUM.size + size
        event = rest[CHECKSUM.size : end]
        assert rest[: CHECKSUM.size] == checksum(length)
        assert rest[end : end + CHECKSUM.size] == checksum(event)
        found.append(Event.FromString(event))
        data = rest[end + CHECKSUM.size :]
    assert found[0].file_version == "brain.Event:2"
    return found[1:]


@dataclass(frozen=True)
class Point:
    step: int
    value: float


def curves_in(folder: Path) -> dict[str, list[Point]]:
    """What a reader keeps of all files, in the order of their names, as TensorBoard reads them."""
    curves: dict[str, list[Point]] = {}
    for file in sorted(folder.glob("*tfevents*")):
        for event in events_in(file):
            if event.session_log.status == SessionLog.START:
                curves = {
                    name: [point for point in points if point.step < event.step]
                    for name, points in curves.items()
                }
            for value in event.summary.value:
                curves.setdefault(value.tag, []).append(Point(event.step, value.simple_value))
    return curves


def write(folder: Path, *events: Observed, **arguments: Any) -> None:
    clock = Clock()
    with TensorBoardLog(folder, clock=clock, **arguments) as log:
        for event in events:
            log.observe(event)
            clock.now += 2


def test_the_curves_are_those_of_the_events(tmp_path):
    write(
        tmp_path,
        STARTED,
        progress(500, 0.5, loss=3.5, rate=0.02),
        progress(1_000, 2.0, loss=3.0, rate=0.01),
        epoch_end(1, held_out=SCORE),
        FINISHED,
    )
    expected = {
        "loss/training": [(500, 3.5), (1_000, 3.0)],
        "learning_rate": [(500, 0.02), (1_000, 0.01)],
        "words_per_second": [(500, 1_000.0), (1_000, 500.0)],
        "loss/held_out": [(1_000, 2.4)],
        "perplexity/held_out": [(1_000, 1_234.0)],
    }
    found = curves_in(tmp_path)
    assert set(found) == set(expected)
    for name, points in expected.items():
        assert [point.step for point in found[name]] == [step for step, _ in points]
        assert_close([point.value for point in found[name]], [y for _, y in points], FLOAT32)


def test_a_loss_that_was_not_scored_is_no_point(tmp_path):
    write(tmp_path, progress(500, 0.5, loss=math.nan), epoch_end(1))
    assert set(curves_in(tmp_path)) == {"learning_rate", "words_per_second"}


def test_an_epochs_end_can_be_seen_while_the_run_goes_on(tmp_path):
    with TensorBoardLog(tmp_path) as log:
        log.observe(progress(1_000, 0.5))
        log.observe(epoch_end(1, held_out=SCORE))
        assert "loss/held_out" in curves_in(tmp_path)


def test_progress_can_be_seen_after_some_seconds(tmp_path):
    clock = Clock()
    with TensorBoardLog(tmp_path, clock=clock) as log:
        for words in range(1, 13):
            clock.now += 1
            log.observe(progress(words, 0.5))
        assert len(curves_in(tmp_path)["loss/training"]) >= 10


def test_a_resumed_run_goes_on_where_the_checkpoint_was(tmp_path):
    resumed = Resumed("out.checkpoint", epoch=2, tokens_done=1_000, seconds=1.0)
    write(tmp_path, progress(1_000, 1.0, loss=3.0), progress(1_500, 1.5, loss=2.0))
    write(tmp_path, STARTED, resumed, progress(1_500, 1.6, loss=2.5), resumes=True)
    points = curves_in(tmp_path)["loss/training"]
    assert points == [Point(1_000, 3.0), Point(1_500, 2.5)]


def test_a_folder_with_a_run_in_it_is_refused(tmp_path):
    write(tmp_path, progress(500, 0.5))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(OutputExistsError, match="already holds a run for TensorBoard; choose"):
        write(tmp_path, progress(500, 0.5))
    assert sorted(tmp_path.iterdir()) == before


def test_a_run_may_take_the_place_of_another_and_of_nothing_else(tmp_path):
    (tmp_path / "notes.txt").write_text("precious")
    write(tmp_path, progress(500, 0.5, loss=3.0), epoch_end(1, held_out=SCORE))
    write(tmp_path, progress(600, 0.5, loss=2.0), overwrite=True)
    assert curves_in(tmp_path)["loss/training"] == [Point(600, 2.0)]
    assert "loss/held_out" not in curves_in(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "precious"


def test_a_folder_that_is_not_there_is_made(tmp_path):
    write(tmp_path / "runs" / "first", progress(500, 0.5))
    assert curves_in(tmp_path / "runs" / "first")


def test_a_file_in_the_folders_place_is_one_line_of_the_error_family(tmp_path):
    place = tmp_path / "runs"
    place.write_text("no folder")
    with pytest.raises(SkipgramError) as caught:
        write(place)
    assert str(caught.value) == f"{place} cannot be written: File exists"


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from skipgram.errors import SkipgramError
from skipgram.watching.tensorboard import TensorBoardLog
from helpers.run_events import epoch_end, progress

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with TensorBoardLog(Path(sys.argv[1])) as log:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))  # as if no more were on the disk
        for epoch in range(1, 100):
            log.observe(progress(epoch * 10, 0.5))
            log.observe(epoch_end(epoch))
except SkipgramError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits as on POSIX systems")
def test_a_full_disk_is_one_line_and_nobody_waits_for_it(tmp_path):
    command = [sys.executable, "-c", FULL_DISK, str(tmp_path)]
    tests = {"PYTHONPATH": str(Path(__file__).parents[1])}
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=tests)
    assert (ended.stdout, ended.stderr) == (f"{tmp_path} cannot be written: File too large\n", "")


def test_a_missing_library_is_named_with_what_to_install(tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorboardX"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboardX", None)
    with pytest.raises(MissingExtraError) as caught:
        write(tmp_path / "runs")
    assert str(caught.value) == (
        "curves for TensorBoard need tensorboardX; the module tensorboardX.event_file_writer is "
        "not installed: pip install 'skipgram[tensorboard]'"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_library_is_imported_only_where_it_is_used():
    code = "import sys, skipgram.watching.tensorboard; print('tensorboardX' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert shown.stdout == "False\n"
