"""The mathematics of skip-gram word vectors, one function per equation.

Slow, short and exact: the tests hold the fast kernels to these functions, and
these to the complex step, so here the equation comes before speed and before
reuse. Everything is float64; nothing is changed in place.

Rows are words. `U`, shape (vocab_size, embedding_dim), holds the outside vectors
u_w = U[w]; `V`, of the same shape, the center vectors v_c = V[c]. A word is its row's
number. Losses are in nats. "Equation (7)" is the one with that number in
docs/derivation.md, where all of them are derived. The letters (a) to (f) are the
questions of Stanford CS224n, assignment 2, which this module answers in their order.

Every function of vectors or scores is analytic: complex128 passes through it, and
where a formula branches the real part decides. So `f(x + 1e-30j).imag / 1e-30` is
f'(x) to the last digits: no two nearly equal numbers are ever subtracted.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skipgram.errors import SettingsError

__all__ = [
    "Array",
    "ModelGradients",
    "PairGradients",
    "PairLoss",
    "WordIds",
    "cross_entropy",
    "grouped_negative_sampling",
    "keep_probability",
    "log_sigmoid",
    "log_softmax",
    "naive_softmax",
    "negative_sampling",
    "noise_distribution",
    "sgd_step",
    "sigmoid",
    "sigmoid_gradient",
    "skip_gram",
    "softmax",
    "with_negatives",
]

Array: TypeAlias = NDArray[Any]  # float64, or complex128 on its way through a complex step
WordIds: TypeAlias = Sequence[int] | NDArray[np.integer[Any]]


class PairGradients(NamedTuple):
    """The loss of one pair (c, o) in nats, and its gradients by v_c and by all of U."""

    loss: float
    center: Array  # shape (embedding_dim,)
    outside: Array  # shape (vocab_size, embedding_dim)


class ModelGradients(NamedTuple):
    """The summed loss of several pairs in nats, and its gradients by both matrices."""

    loss: float
    V: Array  # shape (vocab_size, embedding_dim)
    U: Array  # shape (vocab_size, embedding_dim)


# (v_c, o, U) -> (loss, gradient by v_c, gradient by U)
PairLoss: TypeAlias = Callable[[Array, int, Array], tuple[float, Array, Array]]


# (a) The distribution that a center word predicts, and how wrong it is


def softmax(x: ArrayLike) -> Array:
    """ŷ_w = exp(x_w) / Σ_j exp(x_j), over the last axis of the scores x.

    Equations (2) and (3): the largest score is subtracted first, which leaves the
    quotient unchanged and every exponential at or below 1.

    >>> softmax([1001.0, 1002.0]).round(4)
    array([0.2689, 0.7311])
    """
    weights = np.exp(_below_the_largest(x))
    probabilities: Array = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities


def log_softmax(x: ArrayLike) -> Array:
    """The logarithm x_w − log Σ_j exp(x_j) of the softmax, over the last axis, in nats.

    Equation (4). Not computed from `softmax`: a probability too small for a float64
    still has a logarithm.

    >>> log_softmax([0.0, -800.0])
    array([   0., -800.])
    """
    shifted = _below_the_largest(x)
    log_probabilities: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return log_probabilities


def cross_entropy(y: ArrayLike, y_hat: ArrayLike) -> Array:
    """−Σ_w y_w log ŷ_w, over the last axis, in nats; −log ŷ_o where y is one-hot at o.

    Equations (5) and (6), question (a). y may be any distribution. A word with y_w = 0
    adds 0, also where ŷ_w = 0; one with y_w > 0 and ŷ_w = 0 makes the sum infinite.

    Raises: SettingsError if the shapes differ. A column y beside a flat ŷ would
    broadcast to vocab_size² terms, and their sum would look like a loss.

    >>> float(cross_entropy([0, 1, 0], [0.5, 0.25, 0.25]))  # log 4
    1.3862943611198906
    """
    y, y_hat = _float64(y), _float64(y_hat)
    if y.shape != y_hat.shape:
        raise SettingsError(f"y has the shape {y.shape} and y_hat {y_hat.shape}: make them equal")
    with np.errstate(divide="ignore"):  # log 0 = −∞ is intended
        entropy: Array = -np.sum(y * np.log(np.where(y == 0, 1.0, y_hat)), axis=-1)
    return entropy


# (b), (c) The naive softmax loss


def naive_softmax(v_c: ArrayLike, o: int, U: ArrayLike) -> PairGradients:
    """J = −u_o·v_c + log Σ_w exp(u_w·v_c), with its gradients.

    Equations (7) to (10), questions (b) and (c): with ŷ = softmax(U v_c) and y one-hot
    at o, ∂J/∂v_c = Uᵀ(ŷ − y) and ∂J/∂U = (ŷ − y) v_cᵀ. No row of the latter is zero:
    negative sampling avoids that cost.

    Parameters: v_c of shape (embedding_dim,), the outside word o, and U.

    Source: Mikolov et al. (2013), arXiv 1310.4546, equation (2).
    """
    v_c, U = _float64(v_c), _float64(U)
    scores = U @ v_c
    y = np.zeros(len(U))
    y[o] = 1.0
    error = softmax(scores) - y
    return PairGradients(-log_softmax(scores)[o], U.T @ error, np.outer(error, v_c))


# (d) The logistic function


def sigmoid(x: ArrayLike) -> Array:
    """σ(x) = 1 / (1 + exp(−x)), elementwise.

    Equations (11) and (15): only exp(−|x|) is ever computed, so nothing overflows.

    >>> sigmoid([-800.0, 0.0, 800.0])
    array([0. , 0.5, 1. ])
    """
    x = _float64(x)
    decay = np.exp(-_modulus(x))
    probability: Array = np.where(x.real < 0, decay, 1.0) / (1.0 + decay)
    return probability


def log_sigmoid(x: ArrayLike) -> Array:
    """The logarithm log σ(x) = min(x, 0) − log(1 + exp(−|x|)), elementwise, in nats.

    Equation (16). Not computed from `sigmoid`, which is 0 from about x = −745 down.

    >>> log_sigmoid([-800.0, 800.0])
    array([-800.,    0.])
    """
    x = _float64(x)
    log_probability: Array = np.where(x.real < 0, x, 0.0) - np.log1p(np.exp(-_modulus(x)))
    return log_probability


def sigmoid_gradient(x: ArrayLike) -> Array:
    """σ'(x) = σ(x) σ(−x), elementwise: a function of x, not of σ(x).

    Equations (13) and (14), question (d). For a vector x it is the diagonal of the
    Jacobian, whose other entries are all 0.

    >>> float(sigmoid_gradient(0.0))
    0.25
    """
    return sigmoid(x) * sigmoid(-_float64(x))


# (e) The negative sampling loss


def negative_sampling(v_c: ArrayLike, o: int, negatives: WordIds, U: ArrayLike) -> PairGradients:
    """J = −log σ(u_o·v_c) − Σ_k log σ(−u_k·v_c), with its gradients.

    Equations (17) to (21), question (e). A word drawn n times counts n times, in the
    loss and in its row of the gradient; the rows of words that were not drawn are 0.

    Parameters: v_c of shape (embedding_dim,), the outside word o, the K negatives (they
    may repeat), and U.
    Raises: SettingsError if o is among the negatives.

    >>> U = [[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]]
    >>> negative_sampling([0.0, 0.0], 0, [1, 1], U).center
    array([-0.5,  1. ])

    Source: Mikolov et al. (2013), arXiv 1310.4546, equation (4).
    """
    v_c, U = _float64(v_c), _float64(U)
    words, signs = _true_word_and_noise(o, negatives)
    scores = U[words] @ v_c
    error = -signs * sigmoid(-signs * scores)
    outside = np.zeros(U.shape, error.dtype)
    np.add.at(outside, words, np.outer(error, v_c))  # `+=` would count a repeat once
    return PairGradients(-log_sigmoid(signs * scores).sum(), error @ U[words], outside)


def with_negatives(negatives: WordIds) -> PairLoss:
    """Negative sampling with its draw given: Equation (17) as a function of v_c, o and U."""
    return lambda v_c, o, U: negative_sampling(v_c, o, negatives, U)


# (f) A whole window


def skip_gram(
    c: int,
    outside_words: WordIds,
    V: ArrayLike,
    U: ArrayLike,
    loss: PairLoss | Sequence[PairLoss] = naive_softmax,
) -> ModelGradients:
    """J = Σ_j J_j(v_c, o_j, U) over the outside words of one window, with its gradients.

    Equations (22) to (25), question (f). Of the gradient by V only row c differs from 0.

    Parameters: the center word c, the outside words in order (they may repeat, and
    c may be one), V, U, and one loss for all pairs or a sequence with one for each,
    since under negative sampling each pair has its own draw.
    Raises: SettingsError if there are not as many losses as outside words.

    >>> V = U = np.zeros((4, 2))
    >>> float(skip_gram(0, [1, 2], V, U).loss)  # 2 log 4
    2.772588722239781
    >>> draws = [with_negatives([2, 3]), with_negatives([3, 3])]
    >>> float(skip_gram(0, [1, 2], V, U, draws).loss)  # 2 (2 + 1) log 2
    4.1588830833596715
    """
    V, U = _float64(V), _float64(U)
    losses = [loss] * len(outside_words) if callable(loss) else loss
    if len(losses) != len(outside_words):
        raise SettingsError(
            f"{len(losses)} losses for {len(outside_words)} outside words: "
            "give one for all of them, or one for each"
        )
    total, by_V, by_U = 0.0, *_zero_gradients(V, U)
    for o, pair_loss in zip(outside_words, losses, strict=True):
        pair, by_center, by_outside = pair_loss(V[c], int(o), U)
        total += pair
        by_V[c] += by_center
        by_U += by_outside
    return ModelGradients(total, by_V, by_U)


# What training computes: one draw for all centers around a word, and one exact step


def grouped_negative_sampling(
    centers: WordIds, o: int, negatives: WordIds, V: ArrayLike, U: ArrayLike
) -> ModelGradients:
    """J = Σ_i J_neg(v_(c_i), o, U), one draw of negatives for all centers, with its gradients.

    Equations (26) to (28): one (M, K + 1) table of scores, one pass of the logistic
    function, two products; every repeat counts.

    Parameters: the M center words around o (they may repeat), the outside word o, the K
    negatives (they may repeat), V and U.
    Raises: SettingsError if o is among the negatives.

    Source: Ji et al. (2016), arXiv 1604.04661, for sharing the draw.
    """
    V, U = _float64(V), _float64(U)
    centers = np.asarray(centers, dtype=np.intp)
    words, signs = _true_word_and_noise(o, negatives)
    scores = V[centers] @ U[words].T
    error = -signs * sigmoid(-signs * scores)
    by_V, by_U = _zero_gradients(V, U)
    np.add.at(by_V, centers, error @ U[words])
    np.add.at(by_U, words, error.T @ V[centers])
    return ModelGradients(-log_sigmoid(signs * scores).sum(), by_V, by_U)


def sgd_step(
    V: ArrayLike, U: ArrayLike, gradients: ModelGradients, learning_rate: float
) -> tuple[Array, Array]:
    """The new matrices V − learning_rate · ∂J/∂V and U − learning_rate · ∂J/∂U.

    Equation (29), the exact step: both gradients are those of the old values, and a
    repeated word moves by the sum of its gradients.
    """
    return _float64(V) - learning_rate * gradients.V, _float64(U) - learning_rate * gradients.U


# Which words are drawn, and which are kept


def noise_distribution(counts: ArrayLike, exponent: float) -> Array:
    """P_n(w) = count_w^exponent / Σ_x count_x^exponent, from which negatives are drawn.

    Equation (30). Exponent 1 gives the words' own frequencies, 0 the same probability to
    each, 0.75 is usual. A word that never occurs is never drawn, for any exponent.

    Raises: SettingsError if a count is negative or not finite, if none is above 0, or if
    the exponent is not finite.

    >>> noise_distribution([1, 16, 81], 0.75)  # 1, 8 and 27 in 36
    array([0.02777778, 0.22222222, 0.75      ])

    Source: Mikolov et al. (2013), arXiv 1310.4546, section 2.2.
    """
    counts = _counts(counts)
    if not np.isfinite(exponent):
        raise SettingsError(f"the noise exponent is {exponent}: give a finite number")
    log_weights = np.full(counts.shape, -np.inf)
    seen = counts > 0
    log_weights[seen] = exponent * np.log(counts[seen])
    return softmax(log_weights)


def keep_probability(counts: ArrayLike, threshold: float) -> Array:
    """keep_w = min(1, sqrt(t/f_w) + t/f_w), the chance that an occurrence of w stays.

    Equation (31), with t the threshold and f_w = count_w / Σ_x count_x. Words up to
    2.618 times as frequent as t are always kept; threshold 0 keeps everything.

    Raises: SettingsError if a count is negative or not finite, if none is above 0, or if
    the threshold is negative or not finite.

    >>> keep_probability([75, 25], threshold=0.01).round(4)
    array([0.1288, 0.24  ])

    Source: word2vec.c, as (sqrt(f/t) + 1) t/f; Mikolov et al. (2013), arXiv 1310.4546,
    equation (5), has sqrt(t/f) alone.
    """
    counts = _counts(counts)
    if not 0 <= threshold < np.inf:
        raise SettingsError(f"the subsample threshold is {threshold}: give a number, 0 or above")
    if threshold == 0:
        return np.ones(counts.shape)
    # A word rarer than the threshold is always kept, and so is one exactly as frequent:
    # raising it to the threshold avoids dividing by 0.
    ratio = threshold / np.maximum(counts / counts.sum(), threshold)
    keep: Array = np.minimum(1.0, np.sqrt(ratio) + ratio)
    return keep


# Shared pieces


def _float64(x: ArrayLike) -> Array:
    """`x` as float64, or as complex128 where it is complex."""
    array = np.asarray(x)
    return array.astype(np.result_type(array.dtype, np.float64), copy=False)


def _modulus(x: Array) -> Array:
    """|x|, continued from the real line: x or −x, by the sign of the real part."""
    return np.where(x.real < 0, -x, x)


def _below_the_largest(x: ArrayLike) -> Array:
    """`x` minus its largest real part along the last axis: 0 at the largest, less elsewhere."""
    x = _float64(x)
    with np.errstate(over="ignore"):  # a difference may overflow to −∞, whose exponential is 0
        shifted: Array = x - x.real.max(axis=-1, keepdims=True)
    return shifted


def _true_word_and_noise(o: int, negatives: WordIds) -> tuple[NDArray[np.intp], Array]:
    """The words o, k_1, ..., k_K and the signs of Equation (18): +1 for o, −1 for the others."""
    noise = np.asarray(negatives, dtype=np.intp)
    if o in noise:
        raise SettingsError(
            f"the negatives {noise.tolist()} contain the outside word {o}, at position "
            f"{noise.tolist().index(o)}: no word is both true and noise; draw another"
        )
    return np.array([o, *noise], dtype=np.intp), np.array([1.0, *[-1.0] * len(noise)])


def _zero_gradients(V: Array, U: Array) -> tuple[Array, Array]:
    dtype = np.result_type(V, U)  # a complex V makes the gradient by a real U complex, too
    return np.zeros(V.shape, dtype), np.zeros(U.shape, dtype)


def _counts(counts: ArrayLike) -> Array:
    array = np.asarray(counts, dtype=np.float64)
    wrong = np.flatnonzero(~np.isfinite(array) | (array < 0))
    if len(wrong):
        raise SettingsError(f"word {wrong[0]} has the count {array[wrong[0]]}: give 0 or more")
    if not array.any():
        raise SettingsError(f"none of the {array.size} counts is above 0: no word ever occurs")
    return array
