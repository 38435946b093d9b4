"""The held-out text of a training, scored after every epoch."""

from concurrent.futures import Executor

from skipgram.training.events import HeldOutScore
from skipgram.training.held_out.pairs import HeldOutPairs
from skipgram.training.held_out.scoring import (
    EPOCH_SHARE,
    ScoredModel,
    centers_for,
    epoch_flop,
    held_out_score,
)
from skipgram.training.held_out.split import Split
from skipgram.training.negative_sampling.task import Task


class HeldOut:
    """The held-out pairs, drawn once, and the model that is to predict them."""

    def __init__(self, task: Task, split: Split) -> None:
        model, self._seed = task.settings.model, task.settings.training.seed
        self._pairs = HeldOutPairs.of(
            task.corpus,
            split,
            task.keep_thresholds,
            task.rule.window,
            self._seed,
            width_is_fixed=task.rule.width_is_fixed,
        )
        self._model = ScoredModel.by_negative_sampling(
            task.parameters, task.noise.probabilities, model.negatives
        )
        # By the expected pairs, not by the clock: every run scores the same words.
        vocab_size, padded_dim = task.parameters.V.shape
        flop = EPOCH_SHARE * epoch_flop(task.expected_pairs, model.negatives, padded_dim)
        self._draws = centers_for(flop, vocab_size, padded_dim)

    def score(self, pool: Executor) -> HeldOutScore:
        """How well the parameters do now; they must not change meanwhile."""
        return held_out_score(
            self._pairs, self._model, draws=self._draws, seed=self._seed, pool=pool
        )
