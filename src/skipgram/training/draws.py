"""What a kernel trains on: the words that subsampling keeps, windows, and negatives, compiled.

Every draw is a hash of (seed, epoch, position, draw). The slow twins are in
equations/draws.py, equations/windows.py and noise.py; tests hold both to the same
samples.
"""

from typing import Any, NamedTuple

import numpy as np

from skipgram.kernels.compiling import inlined

# The numbers of equations/draws.py and noise.py, repeated: a cached kernel sees no other file.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
KEEP, WIDTH, SCORE, NEGATIVES = (np.uint64(number) for number in range(4))
_SHARE_BITS = np.uint64(24)
_MAX_TRIES = 32

LINE_END = -1
"""Separates the words of two lines; no window crosses it."""
HALF = np.uint64(32)
_ONE = np.uint64(1)


class Draws(NamedTuple):
    """What an epoch's draws depend on."""

    keep_thresholds: Any
    """(vocab_size,) uint32: chance_threshold of keeping each word"""
    noise_table: Any
    """(vocab_size, 2) int32: see `Noise`"""
    noise: Any
    """(vocab_size,) float64: P_n"""
    key: Any
    """uint64: the epoch's"""
    window: int
    width_is_fixed: bool
    score_threshold: Any
    """uint64: chance_threshold of a group's loss being summed"""


class Rates(NamedTuple):
    """The learning rate at each position of a block."""

    first: float
    """at position `start`"""
    slope: float
    """its change from one position to the next"""
    start: int


@inlined
def rate_at(rates: Any, position: int) -> Any:
    return rates.first + rates.slope * (position - rates.start)


@inlined
def is_scored(stream: Any, draws: Any) -> Any:
    """Whether the loss of a position's group is summed."""
    return draw(stream, SCORE) >> HALF <= draws.score_threshold


@inlined
def kept_words(
    ids: Any,
    line_ends: Any,
    start: int,
    stop: int,
    keep_thresholds: Any,
    key: Any,
    window: int,
    words: Any,
    positions: Any,
) -> tuple[int, int]:
    """Fill `words` and `positions` with what subsampling keeps of start..stop, and around it.

    What it keeps of the block is at the indices from `window` to the first number
    returned; before and after that, up to the second number, are as many neighbours
    as a window can reach.
    """
    line = np.searchsorted(line_ends, start, side="right")
    line_start = line_ends[line - 1] if line > 0 else 0
    words[:window] = LINE_END
    place, position = window - 1, start - 1
    while place >= 0 and position >= line_start:
        if is_kept(ids, keep_thresholds, key, position):
            words[place], positions[place] = ids[position], position
            place -= 1
        position -= 1

    place = window
    for position in range(start, stop):
        if position == line_ends[line]:
            words[place] = LINE_END
            place += 1
            line += 1
        if is_kept(ids, keep_thresholds, key, position):
            words[place], positions[place] = ids[position], position
            place += 1
    last = place

    position = stop
    while place < last + window and line < len(line_ends) and position < line_ends[line]:
        if is_kept(ids, keep_thresholds, key, position):
            words[place], positions[place] = ids[position], position
            place += 1
        position += 1
    words[place] = LINE_END
    return last, place


@inlined
def centers(words: Any, place: int, width: int, centers: Any) -> int:
    """Fill `centers` with the words up to `width` away on the line, in order; their number."""
    first = place
    while first > place - width and words[first - 1] != LINE_END:
        first -= 1
    M = 0
    for neighbour in range(first, place):
        centers[M] = words[neighbour]
        M += 1
    for neighbour in range(place + 1, place + 1 + width):
        if words[neighbour] == LINE_END:
            break
        centers[M] = words[neighbour]
        M += 1
    return M


@inlined
def draw_negatives(stream: Any, table: Any, noise: Any, drawn: Any, row: int, count: int) -> None:
    """Fill drawn[row, 1:1 + count] with draws of P_n given that they are not drawn[row, 0]."""
    o = np.int64(drawn[row, 0])
    number = NEGATIVES
    share_mask = (_ONE << _SHARE_BITS) - _ONE
    for j in range(1, 1 + count):
        word, tries = o, 0
        while word == o:
            bits = draw(stream, number)
            number += _ONE
            if tries == _MAX_TRIES:
                word = draw_beside(o, bits, noise)
                break
            slot = np.int64(((bits >> _SHARE_BITS) * np.uint64(len(table))) >> (64 - _SHARE_BITS))
            kept = np.int64(bits & share_mask) < table[slot, 0]
            word = slot if kept else np.int64(table[slot, 1])
            tries += 1
        drawn[row, j] = word


@inlined
def draw_beside(o: int, bits: Any, noise: Any) -> int:
    """A draw of P_n given that it is not o, word by word: for an o with nearly all the mass."""
    left = np.float64(bits >> np.uint64(11)) * 2.0**-53 * (1.0 - noise[o])
    word = o
    for candidate in range(len(noise)):
        if candidate == o or noise[candidate] == 0.0:
            continue
        word = candidate
        left -= noise[candidate]
        if left < 0.0:
            break
    return word


@inlined
def is_kept(ids: Any, keep_thresholds: Any, key: Any, position: int) -> bool:
    bits = draw(stream(key, position), KEEP)
    return bool(bits >> HALF <= np.uint64(keep_thresholds[ids[position]]))


@inlined
def width(stream: Any, window: int, is_fixed: bool) -> Any:
    """Words on each side of a window: all, or uniform in 1..window."""
    if is_fixed:
        return np.int64(window)
    return 1 + np.int64(((draw(stream, WIDTH) >> HALF) * np.uint64(window)) >> HALF)


@inlined
def stream(key: Any, position: int) -> Any:
    return mix(key + np.uint64(position) * _GOLDEN)


@inlined
def draw(stream: Any, number: Any) -> Any:
    return mix(stream + (number + _ONE) * _GOLDEN)


@inlined
def mix(bits: Any) -> Any:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
