"""An epoch in blocks: what a thread trains at a time."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Block:
    """Tokens start..stop of the corpus, in one epoch (from 0)."""

    epoch: int
    start: int
    stop: int
    done: int
    """tokens that the epoch trains before this block"""

    @property
    def done_after(self) -> int:
        """Tokens that the epoch has trained when this block is through."""
        return self.done + self.stop - self.start


def blocks(ranges: NDArray[np.int64], length: int, epoch: int, done: int = 0) -> Iterator[Block]:
    """The ranges of tokens in blocks of at most `length`, from where `done` tokens are trained.

    ranges: shape (ranges, 2), rising. How they are cut changes no sample, only
    who draws it.
    """
    before = 0
    for first, last in ranges.tolist():
        skipped = min(max(0, done - before), last - first)
        before += skipped
        for start in range(first + skipped, last, length):
            block = Block(epoch, start, min(start + length, last), before)
            yield block
            before = block.done_after


@dataclass(frozen=True)
class Loss:
    """A running mean over scored pairs, in nats a pair."""

    total: float = 0.0
    scored_pairs: int = 0
    pairs: int = 0
    shortened_pairs: int = 0
    """whose step would have been too long to be stable"""

    def __add__(self, other: "Loss") -> "Loss":
        return Loss(
            self.total + other.total,
            self.scored_pairs + other.scored_pairs,
            self.pairs + other.pairs,
            self.shortened_pairs + other.shortened_pairs,
        )

    @property
    def mean(self) -> float:
        """Nats a pair, or nan where none was scored."""
        return self.total / self.scored_pairs if self.scored_pairs else math.nan
