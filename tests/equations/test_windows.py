"""Windows, groups and the exact step: sums of pairs, and their gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import COMPLEX_STEP, EXACT, assert_close
from helpers.random_models import complex_step, drawn_worlds, fixed_world, law, pair_losses, worlds
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


@worlds
@pytest.mark.parametrize("outside_words", [[2, 4, 2], [1, 2], [2]], ids=str)
@pair_losses
def test_the_window_gradients_are_the_complex_step(world, outside_words, loss_of):
    world = world._replace(negatives=[0, 0, 3, 0, 3, 5])
    loss = loss_of(world)

    def window(V, U):
        return skip_gram(world.c, outside_words, V, U, loss)

    _, by_V, by_U = window(world.V, world.U)
    assert_close(by_V, complex_step(lambda V: window(V, world.U).loss, world.V), COMPLEX_STEP)
    assert_close(by_U, complex_step(lambda U: window(world.V, U).loss, world.U), COMPLEX_STEP)


@law
@given(drawn_worlds(), st.data())
def test_a_window_moves_no_center_vector_but_its_own(world, data):
    outside_words = data.draw(st.lists(st.integers(0, len(world.U) - 1), max_size=5))
    by_V = skip_gram(world.c, outside_words, world.V, world.U).V
    assert not np.delete(by_V, world.c, axis=0).any()


def test_each_outside_word_of_a_window_has_its_own_negatives():
    world = fixed_world(0)
    draws = [[0, 3, 0], [5], [3, 3]]
    window = skip_gram(1, [2, 4, 2], world.V, world.U, [with_negatives(draw) for draw in draws])
    pairs = [
        negative_sampling(world.v_c, o, draw, world.U)
        for o, draw in zip([2, 4, 2], draws, strict=True)
    ]
    assert_close(window.loss, sum(pair.loss for pair in pairs), EXACT)
    assert_close(window.V[1], sum(pair.center for pair in pairs), EXACT)
    assert_close(window.U, sum(pair.outside for pair in pairs), EXACT)


def test_a_window_takes_any_function_as_its_loss():
    def linear(v_c, o, U):
        return U[o] @ v_c, U[o], np.outer(np.eye(len(U))[o], v_c)

    world = fixed_world(0)
    loss, by_V, by_U = skip_gram(1, [2, 3], world.V, world.U, linear)
    assert_close(loss, (world.U[2] + world.U[3]) @ world.V[1], EXACT)
    assert_close(by_V[1], world.U[2] + world.U[3], EXACT)
    assert_close(by_U[[2, 3]], world.V[[1, 1]], EXACT)


def test_an_empty_window_has_no_loss_and_no_gradient():
    world = fixed_world(0)
    loss, by_V, by_U = skip_gram(1, [], world.V, world.U)
    assert loss == 0
    assert not by_V.any()
    assert not by_U.any()


def test_a_window_with_too_few_losses_is_refused():
    world = fixed_world(0)
    with pytest.raises(SettingsError, match="1 losses for 2 outside words: give one for all"):
        skip_gram(1, [2, 3], world.V, world.U, [naive_softmax])


# Grouped negative sampling, and the exact step


@law
@given(drawn_worlds())
def test_a_group_is_the_sum_of_its_pairs(world):
    V, U, negatives = world.V, world.U, world.negatives
    group = grouped_negative_sampling(world.centers, world.o, negatives, V, U)
    loss, by_V, by_U = 0.0, np.zeros_like(V), np.zeros_like(U)
    for c in world.centers:
        pair = negative_sampling(V[c], world.o, negatives, U)
        loss += pair.loss
        by_V[c] += pair.center
        by_U += pair.outside
    assert_close(group.loss, loss, EXACT)
    assert_close(group.V, by_V, EXACT)
    assert_close(group.U, by_U, EXACT)


@worlds
def test_the_group_gradients_are_the_complex_step(world):
    def group(V, U):
        return grouped_negative_sampling(world.centers, world.o, world.negatives, V, U)

    _, by_V, by_U = group(world.V, world.U)
    assert_close(by_V, complex_step(lambda V: group(V, world.U).loss, world.V), COMPLEX_STEP)
    assert_close(by_U, complex_step(lambda U: group(world.V, U).loss, world.U), COMPLEX_STEP)


def test_the_step_goes_against_both_gradients_and_leaves_the_old_matrices_alone():
    world = fixed_world(0)
    V, U = world.V.copy(), world.U.copy()
    gradients = skip_gram(1, [2, 3], V, U)
    new_V, new_U = sgd_step(V, U, gradients, 0.1)
    assert_close((V - new_V) / 0.1, gradients.V, EXACT)
    assert_close((U - new_U) / 0.1, gradients.U, EXACT)
    assert (V == world.V).all()
    assert (U == world.U).all()


@worlds
def test_a_small_step_lowers_the_loss_by_the_square_of_the_gradient(world):
    def group(V, U):
        return grouped_negative_sampling(world.centers, world.o, world.negatives, V, U)

    before = group(world.V, world.U)
    after = group(*sgd_step(world.V, world.U, before, 1e-6))
    expected = np.sum(before.V**2) + np.sum(before.U**2)
    # The next term of the expansion is the learning rate times the curvature.
    assert_close((before.loss - after.loss) / 1e-6, expected, 1e-3)
