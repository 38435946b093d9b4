"""How long a step of a group's loss may be, given its curvature.

"Equation (45)" is the one with that number in docs/derivation.md. As in `equations`,
everything is float64 and slow; the fast kernel's twin is `training/negative_sampling/stability.py`.
"""

import numpy as np
from numpy.typing import ArrayLike

from skipgram.equations.pairs import WordIds

__all__ = ["stable_rate"]


def stable_rate(
    centers: WordIds, o: int, negatives: WordIds, V: ArrayLike, U: ArrayLike, learning_rate: float
) -> float:
    """min(learning_rate, 1 / L), L bounding the second derivative of J_group by any row.

    Equations (45) and (46): L = ¼ max(m Σ_j |u_(w_j)|², n Σ_i |v_(c_i)|²), with m and n how
    often the most frequent center and the most frequent outside word occur.

    Parameters: as for `equations.grouped_negative_sampling`.

    >>> stable_rate([0, 1], 2, [3], np.eye(4), np.eye(4), 3.0)  # L = ¼ (1 + 1)
    2.0
    """
    V, U = np.asarray(V, np.float64), np.asarray(U, np.float64)
    words = np.array([o, *negatives], np.intp)
    centers = np.asarray(centers, np.intp)
    by_V = np.bincount(centers).max() * (U[words] ** 2).sum() / 4
    by_U = np.bincount(words).max() * (V[centers] ** 2).sum() / 4
    curvature = max(by_V, by_U)
    return learning_rate if learning_rate * curvature <= 1 else float(1 / curvature)
