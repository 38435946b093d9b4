"""The expected weight of each pair of words, compiled: one center word's row at a time.

The positions of a chunk are sorted by their words once. A row is then summed in one array of a
number a word, by walking left and right from each position of its center word; a walk touches a few
lines of the cache, however large the vocabulary is. Each row is summed in the order of the text, so
neither threads nor the blocks of rows that they take change a bit of it.
"""

from typing import Any

import numpy as np

from skipgram.kernels.compiling import allocating, inlined, kernel

LEAST_REACH = 1e-6
"""A walk ends where the next word would weigh less than this.

What is left then is at most the window times this: a(1), a(2), ... do not rise, so
however many words r were kept, Σ a(s + 1) over the s from r on is at most window * a(r + 1).
"""
_DENSE_SHARE = 16
"""A row with more than one word in this many is scanned as a whole; others are sorted."""


@kernel
def positions_by_word(
    ids: Any, ranges: Any, vocab_size: int, first_word: int, last_word: int
) -> tuple[Any, Any]:
    """(starts, positions): those of word w are positions[starts[w] : starts[w + 1]], rising.

    Only of the words first_word..last_word, and of the tokens in the ranges, shape (n, 2).
    Positions are counted from the first of these, so that they fit in 32 bits.
    """
    starts = np.zeros(vocab_size + 1, np.int64)
    for at in range(len(ranges)):
        for position in range(ranges[at, 0], ranges[at, 1]):
            word = ids[position]
            if first_word <= word < last_word:
                starts[word + 1] += 1
    for word in range(vocab_size):
        starts[word + 1] += starts[word]
    following = starts[:-1].copy()
    positions = np.empty(starts[-1], np.int32)
    for at in range(len(ranges)):
        for position in range(ranges[at, 0], ranges[at, 1]):
            word = ids[position]
            if first_word <= word < last_word:
                positions[following[word]] = position - ranges[0, 0]
                following[word] += 1
    return starts, positions


@kernel
def expected_rows(
    ids: Any,  # (tokens,) int32: of the whole corpus
    start: int,  # the chunk's first token
    ends_line: Any,  # (chunk,) bool: whether a token is its line's last one
    first: int,  # where the line of the chunk's first token begins
    last: int,  # where that of its last one ends
    starts: Any,  # of `positions_by_word`
    positions: Any,
    first_word: int,
    last_word: int,
    keep: Any,  # (vocab_size,) float64: keep probabilities
    weights: Any,  # (window,) float64: of the r-th word of a window, from the center on
    closes_up: bool,
    goes_left: bool,
    goes_right: bool,
) -> tuple[Any, Any, Any]:
    """(lengths, outside words, weights) of the rows of the words first_word..last_word.

    Over the positions of one chunk; windows reach beyond it.
    """
    row = np.zeros(len(keep))
    is_met = np.zeros(len(keep), np.bool_)
    met = np.empty(len(keep), np.int32)
    between = np.empty(len(weights))
    lengths = np.zeros(last_word - first_word, np.int64)
    room, used = 1 << 16, 0
    outsides, sums = np.empty(room, np.int32), np.empty(room)
    stop = start + len(ends_line)
    for word in range(first_word, last_word):
        found = 0
        for place in range(starts[word], starts[word + 1]):
            center = start + np.int64(positions[place])
            for side in range(2):
                if (side == 0 and not goes_left) or (side == 1 and not goes_right):
                    continue
                step = 2 * side - 1
                position, walked = center, 0
                reach = weights[0]
                between[:] = 0.0
                between[0] = 1.0
                while True:
                    # The line's end, or its beginning, where the walk must not leave it.
                    at = position if step > 0 else position - 1
                    if start <= at < stop:
                        if ends_line[at - start]:
                            break
                    elif (step < 0 and position == first) or (step > 0 and position + 1 == last):
                        break
                    position += step
                    outside = ids[position]
                    chance = keep[outside]
                    if not is_met[outside]:
                        is_met[outside] = True
                        met[found] = outside
                        found += 1
                    if closes_up:
                        row[outside] += reach * chance
                        reach = _pass(between, weights, chance)
                        if reach < LEAST_REACH:
                            break
                    else:
                        row[outside] += weights[walked] * chance
                        walked += 1
                        if walked == len(weights):
                            break
        if used + found > room:
            while used + found > room:
                room *= 2
            outsides, sums = _moved(outsides, used, room), _moved(sums, used, room)
        if found * _DENSE_SHARE > len(keep):
            entry = used
            for outside in range(len(keep)):
                if is_met[outside]:
                    outsides[entry] = outside
                    entry += 1
        else:
            outsides[used : used + found] = np.sort(met[:found])
        for entry in range(used, used + found):
            outside = outsides[entry]
            sums[entry] = row[outside] * keep[word]
            row[outside] = 0.0
            is_met[outside] = False
        used += found
        lengths[word - first_word] = found
    return lengths, outsides[:used].copy(), sums[:used].copy()


@inlined
def _pass(between: Any, weights: Any, chance: float) -> Any:
    """Walk past a word that is kept with this probability; the weight of the next word.

    between[r]: the probability that r words so far were kept. Those of a whole
    window fall off its end.
    """
    reach = 0.0
    for r in range(len(weights) - 1, 0, -1):
        between[r] = between[r] * (1.0 - chance) + between[r - 1] * chance
        reach += between[r] * weights[r]
    between[0] *= 1.0 - chance
    return reach + between[0] * weights[0]


@allocating
def _moved(array: Any, used: int, room: int) -> Any:
    """The same numbers where there is more room."""
    moved = np.empty(room, array.dtype)
    moved[:used] = array[:used]
    return moved


@kernel
def add_rows(
    starts: Any,  # (parts, rows + 1) int64: where each row of each part begins
    outsides: Any,  # (entries,) int32: of all parts, end to end
    sums: Any,  # (entries,) float64
    vocab_size: int,
) -> tuple[Any, Any, Any]:
    """(lengths, outside words, weights) of rows that were counted in several parts, added up."""
    parts, rows = starts.shape[0], starts.shape[1] - 1
    row, is_met = np.zeros(vocab_size), np.zeros(vocab_size, np.bool_)
    lengths = np.zeros(rows, np.int64)
    added, added_sums = np.empty(len(outsides), np.int32), np.empty(len(outsides))
    used = 0
    for number in range(rows):
        found = used
        for part in range(parts):
            for entry in range(starts[part, number], starts[part, number + 1]):
                outside = outsides[entry]
                row[outside] += sums[entry]
                if not is_met[outside]:
                    is_met[outside] = True
                    added[found] = outside
                    found += 1
        added[used:found] = np.sort(added[used:found])
        for entry in range(used, found):
            outside = added[entry]
            added_sums[entry] = row[outside]
            row[outside] = 0.0
            is_met[outside] = False
        lengths[number] = found - used
        used = found
    return lengths, added[:used].copy(), added_sums[:used].copy()
