"""`skipgram evaluate`: how good are these vectors?"""

from pathlib import Path
from typing import Annotated

import typer

from skipgram.cli.options import FirstWords, Folder


def evaluate(
    folder: Folder,
    similarity: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Ratings to use instead of WordSim-353: on each line word, word and rating, "
            "separated by tabs. May be repeated.",
        ),
    ] = None,
    analogies: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Questions to use instead of Google's analogies: four words a line; a section's "
            "name follows a colon. May be repeated.",
        ),
    ] = None,
    first_words: FirstWords = 30_000,
    spell: Annotated[
        bool,
        typer.Option(
            "--spell",
            help="Compare unknown words too, by the vectors that their spelling gives.",
        ),
    ] = False,
) -> None:
    """Score vectors by people's judgements of similarity and by analogies.

    Words are looked up as they are written, then in lower case, then with case
    ignored; the notes below the table count the latter two. Pairs and questions with
    an unknown word are left out.
    """
    import skipgram
    from skipgram.cli.views.scores import print_report
    from skipgram.evaluation import report as judgement

    vectors = skipgram.load(folder)
    if similarity or analogies:
        report = judgement.evaluate(
            vectors, first_words, similarity or (), analogies or (), spell=spell
        )
    else:
        report = judgement.evaluate(vectors, first_words, spell=spell)
    print_report(report)
