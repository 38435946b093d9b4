"""Whether a run in Python is shown, and where."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import current_process
from typing import Any

from skipgram.views.display import Display, Unseen
from skipgram.views.logger import LoggedDisplay
from skipgram.views.notebook import NotebookDisplay, is_in_a_notebook
from skipgram.views.run_view import RunView


@contextmanager
def watched(
    progress: bool | None, observe: Callable[[Any], None]
) -> Iterator[Callable[[Any], None]]:
    """Yield what shows an event, logs it, and passes it on to `observe`.

    With None it is shown where a person watches.
    """
    with RunView(display_for(progress)) as view:

        def report(event: Any) -> None:
            view.observe(event)
            observe(event)

        yield report


def display_for(progress: bool | None) -> Display:
    """Where a run in Python is shown and logged; with None, shown where a person watches."""
    is_shown = _is_watched() if progress is None else progress
    return LoggedDisplay(_display() if is_shown else Unseen())


def _is_watched() -> bool:
    """Whether a person sees what is shown: in a notebook, or on a terminal.

    The terminal of a worker process is its parent's, which many of them would fill together.
    """
    if is_in_a_notebook():
        return True
    is_worker = current_process().name != "MainProcess"
    return sys.stderr is not None and sys.stderr.isatty() and not is_worker


def _display() -> Display:
    if is_in_a_notebook():
        return NotebookDisplay()
    from skipgram.views.terminal import TerminalDisplay  # rich, which a silent run does not need

    return TerminalDisplay()
