"""Queries to vectors: neighbours, analogies and cosines, over all words or some of them."""

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, UnknownWordError
from skipgram.settings.given_words import Word, is_word
from skipgram.vectors.approximate import ApproximateIndex
from skipgram.vectors.asked import (
    Known,
    OnUnknown,
    answerable,
    answerable_places,
    enumeration,
    known_terms,
    sum_of_units,
)
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.given import Term, Terms, Words, terms_of, whole_number, word_of, words_of
from skipgram.vectors.neighbors import Neighbor, Neighbors
from skipgram.vectors.search import RowSearch, unit_row, unit_rows

Combine = Literal["add", "multiply"]

_EPSILON = 0.001
"""Of 3CosMul, against division by zero."""
_QUERIES_AT_ONCE, _ANSWERS_AT_ONCE = 8192, 1 << 22
"""So memory stays at some tens of MB for any k."""


class Queries(Embedding):
    """An embedding with the queries."""

    def __getitem__(self, words: Words) -> NDArray[np.float32]:
        """The vector of a word, shape (embedding_dim,); of several words, a row for each.

        An unknown word has a vector too if it `can_spell` the word.

        Raises
        ------
        UnknownWordError
            If words have no vector: it names them, or for one suggests similar spellings.

        """
        if is_word(words):
            return self.vector(words)
        several = words_of(words)
        ids = self.vocabulary.ids_of(several)
        unknown = [several[place] for place in np.flatnonzero(ids < 0).tolist()]
        if self.speller is None and len(set(unknown)) > 1:
            raise UnknownWordError(
                f"{len(unknown):,} of {len(several):,} words are not in the vocabulary: "
                f"{enumeration([repr(word) for word in unknown])}"
            )
        if unknown:
            return np.stack([self.vector(word) for word in several])
        rows: NDArray[np.float32] = self.shown_rows[ids]
        return rows

    @cached_property
    def search(self) -> RowSearch:
        """The rows and their lengths, which are computed once: rows never change."""
        return RowSearch(self.shown_rows)

    @cached_property
    def unit(self) -> NDArray[np.float32]:
        """A copy of `matrix` with rows of length 1; a row of zeros stays one."""
        unit = unit_rows(self.shown_rows)
        unit.flags.writeable = False
        return unit

    # Neighbours

    def most_similar(
        self,
        positive: Terms = (),
        negative: Terms = (),
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Words = (),
        combine: Combine = "add",
        approximate: bool = False,
        unknown: OnUnknown = "error",
    ) -> Neighbors:
        """The k words nearest to the sum of unit vectors, `negative` ones subtracted.

        The words of the query are not among the answers. A word given twice
        counts twice; one both added and subtracted cancels out. If fewer than k
        words are left, all of them are returned. 3CosAdd and 3CosMul are
        the names of Levy & Goldberg 2014, equations 3 and 4.

        Parameters
        ----------
        positive, negative
            Words, or vectors: arrays of floats, of shape (embedding_dim,).
        k
            How many.
        first_words
            Only this many words, the most frequent ones, can be answers.
        exclude
            More words that cannot be answers.
        combine
            `add`: cosine with the sum (3CosAdd). `multiply`: Π (1 + cos) / 2
            over the positive ones, divided by Π ((1 + cos) / 2 + 0.001) over
            the negative ones (3CosMul).
        approximate
            Ask the index: much faster, but it occasionally misses a neighbour.
        unknown
            With `skip`, query words that are not in the vocabulary, or whose
            vector is zero, are left out; a UserWarning names and counts them.

        Raises
        ------
        UnknownWordError
            If words are not in the vocabulary: it names them, or for one suggests spellings.
        SettingsError
            If k is below 1, no query word is given or left, or there is no index.
        SkipgramError
            If a vector is zero, or the query's vectors cancel out.

        """
        k = whole_number("k", k, 1)
        added, taken = (known_terms(self, given, unknown) for given in (positive, negative))
        if not added and not taken:
            raise SettingsError("no words to find neighbours of")
        own = {term.id for term in (*added, *taken)} - {-1}
        spelled = tuple(word for term in (*added, *taken) for word in term.spelled)
        excluded = self._known_ids(exclude)
        if combine == "multiply":
            if approximate:
                raise SettingsError("3CosMul compares all words; omit approximate")
            allowed = self._allowed(first_words, own | excluded)
            found = [self._nearest_by_product(added, taken, k, allowed)]
        elif combine == "add":
            query = sum_of_units(added, taken)
            found = self._nearest(query[None], k, [own], excluded, first_words, approximate)
        else:
            raise SettingsError(f"combine {combine!r} is not one of: add, multiply")
        return self._named(found, [spelled])[0]

    def most_similar_each(
        self,
        queries: Terms,
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Words = (),
        approximate: bool = False,
        unknown: OnUnknown = "error",
    ) -> list[Neighbors]:
        """`most_similar` for each of many words or vectors: far faster than one call for each.

        A word is not among its own neighbours. See `most_similar` for the rest.
        With `unknown="skip"` an unknown word, or one whose vector is zero, gets an
        empty list, so that answers and queries stay aligned.
        """
        k = whole_number("k", k, 1)
        terms = terms_of(queries)
        excluded = self._known_ids(exclude)
        asked = answerable_places(self, terms, unknown)
        answers = [Neighbors() for _ in terms]
        answers_each = min(k, len(self.vocabulary)) + len(excluded) + 1
        step = max(1, min(_QUERIES_AT_ONCE, _ANSWERS_AT_ONCE // answers_each))
        for start in range(0, len(asked), step):
            places = asked[start : start + step]
            found = answerable(self, [terms[place] for place in places], "error")
            own = [{number} - {-1} for number in found.ids.tolist()]
            nearest = self._nearest(found.units, k, own, excluded, first_words, approximate)
            spelled = map(found.spelled_at, range(len(places)))
            for place, answer in zip(places, self._named(nearest, spelled), strict=True):
                answers[place] = answer
        return answers

    def analogy(
        self, a: Term, b: Term, c: Term, k: int = 1, *, combine: Combine = "add", **options: Any
    ) -> Neighbors:
        """The k words nearest to b − a + c: "a is to b as c is to ..." (3CosAdd, or 3CosMul).

        Source: Mikolov, Yih & Zweig 2013.
        """
        if options.get("unknown", "error") != "error":
            raise SettingsError("an analogy needs all of its words: none can be skipped")
        return self.most_similar([b, c], [a], k, combine=combine, **options)

    # Cosines

    def similarity(self, one: Terms, other: Terms, *, unknown: OnUnknown = "error") -> float:
        """The cosine of two words' vectors, in −1..1; of several words, of their centroids."""
        one_sum, other_sum = self._sum_of(one, unknown), self._sum_of(other, unknown)
        return float(np.clip(unit_row(one_sum) @ unit_row(other_sum), -1, 1))

    def distance(self, one: Terms, other: Terms, *, unknown: OnUnknown = "error") -> float:
        """1 − similarity, in 0..2."""
        return 1 - self.similarity(one, other, unknown=unknown)

    def similarities(
        self, term: Terms, others: Terms | None = None, *, unknown: OnUnknown = "error"
    ) -> NDArray[np.float32]:
        """The cosine with each of the other words or vectors, or with all words by id.

        With `unknown="skip"` it is nan for those of the others that are not in the
        vocabulary or whose vector is zero. Where all words are compared, a vector
        of zeros has 0.
        """
        query = self._sum_of(term, unknown)
        if others is None:
            return self.search.similarities(query).clip(-1, 1)
        rows = answerable(self, others, unknown).units
        cosines: NDArray[np.float32] = (rows @ unit_row(query)).astype(np.float32)
        return cosines.clip(-1, 1)

    def distances(
        self, term: Terms, others: Terms | None = None, *, unknown: OnUnknown = "error"
    ) -> NDArray[np.float32]:
        """1 − similarity with each of the other words or vectors, or with all words by id."""
        return 1 - self.similarities(term, others, unknown=unknown)

    def centroid(
        self,
        words: Terms,
        weights: Sequence[float] | NDArray[np.floating] | None = None,
        *,
        unknown: OnUnknown = "error",
    ) -> NDArray[np.float32]:
        """The mean of the words' unit vectors, weighted: shape (embedding_dim,).

        Skipped words are left out, and so are their weights.
        """
        found = answerable(self, words, unknown)
        if not found.is_known.any():
            raise SettingsError("no words to take a centroid of")
        if weights is not None:
            weights = _checked_weights(weights, len(found.ids))[found.is_known]
            if not 0 < abs(weights.sum()) < math.inf:
                raise SettingsError(
                    f"weights add up to {weights.sum()}; for a mean their sum must not be 0"
                )
        mean: NDArray[np.float64] = np.average(found.units[found.is_known], 0, weights)
        return mean.astype(np.float32)

    def closer_than(self, one: Word, other: Word) -> list[str]:
        """The words that are nearer to `one` than `other` is, nearest first."""
        scores, border = self._scores_beside(one, other)
        closer = np.flatnonzero(scores > border)
        order = np.lexsort((closer, -scores[closer]))
        return [self.vocabulary.words[number] for number in closer[order].tolist()]

    def rank(self, one: Word, other: Word) -> int:
        """The place of `other` among the neighbours of `one`: 1 for the nearest."""
        scores, border = self._scores_beside(one, other)
        return 1 + int((scores > border).sum())

    def doesnt_match(self, words: Iterable[Word], *, unknown: OnUnknown = "error") -> str:
        """The word that lies farthest from the centroid of all of them.

        Raises
        ------
        SettingsError
            If there are fewer than two words, or fewer are left with `unknown="skip"`.

        """
        words = words_of(words)
        found = answerable(self, words, unknown)
        units = found.units[found.is_known]
        if len(units) < 2:
            raise SettingsError("give two or more words to find the one that does not match")
        farthest = int(np.argmin(units @ units.sum(axis=0)))
        return words[int(np.flatnonzero(found.is_known)[farthest])]

    def _scores_beside(self, one: Word, other: Word) -> tuple[NDArray[np.float32], np.float32]:
        """The cosines of all words with `one`, −inf for itself; and that of `other`."""
        one_id, other_id = (self.vocabulary.id(word_of(word)) for word in (one, other))
        query, _ = known_terms(self, [one, other])
        scores = self.search.similarities(query.unit)
        border = scores[other_id]
        scores[self.search.inverse_lengths == 0] = -np.inf
        scores[one_id] = -np.inf
        return scores, border

    # Looking up

    def _sum_of(self, given: Terms, unknown: OnUnknown) -> NDArray[np.float64]:
        terms = known_terms(self, given, unknown)
        if not terms:
            raise SettingsError("no words to compare")
        return sum_of_units(terms)

    def _known_ids(self, given: Words) -> set[int]:
        words = words_of(given)
        return set(self.vocabulary.ids_of(words).tolist()) - {-1}

    # Searching

    def _nearest(
        self,
        queries: NDArray[np.float64],
        k: int,
        own: Sequence[set[int]],
        excluded: set[int],
        first_words: int | None,
        approximate: bool,
    ) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The ids and cosines of each query's answers, its own words found as well and dropped."""
        wanted = k + max(map(len, own))
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
        answers = []
        for ids, cosines, of_query in zip(found.ids, found.similarities, own, strict=True):
            no_answer = of_query | {-1}
            if approximate:  # the index also has the excluded words, and vectors of zeros
                no_answer |= excluded
                no_answer |= set(ids[cosines == 0][~self.shown_rows[ids[cosines == 0]].any(1)])
            kept = [at for at, number in enumerate(ids.tolist()) if number not in no_answer][:k]
            answers.append((ids[kept], cosines[kept]))
        return answers

    def _indexed(self) -> ApproximateIndex:
        if self.index is None:
            raise SettingsError(
                "there is no index for approximate search; build one: vectors.with_index(), or "
                "`skipgram index DIR`"
            )
        return self.index

    def _allowed(self, first_words: int | None, excluded: set[int]) -> NDArray[np.bool_] | None:
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

    def _named(
        self,
        found: Iterable[tuple[NDArray[np.int64], NDArray[np.floating]]],
        spelled: Iterable[tuple[str, ...]],
    ) -> list[Neighbors]:
        words = self.vocabulary.words
        return [
            Neighbors(map(Neighbor, map(words.__getitem__, ids.tolist()), numbers.tolist()), made)
            for (ids, numbers), made in zip(found, spelled, strict=True)
        ]


def _checked_weights(weights: Any, words: int) -> NDArray[np.float64]:
    try:
        checked = np.asarray(weights, np.float64)
    except (TypeError, ValueError):
        raise SettingsError(f"weights must be numbers, not {weights!r:.60}") from None
    if checked.shape != (words,):
        given = f"{len(checked):,} weights" if checked.ndim == 1 else f"weights {weights!r:.60}"
        raise SettingsError(f"{given} for {words:,} words")
    return checked
