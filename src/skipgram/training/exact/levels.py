"""Coarse to fine: sweeps over the most frequent words first, then over four times as many.

From random vectors the first sweeps lower the objective little, and over all words they cost as
much as the last. Over few words they cost next to nothing: with a quarter of the words, a
sixteenth. So the most frequent words are fitted first; the next ones are folded in, and all of
them are fitted together from there.
"""

import math
from dataclasses import dataclass

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.cooccurrence.cutting import cut
from skipgram.errors import SettingsError
from skipgram.settings import Settings

GROWTH = 4
"""How many times the words of a level the next one has."""
LEAST_WORDS = 1_000
"""Levels are added below the whole vocabulary while they have this many words or more."""
SHARE, MIDDLING_SHARE, LARGE_SHARE = 0.375, 0.25, 0.1875
"""Of `sweeps`: what a level takes, if there are several; the last, if it is middling or large."""
MIDDLING, LARGE = 10_000, 30_000
"""More words than this; the rare words of a large level have few pairs, and need shorter steps."""
CLIMBING_PASSES = 3
"""Steps that fold the next level's words in, where its sweeps begin; they need not converge."""


@dataclass(frozen=True)
class Level:
    """Sweeps over the most frequent words."""

    words: int
    sweeps: int
    """at most"""


def levels_of(vocab_size: int, settings: Settings) -> tuple[Level, ...]:
    """The levels of a training from random vectors, by its vocabulary; the last has all words."""
    sizes = [exact_words(vocab_size, settings)]
    wanted = settings.training.levels
    while len(sizes) < wanted if wanted else sizes[0] >= GROWTH * LEAST_WORDS:
        sizes.insert(0, -(-sizes[0] // GROWTH))
    if len(set(sizes)) < len(sizes):
        raise SettingsError(
            f"levels (--levels) {wanted} are too many for {sizes[-1]:,} words, since each has a "
            f"quarter of the next one's: choose fewer, or 0, which chooses by the vocabulary"
        )
    *smaller, last = sizes
    sweeps = settings.training.sweeps
    if not smaller:
        return (Level(last, sweeps),)
    below = tuple(Level(words, math.ceil(SHARE * sweeps)) for words in smaller)
    share = LARGE_SHARE if last > LARGE else MIDDLING_SHARE if last > MIDDLING else SHARE
    return (*below, Level(last, math.ceil(share * sweeps)))


def exact_words(vocab_size: int, settings: Settings) -> int:
    """How many words are fitted together."""
    bound = settings.model.softmax_vocabulary
    return min(bound, vocab_size) if bound else vocab_size


def with_pairs(
    levels: tuple[Level, ...], counts: Cooccurrence, settings: Settings
) -> tuple[Level, ...]:
    """The levels from the first one on in which two words occur together, or the last alone."""
    while len(levels) > 1:
        chosen = counts.vocabulary.by_count[: levels[0].words]
        if cut(counts.matrix, chosen, chosen).nnz:
            break
        levels = levels[1:]
    return levels if len(levels) > 1 else (Level(levels[0].words, settings.training.sweeps),)
