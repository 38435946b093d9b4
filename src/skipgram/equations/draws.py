"""Randomness by counter: (seed, epoch, position, draw) -> 64 bits.

Every position of every epoch has its own stream, so a sample depends on where a
word is and on nothing else: not on the thread that trains it, the blocks that the
corpus was cut into, or earlier draws. Runs can be sharded, resumed and replayed
with no state to carry along.

These are the slow twins, in plain integers, of the draws in the compiled kernels;
the tests replay trainings with them.

Source: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number
generators": SplitMix64, here as a hash of a hash.
"""

import numpy as np
from numpy.typing import NDArray

_WORD = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: SplitMix64's step from draw to draw."""

# What each draw of a position's stream decides.
KEEP = 0
WIDTH = 1
SCORE = 2
NEGATIVES = 3
"""The first of the draws for negatives; every redraw takes the next one."""


def mix(bits: int) -> int:
    """SplitMix64's finaliser, a bijection: every output bit depends on every input bit."""
    bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & _WORD
    return bits ^ (bits >> 31)


def epoch_key(seed: int, epoch: int) -> int:
    """The key of one epoch's streams."""
    return mix((mix(seed & _WORD) + epoch * GOLDEN) & _WORD)


def position_stream(key: int, position: int) -> int:
    """The stream of one position of the corpus in the epoch of `key`."""
    return mix((key + position * GOLDEN) & _WORD)


def draw(stream: int, number: int) -> int:
    """The 64 bits of draw `number` (from 0) of a stream."""
    return mix((stream + (number + 1) * GOLDEN) & _WORD)


def below(bits: int, bound: int) -> int:
    """An integer in [0, bound) from the upper 32 of 64 bits, for bounds up to 2^16.

    The deviation from uniform is at most bound / 2^32 of each share.
    """
    return ((bits >> 32) * bound) >> 32


def chance_threshold(probability: float) -> int:
    """The largest upper 32 bits of a draw that mean yes, for a chance in (0, 1].

    Exact for 1 (always yes) and to 2^-32 otherwise.
    """
    return max(0, min(1 << 32, round(probability * 2.0**32)) - 1)


def chance_thresholds(probabilities: NDArray[np.float64]) -> NDArray[np.uint32]:
    """`chance_threshold` of each, shape (n,)."""
    most: NDArray[np.float64] = np.clip(np.rint(probabilities * 2.0**32), 1, 2.0**32) - 1
    return most.astype(np.uint32)
