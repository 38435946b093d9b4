"""Progress in a notebook: one output that is updated, and lines below it. No widgets are needed."""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from skipgram.telling.escaping import shortened
from skipgram.telling.markup import side_by_side, track
from skipgram.views.display import Display

SECONDS_BETWEEN_UPDATES = 0.3
"""Each is a message to the browser."""


class NotebookDisplay(Display):
    """Shows a run in the output of the cell that runs it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._output: Any = None
        self._due = 0.0

    def say(self, text: str) -> None:
        print(shortened(text))

    def advance(self, what: str, share: float, detail: str) -> None:
        if self._output is not None and self._clock() < self._due:
            return
        self._due = self._clock() + SECONDS_BETWEEN_UPDATES
        page = side_by_side([what, track(share), f"{share:.0%}", detail])
        self._show(f"{what}  {share:4.0%}  {detail}", page)

    def finish(self) -> None:
        """Show the next thing at once."""
        self._due = 0.0

    def close(self) -> None:
        """Take the bar away."""
        if self._output is not None:
            self._show("", "")

    def _show(self, text: str, html: str) -> None:
        output = {"text/plain": shortened(text), "text/html": html}
        if self._output is None:
            display = import_module("IPython.display").display
            self._output = display(output, raw=True, display_id=True)
        else:
            self._output.update(output, raw=True)


def is_in_a_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return getattr(shell, "kernel", None) is not None
