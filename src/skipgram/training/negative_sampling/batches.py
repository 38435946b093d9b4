"""Negative sampling in synchronous batches, compiled: any number of threads gives the same bits.

A batch is a fixed number of tokens. All of its groups (step.py) take their steps from
the same parameters, and the steps are added up in the order of the text:

    θ ← θ − learning_rate · damping · Σ_groups ∂J_group(θ)

with a damping of 1 for all but the most frequent words (`changes.damping` says why).

A batch has two phases. It is cut into slices, each of which is taken by the next free
thread; a slice's changes are kept apart, by groups for U and by places for V (a word's
vector is used by all windows around it). When all slices are done, each thread adds up,
slice by slice, the changes of its share of the words. So neither what is computed nor
the order in which it is added depends on threads.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numba import literally

from skipgram.kernels import atomics
from skipgram.kernels import simd as vector_code
from skipgram.kernels.compiling import inlined, kernel
from skipgram.training import draws as sampling
from skipgram.training.negative_sampling import changes as batch_changes
from skipgram.training.negative_sampling import step as negative_sampling
from skipgram.training.negative_sampling import tiles

_LOOKAHEAD = 4
"""How many positions ahead rows are fetched."""


class _Room(NamedTuple):
    """A thread's working memory for a slice."""

    words: Any
    """(places,) int32: the words that are kept, and LINE_END between lines"""
    positions: Any
    """(places,) int64: their positions in the text"""
    numbers: Any
    """(places,) int32: the number of each place, or LINE_END"""
    drawn: Any
    """(places, 1 + draws) int32: each outside word and its negatives"""
    around: Any
    """(2 · window,) int64: the places of a window"""
    centers: Any
    """(2 · window,) int64: the center words of a group"""
    here: Any
    """(2 · window,) int64: their rows among the changes of V"""
    chosen: Any
    """(outsides,) int64: the outside word of a group and its negatives"""
    S: Any
    """(2 · window, lead): scores"""
    G: Any
    """(2 · window, lead): the rate times what each score misses"""


@lru_cache
def train_batches(padded_dim: int, negatives: int, *, negatives_shared: bool = True) -> Any:
    """The kernel for rows of `padded_dim` numbers and K negatives, both known to the compiler.

    Returns a compiled function that trains the tokens start..stop of one
    epoch. All threads call it at the same time, with the same arguments except
    `thread`.
    """
    dim, outsides = padded_dim, negatives + 1
    lead = tiles.padded_count(outsides)

    @kernel(depends_on=(atomics, batch_changes, negative_sampling, sampling, tiles, vector_code))
    def _train_batches(
        ids: Any,  # (tokens,) int32
        line_ends: Any,  # (lines,) int64, rising
        start: int,
        stop: int,
        V: Any,  # (vocab_size, dim)
        U: Any,  # (vocab_size, dim)
        changes_V: Any,  # Changes
        changes_U: Any,  # Changes
        damping: Any,  # (n,): the share of its change that a row takes, by its terms
        draws: Any,  # Draws
        rates: Any,  # Rates
        slice_tokens: int,
        losses: Any,  # (batches, slices, 3) float64: loss, scored pairs, pairs; filled in
        claims: Any,  # (batches,) int64, zeros: slices that were taken
        arrivals: Any,  # (1,) int64, zero: see atomics.wait_for_all
        thread: int,
        threads: int,
    ) -> None:
        slices, places = changes_V.words.shape
        first, most = draws.window, 2 * draws.window
        room = _Room(
            words=np.empty(places, np.int32),
            positions=np.empty(places, np.int64),
            numbers=np.empty(places, np.int32),
            drawn=np.empty((places, 1 + negatives * (1 if negatives_shared else most)), np.int32),
            around=np.empty(most, np.int64),
            centers=np.empty(most, np.int64),
            here=np.empty(most, np.int64),
            chosen=np.empty(outsides, np.int64),
            S=np.empty((most, lead), V.dtype),
            G=np.empty((most, lead), V.dtype),
        )
        for batch in range(len(claims)):
            number = atomics.fetch_add(claims, batch, 1)
            while number < slices:
                begin = start + (batch * slices + number) * slice_tokens
                finish = min(begin + slice_tokens, stop)
                last, end = first, 0
                if begin < finish:
                    last, end = sampling.kept_words(
                        ids,
                        line_ends,
                        begin,
                        finish,
                        draws.keep_thresholds,
                        draws.key,
                        draws.window,
                        room.words,
                        room.positions,
                    )
                _clear(changes_V, number, room, end, V, dim)
                _draw_negatives(room, draws, first, last, negatives, negatives_shared)
                entries, loss, scored_pairs, pairs = _write_changes(
                    V,
                    U,
                    changes_V,
                    changes_U,
                    number,
                    room,
                    first,
                    last,
                    draws,
                    rates,
                    negatives_shared,
                    dim,
                    outsides,
                )
                batch_changes.sort_by_part(changes_V, number, end)
                batch_changes.sort_by_part(changes_U, number, entries)
                losses[batch, number, 0] = loss
                losses[batch, number, 1] = scored_pairs
                losses[batch, number, 2] = pairs
                number = atomics.fetch_add(claims, batch, 1)

            atomics.wait_for_all(arrivals, threads)
            for part in range(thread, batch_changes.PARTS, threads):
                batch_changes.add_up(V, changes_V, part, damping, dim)
                batch_changes.add_up(U, changes_U, part, damping, dim)
            atomics.wait_for_all(arrivals, threads)

    return _train_batches


