"""What is to be trained: everything that stays the same from the first block to the last."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.equations import keep_probability
from skipgram.equations.draws import chance_threshold, chance_thresholds, epoch_key
from skipgram.settings import Settings, TrainingSettings
from skipgram.settings.window_rule import WindowRule
from skipgram.training.draws import Draws, Rates
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters, padded


@dataclass(frozen=True)
class TrainingBlock:
    """Tokens start..stop of the corpus, in one epoch (from 0)."""

    epoch: int
    start: int
    stop: int
    done: int
    """tokens that the epoch trains before this block"""

    @property
    def done_after(self) -> int:
        """Tokens that the epoch has trained after this block."""
        return self.done + self.stop - self.start


def blocks(
    ranges: NDArray[np.int64], length: int, epoch: int, done: int = 0
) -> Iterator[TrainingBlock]:
    """The ranges of tokens in blocks of at most `length`, after `done` tokens.

    ranges: shape (ranges, 2), rising. How they are cut changes no sample, only
    which thread draws it.
    """
    before = 0
    for first, last in ranges.tolist():
        skipped = min(max(0, done - before), last - first)
        before += skipped
        for start in range(first + skipped, last, length):
            block = TrainingBlock(epoch, start, min(start + length, last), before)
            yield block
            before = block.done_after


@dataclass(frozen=True)
class Loss:
    """A running mean over scored pairs, in nats a pair."""

    total: float = 0.0
    scored_pairs: int = 0
    pairs: int = 0
    shortened_pairs: int = 0
    """whose step would have been too long to be stable"""

    def __add__(self, other: "Loss") -> "Loss":
        return Loss(
            self.total + other.total,
            self.scored_pairs + other.scored_pairs,
            self.pairs + other.pairs,
            self.shortened_pairs + other.shortened_pairs,
        )

    @property
    def mean(self) -> float:
        """Nats a pair, or nan where none was scored."""
        return self.total / self.scored_pairs if self.scored_pairs else math.nan


LEAST_RATE = 1e-4
"""A falling rate ends at this share of its start, as in word2vec.c."""


def learning_rate(settings: TrainingSettings, done: float) -> float:
    """The step length when a share `done` of all tokens, in 0..1, has been trained.

    linear     rate · (1 − (1 − LEAST_RATE) · done)
    cosine     rate · (LEAST_RATE + (1 − LEAST_RATE) · (1 + cos(π · done)) / 2)
    constant   rate

    Source: word2vec.c (linear); Loshchilov and Hutter 2017 (cosine).
    """
    if settings.schedule == "constant":
        return settings.learning_rate
    if settings.schedule == "cosine":
        left = (1 + math.cos(math.pi * done)) / 2
        return settings.learning_rate * (LEAST_RATE + (1 - LEAST_RATE) * left)
    return settings.learning_rate * (1 - (1 - LEAST_RATE) * done)


SCORED_SHARE = 1 / 64
"""The share of groups, chosen at random, whose loss is summed: at most 2 % of the time."""
SCORED_WHOLE_TOKENS = 1 << 20
"""In a smaller corpus every group is scored."""


@dataclass(frozen=True, eq=False)
class Task:
    """A corpus, its noise, the parameters to train on it, and the settings.

    ranges: shape (ranges, 2), the tokens to train; line_ends: the corpus's, and
    any others that no window may cross.
    """

    corpus: EncodedCorpus
    noise: Noise
    parameters: Parameters
    settings: Settings
    ranges: NDArray[np.int64]
    line_ends: NDArray[np.int64]
    keep: NDArray[np.float64] = field(init=False)
    keep_thresholds: NDArray[np.uint32] = field(init=False)
    score_threshold: np.uint64 = field(init=False)

    def __post_init__(self) -> None:
        keep = keep_probability(self.corpus.vocabulary.counts, self.settings.training.subsample)
        share = SCORED_SHARE if self.tokens >= SCORED_WHOLE_TOKENS else 1.0
        derived = {
            "keep": keep,
            "keep_thresholds": chance_thresholds(keep),
            "score_threshold": np.uint64(chance_threshold(share)),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @cached_property
    def tokens(self) -> int:
        """Tokens that an epoch trains."""
        return int((self.ranges[:, 1] - self.ranges[:, 0]).sum())

    @cached_property
    def rule(self) -> WindowRule:
        """Which words make a pair."""
        return WindowRule.of(self.settings)

    @property
    def expected_pairs(self) -> int:
        """Pairs that an epoch trains on average, ignoring line ends."""
        share = self.tokens / len(self.corpus)
        return round(share * expected_pairs(self.corpus, self.settings))

    @property
    def work_a_token(self) -> int:
        """The products for a token: window × numbers × outside words."""
        model = self.settings.model
        return model.window * padded(model.embedding_dim) * (model.negatives + 1)

    def learning_rate(self, epoch: int, done: int) -> float:
        """The learning rate after `done` tokens of an epoch."""
        training = self.settings.training
        share = (epoch * self.tokens + done) / (training.epochs * self.tokens)
        return learning_rate(training, share)

    def draws(self, epoch: int) -> Draws:
        """What the draws of an epoch depend on."""
        return Draws(
            self.keep_thresholds,
            self.noise.table,
            self.noise.probabilities,
            np.uint64(epoch_key(self.settings.training.seed, epoch)),
            self.rule.window,
            self.rule.width_is_fixed,
            self.score_threshold,
        )

    def rates(self, block: TrainingBlock) -> Rates:
        """The learning rate, which falls evenly from a block's first token to its end."""
        first = self.learning_rate(block.epoch, block.done)
        last = self.learning_rate(block.epoch, block.done_after)
        return Rates(first, (last - first) / (block.stop - block.start), block.start)


def expected_pairs(corpus: EncodedCorpus, settings: Settings) -> int:
    """Pairs that an epoch over a whole corpus trains on average, ignoring line ends."""
    vocabulary = corpus.vocabulary
    keep = keep_probability(vocabulary.counts, settings.training.subsample)
    kept = float(vocabulary.counts @ keep) / vocabulary.total
    return round(len(corpus) * kept * WindowRule.of(settings).mean_centers)
