"""Outlier detection: which word does not belong with the others?

Source: Camacho-Collados and Navigli 2016, "Find the word that does not belong: A framework for an
intrinsic evaluation of word vector representations".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.evaluation.known_words import known_words
from skipgram.evaluation.reading import Troubles, text_files
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
from skipgram.untrusted.opening import read_lines
from skipgram.vectors.word_vectors import WordVectors

FEWEST_CLUSTER_WORDS = 2
"""With one there is no other pair whose cosine could be larger."""
_TIE = 1e-9
"""Sums of cosines that differ by less are equal but for rounding."""


class Outlier(NamedTuple):
    """A word, and the words of a topic that it does not belong with."""

    topic: str
    cluster: tuple[str, ...]
    outlier: str


class OutlierSet(NamedTuple):
    """A test set."""

    name: str
    items: Sequence[Outlier]
    malformed: Malformed = Malformed()


class OutlierScore(Score):
    """How often the word that does not belong is found."""

    @property
    def words_dropped(self) -> int:
        """Cluster words that are not known, of all topics: their clusters are asked without."""
        return self.coverage.words_dropped

    @property
    def found(self) -> float | None:
        """The share of the outliers that come last, in 0..1: the paper's accuracy."""
        return self.measures[0].value

    @property
    def position(self) -> float | None:
        """How far back outliers come on average, from 0, first, to 1, last: the paper's OPP."""
        return self.measures[1].value


@dataclass(frozen=True, eq=False)
class Positions(Outcome):
    """Where each outlier came among the words of its topic.

    Items of a topic share its cluster, and are right or wrong together: another set would have had
    other topics. So topics are drawn again, each with all its items. Of fewer than ten (8-8-8 has
    eight) there is no interval: that of items drawn one by one would be much too narrow.
    """

    positions: Numbers
    """shape (asked,): 0 for first, 1 for last; nan where all words are as near to the others"""
    topics: NDArray[np.intp]
    """shape (asked,): a number for each one's topic"""

    names: ClassVar = ("found", "position")

    @property
    def units(self) -> int:
        """The topics."""
        return int(self._unit_of_item.max(initial=-1)) + 1

    def at(self, places: NDArray[np.intp]) -> Self:
        return type(self)(
            self.asked[places], self.ranks[places], self.positions[places], self.topics[places]
        )

    def __call__(self, weights: Numbers) -> Numbers:
        of_items = weights[:, self._unit_of_item]
        total = of_items.sum(axis=1)
        is_alike = np.isnan(self.positions)
        if is_alike.all():
            total = np.zeros_like(total)  # vectors that are all alike tell nothing
        sums = np.stack([self.positions == 1, np.where(is_alike, 0, self.positions)]) @ of_items.T
        return np.where(total > 0, sums / np.where(total > 0, total, 1), np.nan)

    @cached_property
    def _unit_of_item(self) -> NDArray[np.intp]:
        _, of_item = np.unique(self.topics, return_inverse=True)
        return np.asarray(of_item, np.intp).reshape(-1)


def read_topics(path: Path, name: str = "") -> OutlierSet:
    """Topics as the 8-8-8 set has them: a folder with a text file each, or one such file.

    In a file stand the words of the cluster, one a line, then an empty line, then the outliers.
    Blanks within a word become underscores, as in the paper's own program. A file without a cluster
    or without outliers cannot be read: its lines are counted; so is an outlier that also stands in
    its cluster. The folder may hold folders.
    """
    files = text_files(path) if path.is_dir() else {path: path.stem}
    if not files:
        raise FormatError(f"{path} holds no .txt file: give the folder with a file for each topic")
    items: list[Outlier] = []
    troubles = Troubles(path)
    for file, topic in files.items():
        items += _items(file, topic, troubles)
    malformed = troubles.told(
        items, "the words of a cluster, one a line, an empty line and outliers"
    )
    return OutlierSet(name or path.stem, items, malformed)


