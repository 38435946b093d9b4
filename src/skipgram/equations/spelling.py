"""What the spelling of words says of their vectors.

"Equation (48)" is the one with that number in docs/derivation.md. As in `equations`, everything is
float64 (or complex) and slow; the fast twins are in `spelling/` and
`training/exact/spelling_prior.py`.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skipgram.equations.corpora import CorpusGradients

__all__ = [
    "SpellingGradients",
    "explained_variance",
    "ngrams",
    "spelling_matrix",
    "spelling_table",
    "with_spelling_prior",
]

Array = NDArray[np.floating]


class SpellingGradients(NamedTuple):
    """J with the spelling prior, and its gradients."""

    loss: float
    center: Array
    outside: Array
    table: Array


def ngrams(word: str, shortest: int, longest: int) -> set[str]:
    """The n-grams of `<word>`, but for the whole of it.

    Equation (47) counts them.

    >>> sorted(ngrams("ab", 2, 4))
    ['<a', '<ab', 'ab', 'ab>', 'b>']
    """
    marked = f"<{word}>"
    lengths = range(shortest, min(longest, len(marked) - 1) + 1)
    return {marked[at : at + n] for n in lengths for at in range(len(marked) - n + 1)}


def spelling_matrix(
    words: Sequence[str], shortest: int, longest: int, least_words: int = 2
) -> tuple[list[str], Array]:
    """The n-grams that at least `least_words` words have, sorted; and A, shape (words, n-grams).

    Equation (47): A_cg = (1 + k_c)^(−1/2) where word c has n-gram g.

    >>> spelling_matrix(["ab", "abc"], 2, 3)[0]
    ['<a', '<ab', 'ab']
    """
    of_words = [ngrams(word, shortest, longest) for word in words]
    holders = Counter(ngram for found in of_words for ngram in found)
    shared = sorted(ngram for ngram, count in holders.items() if count >= least_words)
    B = np.array([[ngram in found for ngram in shared] for found in of_words], np.float64)
    return shared, B / np.sqrt(1 + B.sum(axis=1, keepdims=True))


def spelling_table(A: ArrayLike, V: ArrayLike, penalty: float) -> Array:
    """G, shape (n-grams, dim): the table that explains vectors best.

    Equation (49): argmin_G ‖V − A G‖² + μ ‖G‖², by a dense solve.
    """
    A = np.asarray(A, np.float64)
    return np.linalg.solve(A.T @ A + penalty * np.eye(A.shape[1]), A.T @ np.asarray(V))


def with_spelling_prior(
    of_pairs: CorpusGradients,
    V: ArrayLike,
    U: ArrayLike,
    G: ArrayLike,
    A: ArrayLike,
    prior: float,
    penalty: float,
) -> SpellingGradients:
    """J + (λ/2)(Σ_c ‖v_c − A_c G‖² + μ ‖G‖² + ‖U‖²), and its gradients.

    Equation (48): what spelling says is the mean of a center word's normal prior.
    """
    V, U, G, A = (np.asarray(matrix) for matrix in (V, U, G, A))
    off = V - A @ G
    squares = (off**2).sum() + penalty * (G**2).sum() + (U**2).sum()
    return SpellingGradients(
        of_pairs.loss + prior / 2 * squares,
        of_pairs.center + prior * off,
        of_pairs.outside + prior * U,
        prior * (penalty * G - A.T @ off),
    )


def explained_variance(A: ArrayLike, V: ArrayLike, penalty: float, held_out: ArrayLike) -> float:
    """The share of held-out words' variance that the n-grams of the other words explain.

    Equation (50): ρ² of the numbers of v_c and of A_c G over the held-out words, each column about
    its mean, with the sign of ρ.
    """
    A, V, held_out = np.asarray(A), np.asarray(V), np.asarray(held_out, bool)
    G = spelling_table(A[~held_out], V[~held_out], penalty)
    off, said = (of - of.mean(axis=0) for of in (V[held_out], A[held_out] @ G))
    correlation = (off * said).sum() / np.sqrt((off**2).sum() * (said**2).sum())
    return float(correlation * abs(correlation))
