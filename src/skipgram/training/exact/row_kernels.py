"""One fused pass over the scores of some center words: loss, and residuals in place of scores.

    softmax              r_cw = n_c (ŷ_cw − q_cw),  ŷ_c = softmax(U v_c + b)
    negative sampling    r_cw = n_c (K P_w σ(s_cw) − q_cw (1 − σ(s_cw)))

The gradients are Uᵀ r_c for v_c and Σ_c r_c v_cᵀ for U. Each pass leaves r_cw up to a factor
per row, `scale`, which is cheaper to apply to the rows of two small matrices.

q_c is sparse: the entries starts[c]..starts[c + 1] of `outsides` and `shares`.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from skipgram.kernels import simd as vector_code
from skipgram.kernels.compiling import inlined, kernel
from skipgram.training.exact import row_code
from skipgram.training.exact.row_code import STRIDE, exponentials, largest, sigmoids

_STRETCH = 32 * STRIDE
"""How many numbers are summed in the scores' precision; these sums are added in float64."""


@inlined
def _largest(s: Any, offset: Any) -> Any:
    """max_w s_w + b_w of a row."""
    whole = len(s) - len(s) % STRIDE
    found = largest(s, offset, 0, whole)
    for w in range(whole, len(s)):
        found = max(found, s[w] + offset[w])
    return found


@inlined
def _exponentiate(s: Any, offset: Any, shift: Any) -> float:
    """s_w ← exp(s_w + b_w − shift) in a row; their sum, in float64."""
    whole = len(s) - len(s) % STRIDE
    total = 0.0
    for start in range(0, whole, _STRETCH):
        stop = min(start + _STRETCH, whole)
        total += np.float64(exponentials(s, offset, start, stop, shift))
    for w in range(whole, len(s)):
        s[w] = np.exp(s[w] + offset[w] - shift)
        total += np.float64(s[w])
    return total


@lru_cache
def softmax_rows() -> Any:
    """The pass of the softmax, with the signature of `_softmax_rows`."""

    @kernel(depends_on=(row_code, vector_code))
    def _softmax_rows(
        scores: Any,  # (n, vocab_size), contiguous: U v_c, overwritten
        centers: Any,  # (n,) int64: which words these are
        offset: Any,  # (vocab_size,): b
        starts: Any,  # (words + 1,) int64
        outsides: Any,  # (entries,) int32
        shares: Any,  # (entries,): q
        weights: Any,  # (words,) float64: n_c
        losses: Any,  # (n,) float64: −Σ_w q_cw log ŷ_cw, where q_c has a word
        scale: Any,  # (n,) float64
    ) -> None:
        for i in range(len(scores)):
            s = scores[i]
            first, last = starts[centers[i]], starts[centers[i] + 1]
            shift = _largest(s, offset)
            expected = 0.0
            for entry in range(first, last):
                o = outsides[entry]
                expected += np.float64(shares[entry]) * np.float64(s[o] + offset[o] - shift)
            total = _exponentiate(s, offset, shift)
            for entry in range(first, last):
                s[outsides[entry]] -= total * shares[entry]
            losses[i] = np.log(total) - expected if last > first else 0.0
            scale[i] = weights[centers[i]] / total

    return _softmax_rows


@lru_cache
def sampling_rows() -> Any:
    """The pass of negative sampling in expectation, with the signature of `_sampling_rows`."""

    @kernel(depends_on=(row_code, vector_code))
    def _sampling_rows(
        scores: Any,  # (n, vocab_size), contiguous: U v_c, overwritten
        centers: Any,  # (n,) int64
        noise: Any,  # (vocab_size,): K P_n
        starts: Any,  # (words + 1,) int64
        outsides: Any,  # (entries,) int32
        shares: Any,  # (entries,): q
        weights: Any,  # (words,) float64: n_c
        losses: Any,  # (n,) float64: Σ q log(1 + e^−s) + Σ K P log(1 + e^s), where q_c has a word
        scale: Any,  # (n,) float64
    ) -> None:
        words = scores.shape[1]
        whole = words - words % STRIDE
        missing = np.empty(words, scores.dtype)
        for i in range(len(scores)):
            s = scores[i]
            first, last = starts[centers[i]], starts[centers[i] + 1]
            loss = 0.0
            for entry in range(first, last):
                share, score = np.float64(shares[entry]), np.float64(s[outsides[entry]])
                e = np.exp(-abs(score))
                loss += share * (max(-score, 0.0) + np.log1p(e))
                missing[entry - first] = share * (e if score > 0.0 else 1.0) / (1.0 + e)
            for start in range(0, whole, _STRETCH):
                loss += np.float64(sigmoids(s, noise, start, min(start + _STRETCH, whole)))
            for w in range(whole, words):
                score = np.float64(s[w])
                e = np.exp(-abs(score))
                loss += noise[w] * (max(score, 0.0) + np.log1p(e))
                s[w] = noise[w] * (1.0 if score > 0.0 else e) / (1.0 + e)
            for entry in range(first, last):
                s[outsides[entry]] -= missing[entry - first]
            losses[i] = loss if last > first else 0.0
            scale[i] = weights[centers[i]]

    return _sampling_rows


@lru_cache
def poisson_rows() -> Any:
    """The pass for rare outside words, with the signature of `_poisson_rows`."""

    @kernel(depends_on=(row_code, vector_code))
    def _poisson_rows(
        scores: Any,  # (n, centers), contiguous: V u_w, overwritten by residuals
        words: Any,  # (n,) int64: which outside words these are
        log_weights: Any,  # (centers,): log (n_c / Z_c)
        offset: Any,  # (words,) float64: b
        starts: Any,  # (words + 1,) int64
        centers: Any,  # (entries,) int32: with which center words an outside word occurs
        shares: Any,  # (entries,): N_cw / m_w
        weights: Any,  # (words,) float64: m_w
        expected: Any,  # (n,) float64: Σ_c n_c exp(u_w·v_c + b_w) / Z_c
        losses: Any,  # (n,) float64: the same less Σ_c N_cw u_w·v_c
    ) -> None:
        """r_wc = n_c exp(u_w·v_c + b_w) / Z_c − N_cw."""
        for i in range(len(scores)):
            s, word = scores[i], words[i]
            counted = 0.0
            for entry in range(starts[word], starts[word + 1]):
                weight = np.float64(shares[entry]) * weights[word]
                counted += weight * np.float64(s[centers[entry]])
            shift = _largest(s, log_weights)
            factor = np.exp(offset[word] + shift)
            expected[i] = _exponentiate(s, log_weights, shift) * factor
            losses[i] = expected[i] - counted
            for c in range(len(s)):
                s[c] *= factor
            for entry in range(starts[word], starts[word + 1]):
                s[centers[entry]] -= shares[entry] * weights[word]

    return _poisson_rows


@lru_cache
def log_sum_rows() -> Any:
    """The pass for log Σ_w exp(s_w + b_w), with the signature of `_log_sum_rows`."""

    @kernel(depends_on=(row_code, vector_code))
    def _log_sum_rows(
        scores: Any,  # (n, vocab_size), contiguous, overwritten
        offset: Any,  # (vocab_size,)
        log_sums: Any,  # (n,) float64
    ) -> None:
        for i in range(len(scores)):
            s = scores[i]
            shift = _largest(s, offset)
            log_sums[i] = np.float64(shift) + np.log(_exponentiate(s, offset, shift))

    return _log_sum_rows
