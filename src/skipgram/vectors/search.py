"""Exact nearest rows by cosine, for one query or for many, without a second copy of the rows.

Scores are the product of rows and queries, block by block, divided by the rows'
lengths. Of a block only those scores are kept that beat the query's k-th best
so far, which to begin with is that of a sample. With n rows, s of them in the
sample, that is about k n / s entries at most, so nearly all of the time goes
into the product. The sample is spread over all rows, since neighbours of rare
words are rare, and rare words often stand together.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.system.blas import product_on_one_thread
from skipgram.system.machine import usable_threads
from skipgram.system.threads import side_by_side
from skipgram.vectors.rows import CompactRows, Rows

_Allowed: TypeAlias = NDArray[np.bool_] | None
"""Which rows may be answers: shape (rows,), or None for all."""
_Answer: TypeAlias = tuple[NDArray[np.int64], NDArray[np.float32]]
"""The ids of a query's nearest rows, and their cosines."""

_ROUNDING = 1e-5
"""The largest of a float32 cosine, for vectors of some thousand numbers."""
_SAFE_LENGTHS = 1e-12, 1e12
"""Products with shorter or longer rows may leave the range of float32."""


class SearchSizes(NamedTuple):
    """How much is worked on at a time; the answers do not depend on it."""

    rows_at_once: int = 1 << 15
    """where rows must be converted first, to float32 or, for their lengths, to float64"""
    few_queries: int = 8
    """up to this many are faster one by one"""
    block_rows: int = 4096
    block_queries: int = 64
    """a block of scores is a megabyte, which fits into a core's second-level cache"""
    sampled_rows: int = 4096
    """their k-th best score is the first bound"""

    def step(self, rows: int) -> int:
        """The distance from one row of the sample to the next."""
        return max(1, rows // self.sampled_rows)


_SIZES = SearchSizes()


@dataclass(frozen=True, eq=False)
class Nearest:
    """The nearest rows of each query, nearest first.

    ids: shape (queries, k), −1 where there are fewer than k. similarities: of
    the same shape, cosines in −1..1, −inf where the id is −1.
    """

    ids: NDArray[np.int64]
    similarities: NDArray[np.float32]


class RowSearch:
    """Rows that can be searched, with the inverse of each row's length, computed once.

    rows: shape (rows, columns); they must not change. A row of zeros has no
    direction: its cosine with everything is 0, and it is never among the nearest.
    """

    def __init__(self, rows: Rows, sizes: SearchSizes = _SIZES) -> None:
        self.rows = rows
        self.sizes = sizes

    def require_finite(self) -> None:
        """Raise FormatError, as `inverse_lengths` does, before any number is computed from them."""
        _ = self.inverse_lengths

    @cached_property
    def inverse_lengths(self) -> NDArray[np.float32]:
        """1 / |row|, 0 for a row of zeros: shape (rows,).

        Folders are mapped unread, so a number that is nan or infinite is found here, a FormatError.
        """
        inverse = np.empty(len(self.rows), np.float64)
        for start in range(0, len(self.rows), self.sizes.rows_at_once):
            # In float64: the squares of very large or small numbers do not fit float32.
            block = self.rows[start : start + self.sizes.rows_at_once].astype(np.float64)
            lengths = np.sqrt(np.einsum("ij,ij->i", block, block))
            if not np.isfinite(lengths).all():
                row = start + int(np.argmin(np.isfinite(lengths)))
                raise FormatError(
                    f"row {row + 1:,} of {len(self.rows):,} holds a number that is nan or "
                    "infinite, so no neighbours can be found; fix the vectors, or remove the row"
                )
            np.divide(1, lengths, out=inverse[start : start + len(block)], where=lengths > 0)
            inverse[start : start + len(block)][lengths == 0] = 0
        return inverse.astype(np.float32)

    @cached_property
    def _has_direction(self) -> _Allowed:
        """Which rows are not zero: shape (rows,), or None if none is zero."""
        found = self.inverse_lengths > 0
        return None if found.all() else found

    @cached_property
    def _searched(self) -> tuple[Rows, NDArray[np.float32]]:
        """Rows and inverse lengths; unit rows if products could leave the range of float32."""
        used = self.inverse_lengths[self.inverse_lengths != 0]
        least, most = _SAFE_LENGTHS
        if not len(used) or (used.min() > 1 / most and used.max() < 1 / least):
            return self.rows, self.inverse_lengths
        unit = unit_rows(self.rows, self.sizes.rows_at_once)
        return unit, np.ones(len(self.rows), np.float32)

    def unit(self, ids: NDArray[np.integer] | list[int]) -> NDArray[np.float64]:
        """Some rows at length 1, in float64; a row of zeros stays one."""
        return unit_block(self.rows[ids])

    def similarities(self, query: NDArray[np.floating]) -> NDArray[np.float32]:
        """The cosine of each row with one query, which must not be zero: shape (rows,)."""
        rows, inverse = self._searched
        unit = (query / np.linalg.norm(query)).astype(np.float32)
        # In one product: BLAS's threads wait for each other at the end of each.
        if isinstance(rows, np.ndarray):
            with np.errstate(invalid="ignore"):  # BLAS may compute with what lies beside a row
                scores: NDArray[np.float32] = rows @ unit
        else:
            scores = _product(rows, unit, self.sizes.rows_at_once)
        scores *= inverse
        return scores

    def nearest(
        self,
        queries: NDArray[np.floating],
        k: int,
        *,
        allowed: _Allowed = None,
        threads: int | None = None,
    ) -> Nearest:
        """The k rows of largest cosine with each query; equal ones in the order of their ids.

        Parameters
        ----------
        queries
            shape (queries, columns), none of them zero.
        k
            With fewer rows the remaining ids are −1. A row of zeros is no answer.
        allowed
            shape (rows,): which rows may be answers; by default all.
        threads
            By default all that the process may use. Their number does not
            change the answers.

        """
        if self._has_direction is not None:
            allowed = self._has_direction if allowed is None else allowed & self._has_direction
        if len(queries) <= self.sizes.few_queries:
            step = self.sizes.step(len(self.rows))
            found = [
                _best(self._allowed(self.similarities(query), allowed), k, step)
                for query in queries
            ]
        else:
            found = self._of_many(queries, k, allowed, threads or usable_threads())
        ids = np.full((len(queries), k), -1, np.int64)
        similarities = np.full((len(queries), k), -np.inf, np.float32)
        for row, (places, scores) in enumerate(found):
            ids[row, : len(places)] = places
            similarities[row, : len(places)] = scores
        similarities.clip(max=1, out=similarities)
        np.maximum(similarities, -1, out=similarities, where=ids >= 0)
        return Nearest(ids, similarities)

    @staticmethod
    def _allowed(scores: NDArray[np.float32], allowed: _Allowed) -> NDArray[np.float32]:
        if allowed is not None:
            scores[~allowed] = -np.inf
        return scores

    def _of_many(
        self,
        queries: NDArray[np.floating],
        k: int,
        allowed: _Allowed,
        threads: int,
    ) -> list[_Answer]:
        lengths = np.linalg.norm(queries, axis=1, keepdims=True)
        unit = (queries / lengths).astype(np.float32)
        found: dict[int, list[_Answer]] = {}
        _ = self._searched  # computed once, before the threads start
        length = self.sizes.block_queries

        def search(start: int) -> None:
            found[start] = self._of_stretch(unit[start : start + length], k, allowed)

        starts = range(0, len(unit), length)
        side_by_side(search, starts, threads)
        return [answer for start in starts for answer in found[start]]

    def _of_stretch(self, unit: NDArray[np.float32], k: int, allowed: _Allowed) -> list[_Answer]:
        columns = np.ascontiguousarray(unit.T)
        best = _Best(len(unit), k)
        rows, length = len(self.rows), self.sizes.block_rows
        best.expect(self._scores(np.arange(0, rows, self.sizes.step(rows)), columns, allowed).T)
        for start in range(0, rows, length):
            stretch = slice(start, min(start + length, rows))
            best.add(start, self._scores(stretch, columns, allowed))
        return best.sorted()

    def _scores(
        self,
        places: slice | NDArray[np.intp],
        columns: NDArray[np.float32],
        allowed: _Allowed,
    ) -> NDArray[np.float32]:
        """Cosines with queries of length 1, −inf where not allowed: shape (places, queries)."""
        rows, inverse = self._searched
        block = rows[places]
        scores = np.empty((len(block), columns.shape[1]), np.float32)
        product_on_one_thread(block, columns, scores)
        scores *= inverse[places, None]
        if allowed is not None:
            scores[~allowed[places]] = -np.inf
        return scores


class _Best:
    """The k best rows of each query so far, and new ones not yet sorted in."""

    def __init__(self, queries: int, k: int) -> None:
        self._queries, self._k = queries, k
        self._bounds = np.full(queries, -np.inf, np.float32)
        self._kept = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
        self._new: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]] = []
        self._new_entries = 0

    def expect(self, scores: NDArray[np.float32]) -> None:
        """Take the k-th best of a sample, shape (queries, rows), as the first bound."""
        if scores.shape[1] >= self._k:
            kth = np.partition(scores, -self._k, axis=1)[:, -self._k]
            # The same product of these rows may be rounded differently when they come again.
            self._bounds = kth - np.float32(_ROUNDING)

    def add(self, start: int, scores: NDArray[np.float32]) -> None:
        """Take the scores of the rows from `start` on: shape (rows, queries)."""
        places = np.flatnonzero(scores > self._bounds)
        if not len(places):
            return
        rows, queries = np.divmod(places, self._queries)
        self._new.append((queries, rows + start, scores[rows, queries]))
        self._new_entries += len(places)
        if self._new_entries >= self._queries * self._k:
            self._settle()

    def _settle(self) -> None:
        """Keep the best k of each query; the k-th is the new bound."""
        parts = [self._kept, *self._new]
        queries, rows, scores = (np.concatenate(part) for part in zip(*parts, strict=True))
        order = np.lexsort((rows, -scores, queries))
        queries = queries[order]
        begins = np.searchsorted(queries, np.arange(self._queries))
        ranks = np.arange(len(order)) - begins[queries]
        kept = ranks < self._k
        order = order[kept]
        self._kept = (queries[kept], rows[order], scores[order])
        last = ranks[kept] == self._k - 1
        # What equals the k-th best from now on has a larger id, and stays out.
        self._bounds[queries[kept][last]] = scores[order][last]
        self._new, self._new_entries = [], 0

    def sorted(self) -> list[_Answer]:
        """The rows and scores of each query, best first."""
        self._settle()
        queries, rows, scores = self._kept
        borders = np.searchsorted(queries, np.arange(1, self._queries))
        return list(zip(np.split(rows, borders), np.split(scores, borders), strict=True))


