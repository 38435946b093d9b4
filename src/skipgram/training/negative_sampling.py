"""Grouped negative sampling, compiled: one exact gradient step a position of the corpus.

For a kept position with outside word o, the center words c_1..c_M of its
window share one draw of K negatives, and the step descends

    J_group = Σ_i J_neg(v_(c_i), o, U)

With R the rows of V at c_1..c_M, T the rows of U at o and the K negatives, and
Y one at o and zero beside it,

    S = R Tᵀ                                 the scores, shape (M, K + 1)
    G = learning_rate (Y − σ(S))
    V[c_i] += (G T)_i,  U[t_j] += (Gᵀ R)_j   all from the old R and T

which is `equations.grouped_negative_sampling` and one `equations.sgd_step`,
words that occur twice included. R and T are copies, so that neither a repeat
nor another thread changes a step halfway.

Here stands everything compiled but the tiles: numba's disk cache watches one
file only. The slow twins of the draws are in randomness.py, corpus/windows.py
and noise.py; tests hold both to the same samples, and this to equations.py.

Source: Mikolov et al. 2013; Ji et al. 2016 (arXiv 1604.04661), the shared
negatives.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from skipgram.compiling import inlined, kernel, sources_of
from skipgram.training import tiles

# The numbers of randomness.py and noise.py, repeated because a cached kernel sees no other file.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_KEEP, _WIDTH, _SCORE, _NEGATIVES = (np.uint64(number) for number in range(4))
_SHARE_BITS = np.uint64(24)
_MAX_TRIES = 32

_LINE_END = -1
"""Stands between the words of two lines; no window reaches over it."""
_LOOKAHEAD = 4
"""Negatives are drawn, and rows asked for from memory, so many positions ahead."""
_DRAWN = _LOOKAHEAD + 1

_HALF = np.uint64(32)
_ONE = np.uint64(1)


@lru_cache
def train_block(padded_dim: int, negatives: int) -> Any:
    """The kernel for rows of `padded_dim` numbers and K negatives, both known to the compiler.

    Returns a compiled function that trains the positions start..stop of one
    epoch, with the signature of `_train_block` below and its result.
    """
    dim, outsides = padded_dim, negatives + 1
    tiles_version = sources_of(tiles.__file__)

    @kernel
    def _train_block(
        ids: Any,  # (tokens,) int32
        line_ends: Any,  # (lines,) int64, rising
        start: int,
        stop: int,
        V: Any,  # (vocab_size, dim)
        U: Any,  # (vocab_size, dim)
        keep_thresholds: Any,  # (vocab_size,) uint32
        noise_table: Any,  # (vocab_size, 2) int32
        noise: Any,  # (vocab_size,) float64
        key: Any,  # uint64: randomness.epoch_key
        window: int,
        score_threshold: Any,  # uint64: chance_threshold of a group's loss to be summed
        first_rate: float,  # the learning rate at `start`
        rate_slope: float,  # by which it changes from a position to the next
    ) -> tuple[float, int, int]:
        """(summed loss of the scored pairs in nats, scored pairs, trained pairs)."""
        _ = tiles_version  # part of the closure, and so of the cache's key
        words = np.empty(2 * (stop - start + window) + 1, np.int32)
        positions = np.empty(len(words), np.int64)
        last, end = _kept_words(
            ids, line_ends, start, stop, keep_thresholds, key, window, words, positions
        )
        drawn = np.empty((_DRAWN, outsides), np.int64)
        centers = np.empty(2 * window, np.int64)
        R = np.empty((2 * window, dim), V.dtype)
        T = np.empty((outsides, dim), V.dtype)
        G = np.zeros((2 * window + tiles.SPARE_NUMBERS, outsides), V.dtype)
        scores = G.reshape(-1)
        loss, scored_pairs, pairs = 0.0, 0, 0

        for ahead in range(window, last + _LOOKAHEAD):
            if ahead < last and words[ahead] != _LINE_END:
                coming = drawn[ahead % _DRAWN]
                coming[0] = words[ahead]
                _draw_negatives(_stream(key, positions[ahead]), noise_table, noise, coming)
                for j in range(outsides):
                    tiles.prefetch(U, coming[j], dim)
                if ahead + window < end and words[ahead + window] != _LINE_END:
                    tiles.prefetch(V, np.int64(words[ahead + window]), dim)

            place = ahead - _LOOKAHEAD
            if place < window or words[place] == _LINE_END:
                continue
            stream = _stream(key, positions[place])
            M = _centers(words, place, _width(stream, window), centers)
            if M == 0:
                continue
            chosen = drawn[place % _DRAWN]
            for i in range(M):
                c = centers[i]
                for k in range(dim):
                    R[i, k] = V[c, k]
            for j in range(outsides):
                t = chosen[j]
                for k in range(dim):
                    T[j, k] = U[t, k]

            tiles.scores(G, R, T, M, dim, outsides)
            if _draw(stream, _SCORE) >> _HALF <= score_threshold:
                loss += _loss(G, M, outsides)
                scored_pairs += M
            pairs += M
            tiles.sigmoids(scores, M * outsides)
            rate = V.dtype.type(first_rate + rate_slope * (positions[place] - start))
            for n in range(M * outsides):
                scores[n] *= -rate
            for i in range(M):
                G[i, 0] += rate
            tiles.update(V, U, centers, chosen, G, R, T, M, dim, outsides)
        return loss, scored_pairs, pairs

    return _train_block


@inlined
def _kept_words(
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

    The kept positions of the block stand from index `window` to the first
    number returned; as many neighbours as a window can reach stand before
    and behind them, up to the second.
    """
    line = np.searchsorted(line_ends, start, side="right")
    line_start = line_ends[line - 1] if line > 0 else 0
    words[:window] = _LINE_END
    place, position = window - 1, start - 1
    while place >= 0 and position >= line_start:
        if _is_kept(ids, keep_thresholds, key, position):
            words[place], positions[place] = ids[position], position
            place -= 1
        position -= 1

    place = window
    for position in range(start, stop):
        if position == line_ends[line]:
            words[place] = _LINE_END
            place += 1
            line += 1
        if _is_kept(ids, keep_thresholds, key, position):
            words[place], positions[place] = ids[position], position
            place += 1
    last = place

    position = stop
    while place < last + window and line < len(line_ends) and position < line_ends[line]:
        if _is_kept(ids, keep_thresholds, key, position):
            words[place], positions[place] = ids[position], position
            place += 1
        position += 1
    words[place] = _LINE_END
    return last, place


