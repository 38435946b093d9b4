"""Negative sampling in synchronous batches, compiled: any number of threads gives the same bits.

A batch is so many tokens of the corpus. All of its groups (negative_sampling.py)
take their steps from the same parameters, and the steps are added up in the
order of the text:

    θ ← θ − learning_rate · damping · Σ_groups ∂J_group(θ)

with a damping of 1 for all but the most frequent words (`damping` says why).

A batch is cut into slices. Threads take slices as they come; each slice writes
its changes into a place of its own, by groups for U and by places for V (a
word's vector is used by all windows around it). When all slices are through,
each thread adds up, slice by slice, the changes of its share of the words. So neither
what is computed nor the order in which it is added depends on threads.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import literally
from numpy.typing import NDArray

from skipgram.kernels import atomics
from skipgram.kernels import simd as vector_code
from skipgram.kernels.compiling import inlined, kernel
from skipgram.training import draws as sampling
from skipgram.training.negative_sampling import step as negative_sampling
from skipgram.training.negative_sampling import tiles
from skipgram.training.parameters import aligned_zeros

_LOOKAHEAD = 4
"""Rows are asked for from memory so many positions ahead,"""
_ROWS_AHEAD = 8
"""and so many rows ahead where one after the other is copied or changed."""
MOST_TERMS = 1 << 12
"""A row of more terms in a batch is damped as one of so many."""
PARTS = 16
"""Words belong to so many parts, which threads share out."""
_HASH = np.uint64(0x9E3779B1)
_HALF_MASK = np.uint64(0xFFFFFFFF)
_GROUP_SHIFT = np.uint64(4)
"""Groups of 16 words: a cache line of counts."""
_PART_SHIFT = np.uint64(28)
"""Leaves the upper bits of 32, as many as number the parts."""


class Changes(NamedTuple):
    """What the slices of a batch change of one matrix; a slice has a row at each of its places."""

    rows: Any
    """shape (slices, places, dim): the changes,"""
    words: Any
    """(slices, places) int32: of which words,"""
    terms: Any
    """(slices, places) int32: and by how many terms of the loss"""
    order: Any
    """(slices, places) int32: places by the parts of their words, and within one as in the text"""
    starts: Any
    """(slices, PARTS + 1) int64: where each part begins in that order"""
    counts: Any
    """(vocab_size,) int32, zeros: the terms of a word in a batch"""

    @classmethod
    def zeros(cls, shape: tuple[int, int, int], vocab_size: int, dtype: Any) -> "Changes":
        """Of so many slices, places and numbers in a row; the rows lie on cache lines."""
        slices, places, dim = shape
        words, terms, order = np.zeros((3, slices, places), np.int32)
        return cls(
            aligned_zeros(slices * places, dim, dtype).reshape(shape),
            words,
            terms,
            order,
            np.zeros((slices, PARTS + 1), np.int64),
            np.zeros(vocab_size, np.int32),
        )


@lru_cache
def train_batches(padded_dim: int, negatives: int, *, negatives_shared: bool = True) -> Any:
    """The kernel for rows of `padded_dim` numbers and K negatives, both known to the compiler.

    Returns a compiled function that trains the tokens start..stop of one
    epoch. All threads call it at the same time, with the same arguments but
    for `thread`.
    """
    dim, outsides = padded_dim, negatives + 1
    lead = tiles.padded_count(outsides)

    @kernel(depends_on=(atomics, negative_sampling, sampling, tiles, vector_code))
    def _train_batches(
        ids: Any,  # (tokens,) int32
        line_ends: Any,  # (lines,) int64, rising
        start: int,
        stop: int,
        V: Any,  # (vocab_size, dim)
        U: Any,  # (vocab_size, dim)
        changes_V: Any,  # Changes
        changes_U: Any,  # Changes
        damping: Any,  # (n,): the share of its change that a row of so many terms takes
        keep_thresholds: Any,  # (vocab_size,) uint32
        noise_table: Any,  # (vocab_size, 2) int32
        noise: Any,  # (vocab_size,) float64
        key: Any,  # uint64: randomness.epoch_key
        window: int,
        width_is_fixed: bool,
        score_threshold: Any,  # uint64: chance_threshold of a group's loss to be summed
        first_rate: float,  # the learning rate at `start`
        rate_slope: float,  # by which it changes from a position to the next
        slice_tokens: int,
        losses: Any,  # (batches, slices, 3) float64: loss, scored pairs, pairs; filled in
        claims: Any,  # (batches,) int64, zeros: slices that were taken
        arrivals: Any,  # (1,) int64, zero: see atomics.wait_for_all
        thread: int,
        threads: int,
    ) -> None:
        slices, places = changes_V.words.shape
        entries = changes_U.words.shape[1]
        most = 2 * window
        words = np.empty(places, np.int32)
        positions = np.empty(places, np.int64)
        drawn = np.empty((places, 1 + negatives * (1 if negatives_shared else most)), np.int32)
        around, centers = np.empty(most, np.int64), np.empty(most, np.int64)
        chosen = np.empty(outsides, np.int64)
        S, G = np.empty((most, lead), V.dtype), np.empty((most, lead), V.dtype)
        # Of all slices, end to end.
        rows_V, rows_U = changes_V.rows.reshape(-1, dim), changes_U.rows.reshape(-1, dim)
        numbers = np.empty(places, np.int32)  # of places, or LINE_END
        here = np.empty(most, np.int64)

        for batch in range(len(claims)):
            batch_start = start + batch * slices * slice_tokens
            number = atomics.fetch_add(claims, batch, 1)
            while number < slices:
                begin = batch_start + number * slice_tokens
                finish = min(begin + slice_tokens, stop)
                loss, scored_pairs, pairs = 0.0, 0, 0
                first, last, end, entry = window, window, 0, number * entries
                if begin < finish:
                    last, end = sampling.kept_words(
                        ids,
                        line_ends,
                        begin,
                        finish,
                        keep_thresholds,
                        key,
                        window,
                        words,
                        positions,
                    )
                first_change = number * places
                for place in range(end):
                    ahead = place + _ROWS_AHEAD
                    if ahead < end and words[ahead] != sampling.LINE_END:
                        tiles.prefetch(V, np.int64(words[ahead]), dim)
                    changes_V.words[number, place] = words[place]
                    changes_V.terms[number, place] = 0
                    numbers[place] = place
                    if words[place] == sampling.LINE_END:
                        numbers[place] = sampling.LINE_END
                        continue
                    for k in range(dim):
                        changes_V.rows[number, place, k] = 0
                numbers[end] = sampling.LINE_END

                for place in range(first, last):
                    drawn[place, 0] = words[place]
                    if words[place] == sampling.LINE_END:
                        continue
                    stream = sampling.stream(key, positions[place])
                    count = negatives
                    if not negatives_shared:
                        reach = sampling.width(stream, window, width_is_fixed)
                        count *= sampling.centers(numbers, place, reach, around)
                    sampling.draw_negatives(stream, noise_table, noise, drawn, place, count)

                for ahead in range(first, last + _LOOKAHEAD):
                    if ahead < last and words[ahead] != sampling.LINE_END:
                        for j in range(outsides):
                            tiles.prefetch(U, np.int64(drawn[ahead, j]), dim)
                            tiles.prefetch(rows_U, entry + _LOOKAHEAD * outsides + j, dim)
                    place = ahead - _LOOKAHEAD
                    if place < first or words[place] == sampling.LINE_END:
                        continue
                    stream = sampling.stream(key, positions[place])
                    reach = sampling.width(stream, window, width_is_fixed)
                    M = sampling.centers(numbers, place, reach, around)
                    rate = V.dtype.type(first_rate + rate_slope * (positions[place] - start))
                    chance = sampling.draw(stream, sampling.SCORE) >> sampling.HALF
                    size = M if negatives_shared else 1
                    for pair in range(0, M, max(1, size)):
                        for i in range(size):
                            here[i] = first_change + around[pair + i]
                            centers[i] = words[around[pair + i]]
                        chosen[0] = drawn[place, 0]
                        for j in range(1, outsides):
                            chosen[j] = drawn[place, pair * negatives + j]
                        tiles.gradients(S, G, V, U, centers, chosen, size, rate, dim, outsides)
                        if chance <= score_threshold:
                            loss += negative_sampling.group_loss(S, size, outsides)
                            scored_pairs += size
                        tiles.changes(
                            rows_V,
                            rows_U,
                            V,
                            U,
                            centers,
                            chosen,
                            here,
                            G,
                            size,
                            entry,
                            dim,
                            outsides,
                        )
                        for i in range(size):
                            changes_V.terms[number, around[pair + i]] += outsides
                        for j in range(outsides):
                            changes_U.words[number, entry + j - number * entries] = chosen[j]
                            changes_U.terms[number, entry + j - number * entries] = size
                        entry += outsides
                    pairs += M
                _sort(changes_V, number, end)
                _sort(changes_U, number, entry - number * entries)
                losses[batch, number, 0] = loss
                losses[batch, number, 1] = scored_pairs
                losses[batch, number, 2] = pairs
                number = atomics.fetch_add(claims, batch, 1)

            atomics.wait_for_all(arrivals, threads)
            for part in range(thread, PARTS, threads):
                _add_up(V, changes_V, rows_V, part, damping, dim)
                _add_up(U, changes_U, rows_U, part, damping, dim)
            atomics.wait_for_all(arrivals, threads)

    return _train_batches


def damping(move: float, dtype: type[np.floating]) -> NDArray[np.floating]:
    """The share (1 − e^(−x)) / x, x = n · move, of its change that a row of n terms takes.

    move: the learning rate times the curvature of one term. On a quadratic,
    the steps of n terms one after the other come 1 − e^(−x) of the way to the
    optimum; added up from one point they would come as far as x, and beyond
    it. Rows of few terms take all of their change.

    Returns shape (MOST_TERMS + 1,), by n.
    """
    x = np.maximum(move * np.arange(MOST_TERMS + 1), 1e-12)
    shares: NDArray[np.floating] = (-np.expm1(-x) / x).astype(dtype)
    return shares


@inlined
def _sort(changes: Any, number: int, size: int) -> None:
    """Put the places of a slice in order by their words' parts; those without a word fall away."""
    words, order, starts = changes.words, changes.order, changes.starts
    for part in range(PARTS + 1):
        starts[number, part] = 0
    for place in range(size):
        if words[number, place] != sampling.LINE_END:
            starts[number, _part(words[number, place]) + 1] += 1
    for part in range(PARTS):
        starts[number, part + 1] += starts[number, part]
    for place in range(size):  # each start moves to where the next part begins,
        if words[number, place] != sampling.LINE_END:
            part = _part(words[number, place])
            order[number, starts[number, part]] = place
            starts[number, part] += 1
    for part in range(PARTS, 0, -1):  # and back
        starts[number, part] = starts[number, part - 1]
    starts[number, 0] = 0


