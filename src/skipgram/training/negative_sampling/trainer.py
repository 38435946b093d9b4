"""The loop around the kernel: epochs, their loss, held-out scores and events.

A trainer is an iterator of events and prints nothing. How threads share the
work is up to `hogwild.py` or `batched.py`.
"""

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import CorpusError, SkipgramError
from skipgram.settings import Settings
from skipgram.system.threads import ThreadPool
from skipgram.training.events import EpochEnd, Event, Finished, Paused, Progress, Started
from skipgram.training.held_out.split import Split
from skipgram.training.negative_sampling.batched import Batched
from skipgram.training.negative_sampling.held_out import HeldOut
from skipgram.training.negative_sampling.hogwild import Hogwild
from skipgram.training.negative_sampling.spread import Spread
from skipgram.training.negative_sampling.task import Loss, Task
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters, padded
from skipgram.training.passes import Best, PassState, PassTrainer
from skipgram.untrusted.plain_values import of_plain

DIVERGED = 2.0
"""A mean loss above this many times the loss of zero vectors means divergence."""
SURE_PAIRS = 10_000
"""How many are scored before an epoch's mean loss is judged; its end is judged in any case."""


@dataclass(frozen=True)
class _Record:
    """All of a state but the matrices."""

    epoch: int
    done: int
    loss: Loss
    seconds: float
    epochs: list[EpochEnd]
    best_epoch: int | None
    spread: Spread = field(default_factory=Spread)

    def is_of(self, tokens: int) -> bool:
        """Whether a training on this number of tokens can have come this far."""
        is_consistent = len(self.epochs) == self.epoch and self.done <= tokens
        is_known = self.best_epoch is None or 1 <= self.best_epoch <= self.epoch
        return is_consistent and is_known and math.isfinite(self.seconds)


@dataclass(eq=False)
class State(PassState):
    """How far a training has come; with the parameters, all that is needed to resume it."""

    epoch: int = 0
    """finished epochs"""
    done: int = 0
    """tokens of the next one that are trained"""
    loss: Loss = field(default_factory=Loss)
    """of that epoch, so far"""
    seconds: float = 0.0
    """of training"""
    ends: list[EpochEnd] = field(default_factory=list)
    best: Best | None = None
    spread: Spread = field(default_factory=Spread)
    """of the blocks of the next epoch"""
    best_name: ClassVar[str] = "best_epoch"

    def record(self) -> dict[str, Any]:
        """All but the matrices, in plain values, for a checkpoint."""
        return asdict(
            _Record(
                self.epoch,
                self.done,
                self.loss,
                self.seconds,
                self.ends,
                self.best_number,
                self.spread,
            )
        )

    @classmethod
    def of_record(
        cls, record: Mapping[str, Any], matrices: Mapping[str, NDArray[Any]], tokens: int
    ) -> Self:
        """The inverse of `record` and `matrices`; ValueError if the tokens do not fit."""
        found = of_plain(_Record, record)
        if not found.is_of(tokens):
            raise ValueError(f"epoch {found.epoch} and {found.done} tokens of the next")
        best = cls.best_of(found.best_epoch, matrices)
        return cls(
            found.epoch, found.done, found.loss, found.seconds, found.epochs, best, found.spread
        )


