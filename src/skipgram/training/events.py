"""What a training tells while it runs; who listens decides what to show."""

from dataclasses import dataclass


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


@dataclass(frozen=True)
class Finished:
    """All epochs are through, and every number is finite."""

    tokens: int
    """over all epochs"""
    seconds: float

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds


Event = Compiling | Compiled | Started | Progress | EpochEnd | Finished
