"""A map as a table for embedding-atlas.

    word       string                   by falling frequency
    count      int64                    where counts are known
    x, y       float32                  the word's place
    cluster    string                   the most typical words of its cluster
    neighbors  {ids: list of int64, distances: list of float32}
                                        rows of this table, and 1 − cosine

and the columns of the user's own table.

Source: https://apple.github.io/embedding-atlas/tool.html
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.explorer.columns import CATEGORIES, NO_CATEGORY, Column
from skipgram.explorer.data import NEIGHBORS, MappedSet
from skipgram.explorer.layout import ShownWords
from skipgram.explorer.progress import LayoutProgress, Observer
from skipgram.system.extras import data_module
from skipgram.system.files import whole_file

SUFFIX = ".parquet"
_NEEDED = "Parquet files need pyarrow"
_ROWS_AT_ONCE = 1 << 12
_OURS = ("word", "count", "x", "y", "cluster", "neighbors")


def command_for(file: Path) -> str:
    """What shows such a table, for whoever has embedding-atlas."""
    return f"embedding-atlas --text word --x x --y y --neighbors neighbors {file}"


def write_atlas(
    file: Path, mapped: MappedSet, *, overwrite: bool = False, observe: Observer
) -> None:
    """Write the table, whole or not at all."""
    parquet = data_module("pyarrow.parquet", _NEEDED)
    batches = _batches(mapped, observe)
    first = next(batches)
    with (
        whole_file(file, overwrite=overwrite) as opened,
        parquet.ParquetWriter(opened, first.schema, compression="zstd") as writer,
    ):
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _batches(mapped: MappedSet, observe: Observer) -> Iterator[Any]:
    pyarrow = data_module("pyarrow", _NEEDED)
    shown, layout = mapped.shown, mapped.layout
    counts = shown.vectors.counts[shown.ids]
    names = _names_of_clusters(mapped)
    for start in range(0, len(shown.ids), _ROWS_AT_ONCE):
        stretch = slice(start, min(start + _ROWS_AT_ONCE, len(shown.ids)))
        columns = {"word": pyarrow.array(shown.words[stretch], pyarrow.string())}
        if counts.any():
            columns["count"] = pyarrow.array(counts[stretch])
        columns["x"], columns["y"] = (
            pyarrow.array(np.ascontiguousarray(layout.places[stretch, axis])) for axis in (0, 1)
        )
        numbers = layout.clusters[stretch].tolist()
        columns["cluster"] = pyarrow.array([names.get(number) for number in numbers])
        columns["neighbors"] = _neighbors(pyarrow, shown, stretch)
        for column in mapped.columns:
            columns[_free_name(column.name)] = _values(pyarrow, column, stretch)
        yield pyarrow.record_batch(columns)
        observe(LayoutProgress("finding neighbours", stretch.stop, len(shown.ids)))


def _neighbors(pyarrow: Any, shown: ShownWords, stretch: slice) -> Any:
    """The nearest words of each, by their rows in the table."""
    directed = np.flatnonzero(shown.has_direction[stretch])
    ids: list[list[int]] = [[] for _ in range(stretch.stop - stretch.start)]
    distances: list[list[float]] = [[] for _ in ids]
    if len(directed):
        found = shown.search.nearest(
            shown.unit(stretch.start + directed),
            min(NEIGHBORS + 1, len(shown.vectors)),
            allowed=shown.allowed,
        )
        places = _places_by_id(shown)[found.ids]
        for row, near, cosines in zip(directed, places, found.similarities, strict=True):
            kept = (near != stretch.start + row) & (near >= 0)
            ids[row] = near[kept][:NEIGHBORS].tolist()
            distances[row] = (1 - cosines[kept][:NEIGHBORS]).tolist()
    lists = {"ids": pyarrow.list_(pyarrow.int64()), "distances": pyarrow.list_(pyarrow.float32())}
    return pyarrow.StructArray.from_arrays(
        [pyarrow.array(ids, lists["ids"]), pyarrow.array(distances, lists["distances"])],
        names=list(lists),
    )


def _places_by_id(shown: ShownWords) -> NDArray[np.int64]:
    """The row of each word by its id; −1 for what is not shown, and for an id of −1."""
    places = np.full(len(shown.vectors) + 1, -1, np.int64)
    places[shown.ids] = np.arange(len(shown.ids))
    return places


def _names_of_clusters(mapped: MappedSet) -> dict[int, str]:
    words = mapped.shown.words
    return {
        number: ", ".join(words[place] for place in typical if place >= 0)
        for number, typical in enumerate(mapped.layout.typical.tolist())
    }


def _values(pyarrow: Any, column: Column, stretch: slice) -> Any:
    values = column.values[stretch]
    if column.kind != CATEGORIES:
        return pyarrow.array(values, from_pandas=True)
    texts = [
        None if number == NO_CATEGORY else column.categories[number] for number in values.tolist()
    ]
    return pyarrow.array(texts, pyarrow.string())


def _free_name(name: str) -> str:
    """A column's name, changed if it is one of ours."""
    return f"{name} (yours)" if name in _OURS else name
