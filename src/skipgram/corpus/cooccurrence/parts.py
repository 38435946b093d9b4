"""Rows of counts from several chunks of a corpus, kept on the disk until they are added up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.kernels import add_rows
from skipgram.system.nameless import nameless_file, shared_map
from skipgram.system.threads import OrderedThreads

_ENTRIES_AT_ONCE = 1 << 22

Rows = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]
"""Lengths of rows, and the outside words and weights of these rows, end to end."""


@dataclass(frozen=True, eq=False)
class Part:
    """Rows end to end: those of row c are the entries starts[c] to starts[c + 1].

    starts: shape (rows + 1,), int64; outsides, sums: shape (entries,), int32, rising within a row,
    and float64.
    """

    starts: NDArray[np.int64]
    outsides: NDArray[np.int32]
    sums: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Iterable[Rows]) -> "Part":
        """From blocks of rows."""
        lengths, outsides, sums = zip(*rows, strict=True)
        starts = np.append(0, np.cumsum(np.concatenate(lengths)))
        return cls(starts, np.concatenate(outsides), np.concatenate(sums))


def row_sums(parts: Sequence[Part], vocab_size: int, workers: OrderedThreads) -> Iterator[Rows]:
    """The sum of all parts, row by row and in their order, some rows at a time."""
    ends = np.sum([part.starts for part in parts], axis=0)
    borders = np.arange(0, int(ends[-1]) + _ENTRIES_AT_ONCE, _ENTRIES_AT_ONCE)
    last = len(ends) - 1
    rows = np.unique([0, *np.minimum(np.searchsorted(ends, borders), last), last])

    def add(block: tuple[int, int]) -> Rows:
        first, last = block
        starts, outsides, sums = [], [], []
        offset = 0
        for part in parts:
            entries = slice(part.starts[first], part.starts[last])
            starts.append(part.starts[first : last + 1] - part.starts[first] + offset)
            outsides.append(part.outsides[entries])
            sums.append(part.sums[entries])
            offset += entries.stop - entries.start
        if len(parts) == 1:
            return np.diff(starts[0]), outsides[0], sums[0]
        added: Rows = add_rows(
            np.stack(starts), np.concatenate(outsides), np.concatenate(sums), vocab_size
        )
        return added

    blocks = zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True)
    return (added for _, added in workers.map(add, blocks))


def on_disk(rows: Iterable[Rows], scratch: Path | None) -> Part:
    """Blocks of rows, with their entries in files that vanish with them."""
    lengths = []
    with nameless_file(scratch) as outsides, nameless_file(scratch) as sums:
        for of_rows, words, weights in rows:
            lengths.append(of_rows)
            outsides.write(np.ascontiguousarray(words).data)
            sums.write(np.ascontiguousarray(weights).data)
        return Part(
            np.append(0, np.cumsum(np.concatenate(lengths))),
            shared_map(outsides, np.int32),
            shared_map(sums, np.float64),
        )


def spilled(part: Part, scratch: Path | None) -> Part:
    """The same part, with its entries in such files."""
    return on_disk([(np.diff(part.starts), part.outsides, part.sums)], scratch)
