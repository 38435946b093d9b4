"""`skipgram encode`: text in, numbers out, to train on as often as one likes."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import Corpus, Overwrite, Phraser, Quiet, takes_encoding_options
from skipgram.cli.views.invocation import command


@takes_encoding_options()
def encode(
    *,
    corpus: Corpus,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for the corpus.")
    ],
    encoding: dict[str, Any],
    phraser: Phraser = None,
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Turn text into numbers once; `skipgram train` takes the folder instead of the text."""
    import skipgram
    from skipgram.cli.views.progress import shell_view

    with shell_view(quiet=quiet) as view:
        skipgram.encode(
            corpus,
            output,
            overwrite=overwrite,
            phraser=phraser,
            progress=False,
            observe=view.observe,
            **encoding,
        )
    view.say(f"saved to {output}; train on it:  {command('train', output, '-o', 'vectors')}")
