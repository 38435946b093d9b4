"""Scores by how frequent words are: rare words are harder, and few sets ask for them."""

from typing import NamedTuple

import numpy as np

from skipgram.evaluation.resampling import RESAMPLES
from skipgram.evaluation.scores import NOT_KNOWN, Measure, Score, measures_of

BORDERS = (1_000, 5_000, 20_000, 100_000)
"""Ranks by frequency."""


class Band(NamedTuple):
    """A set's first measure over the items whose rarest word lies in a band of ranks."""

    first: int
    """its most frequent word's rank, from 1 on"""
    last: int | None
    """None for all that follow"""
    known: int
    """items in the band"""
    measure: Measure

    @property
    def name(self) -> str:
        """As "1,001 to 5,000"."""
        if self.last is None:
            return f"beyond {self.first - 1:,}"
        return f"{self.first:,} to {self.last:,}"


def bands(
    score: Score, borders: tuple[int, ...] = BORDERS, *, resamples: int = RESAMPLES
) -> list[Band]:
    """One a band, also those without an item; words made from their spelling are in the last."""
    ranks, found, before = score.outcome.ranks, [], 0
    for border in (*borders, None):
        last = NOT_KNOWN if border is None else border
        inside = score.outcome.at(np.flatnonzero((ranks > before) & (ranks <= last)))
        measure = measures_of(inside, resamples)[0]
        found.append(Band(before + 1, border, len(inside.asked), measure))
        before = last
    return found
