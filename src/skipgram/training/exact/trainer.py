"""The loop around the sweeps: events, when to stop, and the rare words at the end.

Like the trainer of negative sampling, an iterator of events that prints nothing, and pauses on
request.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.system.threads import ThreadPool
from skipgram.training.events import (
    Event,
    Folding,
    Paused,
    SweepEnd,
    SweepProgress,
    SweepsFinished,
    SweepsStarted,
)
from skipgram.training.exact.estimate import exact_memory_bytes, sweeps_flop
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.held_out import HeldOut
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.rare_words import rare_vectors
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.sweeps import Sweeps
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.passes import PassTrainer

SETTLED_SHARE = 0.5
"""Sweeps may end once their steps have fallen to this share of the longest."""


@dataclass(eq=False)
class SweepTrainer(PassTrainer[SweepState]):
    """Fits `parameters`, those of the frequent words, in place, by sweeps over all pairs.

    `all_parameters` then has the vectors of all words.
    """

    corpus: EncodedCorpus
    counts: Cooccurrence
    noise: Noise
    problem: Problem
    parameters: Parameters
    settings: Settings
    state: SweepState = field(default_factory=SweepState)
    held_out: HeldOut | None = None
    _all: Parameters | None = None
    pass_name: ClassVar[str] = "sweep"

    def __post_init__(self) -> None:
        self._gradients = ExactGradients(self.problem.objective)
        self._sweeps = Sweeps(
            self._gradients,
            self.parameters,
            self.settings.training.prior,
            self.settings.training.sweeps,
            self.settings.training.seed,
            self.state.position,
        )

    @property
    def pass_share(self) -> float:
        """How much of the current sweep is done, from 0 to 1."""
        return self.state.position.group / self._sweeps.groups

    @property
    def all_parameters(self) -> Parameters:
        """The parameters of the whole vocabulary, once the training is over."""
        assert self._all is not None
        return self._all

    @property
    def tokens_done(self) -> int:
        """Over all sweeps, each of which covers the whole corpus by its counts."""
        return round((self.state.position.sweep + self.pass_share) * len(self.corpus))

    def _begin(self, pool: ThreadPool) -> Iterator[Event]:
        self._gradients.pool = pool
        yield self._started()

    def _is_done(self) -> bool:
        is_last = self.state.position.sweep >= self.settings.training.sweeps
        return is_last or self.state.is_settled or self._has_waited_enough()

    def _pass(self, pool: ThreadPool) -> Iterator[Event | Paused]:
        yield from self._groups()
        yield self._end_of_sweep(pool)
        if self._begins_pause():
            yield Paused()

    def _finish(self, pool: ThreadPool) -> Iterator[Event]:
        if len(self.problem.rare):
            yield Folding(len(self.problem.rare))
        self._all = self._all_words(pool)
        self._require_finite(self._all)
        yield SweepsFinished(
            sweeps=self.state.position.sweep,
            is_settled=self.state.is_settled,
            objective=self._a_pair(self._kept_objective()),
            floor=self.problem.floor,
            folded_words=len(self.problem.rare),
            seconds=self.state.seconds,
        )

    def _started(self) -> SweepsStarted:
        targets, vocab_size = self.problem.objective.targets, len(self.corpus.vocabulary)
        began = time.perf_counter()
        objective = self._sweeps.begin()
        if not np.isfinite(objective):
            raise self._not_finite()
        self.state.seconds += time.perf_counter() - began
        return SweepsStarted(
            vocab_size=vocab_size,
            words=len(self.problem.frequent),
            words_without_pair=int(np.count_nonzero(self.counts.center_weights == 0)),
            entries=int(self.counts.matrix.nnz),
            pairs=targets.pairs,
            sweeps=self.settings.training.sweeps,
            threads=self.settings.run.threads,
            flop=sweeps_flop(vocab_size, self.settings),
            memory_bytes=exact_memory_bytes(vocab_size, self.counts.matrix.nnz, self.settings),
            objective=self._a_pair(objective),
            floor=self.problem.floor,
        )

    def _groups(self) -> Iterator[Event | Paused]:
        """The rest of a sweep, except its end."""
        position, sweeps = self.state.position, self._sweeps
        while position.group < sweeps.groups:
            began, length = time.perf_counter(), sweeps.step_length
            sweeps.next_group()
            self.state.seconds += time.perf_counter() - began
            share = position.group / sweeps.groups
            yield SweepProgress(
                sweep=position.sweep + 1,
                share=(position.sweep + share) / self.settings.training.sweeps,
                loss=position.running / position.pairs,
                step_length=length,
                seconds=self.state.seconds,
            )
            if position.group < sweeps.groups and self._begins_pause():
                yield Paused()

    def _end_of_sweep(self, pool: ThreadPool) -> SweepEnd:
        state, length = self.state, self._sweeps.step_length
        before, began = state.position.objective, time.perf_counter()
        outcome = self._sweeps.end_sweep()
        state.seconds += time.perf_counter() - began
        fall = self._a_pair(before - outcome.objective)
        is_short = length <= SETTLED_SHARE * self._sweeps.longest_step and state.position.sweep > 1
        is_undone = outcome.raised_to is not None
        state.is_settled = is_short and not is_undone and fall < self.settings.training.tolerance
        score = None if self.held_out is None else self.held_out.score(self.parameters, pool)
        end = SweepEnd(
            sweep=state.position.sweep,
            objective=self._a_pair(outcome.objective),
            raised_to=None if outcome.raised_to is None else self._a_pair(outcome.raised_to),
            step_length=length,
            seconds=state.seconds,
            held_out=score,
        )
        state.ends.append(end)
        self._keep_if_best(score)
        return end

    def _kept_objective(self) -> float:
        best = self.state.best
        if best is None or best.number == len(self.state.ends):
            return self.state.position.objective
        return self.state.ends[best.number - 1].objective * self.problem.objective.targets.pairs

    def _a_pair(self, total: float) -> float:
        return total / self.problem.objective.targets.pairs

    def _all_words(self, pool: ThreadPool) -> Parameters:
        """The vectors of the whole vocabulary: the rare words are fitted to the frequent ones."""
        problem, frequent = self.problem, self.parameters
        if not len(problem.rare):
            return frequent
        began = time.perf_counter()
        dtype = frequent.V.dtype.type
        fitted = Parameters.zeros(len(self.corpus.vocabulary), frequent.embedding_dim, dtype)
        fitted.V[problem.frequent], fitted.U[problem.frequent] = frequent.V, frequent.U
        fitted.V[problem.rare], fitted.U[problem.rare] = rare_vectors(
            problem, frequent, self.settings.training.prior, pool
        )
        self.state.seconds += time.perf_counter() - began
        return fitted

    def _not_finite(self) -> SkipgramError:
        return SkipgramError(
            "the vectors are no longer finite: prior (--prior) "
            f"{self.settings.training.prior:g} is too small for these counts"
        )
