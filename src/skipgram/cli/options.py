"""Arguments and options that several commands share, and options made from settings."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.settings import describe

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder that `skipgram train` wrote.")
]
Count = Annotated[int, typer.Option("-k", "--count", help="How many answers.")]
FirstWords = Annotated[
    int,
    typer.Option(help="Ask and answer analogies among so many words only, the most frequent."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def setting(name: str, shown: str | bool = True) -> Any:
    """An option whose help is the setting's meaning; its range is checked with the settings.

    shown: as the default, where the option has none.
    """
    flag = f"--{name.replace('_', '-')}"
    return typer.Option(flag, help=sentence(describe(name)), show_default=shown)


def sentence(meaning: str) -> str:
    """A meaning with a capital letter and a full stop; UTF-8 and CSV stay as they are."""
    return f"{meaning[0].upper()}{meaning[1:]}."
