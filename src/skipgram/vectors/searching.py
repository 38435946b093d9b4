"""An embedding that can be searched: which words may be answers, and the nearest of them."""

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.vectors.approximate import ApproximateIndex
from skipgram.vectors.asked import Known
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.given import whole_number
from skipgram.vectors.search import Nearest, RowSearch

_EPSILON = 0.001
"""Of 3CosMul, against division by zero."""


class Searching(Embedding):
    """An embedding with the search of its rows."""

    @cached_property
    def search(self) -> RowSearch:
        """The rows and their lengths, which are computed once: rows never change."""
        return RowSearch(self.shown_rows)

    def _nearest(
        self,
        queries: NDArray[np.float64],
        k: int,
        own: NDArray[np.int64],
        excluded: set[int],
        first_words: int | None,
        approximate: bool,
    ) -> Nearest:
        """Each query's answers, shape (queries, k or fewer); its own words are found and dropped.

        own: the ids of a query's own words, shape (queries, n), −1 for none; n is 1, or there is
        only one query. Where there are fewer answers, ids are −1 and similarities nan.
        """
        wanted = k + own.shape[1]
        if approximate:
            if first_words is not None:
                raise SettingsError("the index holds all words; omit first_words (--first-words)")
            wanted += len(excluded)
        wanted = min(wanted, max(1, len(self.vocabulary)))
        if approximate:
            found = self._indexed().nearest(queries, wanted)
        else:
            allowed = self._allowed(first_words, excluded)
            found = self.search.nearest(queries, wanted, allowed=allowed)
            if len(found.ids) == 1:  # a quarter of a query's time would go into arrays of one row
                return _without(found, own, k)
        ids = found.ids
        is_answer = ids >= 0
        is_answer &= ~np.isin(ids, own) if len(ids) == 1 else ids != own
        if approximate:  # the index also has the excluded words, and vectors of zeros
            is_answer &= ~np.isin(ids, list(excluded))
            may_be_zero = is_answer & (found.similarities == 0)
            is_answer[may_be_zero] = self.shown_rows[ids[may_be_zero]].any(axis=1)
        return _kept(found, is_answer, k)

    def _indexed(self) -> ApproximateIndex:
        if self.index is None:
            raise SettingsError(
                "there is no index for approximate search; build one: vectors.with_index(), or "
                "`skipgram index DIR`"
            )
        return self.index

    def _allowed(
        self, first_words: int | None, excluded: Collection[int]
    ) -> NDArray[np.bool_] | None:
        """Which words may be answers: shape (vocab_size,), or None for all."""
        if first_words is None and not excluded:
            return None
        if first_words is None:
            allowed = np.ones(len(self.vocabulary), bool)
        else:
            allowed = np.zeros(len(self.vocabulary), bool)
            first_words = whole_number("first_words", first_words, 1)
            allowed[self.vocabulary.by_count[:first_words]] = True
        allowed[list(excluded)] = False
        return allowed

    def _nearest_by_product(
        self,
        added: Sequence[Known],
        taken: Sequence[Known],
        k: int,
        allowed: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.int64], NDArray[np.floating]]:
        products = np.ones(len(self.vocabulary))
        for term in added:
            products *= (1 + self.search.similarities(term.unit).astype(np.float64)) / 2
        for term in taken:
            cosines = self.search.similarities(term.unit).astype(np.float64)
            products /= (1 + cosines) / 2 + _EPSILON
        products[self.search.inverse_lengths == 0] = -np.inf
        if allowed is not None:
            products[~allowed] = -np.inf
        order = np.argsort(-products, kind="stable")[:k]
        order = order[products[order] > -np.inf]
        return order, products[order]


def _without(found: Nearest, own: NDArray[np.int64], k: int) -> Nearest:
    """The first k answers to a single query that are none of its own words."""
    no_answers = {-1, *own[0].tolist()}
    ids = found.ids[0].tolist()
    kept = [place for place, number in enumerate(ids) if number not in no_answers][:k]
    return Nearest(found.ids[:, kept], found.similarities[:, kept])


def _kept(found: Nearest, is_answer: NDArray[np.bool_], k: int) -> Nearest:
    """The first k of each query's that are answers."""
    places = np.argsort(~is_answer, axis=1, kind="stable")[:, :k]
    is_answer = np.take_along_axis(is_answer, places, 1)
    ids = np.where(is_answer, np.take_along_axis(found.ids, places, 1), -1)
    similarities = np.take_along_axis(found.similarities, places, 1)
    return Nearest(ids, np.where(is_answer, similarities, np.float32(np.nan)))
