"""Categorisation: do words of one category lie together?

The words are clustered by their vectors alone, and the clusters are compared with the categories.

Source: Almuhareb and Poesio 2004, "Attribute-based and value-based clustering"; Baroni, Dinu and
Kruszewski 2014, "Don't count, predict!".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage

from skipgram.errors import SettingsError
from skipgram.evaluation.known_words import KnownWords, known_words
from skipgram.evaluation.reading import Troubles, cut_lines
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

FEWEST_WORDS = 3
MOST_WORDS = 20_000
"""The distances of that many take 1.6 GB."""
_WORD_HEADINGS = ("word", "words", "concept", "noun", "item", "term")
_CATEGORY_HEADINGS = ("category", "categories", "class", "cluster", "label")


class Categorised(NamedTuple):
    """A word and the category that people put it into."""

    word: str
    category: str


class CategorySet(NamedTuple):
    """A test set."""

    name: str
    items: Sequence[Categorised]
    malformed: Malformed = Malformed()


class CategoryScore(Score):
    """How well clusters of the words agree with their categories."""

    @property
    def purity(self) -> float | None:
        """The share of the words that are in the category that most of their cluster are in.

        Above 0, at most 1; None under three known words or two categories, or if each word has a
        category of its own.
        """
        return self.measures[0].value

    @property
    def v_measure(self) -> float | None:
        """The harmonic mean of homogeneity and completeness, in 0..1."""
        return self.measures[1].value


@dataclass(frozen=True, eq=False)
class Clustered(Outcome):
    """The words, their categories, and the clusters that the vectors make of them.

    Of n words n_kg are in cluster k and of category g, n_k and n_g are its sums. H are entropies:

        purity        1/n Σ_k max_g n_kg
        homogeneity   h = 1 − H(g | k) / H(g),  H(g | k) = 1/n Σ_i −log(n_kg / n_k) over words i
        completeness  c = 1 − H(k | g) / H(k),  H(g)     = 1/n Σ_i −log(n_g / n)
        V-measure     2 h c / (h + c)

    An entropy of 0 to divide by makes h or c 1; where both h and c are 0 the V-measure is 0.

    Units are words. The clusters and the shares n_kg / n_k are held fixed while they are drawn
    again: what changes is how often each word's term is in the means. (Entropies of the drawn words
    themselves would all be too low, since repeated words agree.) So purity's interval says what
    other words of the same clusters would have scored, not what another clustering would: it cannot
    tell whether two systems differ, of which each has its own. The V-measure of few words lies
    above that of many, and so would its interval: it has none. Part of the words (`at`) is
    clustered anew, as a set of these alone would be.

    Source: Rosenberg and Hirschberg 2007, "V-Measure".
    """

    unit_rows: NDArray[np.float64]
    """shape (asked, embedding_dim): the words' vectors, at length 1"""
    categories: NDArray[np.intp]
    """shape (asked,): a number for each one's category"""

    names: ClassVar = ("purity", "V-measure")
    items_tell: ClassVar = False
    no_interval: ClassVar = ("V-measure",)

    @property
    def units(self) -> int:
        """The words."""
        return len(self.asked)

    def at(self, places: NDArray[np.intp]) -> Self:
        return type(self)(
            self.asked[places], self.ranks[places], self.unit_rows[places], self.categories[places]
        )

    def __call__(self, weights: Numbers) -> Numbers:
        if self.units < FEWEST_WORDS or not 2 <= len(np.unique(self.categories)) < self.units:
            return np.full((len(self.names), len(weights)), np.nan)
        means = self._terms @ weights.T / weights.sum(axis=1)
        purity, of_categories, of_clusters, within_clusters, within_categories = means
        homogeneity = _explained(within_clusters, of_categories)
        completeness = _explained(within_categories, of_clusters)
        both = homogeneity + completeness
        return np.stack([purity, 2 * homogeneity * completeness / np.where(both > 0, both, 1)])

    @cached_property
    def clusters(self) -> NDArray[np.intp]:
        """Shape (asked,): the number of each word's cluster."""
        return clusters_of(self.unit_rows, len(np.unique(self.categories)))

    @cached_property
    def _terms(self) -> Numbers:
        """Shape (5, asked): what each word adds to purity, H(g), H(k), H(g | k) and H(k | g)."""
        k, g = (
            np.unique(numbers, return_inverse=True)[1].reshape(-1)
            for numbers in (self.clusters, self.categories)
        )
        table = np.zeros((k.max() + 1, g.max() + 1))
        np.add.at(table, (k, g), 1)
        n_kg, n_k, n_g = table[k, g], table.sum(axis=1)[k], table.sum(axis=0)[g]
        is_most = table.argmax(axis=1)[k] == g
        n = self.units
        return np.stack([is_most, *np.log([n / n_g, n / n_k, n_k / n_kg, n_g / n_kg])])


