"""The forms in which answers are printed: a table, JSON or CSV."""

from dataclasses import dataclass
from typing import Annotated

import typer

from skipgram.errors import SettingsError

_OUTPUTS = ("table", "json", "csv")

Output = Annotated[
    str,
    typer.Option(
        "--format",
        help="How to print the answers: table, json or csv. To read CSV back exactly, open the "
        "file with newline='' for Python's csv.reader, or pass dtype=str and "
        "keep_default_na=False to pandas.read_csv.",
    ),
]
Ascii = Annotated[
    bool,
    typer.Option(
        "--ascii", help="In JSON, escape characters that are not ASCII (\\u and four digits)."
    ),
]
Spreadsheet = Annotated[
    bool,
    typer.Option(
        "--spreadsheet",
        help="In CSV, put an apostrophe before text that a spreadsheet would take for a formula.",
    ),
]


@dataclass(frozen=True)
class Form:
    """How answers are printed."""

    output: str = "table"
    ascii: bool = False
    for_spreadsheet: bool = False

    def __post_init__(self) -> None:
        if self.output not in _OUTPUTS:
            raise SettingsError(f"format {self.output!r} is not one of: {', '.join(_OUTPUTS)}")
        if self.ascii and self.output != "json":
            raise SettingsError("--ascii works only with --format json")
        if self.for_spreadsheet and self.output != "csv":
            raise SettingsError("--spreadsheet works only with --format csv")
