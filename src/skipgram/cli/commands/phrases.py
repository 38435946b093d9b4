"""`skipgram phrases`: which words belong together, with count and score."""

from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skipgram.cli.options import Quiet, takes_encoding_options, whole_number
from skipgram.cli.views.forms import Ascii, Form, Output, Spreadsheet
from skipgram.cli.views.mouth import answer, answer_csv, answer_json

if TYPE_CHECKING:
    from skipgram.corpus.phrases.phraser import Phraser

_COLUMNS = ("pass", "phrase", "count", "score")


@takes_encoding_options(phrases="1")
def phrases(
    *,
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="A folder of vectors, or of an encoded corpus, that were made with --phrases; "
            "or a corpus, as for `train`, to find phrases in.",
        ),
    ],
    count: Annotated[
        int, whole_number("-k", "--count", help="Number of phrases to show; 0 for all.")
    ] = 20,
    output: Output = "table",
    ascii: Ascii = False,
    spreadsheet: Spreadsheet = False,
    encoding: dict[str, Any],
    quiet: Quiet = False,
) -> None:
    """Show the phrases that a training joined, or those of a text: each pass by falling score."""
    from skipgram.vectors.given import whole_number as checked

    form = Form(output, ascii, spreadsheet)
    most = checked("--count", count, 0) or None
    found = _phraser(source, encoding, quiet=quiet)
    numbered = ((number, phrase) for number, part in enumerate(found.passes, 1) for phrase in part)
    rows = [
        (number, str(phrase), phrase.count, phrase.score)
        for number, phrase in islice(numbered, most)
    ]
    if form.output == "json":
        answer_json([dict(zip(_COLUMNS, row, strict=True)) for row in rows], ascii=form.ascii)
    elif form.output == "csv":
        answer_csv(_COLUMNS, rows, for_spreadsheet=form.for_spreadsheet)
    else:
        _show(found, rows)


def _phraser(source: list[str], encoding: dict[str, Any], *, quiet: bool) -> "Phraser":
    """That of a folder, or what is found in a text."""
    import skipgram
    from skipgram.corpus.phrases.given import as_phraser, is_made_with_phrases

    if len(source) == 1 and not encoding and is_made_with_phrases(source[0]):
        return as_phraser(source[0])
    from skipgram.cli.views.progress import shell_view

    with shell_view(quiet=quiet) as view:
        return skipgram.find_phrases(source, progress=False, observe=view.observe, **encoding)


def _show(found: "Phraser", rows: list[tuple[int, str, int, float]]) -> None:
    from skipgram.cli.views.mouth import answers_console
    from skipgram.cli.views.tables import plain_table
    from skipgram.telling.wording import many

    passes = f" of {len(found.passes)} passes" if len(found.passes) > 1 else ""
    shown = f", the first {len(rows):,}:" if 0 < len(rows) < len(found) else ""
    answer(f"{many(len(found), 'phrase')}{passes}{shown}")
    if not rows:
        return
    table = plain_table()
    for name in _COLUMNS if passes else _COLUMNS[1:]:
        table.add_column(name, justify="left" if name == "phrase" else "right", no_wrap=True)
    for number, phrase, count, score in rows:
        cells = (phrase, f"{count:,}", f"{score:,.4g}")
        table.add_row(*((str(number), *cells) if passes else cells))
    answers_console().print(table)
