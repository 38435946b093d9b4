"""Parts of a test set: by how frequent the words are, and by the set's own sections.

Rare words are harder, and few sets ask for them; a capital is easier to tell than a comparative. A
score of the whole set hides both.
"""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.evaluation.analogies import AnalogyScore
from skipgram.evaluation.paired import Mean, each_alone, on_common_items
from skipgram.evaluation.scores import NOT_KNOWN, Measure, Score, measures_of
from skipgram.vectors.given import whole_number

BORDERS = (1_000, 5_000, 20_000, 100_000)
"""Ranks by frequency."""
_SYNTACTIC = "gram"
"""How the names of Google's syntactic sections begin."""


class Part(NamedTuple):
    """Some items of a set."""

    name: str
    items: NDArray[np.intp]
    """their numbers in the set, rising; unknown ones need not be among them"""
    total: int | None = None
    """items of the set that belong to it; None where that depends on the vectors"""


@dataclass(frozen=True)
class PartScore:
    """A set's first measure over a part of its items: the mean over a system's trainings."""

    system: str
    """empty where there is only one set of vectors"""
    set_name: str
    part: str
    """as "1,001 to 5,000" or "family\""""
    known: int
    """items asked and scored, of all trainings"""
    total: int | None
    """items of the part; None where that depends on the vectors"""
    measure: Measure
    deviation: float | None = None
    """standard deviation over trainings; None for one"""


def frequency_bands(score: Score, borders: Sequence[int] = BORDERS) -> list[Part]:
    """The items whose rarest word lies in a band of ranks, from 1, the most frequent, on.

    Bands without items are there too. Words made from their spelling are in the last. A held-out
    text has no bands: each of its pieces holds frequent and rare words.
    """
    for lesser, greater in pairwise([0, *borders]):
        if whole_number("borders", greater, 1) <= lesser:
            raise SettingsError(f"borders must rise, and {greater:,} follows {lesser:,}")
    if not score.outcome.has_ranks:
        return []
    ranks, found, before = score.outcome.ranks, [], 0
    for border in (*borders, None):
        last = NOT_KNOWN if border is None else border
        inside = score.outcome.asked[(ranks > before) & (ranks <= last)]
        name = f"beyond {before:,}" if border is None else f"{before + 1:,} to {border:,}"
        found.append(Part(name, inside))
        before = last
    return found


def sections_of(score: Score) -> list[Part]:
    """The sections of analogies; none of other sets, or of a set without sections.

    Google's semantic and syntactic sections, the latter named "gram...", each together come last.
    """
    if not isinstance(score, AnalogyScore) or len(score.sections) < 2:
        return []
    section_of, names = score.section_of, score.sections
    parts = [Part(name, *_with_total(section_of == number)) for number, name in enumerate(names)]
    is_syntactic = np.array([name.startswith(_SYNTACTIC) for name in names])
    if is_syntactic.any() and not is_syntactic.all():
        for kind, are_meant in {"semantic": ~is_syntactic, "syntactic": is_syntactic}.items():
            parts.append(Part(f"all {kind}", *_with_total(are_meant[section_of])))
    return parts


def part_scores(
    of_set: Mapping[str, Sequence[Score]], parts: Sequence[Part], resamples: int
) -> Iterator[PartScore]:
    """Of each part and system, over the items that all of its trainings know.

    of_set: by the name of each system, the score of each of its trainings.
    """
    for part in parts:
        for system, trainings in of_set.items():
            outcomes = [
                outcome.among(part.items)
                for outcome in on_common_items([score.outcome for score in trainings])
            ]
            measure = measures_of(Mean(outcomes), resamples)[0]
            values = [value for value in each_alone(outcomes)[0] if math.isfinite(value)]
            yield PartScore(
                system,
                trainings[0].name,
                part.name,
                len(outcomes[0].asked),
                part.total,
                measure,
                statistics.stdev(values) if len(values) > 1 else None,
            )


def _with_total(are_meant: NDArray[np.bool_]) -> tuple[NDArray[np.intp], int]:
    items = np.flatnonzero(are_meant)
    return items, len(items)
