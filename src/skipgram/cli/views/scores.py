"""Scores as tables: what was asked, how it went, how sure that is, how much could be asked."""

from collections.abc import Iterable, Mapping, Sequence

from skipgram.cli.views.mouth import answer, answer_csv, answer_json, answers_console
from skipgram.evaluation.comparison import Comparison
from skipgram.evaluation.hubness import Hubness
from skipgram.evaluation.parted import Parts
from skipgram.evaluation.records import (
    COLUMNS,
    Record,
    records_of,
    records_of_hubness,
    records_of_parts,
)
from skipgram.evaluation.report import Report
from skipgram.telling.tables import Table


def print_scores(
    found: Report | Comparison,
    system: str,
    form: str,
    *,
    parts: Sequence[Parts] = (),
    hubs: Mapping[str, Hubness] | None = None,
) -> None:
    """Print what was found.

    system: the name of a report's vectors. form: table, markdown, json, jsonl or csv. parts: by
    frequency, by section. hubs: by the name of the vectors.
    """
    hubs = hubs or {}
    if form not in ("table", "markdown"):
        records = records_of(found, system)
        for some in parts:
            records += records_of_parts(some, system)
        for name, of in hubs.items():
            records += records_of_hubness(of, name)
        print_records(records, form)
        return
    print_tables(found.tables(), form)
    for some in parts:
        if some.scores:
            answer()
            print_tables(some.tables(), form)
    notes = [*found.notes(), *(note for some in parts for note in some.notes())]
    print_notes(dict.fromkeys(notes), form)
    for name, of in hubs.items():
        answer()
        print_notes([*([f"{name}:"] * (len(hubs) > 1)), *f"{of}".split("\n")], form)


def print_tables(tables: Iterable[Table], form: str) -> None:
    """One below the other, in columns or as Markdown."""
    for number, table in enumerate(tables):
        if number:
            answer()
        if form == "markdown":
            for line in table.markdown():
                answer(line)
        else:
            print_table(table)


def print_table(table: Table) -> None:
    """In columns, names folded where the terminal is narrow; the headings are bold."""
    console = answers_console()
    lines = table.lines(console.width if console.is_terminal else None)
    for number, line in enumerate(lines):
        style = "bold" if number < table.heading_lines else ""
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=True)


def print_notes(notes: Iterable[str], form: str) -> None:
    """Below a table."""
    if form == "markdown":
        answer()
    for note in notes:
        answer(f"- {note}" if form == "markdown" else note)


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
