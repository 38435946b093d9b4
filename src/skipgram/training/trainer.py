"""The loop around the kernel: epochs, blocks, threads, the falling rate, and what there is to tell.

A trainer is an iterator of events and prints nothing. Its threads work on the
same two matrices without locks (Hogwild: Niu et al. 2011); with one thread a
run repeats bit for bit.
"""

import math
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.equations import keep_probability
from skipgram.errors import SkipgramError
from skipgram.machine import available_memory_bytes
from skipgram.parallel import in_order
from skipgram.randomness import chance_threshold, epoch_key
from skipgram.settings import Settings
from skipgram.training.events import (
    Compiled,
    EpochEnd,
    Event,
    Finished,
    Progress,
    Started,
)
from skipgram.training.negative_sampling import train_block
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters, padded

MOST_BLOCK_TOKENS, LEAST_BLOCK_TOKENS = 1 << 15, 1 << 8
BLOCK_WORK = MOST_BLOCK_TOKENS * 5 * 112 * 6
"""What a thread takes at a time, in tokens × window × numbers × outside words: some 10 ms."""
SCORED_SHARE = 1 / 64
"""The loss of so many groups is summed, chosen at random: at most 2 % of the time."""
SCORED_WHOLE_TOKENS = 1 << 20
"""A smaller corpus is scored whole."""
LEAST_RATE = 1e-4
"""The learning rate falls linearly to this share of its start, as in word2vec.c."""


@dataclass(frozen=True)
class Block:
    """Positions start..stop of one epoch (from 0)."""

    epoch: int
    start: int
    stop: int


@dataclass
class _Loss:
    """A running mean over scored pairs, in nats a pair."""

    total: float = 0.0
    scored_pairs: int = 0
    pairs: int = 0

    def add(self, total: float, scored_pairs: int, pairs: int) -> None:
        self.total += total
        self.scored_pairs += scored_pairs
        self.pairs += pairs

    @property
    def mean(self) -> float:
        return self.total / self.scored_pairs if self.scored_pairs else math.nan


