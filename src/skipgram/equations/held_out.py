"""The mathematics of scoring held-out pairs: what a model predicts, and its loss without draws.

As in pairs.py: slow, short and exact, analytic in the vectors, and
"Equation (35)" is the one with that number in docs/derivation.md.
"""

import numpy as np
from numpy.typing import ArrayLike

from skipgram.equations.pairs import Array, log_sigmoid, log_softmax
from skipgram.errors import SettingsError

__all__ = [
    "expected_negative_sampling",
    "log_prediction",
    "log_redrawn_prediction",
    "log_unpowered_prediction",
]


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


def log_unpowered_prediction(
    v_c: ArrayLike, U: ArrayLike, log_offset: ArrayLike, power: float
) -> Array:
    """The logarithms of P̂(w | c) ∝ exp((u_w·v_c + b_w) / α), normalised, in nats.

    Equation (51): what a model predicts that was fitted to counts to the power α. At α = 1 it
    is `log_prediction`.

    Parameters: as for `log_prediction`, and α = power.

    >>> np.exp(log_unpowered_prediction([1.0], np.log([[3.0], [1.0]]), [0.0, 0.0], 0.5))
    array([0.9, 0.1])
    """
    return log_softmax((np.asarray(U) @ np.asarray(v_c) + np.asarray(log_offset)) / power)


def log_redrawn_prediction(v_c: ArrayLike, U: ArrayLike, noise: ArrayLike, negatives: int) -> Array:
    """The logarithms of P̂(w | c) ∝ r_w / (1 + r_w / (1 − P_n(w))), normalised, in nats.

    Equation (52), with r_w = K P_n(w) exp(u_w·v_c): the inverse of the optimum (34) of negative
    sampling whose negatives are drawn again when they hit the outside word.

    Parameters: v_c of shape (embedding_dim,), U, the noise P_n of shape (vocab_size,), below 1,
    and the number of negatives K.

    >>> np.exp(log_redrawn_prediction([0.0], np.ones((2, 1)), [0.5, 0.5], 5))
    array([0.5, 0.5])
    """
    noise = np.asarray(noise, dtype=np.float64)
    with np.errstate(divide="ignore"):  # log 0 = −∞ is intended
        r = negatives * noise * np.exp(np.asarray(U) @ np.asarray(v_c))
        return log_softmax(np.log(r / (1 + r / (1 - noise))))