def _items(file: Path, topic: str, troubles: Troubles) -> list[Outlier]:
    """The outliers of a file, each with its cluster; none if either is missing."""
    lines = read_lines(file, "a list of words and outliers")
    words = ["_".join(line.split()) for line in lines]
    if not any(words):
        troubles.add_empty(file, len(lines))
        return []
    start = next(place for place, word in enumerate(words) if word)
    end = words.index("", start) if "" in words[start:] else len(words)
    cluster = tuple(dict.fromkeys(words[start:end]))
    outliers = [place for place in range(end, len(words)) if words[place]]
    if len(cluster) < FEWEST_CLUSTER_WORDS or not outliers:
        troubles.add(1, lines[0], file, lines=len(lines))
        return []
    found = []
    for place in outliers:
        if words[place] in cluster:
            troubles.add(place + 1, lines[place], file, why="also in its cluster")
        else:
            found.append(Outlier(topic, cluster, words[place]))
    return found


def outlier_score(
    vectors: WordVectors,
    outliers: OutlierSet,
    *,
    spell: bool = False,
    resamples: int = RESAMPLES,
) -> OutlierScore:
    """The share of outliers that come last, and how far back they come on average.

    The words W of a cluster and one outlier, n + 1 of them, are ordered by how compact the others
    are without each, and last comes the word without which they are most compact:

        c(w) = 1 / (n (n − 1)) Σ_(v ≠ w) Σ_(x ≠ w, v) cos(v, x)
             = (S − 2 p(w)) / (n (n − 1)),  p(w) = Σ_(v ≠ w) cos(v, w),

    where S, the sum of all cosines, is the same for all words, so p alone orders them, by falling
    values. The position is the number of words with a larger p, over n. Words with an equal p do
    not count: a tie never speaks for the vectors.

    Words are found as `casing` says; with `spell` a word that is not there may have a vector from
    its spelling. An outlier is asked if it is known and so are two words of its cluster; the
    others are dropped, and counted. (The paper's program gives an unknown word of several parts
    the mean of their vectors.)

    Source: Camacho-Collados and Navigli 2016, section 3.
    """
    items = outliers.items
    words = dict.fromkeys(word for item in items for word in (*item.cluster, item.outlier))
    known = known_words(words, vectors, spell=spell)
    ids = np.array(list(known.ids.values()), np.intp)[:, None]
    ranks = dict(zip(known.ids, ranks_of(ids, vectors.vocabulary.by_count).tolist(), strict=True))
    asked, positions, rarest, merged = [], [], [], 0
    for number, item in enumerate(items):
        # A word that stands there in two cases may be one of the vocabulary.
        cluster = {known.forms[word]: word for word in item.cluster if word in known.forms}
        if item.outlier not in known.forms or len(cluster) < FEWEST_CLUSTER_WORDS:
            continue
        if known.forms[item.outlier] in cluster:
            merged += 1
            continue
        together = [item.outlier, *cluster.values()]
        asked.append(number)
        positions.append(_position(known.unit_rows(together)))
        rarest.append(max(ranks[word] for word in together))
    topics = list(dict.fromkeys((item.topic, item.cluster) for item in items))
    numbers = [topics.index((items[number].topic, items[number].cluster)) for number in asked]
    outcome = Positions(
        np.array(asked, np.intp),
        np.array(rarest, np.int64),
        np.array(positions, np.float64),
        np.array(numbers, np.intp),
    )
    coverage = Coverage(
        "outliers",
        len(asked),
        len(items),
        words_in_lower_case=known.found.in_lower_case,
        words_ignoring_case=known.found.ignoring_case,
        merged=merged,
        zero_words=known.zero_words,
        words_spelled=known.spelled,
        repeated=repeats(items),
        malformed=outliers.malformed,
        words_dropped=sum(word not in known.forms for _, cluster in topics for word in cluster),
    )
    return OutlierScore(outliers.name, coverage, measures_of(outcome, resamples), outcome)


def _position(unit: NDArray[np.float64]) -> float:
    """The share of the words that are surely nearer to the others than the first, the outlier."""
    cosines = unit @ unit.T
    p = cosines.sum(axis=1) - cosines.diagonal()
    if np.ptp(p) <= _TIE:
        return np.nan
    return float((p[1:] > p[0] + _TIE).mean())
