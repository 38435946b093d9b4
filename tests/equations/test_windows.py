"""Windows, groups and the exact step: sums of pairs, and their gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import COMPLEX_STEP, EXACT, assert_close
from helpers.random_models import (
    complex_step,
    drawn_models,
    fixed_model,
    fixed_models,
    law,
    pair_losses,
)
from skipgram.equations import (
    grouped_negative_sampling,
    naive_softmax,
    negative_sampling,
    sgd_step,
    skip_gram,
    with_negatives,
)
from skipgram.errors import SettingsError

# (f) A whole window


@fixed_models
@pytest.mark.parametrize("outside_words", [[2, 4, 2], [1, 2], [2]], ids=str)
@pair_losses
def test_the_window_gradients_are_the_complex_step(model, outside_words, loss_of):
    model = model._replace(negatives=[0, 0, 3, 0, 3, 5])
    loss = loss_of(model)

    def window(V, U):
        return skip_gram(model.c, outside_words, V, U, loss)

    _, by_V, by_U = window(model.V, model.U)
    assert_close(by_V, complex_step(lambda V: window(V, model.U).loss, model.V), COMPLEX_STEP)
    assert_close(by_U, complex_step(lambda U: window(model.V, U).loss, model.U), COMPLEX_STEP)


@law
@given(drawn_models(), st.data())
def test_a_window_moves_no_center_vector_but_its_own(model, data):
    outside_words = data.draw(st.lists(st.integers(0, len(model.U) - 1), max_size=5))
    by_V = skip_gram(model.c, outside_words, model.V, model.U).V
    assert not np.delete(by_V, model.c, axis=0).any()


def test_each_outside_word_of_a_window_has_its_own_negatives():
    model = fixed_model(0)
    draws = [[0, 3, 0], [5], [3, 3]]
    window = skip_gram(1, [2, 4, 2], model.V, model.U, [with_negatives(draw) for draw in draws])
    pairs = [
        negative_sampling(model.v_c, o, draw, model.U)
        for o, draw in zip([2, 4, 2], draws, strict=True)
    ]
    assert_close(window.loss, sum(pair.loss for pair in pairs), EXACT)
    assert_close(window.V[1], sum(pair.center for pair in pairs), EXACT)
    assert_close(window.U, sum(pair.outside for pair in pairs), EXACT)


def test_a_window_takes_any_function_as_its_loss():
    def linear(v_c, o, U):
        return U[o] @ v_c, U[o], np.outer(np.eye(len(U))[o], v_c)

    model = fixed_model(0)
    loss, by_V, by_U = skip_gram(1, [2, 3], model.V, model.U, linear)
    assert_close(loss, (model.U[2] + model.U[3]) @ model.V[1], EXACT)
    assert_close(by_V[1], model.U[2] + model.U[3], EXACT)
    assert_close(by_U[[2, 3]], model.V[[1, 1]], EXACT)


def test_an_empty_window_has_no_loss_and_no_gradient():
    model = fixed_model(0)
    loss, by_V, by_U = skip_gram(1, [], model.V, model.U)
    assert loss == 0
    assert not by_V.any()
    assert not by_U.any()


def test_a_window_with_too_few_losses_is_refused():
    model = fixed_model(0)
    with pytest.raises(SettingsError, match="1 losses for 2 outside words: give one for all"):
        skip_gram(1, [2, 3], model.V, model.U, [naive_softmax])


# Grouped negative sampling, and the exact step


@law
@given(drawn_models())
def test_a_group_is_the_sum_of_its_pairs(model):
    V, U, negatives = model.V, model.U, model.negatives
    group = grouped_negative_sampling(model.centers, model.o, negatives, V, U)
    loss, by_V, by_U = 0.0, np.zeros_like(V), np.zeros_like(U)
    for c in model.centers:
        pair = negative_sampling(V[c], model.o, negatives, U)
        loss += pair.loss
        by_V[c] += pair.center
        by_U += pair.outside
    assert_close(group.loss, loss, EXACT)
    assert_close(group.V, by_V, EXACT)
    assert_close(group.U, by_U, EXACT)


@fixed_models
def test_the_group_gradients_are_the_complex_step(model):
    def group(V, U):
        return grouped_negative_sampling(model.centers, model.o, model.negatives, V, U)

    _, by_V, by_U = group(model.V, model.U)
    assert_close(by_V, complex_step(lambda V: group(V, model.U).loss, model.V), COMPLEX_STEP)
    assert_close(by_U, complex_step(lambda U: group(model.V, U).loss, model.U), COMPLEX_STEP)


def test_the_step_goes_against_both_gradients_and_leaves_the_old_matrices_alone():
    model = fixed_model(0)
    V, U = model.V.copy(), model.U.copy()
    gradients = skip_gram(1, [2, 3], V, U)
    new_V, new_U = sgd_step(V, U, gradients, 0.1)
    assert_close((V - new_V) / 0.1, gradients.V, EXACT)
    assert_close((U - new_U) / 0.1, gradients.U, EXACT)
    assert (V == model.V).all()
    assert (U == model.U).all()


@fixed_models
def test_a_small_step_lowers_the_loss_by_the_square_of_the_gradient(model):
    def group(V, U):
        return grouped_negative_sampling(model.centers, model.o, model.negatives, V, U)

    before = group(model.V, model.U)
    after = group(*sgd_step(model.V, model.U, before, 1e-6))
    expected = np.sum(before.V**2) + np.sum(before.U**2)
    # The next term of the expansion is the learning rate times the curvature.
    assert_close((before.loss - after.loss) / 1e-6, expected, 1e-3)
