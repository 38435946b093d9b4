"""The equations of held-out scores against the draws that they are a mean of, and their laws."""

import doctest
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import COMPLEX_STEP, EXACT, assert_close
from helpers.random_models import RandomModel, complex_step, drawn_models, fixed_models, law
from skipgram.equations import held_out, log_softmax, negative_sampling, noise_distribution, sigmoid
from skipgram.equations.held_out import (
    expected_negative_sampling,
    log_prediction,
    log_redrawn_prediction,
    log_unpowered_prediction,
)
from skipgram.errors import SettingsError


def noise_of(model: RandomModel) -> np.ndarray:
    return noise_distribution(np.arange(1, len(model.U) + 1), 0.75)


@fixed_models
@pytest.mark.parametrize("K", [1, 2, 3])
def test_the_expected_loss_is_the_mean_over_all_draws_of_negatives(model: RandomModel, K: int):
    noise, expected = noise_of(model), 0.0
    for negatives in product(range(len(model.U)), repeat=K):
        if model.o not in negatives:
            weight = np.prod(noise[list(negatives)] / (1 - noise[model.o]))
            expected += weight * negative_sampling(model.v_c, model.o, negatives, model.U).loss
    loss = expected_negative_sampling(model.v_c, model.o, model.U, noise, K)
    assert_close(loss, expected, EXACT)


@law
@given(drawn_models(), st.integers(1, 20))
def test_one_sum_over_all_words_serves_every_outside_word(model: RandomModel, K: int):
    noise, scores = noise_of(model), model.U @ model.v_c
    B = noise @ np.logaddexp(0, scores)
    for o, P_o in enumerate(noise):
        by_the_sum = np.logaddexp(0, -scores[o]) + K * (B - P_o * np.logaddexp(0, scores[o])) / (
            1 - P_o
        )
        loss = expected_negative_sampling(model.v_c, o, model.U, noise, K)
        assert_close(loss, by_the_sum, EXACT)


@law
@given(drawn_models())
def test_a_prediction_is_a_distribution_and_the_softmax_where_all_offsets_are_equal(
    model: RandomModel,
):
    with_noise = log_prediction(model.v_c, model.U, np.log(noise_of(model)))
    assert_close(np.exp(with_noise).sum(), 1.0, EXACT)
    alike = log_prediction(model.v_c, model.U, np.full(len(model.U), 3.0))
    assert_close(alike, log_softmax(model.U @ model.v_c), EXACT)


@pytest.mark.parametrize("K", [1, 5])
def test_at_the_optimum_of_free_draws_the_prediction_is_the_truth(K: int):
    truth = np.array([0.5, 0.1, 0.15, 0.25])
    noise = noise_distribution([1, 2, 3, 4], 0.75)
    scores = np.log(truth / (K * noise))
    assert_close(log_prediction(scores, np.eye(4), np.log(noise)), np.log(truth), EXACT)


@pytest.mark.parametrize("K", [1, 5])
def test_at_the_optimum_of_redrawn_negatives_its_inverse_is_the_truth(K: int):
    truth = np.array([0.5, 0.1, 0.15, 0.25])
    noise = noise_distribution([1, 2, 3, 4], 0.75)
    redrawn = (1 - np.eye(4)) @ (truth / (1 - noise))
    scores = np.log(truth / (K * noise * redrawn))
    assert_close(log_redrawn_prediction(scores, np.eye(4), noise, K), np.log(truth), EXACT)
    plain = np.exp(log_prediction(scores, np.eye(4), np.log(noise)))
    assert abs(plain - truth).max() > 0.05, "which has the odds"


@pytest.mark.parametrize("power", [0.5, 0.75, 1, 2])
def test_counts_to_a_power_are_taken_back(power: float):
    truth, offset = np.array([0.5, 0.1, 0.15, 0.25]), np.array([1.0, -2.0, 0.5, 3.0])
    scores = power * np.log(truth) - offset + 7
    found = log_unpowered_prediction(scores, np.eye(4), offset, power)
    assert_close(found, np.log(truth), EXACT)


def test_vectors_of_zero_predict_the_noise_at_k_plus_one_times_log_two():
    noise, U = noise_distribution([1, 2, 3, 4], 0.75), np.zeros((4, 2))
    assert_close(log_prediction([1.0, 2.0], U, np.log(noise)), np.log(noise), EXACT)
    assert_close(expected_negative_sampling([1.0, 2.0], 1, U, noise, 7), 8 * log(2), EXACT)


@fixed_models
def test_a_complex_step_through_both_gives_their_gradients(model: RandomModel):
    o, U, noise = model.o, model.U, noise_of(model)
    b, weights = np.log(noise), noise / (1 - noise[o])
    weights[o] = 0

    by_loss = complex_step(lambda v: expected_negative_sampling(v, o, U, noise, 3), model.v_c)
    errors = 3 * weights * sigmoid(U @ model.v_c)
    errors[o] = sigmoid(U[o] @ model.v_c) - 1
    assert_close(by_loss, U.T @ errors, COMPLEX_STEP)

    by_prediction = complex_step(lambda v: log_prediction(v, U, b)[o], model.v_c)
    predicted = np.exp(log_prediction(model.v_c, U, b))
    assert_close(by_prediction, U[o] - U.T @ predicted, COMPLEX_STEP)


def test_noise_on_the_outside_word_alone_is_refused():
    with pytest.raises(SettingsError, match="no word other than the outside word 1"):
        expected_negative_sampling([1.0], 1, [[1.0], [2.0]], [0.0, 1.0], 5)


def test_the_examples_in_the_docstrings_are_what_the_functions_return():
    assert doctest.testmod(held_out, extraglobs={"np": np}).failed == 0
