"""Answers as tables that fit a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from skipgram.vectors.alignment import Change
from skipgram.vectors.neighbors import Neighbor

PLAIN_WIDTH = 120
"""Beyond it columns start a new row."""
_UNCUT = 10_000
"""Where there is no terminal nothing is cut."""
_GAP = 3
_JOINERS = "\u200c\u200d"


def console() -> Console:
    """The standard output, wide enough for a table where it is no terminal."""
    terminal = Console(highlight=False, emoji=False)
    if terminal.is_terminal:
        return terminal
    return Console(highlight=False, emoji=False, width=_UNCUT)


def visible(text: str) -> str:
    """The text with its control characters escaped, so that a word cannot steer the terminal.

    Line ends, escape sequences, changes of direction and odd blanks are shown
    as Python writes them; the joiners of Persian, of Indian scripts and of
    emoji stay as they are.
    """
    return "".join(
        char if char.isprintable() or char in _JOINERS else char.encode("unicode_escape").decode()
        for char in text
    )


def print_neighbors(answers: Mapping[str, Sequence[Neighbor]]) -> None:
    """A column a word: its neighbours with their cosines, so many columns a row as fit."""
    output = console()
    rows: list[dict[str, Sequence[Neighbor]]] = []
    room = 0
    for word, found in answers.items():
        cells = [neighbor.word + " .00" for neighbor in found]
        width = max(map(len, [word, *cells])) + _GAP
        if width > room:
            rows.append({})
            room = min(output.width, PLAIN_WIDTH)
        rows[-1][word] = found
        room -= width
    for number, row in enumerate(rows):
        if number:
            output.print()
        output.print(_table(row))


def print_changes(changes: Sequence[Change], shown: int) -> None:
    """A row a word: its cosine, the share of common neighbours, the first that came and went."""
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    table.add_column("word", header_style="bold", no_wrap=True)
    table.add_column("cosine", header_style="bold", justify="right")
    table.add_column("common", header_style="bold", justify="right")
    table.add_column("came near", header_style="bold", overflow="fold")
    table.add_column("went", header_style="bold", overflow="fold")
    for change in changes:
        near = [escape(visible(" ".join(words[:shown]))) for words in (change.gained, change.lost)]
        word, cosine = escape(visible(change.word)), f"{change.similarity:.2f}".replace("0.", ".")
        table.add_row(word, cosine, f"{change.overlap:.0%}", *near)
    console().print(table)


def _table(answers: Mapping[str, Sequence[Neighbor]]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for word in answers:
        table.add_column(escape(word), header_style="bold", no_wrap=True)
    for place in range(max(map(len, answers.values()), default=0)):
        table.add_row(*(_cell(found, place) for found in answers.values()))
    return table


def _cell(found: Sequence[Neighbor], place: int) -> str:
    if place >= len(found):
        return ""
    cosine = f"{found[place].similarity:.2f}".replace("0.", ".")
    return f"{escape(found[place].word)} {cosine}"
