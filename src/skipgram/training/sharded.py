"""The deterministic mode: the same bits for any number of threads.

A round trains a fixed number of blocks, one a shard, all from the same
parameters: each shard works on copies of the rows that it touches. Then the
rows are merged in the order of the shards. Threads only share out shards and
rows; what is computed does not depend on how many there are.
"""

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.settings import Settings
from skipgram.training.blocks import Block, Loss, blocks
from skipgram.training.merging import merge_rows, merge_weights
from skipgram.training.own_rows import OwnRows
from skipgram.training.parameters import aligned_zeros, padded
from skipgram.training.task import Task

MOST_BLOCK_TOKENS, LEAST_BLOCK_TOKENS = 1 << 12, 1 << 6
LEAST_ROUNDS = 32
"""An epoch has so many at least, where there are tokens for it."""
CURVATURE = 0.05
"""Of the loss of a pair, along the direction in which it is largest; by quality (DESIGN.md)."""
_RATES_AN_OCTAVE = 32
"""The weights of a merge are made anew when the learning rate has changed by so little."""


class Sharded:
    """Trains rounds of `shards` blocks, and merges what became of them."""

    def __init__(self, task: Task, threads: int) -> None:
        self._task = task
        self._shards = task.settings.training.shards
        self._threads = min(threads, self._shards)
        self._block_tokens = _block_tokens(task.tokens, task.settings)
        vocab_size = len(task.corpus.vocabulary)
        room = _rows_touched(task.tokens, vocab_size, task.settings)
        self._V = _ShardedMatrix(task.parameters.V, room[0], task.settings)
        self._U = _ShardedMatrix(task.parameters.U, room[1], task.settings)
        self._terms = _terms_a_block(task, self._block_tokens)
        self._weights: dict[tuple[int, int], tuple[NDArray[np.float32], ...]] = {}

    @staticmethod
    def memory_bytes(tokens: int, vocab_size: int, settings: Settings) -> int:
        """Of all shards' own rows, at most, and of the tables that find them."""
        shards, dim = settings.training.shards, padded(settings.model.embedding_dim)
        rows = sum(_rows_touched(tokens, vocab_size, settings))
        return shards * (rows * (dim * 4 + 4) + 2 * vocab_size * 4) + 6 * vocab_size * 4

    def train(
        self, pool: ThreadPoolExecutor, epoch: int, done: int, goes_on: Callable[[], bool]
    ) -> Iterator[tuple[Block, Loss]]:
        """Train an epoch from where `done` tokens are, round by round, while it is to go on.

        A round gives its last block, and the loss of all.
        """
        todo = blocks(self._task.ranges, self._block_tokens, epoch, done)
        while goes_on() and (together := list(islice(todo, self._shards))):
            yield together[-1], self._round(pool, together)

    def _round(self, pool: ThreadPoolExecutor, together: list[Block]) -> Loss:
        """Train a block a shard, then merge; threads take turns by number."""
        shards, threads = len(together), self._threads
        losses = [Loss()] * shards
        rate = self._task.learning_rate(together[0].epoch, together[0].done)
        weights = self._merge_weights(rate, shards)

        def train(thread: int) -> None:
            for shard in range(thread, shards, threads):
                own = self._V.shards[shard], self._U.shards[shard]
                losses[shard] = self._task.train(together[shard], *own, owns_rows=True)

        def merge(thread: int) -> None:
            for matrix, weight in zip((self._V, self._U), weights, strict=True):
                matrix.merge(shards, weight, thread, threads)

        list(pool.map(train, range(threads)))
        list(pool.map(merge, range(threads)))
        return sum(losses, Loss())

    def _merge_weights(self, rate: float, shards: int) -> tuple[NDArray[np.float32], ...]:
        """For the rows of V and of U."""
        step = round(math.log2(rate) * _RATES_AN_OCTAVE)
        if (step, shards) not in self._weights:
            scale = CURVATURE * 2 ** (step / _RATES_AN_OCTAVE)
            weights = tuple(merge_weights(scale * terms, shards) for terms in self._terms)
            self._weights = {(step, shards): weights}  # rates fall: others are not needed again
        return self._weights[step, shards]


class _ShardedMatrix:
    """One matrix, and each shard's own rows of it."""

    def __init__(self, matrix: NDArray[np.floating], most: int, settings: Settings) -> None:
        shards, (vocab_size, dim) = settings.training.shards, matrix.shape
        rows = aligned_zeros(shards * most, dim, matrix.dtype.type)
        self._matrix = matrix
        self._all = OwnRows(
            rows.reshape(shards, most, dim),
            np.zeros((shards, most), np.int32),
            np.full((shards, vocab_size), -1, np.int32),
            np.zeros((shards, 1), np.int64),
        )
        self.shards = [OwnRows(*each) for each in zip(*self._all, strict=True)]
        self._heads = np.full(vocab_size, -1, np.int32)
        self._links = np.empty((shards, most), np.int32)
        self._merge: Any = merge_rows(padded(settings.model.embedding_dim))

    def merge(self, shards: int, weights: NDArray[np.float32], part: int, parts: int) -> None:
        """Change the matrix by what the first `shards` have made of their rows."""
        rows, words, _, taken = self._all
        self._merge(
            self._matrix, rows, words, taken, self._heads, self._links, weights, shards, part, parts
        )


def _block_tokens(tokens: int, settings: Settings) -> int:
    fair = min(MOST_BLOCK_TOKENS, tokens // (settings.training.shards * LEAST_ROUNDS))
    return max(LEAST_BLOCK_TOKENS, fair)


def _rows_touched(tokens: int, vocab_size: int, settings: Settings) -> tuple[int, int]:
    """Rows of V and of U that a shard can touch in a block."""
    model, length = settings.model, _block_tokens(tokens, settings)
    draws = model.negatives * (1 if model.negatives_shared else 2 * model.window)
    return (
        min(vocab_size, length + 2 * model.window),
        min(vocab_size, length * (draws + 1)),
    )


def _terms_a_block(task: Task, block_tokens: int) -> tuple[NDArray[np.float64], ...]:
    """Terms of the loss in which each row of V and of U stands in a block, on average."""
    negatives = task.settings.model.negatives
    vocabulary = task.corpus.vocabulary
    kept = vocabulary.counts * task.keep / vocabulary.total
    pairs = block_tokens * task.mean_centers
    return (
        pairs * kept * (negatives + 1),
        pairs * (kept + negatives * kept.sum() * task.noise.probabilities),
    )
