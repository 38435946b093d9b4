"""Rows of counts from several chunks of a corpus, kept on the disk until they are added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.kernels import add_rows
from skipgram.system.nameless import nameless_file, shared_map
from skipgram.system.threads import OrderedThreads

_ENTRIES_AT_ONCE = 1 << 22


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
    def of(cls, rows: Iterable[tuple[Any, Any, Any]]) -> "Part":
        """From blocks of rows, each as (lengths, outsides, sums)."""
        lengths, outsides, sums = zip(*rows, strict=True)
        starts = np.append(0, np.cumsum(np.concatenate(lengths)))
        return cls(starts, np.concatenate(outsides), np.concatenate(sums))


def spilled(part: Part, scratch: Path | None) -> Part:
    """The same part, with its entries in files that vanish with it."""
    return Part(part.starts, _on_disk(part.outsides, scratch), _on_disk(part.sums, scratch))


def added_up(
    parts: list[Part], vocab_size: int, workers: OrderedThreads, scratch: Path | None
) -> Part:
    """The sum of all parts, row by row and in their order; its entries are in files as well."""
    ends = np.sum([part.starts for part in parts], axis=0)
    borders = np.arange(0, int(ends[-1]) + _ENTRIES_AT_ONCE, _ENTRIES_AT_ONCE)
    rows = np.unique([0, *np.minimum(np.searchsorted(ends, borders), vocab_size), vocab_size])

    def add(block: tuple[int, int]) -> Any:
        first, last = block
        starts, outsides, sums = [], [], []
        offset = 0
        for part in parts:
            entries = slice(part.starts[first], part.starts[last])
            starts.append(part.starts[first : last + 1] - part.starts[first] + offset)
            outsides.append(part.outsides[entries])
            sums.append(part.sums[entries])
            offset += entries.stop - entries.start
        return add_rows(
            np.stack(starts), np.concatenate(outsides), np.concatenate(sums), vocab_size
        )

    lengths = []
    with nameless_file(scratch) as outsides, nameless_file(scratch) as sums:
        blocks = zip(rows[:-1].tolist(), rows[1:].tolist(), strict=True)
        for _, (of_rows, words, weights) in workers.map(add, blocks):
            lengths.append(of_rows)
            outsides.write(np.ascontiguousarray(words).data)
            sums.write(np.ascontiguousarray(weights).data)
        return Part(
            np.append(0, np.cumsum(np.concatenate(lengths))),
            shared_map(outsides, np.int32),
            shared_map(sums, np.float64),
        )


def _on_disk(array: NDArray[Any], scratch: Path | None) -> NDArray[Any]:
    with nameless_file(scratch) as file:
        file.write(np.ascontiguousarray(array).data)
        return shared_map(file, array.dtype)
