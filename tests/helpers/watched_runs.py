"""What a person who watches a run sees: the printed lines, and the bar on a terminal."""

import io

from rich.console import Console

from helpers.run_events import Clock
from skipgram.cli.views.progress import RunView
from skipgram.pipeline import Observed


def said(*events: Observed) -> list[str]:
    """The lines printed where there is no terminal."""
    output = io.StringIO()
    with RunView(console=Console(file=output, width=500, highlight=False)) as view:
        for event in events:
            view.observe(event)
    return output.getvalue().splitlines()


def shown(*events: Observed | float) -> str:
    """What the bar shows on a terminal after these events; a number is a pause, in seconds."""
    clock = Clock()
    console = Console(file=io.StringIO(), force_terminal=True, width=200, get_time=clock)
    view = RunView(console=console)  # not entered: no thread that draws
    for event in events:
        if isinstance(event, int | float):
            clock.now += event
        else:
            view.observe(event)
    plain = Console(file=io.StringIO(), width=200)
    plain.print(view.bar)
    assert isinstance(plain.file, io.StringIO)
    return plain.file.getvalue().strip()