@inlined
def _clear(changes_V: Any, number: int, room: Any, end: int, V: Any, dim: int) -> None:
    """Start a slice: no changes at any of its places, up to `end`."""
    literally(dim)
    first_row = number * changes_V.words.shape[1]
    for place in range(end):
        ahead = place + batch_changes.ROWS_AHEAD
        if ahead < end and room.words[ahead] != sampling.LINE_END:
            tiles.prefetch(V, np.int64(room.words[ahead]), dim)
        changes_V.words[number, place] = room.words[place]
        changes_V.terms[number, place] = 0
        room.numbers[place] = place
        if room.words[place] == sampling.LINE_END:
            room.numbers[place] = sampling.LINE_END
            continue
        for k in range(dim):
            changes_V.rows[first_row + place, k] = 0
    room.numbers[end] = sampling.LINE_END


@inlined
def _draw_negatives(
    room: Any, draws: Any, first: int, last: int, negatives: int, negatives_shared: bool
) -> None:
    """Draw the negatives of the outside words from place `first` to `last`."""
    for place in range(first, last):
        room.drawn[place, 0] = room.words[place]
        if room.words[place] == sampling.LINE_END:
            continue
        stream = sampling.stream(draws.key, room.positions[place])
        count = negatives
        if not negatives_shared:
            reach = sampling.width(stream, draws.window, draws.width_is_fixed)
            count *= sampling.centers(room.numbers, place, reach, room.around)
        sampling.draw_negatives(stream, draws.noise_table, draws.noise, room.drawn, place, count)


@inlined
def _write_changes(
    V: Any,
    U: Any,
    changes_V: Any,
    changes_U: Any,
    number: int,
    room: Any,
    first: int,
    last: int,
    draws: Any,
    rates: Any,
    negatives_shared: bool,
    dim: int,
    outsides: int,
) -> tuple[int, float, int, int]:
    """The steps of a slice's groups, from V and U as they are.

    Returns the entries of changes_U that it filled; summed loss, scored pairs, pairs.
    """
    literally(dim)
    literally(outsides)
    first_place = number * changes_V.words.shape[1]
    first_entry = number * changes_U.words.shape[1]
    words, positions, drawn = room.words, room.positions, room.drawn
    around, centers, here, chosen = room.around, room.centers, room.here, room.chosen
    S, G = room.S, room.G
    loss, scored_pairs, pairs, entry = 0.0, 0, 0, first_entry
    for ahead in range(first, last + _LOOKAHEAD):
        if ahead < last and words[ahead] != sampling.LINE_END:
            for j in range(outsides):
                tiles.prefetch(U, np.int64(drawn[ahead, j]), dim)
                tiles.prefetch(changes_U.rows, entry + _LOOKAHEAD * outsides + j, dim)
        place = ahead - _LOOKAHEAD
        if place < first or words[place] == sampling.LINE_END:
            continue
        stream = sampling.stream(draws.key, positions[place])
        reach = sampling.width(stream, draws.window, draws.width_is_fixed)
        M = sampling.centers(room.numbers, place, reach, around)
        rate = V.dtype.type(sampling.rate_at(rates, positions[place]))
        is_scored = sampling.is_scored(stream, draws)
        size = M if negatives_shared else 1
        for pair in range(0, M, max(1, size)):
            for i in range(size):
                here[i] = first_place + around[pair + i]
                centers[i] = words[around[pair + i]]
            chosen[0] = drawn[place, 0]
            for j in range(1, outsides):
                chosen[j] = drawn[place, pair * (outsides - 1) + j]
            tiles.gradients(S, G, V, U, centers, chosen, size, rate, dim, outsides)
            if is_scored:
                loss += negative_sampling.group_loss(S, size, outsides)
                scored_pairs += size
            tiles.changes(
                changes_V.rows,
                changes_U.rows,
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
                changes_U.words[number, entry + j - first_entry] = chosen[j]
                changes_U.terms[number, entry + j - first_entry] = size
            entry += outsides
        pairs += M
    return entry - first_entry, loss, scored_pairs, pairs
