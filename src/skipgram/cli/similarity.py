"""`skipgram similarity`: the cosine of two words."""

from typing import Annotated

import typer

from skipgram.cli.mouth import answer
from skipgram.cli.options import Folder


def similarity(
    folder: Folder,
    one: Annotated[str, typer.Argument(metavar="WORD", help="A word.")],
    other: Annotated[str, typer.Argument(metavar="WORD", help="Another word.")],
) -> None:
    """Show the cosine of two words' vectors, from -1 to 1."""
    import skipgram

    answer(f"{skipgram.load(folder).similarity(one, other):.4f}")
