"""Scores as tables: what was asked, how it went, how sure that is, how much could be asked."""

from collections.abc import Iterable, Sequence

from skipgram.cli.views.mouth import answer, answer_csv, answer_json, answers_console
from skipgram.cli.views.tables import plain_table
from skipgram.evaluation.bands import Band
from skipgram.evaluation.comparison import SCORE_HEADINGS, Comparison
from skipgram.evaluation.records import COLUMNS, Record, record_of_band, records_of
from skipgram.evaluation.report import HEADINGS, Report, notes_on, rows_of
from skipgram.evaluation.resampling import shown
from skipgram.evaluation.scores import interval_shown
from skipgram.telling.escaping import visible

Row = Sequence[str]
_NUMBERS = ("score", "difference", "p", "common", "items")
_NUMBERS_OF_SPEED = ("training", "with reading", "words a second")
BANDS = ("", "words by frequency", "score", "95 % interval", "items")


def print_scores(
    found: Report | Comparison, system: str, bands: dict[str, list[Band]], form: str
) -> None:
    """Print what was found.

    system: the name of a report's vectors. bands: of each set. form: table, markdown, json, jsonl
    or csv.
    """
    if form in ("table", "markdown"):
        for number, (headings, rows) in enumerate(_tables(found, bands)):
            if number:
                answer()
            print_table(headings, rows, form)
        print_notes(found.notes() if isinstance(found, Comparison) else notes_on(found), form)
        return
    records = records_of(found, system)
    records += [record_of_band(of, name, system) for name, some in bands.items() for of in some]
    print_records(records, form)


def print_table(headings: Row, rows: Sequence[Row], form: str) -> None:
    """In columns, or as Markdown."""
    (_markdown if form == "markdown" else _table)(headings, rows)


def print_notes(notes: Iterable[str], form: str) -> None:
    """Below a table."""
    if form == "markdown":
        answer()
    for note in notes:
        answer(f"- {note}" if form == "markdown" else note)


def _tables(
    found: Report | Comparison, bands: dict[str, list[Band]]
) -> list[tuple[Row, list[Row]]]:
    tables: list[tuple[Row, list[Row]]] = []
    if isinstance(found, Comparison):
        tables.append((SCORE_HEADINGS, [*found.score_rows()]))
        if found.differences:
            tables.append((found.difference_headings, [*found.difference_rows()]))
    else:
        tables.append((HEADINGS, [*rows_of(found)]))
    if bands:
        tables.append((BANDS, _band_rows(bands)))
    return tables


def _band_rows(bands: dict[str, list[Band]]) -> list[Row]:
    return [
        (
            name if not number else "",
            band.name,
            shown(band.measure.value),
            interval_shown(band.measure.interval),
            f"{band.known:,}",
        )
        for name, some in bands.items()
        for number, band in enumerate(band for band in some if band.known)
    ]


def _table(headings: Row, rows: Sequence[Row]) -> None:
    table = plain_table()
    for heading in headings:
        is_number = heading in _NUMBERS + _NUMBERS_OF_SPEED
        table.add_column(heading, justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*map(visible, row))
    answers_console().print(table)


def _markdown(headings: Row, rows: Sequence[Row]) -> None:
    for row in (headings, ["---"] * len(headings), *rows):
        cells = [visible(cell).replace("|", "\\|") for cell in row]
        answer(f"| {' | '.join(cells)} |")


def print_records(records: Sequence[Record], form: str) -> None:
    """As json, jsonl or csv."""
    if form == "csv":
        rows = [[_cell(record[column]) for column in COLUMNS] for record in records]
        answer_csv(COLUMNS, rows)
    elif form == "json":
        answer_json(records)
    else:
        for record in records:
            answer_json(record, indent=None)


def _cell(value: str | float | None) -> str | float:
    return "" if value is None else value
