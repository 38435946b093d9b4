"""A run as curves for TensorBoard, over the number of words trained."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from skipgram.errors import OutputExistsError
from skipgram.system.extras import requires
from skipgram.system.files import explained
from skipgram.watching.records import Observed, Record, Records

SECONDS_BETWEEN_FLUSHES = 10.0
"""Each waits for the disk; TensorBoard itself looks every 30 seconds."""

CURVES = {
    "progress": {
        "loss": "loss/training",
        "learning_rate": "learning_rate",
        "words_per_second": "words_per_second",
    },
    "epoch_end": {
        "held_out_loss": "loss/held_out",
        "held_out_perplexity": "perplexity/held_out",
    },
    "sweep_end": {
        "objective": "loss/objective",
        "held_out_loss": "loss/held_out",
        "held_out_perplexity": "perplexity/held_out",
    },
}
"""Of each kind of record, which field is drawn under which name."""


class TensorBoardLog:
    """Writes the losses, the learning rate and the speed of a run for `tensorboard --logdir`.

    Each session writes a file of its own into the folder. A resumed run tells
    TensorBoard from which step on the earlier files no longer count.

    Parameters
    ----------
    folder
        Made if it is not there.
    resumes
        Whether the curves that are there go on.
    overwrite
        Whether to remove the files of TensorBoard that are there.
    clock
        Seconds from any start, by which progress is thinned.

    Raises
    ------
    MissingExtraError
        On entering, if tensorboardX is not installed.
    OutputExistsError
        On entering, if the folder holds a run that is neither to be resumed nor replaced.
    SkipgramError
        With the system's reason, if it cannot be written: on entering, or whenever it fails.

    """

    def __init__(
        self,
        folder: Path,
        resumes: bool = False,
        *,
        overwrite: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._resumes = resumes
        self._overwrite = overwrite
        self._clock = clock
        self._records = Records(clock)
        self._next_flush = clock() + SECONDS_BETWEEN_FLUSHES
        self._writer: Any = None

    def __enter__(self) -> Self:
        # Not its SummaryWriter: that one writes in a thread, which a full disk ends without a
        # word, and then waits for it forever.
        with requires("skipgram[tensorboard]", "curves for TensorBoard need tensorboardX"):
            from tensorboardX.event_file_writer import EventsWriter

        with explained(self._folder):
            earlier = [*self._folder.glob("*tfevents*")] if self._folder.is_dir() else []
            if earlier and not (self._resumes or self._overwrite):
                raise OutputExistsError(
                    f"{self._folder} already holds a run for TensorBoard; choose another folder, "
                    "or allow it to be replaced (--overwrite)"
                )
            self._folder.mkdir(parents=True, exist_ok=True)
            # Names have the second of their beginning; two runs may begin in the same.
            name = str(self._folder.absolute() / "events")
            self._writer = EventsWriter(name, f".{time.time_ns()}")
            if not self._resumes:
                for file in earlier:
                    file.unlink()
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._writer is None:
            return
        with explained(self._folder):
            try:
                self._writer.close()
            except OSError:
                if error is None:  # else it fails once more, and would hide the first error
                    raise

    def observe(self, event: Observed) -> None:
        """Write an event; for `skipgram.train(..., observe=log.observe)`."""
        with explained(self._folder):
            for record in self._records.of(event):
                if record["event"] == "resumed":
                    self._forget_from(_step(record) + 1)
                self._draw(record)
                if record["event"] != "progress" or self._clock() >= self._next_flush:
                    self._writer.flush()
                    self._next_flush = self._clock() + SECONDS_BETWEEN_FLUSHES

    def _draw(self, record: Record) -> None:
        from tensorboardX.proto.event_pb2 import Event
        from tensorboardX.proto.summary_pb2 import Summary

        curves = CURVES.get(str(record["event"]), {})
        points = [
            Summary.Value(tag=curve, simple_value=record[field])
            for field, curve in curves.items()
            if record.get(field) is not None
        ]
        if points:
            summary = Summary(value=points)
            event = Event(wall_time=time.time(), step=_step(record), summary=summary)
            self._writer.write_event(event)

    def _forget_from(self, step: int) -> None:
        """Tell TensorBoard that what was written from this step on will be written anew."""
        from tensorboardX.proto.event_pb2 import Event, SessionLog

        start = SessionLog(status=SessionLog.START)
        self._writer.write_event(Event(wall_time=time.time(), step=step, session_log=start))


def _step(record: Record) -> int:
    step = record["step"]
    assert isinstance(step, int)
    return step
