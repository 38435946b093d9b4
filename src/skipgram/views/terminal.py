"""Progress at a shell: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from skipgram.telling.escaping import shortened
from skipgram.views.consoles import is_output_on_a_terminal, progress_console
from skipgram.views.display import SECONDS_BETWEEN_LINES, Display


class TerminalDisplay(Display):
    """Shows a run on the standard error stream, so that results stay apart.

    Where that stream breaks, the run goes on in silence.
    """

    def __init__(self, *, quiet: bool = False, console: Console | None = None) -> None:
        self.console = console or progress_console(quiet=quiet)
        detail = TextColumn("{task.fields[detail]}", markup=False)
        self.bar = vanishing_bar(self.console, TaskProgressColumn(), detail)
        self._task: TaskID | None = None
        self._last_line = time.monotonic()

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def close(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def say(self, text: str) -> None:
        """One line, wrapped at words only where the terminal asks for it."""
        self.console.print(shortened(text), markup=False, soft_wrap=not self.console.is_terminal)

    def advance(self, what: str, share: float, detail: str) -> None:
        if self._task is None:
            self._task = self.bar.add_task(what, total=1.0, detail=detail)
        self.bar.update(self._task, description=what, completed=share, detail=detail)
        now = time.monotonic()
        if not self.console.is_terminal and now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            self.say(f"{what}  {share:4.0%}  {detail}")

    def finish(self) -> None:
        if self._task is not None:
            self.bar.remove_task(self._task)
            self._task = None

    @contextmanager
    def lifted(self) -> Iterator[None]:
        self.bar.stop()
        try:
            yield
        finally:
            self.bar.start()


def vanishing_bar(console: Console, *columns: ProgressColumn) -> Progress:
    """A bar with these columns behind it, which vanishes at the end."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        *columns,
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=console,
        transient=True,
        # What is printed to a file meanwhile must get there, and not above the bar.
        redirect_stdout=is_output_on_a_terminal(),
        disable=not console.is_terminal,
    )
