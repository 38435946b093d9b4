"""Systems side by side: what they took, then how good their vectors are."""

from skipgram.cli.views.mouth import answer
from skipgram.cli.views.scores import print_notes, print_records, print_scores, print_tables
from skipgram.evaluation.records import records_of
from skipgram.evaluation.report import Report
from skipgram.peers.comparing import SystemComparison
from skipgram.peers.table import speed_records, table_of


def print_systems(compared: SystemComparison, form: str) -> None:
    """A row a system, the notes on it, then the scores set by set.

    form: table, markdown, json, jsonl or csv.
    """
    scores, name = compared.scores, next(iter(compared.vectors))
    if form not in ("table", "markdown"):
        print_records(speed_records(compared.systems) + records_of(scores, name), form)
        return
    print_tables([table_of(compared.systems)], form)
    print_notes(compared.notes, form)
    answer()
    if isinstance(scores, Report):
        answer(f"There is nothing to compare {name} with; its own scores:")
        answer()
    print_scores(scores, name, form)
