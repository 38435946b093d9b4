"""Answers as tables that fit a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from skipgram.vectors.neighbors import Neighbor

PLAIN_WIDTH = 120
"""Where there is no terminal to ask for its width."""


def console() -> Console:
    """The standard output, wide enough for a table where it is no terminal."""
    terminal = Console(highlight=False)
    return terminal if terminal.is_terminal else Console(highlight=False, width=PLAIN_WIDTH)


def print_neighbors(answers: Mapping[str, Sequence[Neighbor]]) -> None:
    """A column a word: its neighbours with their cosines, so many columns a row as fit."""
    output = console()
    columns = {
        word: max([len(word) + 5, *(len(neighbor.word) + 5 for neighbor in found)])
        for word, found in answers.items()
    }
    row: dict[str, Sequence[Neighbor]] = {}
    for word, found in answers.items():
        if row and sum(columns[shown] + 3 for shown in row) + columns[word] > output.width:
            _print_row(output, row)
            row = {}
        row[word] = found
    _print_row(output, row)


def _print_row(output: Console, answers: Mapping[str, Sequence[Neighbor]]) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for word in answers:
        table.add_column(word, header_style="bold", no_wrap=True)
    for place in range(max(map(len, answers.values()), default=0)):
        table.add_row(*(_cell(found, place) for found in answers.values()))
    output.print(table, markup=False)


def _cell(found: Sequence[Neighbor], place: int) -> str:
    if place >= len(found):
        return ""
    cosine = f"{found[place].similarity:.2f}".replace("0.", ".")
    return f"{_plain(found[place].word)} {cosine}"


def _plain(word: str) -> str:
    """A word that rich takes for text, whatever brackets are in it."""
    return word.replace("[", r"\[")
