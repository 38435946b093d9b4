"""`skipgram cooccurrence`: text in, counts of pairs out."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import (
    Corpus,
    Overwrite,
    Quiet,
    takes_counting_options,
    takes_encoding_options,
)
from skipgram.cli.views.invocation import command
from skipgram.telling.wording import many


@takes_counting_options
@takes_encoding_options()
def cooccurrence(
    *,
    corpus: Corpus,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="The folder for the counts.")
    ],
    counting: dict[str, Any],
    encoding: dict[str, Any],
    overwrite: Overwrite = False,
    quiet: Quiet = False,
) -> None:
    """Count how often each pair of words is expected within a window.

    The counts are for `skipgram train --objective softmax --counts DIR`, or for
    anything else that takes a sparse matrix.
    """
    import skipgram
    from skipgram.cli.views.progress import shell_view

    with shell_view(quiet=quiet) as view:
        counts = skipgram.cooccurrence(
            corpus,
            output,
            overwrite=overwrite,
            progress=False,
            observe=view.observe,
            **counting,
            **encoding,
        )
    without_pair = counts.words_without_pair
    alone = f"; {many(without_pair, 'word has', 'words have')} no pair" if without_pair else ""
    view.say(
        f"{many(counts.matrix.nnz, 'different pair')} of {many(len(counts.vocabulary), 'word')}, "
        f"{counts.pairs:,.0f} expected pairs in all{alone}"
    )
    training = command("train", "CORPUS", "--objective", "softmax", "--counts", output)
    view.say(f"saved to {output}; train on it:  {training} -o vectors")
