"""What every score is made of: its measures, what they cover, and what became of each item."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.evaluation.resampling import Interval, Numbers, Resampled, estimates, shown
from skipgram.vectors.asked import enumeration

NOT_KNOWN = np.iinfo(np.int64).max
"""The rank of a word that is not in the vocabulary."""


class Malformed(NamedTuple):
    """Lines of a test set that could not be read."""

    lines: int = 0
    first: str = ""
    """its place and what it holds"""


_NONE = Malformed()


@dataclass(frozen=True)
class Coverage:
    """How much of a test set was asked, and how its words were found."""

    items: str
    """what the set consists of: "pairs", "questions", ..."""
    known: int
    """those asked and scored: all their words are known"""
    total: int
    first_words: int | None = None
    """how many of the most frequent words items and answers are restricted to; None for all"""
    words_in_lower_case: int = 0
    """test words found only in lower case"""
    words_ignoring_case: int = 0
    """test words found only with case ignored, as the vocabulary's most frequent form"""
    merged: int = 0
    """items left out: words of theirs differ only in case, and the vocabulary has one for both"""
    zero_words: tuple[str, ...] = ()
    """words whose items are left out, because a vector of zeros has no direction"""
    words_spelled: int = 0
    """unknown test words whose vectors were made from their spelling"""
    words_dropped: int = 0
    """unknown words of items that are asked without them"""
    repeated: int = 0
    """items that stand in the set more than once, and count each time"""
    malformed: Malformed = _NONE
    replaced: int = 0
    """sequences of a text that are not UTF-8"""

    @property
    def share(self) -> float:
        """In 0..1."""
        return self.known / self.total if self.total else 0.0

    def notes(self) -> list[str]:
        """What a reader must know of how words were found and what was left out."""
        counts = {
            "words found only in lower case": self.words_in_lower_case,
            "words found only with case ignored, as the most frequent form": (
                self.words_ignoring_case
            ),
            f"{self.items} left out whose words differ only in case": self.merged,
            "words left out whose vector is zero": len(self.zero_words),
            "unknown words made from their spelling": self.words_spelled,
            "unknown words that clusters were asked without": self.words_dropped,
            f"{self.items} that occur more than once": self.repeated,
            "lines that could not be read": self.malformed.lines,
            "sequences that are not UTF-8, and were replaced": self.replaced,
        }
        examples = {
            "words left out whose vector is zero": enumeration(list(map(repr, self.zero_words))),
            "lines that could not be read": f"the first is {self.malformed.first}",
        }
        return [
            f"{note}: {count:,}" + (f" ({examples[note]})" if note in examples else "")
            for note, count in counts.items()
            if count
        ]


class Measure(NamedTuple):
    """One number about one set."""

    name: str
    value: float | None
    """None if there is none: too few items are known, or all of them are alike"""
    interval: Interval | None
    """where it lies with a confidence of 95 %, were the set's items drawn again"""


@dataclass(frozen=True, eq=False)
class Outcome(ABC):
    """What became of each item that was asked: enough to score any choice of them again."""

    asked: NDArray[np.intp]
    """shape (asked,): their numbers in the set, rising"""
    ranks: NDArray[np.int64]
    """shape (asked,): by frequency of each one's rarest word, from 1 on; `NOT_KNOWN` if spelled"""

    names: ClassVar[tuple[str, ...]]
    """of the measures"""
    lower_is_better: ClassVar[bool] = False
    items_tell: ClassVar[bool] = True
    """whether drawing items again tells if two systems differ"""
    no_interval: ClassVar[tuple[str, ...]] = ()
    """measures of which draws of items do not show how sure they are"""
    has_ranks: ClassVar[bool] = True
    """whether an item is a few words, of which the rarest says how frequent all are"""

    @property
    def basis(self) -> str:
        """What other outcomes must share to be compared with this one, beside its items."""
        return ""

    @property
    @abstractmethod
    def units(self) -> int:
        """How many things are drawn again."""

    @property
    def strata(self) -> NDArray[np.intp] | None:
        """Kinds of units, each drawn from apart: shape (units,)."""
        return None

    @abstractmethod
    def __call__(self, weights: Numbers) -> Numbers:
        """Every measure of every draw, shape (measures, draws); nan where there is none.

        weights: shape (draws, units), how often each unit was drawn.
        """

    def first(self, weights: Numbers) -> Numbers:
        """The first measure alone, shape (draws,)."""
        return np.asarray(self(weights)[0])

    @abstractmethod
    def at(self, places: NDArray[np.intp]) -> Self:
        """The outcome of some of the items, given by their places in `asked`, rising."""

    def among(self, items: NDArray[np.intp]) -> Self:
        """The outcome of those items of the set that are among these."""
        return self.at(np.flatnonzero(np.isin(self.asked, items)))


class OfSet(Protocol):
    """What is told of a set, by its name."""

    @property
    def set_name(self) -> str:
        """Whose it is."""


Row = TypeVar("Row", bound=OfSet)


@dataclass(frozen=True)
class Score:
    """What vectors make of a test set."""

    name: str
    coverage: Coverage
    measures: tuple[Measure, ...]
    outcome: Outcome = field(repr=False, compare=False)

    @property
    def value(self) -> float | None:
        """Of the first measure, which is the one to compare."""
        return self.measures[0].value

    @property
    def interval(self) -> Interval | None:
        """Of the first measure."""
        return self.measures[0].interval


class Measured(Resampled, Protocol):
    """What one training made of the items, or several together."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the measures."""

    @property
    def no_interval(self) -> tuple[str, ...]:
        """Measures of which draws of items do not show how sure they are."""


def measures_of(outcome: Measured, resamples: int) -> tuple[Measure, ...]:
    """All measures of an outcome with their intervals; resamples: 0 for no intervals."""
    if not outcome.units:
        return tuple(Measure(name, None, None) for name in outcome.names)
    return tuple(
        Measure(name, estimate.value, None if name in outcome.no_interval else estimate.interval)
        for name, estimate in zip(outcome.names, estimates(outcome, resamples), strict=True)
    )


def ranks_of(ids: NDArray[np.integer], by_count: NDArray[np.integer]) -> NDArray[np.int64]:
    """The rank by frequency of the rarest word of each item, from 1 on.

    ids: shape (items, words of one), -1 where a word is not in the vocabulary. by_count: shape
    (vocabulary,), ids by falling count.
    """
    rank = np.empty(len(by_count) + 1, np.int64)
    rank[by_count] = np.arange(1, len(by_count) + 1)
    rank[-1] = NOT_KNOWN
    ranks: NDArray[np.int64] = rank[ids].max(axis=1, initial=0)
    return ranks


def named_once(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Each with the name of its set, if that is another one than before."""
    before = ""
    for row in rows:
        yield row.set_name if row.set_name != before else "", row
        before = row.set_name


def repeats(items: Sequence[object]) -> int:
    """How many items have stood there before."""
    return len(items) - len(set(items))


def policy(coverages: Iterable[Coverage]) -> list[str]:
    """What happens to items with unknown words, if there are any."""
    if all(of.known == of.total for of in coverages):
        return []
    return ["items that are not covered have an unknown word, and are left out"]


def covered(of: Coverage) -> str:
    """As "297 of 353"; what the items are, the measure says."""
    return f"{of.known:,} of {of.total:,}"


def interval_shown(interval: Interval | None) -> str:
    """As ".612 to .705"."""
    return "" if interval is None else f"{shown(interval.low)} to {shown(interval.high)}"
