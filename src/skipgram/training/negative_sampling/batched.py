"""The deterministic mode: the same bits for any number of threads (`batches.py` says how)."""

from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import Any

import numpy as np

from skipgram.settings import Settings
from skipgram.system.machine import usable_threads
from skipgram.system.threads import ThreadPool
from skipgram.training.negative_sampling.batches import train_batches
from skipgram.training.negative_sampling.changes import Changes, damping
from skipgram.training.negative_sampling.task import Loss, Task, TrainingBlock, blocks
from skipgram.training.parameters import padded

SLICES = 8
"""Slices of a batch, and the most threads that can share it."""
MOST_SLICE_TOKENS, LEAST_SLICE_TOKENS = 32, 2
MOST_CHANGES_BYTES = 1 << 26
"""The most for a batch's changes, unless even the shortest slices take more."""
BLOCK_BATCHES = 64
"""Batches between two events: some 10 ms."""
MOST_MOVE = 4.0
"""A batch is as long as it can be without a word's steps adding up to more (`changes.damping`)."""
CURVATURE = 0.5
"""The curvature of a term of the loss, in its steepest direction; by quality (DESIGN.md)."""


class Batched:
    """Trains blocks of batches, all threads together."""

    def __init__(
        self,
        task: Task,
        threads: int,
        block_tokens: int | None = None,
        slice_tokens: int | None = None,
    ) -> None:
        self._task = task
        # Threads wait for each other, so more of them than processors would be slower.
        self._threads = min(threads, SLICES, usable_threads())
        self.slice_tokens = slice_tokens or _slice_tokens(task)
        batch_tokens = SLICES * self.slice_tokens
        batches = BLOCK_BATCHES if block_tokens is None else max(1, block_tokens // batch_tokens)
        self.block_tokens = batches * batch_tokens
        places, entries = _room(self.slice_tokens, task.settings)
        words, dim = task.parameters.V.shape
        dtype = task.parameters.V.dtype.type
        self._changes = tuple(
            Changes.zeros((SLICES, size, dim), words, dtype) for size in (places, entries)
        )

    @staticmethod
    def memory_bytes(vocab_size: int, settings: Settings) -> int:
        """At most, for the changes of a batch and the counts of terms."""
        places, entries = _room(_most_slice_tokens(settings), settings)
        row_bytes = padded(settings.model.embedding_dim) * 4 + 12
        return SLICES * (places + entries) * row_bytes + 2 * vocab_size * 4

    def train(
        self, pool: ThreadPool, epoch: int, done: int, may_continue: Callable[[], bool]
    ) -> Iterator[tuple[TrainingBlock, Loss]]:
        """Train an epoch block by block, after its first `done` tokens, while `may_continue()`."""
        todo = blocks(self._task.ranges, self.block_tokens, epoch, done)
        for block in takewhile(lambda block: may_continue(), todo):
            yield block, self._train(pool, block)

    def _train(self, pool: ThreadPool, block: TrainingBlock) -> Loss:
        task = self._task
        kernel = kernel_of(task.settings)
        batches = -(-(block.stop - block.start) // (SLICES * self.slice_tokens))
        losses = np.zeros((batches, SLICES, 3))
        claims, arrivals = np.zeros(batches, np.int64), np.zeros(1, np.int64)
        draws, rates = task.draws(block.epoch), task.rates(block)
        shares = damping(CURVATURE * rates.first, task.parameters.V.dtype.type)

        def train(thread: int) -> None:
            kernel(
                task.corpus.ids,
                task.line_ends,
                block.start,
                block.stop,
                task.parameters.V,
                task.parameters.U,
                *self._changes,
                shares,
                draws,
                rates,
                self.slice_tokens,
                losses,
                claims,
                arrivals,
                thread,
                self._threads,
            )

        list(pool.map(train, range(self._threads)))
        total, scored_pairs, pairs = losses.sum(axis=(0, 1)).tolist()
        return Loss(total, int(scored_pairs), int(pairs))


def kernel_of(settings: Settings) -> Any:
    """The compiled batches for these settings."""
    model = settings.model
    return train_batches(
        padded(model.embedding_dim), model.negatives, negatives_shared=model.negatives_shared
    )


def _slice_tokens(task: Task) -> int:
    """As many as a batch can have without moving the most frequent word too far."""
    vocabulary, model = task.corpus.vocabulary, task.settings.model
    kept = vocabulary.counts * task.keep / vocabulary.total
    drawn = model.negatives * kept.sum() * task.noise.probabilities
    terms_a_token = task.rule.mean_centers * max(
        (kept * (model.negatives + 1)).max(), (kept + drawn).max()
    )
    move_a_token = CURVATURE * task.settings.training.learning_rate * float(terms_a_token)
    tokens = int(MOST_MOVE / move_a_token / SLICES)
    return max(LEAST_SLICE_TOKENS, min(_most_slice_tokens(task.settings), tokens))


def _most_slice_tokens(settings: Settings) -> int:
    """As many as a slice can have for the memory that its changes take."""
    places, entries = _room(1, settings)
    token_bytes = SLICES * (places + entries) * padded(settings.model.embedding_dim) * 4
    return max(LEAST_SLICE_TOKENS, min(MOST_SLICE_TOKENS, MOST_CHANGES_BYTES // token_bytes))


def _room(slice_tokens: int, settings: Settings) -> tuple[int, int]:
    """Places of words, and entries of changed rows of U, that a slice can have."""
    model = settings.model
    groups = 1 if model.negatives_shared else 2 * model.window
    places = 2 * (slice_tokens + model.window) + 1
    return places, slice_tokens * groups * (model.negatives + 1)
