"""The prior's mean of center words: what their spelling says.

    J(U, V, G) = Σ_c n_c loss_c + (λ/2)(Σ_c ‖v_c − A_c G‖² + μ ‖G‖² + ‖U‖²)

So a word of few pairs is drawn to what its n-grams say, and a word of many goes its own way. Given
G, the step of v_c has λ (v_c − A_c G) where without spelling it has λ v_c. Given V, the best G is
that of a ridge regression; a few rounds from the last one lower J for certain. A word without
a pair is left with its spelling: v_c = A_c G, which takes its term out of J.
"""

from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.settings import Settings
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.explaining import explained_share
from skipgram.spelling.incidence import Incidence
from skipgram.spelling.regression import improve
from skipgram.training.parameters import Parameters

FIRST_ROUNDS, ROUNDS, LAST_ROUNDS = 10, 4, 12
"""Of the regression where a level begins, after each of its sweeps, and for the final table."""


@dataclass(frozen=True, eq=False)
class VocabularySpelling:
    """The n-grams that words of a vocabulary share, and A of all its words.

    penalty: μ. settled: how many words, those of the lowest ids, keep their vectors where they
    have no pair.
    """

    ngrams: PackedWords
    A: Incidence
    penalty: float
    settled: int = 0

    @classmethod
    def of(
        cls, vocabulary: Vocabulary, settings: Settings, settled: int = 0
    ) -> "VocabularySpelling | None":
        """As the settings ask for, or None."""
        lengths = NgramRange.of(settings.model.ngrams)
        if lengths is None:
            return None
        found = Incidence.of(vocabulary.words, lengths, settings.model.ngram_min_words)
        return cls(*found, settings.training.ngram_penalty, settled)

    def ngrams_of(self, words: NDArray[np.int64]) -> int:
        """How many n-grams some words have."""
        return len(np.unique(self.A.B[words].indices))

    def prior(
        self, words: NDArray[np.int64], has_pair: NDArray[np.bool_], table: NDArray[np.floating]
    ) -> "SpellingPrior":
        """Of some words, in this order; table: of all n-grams, or of those that the words have."""
        A, used = self.A.of_words(words)
        if len(table) != len(used):
            table = table[used]
        return SpellingPrior(A, used, self.penalty, has_pair | self._are_settled(words), table)

    def followers(self, has_pair: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which words of the vocabulary have nothing but their spelling."""
        return ~(has_pair | self._are_settled(np.arange(len(has_pair))))

    def _are_settled(self, words: NDArray[np.int64]) -> NDArray[np.bool_]:
        return words < self.settled

    def no_table(self, parameters: Parameters) -> NDArray[np.floating]:
        """Zeros: spelling says nothing yet."""
        return np.zeros((len(self.ngrams), parameters.V.shape[1]), parameters.V.dtype)

    def whole_table(self, prior: "SpellingPrior") -> NDArray[np.floating]:
        """The table of all n-grams; those that no word of the prior has say nothing."""
        table = np.zeros((len(self.ngrams), prior.table.shape[1]), prior.table.dtype)
        table[prior.used] = prior.table
        return table

    def means(
        self, words: NDArray[np.int64], prior: "SpellingPrior", pool: Executor | None = None
    ) -> NDArray[np.floating]:
        """What a prior's table says of other words."""
        A, used = self.A.of_words(words)
        return A.times(self.whole_table(prior)[used], pool)


@dataclass(eq=False)
class SpellingPrior:
    """The means of some words, and the table that they come from.

    A: of the words. used: which n-grams of the vocabulary its columns are. counts: shape (words,),
    whether a word's vector is one of those that the table is to explain; the others follow it.
    """

    A: Incidence
    used: NDArray[np.int64]
    penalty: float
    counts: NDArray[np.bool_]
    table: NDArray[np.floating]
    """G, of the n-grams of these words"""
    means: NDArray[np.floating] = field(init=False)
    """A G, shape (words, padded_dim)"""

    def __post_init__(self) -> None:
        self.means = self.A.times(self.table)

    @cached_property
    def _explained(self) -> tuple[Incidence, NDArray[np.int64]]:
        """A of the words whose vectors count, and its n-grams."""
        return self.A.of_words(np.flatnonzero(self.counts))

    def refit(self, V: NDArray[np.floating], rounds: int, pool: Executor | None = None) -> None:
        """Lower J by G, and let the words without a pair follow."""
        if self.counts.all():
            improve(self.table, self.A, V, self.penalty, rounds, pool=pool)
        else:
            A, used = self._explained
            table = self.table[used]
            improve(table, A, V[self.counts], self.penalty, rounds, pool=pool)
            self.table[:] = 0  # of an n-gram that only words without a pair have
            self.table[used] = table
        self.set_means(V, pool)

    def explained_share(self, V: NDArray[np.floating], pool: Executor | None = None) -> float:
        """How much the n-grams say of vectors that they were not fitted to, at most 1."""
        A, _ = self._explained
        return explained_share(A, V[self.counts], self.penalty, pool)

    def set_means(self, V: NDArray[np.floating], pool: Executor | None = None) -> None:
        """As the table has them, and so the vectors of words without a pair."""
        self.means = self.A.times(self.table, pool)
        V[~self.counts] = self.means[~self.counts]
