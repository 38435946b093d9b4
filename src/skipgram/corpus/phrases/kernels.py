"""Neighbours on a line, compiled: how often each pair occurs, and pairs made into one token.

A pair (a, b) of word numbers is one key, a·2³² + b, in which bits are flipped that the process has
drawn: nobody can choose pairs that share a slot. A table of pairs has shape (slots, 2), int64,
slots a power of two: a slot holds a key and a value that is never 0, or zeros while it is free. A
key is in the first slot from its hash on that was free when it was added (open addressing, linear
probing), and at most 3/4 of the slots are used. So a look-up mostly touches one line of the
processor's cache.

Lines extend over chunks, so each kernel takes the last word of the previous chunk if its line is
open, and returns its own; `NONE` if there is none. finding.py says what chunks are.
"""

from typing import Any

import numpy as np

from skipgram.kernels.compiling import allocating, inlined, kernel

NONE = -1
"""In place of a word's number: the line has just begun."""

_STEPS = 1 << 16
"""The bound on forgotten pairs is searched for over this many values at a time."""


@kernel
def count_pairs(
    numbers: Any,  # (n,) int32
    line_ends: Any,  # (m,) int64
    is_frequent: Any,  # (types,) bool
    most_pairs: int,
    last: int,
    table: Any,  # (slots, 2) int64: the value is how often the pair has been seen
    missed: Any,  # (slots,) int64: and how often at most before it came in; or empty, for never
    used: int,
    bound: int,
    turned: int,
) -> tuple[int, Any, Any, int, int]:
    """Count one chunk's pairs of frequent words into the table, which grows as it must.

    A table of `most_pairs` pairs grows no more. The next new pair raises `bound`
    until at most half of the pairs may have been seen more often, and the others
    are forgotten. A pair that is not in the table has been seen `bound` times at
    most, so that is what a pair may have missed when it comes in. That happens
    at the same token however the corpus is cut.

    Returns (last, table, missed, used, bound), for the next chunk.

    Source: Manku & Motwani 2002, lossy counting; there the bound rises by one a
    fixed number of items, here when the table is full.
    """
    line = 0
    for position in range(len(numbers)):
        while line < len(line_ends) and line_ends[line] == position:
            last = NONE
            line += 1
        word: Any = np.int64(numbers[position])
        if not is_frequent[word]:
            last = NONE
            continue
        if last != NONE:
            key = _key(last, word, turned)
            slot = _slot(table, key)
            if table[slot, 1] == 0:
                if used == most_pairs:
                    if len(missed) == 0:
                        missed = np.zeros(len(table), np.int64)
                    bound = _raised_bound(table, missed, bound, most_pairs // 2)
                    used = _forget(table, missed, bound)
                    slot = _slot(table, key)
                elif 4 * (used + 1) > 3 * len(table):
                    table = _grown(table)
                    slot = _slot(table, key)
                table[slot, 0] = key
                if len(missed) > 0:
                    missed[slot] = bound
                used += 1
            table[slot, 1] += 1
        last = word
    if line < len(line_ends):
        last = NONE
    return last, table, missed, used, bound


@kernel
def phrase_table(first: Any, second: Any, turned: int) -> Any:
    """The table of the pairs (first[i], second[i]), all different, with i + 1 for value."""
    slots = 2
    while slots < 2 * len(first):
        slots *= 2
    table = np.zeros((slots, 2), np.int64)
    for index in range(len(first)):
        key = _key(np.int64(first[index]), np.int64(second[index]), turned)
        slot = _slot(table, key)
        table[slot, 0], table[slot, 1] = key, index + 1
    return table


@kernel
def join_pairs(
    numbers: Any,  # (n,) int32
    line_ends: Any,  # (m,) int64
    begins_phrase: Any,  # (types,) bool
    table: Any,  # of `phrase_table`
    last: int,
    turned: int,
) -> tuple[Any, Any, int]:
    """(numbers, line ends, last) of a chunk in which phrase i is one token, types + i.

    From left to right: a word is written when its right neighbour is known, with
    it or without it.
    """
    types = len(begins_phrase)
    joined = np.empty(len(numbers) + 1, np.int32)
    joined_ends = np.empty(len(line_ends), np.int64)
    written, line = 0, 0
    for position in range(len(numbers) + 1):
        while line < len(line_ends) and line_ends[line] == position:
            if last != NONE:
                joined[written] = last
                written += 1
                last = NONE
            joined_ends[line] = written
            line += 1
        if position == len(numbers):
            break
        word: Any = np.int64(numbers[position])
        if last != NONE:
            value = 0
            if begins_phrase[last]:  # most words do not, and are spared the look-up
                value = table[_slot(table, _key(last, word, turned)), 1]
            if value > 0:
                joined[written] = types + value - 1
                word = NONE  # a token that was joined is not joined again
            else:
                joined[written] = last
            written += 1
        last = word
    return joined[:written], joined_ends, last


@inlined
def _key(first: int, second: int, turned: int) -> int:
    return (first << 32 | second) ^ turned


@inlined
def _slot(table: Any, key: int) -> Any:
    """The slot of the key, or else the free slot where it belongs."""
    mask = len(table) - 1
    slot = np.int64(_mix(np.uint64(key)) & np.uint64(mask))
    while table[slot, 1] != 0 and table[slot, 0] != key:
        slot = (slot + 1) & mask
    return slot


@allocating
def _grown(table: Any) -> Any:
    """The same pairs among twice as many slots."""
    grown = np.zeros((2 * len(table), 2), np.int64)
    for old in range(len(table)):
        if table[old, 1] != 0:
            slot = _slot(grown, table[old, 0])
            grown[slot, 0], grown[slot, 1] = table[old, 0], table[old, 1]
    return grown


@allocating
def _raised_bound(table: Any, missed: Any, bound: int, most: int) -> int:
    """The least number that at most `most` pairs may have been seen more often than.

    All of the pairs may have been seen more often than `bound`.
    """
    pairs = np.empty(_STEPS + 1, np.int64)
    while True:
        pairs[:] = 0  # pairs[s]: those that may have been seen bound + s times, or s = _STEPS more
        for slot in range(len(table)):
            if table[slot, 1] != 0:
                above = table[slot, 1] + missed[slot] - bound
                pairs[max(0, min(above, _STEPS))] += 1
        more_often = pairs[1:].sum()
        for step in range(1, _STEPS):
            more_often -= pairs[step]
            if more_often <= most:
                return bound + step
        bound += _STEPS - 1


@inlined
def _forget(table: Any, missed: Any, bound: int) -> int:
    """Leave out the pairs that were seen `bound` times at most; how many are left.

    In place, so that no second table is needed: slot by slot from a free one on, each pair is taken
    out and, if it stays, put back. Its search from its hash visits slots that are done already, and
    ends at its old slot at the latest, which has just become free.
    """
    mask = len(table) - 1
    free = 0
    while table[free, 1] != 0:
        free += 1
    left = 0
    for step in range(1, len(table)):
        old = (free + step) & mask
        key, count, before = table[old, 0], table[old, 1], missed[old]
        if count == 0:
            continue
        table[old, 1] = 0
        if count + before > bound:
            slot = _slot(table, key)
            table[slot, 0], table[slot, 1], missed[slot] = key, count, before
            left += 1
    return left


@inlined
def _mix(bits: Any) -> Any:
    """SplitMix64's finaliser, as in equations/draws.py: each bit depends on all that are given."""
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
