"""The trainer of a run: by negative sampling or by sweeps, new or from a checkpoint."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.cooccurrence.cutting import cut
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import SettingsError
from skipgram.runs.beginning import Beginning
from skipgram.runs.memory import likely_entries, require_memory
from skipgram.runs.places import Places
from skipgram.runs.workplace import Workplace
from skipgram.settings import AUTO, NEGATIVE_SAMPLING, SOFTMAX, Settings
from skipgram.settings.objectives import is_exact
from skipgram.settings.window_rule import WindowRule
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import ObjectiveChosen
from skipgram.training.exact.estimate import (
    AS_FAST,
    BUDGET_FLOP,
    MOST_BYTES,
    SOON_FLOP,
    exact_memory_bytes,
    require_budget,
    sampling_flop,
    sweeps_flop,
)
from skipgram.training.exact.levels import Level, levels_of, with_pairs
from skipgram.training.exact.spelling_prior import VocabularySpelling
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.trainer import SweepTrainer
from skipgram.training.held_out.split import Split
from skipgram.training.negative_sampling.task import expected_pairs
from skipgram.training.negative_sampling.trainer import NegativeSamplingTrainer, State
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.training.passes import PassState

Trainer = NegativeSamplingTrainer | SweepTrainer
_State = TypeVar("_State", bound=PassState)


@dataclass(frozen=True, eq=False)
class Run:
    """What a trainer is made of."""

    corpus: EncodedCorpus
    settings: Settings
    beginning: Beginning
    places: Places
    resumes: bool
    """from a checkpoint"""
    counts: Path | None = None
    may_take_long: bool = False
    at: Workplace = field(default_factory=Workplace)

    def require_possible(self) -> None:
        """Refuse a run beyond this machine's memory, or one that would take too long."""
        if is_exact(self.settings) and not self.may_take_long:
            require_budget(len(self.corpus.vocabulary), self._levels, self.settings)
        require_memory(self.corpus, self.settings, lots_are_here=self.at.is_here)

    def trainer(self, observe: Callable[[Any], None]) -> Trainer:
        """The trainer that the settings ask for."""
        if is_exact(self.settings):
            return self._by_sweeps(observe)
        if self.counts is not None:
            raise SettingsError(
                f"counts (--counts) {self.counts} are for objectives that train by sweeps; choose "
                "one (--objective softmax), or omit them"
            )
        return self._by_negative_sampling()

    def _by_negative_sampling(self) -> NegativeSamplingTrainer:
        corpus, settings = self.corpus, self.settings
        found = self._checkpoint(State)
        if found is not None:
            state, parameters = found
            return NegativeSamplingTrainer(corpus, self._noise, parameters, settings, state)
        dim, seed = settings.model.embedding_dim, settings.training.seed
        fresh = Parameters.initial(len(corpus.vocabulary), dim, seed)
        parameters = self.beginning.parameters(fresh)
        trainer = NegativeSamplingTrainer(corpus, self._noise, parameters, settings)
        self._discard_checkpoint()
        return trainer

    def _by_sweeps(self, observe: Callable[[Any], None]) -> SweepTrainer:
        corpus, settings, noise = self.corpus, self.settings, self._noise
        share = settings.training.holdout
        split = Split.of(corpus, share) if share else None
        counts = self._counted(split, observe)
        levels = self._levels
        if self.beginning.vectors is None:
            levels = with_pairs(levels, counts, settings)
        spelling = VocabularySpelling.of(corpus.vocabulary, settings, self._old_words)
        found = self._checkpoint(
            SweepState,
            words=lambda record: SweepState.words(record, levels),
            more=lambda record: self._tables(spelling, SweepState.words(record, levels)),
        )
        if found is None:
            found = SweepState(), self._first_parameters(counts, levels[0])
            self._discard_checkpoint()
        state, parameters = found
        of_split = None
        if split is not None:
            of_split = self._count(observe, split.held_out, split.line_ends)
        return SweepTrainer(
            corpus,
            counts,
            noise,
            parameters,
            settings,
            levels,
            state,
            of_split,
            spelling,
            self.at.gradients_of,
        )

    @property
    def _old_words(self) -> int:
        """Those of earlier vectors: they have the lowest ids."""
        return 0 if self.beginning.vectors is None else len(self.beginning.vectors.vocabulary)

    def _tables(self, spelling: VocabularySpelling | None, words: int) -> dict[str, int]:
        """The checkpoint's matrices of n-grams, with the rows that they have at a level."""
        if spelling is None:
            return {}
        chosen = np.asarray(self.corpus.vocabulary.by_count[:words], np.int64)
        return {SweepState.TABLE: spelling.ngrams_of(chosen)}

    @property
    def _levels(self) -> tuple[Level, ...]:
        """Those of a training from random vectors; earlier vectors are trained all together."""
        levels = levels_of(len(self.corpus.vocabulary), self.settings)
        if self.beginning.vectors is None:
            return levels
        return (Level(levels[-1].words, self.settings.training.sweeps),)

    @property
    def _noise(self) -> Noise:
        return Noise.of(self.corpus.vocabulary.counts, self.settings.model.noise_exponent)

    def _checkpoint(
        self,
        state_type: type[_State],
        words: Callable[[Mapping[str, Any]], int] | None = None,
        more: Callable[[Mapping[str, Any]], Mapping[str, int]] = lambda record: {},
    ) -> tuple[_State, Parameters] | None:
        """Where an earlier run stopped, if this one continues it."""
        place = self.places.checkpoint
        if not self.resumes or place is None:
            return None
        identity = Identity.of(self.corpus, self.settings)
        dim = self.settings.model.embedding_dim
        return checkpoint.load(place, identity, dim, state_type, words=words, more=more)

    def _first_parameters(self, counts: Cooccurrence, first: Level) -> Parameters:
        """The rows of the first level: normal about zero, or from earlier vectors."""
        dim, seed = self.settings.model.embedding_dim, self.settings.training.seed
        vocabulary = self.corpus.vocabulary
        fresh = Parameters.normal(len(vocabulary), dim, seed)
        start, matrix = self.beginning.parameters(fresh), counts.matrix
        if first.words < len(vocabulary):
            chosen = np.asarray(vocabulary.by_count[: first.words], np.int64)
            start, matrix = start.of_rows(chosen), cut(matrix, chosen, chosen)
        if self.beginning.vectors is None:
            start.V[np.asarray(matrix.sum(axis=1)).ravel() == 0] = 0  # they stay, at the mean
        return start

    def _counted(self, split: Split | None, observe: Callable[[Any], None]) -> Cooccurrence:
        """The counts of the training text, loaded if they are given."""
        if self.counts is None:
            if split is None:
                return self._count(observe)
            return self._count(observe, split.training, split.line_ends)
        if split is not None:
            raise SettingsError(
                f"counts (--counts) {self.counts} are of the whole text, so nothing can be held "
                "out of them (--holdout): omit one of the two"
            )
        counts = Cooccurrence.load(self.counts)
        counts.require_fit(self.corpus.vocabulary, WindowRule.of(self.settings))
        return counts

    def _count(
        self,
        observe: Callable[[Any], None],
        ranges: NDArray[np.int64] | None = None,
        line_ends: NDArray[np.int64] | None = None,
    ) -> Cooccurrence:
        return self.at.count(
            self.corpus,
            WindowRule.of(self.settings),
            threads=self.settings.run.threads,
            ranges=ranges,
            line_ends=line_ends,
            scratch=self.places.scratch,
            observe=observe,
        )

    def _discard_checkpoint(self) -> None:
        if self.places.checkpoint is not None:
            checkpoint.clear(self.places.checkpoint)


