"""A run as TensorBoard curves over the number of words trained."""

import time
from typing import Any, Self

from skipgram.errors import OutputExistsError
from skipgram.system.extras import requires
from skipgram.system.files import explained
from skipgram.watching.records import Observed, Record
from skipgram.watching.run_log import RunLog

SECONDS_BETWEEN_FLUSHES = 10.0
"""Each waits for the disk; TensorBoard itself looks only every 30 seconds."""

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
"""For each kind of record, the name under which each field is drawn."""


class TensorBoardLog(RunLog):
    """Writes the losses, the learning rate and the speed of a run for `tensorboard --logdir`.

    Each session writes its own file into the folder, which is made if need be;
    replacing a run removes TensorBoard's files, and only those. A resumed run
    marks the step from which on the earlier files no longer count.
    """

    _writer: Any = None

    def __enter__(self) -> Self:
        # Not its SummaryWriter, which writes in a thread: a full disk ends the thread silently,
        # and closing then waits for it forever.
        with requires("skipgram[tensorboard]", "curves for TensorBoard need tensorboardX"):
            from tensorboardX.event_file_writer import EventsWriter

        with explained(self._place):
            earlier = [*self._place.glob("*tfevents*")] if self._place.is_dir() else []
            if earlier and not (self._resumes or self._overwrite):
                raise OutputExistsError(
                    f"{self._place} already holds a run for TensorBoard; choose another folder, "
                    "or allow it to be replaced (--overwrite)"
                )
            self._place.mkdir(parents=True, exist_ok=True)
            # File names have the second in which a run began; two runs may share it.
            name = str(self._place.absolute() / "events")
            self._writer = EventsWriter(name, f".{time.time_ns()}")
            if not self._resumes:
                for file in earlier:
                    file.unlink()
        self._next_flush = self._clock() + SECONDS_BETWEEN_FLUSHES
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if self._writer is None:
            return
        with explained(self._place):
            try:
                self._writer.close()
            except OSError:
                if error is None:  # otherwise a second failure would hide the first error
                    raise

    def observe(self, event: Observed) -> None:
        with explained(self._place):
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
        """Mark everything from this step on as replaced."""
        from tensorboardX.proto.event_pb2 import Event, SessionLog

        start = SessionLog(status=SessionLog.START)
        self._writer.write_event(Event(wall_time=time.time(), step=step, session_log=start))


def _step(record: Record) -> int:
    step = record["step"]
    assert isinstance(step, int)
    return step
