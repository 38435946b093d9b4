"""A table once, for a terminal, a file and a notebook."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from skipgram.telling.escaping import visible
from skipgram.telling.markup import Markup, paragraphs
from skipgram.telling.markup import table as html_table
from skipgram.telling.wording import folded, padded, width_on_screen

_GAP = "  "
_NARROWEST = 10
"""Of a column of names: narrower ones are hard to read, so the table is wider than it should be."""


class Table(NamedTuple):
    """Rows under headings."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    sides: str
    """a letter a column: "r" for those aligned to the right, "l" to the left, "n" for names: to the
    left, and folded where the table would be too wide"""
    title: str = ""
    """on a line of its own"""

    def __str__(self) -> str:
        return "\n".join(self.lines())

    @property
    def heading_lines(self) -> int:
        """How many of `lines` come before the rows."""
        return 2 if self.title else 1

    def lines(self, width: int | None = None) -> list[str]:
        """As text: title, headings, rows; in so many columns of a terminal, if names allow."""
        cells = [[visible(cell) for cell in row] for row in (self.headings, *self.rows)]
        widths = [max(map(width_on_screen, column)) for column in zip(*cells, strict=True)]
        if width is not None:
            self._narrow(widths, width)
        title = [visible(self.title)] if self.title else []
        return title + [line for row in cells for line in self._in_columns(row, widths)]

    def html(self) -> Markup:
        """For a notebook."""
        title = paragraphs([self.title]) if self.title else Markup()
        return Markup(title + html_table(self.headings, self.rows, self.sides))

    def markdown(self) -> Iterator[str]:
        """Line by line."""
        if self.title:
            yield visible(self.title)
            yield ""
        for row in (self.headings, ["---"] * len(self.headings), *self.rows):
            cells = [visible(cell).strip().replace("|", "\\|") for cell in row]
            yield f"| {' | '.join(cells)} |"

    def _narrow(self, widths: list[int], width: int) -> None:
        """Take from the widest names what is too much."""
        names = [place for place, side in enumerate(self.sides) if side == "n"]
        excess = sum(widths) + len(_GAP) * (len(widths) - 1) - width
        while excess > 0 and (wide := [at for at in names if widths[at] > _NARROWEST]):
            widths[max(wide, key=widths.__getitem__)] -= 1
            excess -= 1

    def _in_columns(self, row: Sequence[str], widths: Sequence[int]) -> Iterable[str]:
        cells = [
            folded(cell, width) if side == "n" else [cell]
            for cell, width, side in zip(row, widths, self.sides, strict=True)
        ]
        for line in zip_longest(*cells, fillvalue=""):
            yield _GAP.join(
                padded("", width - width_on_screen(cell)) + cell
                if side == "r"
                else padded(cell, width)
                for cell, width, side in zip(line, widths, self.sides, strict=True)
            ).rstrip()


def texts_of(tables: Iterable[Table]) -> Iterator[str]:
    """One below the other, with an empty line between two."""
    for number, table in enumerate(tables):
        if number:
            yield ""
        yield str(table)
