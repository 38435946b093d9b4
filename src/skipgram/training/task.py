"""What there is to train: everything that stays the same from the first block to the last."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.equations import keep_probability
from skipgram.randomness import chance_threshold, chance_thresholds, epoch_key
from skipgram.settings import Settings
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters, padded
from skipgram.training.schedule import learning_rate

SCORED_SHARE = 1 / 64
"""The loss of so many groups is summed, chosen at random: at most 2 % of the time."""
SCORED_WHOLE_TOKENS = 1 << 20
"""A smaller corpus is scored whole."""


@dataclass(frozen=True, eq=False)
class Task:
    """A corpus, its noise, the parameters to be trained on it, and how.

    ranges: shape (ranges, 2), the tokens to train; line_ends: the corpus's,
    and where a window must not reach over besides.
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
        """That an epoch trains."""
        return int((self.ranges[:, 1] - self.ranges[:, 0]).sum())

    @property
    def mean_centers(self) -> float:
        """Center words in a window that meets no line's end."""
        return mean_centers(self.settings)

    @property
    def expected_pairs(self) -> int:
        """That an epoch trains on average, were there no lines' ends."""
        share = self.tokens / len(self.corpus)
        return round(share * expected_pairs(self.corpus, self.settings))

    @property
    def work_a_token(self) -> int:
        """In products: window × numbers × outside words."""
        model = self.settings.model
        return model.window * padded(model.embedding_dim) * (model.negatives + 1)

    def learning_rate(self, epoch: int, done: int) -> float:
        """The learning rate when so many tokens of an epoch are trained."""
        training = self.settings.training
        share = (epoch * self.tokens + done) / (training.epochs * self.tokens)
        return learning_rate(training, share)

    def draws(self, epoch: int) -> tuple[Any, ...]:
        """What a kernel draws with: what is kept, the noise, and an epoch's key."""
        return (
            self.keep_thresholds,
            self.noise.table,
            self.noise.probabilities,
            np.uint64(epoch_key(self.settings.training.seed, epoch)),
        )


def mean_centers(settings: Settings) -> float:
    """Center words in a window that meets no line's end."""
    model = settings.model
    return 2.0 * model.window if model.window_width == "fixed" else model.window + 1.0


def expected_pairs(corpus: EncodedCorpus, settings: Settings) -> int:
    """Pairs that an epoch over a whole corpus trains on average, were there no lines' ends."""
    vocabulary = corpus.vocabulary
    keep = keep_probability(vocabulary.counts, settings.training.subsample)
    kept = float(vocabulary.counts @ keep) / vocabulary.total
    return round(len(corpus) * kept * mean_centers(settings))
