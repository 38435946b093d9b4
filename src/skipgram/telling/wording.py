"""Plain words for what is told: numbers of things, shares, and the cells of a table."""

import unicodedata
from collections.abc import Iterable, Sequence

from skipgram.telling.escaping import visible

_GAP = "   "


def many(count: int, one: str, several: str | None = None) -> str:
    """A number of things: "1 line", "2,000 lines"."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def percent(share: float) -> str:
    """A share in whole hundredths, which may be below 0: "15 %"."""
    return f"{share * 100:.0f} %".replace("-0 ", "0 ").replace("-", "−")


def width_on_screen(text: str) -> int:
    """The columns of a terminal that a text takes: none for marks, two for Chinese signs."""
    if text.isascii():
        return len(text)
    return sum(map(_width_of, text))


def padded(text: str, width: int) -> str:
    """A text with blanks up to that many columns."""
    return text + " " * (width - width_on_screen(text))


def in_columns(headings: Sequence[str], rows: Iterable[Sequence[str]], sides: str) -> str:
    """A table as plain text; `sides` has a letter a column, "r" for those aligned to the right."""
    lines = [[visible(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(map(width_on_screen, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        _GAP.join(
            padded("", width - width_on_screen(cell)) + cell if side == "r" else padded(cell, width)
            for cell, width, side in zip(line, widths, sides, strict=True)
        ).rstrip()
        for line in lines
    )


def _width_of(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
