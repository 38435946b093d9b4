"""A run as lines of JSON, to follow with `tail -f` and to read with anything."""

import json
import os
import time
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
from skipgram.watching.tensorboard import TensorBoardLog


class JsonLinesLog:
    """Writes the events of a run to a file, an object a line.

    Each line stands in the file at once, and each object has a field "event";
    docs/formats.md lists the others. After a kill a resumed run may tell some
    steps again: of these the later lines count.

    Parameters
    ----------
    file
        In a folder that exists.
    resumes
        Whether to write on behind what is there, where something is.
    overwrite
        Whether to replace what is there.
    clock
        Seconds from any start, by which progress is thinned.

    Raises
    ------
    OutputExistsError
        On entering, if the file exists and is neither to be resumed nor replaced.
    SkipgramError
        With the system's reason, if it cannot be written: on entering, or whenever it fails.

    """

    def __init__(
        self,
        file: Path,
        resumes: bool = False,
        *,
        overwrite: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._resumes = resumes
        self._overwrite = overwrite
        self._records = Records(clock)
        self._output: FileIO | None = None

    def __enter__(self) -> Self:
        if not self._resumes:
            require_free(self._file, overwrite=self._overwrite)
        mode = "a+" if self._resumes else "w" if self._overwrite else "x"
        with explained(self._file):
            # Without a buffer a line is there at once, and none is left over when writing fails.
            try:
                self._output = FileIO(self._file, mode)
            except FileExistsError:  # since it was asked for
                raise OutputExistsError(
                    f"another process has written {self._file} in the meantime; choose another name"
                ) from None
            if self._resumes and _ends_in_half_a_line(self._output):
                self._write(b"\n")
        return self

    def __exit__(self, *error: object) -> None:
        if self._output is not None:
            with explained(self._file):
                self._output.close()

    def observe(self, event: Observed) -> None:
        """Write an event; for `skipgram.train(..., observe=log.observe)`."""
        for record in self._records.of(event):
            self._write(json.dumps(record, allow_nan=False).encode() + b"\n")

    def _write(self, line: bytes) -> None:
        assert self._output is not None, "a log is written inside its `with`"
        with explained(self._file):
            while line:  # a disk that is all but full takes a part
                line = line[self._output.write(line) :]


def _ends_in_half_a_line(file: FileIO) -> bool:
    """Whether a kill came in the middle of the last line."""
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
    """What tells an event to `observe`, and to the logs that are asked for.

    A log that cannot be begun is an error. One that cannot be written later
    ends, and the others are told: the run is worth more than its log.
    """
    logs: list[_Ending] = []

    def tell(event: Any) -> None:
        observe(event)
        for watching in logs:
            watching.observe(event)

    with ExitStack() as stack:
        if log is not None:
            lines = JsonLinesLog(Path(log), resumes, overwrite=overwrite)
            logs.append(stack.enter_context(_ending(lines, str(log), tell)))
        if tensorboard is not None:
            figures = TensorBoardLog(Path(tensorboard), resumes, overwrite=overwrite)
            logs.append(stack.enter_context(_ending(figures, str(tensorboard), tell)))
        yield tell
        for watching in logs:
            if watching.failed:
                tell(LogCutShort(watching.place, watching.missing))


class _Ending:
    """A log that ends where it cannot be written."""

    def __init__(
        self, log: JsonLinesLog | TensorBoardLog, place: str, tell: Callable[[Any], None]
    ) -> None:
        self.place = place
        self.failed = False
        self.missing = 0
        self._log = log
        self._tell = tell
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
        """Tell of an error once, instead of raising it."""
        try:
            yield
        except SkipgramError as error:
            if not self.failed:
                self.failed = True
                self._tell(LogFailed(self.place, str(error)))


@contextmanager
def _ending(
    log: JsonLinesLog | TensorBoardLog, place: str, tell: Callable[[Any], None]
) -> Iterator[_Ending]:
    log.__enter__()
    watching = _Ending(log, place, tell)
    try:
        yield watching
    finally:
        with watching.failing():
            log.__exit__(None, None, None)
