"""`skipgram analogy`: a is to b as c is to what?"""

from typing import Annotated

import typer

from skipgram.cli.options import Count, Folder


def analogy(
    folder: Folder,
    a: Annotated[str, typer.Argument(help="as in man ...")],
    b: Annotated[str, typer.Argument(help="is to king ...")],
    c: Annotated[str, typer.Argument(help="as woman ...")],
    count: Count = 5,
) -> None:
    """Show what completes: A is to B as C is to ..."""
    import skipgram
    from skipgram.cli.tables import print_neighbors, visible

    found = skipgram.load(folder).analogy(a, b, c, k=count)
    answers = [near._replace(word=visible(near.word)) for near in found]
    print_neighbors({visible(f"{a} : {b} = {c} :"): answers})
