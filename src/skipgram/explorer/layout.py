"""The map of a set of vectors: a place and a cluster for each word that is shown.

The most frequent words are laid out by their neighbours; any other is put at the mean of
its nearest ones among them, and belongs to the cluster of the nearest. A second set
starts from the places of the words that it shares with the first, so that a word which
lies elsewhere on its map has other neighbours there.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SkipgramError
from skipgram.explorer.clusters import NO_CLUSTER, clusters_of
from skipgram.explorer.places import STEPS, Steps, neighbor_places, places_beside
from skipgram.explorer.progress import LayoutNote, LayoutProgress, Observer, unobserved
from skipgram.explorer.quick_search import QuickSearch
from skipgram.system.machine import available_memory_bytes
from skipgram.vectors.search import Nearest, RowSearch, SearchSizes
from skipgram.vectors.word_vectors import WordVectors

FEWEST_WORDS = 3
"""With only two words, any two would be neighbours."""

_FEWEST_COMMON = 10
"""Places of fewer shared words say nothing about those of the others."""
_FEW_QUESTIONS = 32
"""More are answered sooner by one large product."""
_QUICK_FROM_NUMBERS = 1 << 21
"""Fewer are read in a millisecond, for which nothing need be compiled."""
_CHANGES_THE_MAP = 1
"""Raised when the same vectors and settings get another map, so that none that is kept is used."""


class LayoutSettings(NamedTuple):
    """What the map depends on beside the vectors."""

    laid_out: int = 50_000
    """how many of the most frequent words are laid out by their neighbours"""
    steps: Steps = STEPS
    version: int = _CHANGES_THE_MAP


SETTINGS = LayoutSettings()


@dataclass(frozen=True, eq=False)
class ShownWords:
    """The words of a set that are shown: the most frequent ones."""

    vectors: WordVectors
    first_words: int | None = None
    """so many of them; None for all"""

    @cached_property
    def search(self) -> RowSearch:
        """All rows of the set; two questions that wait are already searched for together.

        Of 400,000 rows that takes half the time, and of eight questions a fifth.
        """
        return RowSearch(self.vectors.shown_rows, SearchSizes(few_queries=1))

    @cached_property
    def quick(self) -> QuickSearch | None:
        """The rows that are shown, for few questions at a time; None where they are few too.

        Also where their copy would take more than half of the memory that is left.
        """
        numbers, room = len(self.ids) * self.vectors.embedding_dim, available_memory_bytes()
        if numbers < _QUICK_FROM_NUMBERS or (room is not None and numbers > room // 2):
            return None
        return QuickSearch(self.vectors.shown_rows, np.sort(self.ids[self.has_direction]))

    def nearest(self, queries: NDArray[np.floating], k: int) -> Nearest:
        """As `RowSearch.nearest`, among the words that are shown."""
        if self.quick is not None and len(queries) <= _FEW_QUESTIONS:
            return self.quick.nearest(queries, k)
        return self.search.nearest(queries, k, allowed=self.allowed)

    @cached_property
    def ids(self) -> NDArray[np.int64]:
        """By falling frequency: shape (shown,)."""
        return self.vectors.vocabulary.by_count[: self.first_words]

    @cached_property
    def words(self) -> list[str]:
        """Their words, in that order."""
        words = self.vectors.words
        return [words[number] for number in self.ids.tolist()]

    @cached_property
    def allowed(self) -> NDArray[np.bool_] | None:
        """By id, whether each word is shown: shape (vocab_size,); None if all are."""
        if len(self.ids) == len(self.vectors):
            return None
        allowed = np.zeros(len(self.vectors), bool)
        allowed[self.ids] = True
        return allowed

    @cached_property
    def has_direction(self) -> NDArray[np.bool_]:
        """Which are not zero: shape (shown,)."""
        has_direction: NDArray[np.bool_] = self.search.inverse_lengths[self.ids] > 0
        return has_direction

    def unit(self, places: slice | NDArray[np.integer]) -> NDArray[np.float32]:
        """Some rows at length 1, in float32; a row of zeros stays one."""
        return self.search.unit(self.ids[places]).astype(np.float32)

    def places_of(self, words: list[str]) -> NDArray[np.int64]:
        """Where some words stand in this order, −1 for those that are not shown: shape (words,)."""
        places = np.full(len(self.vectors) + 1, -1, np.int64)  # the last is that of id −1
        places[self.ids] = np.arange(len(self.ids))
        return places[self.vectors.vocabulary.ids_of_text(words)]

    def require_some(self, name: str) -> None:
        """Raise SkipgramError if too few words have a direction."""
        directed = int(self.has_direction.sum())
        if directed < FEWEST_WORDS:
            zeros = len(self.ids) - directed
            told = f", {zeros:,} of them with a vector of zeros" if zeros else ""
            raise SkipgramError(
                f"a map needs {FEWEST_WORDS} words or more; {name} has {len(self.ids):,}{told}"
            )


@dataclass(frozen=True, eq=False)
class Layout:
    """What the map says of each word, in the order of the words that are shown.

    places: shape (words, 2), float32. clusters: shape (words,), uint8, 255 for a word whose
    vector is zero. typical: shape (clusters, 3), int32: which words name a cluster, −1
    where there are fewer.
    """

    places: NDArray[np.float32]
    clusters: NDArray[np.uint8]
    typical: NDArray[np.int32]


class FirstMap(NamedTuple):
    """The map that a second one starts from."""

    shown: ShownWords
    layout: Layout


def lay_out(
    shown: ShownWords,
    beside: FirstMap | None = None,
    *,
    settings: LayoutSettings = SETTINGS,
    threads: int | None = None,
    observe: Observer = unobserved,
) -> Layout:
    """The map of the words that are shown, the same on each run.

    Parameters
    ----------
    shown
        At least three words with a direction.
    beside
        The map that this one is compared with.
    settings
        How many words are laid out, and how.
    threads
        By default all that the process may use. Their number changes nothing.
    observe
        Told how far it has come.

    """
    directed = np.flatnonzero(shown.has_direction)
    laid, others = directed[: settings.laid_out], directed[settings.laid_out :]
    rows = shown.unit(laid)
    start, alike = (None, None) if beside is None else _start(shown, laid, rows, beside, observe)
    places = np.zeros((len(shown.ids), 2), np.float32)
    places[laid] = neighbor_places(
        rows, start, steps=settings.steps, threads=threads, observe=observe
    )
    observe(LayoutProgress("grouping words", 0, 1, "steps"))
    clusters = clusters_of(rows, alike)
    observe(LayoutProgress("grouping words", 1, 1, "steps"))
    numbers = np.full(len(shown.ids), NO_CLUSTER, np.uint8)
    numbers[laid] = clusters.numbers
    if len(others):
        found = places_beside(
            lambda stretch: shown.unit(others[stretch]),
            len(others),
            rows,
            places[laid],
            mean_of=settings.steps.mean_of,
            observe=observe,
        )
        places[others] = found.places
        numbers[others] = clusters.numbers[found.nearest]
    zeros = ~shown.has_direction
    if zeros.any():
        places[zeros] = places[directed].min(axis=0)
        observe(
            LayoutNote(
                f"words whose vector is zero, which have no neighbours: {zeros.sum():,}; they "
                "lie in the map's corner"
            )
        )
    typical = np.where(clusters.typical >= 0, laid[clusters.typical], -1).astype(np.int32)
    return Layout(places, numbers, typical)


def _start(
    shown: ShownWords,
    laid: NDArray[np.int64],
    rows: NDArray[np.float32],
    beside: FirstMap,
    observe: Observer,
) -> tuple[NDArray[np.float64] | None, NDArray[np.int64] | None]:
    """Where the words of a second map begin, and the clusters that the first gave them.

    A word that only this set has begins at the mean of its nearest shared words.
    """
    there = beside.shown.places_of([shown.words[place] for place in laid.tolist()])
    is_common = (there >= 0) & beside.shown.has_direction[there]
    if is_common.sum() < _FEWEST_COMMON:
        observe(
            LayoutNote(
                f"the two sets share {is_common.sum():,} words, too few to make their maps alike"
            )
        )
        return None, None
    start = np.empty((len(laid), 2))
    start[is_common] = beside.layout.places[there[is_common]]
    alone = np.flatnonzero(~is_common)
    if len(alone):
        start[alone] = places_beside(
            lambda stretch: rows[alone[stretch]],
            len(alone),
            rows[is_common],
            start[is_common],
            observe=unobserved,
        ).places
    alike = np.where(is_common, beside.layout.clusters[there], -1).astype(np.int64)
    return start, alike
