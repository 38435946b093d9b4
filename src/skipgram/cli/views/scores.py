"""Scores as a table: what was asked, how it went, how much of it could be asked."""

import math

from skipgram.cli.views.mouth import answer, answers_console
from skipgram.cli.views.tables import plain_table
from skipgram.evaluation.analogies import AnalogyScore
from skipgram.evaluation.report import Report
from skipgram.evaluation.similarity import SimilarityScore
from skipgram.vectors.asked import enumeration


def print_report(report: Report) -> None:
    """One row a set; the notes below say how words were looked up, and what was left out."""
    table = plain_table()
    for heading in ("", "score", "", "covered"):
        table.add_column(heading, justify="right" if heading else "left")
    for score in report.similarity:
        covered = f"{score.pairs_known:,} of {score.pairs:,} pairs"
        table.add_row(score.name, _shown(score.correlation), "Spearman's ρ", covered)
    for answers in report.analogies:
        covered = f"{answers.questions_known:,} of {answers.questions:,} questions"
        table.add_row(answers.name, _shown(answers.accuracy), "answered correctly", covered)
    answers_console().print(table)
    if report.analogies:
        first = report.analogies[0].first_words
        answer(f"analogies among the {first:,} most frequent words")
    for score in report.similarity:
        _print_notes(score, score.pairs_merged, "pairs")
    for answers in report.analogies:
        _print_notes(answers, answers.questions_merged, "questions")


def _print_notes(score: SimilarityScore | AnalogyScore, merged: int, items: str) -> None:
    notes = {
        "words found only in lower case": score.words_in_lower_case,
        "words found only with case ignored, as the most frequent form": score.words_ignoring_case,
        f"{items} left out whose words differ only in case": merged,
        "words left out whose vector is zero": len(score.zero_words),
    }
    said = [f"{note}: {count:,}" for note, count in notes.items() if count]
    if score.zero_words:
        said[-1] += f" ({enumeration([repr(word) for word in score.zero_words])})"
    if isinstance(score, SimilarityScore) and score.words_spelled:
        said.append(f"unknown words made from their spelling: {score.words_spelled:,}")
    if said:
        answer(f"{score.name}: {'; '.join(said)}")


def _shown(score: float) -> str:
    return "none" if math.isnan(score) else f"{score:.3f}"
