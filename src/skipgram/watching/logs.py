"""All that watch a run, told at once."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from skipgram.errors import SkipgramError
from skipgram.paths import PathLike
from skipgram.training.events import LogCutShort, LogFailed
from skipgram.watching.json_lines import JsonLinesLog
from skipgram.watching.records import Records
from skipgram.watching.tensorboard import TensorBoardLog


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