@dataclass(eq=False)
class NegativeSamplingTrainer(PassTrainer[State]):
    """Trains `parameters` in place, by negative sampling."""

    corpus: EncodedCorpus
    noise: Noise
    parameters: Parameters
    settings: Settings
    state: State = field(default_factory=State)
    block_tokens: int | None = None
    """how many are trained between two events; by default, what takes some 10 ms"""
    pass_name: ClassVar[str] = "epoch"

    def __post_init__(self) -> None:
        _require_neighbours(self.corpus)
        share = self.settings.training.holdout
        split = Split.of(self.corpus, share) if share else None
        whole = np.array([[0, len(self.corpus)]])
        self._task = Task(
            self.corpus,
            self.noise,
            self.parameters,
            self.settings,
            whole if split is None else split.training,
            self.corpus.line_ends if split is None else split.line_ends,
        )
        self._held_out = None if split is None else HeldOut(self._task, split)
        mode = Batched if self.settings.training.deterministic else Hogwild
        self._way = mode(self._task, self.settings.run.threads, self.block_tokens)

    @property
    def pass_share(self) -> float:
        """How much of the current epoch is done, from 0 to 1."""
        return self.state.done / self.tokens

    @property
    def tokens(self) -> int:
        """Tokens that an epoch trains."""
        return self._task.tokens

    @property
    def loss_at_zero(self) -> float:
        """(K + 1) log 2 nats a pair, the loss of zero vectors."""
        return (self.settings.model.negatives + 1) * math.log(2)

    @property
    def tokens_done(self) -> int:
        """Over all epochs."""
        return self.state.epoch * self.tokens + self.state.done

    def _begin(self, pool: ThreadPool) -> Iterator[Event]:
        yield Started(
            vocab_size=len(self.corpus.vocabulary),
            tokens=self.tokens,
            epochs=self.settings.training.epochs,
            threads=self.settings.run.threads,
            memory_bytes=memory_bytes(self.corpus, self.settings),
            loss_at_zero=self.loss_at_zero,
        )

    def _is_done(self) -> bool:
        return self.state.epoch >= self.settings.training.epochs or self._has_waited_enough()

    def _pass(self, pool: ThreadPool) -> Iterator[Event | Paused]:
        yield from self._blocks(pool)
        yield self._end_of_epoch(pool)

    def _finish(self, pool: ThreadPool) -> Iterator[Event]:
        yield Finished(self.state.epoch * self.tokens, self.state.seconds)

    def _blocks(self, pool: ThreadPool) -> Iterator[Event | Paused]:
        """The rest of an epoch."""
        task, state = self._task, self.state
        while state.done < task.tokens:
            began = time.perf_counter() - state.seconds
            for block, loss in self._way.train(
                pool, state.epoch, state.done, lambda: not self._is_to_pause
            ):
                state.loss += loss
                state.spread = state.spread.after(loss)
                state.done = block.done_after
                if not math.isfinite(loss.total):
                    raise self._not_finite()
                if state.loss.scored_pairs >= SURE_PAIRS:
                    self._require_sound_loss()
                state.seconds = time.perf_counter() - began
                yield Progress(
                    epoch=state.epoch + 1,
                    tokens_done=self.tokens_done,
                    tokens_total=self.settings.training.epochs * task.tokens,
                    loss=loss.mean,
                    learning_rate=task.learning_rate(state.epoch, state.done),
                    seconds=state.seconds,
                )
            if self._begins_pause():
                self._require_finite(self.parameters)
                self._require_sound_loss()
                yield Paused()

    def _end_of_epoch(self, pool: ThreadPool) -> EpochEnd:
        state = self.state
        self._require_pairs()
        self._require_finite(self.parameters)
        self._require_sound_loss()
        score = None if self._held_out is None else self._held_out.score(pool)
        loss = state.loss
        end = EpochEnd(
            state.epoch + 1,
            loss.mean,
            loss.scored_pairs,
            loss.pairs,
            state.seconds,
            score,
            loss.shortened_pairs,
            state.spread.standard_error(loss),
        )
        state.ends.append(end)
        state.epoch, state.done, state.loss, state.spread = state.epoch + 1, 0, Loss(), Spread()
        self._keep_if_best(score)
        return end

    def _require_pairs(self) -> None:
        if self.state.loss.pairs == 0:
            raise SkipgramError(
                f"nothing was left to train on in epoch {self.state.epoch + 1}: subsampling at "
                f"{self.settings.training.subsample:g} dropped every neighbour; give more text, "
                "or raise subsample (--subsample), or keep every word with 0"
            )

    def _require_sound_loss(self) -> None:
        """Stop a training whose steps have only made things worse."""
        state, zero = self.state, self.loss_at_zero
        if state.loss.mean > DIVERGED * zero:
            raise SkipgramError(
                f"the loss is {state.loss.mean:.4g} nats a pair after {state.done:,} words of "
                f"epoch {state.epoch + 1}, and zero vectors have {zero:.3f}: the training "
                "has diverged. Lower learning_rate (--learning-rate), which is "
                f"{self.settings.training.learning_rate:g}; no vectors were saved"
            )

    def _not_finite(self) -> SkipgramError:
        """The error for vectors, or for a loss alone, that no further step could repair."""
        number, state = self.parameters.first_not_finite(), self.state
        word = None if number is None else self.corpus.vocabulary.words[number]
        what = "the loss is" if word is None else f"the vectors (of {word!r}, say) are"
        return SkipgramError(
            f"{what} no longer finite at token {state.done:,} of epoch {state.epoch + 1}: "
            f"learning_rate (--learning-rate) {self.settings.training.learning_rate:g} is too "
            "large"
        )


def _require_neighbours(corpus: EncodedCorpus) -> None:
    """Refuse a corpus in which no word has a neighbour."""
    lengths = np.diff(corpus.line_ends, prepend=0)
    if lengths.max(initial=0) < 2:
        raise CorpusError(
            f"none of the {corpus.lines:,} lines holds two words of the vocabulary, so no word has "
            "a neighbour and there is nothing to train on; put more words on a line, or lower "
            "min_count (--min-count)"
        )


def memory_bytes(corpus: EncodedCorpus, settings: Settings) -> int:
    """Both matrices, ids unless they are mapped, tables, and what the mode needs.

    A deterministic training also holds the changes of a batch, and one that waits for
    the best epoch a copy of both matrices.
    """
    vocab_size, training = len(corpus.vocabulary), settings.training
    matrices = 2 * vocab_size * padded(settings.model.embedding_dim) * 4
    tables = vocab_size * (4 + 8 + 8 + 8 + 8)
    needed = matrices + tables + corpus.memory_bytes
    if training.deterministic:
        needed += Batched.memory_bytes(vocab_size, settings)
    if training.holdout:
        needed += corpus.line_ends.nbytes + vocab_size * 16
    if training.patience:
        needed += matrices
    return needed