@inlined
def _centers(words: Any, place: int, width: int, centers: Any) -> int:
    """Fill `centers` with the words up to `width` away on the line; how many they are."""
    M = 0
    for neighbour in range(place - 1, place - 1 - width, -1):
        if words[neighbour] == _LINE_END:
            break
        centers[M] = words[neighbour]
        M += 1
    for neighbour in range(place + 1, place + 1 + width):
        if words[neighbour] == _LINE_END:
            break
        centers[M] = words[neighbour]
        M += 1
    return M


@inlined
def _loss(scores: Any, M: int, outsides: int) -> float:
    """Σ_i −log σ(s_i0) − Σ_j log σ(−s_ij), in nats, in float64."""
    total = 0.0
    for i in range(M):
        for j in range(outsides):
            score = np.float64(scores[i, j])
            missed = -score if j == 0 else score
            total += max(missed, 0.0) + np.log1p(np.exp(-abs(missed)))
    return total


@inlined
def _draw_negatives(stream: Any, table: Any, noise: Any, outsides: Any) -> None:
    """Fill outsides[1:] with draws of P_n given that they are not outsides[0]."""
    o = outsides[0]
    number = _NEGATIVES
    share_mask = (_ONE << _SHARE_BITS) - _ONE
    for j in range(1, len(outsides)):
        word, tries = o, 0
        while word == o:
            bits = _draw(stream, number)
            number += _ONE
            if tries == _MAX_TRIES:
                word = _draw_beside(o, bits, noise)
                break
            slot = np.int64(((bits >> _SHARE_BITS) * np.uint64(len(table))) >> (64 - _SHARE_BITS))
            kept = np.int64(bits & share_mask) < table[slot, 0]
            word = slot if kept else np.int64(table[slot, 1])
            tries += 1
        outsides[j] = word


@inlined
def _draw_beside(o: int, bits: Any, noise: Any) -> int:
    """P_n given that the word is not o, by walking through it: for an o with nearly all mass."""
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
def _is_kept(ids: Any, keep_thresholds: Any, key: Any, position: int) -> bool:
    bits = _draw(_stream(key, position), _KEEP)
    return bool(bits >> _HALF <= np.uint64(keep_thresholds[ids[position]]))


@inlined
def _width(stream: Any, window: int) -> Any:
    """Uniform in 1..window."""
    return 1 + np.int64(((_draw(stream, _WIDTH) >> _HALF) * np.uint64(window)) >> _HALF)


@inlined
def _stream(key: Any, position: int) -> Any:
    return _mix(key + np.uint64(position) * _GOLDEN)


@inlined
def _draw(stream: Any, number: Any) -> Any:
    return _mix(stream + (number + _ONE) * _GOLDEN)


@inlined
def _mix(bits: Any) -> Any:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return bits ^ (bits >> np.uint64(31))
