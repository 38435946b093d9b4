"""`skipgram analogy`: a is to b as c is to what?"""

from typing import TYPE_CHECKING, Annotated, cast

import typer

from skipgram.cli.forms import Ascii, Form, Output, Spreadsheet
from skipgram.cli.neighbors import show
from skipgram.cli.options import Count, Folder

if TYPE_CHECKING:
    from skipgram.vectors.queries import Combine


def analogy(
    folder: Folder,
    a: Annotated[str, typer.Argument(help="as in man ...")],
    b: Annotated[str, typer.Argument(help="is to king ...")],
    c: Annotated[str, typer.Argument(help="as woman ...")],
    count: Count = 5,
    combine: Annotated[
        str, typer.Option(help="add vectors (3CosAdd), or multiply cosines (3CosMul).")
    ] = "add",
    output: Output = "table",
    ascii: Ascii = False,
    spreadsheet: Spreadsheet = False,
) -> None:
    """Show what completes: A is to B as C is to ..."""
    import skipgram

    form = Form(output, ascii, spreadsheet)
    found = skipgram.load(folder).analogy(a, b, c, count, combine=cast("Combine", combine))
    show([f"{a} : {b} = {c} :"], [found], form)
