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
from skipgram.training import sampling, tiles

_LOOKAHEAD = 4
"""Negatives are drawn, and rows asked for from memory, so many positions ahead."""
_DRAWN = _LOOKAHEAD + 1


@lru_cache
def train_block(padded_dim: int, negatives: int) -> Any:
    """The kernel for rows of `padded_dim` numbers and K negatives, both known to the compiler.

    Returns a compiled function that trains the positions start..stop of one
    epoch, with the signature of `_train_block` below and its result.
    """
    dim, outsides = padded_dim, negatives + 1
    other_sources = sources_of(tiles.__file__, sampling.__file__)

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
        width_is_fixed: bool,
        score_threshold: Any,  # uint64: chance_threshold of a group's loss to be summed
        first_rate: float,  # the learning rate at `start`
        rate_slope: float,  # by which it changes from a position to the next
    ) -> tuple[float, int, int]:
        """(summed loss of the scored pairs in nats, scored pairs, trained pairs)."""
        _ = other_sources  # part of the closure, and so of the cache's key
        words = np.empty(2 * (stop - start + window) + 1, np.int32)
        positions = np.empty(len(words), np.int64)
        last, end = sampling.kept_words(
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
            if ahead < last and words[ahead] != sampling.LINE_END:
                coming = drawn[ahead % _DRAWN]
                coming[0] = words[ahead]
                sampling.draw_negatives(
                    sampling.stream(key, positions[ahead]), noise_table, noise, coming
                )
                for j in range(outsides):
                    tiles.prefetch(U, coming[j], dim)
                if ahead + window < end and words[ahead + window] != sampling.LINE_END:
                    tiles.prefetch(V, np.int64(words[ahead + window]), dim)

            place = ahead - _LOOKAHEAD
            if place < window or words[place] == sampling.LINE_END:
                continue
            stream = sampling.stream(key, positions[place])
            M = sampling.centers(
                words, place, sampling.width(stream, window, width_is_fixed), centers
            )
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
            if sampling.draw(stream, sampling.SCORE) >> sampling.HALF <= score_threshold:
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
def _loss(scores: Any, M: int, outsides: int) -> float:
    """Σ_i −log σ(s_i0) − Σ_j log σ(−s_ij), in nats, in float64."""
    total = 0.0
    for i in range(M):
        for j in range(outsides):
            score = np.float64(scores[i, j])
            missed = -score if j == 0 else score
            total += max(missed, 0.0) + np.log1p(np.exp(-abs(missed)))
    return total
