"""How well a model does on held-out pairs: its loss without draws, and its perplexity.

For a pair (c, o), with the scores s_w = u_w·v_c,

    cross entropy  −log P̂(o | c),  P̂(w | c) = exp(s_w + b_w) / Σ_x exp(s_x + b_x)
    loss           −log σ(s_o) − K Σ_(w≠o) P_n(w) / (1 − P_n(o)) log σ(−s_w)

which are `equations.held_out.log_prediction` and `.expected_negative_sampling`.
Both sums over the vocabulary are the same for all outside words of c, up to one
term. So one pass over the vocabulary serves all pairs of a center word:

    log Z_c = log Σ_x exp(s_x + b_x)
    B_c     = Σ_w P_n(w) log(1 + exp(s_w))

For a large vocabulary only some center words are scored, drawn in proportion to
their pairs; the mean over the draws is unbiased. Neither the draws nor the sums
depend on threads: any number of them gives the same bits.
"""

import math
import time
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.kernels.compiling import inlined, kernel
from skipgram.system.blas import one_blas_thread
from skipgram.system.threads import mapped
from skipgram.training.events import HeldOutScore
from skipgram.training.held_out.pairs import HeldOutPairs
from skipgram.training.parameters import Parameters

EPOCH_SHARE = 0.05
"""The share of an epoch's arithmetic that scoring may take."""
LEAST_DRAWS = 64
"""The fewest center words that are drawn, however small that share."""

_CHUNK = 32
"""Center words that are scored together, so that rows of U are read once for all."""
BLOCK_ROWS = 1 << 11
"""Rows of U that are scored at a time: 256 KB of scores in float32 stay in the cache."""
_PASS_FLOP = 60
"""The cost of a score's exponentials and logarithm, at the speed of a training's arithmetic."""
_UPDATE_FLOP = 6
"""The cost of a training step per number of a pair of rows: a score and two updates."""

_EXP_LIMIT = 40.0
_TAYLOR = tuple(1 / math.factorial(n) for n in range(10))
_ARTANH = tuple(1 / (2 * n + 1) for n in range(14))


@dataclass(frozen=True, eq=False)
class ScoredModel:
    """A model as it predicts: its matrices, offset and noise.

    log_offset: b, shape (vocab_size,), float64: log P_n for negative sampling,
    another for a softmax; −∞ for a word that is never predicted.

    noise: P_n, shape (vocab_size,), float64, and K = negatives drawn from it.
    """

    parameters: Parameters
    log_offset: NDArray[np.float64]
    noise: NDArray[np.float64]
    negatives: int
    block_rows: int = BLOCK_ROWS

    @cached_property
    def top(self) -> int:
        """The word with the most noise: if that is nearly all, 1 − P_n(o) would lose its digits."""
        return int(np.argmax(self.noise))

    @cached_property
    def noise_without_top(self) -> NDArray[np.float64]:
        """P_n of the other words, and 0 for that one."""
        others = self.noise.copy()
        others[self.top] = 0.0
        return others

    @classmethod
    def by_negative_sampling(
        cls, parameters: Parameters, noise: NDArray[np.float64], negatives: int
    ) -> "ScoredModel":
        """The model that negative sampling trains: its offset is log P_n."""
        with np.errstate(divide="ignore"):  # log 0 = −∞ is intended
            return cls(parameters, np.log(noise), noise, negatives)


def epoch_flop(pairs: int, negatives: int, padded_dim: int) -> int:
    """The cost of an epoch with these pairs, in floating-point operations."""
    return pairs * (negatives + 1) * padded_dim * _UPDATE_FLOP


