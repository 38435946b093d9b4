"""Two systems judged on the same items, and how sure their difference is.

A score has two sources of chance. Seeds: each system is trained with several,
and its score is the mean over them. Items: another set of test pairs or
questions would have given another score. The paired bootstrap resamples the
items, the same ones for both systems, so that what an item costs both of them
cancels out.

Source: Efron and Tibshirani 1993; Berg-Kirkpatrick, Burkett and Klein 2012,
for its use on systems that are compared.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata
from texts import find

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.evaluation.analogies import FIRST_WORDS, GOOGLE_ANALOGIES
from skipgram.evaluation.casing import look_up
from skipgram.evaluation.questions import read_questions
from skipgram.evaluation.report import evaluate
from skipgram.evaluation.similarity import WORDSIM_353, RatedPair, read_pairs
from skipgram.vectors.word_vectors import WordVectors

RESAMPLES = 2_000
_AT_ONCE = 100
_QUESTIONS_AT_ONCE = 1024
_SAME = 1e-9
"""Scores by the same cosines and answers differ by the rounding of sums in float64 at most."""

Numbers = NDArray[np.float64]


def _is_syntactic(section: str) -> bool:
    return section.startswith("gram")


_KINDS = {"semantic": lambda section: not _is_syntactic(section), "syntactic": _is_syntactic}
"""Of the sections of Google's analogies."""


class ItemSet(Protocol):
    """Test items, all of whose words are known."""

    @property
    def name(self) -> str: ...

    def results(self, vectors: WordVectors) -> Numbers:
        """What vectors make of each item: shape (items,)."""

    def scores(self, results: Numbers, chosen: NDArray[np.intp]) -> Numbers:
        """The score of each resample: chosen has shape (resamples, items), of numbers of items."""


@dataclass(frozen=True, eq=False)
class Similarity:
    """Rated pairs; the result of one is its cosine, the score Spearman's rank correlation."""

    name: str
    pairs: list[RatedPair]
    ratings: Numbers

    @classmethod
    def of(cls, name: str, file: Path, vocabulary: Vocabulary) -> "Similarity":
        pairs = read_pairs(file)
        ids = look_up((word for pair in pairs for word in pair[:2]), vocabulary).ids
        words = {word: vocabulary.words[number] for word, number in ids.items()}
        pairs = [
            RatedPair(words[pair.one], words[pair.other], pair.rating)
            for pair in pairs
            if pair.one in words and pair.other in words
        ]
        return cls(name, pairs, np.array([pair.rating for pair in pairs]))

    def results(self, vectors: WordVectors) -> Numbers:
        return np.array([vectors.similarity(pair.one, pair.other) for pair in self.pairs])

    def scores(self, results: Numbers, chosen: NDArray[np.intp]) -> Numbers:
        ranks = [rankdata(values[chosen], axis=1) for values in (results, self.ratings)]
        one, other = (rank - rank.mean(axis=1, keepdims=True) for rank in ranks)
        products = (one * other).sum(axis=1)
        lengths = np.sqrt((one**2).sum(axis=1) * (other**2).sum(axis=1))
        return np.asarray(products / lengths)


@dataclass(frozen=True, eq=False)
class Analogies:
    """Questions by 3CosAdd among the first words; the result of one is 1 if it is right, or 0."""

    name: str
    asked: NDArray[np.intp]
    """shape (questions, 4), places among the candidates"""
    candidates: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        name: str,
        file: Path,
        vocabulary: Vocabulary,
        of_kind: Callable[[str], bool] = lambda section: True,
    ) -> "Analogies":
        candidates = vocabulary.by_count[:FIRST_WORDS]
        words = [vocabulary.words[number] for number in candidates.tolist()]
        questions = [
            question[1:5]
            for question in read_questions(file).questions
            if of_kind(question.section)
        ]
        first = Vocabulary(words, vocabulary.counts[candidates])
        place = look_up((word for words in questions for word in words), first).ids
        known = [words for words in questions if all(word in place for word in words)]
        asked = [[place[word] for word in words] for words in known]
        return cls(name, np.array(asked, np.intp), candidates)

    def results(self, vectors: WordVectors) -> Numbers:
        unit = vectors.unit[self.candidates]
        right = np.zeros(len(self.asked))
        for start in range(0, len(self.asked), _QUESTIONS_AT_ONCE):
            a, b, c, d = self.asked[start : start + _QUESTIONS_AT_ONCE].T
            scores = (unit[b] - unit[a] + unit[c]) @ unit.T
            for word in (a, b, c):
                scores[np.arange(len(scores)), word] = -np.inf
            right[start : start + len(scores)] = scores.argmax(axis=1) == d
        return right

    def scores(self, results: Numbers, chosen: NDArray[np.intp]) -> Numbers:
        return np.asarray(results[chosen].mean(axis=1))


