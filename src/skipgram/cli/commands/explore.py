"""`skipgram explore`: vectors to look at, in one page or served."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import Overwrite, Quiet, whole_number
from skipgram.system.machine import require_room
from skipgram.system.threads import in_background


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
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The page to write, instead of serving it to a browser on this machine; or, with "
            ".parquet, a table for embedding-atlas.",
        ),
    ] = None,
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
    host: Annotated[
        str,
        typer.Option(
            help="Where to serve: at any other address than this, others on the network can look."
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, whole_number(help="The port, or the next that is free; 0 for any.")
    ] = 8321,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Serve, and open no browser.")
    ] = False,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Look at vectors in a browser: a map, neighbours, analogies, two sets compared.

    With --output the page is one file, which needs no server and no network.
    Without, it is served until Ctrl-C, also of sets that are too large for one
    page. The map of 50,000 words takes some minutes, and is kept in the
    vectors' folder.
    """
    require_room()
    chosen: dict[str, Any] = {
        "first_words": first_words,
        "colors": colors,
        "title": title,
        "threads": threads,
    }
    if output is None:
        _serve(vectors, other, chosen, host, port, opens=not no_browser, quiet=quiet)
        return
    import skipgram
    from skipgram.cli.views.progress import shell_view
    from skipgram.explorer.atlas import command_for
    from skipgram.system.paths import require_apart

    require_apart([output], [path for path in (vectors, other, colors) if path is not None])
    with shell_view(quiet=quiet) as view:
        file = skipgram.explore(
            vectors,
            other,
            output,
            overwrite=overwrite,
            progress=False,
            observe=view.observe,
            **chosen,
        )
        is_page = file.suffix != ".parquet"
        how = "open it in a browser" if is_page else command_for(file)
        view.say(f"{file} ({file.stat().st_size / 1e6:,.1f} MB): {how}")


def _serve(
    vectors: Path,
    other: Path | None,
    chosen: dict[str, Any],
    host: str,
    port: int,
    *,
    opens: bool,
    quiet: bool,
) -> None:
    """Serve until an interrupt, which is how it ends."""
    import webbrowser

    from skipgram.cli.views.progress import shell_view
    from skipgram.explorer import server

    at = server.address(host, port)
    with shell_view(quiet=quiet) as view:
        if port not in (0, at.port):
            view.say(f"port {port} is in use; {at.port} is free")
        if host not in server.LOOPBACK_NAMES:
            view.say("others on the network can look: nothing asks them for a password")

        def started() -> None:
            view.say(f"the explorer is at {at.url} until you press Ctrl-C")
            if opens:
                # A browser in the terminal would keep the server waiting.
                in_background(lambda: webbrowser.open_new_tab(at.url), "skipgram-browser")

        with suppress(KeyboardInterrupt):
            server.serve(vectors, other, at=at, on_start=started, observe=view.observe, **chosen)
        view.say("the explorer has ended")
