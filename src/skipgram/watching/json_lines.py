"""A run as lines of JSON, to follow with `tail -f` and read with any tool."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from io import FileIO
from pathlib import Path
from typing import Any, Self

from skipgram.errors import OutputExistsError, SkipgramError
from skipgram.system.files import explained
from skipgram.system.paths import PathLike, require_free
from skipgram.training.events import LogCutShort, LogFailed
from skipgram.watching.records import Observed, Records
from skipgram.watching.run_log import RunLog
from skipgram.watching.tensorboard import TensorBoardLog


class JsonLinesLog(RunLog):
    """Writes the events of a run to a file, one object per line.

    Each line is in the file at once, and each object has a field "event";
    docs/formats.md lists the others. After a kill a resumed run may report some
    steps again: the later lines count. The file's folder must exist.
    """

    _output: FileIO | None = None

    def __enter__(self) -> Self:
        if not self._resumes:
            require_free(self._place, overwrite=self._overwrite)
        mode = "a+" if self._resumes else "w" if self._overwrite else "x"
        with explained(self._place):
            # Without a buffer each line is written at once, and none is left when writing fails.
            try:
                self._output = FileIO(self._place, mode)
            except FileExistsError:  # it was free a moment ago
                raise OutputExistsError(
                    f"another process wrote {self._place} in the meantime; choose another name"
                ) from None
            if self._resumes and _ends_in_half_a_line(self._output):
                self._write(b"\n")
        return self

    def __exit__(self, *raised: object) -> None:
        if self._output is not None:
            with explained(self._place):
                self._output.close()

    def observe(self, event: Observed) -> None:
        for record in self._records.of(event):
            self._write(json.dumps(record, allow_nan=False).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        assert self._output is not None, "a log is written inside its `with`"
        with explained(self._place):
            while line:  # a disk that is nearly full takes only part of it
                line = line[self._output.write(line) :]


def _ends_in_half_a_line(file: FileIO) -> bool:
    """Whether a kill cut off the last line."""
    if file.seek(0, os.SEEK_END) == 0:
        return False
    file.seek(-1, os.SEEK_END)
    return file.read(1) != b"\n"


@contextmanager
def logged(
    log: PathLike | None,
    tensorboard: PathLike | None,
    observe: Callable[[Any], None],
    *,
    resumes: bool,
    overwrite: bool,
) -> Iterator[Callable[[Any], None]]:
    """Yield what passes an event on to `observe` and to the logs that are asked for.

    A log that cannot be started is an error. One that fails later ends, and is
    reported to the others: the run is worth more than its log.
    """
    logs: list[_Ending] = []

    def report(event: Any) -> None:
        observe(event)
        for watching in logs:
            watching.observe(event)

    with ExitStack() as stack:
        if log is not None:
            lines = JsonLinesLog(Path(log), resumes, overwrite=overwrite)
            logs.append(stack.enter_context(_ending(lines, str(log), report)))
        if tensorboard is not None:
            figures = TensorBoardLog(Path(tensorboard), resumes, overwrite=overwrite)
            logs.append(stack.enter_context(_ending(figures, str(tensorboard), report)))
        yield report
        for watching in logs:
            if watching.failed:
                report(LogCutShort(watching.place, watching.missing))


class _Ending:
    """A log that ends once it cannot be written."""

    def __init__(self, log: RunLog, place: str, report: Callable[[Any], None]) -> None:
        self.place = place
        self.failed = False
        self.missing = 0
        self._log = log
        self._report = report
        self._records = Records()

    def observe(self, event: Any) -> None:
        if isinstance(event, LogFailed) and event.place == self.place:
            return
        if not self.failed:
            with self.failing():
                self._log.observe(event)
        if self.failed:
            self.missing += len(list(self._records.of(event)))

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Report an error once, instead of raising it."""
        try:
            yield
        except SkipgramError as error:
            if not self.failed:
                self.failed = True
                self._report(LogFailed(self.place, str(error)))


@contextmanager
def _ending(log: RunLog, place: str, report: Callable[[Any], None]) -> Iterator[_Ending]:
    log.__enter__()
    watching = _Ending(log, place, report)
    try:
        yield watching
    finally:
        with watching.failing():
            log.__exit__(None, None, None)
