"""Answers as tables that fit a terminal."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from skipgram.cli.views.mouth import answers_console
from skipgram.telling.escaping import visible
from skipgram.telling.wording import width_on_screen
from skipgram.vectors.changes import Change
from skipgram.vectors.neighbors import Neighbor

PLAIN_WIDTH = 120
"""Beyond it columns start a new row."""
GAP = 3
"""Blanks between two columns."""


def plain_table() -> Table:
    """Without lines; the headings are bold."""
    return Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")


def print_neighbors(answers: Mapping[str, Sequence[Neighbor]]) -> None:
    """A column a word: its neighbours with their cosines, so many columns a row as fit."""
    output = answers_console()
    rows: list[list[list[str]]] = []
    room = 0
    for word, found in answers.items():
        column = [visible(word), *map(_cell, found)]
        width = max(map(width_on_screen, column)) + GAP
        if width > room:
            rows.append([])
            room = min(output.width, PLAIN_WIDTH)
        rows[-1].append(column)
        room -= width
    for number, row in enumerate(rows):
        if number:
            output.print()
        output.print(_table(row))


def print_changes(changes: Sequence[Change], shown: int) -> None:
    """A row a word: its cosine, the share of common neighbours, the first that came and went."""
    table = plain_table()
    table.add_column("word", no_wrap=True)
    table.add_column("cosine", justify="right")
    table.add_column("common", justify="right")
    table.add_column("gained", overflow="fold")
    table.add_column("lost", overflow="fold")
    for change in changes:
        near = [" ".join(words[:shown]) for words in (change.gained, change.lost)]
        table.add_row(change.word, _short(change.similarity), f"{change.overlap:.0%}", *near)
    answers_console().print(table)


def _table(columns: Sequence[Sequence[str]]) -> Table:
    table = plain_table()
    for heading, *_ in columns:
        table.add_column(heading, no_wrap=True)
    for place in range(1, max(map(len, columns))):
        table.add_row(*(column[place] if place < len(column) else "" for column in columns))
    return table


def _cell(near: Neighbor) -> str:
    return f"{visible(near.word)} {_short(near.similarity)}"


def _short(cosine: float) -> str:
    return f"{cosine:.2f}".replace("0.", ".")
