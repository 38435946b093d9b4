"""What a page holds: a JSON object about its sets, and blocks of numbers.

    rows0      int8 (words, dim)       unit rows, see `quantized`; left out where the
                                       page is served and they are too many
    scales0    float32 (words,)        1 / the length of each row in 8 bits
    places0    uint16 (words, 2)       x and y from 0 to 65,535, y upwards, on one scale for both
    counts0    uint32 (words,)         left out where they are not known
    clusters0  uint8 (words,)          255 for none
    column...  float32 or uint8        a column of the user's table
    ngrams0...                         for vectors of unknown words, see `ngram_table`
    common     int32 (words,)          where each word of the first set stands in the second, or −1

Words stand in each set by falling frequency. The second set has 1 where the first has 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.explorer.blocks import Block, stretches, whole
from skipgram.explorer.columns import CATEGORIES, Column
from skipgram.explorer.layout import Layout, ShownWords
from skipgram.explorer.ngram_table import of_speller
from skipgram.explorer.quantized import quantized

FORMAT = 1
NEIGHBORS = 15
MOST_BYTES = 80_000_000
"""A browser opens such a page in some seconds, on a machine that has memory for it."""

_MOST_PLACE = np.iinfo(np.uint16).max
_MOST_COUNT = np.iinfo(np.uint32).max
_NUMBERS_A_WORD = 4 + 4 + 4 + 1
"""Bytes of a word's scale, place, count and cluster."""


@dataclass(frozen=True, eq=False)
class MappedSet:
    """A set of vectors with its map.

    rotation: what turns its rows to the other set's, shape (dim, dim); None for none.
    """

    name: str
    shown: ShownWords
    layout: Layout
    columns: Sequence[Column] = ()
    rotation: NDArray[np.float64] | None = None

    def rows(self, stretch: slice) -> NDArray[np.floating]:
        """Some unit rows, turned."""
        return self.turned(self.shown.unit(stretch))

    def turned(self, rows: NDArray[np.floating]) -> NDArray[np.floating]:
        """The same rows in the other set's space."""
        return rows if self.rotation is None else rows @ self.rotation


@dataclass(frozen=True, eq=False)
class PageData:
    """All that is put into a page.

    more_bytes: what tables of n-grams add to the size that `likely_bytes` foresees.
    """

    about: dict[str, Any]
    blocks: tuple[Block, ...]
    more_bytes: int = 0


def page_data(
    sets: Sequence[MappedSet], title: str, *, is_served: bool = False, with_rows: bool = True
) -> PageData:
    """What a page of one set or two holds.

    Parameters
    ----------
    sets
        One, or two that are compared.
    title
        Of the page.
    is_served
        Whether the page may ask a server for neighbours.
    with_rows
        Whether the rows are in the page.

    """
    frame = _Frame.of([mapped.layout.places for mapped in sets])
    about: dict[str, Any] = {"format": FORMAT, "title": title, "served": is_served}
    of_sets = [
        _of_set(mapped, number, frame, with_rows=with_rows) for number, mapped in enumerate(sets)
    ]
    about["sets"] = [described for described, _ in of_sets]
    blocks = [block for _, of_set in of_sets for block in of_set]
    if len(sets) == 2:
        about["common"] = "common"
        common = sets[1].shown.places_of(sets[0].shown.words).astype("<i4")
        blocks.append(whole("common", common))
    about["settings"] = {"neighbors": NEIGHBORS}
    more_bytes, room = 0, MOST_BYTES - likely_bytes([mapped.shown for mapped in sets])
    for number, mapped in enumerate(sets):
        speller = of_speller(
            mapped.shown.vectors, number, mapped.turned, room - more_bytes, is_served=is_served
        )
        about["sets"][number]["spelling"] = speller.described
        blocks += speller.blocks
        more_bytes += speller.likely_bytes
    return PageData(about, tuple(blocks), more_bytes)


def likely_bytes(sets: Sequence[ShownWords]) -> int:
    """How large the page of some sets will be, nearly."""
    numbers = sum(len(of.ids) * (of.vectors.embedding_dim + _NUMBERS_A_WORD) for of in sets)
    words = sum(len(word.encode(errors="replace")) + 4 for of in sets for word in of.words)
    return numbers * 4 // 3 + words


def _of_set(
    mapped: MappedSet, number: int, frame: "_Frame", *, with_rows: bool
) -> tuple[dict[str, Any], list[Block]]:
    """What the JSON says of a set, and its blocks."""
    shown, layout, words = mapped.shown, mapped.layout, mapped.shown.words
    counts = shown.vectors.counts[shown.ids]
    blocks = {
        "scales": whole(f"scales{number}", _scales(mapped)),
        "places": whole(f"places{number}", frame.placed(layout.places)),
        "clusters": whole(f"clusters{number}", layout.clusters),
    }
    if with_rows:
        blocks["rows"] = Block(f"rows{number}", lambda: _rows(mapped))
    if counts.any():
        blocks["counts"] = whole(f"counts{number}", np.minimum(counts, _MOST_COUNT).astype("<u4"))
    described: dict[str, Any] = {
        "name": mapped.name,
        "words": words,
        "dim": shown.vectors.embedding_dim,
        "length": len(words),
        "rows": None,
        **{name: block.name for name, block in blocks.items()},
        "clusterNames": [
            [words[place] for place in of_cluster if place >= 0]
            for of_cluster in layout.typical.tolist()
        ],
        "columns": [],
        "spelling": None,
    }
    of_columns = []
    for place, column in enumerate(mapped.columns):
        block = whole(f"column{number}_{place}", column.values)
        kind = {"categories": list(column.categories)} if column.kind == CATEGORIES else {}
        described["columns"].append(
            {"name": column.name, "kind": column.kind, "block": block.name, **kind}
        )
        of_columns.append(block)
    return described, [*blocks.values(), *of_columns]


def _rows(mapped: MappedSet) -> Iterator[NDArray[np.int8]]:
    for stretch in stretches(len(mapped.shown.ids)):
        yield quantized(mapped.rows(stretch))[0]


def _scales(mapped: MappedSet) -> NDArray[np.float32]:
    scales = [quantized(mapped.rows(stretch))[1] for stretch in stretches(len(mapped.shown.ids))]
    return np.concatenate(scales).astype("<f4")


class _Frame(NamedTuple):
    """The square that all places lie in, so that two maps have one scale."""

    middle: NDArray[np.float64]
    side: float

    @classmethod
    def of(cls, places: Sequence[NDArray[np.float32]]) -> "_Frame":
        low = np.min([some.min(axis=0) for some in places], axis=0).astype(np.float64)
        high = np.max([some.max(axis=0) for some in places], axis=0).astype(np.float64)
        side = float((high - low).max())
        return cls((low + high) / 2, side or 1.0)

    def placed(self, places: NDArray[np.float32]) -> NDArray[np.uint16]:
        """Whole numbers from 0 to 65,535."""
        shares = (places - self.middle) / self.side + 0.5
        whole: NDArray[np.uint16] = np.rint(shares.clip(0, 1) * _MOST_PLACE).astype("<u2")
        return whole
