"""The mouth of the command line: the only place that prints, so that nothing leaves unescaped.

Words, names of files and settings are whoever's wrote them. On a terminal they
could move the cursor, rename the window or turn a line round; in a spreadsheet
they could be formulas. What is told here is escaped here.
"""

import math
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

from skipgram.telling.escaping import shortened, visible, visible_json

if TYPE_CHECKING:
    from rich.console import Console

_UNCUT = 10_000
"""The width of a table where there is no terminal: nothing is cut."""
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that a spreadsheet may take for a formula."""


def answer(text: str = "") -> None:
    """A line on the standard output."""
    print(visible(text))


def all_answered() -> None:
    """See to it that every answer is written, while a failure can still be told."""
    sys.stdout.flush()


def note(text: str) -> None:
    """A line on the standard error stream, shortened in the middle if it is very long."""
    print(shortened(text), file=sys.stderr)


def note_bug(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    """A traceback; for `sys.excepthook`."""
    if sys.stderr is not None:
        lines = "".join(traceback.format_exception(kind, error, trace)).split("\n")
        print("\n".join(map(visible, lines)), end="", file=sys.stderr)


def note_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning, without its place in the code; for `warnings.showwarning`."""
    note(f"{category.__name__}: {message}")


def answer_json(value: Any, *, ascii: bool = False, indent: int | None = 1) -> None:
    r"""A value as JSON, of the same meaning whatever it holds, on the standard output.

    What `visible` would escape is written as \u and four digits (two such
    for characters beyond U+FFFF); numbers that are not finite are null.

    Parameters
    ----------
    value
        Of mappings, sequences, strings and numbers.
    ascii
        Whether to write whatever is not ASCII like that.
    indent
        None for one line.

    """
    import json

    # A stream that cannot take a character would write it as Python does, which is no JSON.
    ascii = ascii or "utf" not in (sys.stdout.encoding or "utf-8").lower()
    text = json.dumps(_finite(value), ensure_ascii=ascii, allow_nan=False, indent=indent)
    print("\n".join(map(visible_json, text.split("\n"))))


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(of) for name, of in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def answer_csv(
    header: Sequence[str], rows: Iterable[Sequence[str | float]], *, for_spreadsheet: bool = False
) -> None:
    """A table as CSV on the standard output: texts in quotes, numbers without, a row each.

    Files and pipes get texts as they are, line ends included; a terminal gets
    them visible.

    Parameters
    ----------
    header
        The names of the columns.
    rows
        As long as the header each.
    for_spreadsheet
        Whether to put an apostrophe before texts that a spreadsheet would take for formulas.
        Otherwise a note counts them.

    """
    is_shown = sys.stdout.isatty()
    formulas = 0

    def cell(value: str | float) -> str:
        nonlocal formulas
        if not isinstance(value, str):
            return f"{value:.6f}" if isinstance(value, float) else str(value)
        if value.startswith(_FORMULA):
            formulas += 1
            value = "'" + value if for_spreadsheet else value
        told = visible(value) if is_shown else value
        return '"' + told.replace('"', '""') + '"'

    for row in (header, *rows):
        print(",".join(map(cell, row)))
    if formulas and not for_spreadsheet:
        all_answered()  # before the note, where both are one terminal
        note(
            f"cells that a spreadsheet would take for formulas: {formulas:,}; --spreadsheet puts "
            "an apostrophe before them"
        )


def answers_console() -> "Console":
    """The standard output for tables, wide enough for them where it is no terminal."""
    from skipgram.views.consoles import VisibleConsole

    terminal = VisibleConsole()
    return terminal if terminal.is_terminal else VisibleConsole(width=_UNCUT)
