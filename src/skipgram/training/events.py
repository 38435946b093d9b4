"""What a training reports while it runs; the listener decides what to show."""

import math
from dataclasses import dataclass

MOST_EXPONENT = 709.0
"""exp of this is nearly the largest number that float64 has."""


@dataclass(frozen=True)
class Compiling:
    """The corpus is read, and the kernel for these settings is not compiled yet."""


@dataclass(frozen=True)
class Compiled:
    """The kernel had to be compiled, partly while the corpus was read."""

    seconds: float
    is_kept: bool
    """on disk, for the next run with these settings"""


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
    """Another part of the corpus has been trained."""

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

    An average over held-out pairs, estimated from those of sampled center words; the
    standard errors are of that sampling alone.
    """

    loss: float
    """nats a pair, its expectation over the noise: comparable with the training's"""
    loss_standard_error: float
    cross_entropy: float
    """mean −log P̂(o | c) in nats a pair, P̂ normalised over the whole vocabulary"""
    cross_entropy_standard_error: float
    centers: int
    """center words that were drawn, in proportion to their pairs, counting repeats"""
    pairs: int
    """held-out pairs, of all center words"""
    seconds: float

    @property
    def perplexity(self) -> float:
        """Exp of the cross entropy: as hard as a guess among this many equally likely words."""
        return math.exp(min(self.cross_entropy, MOST_EXPONENT))


@dataclass(frozen=True)
class EpochEnd:
    """An epoch has ended."""

    epoch: int
    """from 1"""
    loss: float
    """mean nats a pair over the epoch's scored pairs, each as the parameters were then"""
    scored_pairs: int
    pairs: int
    seconds: float
    """of training so far"""
    held_out: HeldOutScore | None = None
    shortened_pairs: int = 0
    """whose step would have been too long to be stable"""
    loss_standard_error: float | None = None
    """of the loss, at most so much; None after too few blocks to tell"""


@dataclass(frozen=True)
class Paused:
    """All threads are at rest, because the trainer was asked to pause: it can be saved."""


@dataclass(frozen=True)
class CheckpointSaved:
    """The training can be resumed from here."""

    folder: str
    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs"""
    seconds: float
    """that writing took"""
    pass_name: str = "epoch"
    """or sweep: what is counted"""


@dataclass(frozen=True)
class CheckpointFailed:
    """A checkpoint could not be written, so the previous one stays; the training continues."""

    folder: str
    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs"""
    reason: str
    pass_name: str = "epoch"
    """or sweep: what is counted"""


@dataclass(frozen=True)
class LogFailed:
    """A log of the run could not be written, so it ends here; the training continues."""

    place: str
    reason: str


@dataclass(frozen=True)
class LogCutShort:
    """At the end of the run: a log failed, and records are missing from it."""

    place: str
    missing: int


@dataclass(frozen=True)
class Resumed:
    """An interrupted training continues."""

    folder: str
    epoch: int
    """from 1"""
    tokens_done: int
    """over all epochs"""
    seconds: float
    """of training, before the interruption"""
    pass_name: str = "epoch"
    """or sweep: what is counted"""


@dataclass(frozen=True)
class StoppedEarly:
    """The held-out loss has not fallen for `patience` passes; the best vectors are kept."""

    best_epoch: int
    """from 1"""
    held_out: HeldOutScore
    """of the best epoch"""
    pass_name: str = "epoch"
    """or sweep: what is counted"""
    words: int | None = None
    """of the level that ended, if the training goes on with more words"""


@dataclass(frozen=True)
class Finished:
    """All epochs are done, and every number is finite."""

    tokens: int
    """over all epochs"""
    seconds: float

    @property
    def tokens_per_second(self) -> float:
        return self.tokens / self.seconds


@dataclass(frozen=True)
class ObjectiveChosen:
    """What `auto` means for this corpus."""

    objective: str
    reason: str


@dataclass(frozen=True)
class ClusterWaiting:
    """A cluster has no worker yet."""

    seconds: float
    """for which one is waited for, at most"""


