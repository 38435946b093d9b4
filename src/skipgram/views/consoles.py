"""What of rich is made safe: text is only text, and is visible."""

import sys
from collections.abc import Iterable
from typing import IO, Any, cast

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from skipgram.telling.escaping import visible
from skipgram.views.streams import SilentOnceBroken


class VisibleConsole(Console):
    """A console on which no text is markup, and none steers the terminal.

    Strings (cells, too) are escaped before they are measured, so that columns
    line up. Whatever else is drawn is escaped piece by piece at the end.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """A string as text."""
        return super().render_str(visible(text), **options)

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        """Whatever can be drawn, as pieces of text and what moves the cursor between them."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                lines = map(visible, segment.text.split("\n"))
                yield Segment("\n".join(lines), segment.style)


def progress_console(*, quiet: bool = False) -> VisibleConsole:
    """The standard error stream for what is shown on the way; it falls silent when that breaks."""
    if sys.stderr is None:  # closed before Python began
        return VisibleConsole(stderr=True, quiet=True)
    stream = cast(IO[str], SilentOnceBroken(sys.stderr))
    return VisibleConsole(file=stream, stderr=True, quiet=quiet)


def is_output_on_a_terminal() -> bool:
    """Whether what the program prints meanwhile would run into what is drawn."""
    return sys.stdout is not None and sys.stdout.isatty()
