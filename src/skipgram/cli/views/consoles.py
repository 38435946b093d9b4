"""What of rich is made safe: text is only text, and is visible."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from skipgram.cli.views.escaping import visible


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
