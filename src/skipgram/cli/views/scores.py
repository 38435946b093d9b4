"""Scores as a table: what was asked, how it went, how much of it could be asked."""

from skipgram.cli.views.mouth import answer, answers_console
from skipgram.cli.views.tables import plain_table
from skipgram.evaluation.report import HEADINGS, Report, notes_on, rows_of


def print_report(report: Report) -> None:
    """One row a set; the notes below say how words were looked up, and what was left out."""
    table = plain_table()
    for heading in HEADINGS:
        table.add_column(heading, justify="right" if heading else "left")
    for row in rows_of(report):
        table.add_row(*row)
    answers_console().print(table)
    for note in notes_on(report):
        answer(note)
