"""The mathematics of scoring held-out pairs: what a model predicts, and its loss without draws.

As in pairs.py: slow, short and exact, analytic in the vectors, and
"Equation (35)" is the one with that number in docs/derivation.md.
"""

import numpy as np
from numpy.typing import ArrayLike

from skipgram.equations.pairs import Array, log_sigmoid, log_softmax
from skipgram.errors import SettingsError

__all__ = ["expected_negative_sampling", "log_prediction"]


def log_prediction(v_c: ArrayLike, U: ArrayLike, log_offset: ArrayLike) -> Array:
    """The logarithms of P̂(w | c) = exp(u_w·v_c + b_w) / Σ_x exp(u_x·v_c + b_x), in nats.

    Equation (35). With the offset b = log P_n it is what a model trained by negative
    sampling predicts, with b = 0 the softmax. −log P̂(o | c) is a pair's cross entropy, and
    the exponential of its mean over pairs the perplexity.

    Parameters: v_c of shape (embedding_dim,), U, and b of shape (vocab_size,); a word with
    the offset −∞ is never predicted.
    Returns: shape (vocab_size,).

    >>> np.exp(log_prediction([0.0, 0.0], np.ones((3, 2)), np.log([0.5, 0.25, 0.25])))
    array([0.5 , 0.25, 0.25])
    """
    return log_softmax(np.asarray(U) @ np.asarray(v_c) + np.asarray(log_offset))


def expected_negative_sampling(
    v_c: ArrayLike, o: int, U: ArrayLike, noise: ArrayLike, negatives: int
) -> float:
    """J̄ = −log σ(u_o·v_c) − K Σ_(w≠o) P_n(w) / (1 − P_n(o)) log σ(−u_w·v_c), in nats.

    Equation (36): the mean of `equations.negative_sampling` over all draws of K negatives
    from the noise, where one that is o is drawn again.

    Parameters: v_c of shape (embedding_dim,), the outside word o, U, the noise P_n of shape
    (vocab_size,), and the number of negatives K.
    Raises: SettingsError if the noise has no word other than o.

    >>> U = np.zeros((4, 2))
    >>> float(expected_negative_sampling([1.0, 2.0], 3, U, [0.25] * 4, 5))  # (5 + 1) log 2
    4.1588830833596715
    """
    scores = np.asarray(U) @ np.asarray(v_c)
    beside = np.array(noise, dtype=np.float64)
    beside[o] = 0.0
    if not beside.any():
        raise SettingsError(
            f"the noise has no word other than the outside word {o}: give another a count"
        )
    mean: Array = beside / beside.sum() @ log_sigmoid(-scores)
    loss: float = -log_sigmoid(scores)[o] - negatives * mean
    return loss
