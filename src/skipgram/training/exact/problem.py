"""What is to be fitted: which words together, their targets, and the objective."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.cooccurrence.cutting import cut
from skipgram.errors import CorpusError
from skipgram.settings import SOFTMAX, Settings
from skipgram.training.exact.levels import exact_words
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.targets import Targets
from skipgram.training.noise import Noise


@dataclass(frozen=True, eq=False)
class Problem:
    """The words that are fitted together, the frequent ones, and those that are folded in.

    frequent, rare: ids, int64; together they are the whole vocabulary, or the words of the next
    level.
    """

    counts: scipy.sparse.csr_matrix
    frequent: NDArray[np.int64]
    rare: NDArray[np.int64]
    rare_noise: NDArray[np.float64]
    """P_n of the rare words, where that of the frequent ones adds up to 1"""
    objective: Objective
    settings: Settings

    @classmethod
    def of(
        cls,
        counts: Cooccurrence,
        noise: Noise,
        settings: Settings,
        dtype: type[np.floating] = np.float32,
        *,
        words: int | None = None,
        folded_up_to: int | None = None,
    ) -> "Problem":
        """The problem that the settings describe.

        words: how many are fitted together, if not those of the settings. folded_up_to: how many
        there are with those that are folded in, if not the whole vocabulary.
        """
        model, matrix = settings.model, counts.matrix
        by_count = counts.vocabulary.by_count
        if words is None:
            words = exact_words(len(by_count), settings)
        share = noise.probabilities
        if words == len(by_count):
            frequent = np.arange(words)
        else:
            frequent = np.asarray(by_count[:words], np.int64)
            matrix = cut(matrix, frequent, frequent)
            share = share[frequent] / share[frequent].sum()
        if not matrix.nnz:
            raise CorpusError(
                f"no two of the {words:,} words ever occur together, so there is nothing to "
                "train on; give more text, or lower min_count (--min-count)"
            )
        targets = Targets.of(matrix, model.count_power, dtype)
        if model.objective == SOFTMAX:
            objective = Objective.softmax(targets, model.unigram_offset)
        else:
            objective = Objective.expected_negative_sampling(targets, share, model.negatives)
        rare = np.asarray(by_count[words:folded_up_to], np.int64)
        rare_noise = noise.probabilities[rare] / noise.probabilities[frequent].sum()
        return cls(counts.matrix, frequent, rare, rare_noise, objective, settings)

    @property
    def floor(self) -> float | None:
        """The lowest loss in nats a pair: an entropy for the softmax, unknown for the other."""
        is_softmax = self.settings.model.objective == SOFTMAX
        return self.objective.targets.floor if is_softmax else None

    def rare_center_targets(self) -> Targets:
        """Of the rare words as centers, over the frequent outside words."""
        return self._targets(cut(self.counts, self.rare, self.frequent))

    @cached_property
    def rare_outside_targets(self) -> Targets:
        """Of the rare words as outside words, over the frequent centers."""
        matrix = cut(self.counts, self.frequent, self.rare).T.tocsr()
        matrix.sort_indices()
        return self._targets(matrix)

    @property
    def outside_shares(self) -> NDArray[np.float64]:
        """p_w of every word of the vocabulary, by the powered counts with the frequent centers."""
        shares, targets = np.empty(self.counts.shape[0]), self.objective.targets
        shares[self.frequent] = targets.outside_shares
        if len(self.rare):
            shares[self.rare] = self.rare_shares(self.rare_outside_targets)
        return np.asarray(shares / shares.sum())

    def rare_shares(self, rare: Targets) -> NDArray[np.float64]:
        """p_w of the rare words, on the frequent ones' scale; half the rarest without a pair."""
        m, total = rare.center_weights.copy(), self.objective.targets.outside_weights.sum()
        m[m == 0.0] = 0.5 * m[m > 0.0].min(initial=total)
        return np.asarray(m / total)

    def _targets(self, matrix: scipy.sparse.csr_matrix) -> Targets:
        dtype = self.objective.targets.shares.dtype.type
        return Targets.of(matrix, self.settings.model.count_power, dtype)
