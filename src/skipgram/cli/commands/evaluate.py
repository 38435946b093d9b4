"""`skipgram evaluate`: how good are these vectors, and are these better than those?"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skipgram.cli.options import FirstWords, whole_number
from skipgram.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from skipgram.evaluation.hubness import Hubness
    from skipgram.vectors.word_vectors import WordVectors

_FORMS = ("table", "json", "jsonl", "csv", "markdown")


def evaluate(
    folders: Annotated[
        list[Path],
        typer.Argument(
            metavar="DIR...",
            help="Folders that `skipgram train` wrote, or other tools' files of vectors.",
        ),
    ],
    similarity: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Ratings: word, word and rating a line, separated by tabs, commas or spaces. May "
            "be repeated.",
        ),
    ] = None,
    analogies: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Questions: four words a line, a section's name after a colon; or files and "
            "folders of BATS. May be repeated.",
        ),
    ] = None,
    categories: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Words to group: word and category a line. May be repeated."
        ),
    ] = None,
    outliers: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Topics: words of one kind, a blank line, words that do not belong. A file or a "
            "folder of them. May be repeated.",
        ),
    ] = None,
    held_out: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="A text that the vectors were not trained on: how well do they predict it? May be "
            "repeated.",
        ),
    ] = None,
    first_words: FirstWords = 30_000,
    method: Annotated[
        str, typer.Option(help="How analogies are answered: 3CosAdd or 3CosMul.")
    ] = "3CosAdd",
    spell: Annotated[
        bool,
        typer.Option(
            "--spell",
            help="Compare unknown words too, by the vectors that their spelling gives.",
        ),
    ] = False,
    bands: Annotated[
        bool,
        typer.Option("--bands", help="Show scores by how frequent the words are, too."),
    ] = False,
    sections: Annotated[
        bool,
        typer.Option("--sections", help="Show the sections of analogies, too."),
    ] = False,
    hubness: Annotated[
        bool,
        typer.Option("--hubness", help="Show how often the same words are neighbours, too."),
    ] = False,
    apart: Annotated[
        bool,
        typer.Option(
            "--apart",
            help="Compare each with the first; without this, those that differ only in their seed "
            "count as one.",
        ),
    ] = False,
    resamples: Annotated[
        int, whole_number(help="How often items are drawn for the intervals; 0 for no intervals.")
    ] = 2_000,
    figure: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Draw the scores with their intervals: .png, .svg or .pdf."
        ),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format", help="How to print the scores: table, json, jsonl, csv or markdown."
        ),
    ] = "table",
) -> None:
    """Score vectors by people's judgements of similarity and by analogies.

    Each score comes with its 95 % interval over other items of the kind, and
    with how much of the set could be asked: items with an unknown word are left
    out. Words are looked up as they are written, then in lower case, then with
    case ignored; the notes below the table count the latter two.

    Test sets that you give take the place of all of the package's.

    Several sets of vectors are compared with the first, on the items that both
    know: better, worse, or not distinguishable.
    """
    if form not in _FORMS:
        raise SettingsError(f"format {form!r} is not one of: {', '.join(_FORMS)}")
    import skipgram
    from skipgram.cli.views.mouth import note
    from skipgram.cli.views.scores import print_scores
    from skipgram.cli.views.steps import steps
    from skipgram.evaluation.analogies import GOOGLE_ANALOGIES
    from skipgram.evaluation.battery import RATED, Battery
    from skipgram.evaluation.comparing import compared
    from skipgram.evaluation.comparison import Comparison
    from skipgram.evaluation.report import Report
    from skipgram.evaluation.trainings import systems_of
    from skipgram.figures.scores import require_drawable

    if figure is not None:
        require_drawable(figure)
    own = similarity or analogies or categories or outliers or held_out
    battery = Battery.read(
        first_words=first_words,
        similarity=similarity or (() if own else RATED),
        analogies=analogies or (() if own else (GOOGLE_ANALOGIES,)),
        categories=categories or (),
        outliers=outliers or (),
        held_out=held_out or (),
        method=method,  # type: ignore[arg-type]  # which refuses others
        spell=spell,
        resamples=resamples,
    )
    if figure is not None and not battery.sets:
        raise SettingsError(
            "--figure draws scores from 0 to 1, which held-out texts do not have; give another "
            "test set as well, or omit it"
        )
    vectors = [skipgram.load(folder) for folder in folders]
    if spell and not all(one.speller for one in vectors):
        note("--spell: vectors without spelling leave out unknown words (`skipgram spell` adds it)")
    found: Report | Comparison
    if len(folders) == 1:
        with steps("judging", "test sets") as tell:
            found = Report(battery.scores(vectors[0], tell=tell))
        systems = {str(folders[0]): vectors}
    else:
        systems = systems_of(folders, vectors, apart=apart)
        with steps("judging", "sets of vectors") as tell:
            found = compared(systems, battery, tell)
    parts = [found.by_frequency(resamples=resamples)] if bands else []
    if sections:
        parts.append(found.by_section(resamples=resamples))
        if not parts[-1].scores:
            note("--sections: no set has several sections")
    hubs = _hubs(systems) if hubness else {}
    print_scores(found, str(folders[0]), form, parts=parts, hubs=hubs)
    if figure is not None:
        skipgram.score_plot(found, figure)
        note(f"drawn: {figure}")


def _hubs(systems: "Mapping[str, Sequence[WordVectors]]") -> "dict[str, Hubness]":
    """Of the first training of each system; what has too few words is told, and left out."""
    import skipgram
    from skipgram.cli.views.mouth import note

    found = {}
    for name, trainings in systems.items():
        try:
            found[name] = skipgram.hubness(trainings[0])
        except SettingsError as error:
            note(f"no hubness of {name}: {error}")
    return found
