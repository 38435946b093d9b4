"""What a training tells while it runs; who listens decides what to show."""

import math
from dataclasses import dataclass

MOST_EXPONENT = 709.0
"""exp of this is nearly the largest number that float64 has."""


@dataclass(frozen=True)
class Compiling:
    """The corpus is read, and the kernel for these settings is not compiled yet."""


@dataclass(frozen=True)
class Compiled:
    """The kernel had to be compiled, which took so long, partly while the corpus was read."""

    seconds: float
    is_kept: bool
    """on the disk, for the next run with these settings"""


@dataclass(frozen=True)
class Started:
    """Training proper begins."""

    vocab_size: int
    tokens: int
    epochs: int
    threads: int
    memory_bytes: int
    """what the training needs: both matrices, the corpus, the tables"""
    loss_at_zero: float
    """(K + 1) log 2 nats a pair: the loss of vectors of zero, from which training starts"""


@dataclass(frozen=True)
class Progress:
    """Some more of the corpus has been trained."""

    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs, of the corpus as encoded"""
    tokens_total: int
    loss: float
    """mean nats a pair since the last event that carried a loss, or nan if none was scored"""
    learning_rate: float
    seconds: float
    """of training so far"""

    @property
    def tokens_per_second(self) -> float:
        return self.tokens_done / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True)
class HeldOutScore:
    """How well the vectors do on text that they were not trained on.

    An average over held-out pairs, of which those of sampled center words were
    scored; the standard errors are those of that sampling alone.
    """

    loss: float
    """nats a pair, its expectation over the noise: comparable with the training's"""
    loss_standard_error: float
    cross_entropy: float
    """mean −log P̂(o | c) in nats a pair, P̂ normalised over the whole vocabulary"""
    cross_entropy_standard_error: float
    centers: int
    """center words that were drawn, in proportion to their pairs; with repeats"""
    pairs: int
    """held-out pairs, of all center words"""
    seconds: float

    @property
    def perplexity(self) -> float:
        """Exp of the cross entropy: so many words, all alike, would be as hard to guess among."""
        return math.exp(min(self.cross_entropy, MOST_EXPONENT))


@dataclass(frozen=True)
class EpochEnd:
    """An epoch is through."""

    epoch: int
    """from 1"""
    loss: float
    """mean nats a pair over the epoch's scored pairs, as met by the moving parameters"""
    scored_pairs: int
    pairs: int
    seconds: float
    """of training so far"""
    held_out: HeldOutScore | None = None


@dataclass(frozen=True)
class Paused:
    """All threads rest, because the trainer was asked for it: what is trained can be saved."""


@dataclass(frozen=True)
class CheckpointSaved:
    """The training can be taken up from here."""

    folder: str
    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs"""
    seconds: float
    """that writing took"""


@dataclass(frozen=True)
class CheckpointFailed:
    """A checkpoint could not be written, so the one before stays; the training goes on."""

    folder: str
    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs"""
    reason: str


@dataclass(frozen=True)
class Resumed:
    """An interrupted training goes on."""

    folder: str
    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs"""
    seconds: float
    """of training, before"""


@dataclass(frozen=True)
class StoppedEarly:
    """The held-out loss has not fallen for as long as was to be waited; the best vectors stay."""

    best_epoch: int
    """from 1"""
    held_out: HeldOutScore
    """of the best epoch"""


@dataclass(frozen=True)
class Finished:
    """All epochs are through, and every number is finite."""

    tokens: int
    """over all epochs"""
    seconds: float

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds


Event = (
    Compiling
    | Compiled
    | Started
    | Resumed
    | Progress
    | EpochEnd
    | CheckpointSaved
    | CheckpointFailed
    | StoppedEarly
    | Finished
)