def _explained(conditional: Numbers, entropy: Numbers) -> Numbers:
    """1 − H(x | y) / H(x), or 1 where H(x) is 0."""
    explained = 1 - conditional / np.where(entropy > 0, entropy, 1)
    return np.where(entropy > 0, np.maximum(explained, 0), 1.0)


def clusters_of(unit: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """The number of each row's cluster: Ward's method on rows of length 1, cut at `count` clusters.

    Those clusters are joined that add least to the squared distances from their means; between rows
    of length 1 these are 2 − 2 cosine. Nothing is drawn. Equal rows are never parted, or the order
    of the words would tell their categories, so there may be fewer clusters than `count`.

    Average linkage gathers many words in one cluster: of 210 words of 27 categories, with vectors
    of 60 MB of Wikipedia, 74, and purity was 0.47; with complete linkage 0.59, with Ward's 0.68.

    Source: Ward 1963, "Hierarchical grouping to optimize an objective function".
    """
    return np.asarray(fcluster(linkage(unit, "ward"), count, "maxclust"), np.intp)


def read_categories(file: Path, name: str = "") -> CategorySet:
    """Words with their categories, one a line, separated by tabs, commas, semicolons or spaces.

    # starts a comment. The first line may be headings, such as "category,word", which may name the
    columns in either order; without them the word comes first. Behind tabs and commas there may be
    further columns.
    """
    items: list[Categorised] = []
    troubles, of_word, of_category = Troubles(file), 0, 1
    for place, line in enumerate(cut_lines(file, "a list of categories", _may_be_whole)):
        fields = line.fields
        if place == 0 and (columns := _headed(fields)):
            of_word, of_category = columns
            continue
        has_both = len(fields) > max(of_word, of_category)
        is_whole = has_both and bool(fields[of_word] and fields[of_category])
        if is_whole and (len(fields) == 2 or line.separator != " "):
            items.append(Categorised(fields[of_word], fields[of_category]))
        else:
            troubles.add(line.number, line.text)
    return CategorySet(name or file.stem, items, troubles.told(items, "a word and its category"))


def _may_be_whole(fields: Sequence[str]) -> bool:
    return len(fields) > 1 and all(fields[:2])


def _headed(fields: Sequence[str]) -> tuple[int, int] | None:
    """The columns of words and of categories, if these are their headings."""
    names = [field.lower() for field in fields]
    words, categories = (
        [place for place, name in enumerate(names) if name in headings]
        for headings in (_WORD_HEADINGS, _CATEGORY_HEADINGS)
    )
    return (words[0], categories[0]) if words and categories else None


def category_score(
    vectors: WordVectors,
    categorised: CategorySet,
    *,
    spell: bool = False,
    resamples: int = RESAMPLES,
) -> CategoryScore:
    """Purity and V-measure of as many clusters as there are categories among the known words.

    Words are found as `casing` says; with `spell` a word that is not there may have a vector from
    its spelling. Scores are comparable between vectors that know the same words: fewer words and
    fewer categories are easier.
    """
    known = known_words((item.word for item in categorised.items), vectors, spell=spell)
    merged = _merged(categorised.items, known)
    asked = [
        number
        for number, item in enumerate(categorised.items)
        if item.word in known.forms and item.word not in merged
    ]
    if len(asked) > MOST_WORDS:
        raise SettingsError(
            f"{len(asked):,} words are to be clustered, by the distances of all pairs; give "
            f"{MOST_WORDS:,} at most"
        )
    words = [categorised.items[number].word for number in asked]
    categories = [categorised.items[number].category for number in asked]
    ids = np.array([known.ids[word] for word in words], np.intp)
    outcome = Clustered(
        np.array(asked, np.intp),
        ranks_of(ids[:, None], vectors.vocabulary.by_count),
        known.unit_rows(words) if words else np.empty((0, vectors.embedding_dim)),
        np.unique(np.array(categories, str), return_inverse=True)[1].reshape(-1),
    )
    coverage = Coverage(
        "words",
        len(asked),
        len(categorised.items),
        words_in_lower_case=known.found.in_lower_case,
        words_ignoring_case=known.found.ignoring_case,
        merged=sum(item.word in merged for item in categorised.items),
        zero_words=known.zero_words,
        words_spelled=known.spelled,
        repeated=repeats(categorised.items),
        malformed=categorised.malformed,
    )
    return CategoryScore(categorised.name, coverage, measures_of(outcome, resamples), outcome)


def _merged(items: Sequence[Categorised], known: KnownWords) -> set[str]:
    """Words for which the vocabulary has only one, which may be in several categories."""
    words = {item.word for item in items if item.word in known.forms}
    times = Counter(known.forms[word] for word in words)
    return {word for word in words if times[known.forms[word]] > 1}
