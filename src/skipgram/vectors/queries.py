"""Queries to vectors: neighbours, analogies and cosines, over all words or some of them."""

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, UnknownWordError
from skipgram.settings.given_words import Word, is_word
from skipgram.vectors.asked import (
    Found,
    OnUnknown,
    answerable,
    answerable_places,
    enumeration,
    known_terms,
    sum_of_units,
)
from skipgram.vectors.elsewhere import methods_answer_other_names
from skipgram.vectors.given import (
    PlainTerm,
    Term,
    Terms,
    Words,
    terms_of,
    whole_number,
    word_of,
    words_of,
)
from skipgram.vectors.neighbors import Neighbor, NeighborArrays, Neighbors, Notes
from skipgram.vectors.search import Nearest, unit_row, unit_rows
from skipgram.vectors.searching import Searching

Combine = Literal["add", "multiply"]

_QUERIES_AT_ONCE, _ANSWERS_AT_ONCE = 8192, 1 << 22
"""So memory stays at some tens of MB for any k."""
_ROWS_AT_ONCE = 1024
"""Of a matrix of cosines: only a few are in float64 at a time."""


@methods_answer_other_names
class Queries(Searching):
    """An embedding with the queries."""

    def __getitem__(self, words: Words) -> NDArray[np.float32]:
        """The vector of a word, shape (embedding_dim,); of several words, a row for each.

        An unknown word has a vector too if it `can_spell` the word.

        Raises
        ------
        UnknownWordError
            If words have no vector: it names them, or for one suggests similar spellings.

        """
        if type(words) is not list and is_word(words):
            return self.vector(words)
        several = words_of(words)
        ids = self.vocabulary.ids_of_text(several)
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
        notes = Notes.of_all(term.notes for term in (*added, *taken))
        excluded = self._known_ids(exclude)
        if combine == "multiply":
            if approximate:
                raise SettingsError("3CosMul compares all words; omit approximate")
            allowed = self._allowed(first_words, own | excluded)
            return self._named(*self._nearest_by_product(added, taken, k, allowed), notes)
        if combine != "add":
            raise SettingsError(f"combine {combine!r} is not one of: add, multiply")
        query, own_ids = sum_of_units(added, taken), np.array([[*own]], np.int64)
        found = self._nearest(query[None], k, own_ids, excluded, first_words, approximate)
        return self._named(found.ids[0], found.similarities[0], notes)

    @overload
    def most_similar_each(
        self,
        queries: Terms,
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Words = (),
        approximate: bool = False,
        unknown: OnUnknown = "error",
        as_arrays: Literal[False] = False,
    ) -> list[Neighbors]: ...

    @overload
    def most_similar_each(
        self,
        queries: Terms,
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Words = (),
        approximate: bool = False,
        unknown: OnUnknown = "error",
        as_arrays: Literal[True],
    ) -> NeighborArrays: ...

    def most_similar_each(
        self,
        queries: Terms,
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Words = (),
        approximate: bool = False,
        unknown: OnUnknown = "error",
        as_arrays: bool = False,
    ) -> list[Neighbors] | NeighborArrays:
        """`most_similar` for each of many words or vectors: far faster than one call for each.

        A word is not among its own neighbours. See `most_similar` for the rest.
        With `unknown="skip"` an unknown word, or one whose vector is zero, gets an
        empty list, so that answers and queries stay aligned.

        `as_arrays=True` gives ids and similarities in arrays instead of lists of words, which
        takes less time and memory; where there is no answer the id is −1.
        """
        k = whole_number("k", k, 1)
        terms = terms_of(queries)
        excluded = self._known_ids(exclude)
        blocks = self._nearest_each(terms, k, excluded, first_words, approximate, unknown)
        if as_arrays:
            arrays = NeighborArrays.without_answers(len(terms), k)
            for places, _, nearest in blocks:
                columns = nearest.ids.shape[1]
                arrays.ids[places, :columns] = nearest.ids
                arrays.similarities[places, :columns] = nearest.similarities
            return arrays
        answers = [Neighbors() for _ in terms]
        for places, found, nearest in blocks:
            for row, place in enumerate(places.tolist()):
                answers[place] = self._named(
                    nearest.ids[row], nearest.similarities[row], found.notes_at(row)
                )
        return answers

    def _nearest_each(
        self,
        terms: Sequence[PlainTerm],
        k: int,
        excluded: set[int],
        first_words: int | None,
        approximate: bool,
        unknown: OnUnknown,
    ) -> Iterator[tuple[NDArray[np.int64], Found, Nearest]]:
        """Some terms at a time that can be compared: their places, what they are, their answers."""
        asked = answerable_places(self, terms, unknown)
        answers_each = min(k, len(self.vocabulary)) + len(excluded) + 1
        step = max(1, min(_QUERIES_AT_ONCE, _ANSWERS_AT_ONCE // answers_each))
        for start in range(0, len(asked), step):
            places = asked[start : start + step]
            found = answerable(self, [terms[place] for place in places.tolist()], "error")
            own = found.ids[:, np.newaxis]
            nearest = self._nearest(found.units, k, own, excluded, first_words, approximate)
            yield places, found, nearest

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

    def similarity_matrix(
        self, rows: Terms, columns: Terms | None = None, *, unknown: OnUnknown = "error"
    ) -> NDArray[np.float32]:
        """The cosine of each of some words or vectors with each of others: shape (rows, columns).

        The columns are the rows unless they are given. With `unknown="skip"`, rows and
        columns of words that are not in the vocabulary, or whose vector is zero, are nan.
        """
        one = answerable(self, rows, unknown).units
        other = one if columns is None else answerable(self, columns, unknown).units
        cosines = np.empty((len(one), len(other)), np.float32)
        for start in range(0, len(one), _ROWS_AT_ONCE):
            stretch = slice(start, start + _ROWS_AT_ONCE)
            cosines[stretch] = one[stretch] @ other.T
        return cosines.clip(-1, 1, out=cosines)

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
        forms = [self.form_in_vocabulary(word_of(word)) for word in (one, other)]
        one_id, other_id = map(self.vocabulary.id, forms)
        query, _ = known_terms(self, forms)
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
        if isinstance(given, tuple) and not given:
            return set()
        words = [self.form_in_vocabulary(word) for word in words_of(given)]
        return set(self.vocabulary.ids_of(words).tolist()) - {-1}

    def _named(
        self,
        ids: NDArray[np.int64],
        numbers: NDArray[np.floating],
        notes: Notes,
    ) -> Neighbors:
        """The answers of one query, up to the first id of −1."""
        words, answers = self.vocabulary.words, int(np.count_nonzero(ids >= 0))
        named = map(words.__getitem__, ids[:answers].tolist())
        return Neighbors(map(Neighbor, named, numbers[:answers].tolist()), notes)


def _checked_weights(weights: Any, words: int) -> NDArray[np.float64]:
    try:
        checked = np.asarray(weights, np.float64)
    except (TypeError, ValueError):
        raise SettingsError(f"weights must be numbers, not {weights!r:.60}") from None
    if checked.shape != (words,):
        given = f"{len(checked):,} weights" if checked.ndim == 1 else f"weights {weights!r:.60}"
        raise SettingsError(f"{given} for {words:,} words")
    return checked
