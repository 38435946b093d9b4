"""The pairs of the held-out text: drawn once, then counted by their center word."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.equations.draws import epoch_key
from skipgram.errors import CorpusError
from skipgram.kernels.compiling import kernel
from skipgram.training import draws as sampling
from skipgram.training.held_out.split import Split

MOST_TOKENS = 1 << 20
"""The most held-out tokens that are used, since their pairs are held in memory."""
MOST_PAIRS = 1 << 24
"""The most pairs: wide windows make more per token, so fewer tokens are used."""
EPOCH = -1
"""The held-out draws are those of an epoch that no training has."""

_WORD_BITS = 32


@dataclass(frozen=True, eq=False)
class HeldOutPairs:
    """How often each pair (center word, outside word) occurs in held-out text.

    centers: shape (n,), int64, rising: the center words that have a pair.

    outsides, counts: shape (m,), int32 and int64 (or float64): the outside words of
    centers[i], rising, and how often each occurs with it, from starts[i] to
    starts[i + 1].

    starts: shape (n + 1,), int64.
    """

    centers: NDArray[np.int64]
    starts: NDArray[np.int64]
    outsides: NDArray[np.int32]
    counts: NDArray[np.int64] | NDArray[np.float64]

    @classmethod
    def of(
        cls,
        corpus: EncodedCorpus,
        split: Split,
        keep_thresholds: NDArray[np.uint32],
        window: int,
        seed: int,
        *,
        width_is_fixed: bool,
        most_tokens: int = MOST_TOKENS,
        most_pairs: int = MOST_PAIRS,
    ) -> "HeldOutPairs":
        """Draw them as the training does: subsampling, closed-up windows and their widths."""
        draw_pairs = _draw_pairs()
        key = np.uint64(epoch_key(seed, EPOCH))
        most_tokens = min(most_tokens, max(1, most_pairs // (2 * window)))
        parts = [
            draw_pairs(
                corpus.ids,
                split.line_ends,
                start,
                stop,
                keep_thresholds,
                key,
                window,
                width_is_fixed,
            )
            for start, stop in thinned(split.held_out, most_tokens).tolist()
        ]
        pairs, counts = np.unique(np.concatenate(parts), return_counts=True)
        if not len(pairs):
            raise CorpusError(
                f"no two of the {split.held_out_tokens:,} held-out tokens make a pair: they are "
                "alone on their lines or subsampling drops their neighbours; raise holdout "
                "(--holdout) or give more text"
            )
        centers, starts = np.unique(pairs >> _WORD_BITS, return_index=True)
        outsides = (pairs & ((1 << _WORD_BITS) - 1)).astype(np.int32)
        return cls(centers, np.append(starts, len(pairs)), outsides, counts)

    @classmethod
    def of_counts(cls, counts: scipy.sparse.csr_matrix) -> "HeldOutPairs":
        """Expected counts, shape (vocab_size, vocab_size), instead of drawn ones."""
        if not counts.nnz:
            raise CorpusError(
                "the held-out text leaves no pair of words; raise holdout (--holdout) or give more "
                "text"
            )
        centers = np.flatnonzero(np.diff(counts.indptr)).astype(np.int64)
        starts = np.append(counts.indptr[centers], counts.nnz).astype(np.int64)
        return cls(centers, starts, counts.indices.astype(np.int32), counts.data)

    @cached_property
    def pairs(self) -> int:
        """How many there are, counting repeats; expected counts are rounded."""
        return round(float(self.counts.sum()))

    @cached_property
    def pairs_by_center(self) -> NDArray[np.int64] | NDArray[np.float64]:
        """How many each center word has, counting repeats: shape (n,)."""
        return np.add.reduceat(self.counts, self.starts[:-1])


def thinned(ranges: NDArray[np.int64], most_tokens: int) -> NDArray[np.int64]:
    """The beginnings of all ranges, with about `most_tokens` in total.

    Windows still reach beyond them, into the rest of the held-out text.
    """
    tokens = int(np.diff(ranges).sum())
    if tokens <= most_tokens:
        return ranges
    lengths = np.diff(ranges)[:, 0] * most_tokens // tokens
    return np.stack([ranges[:, 0], ranges[:, 0] + np.maximum(lengths, 1)], axis=1)


@lru_cache
def _draw_pairs() -> Any:
    """The kernel, with the signature of `_draw_pairs` below and its result."""

    @kernel(depends_on=(sampling,))
    def _draw_pairs(
        ids: Any,  # (tokens,) int32
        line_ends: Any,  # (lines,) int64, rising
        start: int,
        stop: int,
        keep_thresholds: Any,  # (vocab_size,) uint32
        key: Any,  # uint64: equations.draws.epoch_key
        window: int,
        width_is_fixed: bool,
    ) -> Any:
        """The pairs whose outside word is at start..stop, as center · 2³² + outside, int64."""
        words = np.empty(2 * (stop - start + window) + 1, np.int32)
        positions = np.empty(len(words), np.int64)
        last, _end = sampling.kept_words(
            ids, line_ends, start, stop, keep_thresholds, key, window, words, positions
        )
        centers = np.empty(2 * window, np.int64)
        pairs = np.empty((last - window) * 2 * window, np.int64)
        found = 0
        for place in range(window, last):
            if words[place] == sampling.LINE_END:
                continue
            stream = sampling.stream(key, positions[place])
            width = sampling.width(stream, window, width_is_fixed)
            M = sampling.centers(words, place, width, centers)
            for i in range(M):
                pairs[found] = (centers[i] << _WORD_BITS) | np.int64(words[place])
                found += 1
        return pairs[:found].copy()

    return _draw_pairs
