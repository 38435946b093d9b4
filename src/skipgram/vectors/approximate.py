"""Approximate neighbours: an index of faiss over unit rows, saved beside the vectors.

The index is a graph in which each word is linked to words near it (HNSW); a
query walks it and sees some hundred rows instead of all. DESIGN.md tells how
the library was chosen and what is missed.

Source: Malkov & Yashunin 2018.
"""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, MissingExtraError, SettingsError
from skipgram.files import whole_file
from skipgram.machine import usable_threads
from skipgram.vectors.rows import Rows
from skipgram.vectors.search import Nearest, RowSearch, unit_rows

INDEX, ABOUT = INDEX_FILES = "neighbors.faiss", "neighbors.json"

_AGAIN = "build it again (skipgram index)"
_COMPARED = 256
_MOST_ABOUT = 1 << 16
_READ_BYTES = 1 << 24
_ROWS_AT_ONCE = 1 << 13


@dataclass(frozen=True, eq=False)
class ApproximateIndex:
    """An index of so many rows and columns, opened when it is first asked."""

    rows: int
    columns: int
    opened: Callable[[], Any]

    @cached_property
    def graph(self) -> Any:
        """Faiss's own."""
        return self.opened()

    @classmethod
    def build(
        cls,
        search: RowSearch,
        *,
        connectivity: int = 32,
        build_effort: int = 128,
        search_effort: int = 20,
        threads: int | None = None,
        observe: Callable[[int, int], None] | None = None,
    ) -> "ApproximateIndex":
        """An index of all rows.

        Parameters
        ----------
        search
            Of the rows.
        connectivity
            Links of a row on each level; more find more and take more memory.
        build_effort, search_effort
            Candidates that are kept while a row is linked, and while a query is
            answered, but at least half as many again as are asked for: more
            find more, and take longer.
        threads
            All that the process may use, if not given. With more than one, two
            builds may differ a little.
        observe
            Called now and then with how many rows are linked, of how many.

        """
        for name, value in {
            "connectivity": connectivity,
            "build_effort": build_effort,
            "search_effort": search_effort,
        }.items():
            if value < 2:
                raise SettingsError(f"{name} must be at least 2, not {value}")
        search.require_finite()
        faiss = _faiss()
        rows, columns = search.rows.shape
        graph = faiss.IndexHNSWFlat(columns, connectivity, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = build_effort
        graph.hnsw.efSearch = search_effort
        before = faiss.omp_get_max_threads()
        faiss.omp_set_num_threads(threads or usable_threads())
        try:
            for start in range(0, rows, _ROWS_AT_ONCE):
                graph.add(unit_rows(search.rows[start : start + _ROWS_AT_ONCE]))
                if observe is not None:
                    observe(min(start + _ROWS_AT_ONCE, rows), rows)
        finally:
            faiss.omp_set_num_threads(before)
        return cls(rows, columns, lambda: graph)

    def nearest(self, queries: NDArray[np.floating], k: int) -> Nearest:
        """As `RowSearch.nearest`, but some of the answers may be farther ones."""
        lengths = np.sqrt(np.einsum("ij,ij->i", queries, queries))
        parameters = None
        if self.graph.hnsw.efSearch < 3 * k // 2:
            parameters = _faiss().SearchParametersHNSW(efSearch=3 * k // 2)
        unit = (queries / lengths[:, None]).astype(np.float32)
        similarities, ids = self.graph.search(unit, k, params=parameters)
        similarities[ids < 0] = -np.inf
        return Nearest(ids, similarities.clip(max=1))

    def save(self, folder: Path) -> None:
        """Write the index into a folder of vectors, in place of one that is there."""
        faiss = _faiss()
        checksum = 0
        # Both are complete before one of them takes its name.
        with (
            whole_file(folder / ABOUT, overwrite=True) as about,
            whole_file(folder / INDEX, overwrite=True) as file,
        ):

            def write(piece: bytes) -> int:
                nonlocal checksum
                checksum = zlib.crc32(piece, checksum)
                return file.write(piece)

            # Not through faiss's BufferedIOWriter, which loses the errors of its last write.
            faiss.write_index(self.graph, faiss.PyCallbackIOWriter(write))
            told = {
                "library": f"faiss {faiss.__version__}",
                "words": self.rows,
                "embedding_dim": self.columns,
                "crc32": checksum,
            }
            about.write((json.dumps(told, indent=2) + "\n").encode())
            about.flush()

    @classmethod
    def of_folder(
        cls, folder: Path, shape: tuple[int, int], rows: Callable[[], Rows]
    ) -> "ApproximateIndex | None":
        """The index that lies in a folder of vectors, if one does.

        Parameters
        ----------
        folder
            Of vectors in the native format.
        shape
            Of their rows.
        rows
            Gives those that are shown, once the index is asked.

        """
        if not (folder / ABOUT).is_file():
            return None
        return cls(*shape, lambda: _load(folder, shape, rows()))


def _load(folder: Path, shape: tuple[int, int], rows: Rows) -> Any:
    """The index of a folder, once it is known to be what was written, and of these vectors."""
    _require_whole(folder, shape)
    faiss = _faiss()
    try:
        graph = faiss.read_index(str(folder / INDEX))
    except Exception as error:  # of C++, and of several kinds
        raise _refused(folder, f"not an index of faiss ({str(error)[-80:]})") from None
    is_ours = (
        isinstance(graph, faiss.IndexHNSWFlat)
        and graph.metric_type == faiss.METRIC_INNER_PRODUCT
        and (graph.ntotal, graph.d) == shape
    )
    if not is_ours:
        raise _refused(folder, f"not an index of {shape[0]:,} words by cosine")
    if not _holds(graph, rows):
        raise _refused(folder, "of other vectors")
    graph.hnsw.efSearch = min(graph.hnsw.efSearch, max(2, graph.ntotal))
    return graph


def _require_whole(folder: Path, shape: tuple[int, int]) -> None:
    try:
        with (folder / ABOUT).open(encoding="utf-8") as file:
            about = json.loads(file.read(_MOST_ABOUT))
        fits = (about["words"], about["embedding_dim"]) == shape
        is_whole = (folder / INDEX).is_file() and about["crc32"] == _checksum(folder / INDEX)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FormatError(
            f"{folder / ABOUT} does not describe an index ({error}); {_AGAIN}"
        ) from None
    if not fits:
        raise _refused(folder, "of other vectors")
    if not is_whole:
        raise _refused(folder, "damaged: not what was written")


def _holds(graph: Any, rows: Rows) -> bool:
    """Whether rows from all over the index are those of the vectors: a new training moves all."""
    sample = np.unique(np.linspace(0, len(rows) - 1, _COMPARED).astype(np.int64))
    kept = np.stack([graph.reconstruct(number) for number in sample.tolist()])
    return np.allclose(kept, unit_rows(rows[sample]), atol=1e-5)


def _refused(folder: Path, why: str) -> FormatError:
    return FormatError(f"{folder / INDEX} is {why}; {_AGAIN}")


def _checksum(file: Path) -> int:
    checksum = 0
    with file.open("rb") as opened:
        while piece := opened.read(_READ_BYTES):
            checksum = zlib.crc32(piece, checksum)
    return checksum


def _faiss() -> Any:
    try:
        import faiss
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "approximate search needs faiss; "
            f"the module {error.name} is not installed: pip install 'skipgram[ann]'"
        ) from error
    return faiss