def _product(
    rows: CompactRows, vector: NDArray[np.float32], rows_at_once: int
) -> NDArray[np.float32]:
    """Compact rows times a vector, converted block by block: shape (rows,)."""
    product = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), rows_at_once):
        stretch = slice(start, start + rows_at_once)
        np.matmul(rows[stretch], vector, out=product[stretch])
    return product


def unit_rows(rows: Rows, rows_at_once: int = _SIZES.rows_at_once) -> NDArray[np.float32]:
    """Rows scaled to length 1, in float32; a row of zeros stays one."""
    unit = np.empty(rows.shape, np.float32)
    for start in range(0, len(unit), rows_at_once):
        unit[start : start + rows_at_once] = unit_block(rows[start : start + rows_at_once])
    return unit


def unit_block(block: NDArray[np.floating]) -> NDArray[np.float64]:
    """Rows scaled to length 1, in float64; a row of zeros stays one."""
    wide = np.asarray(block, np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", wide, wide))
    lengths[lengths == 0] = 1
    unit: NDArray[np.float64] = wide / lengths[:, None]
    return unit


def unit_row(row: NDArray[np.floating]) -> NDArray[np.float64]:
    """`unit_block` of one row, in a fraction of the time."""
    wide = row.astype(np.float64)
    length = math.sqrt(wide @ wide)
    return wide / length if length else wide


def _best(scores: NDArray[np.float32], k: int, step: int) -> _Answer:
    """Places and values of the k largest scores above −inf, largest first; ties by place.

    The k-th largest of a sample, every `step`-th, is at most that of all: what is
    below it need not be sorted.
    """
    sample = scores[::step]
    bound = np.partition(sample, -k)[-k] if len(sample) >= k else np.float32(-np.inf)
    places = np.flatnonzero(scores >= bound if bound > -np.inf else scores > -np.inf)
    if len(places) > k:
        among = scores[places]
        places = places[among >= np.partition(among, -k)[-k]]
    found = scores[places]
    order = np.lexsort((places, -found))[:k]
    return places[order], found[order]
