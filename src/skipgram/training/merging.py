"""What several shards have made of the same rows, brought together in a fixed order, compiled."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.compiling import inlined, kernel, sources_of
from skipgram.training import tiles, vector_code

_LOOKAHEAD = 6
"""Rows are asked for from memory so many places ahead."""
_GROUP_BITS = 6
"""So many words beside each other (as a power of two) belong to one thread."""


@lru_cache
def merge_rows(padded_dim: int) -> Any:
    """The kernel for rows of `padded_dim` numbers, with the signature of `_merge_rows` below."""
    dim = padded_dim
    other_sources = sources_of(*(str(module.__file__) for module in (tiles, vector_code)))

    @kernel
    def _merge_rows(
        matrix: Any,  # (vocab_size, dim)
        rows: Any,  # (shards, most, dim): each shard's own rows,
        words: Any,  # (shards, most) int32: whose they are,
        taken: Any,  # (shards, 1) int64: and how many
        heads: Any,  # (vocab_size,) int32: -1, before and after
        links: Any,  # (shards, most) int32: overwritten
        weights: Any,  # (vocab_size,) float32
        shards: int,  # that were trained
        part: int,  # the share of this thread
        parts: int,
    ) -> None:
        """matrix[w] += weights[w] Σ_s (rows of w in shard s − matrix[w]), s rising."""
        _ = other_sources  # part of the closure, and so of the cache's key
        most = rows.shape[1]
        # A word's copies are linked, from the first shard that has one to the last.
        for shard in range(shards - 1, -1, -1):
            for place in range(taken[shard, 0]):
                word = words[shard, place]
                if _is_of(word, part, parts):
                    links[shard, place] = heads[word]
                    heads[word] = shard * most + place

        change = np.empty(dim, matrix.dtype)
        for shard in range(shards):
            for place in range(taken[shard, 0]):
                ahead = place + _LOOKAHEAD
                if ahead < taken[shard, 0] and _is_of(words[shard, ahead], part, parts):
                    tiles.prefetch(matrix, np.int64(words[shard, ahead]), dim)
                    tiles.prefetch(rows[shard], ahead, dim)
                word = np.int64(words[shard, place])
                if not _is_of(word, part, parts) or heads[word] != shard * most + place:
                    continue
                for k in range(dim):
                    change[k] = rows[shard, place, k] - matrix[word, k]
                other = links[shard, place]
                while other >= 0:
                    later, there = other // most, other % most
                    for k in range(dim):
                        change[k] += rows[later, there, k] - matrix[word, k]
                    other = links[later, there]
                weight = weights[word]
                for k in range(dim):
                    matrix[word, k] += weight * change[k]
                heads[word] = -1

    return _merge_rows


@inlined
def _is_of(word: Any, part: int, parts: int) -> bool:
    return bool((np.int64(word) >> _GROUP_BITS) % parts == part)


def merge_weights(steps: NDArray[np.float64], shards: int) -> NDArray[np.float32]:
    """The share of the summed changes that shards side by side should take of each row.

    steps: shape (vocab_size,), how far each shard is expected to go toward its
    optimum, as the exponent x of a contraction e^(−x). On a quadratic, one
    shard goes 1 − e^(−x) of the way; S shards one after the other go
    1 − e^(−Sx). So that S side by side go as far, the sum of their changes is
    weighted with

        (1 − e^(−Sx)) / (S (1 − e^(−x)))

    which is 1 for rows that hardly move (their changes add up) and 1/S for
    those that each shard brings to their optimum (an average).
    """
    x = np.maximum(steps, 1e-9)
    weights: NDArray[np.float32] = (np.expm1(-shards * x) / (shards * np.expm1(-x))).astype(
        np.float32
    )
    return weights
