"""The trainer of a run: by negative sampling or by sweeps, at its start or where one stopped."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from skipgram._version import __version__
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.equations import keep_probability
from skipgram.errors import SettingsError
from skipgram.runs.beginning import Beginning
from skipgram.runs.memory import require_exact_memory, require_memory
from skipgram.runs.places import Places
from skipgram.settings import AUTO, NEGATIVE_SAMPLING, SOFTMAX, Settings
from skipgram.settings.objectives import is_exact
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import ObjectiveChosen
from skipgram.training.exact.estimate import (
    AS_FAST,
    exact_words,
    is_cheaper,
    require_budget,
    sweeps_flop,
)
from skipgram.training.exact.held_out import HeldOut
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.trainer import SweepTrainer
from skipgram.training.held_out.split import Split
from skipgram.training.negative_sampling.task import expected_pairs
from skipgram.training.negative_sampling.trainer import NegativeSamplingTrainer, State
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.vectors.embedding import Shown
from skipgram.vectors.word_vectors import WordVectors

Trainer = NegativeSamplingTrainer | SweepTrainer


@dataclass(frozen=True, eq=False)
class Run:
    """What a trainer is made from."""

    corpus: EncodedCorpus
    settings: Settings
    beginning: Beginning
    places: Places
    goes_on: bool
    """from a checkpoint"""
    counts: Path | None = None
    may_take_long: bool = False

    def require_possible(self) -> None:
        """Refuse what memory, or the stated budget, does not allow.

        Raises
        ------
        SkipgramError
            With what is needed, what there is, and the ways out.

        """
        if not is_exact(self.settings):
            require_memory(self.corpus, self.settings)
            return
        if not self.may_take_long:
            require_budget(len(self.corpus.vocabulary), self.settings)
        require_exact_memory(self.corpus, self.settings)

    def trainer(self, observe: Callable[[Any], None]) -> Trainer:
        """The trainer that the settings ask for.

        Raises
        ------
        SkipgramError
            If there is nothing to train on, or the counts or the checkpoint are of something else.

        """
        if is_exact(self.settings):
            return self._by_sweeps(observe)
        if self.counts is not None:
            raise SettingsError(
                f"counts {self.counts} (--counts) serve objectives that train by sweeps; choose "
                "one (--objective softmax), or omit them"
            )
        return self._by_negative_sampling()

    def _by_negative_sampling(self) -> NegativeSamplingTrainer:
        corpus, settings = self.corpus, self.settings
        noise = Noise.of(corpus.vocabulary.counts, settings.model.noise_exponent)
        place, dim = self.places.checkpoint, settings.model.embedding_dim
        if self.goes_on and place is not None:
            identity = Identity.of(corpus, settings)
            state, parameters = checkpoint.load(place, identity, dim, state_type=State)
            return NegativeSamplingTrainer(corpus, noise, parameters, settings, state)
        parameters = self.beginning.parameters(len(corpus.vocabulary), dim, settings.training.seed)
        trainer = NegativeSamplingTrainer(corpus, noise, parameters, settings)
        self._give_up_checkpoint()
        return trainer

    def _by_sweeps(self, observe: Callable[[Any], None]) -> SweepTrainer:
        corpus, settings = self.corpus, self.settings
        vocab_size, dim = len(corpus.vocabulary), settings.model.embedding_dim
        noise = Noise.of(corpus.vocabulary.counts, settings.model.noise_exponent)
        share = settings.training.holdout
        split = Split.of(corpus, share) if share else None
        counts = self._counted(split, observe)
        problem = Problem.of(counts, noise, settings)
        place = self.places.checkpoint
        state = SweepState()
        if self.goes_on and place is not None:
            state, parameters = checkpoint.load(
                place,
                Identity.of(corpus, settings),
                dim,
                state_type=SweepState,
                words=len(problem.frequent),
            )
        else:
            parameters = self._beginning(problem, vocab_size)
            self._give_up_checkpoint()
        held_out = None
        if split is not None:
            of_split = self._count(observe, split.held_out, split.line_ends)
            held_out = HeldOut.of(of_split, problem, noise, settings, parameters.V.shape[1])
        return SweepTrainer(corpus, counts, noise, problem, parameters, settings, state, held_out)

    def _beginning(self, problem: Problem, vocab_size: int) -> Parameters:
        """The rows of the frequent words, normal about zero or from before."""
        model, seed = self.settings.model, self.settings.training.seed
        start = self.beginning.spread_parameters(vocab_size, model.embedding_dim, seed)
        if len(problem.rare):
            start = start.of_rows(problem.frequent)
        if self.beginning.vectors is None:
            start.V[problem.objective.targets.center_weights == 0] = 0
        return start

    def _counted(self, split: Split | None, observe: Callable[[Any], None]) -> Cooccurrence:
        """The counts of the training text: those from before, if they are given."""
        if self.counts is None:
            if split is None:
                return self._count(observe)
            return self._count(observe, split.training, split.line_ends)
        if split is not None:
            raise SettingsError(
                f"counts {self.counts} (--counts) are those of the whole text, so nothing can be "
                "held out of them (--holdout): omit one of the two"
            )
        counts = Cooccurrence.load(self.counts)
        model = self.settings.model
        options = {
            "window": model.window,
            "window_width": model.window_width,
            "windows": model.windows,
            "contexts": model.contexts,
            "subsample": self.settings.training.subsample,
        }
        counts.require_fit(self.corpus.vocabulary, options)
        return counts

    def _count(
        self,
        observe: Callable[[Any], None],
        ranges: NDArray[np.int64] | None = None,
        line_ends: NDArray[np.int64] | None = None,
    ) -> Cooccurrence:
        return count_cooccurrence(
            self.corpus,
            self.settings.model,
            self.settings.training.subsample,
            threads=self.settings.run.threads,
            ranges=ranges,
            line_ends=line_ends,
            scratch=self.places.scratch,
            observe=observe,
        )

    def _give_up_checkpoint(self) -> None:
        if self.places.checkpoint is not None:
            checkpoint.clear(self.places.checkpoint)


def chosen_objective(corpus: EncodedCorpus, settings: Settings) -> ObjectiveChosen:
    """What `auto` is for a corpus, by the arithmetic that each objective takes.

    So a run means the same on every machine.
    """
    assert settings.model.objective == AUTO
    vocab_size, words = len(corpus.vocabulary), exact_words(len(corpus.vocabulary), settings)
    pairs = expected_pairs(corpus, settings)
    cheaper = is_cheaper(vocab_size, pairs, settings)
    told = (
        f"{words:,} words take {sweeps_flop(vocab_size, settings) / 1e12:,.2g} TFLOP by sweeps, "
        f"{'no' if cheaper else 'which is'} more than {AS_FAST:g} times what {pairs:,} pairs an "
        "epoch take by negative sampling"
    )
    return ObjectiveChosen(SOFTMAX if cheaper else NEGATIVE_SAMPLING, told)


def word_vectors(trainer: Trainer) -> WordVectors:
    """What is left of a training, with all that tells where it came from."""
    corpus, settings = trainer.corpus, trainer.settings
    about: dict[str, Any] = {
        "skipgram_version": __version__,
        "settings": settings.to_dict(),
        "corpus": asdict(corpus.summary),
    }
    if isinstance(trainer, SweepTrainer):
        parameters, marginal = trainer.all_parameters, trainer.problem.outside_shares
        about["sweeps"] = [asdict(end) for end in trainer.state.ends]
    else:
        # Every kept position is the outside word of its window; line ends aside, pairs follow
        # these.
        counts = corpus.vocabulary.counts
        kept = counts * keep_probability(counts, settings.training.subsample)
        parameters, marginal = trainer.parameters, kept / kept.sum()
        about["epochs"] = [asdict(epoch) for epoch in trainer.state.epochs]
    center, outside = parameters.compacted()
    return WordVectors(
        corpus.vocabulary,
        center,
        outside,
        trainer.noise.probabilities,
        marginal,
        shown=cast(Shown, settings.model.shown),
        about=about,
    )
