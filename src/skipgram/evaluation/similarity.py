"""Word similarity: do cosines rank pairs of words as people do?"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.evaluation.known_words import known_words
from skipgram.evaluation.reading import rated_lines
from skipgram.evaluation.resampling import RESAMPLES, Numbers
from skipgram.evaluation.scores import (
    Coverage,
    Malformed,
    Outcome,
    Score,
    measures_of,
    ranks_of,
    repeats,
)
from skipgram.vectors.word_vectors import WordVectors

FEWEST_PAIRS = 3


_DIGITS = 12
"""Of a cosine: further ones are rounding, and would rank pairs that are alike."""


class RatedPair(NamedTuple):
    """Two words and people's mean rating of their similarity."""

    one: str
    other: str
    rating: float


class RatedPairs(NamedTuple):
    """A test set."""

    name: str
    pairs: Sequence[RatedPair]
    malformed: Malformed = Malformed()


class SimilarityScore(Score):
    """Correlations of cosines and ratings, over the pairs whose words are known."""

    @property
    def correlation(self) -> float | None:
        """Spearman's ρ, of ranks, in −1..1; None under three known pairs, or if all rank alike."""
        return self.measures[0].value

    @property
    def pearson(self) -> float | None:
        """Pearson's r, of the numbers themselves."""
        return self.measures[1].value

    @property
    def pairs_known(self) -> int:
        """Those that could be compared, and are scored."""
        return self.coverage.known

    @property
    def pairs(self) -> int:
        """All of the set."""
        return self.coverage.total


@dataclass(frozen=True, eq=False)
class RatedCosines(Outcome):
    """What the vectors say of each pair, and what people say."""

    cosines: Numbers
    ratings: Numbers

    names: ClassVar = ("Spearman's ρ", "Pearson's r")

    @property
    def units(self) -> int:
        """The pairs."""
        return len(self.asked)

    def at(self, places: NDArray[np.intp]) -> Self:
        return type(self)(
            self.asked[places], self.ranks[places], self.cosines[places], self.ratings[places]
        )

    def __call__(self, weights: Numbers) -> Numbers:
        return np.stack([self.first(weights), self._pearson(weights)])

    def first(self, weights: Numbers) -> Numbers:
        total = weights.sum(axis=1)
        one, other = (order.ranks(weights) for order in self._orders)
        for ranks in (one, other):
            ranks -= (total[:, None] + 1) / 2  # their mean, whatever is drawn
        weighted = weights * one
        return _ratio(
            np.einsum("ij,ij->i", weighted, other),
            np.einsum("ij,ij->i", weighted, one),
            np.einsum("ij,ij,ij->i", weights, other, other),
            total,
        )

    def _pearson(self, weights: Numbers) -> Numbers:
        x, y = (_centred(values) for values in (self.cosines, self.ratings))
        terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=1)
        total, of_x, of_y, products, squares_x, squares_y = (weights @ terms).T
        return _ratio(
            products - of_x * of_y / total,
            squares_x - of_x**2 / total,
            squares_y - of_y**2 / total,
            total,
        )

    @cached_property
    def _orders(self) -> tuple["_Order", "_Order"]:
        return _Order(self.cosines), _Order(self.ratings)


def _centred(values: Numbers) -> Numbers:
    """About their mean, the largest at 1: what is alike but for rounding is so at any scale."""
    deviations = values - values.mean()
    largest = np.abs(deviations).max(initial=0)
    return (
        deviations / largest if largest > _NOTHING * np.abs(values).max(initial=0) else 0 * values
    )


class _Order:
    """Values in rising order, so that no draw needs sorting."""

    def __init__(self, values: Numbers) -> None:
        self._order = np.argsort(values, kind="stable")
        in_order = values[self._order]
        is_first = np.append(True, in_order[1:] != in_order[:-1])[: len(values)]
        self._firsts = np.flatnonzero(is_first)
        self._group_of = np.empty(len(values), np.intp)
        self._group_of[self._order] = np.cumsum(is_first) - 1

    def ranks(self, weights: Numbers) -> Numbers:
        """The rank of each value where each occurs as often as its weight; equal values share."""
        of_groups = np.add.reduceat(weights[:, self._order], self._firsts, axis=1)
        ranks = np.cumsum(of_groups, axis=1) - (of_groups - 1) / 2
        return np.asarray(ranks[:, self._group_of])


def _ratio(covariance: Numbers, of_one: Numbers, of_other: Numbers, total: Numbers) -> Numbers:
    """A correlation from sums of products; nan where too few are drawn, or all are alike."""
    is_flat = (np.minimum(of_one, of_other) <= _NOTHING * total) | (total < FEWEST_PAIRS)
    spread = np.where(is_flat, 1, of_one * of_other)
    return np.where(is_flat, np.nan, covariance / np.sqrt(spread))


_NOTHING = 1e-12
"""A variance as small comes of rounding."""


def read_pairs(file: Path, name: str = "") -> RatedPairs:
    """Rated pairs, one a line: word, word, rating, separated by tabs, commas or spaces."""
    lines, malformed = rated_lines(file)
    return RatedPairs(name or file.stem, [RatedPair(*line) for line in lines], malformed)


def similarity_score(
    vectors: WordVectors,
    rated: RatedPairs,
    *,
    spell: bool = False,
    resamples: int = RESAMPLES,
) -> SimilarityScore:
    """Correlation over the pairs both of whose words are in the vocabulary: see `casing`.

    With `spell` a word that is not there may have a vector from its spelling.
    """
    known = known_words((word for pair in rated.pairs for word in pair[:2]), vectors, spell=spell)
    asked, merged = [], 0
    for number, (one, other, _) in enumerate(rated.pairs):
        if one not in known.forms or other not in known.forms:
            continue
        if known.forms[one] == known.forms[other] and one != other:
            merged += 1
        else:
            asked.append(number)
    pairs = [rated.pairs[number] for number in asked]
    ids = [[known.ids[word] for word in pair[:2]] for pair in pairs]
    outcome = RatedCosines(
        np.array(asked, np.intp),
        ranks_of(np.array(ids, np.intp).reshape(-1, 2), vectors.vocabulary.by_count),
        np.array([known.units[pair.one] @ known.units[pair.other] for pair in pairs]).round(
            _DIGITS
        ),
        np.array([pair.rating for pair in pairs]),
    )
    coverage = Coverage(
        "pairs",
        len(pairs),
        len(rated.pairs),
        words_in_lower_case=known.found.in_lower_case,
        words_ignoring_case=known.found.ignoring_case,
        merged=merged,
        zero_words=known.zero_words,
        words_spelled=known.spelled,
        repeated=repeats([frozenset(pair[:2]) for pair in rated.pairs]),
        malformed=rated.malformed,
    )
    return SimilarityScore(rated.name, coverage, measures_of(outcome, resamples), outcome)
