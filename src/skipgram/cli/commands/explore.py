"""`skipgram explore`: vectors to look at, in one page."""

from pathlib import Path
from typing import Annotated

import typer

from skipgram.cli.options import Overwrite, Quiet, whole_number
from skipgram.system.machine import require_room


def explore(
    vectors: Annotated[
        Path,
        typer.Argument(
            metavar="VECTORS",
            help="A folder that `skipgram train` wrote, or another tool's file of vectors.",
        ),
    ],
    other: Annotated[
        Path | None,
        typer.Argument(metavar="VECTORS2", help="A second set, to be compared with the first."),
    ] = None,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="The page to write."),
    ] = Path("page.html"),
    first_words: Annotated[
        int | None,
        whole_number(
            help="Show this many of the most frequent words only.", show_default="all words"
        ),
    ] = None,
    colors: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A table (CSV, TSV or Parquet) with a column `word`, whose other columns can "
            "colour the map.",
        ),
    ] = None,
    title: Annotated[
        str | None,
        typer.Option(help="Title of the page.", show_default="the names of the sets"),
    ] = None,
    threads: Annotated[
        int | None,
        whole_number(help="Threads; their number changes nothing.", show_default="all available"),
    ] = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Write a page to look at vectors: a map, neighbours, analogies, two sets compared.

    The page is one file, which needs no server and no network. The map of 50,000 words takes
    some minutes, and is kept in the vectors' folder.
    """
    require_room()
    import skipgram
    from skipgram.cli.views.progress import shell_view
    from skipgram.system.paths import require_apart

    inputs = [path for path in (vectors, other, colors) if path is not None]
    require_apart([output], inputs)
    with shell_view(quiet=quiet) as view:
        file = skipgram.explore(
            vectors,
            other,
            output,
            first_words=first_words,
            colors=colors,
            title=title,
            overwrite=overwrite,
            progress=False,
            threads=threads,
            observe=view.observe,
        )
        view.say(f"{file} ({file.stat().st_size / 1e6:,.1f} MB): open it in a browser")
