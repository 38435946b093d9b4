"""How much the n-grams of words say of vectors that they were not fitted to.

    ρ = Σ_c (v_c − v̄)·(A_c G − ā) / √(Σ_c ‖v_c − v̄‖² Σ_c ‖A_c G − ā‖²)

over words c that G was not fitted to, with their means v̄ and ā. ρ² is the share of variance that
n-grams explain, up to one factor for the length of what they say. Inflections share stems and
endings: ρ was .14 to .48 for words of English, by the size of the text, and −.09 to .00 for
random numbers in their place.
"""

from concurrent.futures import Executor
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from skipgram.spelling.incidence import Incidence

LEAST_EXPLAINED = 0.01
"""With ρ² at or below it, n-grams count as saying nothing."""

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
    """ρ² of every 20th word, by a table fitted to the others; 0 if it cannot be told.

    It has the sign of ρ.

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
    said = A_held_out.times(table[used], pool).astype(np.float64)
    wanted -= wanted.mean(axis=0)
    said -= said.mean(axis=0)
    variances = float((wanted**2).sum()) * float((said**2).sum())
    if not variances > 0:
        return 0.0
    correlation = float((wanted * said).sum()) / sqrt(variances)
    return correlation * abs(correlation)
