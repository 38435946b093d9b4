"""A, the sparse matrix of which word has which n-gram, its rows scaled by how many those are.

    A = diag(s) B        B_cg = 1 if word c has n-gram g, else 0        s_c = (1 + k_c)^(−1/2)

with k_c the number of n-grams of c. So what many n-grams say of a word is not louder than what a
few say.
"""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Self

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.kernels import sum_rows
from skipgram.spelling.ngrams import scales_of, shared_ngrams
from skipgram.system.threads import mapped

_ROWS_AT_ONCE = 2048


@dataclass(frozen=True, eq=False)
class Incidence:
    """A of some words; products are shared out by rows, so threads do not change their bits.

    B: shape (words, n-grams), and its transpose, each by rows. scales: s, shape (words,).
    """

    B: scipy.sparse.csr_matrix
    transposed: scipy.sparse.csr_matrix
    scales: NDArray[np.float64]

    @classmethod
    def of(
        cls, words: Sequence[str], range_: NgramRange, least_words: int = 2
    ) -> tuple[PackedWords, Self]:
        """The n-grams that at least so many of the words have, and which word has which."""
        found = shared_ngrams(words, range_, least_words)
        entries = np.ones(len(found.words), np.int8)
        shape = len(found.ngrams), len(words)
        return found.ngrams, cls._of(
            scipy.sparse.csr_matrix((entries, found.words, found.starts), shape)
        )

    @classmethod
    def _of(
        cls, transposed: scipy.sparse.csr_matrix, scales: NDArray[np.float64] | None = None
    ) -> Self:
        B = transposed.T.tocsr()
        if scales is None:
            scales = scales_of(np.diff(B.indptr))
        return cls(B, transposed, scales)

    def of_words(self, chosen: NDArray[np.int64]) -> tuple[Self, NDArray[np.int64]]:
        """A of some words, and which of the n-grams they have: its columns; scales stay."""
        part = self.B[chosen]
        used = np.unique(part.indices)
        transposed = part[:, used].T.tocsr()
        return self._of(transposed, self.scales[chosen]), used

    @property
    def words(self) -> int:
        """How many rows A has."""
        return int(self.B.shape[0])

    @property
    def ngrams(self) -> int:
        """How many columns A has."""
        return int(self.B.shape[1])

    def times(self, G: NDArray[np.floating], pool: Executor | None = None) -> NDArray[np.floating]:
        """A G, shape (words, dim): what the spelling says of each word."""
        return self._sums(self.B, G, pool, self.scales)

    def transposed_times(
        self, Y: NDArray[np.floating], pool: Executor | None = None
    ) -> NDArray[np.floating]:
        """Aᵀ Y, shape (n-grams, dim)."""
        return self._sums(self.transposed, Y * _column(self.scales, Y), pool)

    def gram_times(
        self, G: NDArray[np.floating], pool: Executor | None = None
    ) -> NDArray[np.floating]:
        """AᵀA G, shape (n-grams, dim)."""
        inner = self._sums(self.B, G, pool, self.scales**2)
        return self._sums(self.transposed, inner, pool)

    @property
    def gram_diagonal(self) -> NDArray[np.float64]:
        """Of AᵀA, shape (n-grams,)."""
        return np.asarray(self.transposed.astype(np.float64) @ self.scales**2)

    @staticmethod
    def _sums(
        of: scipy.sparse.csr_matrix,
        rows: NDArray[np.floating],
        pool: Executor | None,
        factors: NDArray[np.float64] | None = None,
    ) -> NDArray[np.floating]:
        sums = np.empty((of.shape[0], rows.shape[1]), rows.dtype)
        of_sums = np.ones(len(sums)) if factors is None else factors
        of_sums = of_sums.astype(rows.dtype)

        def work(first: int) -> None:
            part = sums[first : first + _ROWS_AT_ONCE]
            sum_rows(of.indptr, of.indices, rows, of_sums, first, part)

        mapped(pool, work, range(0, len(sums), _ROWS_AT_ONCE))
        return sums


def _column(numbers: NDArray[np.float64], like: NDArray[np.floating]) -> NDArray[np.floating]:
    return numbers.astype(like.dtype)[:, np.newaxis]
