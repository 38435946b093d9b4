"""What a person who watches a run sees: the printed lines, and the bar on a terminal."""

import io

from rich.console import Console

from helpers.run_events import Clock
from skipgram.errors import read_at_a_shell
from skipgram.views.run_view import RunView
from skipgram.views.terminal import TerminalDisplay
from skipgram.watching.records import Observed


def said(*events: Observed) -> list[str]:
    """The lines printed at a shell where there is no terminal."""
    with read_at_a_shell():
        return said_in_python(*events)


def said_in_python(*events: Observed) -> list[str]:
    """The same for a reader in Python."""
    output = io.StringIO()
    display = TerminalDisplay(console=Console(file=output, width=500, highlight=False))
    with RunView(display) as view:
        for event in events:
            view.observe(event)
    return output.getvalue().splitlines()


def shown(*events: Observed | float) -> str:
    """What the bar shows on a terminal after these events; a number is a pause, in seconds."""
    clock = Clock()
    console = Console(file=io.StringIO(), force_terminal=True, width=200, get_time=clock)
    display = TerminalDisplay(console=console)
    view = RunView(display)  # not entered: no thread that draws
    for event in events:
        if isinstance(event, int | float):
            clock.now += event
        else:
            view.observe(event)
    plain = Console(file=io.StringIO(), width=200)
    plain.print(display.bar)
    assert isinstance(plain.file, io.StringIO)
    return plain.file.getvalue().strip()