@dataclass(frozen=True)
class StorageLeft:
    """A cluster's storage could not be tidied at the end."""

    storage: str
    reason: str


@dataclass(frozen=True)
class ClusterJoined:
    """A cluster takes part in the run."""

    workers: int
    threads: int
    """of all workers"""
    memory_bytes: int
    """of the smallest worker; 0 if unknown"""
    storage: str
    """the run's folder, which all of them see"""


@dataclass(frozen=True)
class SweepsStarted:
    """Training by sweeps over all pairs begins."""

    vocab_size: int
    words: int
    """that are fitted together in the end; the others are fitted to them afterwards"""
    levels: tuple[tuple[int, int], ...]
    """(words, sweeps at most) of each, the most frequent words first"""
    threads: int
    flop: float
    """floating-point operations that all of it takes"""
    memory_bytes: int
    ngrams: int = 0
    """that words share, to whose spelling they are drawn"""

    @property
    def sweeps(self) -> int:
        """At most, of all levels."""
        return sum(sweeps for _, sweeps in self.levels)


@dataclass(frozen=True)
class LevelStarted:
    """The sweeps of a level begin: over the most frequent words, or all."""

    level: int
    """from 1"""
    words: int
    words_without_pair: int
    """that occur with none of the others: their center vectors stay zero, or as they were"""
    entries: int
    """pairs of words that occur"""
    pairs: float
    """their weight"""
    objective: float
    """at the start, in nats a pair, the prior included"""
    floor: float | None
    """the entropy of outside words given center words, the lowest possible loss of a softmax; in
    nats a pair, or None if the objective has no such floor"""


@dataclass(frozen=True)
class SweepProgress:
    """A group of center words has moved."""

    sweep: int
    """from 1, over all levels"""
    share: float
    """of the arithmetic of all levels, from 0 to 1"""
    loss: float
    """nats a pair over the sweep so far, without the prior"""
    step_length: float
    seconds: float
    """of training so far"""


@dataclass(frozen=True)
class SweepEnd:
    """A sweep has ended, and the objective was evaluated with the vectors at rest."""

    sweep: int
    """from 1, over all levels"""
    level: int
    """from 1"""
    words: int
    """of the level"""
    objective: float
    """nats a pair, the prior included, of the vectors that are kept"""
    raised_to: float | None
    """what it had become, if the sweep was undone; later steps are shorter"""
    step_length: float
    seconds: float
    """of training so far"""
    held_out: HeldOutScore | None = None


@dataclass(frozen=True)
class Folding:
    """Rarer words are being fitted to those that the sweeps have fitted."""

    words: int
    is_last: bool = True
    """or the next level begins with them"""


@dataclass(frozen=True)
class SweepsFinished:
    """All sweeps are done, and every number is finite."""

    sweeps: int
    is_settled: bool
    """whether it ended because a further sweep would have changed little"""
    objective: float
    """nats a pair, the prior included"""
    floor: float | None
    folded_words: int
    seconds: float


@dataclass(frozen=True)
class WordsSpelled:
    """What the spelling of words says of their vectors is found, and shown if it says anything."""

    ngrams: int
    """that words share"""
    words_without: int
    """that have none of them"""
    explained: float
    """the share of the variance of held-out words' vectors, at most 1"""
    share: float
    """of what spelling says, in the vectors that are shown: 0 if it says nothing"""


@dataclass(frozen=True)
class SpellingFailed:
    """There is no spelling, for this reason; the vectors are as they were trained."""

    reason: str


Event = (
    Compiling
    | Compiled
    | Started
    | Resumed
    | Progress
    | EpochEnd
    | CheckpointSaved
    | CheckpointFailed
    | LogFailed
    | LogCutShort
    | StoppedEarly
    | Finished
    | WordsSpelled
    | SpellingFailed
    | ObjectiveChosen
    | ClusterWaiting
    | ClusterJoined
    | StorageLeft
    | SweepsStarted
    | LevelStarted
    | SweepProgress
    | SweepEnd
    | Folding
    | SweepsFinished
)
