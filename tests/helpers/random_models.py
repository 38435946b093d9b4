"""Small random models to check the equations on: their vectors, their words, their losses."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.comparison import COMPLEX_STEP, assert_close
from skipgram.equations import (
    PairLoss,
    naive_softmax,
    with_negatives,
)

# A deadline would fail on a busy machine, not on a wrong formula.
law = settings(deadline=None, max_examples=50)

moderate = st.floats(-30, 30)
finite = st.floats(-1e300, 1e300)
scores = arrays(np.float64, st.integers(1, 8), elements=moderate)
counts = st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any)


class RandomModel(NamedTuple):
    """Random vectors with entries of about 1, and word ids that repeat."""

    V: np.ndarray
    U: np.ndarray
    c: int
    o: int
    negatives: list[int]
    centers: list[int]

    @property
    def v_c(self) -> np.ndarray:
        return self.V[self.c]


@st.composite
def drawn_models(draw: st.DrawFn) -> RandomModel:
    vocab_size, embedding_dim = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    V, U = np.random.default_rng(draw(st.integers(0, 2**32))).standard_normal(
        (2, vocab_size, embedding_dim)
    )
    words = st.integers(0, vocab_size - 1)
    o = draw(words)
    negatives = draw(st.lists(words.filter(lambda word: word != o), max_size=6))
    return RandomModel(V, U, draw(words), o, negatives, draw(st.lists(words, max_size=5)))


def fixed_model(seed: int) -> RandomModel:
    """Words 0 and 3 are drawn three times and twice; center 1 occurs three times."""
    V, U = np.random.default_rng(seed).standard_normal((2, 6, 4))
    return RandomModel(V, U, c=1, o=2, negatives=[0, 0, 3, 0, 3, 5], centers=[1, 4, 1, 2, 1])


fixed_models = pytest.mark.parametrize("model", [fixed_model(seed) for seed in range(3)], ids="012")


def complex_step(f: Callable[[np.ndarray], complex], x: np.ndarray) -> np.ndarray:
    """The gradient of f at x."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.astype(np.complex128)
        moved[index] += 1e-30j
        gradient[index] = f(moved).imag / 1e-30
    return gradient


def assert_gradients_are_the_complex_step(model: RandomModel, loss: PairLoss) -> None:
    v_c, o, U = model.v_c, model.o, model.U
    _, center, outside = loss(v_c, o, U)
    assert_close(center, complex_step(lambda v_c: loss(v_c, o, U)[0], v_c), COMPLEX_STEP)
    assert_close(outside, complex_step(lambda U: loss(v_c, o, U)[0], U), COMPLEX_STEP)


pair_losses = pytest.mark.parametrize(
    "loss_of",
    [
        lambda model: naive_softmax,
        lambda model: with_negatives(model.negatives),
    ],
    ids=["naive softmax", "negative sampling"],
)
