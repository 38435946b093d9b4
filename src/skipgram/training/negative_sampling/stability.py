"""How long a step may be: where the loss curves too much, the learning rate is lowered.

With the other rows fixed, the second derivative of a group's loss by one row of U is

    n_w Σ_i σ'(u_w·v_(c_i)) v_(c_i) v_(c_i)ᵀ  ≼  (n_w / 4) Σ_i |v_(c_i)|² I

with n_w how often w is among the outside words; the same holds for a row of V. Gradient
descent on a function whose second derivative is at most L is stable up to a rate of 2 / L,
and up to 1 / L where two halves move at once, as V and U do. So with L the largest of
these bounds over all rows of the group, its step is taken at the rate

    min(learning_rate, 1 / L)

which is the exact step wherever that is stable.

Threads that step at the same time all start from rows that the others are about to change, so
their steps add up as those of one group would. Each n_w therefore also counts how often the other
threads' groups are expected to hold w (`OtherThreads`). That is next to nothing in a text of many
words, and doubles L where two threads share two words.

The slow twin is `equations.stability.stable_rate`.
"""

from typing import Any, NamedTuple, Self

import numpy as np

from skipgram.kernels.compiling import inlined
from skipgram.settings import Settings
from skipgram.training.negative_sampling.task import Task

_CURVATURE = 0.25
"""The most that σ' can be."""
_SURE_REACH = 0.4
"""Up to this learning rate times pairs of a group, all texts were stable (DESIGN.md)."""
_SURE_OUTSIDES = 2.0
"""The same for the outside words of a group, whose sum moves a row of V."""


class OtherThreads(NamedTuple):
    """How often each word is expected in the groups that other threads train at the same time."""

    centers: Any
    """(vocab_size,) float32: among their center words, for each center word of a group"""
    outsides: Any
    """(vocab_size,) float32: among their outside words"""
    most_centers: float
    """the largest of `centers`"""
    most_outsides: float
    """the largest of `outsides`"""

    @classmethod
    def of(cls, task: Task, threads: int) -> Self:
        """What the shares of the kept text and of the noise lead one to expect."""
        kept = task.corpus.vocabulary.counts * task.keep
        words = kept / kept.sum()
        outsides = words + task.settings.model.negatives * task.noise.probabilities
        others = threads - 1
        return cls(
            (others * words).astype(np.float32),
            (others * outsides).astype(np.float32),
            float(others * words.max()),
            float(others * outsides.max()),
        )


def is_bounded(settings: Settings, others: OtherThreads | None = None) -> bool:
    """Whether steps must be checked: only wide windows at high rates make them too long.

    A row of U moves by a sum over the M center words of a group, so a group's step is as
    long as a single pair's at M times the learning rate; more so if other threads often move
    the same row. Without `others` there are none.
    """
    most_pairs = 2 * settings.model.window if settings.model.negatives_shared else 1
    rate, outsides = settings.training.learning_rate, settings.model.negatives + 1
    if others is not None:
        rate *= 1 + others.most_centers
    return rate * most_pairs > _SURE_REACH or rate * outsides > _SURE_OUTSIDES


@inlined
def stable_rate(V: Any, U: Any, centers: Any, outsides: Any, M: int, rate: Any, others: Any) -> Any:
    """The rate of a group's step: `rate`, or the largest that is stable."""
    count = len(outsides)
    by_V = _CURVATURE * _squared_lengths(U, outsides, count)
    by_U = _CURVATURE * _squared_lengths(V, centers, M)
    all_V, all_U = M * (1 + others.most_centers), count + others.most_outsides
    if rate * by_V * all_V <= 1.0 and rate * by_U * all_U <= 1.0:  # even if all were repeats
        return rate
    by_V *= _most_steps(centers, M, others.centers, M)
    by_U *= _most_steps(outsides, count, others.outsides, 1)
    return V.dtype.type(min(np.float64(rate), 1.0 / max(by_V, by_U)))


@inlined
def _squared_lengths(matrix: Any, words: Any, count: int) -> float:
    total = 0.0
    for i in range(count):
        of_row = matrix.dtype.type(0)
        for k in range(matrix.shape[1]):
            of_row += matrix[words[i], k] * matrix[words[i], k]
        total += of_row
    return total


@inlined
def _most_steps(words: Any, count: int, others: Any, times: int) -> float:
    """How many steps at once move one of the words' rows, at most."""
    most = 1.0
    for i in range(count):
        steps = times * np.float64(others[words[i]])
        for j in range(count):
            steps += words[j] == words[i]
        most = max(most, steps)
    return most
