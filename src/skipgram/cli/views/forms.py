"""The forms in which answers are printed: a table, JSON or CSV."""

from dataclasses import dataclass
from typing import Annotated

import typer

_OUTPUTS = ("table", "json", "csv")

Output = Annotated[
    str,
    typer.Option(
        "--format",
        help="How to print the answers: table, json or csv. To read CSV back exactly, open the "
        "file with newline='' for Python's csv.reader, or give pandas.read_csv dtype=str and "
        "keep_default_na=False.",
    ),
]
Ascii = Annotated[
    bool,
    typer.Option("--ascii", help="In JSON, write whatever is not ASCII as \\u and four digits."),
]
Spreadsheet = Annotated[
    bool,
    typer.Option(
        "--spreadsheet",
        help="In CSV, put an apostrophe before texts that a spreadsheet would take for formulas.",
    ),
]


@dataclass(frozen=True)
class Form:
    """How answers are printed."""

    output: str = "table"
    ascii: bool = False
    for_spreadsheet: bool = False

    def __post_init__(self) -> None:
        from skipgram.errors import SettingsError

        if self.output not in _OUTPUTS:
            raise SettingsError(f"format {self.output!r} is not one of: {', '.join(_OUTPUTS)}")
        if self.ascii and self.output != "json":
            raise SettingsError("--ascii goes with --format json only")
        if self.for_spreadsheet and self.output != "csv":
            raise SettingsError("--spreadsheet goes with --format csv only")
