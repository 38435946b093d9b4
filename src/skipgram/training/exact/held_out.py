"""The held-out text of a training by sweeps, scored after each by expected counts of pairs."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.cooccurrence.cutting import cut
from skipgram.settings import SOFTMAX, Settings
from skipgram.training.events import HeldOutScore
from skipgram.training.exact.estimate import sweep_flop
from skipgram.training.exact.problem import Problem
from skipgram.training.held_out.pairs import HeldOutPairs
from skipgram.training.held_out.scoring import EPOCH_SHARE, ScoredModel, centers_for, held_out_score
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Scores the model of the frequent words by their pairs in the held-out text."""

    pairs: HeldOutPairs
    model_of: Callable[[Parameters], ScoredModel]
    draws: int
    seed: int
    is_softmax: bool

    @classmethod
    def of(
        cls,
        counts: Cooccurrence,
        problem: Problem,
        noise: Noise,
        settings: Settings,
        embedding_dim: int,
    ) -> "HeldOut":
        """counts: of the held-out text, with the same windows as in training."""
        frequent = problem.frequent
        pairs = HeldOutPairs.of_counts(cut(counts.matrix, frequent, frequent))
        share = noise.probabilities[frequent] / noise.probabilities[frequent].sum()
        is_softmax = settings.model.objective == SOFTMAX
        offset: NDArray[np.float64]
        if is_softmax:
            offset = problem.objective.term.astype(np.float64)
        else:
            with np.errstate(divide="ignore"):  # log 0 = −∞ is intended
                offset = np.log(share)

        def model_of(parameters: Parameters) -> ScoredModel:
            return ScoredModel(parameters, offset, share, settings.model.negatives)

        flop = EPOCH_SHARE * sweep_flop(len(frequent), settings.model.embedding_dim)
        draws = centers_for(flop, len(frequent), embedding_dim)
        return cls(pairs, model_of, draws, settings.training.seed, is_softmax)

    def score(self, parameters: Parameters, pool: Executor) -> HeldOutScore:
        """How well they do now; the loss of a softmax is its cross entropy."""
        score = held_out_score(
            self.pairs, self.model_of(parameters), draws=self.draws, seed=self.seed, pool=pool
        )
        if not self.is_softmax:
            return score
        return replace(
            score, loss=score.cross_entropy, loss_standard_error=score.cross_entropy_standard_error
        )
