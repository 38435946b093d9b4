"""The mathematics of whole corpora: losses and gradients of all pairs at once, from their counts.

As in pairs.py: slow, short and exact, analytic in the vectors, and "Equation (38)" is the one
with that number in docs/derivation.md. N, shape (centers, outside words), holds the weight of each
pair (c, o).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from skipgram.equations.pairs import Array, log_sigmoid, log_softmax, sigmoid

__all__ = [
    "CorpusGradients",
    "corpus_negative_sampling",
    "corpus_softmax",
    "softmax_floor",
    "with_prior",
]


class CorpusGradients(NamedTuple):
    """The loss of all pairs in nats, and its gradients by both matrices."""

    loss: float
    center: Array  # shape (centers, embedding_dim)
    outside: Array  # shape (outside words, embedding_dim)


def corpus_softmax(
    V: ArrayLike, U: ArrayLike, N: ArrayLike, log_offset: ArrayLike = 0.0
) -> CorpusGradients:
    """J = −Σ_co N_co log ŷ_co with ŷ_c = softmax(U v_c + b), and ∂J by V and U, in nats.

    Equations (38) to (40). With b = 0 it is the sum of `equations.naive_softmax` over all pairs,
    weighted by N: the softmax of a center word does not depend on the outside word.

    Parameters: V of shape (centers, embedding_dim), U of shape (outside words, embedding_dim), N,
    b of shape (outside words,).

    >>> corpus_softmax(np.zeros((1, 2)), np.ones((4, 2)), [[1, 0, 2, 0]]).loss / 3  # log 4
    1.3862943611198906
    """
    V, U, N = np.asarray(V), np.asarray(U), np.asarray(N)
    predicted = np.array([log_softmax(scores) for scores in V @ U.T + np.asarray(log_offset)])
    residual = N.sum(axis=1, keepdims=True) * np.exp(predicted) - N
    return CorpusGradients(-(N * predicted).sum(), residual @ U, residual.T @ V)


def corpus_negative_sampling(
    V: ArrayLike, U: ArrayLike, N: ArrayLike, noise: ArrayLike, negatives: int
) -> CorpusGradients:
    """J = −Σ_co N_co log σ(s_co) − K Σ_c n_c Σ_w P_n(w) log σ(−s_cw), and ∂J, in nats.

    Equations (41) and (42), s = V Uᵀ and n_c = Σ_o N_co: the mean of negative sampling over noise
    that is drawn independently of the outside word.

    Parameters: as for `corpus_softmax`; P_n of shape (outside words,), and K = negatives.

    >>> V = np.zeros((1, 2))
    >>> corpus_negative_sampling(V, np.ones((2, 2)), [[1, 2]], [0.5, 0.5], 5).loss / 3  # 6 log 2
    4.1588830833596715
    """
    V, U, N = np.asarray(V), np.asarray(U), np.asarray(N)
    scores = V @ U.T
    expected = negatives * N.sum(axis=1, keepdims=True) * np.asarray(noise)
    loss = -(N * log_sigmoid(scores) + expected * log_sigmoid(-scores)).sum()
    residual = expected * sigmoid(scores) - N * sigmoid(-scores)
    return CorpusGradients(loss, residual @ U, residual.T @ V)


def with_prior(
    of_pairs: CorpusGradients, V: ArrayLike, U: ArrayLike, prior: float
) -> CorpusGradients:
    """J + (λ/2)(‖U‖² + ‖V‖²), and its gradients.

    Equation (43): normal priors of precision λ for all vectors.
    """
    V, U = np.asarray(V), np.asarray(U)
    squares = (V**2).sum() + (U**2).sum()
    return CorpusGradients(
        of_pairs.loss + prior / 2 * squares,
        of_pairs.center + prior * V,
        of_pairs.outside + prior * U,
    )


def softmax_floor(N: ArrayLike) -> float:
    """Σ_c n_c H(q_c) with q_c = N_c / n_c, in nats: the lowest possible loss of `corpus_softmax`.

    Equation (44). For counts to the power 1 it is the number of pairs times H(O | C).

    >>> softmax_floor([[1, 1], [0, 3]]) / 2  # log 2: only the first word leaves a choice
    0.6931471805599453
    """
    N = np.asarray(N, dtype=np.float64)
    n = N.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(-np.where(N > 0, N * np.log(N / n), 0.0).sum())
