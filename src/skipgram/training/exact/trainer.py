"""The loop around the sweeps: events, when to stop, and the rare words at the end.

Like the trainer of negative sampling, an iterator of events that prints nothing, and pauses on
request.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.spelling.explaining import says_something
from skipgram.system.threads import ThreadPool
from skipgram.training.events import (
    Event,
    Folding,
    LevelStarted,
    Paused,
    SweepEnd,
    SweepProgress,
    SweepsFinished,
    SweepsStarted,
)
from skipgram.training.exact.estimate import (
    climbing_flop,
    exact_memory_bytes,
    sweep_flop,
    sweeps_flop,
)
from skipgram.training.exact.folding import PASSES
from skipgram.training.exact.gradients import CenterGradients, local_gradients
from skipgram.training.exact.held_out import HeldOut
from skipgram.training.exact.levels import CLIMBING_PASSES, LARGE, Level
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.rare_words import all_words
from skipgram.training.exact.spelling_prior import (
    LAST_ROUNDS,
    ROUNDS,
    SpellingPrior,
    VocabularySpelling,
)
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.sweeps import (
    FROM_FITTED,
    FROM_FITTED_LARGE,
    FROM_RANDOM,
    Steps,
    Sweeps,
)
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.passes import PassTrainer

SETTLED_SHARE = 0.5
"""Sweeps may end once their steps have fallen to this share of the longest."""


@dataclass(eq=False)
class SweepTrainer(PassTrainer[SweepState]):
    """Fits `parameters`, those of a level's words, by sweeps over all pairs, level by level.

    `all_parameters` then has the vectors of all words. gradients_of: what computes the gradients
    of an objective, in so many lots. held_out_counts: of the pairs in the held-out text. spelling:
    of the whole vocabulary, if it is to be the prior's mean.
    """

    corpus: EncodedCorpus
    counts: Cooccurrence
    noise: Noise
    parameters: Parameters
    settings: Settings
    levels: tuple[Level, ...]
    state: SweepState = field(default_factory=SweepState)
    held_out_counts: Cooccurrence | None = None
    spelling: VocabularySpelling | None = None
    gradients_of: Callable[[Objective, int], CenterGradients] = local_gradients
    _all: Parameters | None = None
    _prior: SpellingPrior | None = None
    """of the level"""
    _table: NDArray[np.floating] | None = None
    """of all n-grams: what the level below says, and at last the result"""
    _explained: float | None = None
    _pool: ThreadPool | None = None
    pass_name: ClassVar[str] = "sweep"

    def __post_init__(self) -> None:
        self._enter_level()

    @property
    def level(self) -> Level:
        """The current one."""
        return self.levels[self.state.level - 1]

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
    def table(self) -> NDArray[np.floating]:
        """The vectors of all n-grams, once the training is over: shape (n-grams, padded_dim)."""
        assert self._table is not None
        return self._table

    @property
    def explained(self) -> float:
        """The share of the vectors' variance that the spelling of other words explains."""
        assert self._explained is not None
        return self._explained

    @property
    def tokens_done(self) -> int:
        """Over all sweeps, each of which covers the whole corpus by its counts."""
        return round((len(self.state.ends) + self.pass_share) * len(self.corpus))

    def _begin(self, pool: ThreadPool) -> Iterator[Event]:
        self._pool = self._gradients.pool = self._sweeps.pool = pool
        vocab_size = len(self.corpus.vocabulary)
        ngrams = 0 if self.spelling is None else len(self.spelling.ngrams)
        yield SweepsStarted(
            vocab_size=vocab_size,
            words=self.levels[-1].words,
            levels=tuple((level.words, level.sweeps) for level in self.levels),
            threads=self.settings.run.threads,
            flop=sweeps_flop(vocab_size, self.levels, self.settings.model.embedding_dim),
            memory_bytes=exact_memory_bytes(
                vocab_size, self.counts.matrix.nnz, self.settings, ngrams
            ),
            ngrams=ngrams,
        )
        yield self._level_started()

    def _is_done(self) -> bool:
        return self.state.level == len(self.levels) and self._level_is_done()

    def _level_is_done(self) -> bool:
        is_last = self.state.position.sweep >= self.level.sweeps
        return is_last or self.state.is_settled or self._has_waited_enough()

    def _pass(self, pool: ThreadPool) -> Iterator[Event | Paused]:
        if self._level_is_done():
            yield from self._climb()
        yield from self._groups()
        yield self._end_of_sweep(pool)
        if self._begins_pause():
            yield Paused()

    def _finish(self, pool: ThreadPool) -> Iterator[Event]:
        self._all = self.parameters
        if len(self.problem.rare):
            yield Folding(len(self.problem.rare))
            self._all = self._folded(np.arange(len(self.corpus.vocabulary)), PASSES)
        self._require_finite(self._all)
        if self.spelling is not None and self._prior is not None:
            self._table = self._last_table(self.spelling, self._all)
            said_by_pairs = self._sweeps.vectors_without_means()
            self._explained = self._prior.explained_share(said_by_pairs, pool)
            if not says_something(self._explained):  # nor of words that have nothing else
                self._all.V[self.spelling.followers(self._has_pair)] = 0
        yield SweepsFinished(
            sweeps=len(self.state.ends),
            is_settled=self.state.is_settled,
            objective=self._a_pair(self._kept_objective()),
            floor=self.problem.floor,
            folded_words=len(self.problem.rare),
            seconds=self.state.seconds,
        )

    def _enter_level(self) -> None:
        """Set up what the current level needs."""
        number, settings = self.state.level, self.settings
        is_last = number == len(self.levels)
        self.problem = Problem.of(
            self.counts,
            self.noise,
            settings,
            words=self.level.words,
            folded_up_to=None if is_last else self.levels[number].words,
        )
        self._held_out = None
        if self.held_out_counts is not None:
            dim = self.parameters.V.shape[1]
            self._held_out = HeldOut.of(
                self.held_out_counts, self.problem, self.noise, settings, dim
            )
        self._gradients = self.gradients_of(self.problem.objective, settings.training.lots)
        self._prior = self._spelling_prior()
        self._sweeps = Sweeps(
            self._gradients,
            self.parameters,
            settings.training.prior,
            self.level.sweeps,
            settings.training.seed,
            self.state.position,
            steps=self._steps(),
            spelling=self._prior,
        )
        self._gradients.pool = self._sweeps.pool = self._pool

    def _spelling_prior(self) -> SpellingPrior | None:
        """The means of the level's words, by the table of the state, or else of the level below."""
        if self.spelling is None:
            return None
        found = self.state.position.table
        if not len(found):
            found = self.spelling.no_table(self.parameters) if self._table is None else self._table
        has_pair = self.problem.objective.targets.center_weights > 0
        return self.spelling.prior(self.problem.frequent, has_pair, found)

    def _last_table(
        self, spelling: VocabularySpelling, everything: Parameters
    ) -> NDArray[np.floating]:
        """Fitted to the vectors of all words."""
        assert self._prior is not None
        has_pair = self._has_pair
        whole = spelling.prior(
            np.arange(len(has_pair)), has_pair, spelling.whole_table(self._prior)
        )
        whole.refit(everything.V, LAST_ROUNDS, self._pool)
        return whole.table

    @property
    def _has_pair(self) -> NDArray[np.bool_]:
        """Of each word of the vocabulary as a center."""
        return np.asarray(np.diff(self.counts.matrix.indptr) > 0)

    def _steps(self) -> Steps:
        if self.state.level == 1:
            return FROM_RANDOM
        return FROM_FITTED if self.level.words <= LARGE else FROM_FITTED_LARGE

    def _climb(self) -> Iterator[Event]:
        """To the next level: its words are folded in."""
        yield from self._back_to_best(self.level.words)
        if self.spelling is not None and self._prior is not None:
            self._prior.refit(self.parameters.V, ROUNDS, self._pool)
            self._table = self.spelling.whole_table(self._prior)
        yield Folding(len(self.problem.rare), is_last=False)
        by_count = self.counts.vocabulary.by_count
        words = self.levels[self.state.level].words
        order = np.arange(words) if words == len(by_count) else by_count[:words]
        self.parameters = self._folded(order, CLIMBING_PASSES)
        self._require_finite(self.parameters)
        # Their memory goes before that of the next level comes.
        self._gradients.close()
        del self.problem, self._gradients, self._sweeps
        self.state.enter_next_level()
        self._enter_level()
        yield self._level_started()

    def _folded(self, order: NDArray[np.int64], passes: int) -> Parameters:
        """The parameters of the words of `order`: those that are not fitted yet are folded in."""
        began = time.perf_counter()
        means = None
        if self.spelling is not None and self._prior is not None:
            means = self.spelling.means(self.problem.rare, self._prior, self._pool)
        folded = all_words(self.problem, self.parameters, order, passes, self._pool, means)
        self.state.seconds += time.perf_counter() - began
        return folded

    def _level_started(self) -> LevelStarted:
        targets = self.problem.objective.targets
        began = time.perf_counter()
        objective = self._sweeps.begin()
        if not np.isfinite(objective):
            raise self._not_finite()
        self.state.seconds += time.perf_counter() - began
        return LevelStarted(
            level=self.state.level,
            words=self.level.words,
            words_without_pair=int(np.count_nonzero(targets.center_weights == 0)),
            entries=len(targets.outsides),
            pairs=targets.pairs,
            objective=self._a_pair(objective),
            floor=self.problem.floor,
        )

    def _groups(self) -> Iterator[Event | Paused]:
        """The rest of a sweep, except its end."""
        position, sweeps = self.state.position, self._sweeps
        dim = self.settings.model.embedding_dim
        total = sweeps_flop(self.levels[-1].words, self.levels, dim)
        before = sum(
            climbing_flop(self.levels, number, dim)
            + self.levels[number].sweeps * sweep_flop(self.levels[number].words, dim)
            for number in range(self.state.level - 1)
        )
        while position.group < sweeps.groups:
            began, length = time.perf_counter(), sweeps.step_length
            sweeps.next_group()
            self.state.seconds += time.perf_counter() - began
            done = before + (position.sweep + self.pass_share) * sweep_flop(self.level.words, dim)
            yield SweepProgress(
                sweep=self.pass_number,
                share=done / total,
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
        score = None if self._held_out is None else self._held_out.score(self.parameters, pool)
        end = SweepEnd(
            sweep=self.pass_number,
            level=state.level,
            words=self.level.words,
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

    def _not_finite(self) -> SkipgramError:
        return SkipgramError(
            "the vectors are no longer finite: prior (--prior) "
            f"{self.settings.training.prior:g} is too small for these counts"
        )
