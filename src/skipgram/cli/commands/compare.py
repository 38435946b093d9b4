"""`skipgram compare`: other packages and ours on one text, speed and quality side by side."""

from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import (
    Corpus,
    FirstWords,
    Overwrite,
    Quiet,
    number,
    takes_encoding_options,
    takes_settings,
    whole_number,
)
from skipgram.errors import InterruptedRunError, SettingsError

_FORMS = ("table", "json", "jsonl", "csv", "markdown")
_LIKE = ("embedding_dim", "window", "negatives", "subsample", "epochs", "learning_rate", "seed")


def _test_set(what: str) -> Any:
    return typer.Option(
        metavar="FILE", rich_help_panel="Judging", help=f"{what}, as for `evaluate`."
    )


@takes_settings(
    "training",
    _LIKE,
    shown={},
    more_help={"learning_rate": ", for skipgram", "seed": "; the first of several"},
)
@takes_encoding_options()
def compare(
    *,
    corpus: Corpus,
    peer: Annotated[
        list[str] | None,
        typer.Option(
            "--peer",
            metavar="NAME",
            help="Compare with this package only: gensim or fasttext. May be repeated.",
        ),
    ] = None,
    seeds: Annotated[
        int,
        whole_number(
            "--seeds", help="How often each system is trained, each time with another seed."
        ),
    ] = 1,
    training: dict[str, Any],
    encoding: dict[str, Any],
    gensim_rate: Annotated[
        float | None,
        number(help="gensim's learning rate at the start.", show_default="0.025, its own"),
    ] = None,
    fasttext_rate: Annotated[
        float | None,
        number(help="fastText's learning rate at the start.", show_default="0.05, its own"),
    ] = None,
    similarity: Annotated[list[Path] | None, _test_set("Ratings to judge by")] = None,
    analogies: Annotated[list[Path] | None, _test_set("Questions to judge by")] = None,
    categories: Annotated[list[Path] | None, _test_set("Words to group")] = None,
    outliers: Annotated[list[Path] | None, _test_set("Topics with words to find")] = None,
    first_words: FirstWords = 30_000,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Keep the vectors here, in a folder for each training, for `evaluate`.",
        ),
    ] = None,
    overwrite: Overwrite = False,
    figure: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw the scores with their intervals: .png, .svg or .pdf."
        ),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format", help="How to print the results: table, json, jsonl, csv or markdown."
        ),
    ] = "table",
    quiet: Quiet = False,
) -> None:
    """Train gensim, fastText and skipgram on one text, and compare speed and scores.

    All read the same words in the same lines. skipgram trains twice: with the
    settings of the others, and with its own defaults. What is not installed is
    left out.
    """
    if form not in _FORMS:
        raise SettingsError(f"format {form!r} is not one of: {', '.join(_FORMS)}")
    import skipgram
    from skipgram.cli.views.mouth import note
    from skipgram.cli.views.systems import print_systems
    from skipgram.figures.scores import require_drawable
    from skipgram.peers.view import ComparisonView
    from skipgram.views.terminal import TerminalDisplay

    if figure is not None:
        require_drawable(figure)
    rates = {"gensim": gensim_rate, "fasttext": fasttext_rate}
    sets = {
        "similarity": similarity,
        "analogies": analogies,
        "categories": categories,
        "outliers": outliers,
    }
    if any(sets.values()):  # no others then
        judging: dict[str, Any] = {name: files or () for name, files in sets.items()}
    else:
        judging = {}
    if peer:
        judging["peers"] = peer
    try:
        with ComparisonView(TerminalDisplay(quiet=quiet)) as view:
            compared = skipgram.compare_systems(
                corpus,
                seeds=seeds,
                rates={name: rate for name, rate in rates.items() if rate is not None},
                first_words=first_words,
                output=output,
                overwrite=overwrite,
                progress=False,
                observe=view.observe,
                **judging,
                **training,
                **encoding,
            )
    except (KeyboardInterrupt, InterruptedRunError):
        if output is not None and output.is_dir():
            note(f"interrupted; the vectors that were trained: {output}")
        raise
    print_systems(compared, form)
    if figure is not None:
        skipgram.score_plot(compared.scores, figure)
        note(f"drawn: {figure}")
    if output is not None:
        note(f"the vectors: {output}")
