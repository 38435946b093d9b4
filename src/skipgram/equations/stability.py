"""How long a step of a group's loss may be, given its curvature.

"Equation (45)" is the one with that number in docs/derivation.md. As in `equations`,
everything is float64 and slow; the fast kernel's twin is `training/negative_sampling/stability.py`.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skipgram.equations.pairs import WordIds

__all__ = ["stable_rate"]


def stable_rate(
    centers: WordIds,
    o: int,
    negatives: WordIds,
    V: ArrayLike,
    U: ArrayLike,
    learning_rate: float,
    *,
    other_centers: ArrayLike = 0.0,
    other_outsides: ArrayLike = 0.0,
) -> float:
    """min(learning_rate, 1 / L), L bounding the second derivative of J_group by any row.

    Equations (45) and (46), with m_c and n_w how often c is among the center words and w
    among the outside words, and m'_c and n'_w how often they are expected to be in groups
    that other threads train at the same time:

        L = ¼ max(max_c (m_c + m'_c) Σ_j |u_(w_j)|², max_w (n_w + n'_w) Σ_i |v_(c_i)|²)

    Parameters: as for `equations.grouped_negative_sampling`; other_centers and
    other_outsides of shape (vocab_size,), m' and n', or a number for all words.

    >>> stable_rate([0, 1], 2, [3], np.eye(4), np.eye(4), 3.0)  # L = ¼ (1 + 1)
    2.0
    >>> stable_rate([0, 1], 2, [3], np.eye(4), np.eye(4), 3.0, other_centers=1.0)
    1.0
    """
    V, U = np.asarray(V, np.float64), np.asarray(U, np.float64)
    words = np.array([o, *negatives], np.intp)
    centers = np.asarray(centers, np.intp)
    by_V = _most_steps(centers, other_centers, len(V)) * (U[words] ** 2).sum() / 4
    by_U = _most_steps(words, other_outsides, len(U)) * (V[centers] ** 2).sum() / 4
    curvature = max(by_V, by_U)
    return learning_rate if learning_rate * curvature <= 1 else float(1 / curvature)


def _most_steps(words: NDArray[np.integer], others: ArrayLike, vocab_size: int) -> float:
    """How many steps at once move one of these rows, at most."""
    steps = np.bincount(words, minlength=vocab_size) + np.asarray(others, np.float64)
    return float(steps[words].max())