@dataclass(frozen=True)
class Difference:
    """One system's score less another's, and where it lies with a confidence of 95 %."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:+.3f} [{self.low:+.3f}, {self.high:+.3f}]"


class Judge:
    """The test sets of one vocabulary, and what each training made of their items."""

    def __init__(
        self,
        data: Path,
        vocabulary: Vocabulary,
        *,
        with_men: bool = False,
        by_kind: bool = False,
    ) -> None:
        rated = {"WordSim-353": WORDSIM_353, "SimLex-999": find(data, "SimLex999.tsv")}
        if with_men:
            rated["MEN"] = find(data, "MEN-TR-3k.tsv")
        self._rated = list(rated.values())
        self.sets: tuple[ItemSet, ...] = (
            *(Similarity.of(name, file, vocabulary) for name, file in rated.items()),
            Analogies.of("analogies", GOOGLE_ANALOGIES, vocabulary),
            *(
                Analogies.of(name, GOOGLE_ANALOGIES, vocabulary, of_kind)
                for name, of_kind in (_KINDS.items() if by_kind else ())
            ),
        )

    def results(self, vectors: WordVectors) -> dict[str, Numbers]:
        """Item by item, set by set; checked against the package's own scores."""
        found = {items.name: items.results(vectors) for items in self.sets}
        report = evaluate(vectors, similarity=self._rated)
        expected = [score.correlation for score in report.similarity]
        expected += [score.accuracy for score in report.analogies]
        ours = list(self.scores(found).values())[: len(expected)]
        np.testing.assert_allclose(ours, expected, atol=_SAME)
        return found

    def scores(self, results: dict[str, Numbers]) -> dict[str, float]:
        """The score on each set, all items once."""
        return {
            items.name: float(items.scores(of, np.arange(len(of))[None])[0])
            for items in self.sets
            for of in [results[items.name]]
        }

    def mean_scores(self, trainings: Sequence[dict[str, Numbers]]) -> dict[str, float]:
        """The mean over seeds."""
        scores = [self.scores(results) for results in trainings]
        return {name: statistics.fmean(score[name] for score in scores) for name in scores[0]}

    def differences(
        self, ours: Sequence[dict[str, Numbers]], theirs: Sequence[dict[str, Numbers]]
    ) -> dict[str, Difference]:
        """Ours less theirs on each set: the means over seeds, items resampled for both at once."""
        return {
            items.name: _difference(
                items,
                [results[items.name] for results in ours],
                [results[items.name] for results in theirs],
            )
            for items in self.sets
        }


def _difference(
    items: ItemSet, ours: Sequence[Numbers], theirs: Sequence[Numbers], seed: int = 1
) -> Difference:
    def means(chosen: NDArray[np.intp]) -> Numbers:
        one, other = (
            np.mean([items.scores(results, chosen) for results in system], axis=0)
            for system in (ours, theirs)
        )
        return np.asarray(one - other)

    count, random = len(ours[0]), np.random.default_rng(seed)
    resampled = np.concatenate(
        [means(random.integers(0, count, (_AT_ONCE, count))) for _ in range(RESAMPLES // _AT_ONCE)]
    )
    low, high = np.percentile(resampled, [2.5, 97.5])
    return Difference(float(means(np.arange(count)[None])[0]), float(low), float(high))


def told(scores: dict[str, float]) -> str:
    """Scores by name, on one line."""
    return "  ".join(f"{name} {score:.3f}" for name, score in scores.items())