@inlined
def _part(word: Any) -> Any:
    """The part of a word; neighbours share one, lest threads write to the same cache lines."""
    group = np.uint64(word) >> _GROUP_SHIFT
    return np.int64(((group * _HASH) & _HALF_MASK) >> _PART_SHIFT)


@inlined
def _add_up(matrix: Any, changes: Any, rows: Any, part: int, damping: Any, dim: int) -> None:
    """Add the changes of a part's words to their rows, slice by slice, in the order of the text.

    rows: the changes of all slices, end to end.
    """
    literally(dim)
    words, order, starts, counts = changes.words, changes.order, changes.starts, changes.counts
    slices, places = words.shape
    for number in range(slices):
        for at in range(starts[number, part], starts[number, part + 1]):
            place = order[number, at]
            counts[words[number, place]] += changes.terms[number, place]
    for number in range(slices):
        for at in range(starts[number, part], starts[number, part + 1]):
            if at + _ROWS_AHEAD < starts[number, part + 1]:
                coming = order[number, at + _ROWS_AHEAD]
                tiles.prefetch(matrix, np.int64(words[number, coming]), dim)
            place = order[number, at]
            word = np.int64(words[number, place])
            share = damping[min(counts[word], len(damping) - 1)]
            tiles.add_row(matrix, word, rows, number * places + place, share, dim)
    for number in range(slices):
        for at in range(starts[number, part], starts[number, part + 1]):
            counts[words[number, order[number, at]]] = 0
