"""A bar for what is done step by step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import MofNCompleteColumn, TextColumn, TimeElapsedColumn

from skipgram.views.consoles import progress_console
from skipgram.views.terminal import vanishing_bar


@contextmanager
def steps(label: str, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A function to tell how much is done, of how much; the bar vanishes at the end."""
    pace = TextColumn(f"{unit}, {{task.fields[rate]}}", markup=False)
    console = progress_console(quiet=quiet)
    with vanishing_bar(console, MofNCompleteColumn(), pace, TimeElapsedColumn()) as bar:
        task = bar.add_task(label, total=None, rate="")

        def tell(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f} a second" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield tell
