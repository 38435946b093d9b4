"""Negative sampling, compiled: one exact gradient step per position of the corpus, or per pair.

For a kept position with outside word o, the center words c_1..c_M of its
window share one draw of K negatives, and the step descends

    J_group = Σ_i J_neg(v_(c_i), o, U)

With R the rows of V at c_1..c_M, T the rows of U at o and the K negatives, and
Y one at o and zero elsewhere,

    S = R Tᵀ                                 the scores, shape (M, K + 1)
    G = learning_rate (Y − σ(S))
    V[c_i] += (G T)_i,  U[t_j] += (Gᵀ R)_j   all from the old R and T

which is `equations.grouped_negative_sampling` and one `equations.sgd_step`, also
for words that occur twice. A bounded kernel takes a smaller rate where that step
would be too long to be stable (stability.py). In the classic form, without shared
negatives, each pair is a separate group with its own draw, one after the other.

Here the rows are changed at once, in place, and other threads may change them
meanwhile (Hogwild). `batches.py` takes the same steps from fixed parameters.

The slow twins of the draws are in equations/draws.py, equations/windows.py and
noise.py; tests hold both to the same samples, and this to equations.py.

Source: Mikolov et al. 2013; Ji et al. 2016 (arXiv 1604.04661), the shared
negatives.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from skipgram.kernels import simd as vector_code
from skipgram.kernels.compiling import inlined, kernel
from skipgram.training import draws as sampling
from skipgram.training.negative_sampling import stability, tiles

_CHUNK = 64
"""How many positions are drawn at a time, then trained."""
_LOOKAHEAD = 4
"""How many positions ahead rows are fetched."""


@lru_cache
def train_block(
    padded_dim: int, negatives: int, *, negatives_shared: bool = True, is_bounded: bool = False
) -> Any:
    """The kernel for rows of `padded_dim` numbers and K negatives, both known to the compiler.

    Returns a compiled function that trains the positions start..stop of one
    epoch, with the signature of `_train_block` below and its result.
    """
    dim, outsides = padded_dim, negatives + 1
    lead = tiles.padded_count(outsides)

    @kernel(depends_on=(sampling, stability, tiles, vector_code))
    def _train_block(
        ids: Any,  # (tokens,) int32
        line_ends: Any,  # (lines,) int64, rising
        start: int,
        stop: int,
        V: Any,  # (vocab_size, dim)
        U: Any,  # (vocab_size, dim)
        draws: Any,  # Draws
        rates: Any,  # Rates
        others: Any,  # OtherThreads
    ) -> tuple[float, int, int, int]:
        """Summed loss of the scored pairs in nats; scored, trained and shortened pairs."""
        window = draws.window
        words = np.empty(2 * (stop - start + window) + 1, np.int32)
        positions = np.empty(len(words), np.int64)
        last, end = sampling.kept_words(
            ids, line_ends, start, stop, draws.keep_thresholds, draws.key, window, words, positions
        )
        most = 2 * window
        drawn = np.empty((_CHUNK, 1 + negatives * (1 if negatives_shared else most)), np.int32)
        around, centers = np.empty(most, np.int64), np.empty(most, np.int64)
        chosen = np.empty(outsides, np.int64)
        S, G = np.empty((most, lead), V.dtype), np.empty((most, lead), V.dtype)
        loss, scored_pairs, pairs, shortened_pairs = 0.0, 0, 0, 0

        for first in range(window, last, _CHUNK):
            behind = min(first + _CHUNK, last)
            for place in range(first, behind):
                row = place - first
                drawn[row, 0] = words[place]
                if words[place] == sampling.LINE_END:
                    continue
                stream = sampling.stream(draws.key, positions[place])
                count = negatives
                if not negatives_shared:
                    reach = sampling.width(stream, window, draws.width_is_fixed)
                    count *= sampling.centers(words, place, reach, centers)
                sampling.draw_negatives(stream, draws.noise_table, draws.noise, drawn, row, count)

            for ahead in range(first, behind + _LOOKAHEAD):
                if ahead < behind and words[ahead] != sampling.LINE_END:
                    for j in range(outsides):
                        tiles.prefetch(U, np.int64(drawn[ahead - first, j]), dim)
                    if ahead + window < end and words[ahead + window] != sampling.LINE_END:
                        tiles.prefetch(V, np.int64(words[ahead + window]), dim)
                place = ahead - _LOOKAHEAD
                if place < first or words[place] == sampling.LINE_END:
                    continue
                stream = sampling.stream(draws.key, positions[place])
                reach = sampling.width(stream, window, draws.width_is_fixed)
                M = sampling.centers(words, place, reach, around)
                if M == 0:
                    continue
                rate = V.dtype.type(sampling.rate_at(rates, positions[place]))
                is_scored = sampling.is_scored(stream, draws)
                size = M if negatives_shared else 1
                for pair in range(0, M, size):
                    for i in range(size):
                        centers[i] = around[pair + i]
                    chosen[0] = drawn[place - first, 0]
                    for j in range(1, outsides):
                        chosen[j] = drawn[place - first, pair * negatives + j]
                    step = rate
                    if is_bounded:
                        step = stability.stable_rate(V, U, centers, chosen, size, rate, others)
                        if step < rate:
                            shortened_pairs += size
                    tiles.gradients(S, G, V, U, centers, chosen, size, step, dim, outsides)
                    if is_scored:
                        loss += group_loss(S, size, outsides)
                        scored_pairs += size
                    repeat = _repeat(centers, size)
                    tiles.update(V, U, centers, chosen, G, size, repeat, dim, outsides)
                pairs += M
        return loss, scored_pairs, pairs, shortened_pairs

    return _train_block


@inlined
def _repeat(words: Any, count: int) -> bool:
    """Whether one of the first words occurs twice."""
    for i in range(1, count):
        for j in range(i):
            if words[i] == words[j]:
                return True
    return False


@inlined
def group_loss(scores: Any, M: int, outsides: int) -> float:
    """Σ_i −log σ(s_i0) − Σ_j log σ(−s_ij), in nats, in float64."""
    total = 0.0
    for i in range(M):
        for j in range(outsides):
            score = np.float64(scores[i, j])
            missed = -score if j == 0 else score
            total += max(missed, 0.0) + np.log1p(np.exp(-abs(missed)))
    return total
