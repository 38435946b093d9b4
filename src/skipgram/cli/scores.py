"""Scores as a table: what was asked, how it went, how much of it could be asked."""

import math

from rich.table import Table

from skipgram.cli.tables import console
from skipgram.evaluation.report import Report


def print_report(report: Report) -> None:
    """One row a set; the note below says what the analogies were restricted to."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for heading in ("", "score", "", "covered"):
        table.add_column(heading, justify="right" if heading else "left", header_style="bold")
    for score in report.similarity:
        covered = f"{score.pairs_known:,} of {score.pairs:,} pairs"
        table.add_row(score.name, _shown(score.correlation), "Spearman's ρ", covered)
    for answers in report.analogies:
        covered = f"{answers.questions_known:,} of {answers.questions:,} questions"
        table.add_row(answers.name, _shown(answers.accuracy), "answered right", covered)
    output = console()
    output.print(table)
    if report.analogies:
        first = report.analogies[0].first_words
        output.print(f"analogies among the {first:,} most frequent words")


def _shown(score: float) -> str:
    return "none" if math.isnan(score) else f"{score:.3f}"
