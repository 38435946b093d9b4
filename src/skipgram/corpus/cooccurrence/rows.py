"""Rows of counts from one chunk of a text: those of all words, or of some of them."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.kernels import LEAST_REACH, expected_rows, positions_by_word
from skipgram.corpus.cooccurrence.parts import Part
from skipgram.equations import keep_probability
from skipgram.settings.window_rule import WindowRule
from skipgram.system.threads import OrderedThreads

CHUNK_TOKENS = 1 << 25
"""Positions that are sorted at a time: 160 MB."""
ROW_BLOCKS = 256
"""In a chunk, with about as many positions each: a thread takes one at a time."""
_STEPS_AT_ONCE = 1 << 12


class Walk(NamedTuple):
    """How `expected_rows` walks from a center word."""

    keep: NDArray[np.float64]
    weights: NDArray[np.float64]
    closes_up: bool
    goes_left: bool
    goes_right: bool

    @classmethod
    def of(cls, rule: WindowRule, counts: NDArray[np.int64]) -> "Walk":
        """By a rule, over words that are seen so often."""
        keep = np.ones(len(counts))
        if rule.subsample:
            keep = keep_probability(counts, rule.subsample)
        closes_up = rule.closes_up and bool((keep < 1).any())
        return cls(keep, distance_weights(rule), closes_up, rule.goes_left, rule.goes_right)

    def most_steps(self, ids: NDArray[np.int32]) -> int:
        """How many of these tokens a walk sees at most, if they follow its center word."""
        if not self.closes_up:
            return min(len(ids), len(self.weights))
        between = np.zeros(len(self.weights))
        between[0] = 1.0
        for begin in range(0, len(ids), _STEPS_AT_ONCE):
            for step, chance in enumerate(self.keep[ids[begin : begin + _STEPS_AT_ONCE]], begin):
                passed = between * (1.0 - chance)
                passed[1:] += between[:-1] * chance
                between = passed
                if between @ self.weights < LEAST_REACH / 2:  # the kernel may round otherwise
                    return step + 1
        return len(ids)


def distance_weights(rule: WindowRule) -> NDArray[np.float64]:
    """a(1), ..., a(window): how much the outside word at each distance counts."""
    distances = np.arange(1, rule.window + 1)
    if rule.window_width == "random":
        return (rule.window - distances + 1) / rule.window
    return np.ones(rule.window) if rule.width_is_fixed else 1 / distances


def chunks_of(ranges: NDArray[np.int64], most: int) -> Iterator[NDArray[np.int64]]:
    """The ranges within each `most` tokens of text: many short ones are one chunk."""
    starts, stops = ranges.T
    for start in range(0, int(stops.max(initial=0)), most):
        stop = start + most
        inside = ranges[(starts < stop) & (stops > start)]
        if len(inside):
            yield inside.clip(start, stop)


def surroundings(
    ids: NDArray[np.int32], line_ends: NDArray[np.int64], ranges: NDArray[np.int64], walk: Walk
) -> tuple[int, int]:
    """From where to where a chunk's walks go: the text beyond changes none of its counts.

    The walk that goes furthest begins at the chunk's border: others pass more words before.
    """
    start, stop, _, first, last = _place(line_ends, ranges)
    before, after = ids[first:start][::-1], ids[stop:last]
    return start - walk.most_steps(before), stop + walk.most_steps(after)


def counted_rows(
    ids: NDArray[np.int32],
    line_ends: NDArray[np.int64],
    ranges: NDArray[np.int64],
    walk: Walk,
    workers: OrderedThreads,
    *,
    words: tuple[int, int] | None = None,
    observe: Callable[[int], None] = lambda positions: None,
) -> Part:
    """The pairs whose center words are in the ranges, which rise, and from words[0] to words[1].

    observe: called with the positions that are done since.
    """
    start, stop, inside, first, last = _place(line_ends, ranges)
    vocab_size = len(walk.keep)
    words = words or (0, vocab_size)
    ends_line = np.zeros(stop - start, np.bool_)
    ends_line[line_ends[inside] - start - 1] = True
    starts, positions = positions_by_word(ids, ranges, vocab_size, *words)
    borders = np.searchsorted(starts, np.linspace(0, len(positions), ROW_BLOCKS + 1)[1:-1])
    borders = np.unique([words[0], *borders.clip(*words), words[1]])

    def count(block: tuple[int, int]) -> Any:
        return expected_rows(ids, start, ends_line, first, last, starts, positions, *block, *walk)

    blocks = list(zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True))
    rows = []
    for (first_word, last_word), counted in workers.map(count, blocks):
        rows.append(counted)
        observe(int(starts[last_word] - starts[first_word]))
    return Part.of(rows)


def _place(
    line_ends: NDArray[np.int64], ranges: NDArray[np.int64]
) -> tuple[int, int, slice, int, int]:
    """A chunk: its first token, its end, the line ends inside, where its lines begin and end."""
    start, stop = int(ranges[0, 0]), int(ranges[-1, 1])
    inside = slice(*np.searchsorted(line_ends, [start, stop], "right").tolist())
    first = int(line_ends[inside.start - 1]) if inside.start else 0
    last = int(line_ends[np.searchsorted(line_ends, stop)])
    return start, stop, inside, first, last
