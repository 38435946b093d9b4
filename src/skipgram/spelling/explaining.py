"""How much the n-grams of words say of vectors that they were not fitted to.

    R² = 1 − Σ_c ‖v_c − A_c G‖² / Σ_c ‖v_c − v̄‖²      over words c that G was not fitted to

with v̄ the mean of their vectors. Inflections share stems and endings, so
n-grams say much of words: R² was .14 to .16 for words of English, and −.05 to −.2 for the numbers
of items or nodes, of which n-grams say nothing.
"""

from concurrent.futures import Executor
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from skipgram.spelling.incidence import Incidence

LEAST_EXPLAINED = 0.02
"""With R² at or below it, n-grams count as saying nothing."""

_EVERY = 20
_LEAST_HELD_OUT = 5
_ROUNDS = 10


def says_something(explained: float) -> bool:
    """Whether so large a share of held-out words' variance is worth showing."""
    return explained > LEAST_EXPLAINED


def held_out_of(words: int) -> NDArray[np.bool_]:
    """Which words are held out: every 20th, or of few words every second at most."""
    every = min(_EVERY, max(2, words // _LEAST_HELD_OUT))
    is_held_out = np.zeros(words, bool)
    is_held_out[every - 1 :: every] = True
    return is_held_out


def explained_share(
    A: "Incidence",
    vectors: NDArray[np.floating],
    penalty: float,
    pool: Executor | None = None,
) -> float:
    """R² of every 20th word, by a table fitted to the others; 0 if it cannot be told.

    vectors: V, shape (words, dim). penalty: μ.
    """
    from skipgram.spelling.regression import improve  # compiled: whoever only asks needs none

    is_held_out = held_out_of(len(vectors))
    fitted, held_out = np.flatnonzero(~is_held_out), np.flatnonzero(is_held_out)
    if not len(held_out):
        return 0.0
    dim = vectors.shape[1]
    table = np.zeros((A.ngrams, dim), vectors.dtype)
    A_fitted, used = A.of_words(fitted)
    part = np.zeros((A_fitted.ngrams, dim), vectors.dtype)
    improve(part, A_fitted, vectors[fitted], penalty, _ROUNDS, pool=pool)
    table[used] = part
    A_held_out, used = A.of_words(held_out)
    wanted = vectors[held_out].astype(np.float64)
    unexplained = wanted - A_held_out.times(table[used], pool)
    variance = float(((wanted - wanted.mean(axis=0)) ** 2).sum())
    return 1 - float((unexplained**2).sum()) / variance if variance > 0 else 0.0
