"""What vectors can be asked: all by cosine, exactly, over all words or some of them."""

import math
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary import Vocabulary
from skipgram.errors import SettingsError, SkipgramError
from skipgram.vectors.neighbors import Neighbor, Neighbors
from skipgram.vectors.rows import Rows
from skipgram.vectors.search import RowSearch, unit_row

if TYPE_CHECKING:
    from skipgram.vectors.approximate import ApproximateIndex

Term = str | NDArray[np.floating]
"""A word, or a vector."""
Terms = Term | Iterable[Term]
Combine = Literal["add", "multiply"]

_NOTHING = 1e-6
"""A sum of unit vectors shorter than this is rounding, of float32 rows if not its own."""
_EPSILON = 0.001
"""Of 3CosMul, so that nothing is divided by zero."""
_QUERIES_AT_ONCE, _ANSWERS_AT_ONCE = 8192, 1 << 22
"""Some tens of MB, however many answers are asked for."""


class _Term(NamedTuple):
    id: int
    """or -1, for what is no word of the vocabulary"""
    unit: NDArray[np.float64]


class Queries(ABC):
    """The questions. Whoever has them has words, the rows that are shown, and perhaps an index."""

    vocabulary: Vocabulary
    index: "ApproximateIndex | None"

    @property
    @abstractmethod
    def shown_rows(self) -> Rows:
        """The vectors that are shown, row by id."""

    @abstractmethod
    def vector(self, word: str) -> NDArray[np.float32]:
        """The vector of a word, or what stands for it where the word is unknown."""

    @cached_property
    def search(self) -> RowSearch:
        """The rows with their lengths, which are worked out once: rows never change."""
        return RowSearch(self.shown_rows)

    # Neighbours

    def most_similar(
        self,
        positive: Terms = (),
        negative: Terms = (),
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Iterable[str] = (),
        combine: Combine = "add",
        approximate: bool = False,
    ) -> Neighbors:
        """The k words nearest to the sum of unit vectors, `negative` ones subtracted.

        The words of the query are not among the answers. A word that is given
        twice counts twice; one that is added and subtracted cancels out. Where
        fewer words are left, fewer come back.

        Parameters
        ----------
        positive, negative
            Words, or vectors of shape (embedding_dim,).
        k
            How many.
        first_words
            Answers are among so many words only, those of largest count.
        exclude
            Words that are no answer either.
        combine
            `add`: cosine with the sum (3CosAdd). `multiply`: Π (1 + cos) / 2
            over the positive ones, divided by Π ((1 + cos) / 2 + 0.001) over
            the negative ones (3CosMul).
        approximate
            Ask the index: much faster, and now and then a neighbour is missed.

        Raises
        ------
        UnknownWordError
            With the nearest spellings, if a word is not in the vocabulary.
        SettingsError
            If k is below 1, no word is given, or there is no index to ask.
        SkipgramError
            If the query's vectors cancel out, or are zero.

        Source: Levy & Goldberg 2014, equations 3 and 4, for the names.

        """
        k = _checked_k(k)
        added, taken = self._terms(positive), self._terms(negative)
        if not added and not taken:
            raise SettingsError("no word to find neighbours of")
        own = {term.id for term in (*added, *taken)} - {-1}
        excluded = self._known_ids(exclude)
        if combine == "multiply":
            if approximate:
                raise SettingsError("3CosMul asks all words; leave approximate away")
            allowed = self._allowed(first_words, own | excluded)
            return self._nearest_by_product(added, taken, k, allowed)
        if combine != "add":
            raise SettingsError(f"combine {combine!r} is not one of: add, multiply")
        query = _sum(added, taken)
        found = self._nearest(query[None], k, [own], excluded, first_words, approximate)
        return self._named(found)[0]

    def most_similar_each(
        self,
        queries: Iterable[Term] | NDArray[np.floating],
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Iterable[str] = (),
        approximate: bool = False,
    ) -> list[Neighbors]:
        """`most_similar` of each of many words or vectors, in one go: far faster than one by one.

        A word is not among its own neighbours. See `most_similar` for the rest.
        """
        k = _checked_k(k)
        queries = [queries] if isinstance(queries, str) else list(queries)
        excluded = self._known_ids(exclude)
        answers: list[Neighbors] = []
        answers_each = min(k, len(self.vocabulary)) + len(excluded) + 1
        step = max(1, min(_QUERIES_AT_ONCE, _ANSWERS_AT_ONCE // answers_each))
        for start in range(0, len(queries), step):
            terms = [self._term(term) for term in queries[start : start + step]]
            own = [{term.id} - {-1} for term in terms]
            vectors = np.stack([_sum([term], []) for term in terms])
            found = self._nearest(vectors, k, own, excluded, first_words, approximate)
            answers += self._named(found)
        return answers

    def analogy(
        self, a: Term, b: Term, c: Term, k: int = 1, *, combine: Combine = "add", **options: Any
    ) -> Neighbors:
        """The k words nearest to b − a + c: a is to b as c is to them (3CosAdd, or 3CosMul).

        Source: Mikolov, Yih & Zweig 2013.
        """
        return self.most_similar([b, c], [a], k, combine=combine, **options)

    # Cosines

    def similarity(self, one: Terms, other: Terms) -> float:
        """The cosine of two words' vectors, in −1..1; of several words, of their centroids."""
        one_unit, other_unit = self._unit(one), self._unit(other)
        return float(np.clip(one_unit @ other_unit, -1, 1))

    def distance(self, one: Terms, other: Terms) -> float:
        """1 − similarity, in 0..2."""
        return 1 - self.similarity(one, other)

    def similarities(self, term: Terms, others: Sequence[str] | None = None) -> NDArray[np.float32]:
        """The cosine with each of the other words, or with all words by id."""
        query = _sum(self._terms(term), [])
        if others is None:
            return self.search.similarities(query).clip(-1, 1)
        rows = self.search.unit([self.vocabulary.id(word) for word in others])
        cosines: NDArray[np.float32] = (rows @ (query / np.linalg.norm(query))).astype(np.float32)
        return cosines.clip(-1, 1)

    def distances(self, term: Terms, others: Sequence[str] | None = None) -> NDArray[np.float32]:
        """1 − similarity with each of the other words, or with all words by id."""
        return 1 - self.similarities(term, others)

    def centroid(self, words: Terms, weights: Sequence[float] | None = None) -> NDArray[np.float32]:
        """The mean of the words' unit vectors, weighted: shape (embedding_dim,)."""
        terms = self._terms(words)
        if not terms:
            raise SettingsError("no word to take a centroid of")
        if weights is not None and len(weights) != len(terms):
            raise SettingsError(f"{len(weights)} weights for {len(terms)} words")
        if weights is not None and not 0 < abs(sum(weights)) < math.inf:
            raise SettingsError(
                f"weights add up to {sum(weights)}; a mean needs another sum than 0"
            )
        units = np.stack([term.unit for term in terms])
        mean: NDArray[np.float64] = np.average(units, axis=0, weights=weights)
        return mean.astype(np.float32)

    def closer_than(self, one: str, other: str) -> list[str]:
        """The words that are nearer to `one` than `other` is, nearest first."""
        scores, border = self._scores_beside(one, other)
        closer = np.flatnonzero(scores > border)
        order = np.lexsort((closer, -scores[closer]))
        return [self.vocabulary.words[number] for number in closer[order].tolist()]

    def rank(self, one: str, other: str) -> int:
        """The place of `other` among the neighbours of `one`: 1 for the nearest."""
        scores, border = self._scores_beside(one, other)
        return 1 + int((scores > border).sum())

    def doesnt_match(self, words: Sequence[str]) -> str:
        """The word that lies farthest from the centroid of all of them.

        Raises
        ------
        SettingsError
            If there are fewer than two words.

        """
        if isinstance(words, str) or len(words) < 2:
            raise SettingsError("to tell which word does not match, give two or more")
        units = np.stack([term.unit for term in self._terms(words)])
        return words[int(np.argmin(units @ units.sum(axis=0)))]

    def _scores_beside(self, one: str, other: str) -> tuple[NDArray[np.float32], np.float32]:
        """All cosines with a word, its own left out, and that of another word."""
        scores = self.search.similarities(_sum(self._terms(one), []))
        border = scores[self.vocabulary.id(other)]
        scores[self.vocabulary.id(one)] = -np.inf
        return scores, border

    # What a query is made of

    def _terms(self, terms: Terms) -> list[_Term]:
        """Words or vectors; a matrix is a vector a row."""
        if isinstance(terms, str) or (isinstance(terms, np.ndarray) and terms.ndim == 1):
            return [self._term(terms)]
        return [self._term(term) for term in terms]

    def _term(self, term: Term) -> _Term:
        if isinstance(term, np.ndarray):
            return _Term(-1, unit_row(self._checked(term)))
        number = self.vocabulary.find(term)
        row = self.shown_rows[number] if number >= 0 else self.vector(term)
        return _Term(number, unit_row(row))

    def _checked(self, vector: NDArray[np.floating]) -> NDArray[np.floating]:
        columns = self.shown_rows.shape[1]
        if vector.shape != (columns,):
            raise SettingsError(
                f"a query's vector has shape {vector.shape}; these vectors ask for ({columns},)"
            )
        if not np.isfinite(vector).all():
            raise SettingsError("a query's vector holds nan or infinity")
        return vector

    def _unit(self, terms: Terms) -> NDArray[np.float64]:
        found = self._terms(terms)
        if not found:
            raise SettingsError("no word to compare")
        return unit_row(np.sum([term.unit for term in found], axis=0))

    def _known_ids(self, words: Iterable[str]) -> set[int]:
        words = [words] if isinstance(words, str) else list(words)
        if not words:
            return set()
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
        """The ids and cosines of each query's answers; its own words are asked for beside k."""
        wanted = k + max(map(len, own))
        if approximate:
            if first_words is not None:
                raise SettingsError("the index holds all words; leave first_words away")
            wanted += len(excluded)
        wanted = min(wanted, max(1, len(self.vocabulary)))
        if approximate:
            found = self._indexed().nearest(queries, wanted)
        else:
            allowed = self._allowed(first_words, excluded)
            found = self.search.nearest(queries, wanted, allowed=allowed)
        answers = []
        for ids, cosines, of_query in zip(found.ids, found.similarities, own, strict=True):
            no_answer = of_query | excluded | {-1} if approximate else of_query | {-1}
            kept = [at for at, number in enumerate(ids.tolist()) if number not in no_answer][:k]
            answers.append((ids[kept], cosines[kept]))
        return answers

    def _indexed(self) -> "ApproximateIndex":
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
        elif not isinstance(first_words, Integral) or first_words < 1:
            raise SettingsError(f"first_words must be at least 1, not {first_words!r}")
        else:
            allowed = np.zeros(len(self.vocabulary), bool)
            allowed[self.vocabulary.by_count[: int(first_words)]] = True
        allowed[list(excluded)] = False
        return allowed

    def _nearest_by_product(
        self,
        added: Sequence[_Term],
        taken: Sequence[_Term],
        k: int,
        allowed: NDArray[np.bool_] | None,
    ) -> Neighbors:
        products = np.ones(len(self.vocabulary))
        for term in added:
            products *= (1 + self.search.similarities(term.unit).astype(np.float64)) / 2
        for term in taken:
            cosines = self.search.similarities(term.unit).astype(np.float64)
            products /= (1 + cosines) / 2 + _EPSILON
        if allowed is not None:
            products[~allowed] = -np.inf
        order = np.argsort(-products, kind="stable")[:k]
        order = order[products[order] > -np.inf]
        return self._named([(order, products[order])])[0]

    def _named(
        self, found: Iterable[tuple[NDArray[np.integer], NDArray[np.floating]]]
    ) -> list[Neighbors]:
        words = self.vocabulary.words
        return [
            Neighbors(map(Neighbor, map(words.__getitem__, ids.tolist()), numbers.tolist()))
            for ids, numbers in found
        ]


def _sum(added: Sequence[_Term], taken: Sequence[_Term]) -> NDArray[np.float64]:
    """The sum of unit vectors, those of a word that is added and taken as often cancelled."""
    if len(added) == 1 and not taken:
        total = added[0].unit
    else:
        total = np.zeros_like((*added, *taken)[0].unit)
        weights: Counter[int] = Counter()
        for terms, sign in ((added, 1), (taken, -1)):
            for term in terms:
                if term.id < 0:
                    total += sign * term.unit
                else:
                    weights[term.id] += sign
        units = {term.id: term.unit for term in (*added, *taken)}
        for number, weight in weights.items():
            total += weight * units[number]
    if total @ total < _NOTHING**2:
        raise SkipgramError("the query's vectors add up to zero, which has no neighbours")
    return total


def _checked_k(k: int) -> int:
    if not isinstance(k, Integral):
        raise SettingsError(f"k must be a whole number, not {k!r}")
    if k < 1:
        raise SettingsError(f"k must be at least 1, not {k}")
    return int(k)
