"""Approximate neighbours: an index of faiss over unit rows, saved beside the vectors.

The index is a graph in which each word is linked to words near it (HNSW); a
query walks it and visits some hundred rows instead of all. DESIGN.md says why
this library, and how many neighbours are missed.

Source: Malkov & Yashunin 2018.
"""

import json
import os
import re
import secrets
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, SettingsError, SkipgramError
from skipgram.system.extras import extra_module
from skipgram.system.files import whole_file
from skipgram.system.machine import usable_threads
from skipgram.system.temporary import is_being_written, remove_leftovers, settled
from skipgram.untrusted.opening import read_json
from skipgram.vectors import graph_file
from skipgram.vectors.graph_file import SomeRows, UnsoundError
from skipgram.vectors.search import Nearest, RowSearch, unit_rows

ABOUT = "neighbors.json"
_INDEX = re.compile(r"neighbors(-[0-9a-f]{8})?\.faiss")
"""The index itself; a new one has a new name, and takes effect once the JSON names it."""
_UNFINISHED = re.compile(rf"\.({_INDEX.pattern}|{re.escape(ABOUT)})\.[0-9a-f]{{8}}\..*")
_OF_EARLIER_RELEASES = "neighbors.faiss"

_AGAIN = "build it again (skipgram index)"
_MOST_ABOUT = 1 << 20
_ROWS_AT_ONCE = 1 << 13
_MOST = {"connectivity": 1_024, "build_effort": 1_000_000, "search_effort": 1_000_000}


@dataclass(frozen=True, eq=False)
class ApproximateIndex:
    """A search index, opened at the first query; `rows` and `columns` are those of the vectors."""

    rows: int
    columns: int
    opened: Callable[[], Any]

    @cached_property
    def graph(self) -> Any:
        """The index as faiss has it."""
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
            Links of a row on each level; more of them find more neighbours and
            take more memory.
        build_effort, search_effort
            Candidates kept while a row is linked, and while a query is answered
            (at least 1.5 times as many as the answers): more of them find more
            neighbours, and take longer.
        threads
            By default all that the process may use. With more than one, two
            builds may differ slightly.
        observe
            Called now and then with how many rows are linked, and of how many.

        """
        for name, value in {
            "connectivity": connectivity,
            "build_effort": build_effort,
            "search_effort": search_effort,
        }.items():
            if value < 2:
                raise SettingsError(f"{name} must be at least 2, not {value}")
            if value > _MOST[name]:
                raise SettingsError(f"{name} must be at most {_MOST[name]:,}, not {value:,}")
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
        except MemoryError:
            raise SkipgramError(
                f"there is not enough memory for an index of {rows:,} words with "
                f"{connectivity:,} links each; lower connectivity (--connectivity)"
            ) from None
        finally:
            faiss.omp_set_num_threads(before)
        return cls(rows, columns, lambda: graph)

    def nearest(self, queries: NDArray[np.floating], k: int) -> Nearest:
        """As `RowSearch.nearest`, but now and then a nearer row is missed."""
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
        clear_leftovers(folder)
        with (
            settled(folder / ABOUT, partial(clear_leftovers, folder)),
            whole_file(folder / ABOUT, overwrite=True) as about,
        ):
            name = f"neighbors-{secrets.token_hex(4)}.faiss"
            with whole_file(folder / name) as file:

                def write(piece: bytes) -> int:
                    nonlocal checksum
                    checksum = zlib.crc32(piece, checksum)
                    return file.write(piece)

                # Not faiss's BufferedIOWriter, which ignores errors in its last write.
                faiss.write_index(self.graph, faiss.PyCallbackIOWriter(write))
            if graph_file.checksum_of(folder / name) != checksum:
                raise SkipgramError(
                    f"{folder / name} is not what was written to it; is the disk damaged?"
                )
            description = {
                "library": f"faiss {faiss.__version__}",
                "file": name,
                "words": self.rows,
                "embedding_dim": self.columns,
                "crc32": checksum,
            }
            about.write((json.dumps(description, indent=2) + "\n").encode())

    @classmethod
    def of_folder(
        cls, folder: Path, shape: tuple[int, int], rows: SomeRows
    ) -> "ApproximateIndex | None":
        """The index in a folder of vectors, if there is one; checked at the first query.

        shape: of the rows that are shown. rows: gives some of them, for comparison.
        """
        if not os.path.lexists(folder / ABOUT):
            return None
        return cls(*shape, lambda: _load(folder, shape, rows))


def is_of_index(name: str) -> bool:
    """Whether a file in a folder of vectors is part of their index."""
    return name == ABOUT or _INDEX.fullmatch(name) is not None


def clear_leftovers(folder: Path) -> None:
    """Remove unfinished indexes of killed processes, and an index that was replaced."""
    with suppress(OSError):
        there = list(folder.iterdir())
        unfinished = {found[1] for file in there if (found := _UNFINISHED.fullmatch(file.name))}
        for name in unfinished:
            remove_leftovers(folder / name)
        # A new index is not yet named while its writer, which holds the JSON, is at work.
        if is_being_written(folder / ABOUT):
            return
        try:
            named = _about(folder).file
        except FormatError:
            named = None
        for file in there:
            if _INDEX.fullmatch(file.name) and file != named:
                file.unlink(missing_ok=True)


class _Named(NamedTuple):
    """The index that the JSON names."""

    file: Path
    checksum: int
    shape: tuple[int, int]
    """of its rows"""


def _about(folder: Path) -> _Named:
    about = read_json(folder / ABOUT, "a description of an index", most_bytes=_MOST_ABOUT)
    match about:
        case {"crc32": int(checksum), "words": int(words), "embedding_dim": int(dim)}:
            name = about.get("file", _OF_EARLIER_RELEASES)
            if isinstance(name, str) and _INDEX.fullmatch(name):
                return _Named(folder / name, checksum, (words, dim))
    raise FormatError(f"{folder / ABOUT} does not describe an index; {_AGAIN}")


def _load(folder: Path, shape: tuple[int, int], rows: SomeRows) -> Any:
    """The index of a folder, checked: as it was written, and of these vectors."""
    named = _about(folder)
    if not named.file.exists():  # another process may have replaced it in between
        named = _about(folder)
    if named.shape != shape:
        raise _refused(named.file, "of other vectors")
    if named.checksum != graph_file.checksum_of(named.file):
        raise _refused(named.file, "damaged: not what was written")
    try:
        graph_file.require_sound(named.file, shape, rows)
    except UnsoundError as error:
        raise _refused(named.file, str(error)) from None
    faiss = _faiss()
    try:
        graph = faiss.read_index(str(named.file))
        graph.hnsw.efSearch = max(2, min(graph.hnsw.efSearch, graph.ntotal))
    except Exception as error:  # from C++, of several types
        raise _refused(named.file, f"not a faiss index ({str(error)[-80:]})") from None
    return graph


def _refused(file: Path, why: str) -> FormatError:
    return FormatError(f"{file} is {why}; {_AGAIN}")


def _faiss() -> Any:
    return extra_module("faiss", "skipgram[ann]", "approximate search needs faiss")