@dataclass(eq=False)
class NegativeSamplingTrainer:
    """Trains `parameters` in place, by grouped negative sampling.

    Iterate over it: the training happens between the events, and ends with
    the iteration. A trainer trains once.
    """

    corpus: EncodedCorpus
    noise: Noise
    parameters: Parameters
    settings: Settings
    _keep_thresholds: NDArray[np.uint32] = field(init=False)
    _score_threshold: np.uint64 = field(init=False)
    _train_block: Any = field(init=False)

    def __post_init__(self) -> None:
        keep = keep_probability(self.corpus.vocabulary.counts, self.settings.training.subsample)
        self._keep_thresholds = np.array([chance_threshold(p) for p in keep], np.uint32)
        share = SCORED_SHARE if len(self.corpus) >= SCORED_WHOLE_TOKENS else 1.0
        self._score_threshold = np.uint64(chance_threshold(share))
        self._train_block = train_block(self.parameters.V.shape[1], self.settings.model.negatives)

    def __iter__(self) -> Iterator[Event]:
        training, threads = self.settings.training, self.settings.run.threads
        tokens = len(self.corpus)
        yield Started(
            vocab_size=len(self.corpus.vocabulary),
            tokens=tokens,
            epochs=training.epochs,
            threads=threads,
            memory_bytes=memory_bytes(self.corpus, self.settings.model.embedding_dim),
            loss_at_zero=(self.settings.model.negatives + 1) * math.log(2),
        )
        started = time.perf_counter()
        with ThreadPoolExecutor(threads, "skipgram") as pool:
            for epoch in range(training.epochs):
                loss = _Loss()
                blocks = self._blocks(epoch)
                for block, result in in_order(pool, self._train, blocks, ahead=2 * threads):
                    self._require_finite(result[0], block)
                    loss.add(*result)
                    yield Progress(
                        epoch=epoch + 1,
                        tokens_done=epoch * tokens + block.stop,
                        tokens_total=training.epochs * tokens,
                        loss=result[0] / result[1] if result[1] else math.nan,
                        learning_rate=self._learning_rate(block.epoch, block.stop),
                        seconds=time.perf_counter() - started,
                    )
                self._require_pairs(loss, epoch)
                self._require_finite(float(self.parameters.V.sum()), block)
                seconds = time.perf_counter() - started
                yield EpochEnd(epoch + 1, loss.mean, loss.scored_pairs, loss.pairs, seconds)
        yield Finished(training.epochs * tokens, seconds)

    def _blocks(self, epoch: int) -> Iterator[Block]:
        """The corpus in blocks of like work, at least four a thread where there are tokens for it.

        How it is cut changes no sample, only who draws it.
        """
        model, tokens = self.settings.model, len(self.corpus)
        work = model.window * self.parameters.V.shape[1] * (model.negatives + 1)
        share = -(-tokens // (4 * self.settings.run.threads))
        length = max(LEAST_BLOCK_TOKENS, min(MOST_BLOCK_TOKENS, BLOCK_WORK // work, share))
        for start in range(0, tokens, length):
            yield Block(epoch, start, min(start + length, tokens))

    def _train(self, block: Block) -> tuple[float, int, int]:
        first_rate = self._learning_rate(block.epoch, block.start)
        last_rate = self._learning_rate(block.epoch, block.stop)
        result: tuple[float, int, int] = self._train_block(
            self.corpus.ids,
            self.corpus.line_ends,
            block.start,
            block.stop,
            self.parameters.V,
            self.parameters.U,
            self._keep_thresholds,
            self.noise.table,
            self.noise.probabilities,
            np.uint64(epoch_key(self.settings.training.seed, block.epoch)),
            self.settings.model.window,
            self.settings.model.window_width == "fixed",
            self._score_threshold,
            first_rate,
            (last_rate - first_rate) / (block.stop - block.start),
        )
        return result

    def _learning_rate(self, epoch: int, position: int) -> float:
        """The learning rate at a position: linear from its start to `LEAST_RATE` of it."""
        training, tokens = self.settings.training, len(self.corpus)
        done = (epoch * tokens + position) / (training.epochs * tokens)
        return training.learning_rate * (1 - (1 - LEAST_RATE) * done)

    def _require_pairs(self, loss: _Loss, epoch: int) -> None:
        if loss.pairs == 0:
            raise SkipgramError(
                f"nothing was left to train on in epoch {epoch + 1}: subsampling at "
                f"{self.settings.training.subsample:g} dropped every neighbour; give more text, "
                "or raise subsample (--subsample), or keep every word with 0"
            )

    def _require_finite(self, outcome: float, block: Block) -> None:
        if not math.isfinite(outcome):
            raise SkipgramError(
                f"the vectors are no longer finite at token {block.stop:,} of epoch "
                f"{block.epoch + 1}: learning_rate {self.settings.training.learning_rate:g} "
                "is too large"
            )


def memory_bytes(corpus: EncodedCorpus, embedding_dim: int) -> int:
    """What a training holds at its peak: both matrices, twice at the end, ids, and the tables.

    The vectors are taken out of the kernel's padded rows while those still stand.
    """
    vocab_size = len(corpus.vocabulary)
    padded_rows = 2 * vocab_size * padded(embedding_dim) * 4
    vectors = 2 * vocab_size * embedding_dim * 4
    tables = vocab_size * (4 + 8 + 8)
    return padded_rows + vectors + tables + corpus.memory_bytes


def require_memory(corpus: EncodedCorpus, settings: Settings) -> None:
    """Refuse what this machine's memory cannot hold, before it is asked for.

    Raises
    ------
    SkipgramError
        With what is needed, what there is, and the ways out.

    """
    needed = memory_bytes(corpus, settings.model.embedding_dim)
    available = available_memory_bytes()
    if available is not None and needed > available:
        raise SkipgramError(
            f"training {len(corpus.vocabulary):,} words × {settings.model.embedding_dim} needs "
            f"{needed / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB are free; lower "
            "embedding_dim (--embedding-dim) or raise min_count (--min-count)"
        )


def warm_up(embedding_dim: int, negatives: int) -> Compiled | None:
    """Load or compile the kernel by training nothing; None if there was nothing to compile."""
    started = time.perf_counter()
    V = np.zeros((2, padded(embedding_dim)), np.float32)
    train = train_block(V.shape[1], negatives)
    if train.signatures:
        return None
    train(
        np.zeros(2, np.int32),
        np.array([2], np.int64),
        0,
        0,
        V,
        V,
        np.zeros(2, np.uint32),
        np.zeros((2, 2), np.int32),
        np.full(2, 0.5),
        np.uint64(0),
        1,
        False,
        np.uint64(0),
        0.0,
        0.0,
    )
    if train.stats.cache_hits:
        return None
    return Compiled(time.perf_counter() - started, is_kept=bool(train.stats.cache_path))