def centers_for(budget_flop: float, vocab_size: int, padded_dim: int) -> int:
    """How many center words this much arithmetic allows; at least `LEAST_DRAWS`.

    No clock decides, so that a score can be repeated.
    """
    return max(LEAST_DRAWS, int(budget_flop // (vocab_size * (2 * padded_dim + _PASS_FLOP))))


def held_out_score(
    pairs: HeldOutPairs, model: ScoredModel, *, draws: int, seed: int, pool: Executor | None = None
) -> HeldOutScore:
    """The mean loss and cross entropy of the held-out pairs, from `draws` center words.

    Each is drawn in proportion to its pairs, with replacement, and contributes the
    mean over all of them; the standard error is of the draws alone. With as many
    draws as there are center words, each is scored once instead, and the standard
    error is 0. Values that are not finite give nan.

    Parameters: the same seed draws the same center words from the same pairs, so
    that epochs can be compared. Without a `pool` the caller computes.
    """
    started = time.perf_counter()
    _require_predictable(pairs, model)
    every = len(pairs.centers)
    weights = pairs.pairs_by_center / pairs.pairs_by_center.sum()
    if draws < every:
        if draws < 2:
            raise SettingsError(f"{draws} center words are to be scored: draw two or more")
        drawn = np.random.default_rng(seed).choice(every, draws, p=weights)
        scored, place = np.unique(drawn, return_inverse=True)
    else:
        scored = np.arange(every)
    chunks = [scored[start : start + _CHUNK] for start in range(0, len(scored), _CHUNK)]
    # With more, how BLAS splits its sums would depend on the number of threads.
    with one_blas_thread():
        values = np.concatenate(mapped(pool, partial(means_of_centers, pairs, model), chunks))
    if draws < every:
        of_draws = values[place]
        loss, cross_entropy = of_draws.mean(axis=0).tolist()
        errors = of_draws.std(axis=0, ddof=1) / math.sqrt(draws)
    else:
        loss, cross_entropy = (weights @ values).tolist()
        errors = np.zeros(2)
    return HeldOutScore(
        loss=loss,
        loss_standard_error=float(errors[0]),
        cross_entropy=cross_entropy,
        cross_entropy_standard_error=float(errors[1]),
        centers=min(draws, every),
        pairs=pairs.pairs,
        seconds=time.perf_counter() - started,
    )


def _require_predictable(pairs: HeldOutPairs, model: ScoredModel) -> None:
    """Refuse outside words whose probability is 0: the cross entropy would be infinite."""
    is_predicted = np.isfinite(model.log_offset)
    if is_predicted.all():
        return
    never = pairs.outsides[~is_predicted[pairs.outsides]]
    if len(never):
        raise SettingsError(
            f"the word of id {never[0]} occurs in the held-out text, and the model gives it no "
            "probability at all; choose a noise_exponent (--noise-exponent) nearer to 0"
        )


def means_of_centers(
    pairs: HeldOutPairs, model: ScoredModel, chosen: NDArray[np.intp]
) -> NDArray[np.float64]:
    """(loss, cross entropy) of each chosen center word, shape (chosen, 2): means over its pairs."""
    entries, column = _entries_of(pairs, chosen)
    values = _values_of_pairs(pairs, model, chosen)
    counts = pairs.counts[entries]
    with np.errstate(all="ignore"):
        sums = [np.bincount(column, counts * value, len(chosen)) for value in values]
    means: NDArray[np.float64] = np.stack(sums, axis=1)
    means /= pairs.pairs_by_center[chosen][:, np.newaxis]
    return means


def values_of_all_pairs(
    pairs: HeldOutPairs, model: ScoredModel, pool: Executor | None = None
) -> NDArray[np.float64]:
    """(loss, cross entropy) of each pair, none of them sampled, shape (2, len(pairs.outsides))."""
    _require_predictable(pairs, model)
    centers = np.arange(len(pairs.centers))
    chunks = [centers[start : start + _CHUNK] for start in range(0, len(centers), _CHUNK)]
    with one_blas_thread():
        values = mapped(pool, partial(_values_of_pairs, pairs, model), chunks)
        return np.concatenate(values, axis=1)


def _values_of_pairs(
    pairs: HeldOutPairs, model: ScoredModel, chosen: NDArray[np.intp]
) -> NDArray[np.float64]:
    """(loss, cross entropy) of each pair of the chosen center words, shape (2, their pairs)."""
    entries, column = _entries_of(pairs, chosen)
    o = pairs.outsides[entries]
    centers = model.parameters.V[pairs.centers[chosen]]
    with np.errstate(all="ignore"):  # vectors that are not finite give nan, without a warning
        s_o, log_Z, B = _pass_over_vocabulary(model, centers, o, column)
        top = model.top
        s_top = centers.astype(np.float64) @ model.parameters.U[top].astype(np.float64)
        P_o, P_top, others = model.noise[o], model.noise[top], model.noise_without_top
        with_top = B[column] + P_top * _softplus(s_top)[column] - P_o * _softplus(s_o)
        expected = np.where(o == top, B[column] / others.sum(), with_top / (1.0 - P_o))
        loss = _softplus(-s_o) + model.negatives * expected
        cross_entropy = log_Z[column] - s_o - model.log_offset[o]
    return np.stack([loss, cross_entropy])


def _entries_of(
    pairs: HeldOutPairs, chosen: NDArray[np.intp]
) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The chosen center words' entries, and for each the place in `chosen` of its center word."""
    entries = np.concatenate([np.arange(*pairs.starts[i : i + 2]) for i in chosen])
    return entries, np.repeat(np.arange(len(chosen)), np.diff(pairs.starts)[chosen])


def _softplus(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """log(1 + exp(x)), which is −log σ(−x)."""
    return np.logaddexp(0.0, x)


def _pass_over_vocabulary(
    model: ScoredModel, centers: NDArray[Any], o: NDArray[np.int32], column: NDArray[np.intp]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """(s_o of each pair, log Z_c and B_c without the top word of each center), in float64.

    column: for each pair, the row of its center word in `centers`.
    """
    U = model.parameters.U
    # Padded with zeros: the compiled loops have a fixed length.
    chunk = np.zeros((_CHUNK, U.shape[1]), U.dtype)
    chunk[: len(centers)] = centers
    maxima = np.full(_CHUNK, -np.inf)
    exponentials, softpluses = np.zeros(_CHUNK), np.zeros(_CHUNK)
    scores = np.empty((model.block_rows, _CHUNK), U.dtype)
    by_word = np.argsort(o, kind="stable")
    words_in_order = o[by_word]
    s_o = np.empty(len(o))
    for start in range(0, len(U), model.block_rows):
        rows = slice(start, min(start + model.block_rows, len(U)))
        block = np.matmul(U[rows], chunk.T, out=scores[: rows.stop - start])
        inside = by_word[slice(*np.searchsorted(words_in_order, [start, rows.stop]))]
        s_o[inside] = block[o[inside] - start, column[inside]]
        _add_block(
            block,
            model.log_offset[rows],
            model.noise_without_top[rows],
            maxima,
            exponentials,
            softpluses,
        )
    return s_o, maxima + np.log(exponentials), softpluses


@kernel
def _add_block(
    scores: Any,  # (words, _CHUNK)
    log_offset: Any,  # (words,) float64
    noise: Any,  # (words,) float64
    maxima: Any,  # (_CHUNK,) float64: the largest s_w + b_w so far
    exponentials: Any,  # (_CHUNK,) float64: Σ exp(s_w + b_w − maximum) so far
    softpluses: Any,  # (_CHUNK,) float64: Σ noise_w log(1 + exp(s_w)) so far
) -> None:
    """Add some words to the three sums of each center word.

    Comparisons with nan are false: it bypasses the maxima and ends up in the sums.
    """
    largest = maxima.copy()
    for w in range(len(scores)):
        for i in range(_CHUNK):
            shifted = np.float64(scores[w, i]) + log_offset[w]
            largest[i] = shifted if shifted > largest[i] else largest[i]
    for i in range(_CHUNK):
        if largest[i] > maxima[i]:
            exponentials[i] *= np.exp(maxima[i] - largest[i])
            maxima[i] = largest[i]
        elif largest[i] == -np.inf:  # no word so far is ever predicted
            largest[i] = 0.0
    for w in range(len(scores)):
        for i in range(_CHUNK):
            score = np.float64(scores[w, i])
            exponentials[i] += _exp(score + log_offset[w] - largest[i])
            positive = score if score > 0.0 else 0.0
            softpluses[i] += noise[w] * (positive + _log1p(_exp(-abs(score))))


@inlined
def _exp(x: float) -> float:
    """e^x for x ≤ 0 as (e^(x/64))^64, with the inner one by its Taylor series; 0 below e^−40.

    It has no branch and no table, so it vectorises. The error is below 1e-14 of e^x, or 1e-16.
    """
    part = (-_EXP_LIMIT if x < -_EXP_LIMIT else x) * (1 / 64)
    power = _TAYLOR[-1]
    for n in range(2, len(_TAYLOR) + 1):
        power = power * part + _TAYLOR[-n]
    for _squaring in range(6):
        power *= power
    return 0.0 if x < -_EXP_LIMIT else power


@inlined
def _log1p(x: float) -> float:
    """log(1 + x) for x in 0..1 as 2 artanh(x / (2 + x)), by its series. Error below 1e-14."""
    z = x / (2.0 + x)
    square = z * z
    total = _ARTANH[-1]
    for n in range(2, len(_ARTANH) + 1):
        total = total * square + _ARTANH[-n]
    return 2.0 * z * total