def chosen_objective(corpus: EncodedCorpus, settings: Settings) -> ObjectiveChosen:
    """What `auto` means for a corpus: sweeps, unless they would take too long or too much memory.

    Arithmetic is the same on every machine, and so is the choice.
    """
    assert settings.model.objective == AUTO
    vocab_size = len(corpus.vocabulary)
    levels = levels_of(vocab_size, settings)
    flop = sweeps_flop(vocab_size, levels, settings.model.embedding_dim)
    needed = exact_memory_bytes(vocab_size, likely_entries(corpus), settings)
    by_sampling = sampling_flop(expected_pairs(corpus, settings), settings)
    takes = f"sweeps over {levels[-1].words:,} words take {flop / 1e12:,.2g} TFLOP"
    if needed > MOST_BYTES:
        choice, reason = NEGATIVE_SAMPLING, f"sweeps would need {needed / 1e9:,.1f} GB of memory"
    elif flop <= SOON_FLOP:
        choice, reason = SOFTMAX, f"{takes}, which is soon done"
    elif flop > BUDGET_FLOP or flop > AS_FAST * by_sampling:
        choice = NEGATIVE_SAMPLING
        reason = f"{takes}, and negative sampling {by_sampling / 1e12:,.2g}"
    else:
        choice = SOFTMAX
        reason = f"{takes}, no more than {AS_FAST:g} times what negative sampling takes"
    return ObjectiveChosen(choice, reason)
