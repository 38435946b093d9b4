"""What a vocabulary holds, on one screen: both its ends, and what a bound on it would cost."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.console import Console
from rich.table import Table
from rich.text import Text

from skipgram.cli.views.mouth import answers_console
from skipgram.cli.views.tables import GAP, plain_table
from skipgram.telling.escaping import visible

if TYPE_CHECKING:
    from skipgram.corpus.vocabulary.vocabulary import Vocabulary

MIN_COUNTS = (1, 2, 5, 10, 50, 100)
FIRST_WORDS = (1_000, 10_000, 30_000, 100_000)

_ENDS = 10
"""Words of each end. With the bounds below them they fill 20 lines."""


class Entry(NamedTuple):
    """A word and how often it was seen."""

    word: str
    seen: int


class Kept(NamedTuple):
    """What would be kept under a min_count; the share of no tokens at all is nan."""

    min_count: int
    words: int
    token_share: float


class Covered(NamedTuple):
    """The share of all tokens that are among so many most frequent words."""

    first_words: int
    token_share: float


def ends(vocabulary: "Vocabulary", length: int = _ENDS) -> tuple[list[Entry], list[Entry]]:
    """The most frequent words, and the least frequent, the rarest first."""
    by_count = vocabulary.by_count
    most, least = (
        [Entry(vocabulary.words[word], int(vocabulary.counts[word])) for word in end.tolist()]
        for end in (by_count[:length], by_count[::-1][:length])
    )
    return most, least


def kept_by_min_count(
    vocabulary: "Vocabulary", min_counts: Sequence[int] = MIN_COUNTS
) -> list[Kept]:
    """The words seen so often or more, and their share of all tokens."""
    kept = []
    for min_count in min_counts:
        counts = vocabulary.counts[vocabulary.counts >= min_count]
        share = _ratio(float(counts.sum(dtype=float)), vocabulary.total)
        kept.append(Kept(min_count, len(counts), share))
    return kept


def covered_by_first(
    vocabulary: "Vocabulary", first_words: Sequence[int] = FIRST_WORDS
) -> list[Covered]:
    """The share of all tokens that the most frequent words have, as far as there are so many."""
    rising = vocabulary.counts.copy()
    rising.sort()
    sums = rising[::-1].cumsum(dtype=float)
    return [
        Covered(first, _ratio(float(sums[first - 1]), vocabulary.total))
        for first in first_words
        if first <= len(vocabulary)
    ]


def show(vocabulary: "Vocabulary") -> None:
    """Print a vocabulary's size, both its ends, and what bounds on it would keep."""
    output = answers_console()
    output.print(f"{len(vocabulary):,} words, {vocabulary.total:,} tokens")
    if not len(vocabulary):
        return
    most, least = ends(vocabulary)
    half = output.width // 2 - GAP
    _print_beside(
        output,
        _table_of_words("most frequent", most, half),
        _table_of_words("least frequent", least, half),
    )
    bounds = [_table_of_min_counts(vocabulary)]
    if covered := covered_by_first(vocabulary):
        bounds.append(_table_of_first_words(covered))
    _print_beside(output, *bounds)


def _print_beside(output: Console, *tables: Table) -> None:
    """A blank line and the tables in a row; where there is no room, one above the other."""
    gap = 2 * GAP
    widths = [output.measure(table).maximum for table in tables]
    output.print()
    if sum(widths) + gap * (len(tables) - 1) <= output.width:
        row = Table.grid(padding=(0, gap, 0, 0))
        row.add_row(*tables)
        output.print(row)
        return
    for number, table in enumerate(tables):
        if number:
            output.print()
        output.print(table)


def _table_of_words(heading: str, entries: Sequence[Entry], width: int) -> Table:
    """A row a word; a word that would not fit into the width is cut, but not below a few letters.

    Where there is no terminal, the width is such that nothing is cut.
    """
    counts = [f"{entry.seen:,}" for entry in entries]
    room = width - max(map(len, [*counts, "count"])) - GAP
    table = plain_table()
    table.add_column(heading, no_wrap=True, max_width=max(room, len(heading)))
    table.add_column("count", justify="right", no_wrap=True)
    for entry, count in zip(entries, counts, strict=True):
        table.add_row(Text(visible(entry.word), overflow="ellipsis"), count)
    return table


def _table_of_min_counts(vocabulary: "Vocabulary") -> Table:
    table = plain_table()
    for heading in ("min_count", "words kept", "tokens kept"):
        table.add_column(heading, justify="right", no_wrap=True)
    for min_count, words, share in kept_by_min_count(vocabulary):
        table.add_row(f"{min_count:,}", f"{words:,}", _percent(share))
    return table


def _table_of_first_words(covered: Sequence[Covered]) -> Table:
    table = plain_table()
    for heading in ("first words", "tokens covered"):
        table.add_column(heading, justify="right", no_wrap=True)
    for first, share in covered:
        table.add_row(f"{first:,}", _percent(share))
    return table


def _ratio(part: float, whole: int) -> float:
    return part / whole if whole else math.nan


def _percent(share: float) -> str:
    return "none" if math.isnan(share) else f"{100 * share:.1f} %"
