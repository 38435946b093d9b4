"""`skipgram align`: two sets of vectors in one space, and the words whose use changed most."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from skipgram.cli.options import Overwrite, whole_number
from skipgram.cli.views.forms import Ascii, Form, Output, Spreadsheet
from skipgram.cli.views.mouth import answer_csv, answer_json, note
from skipgram.errors import FormatError

if TYPE_CHECKING:
    from skipgram.vectors.alignment import By
    from skipgram.vectors.changes import Change

_SHOWN_NEIGHBORS = 5


def align(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE", help="Vectors to rotate: those of the older text, for example."
        ),
    ],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="TARGET",
            help="Vectors to rotate them to: those of the newer text, for example.",
        ),
    ],
    aligned: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="Where to save the rotated vectors of SOURCE."
        ),
    ] = None,
    first_words: Annotated[
        int,
        whole_number(
            help="Fit the rotation to this many of the most frequent shared words, and show only "
            "these; 0 for all."
        ),
    ] = 0,
    dictionary: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="For two languages: on each line a word of SOURCE, a tab and a word of TARGET.",
        ),
    ] = None,
    count: Annotated[
        int, whole_number("-k", "--count", help="Number of changed words to show.")
    ] = 20,
    neighbors: Annotated[int, whole_number(help="Number of neighbours to compare.")] = 25,
    by: Annotated[
        str,
        typer.Option(
            help="Measure of change: similarity (of a word's two vectors) or overlap (of its "
            "neighbours)."
        ),
    ] = "similarity",
    output: Output = "table",
    ascii: Ascii = False,
    spreadsheet: Spreadsheet = False,
    overwrite: Overwrite = False,
) -> None:
    """Turn one set of vectors to another, and show the words whose use changed most.

    The rotation is the orthogonal one that brings shared words nearest
    (Procrustes).
    """
    import skipgram
    from skipgram.system.paths import require_apart
    from skipgram.vectors.formats import native

    form = Form(output, ascii, spreadsheet)
    if aligned is not None:
        require_apart([aligned], [source, target, *([dictionary] if dictionary else [])])
        native.require_place(aligned, overwrite=overwrite)
    pairs = None if dictionary is None else _pairs(dictionary)
    found = skipgram.align(
        skipgram.load(source), skipgram.load(target), first_words=first_words, pairs=pairs
    )
    told = f"aligned by {found.anchors:,} words"
    if found.unknown_pairs:
        told += f"; {found.unknown_pairs:,} pairs have an unknown word"
    if found.zero_anchors:
        told += f"; {found.zero_anchors:,} words have a vector of zeros"
    if found.shared:
        told += f"; mean cosine of {len(found.shared):,} shared words {found.mean_similarity:.3f}"
    changes = found.changes(count, neighbors=neighbors, first_words=first_words, by=cast("By", by))
    if aligned is not None:
        found.aligned().save(aligned, overwrite=overwrite)
    note(told)
    if changes:
        _show(changes, form)


def _pairs(file: Path) -> list[tuple[str, str]]:
    from skipgram.untrusted.opening import read_lines

    pairs = []
    for number, line in enumerate(read_lines(file, "a dictionary"), start=1):
        words = line.split("\t")
        if len(words) != 2 or not all(words):
            raise FormatError(f"{file}:{number}: {line!r:.60} is not word<TAB>word")
        pairs.append((words[0], words[1]))
    if not pairs:
        raise FormatError(f"{file} holds no pair of words; give lines of word<TAB>word")
    return pairs


def _show(changes: Sequence["Change"], form: Form) -> None:
    if form.output == "json":
        answer_json([change._asdict() for change in changes], ascii=form.ascii)
    elif form.output == "csv":
        header = ("word", "similarity", "overlap", "gained", "lost")
        rows = (
            (word, similarity, overlap, " ".join(gained), " ".join(lost))
            for word, similarity, overlap, gained, lost in changes
        )
        answer_csv(header, rows, for_spreadsheet=form.for_spreadsheet)
    else:
        from skipgram.cli.views.tables import print_changes

        print_changes(changes, _SHOWN_NEIGHBORS)
