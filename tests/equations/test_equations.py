"""The equations of a pair against the complex step, against SciPy, and against their laws."""

import doctest

import numpy as np
import pytest
import scipy.special
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.comparison import COMPLEX_STEP, EXACT, assert_close
from helpers.random_models import (
    assert_gradients_are_the_complex_step,
    complex_step,
    drawn_models,
    finite,
    fixed_model,
    fixed_models,
    law,
    moderate,
    pair_losses,
    scores,
)
from skipgram import equations
from skipgram.equations import (
    cross_entropy,
    grouped_negative_sampling,
    log_sigmoid,
    log_softmax,
    naive_softmax,
    negative_sampling,
    sigmoid,
    sigmoid_gradient,
    softmax,
    with_negatives,
)
from skipgram.errors import SettingsError

# (a) Softmax and cross-entropy


@law
@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 6)), elements=finite))
def test_the_softmax_of_any_finite_scores_is_a_distribution(x):
    probabilities = softmax(x)
    assert (probabilities >= 0).all()
    assert_close(probabilities.sum(axis=-1), np.ones(len(x)), EXACT)


@law
@given(scores, st.floats(-1000, 1000))
def test_the_softmax_does_not_see_a_shift_of_all_scores(x, shift):
    assert_close(softmax(x + shift), softmax(x), EXACT)
    assert_close(log_softmax(x + shift), log_softmax(x), EXACT)


@law
@given(scores)
def test_the_softmax_and_its_logarithm_are_those_of_scipy(x):
    assert_close(softmax(x), scipy.special.softmax(x), EXACT)
    assert_close(log_softmax(x), scipy.special.log_softmax(x), EXACT)


def test_the_log_softmax_outlives_the_probability():
    assert softmax([0.0, -800.0])[1] == 0
    assert log_softmax([0.0, -800.0])[1] == -800


def test_the_cross_entropy_of_a_one_hot_truth_is_minus_one_logarithm():
    assert_close(cross_entropy([0, 1, 0], [0.2, 0.3, 0.5]), -np.log(0.3), EXACT)


@law
@given(scores, st.data())
def test_no_prediction_has_less_cross_entropy_than_the_truth_itself(x, data):
    other = data.draw(arrays(np.float64, x.shape, elements=moderate))
    y = softmax(x)
    assert cross_entropy(y, softmax(other)) >= cross_entropy(y, y) - EXACT


def test_the_cross_entropy_is_taken_along_the_last_axis():
    y = np.array([[1.0, 0.0], [0.5, 0.5]])
    assert_close(cross_entropy(y, np.full((2, 2), 0.5)), np.log([2.0, 2.0]), EXACT)


def test_a_word_that_cannot_be_true_adds_nothing_to_the_cross_entropy():
    assert cross_entropy([1, 0], [1.0, 0.0]) == 0


def test_a_truth_that_was_ruled_out_has_infinite_cross_entropy():
    assert cross_entropy([0, 1], [1.0, 0.0]) == np.inf


def test_a_column_beside_a_flat_vector_is_refused():
    message = r"y has the shape \(3, 1\) and y_hat \(3,\): make them equal"
    with pytest.raises(SettingsError, match=message):
        cross_entropy([[0], [1], [0]], [0.2, 0.3, 0.5])


# (b), (c) The naive softmax loss


@law
@given(drawn_models())
def test_the_naive_softmax_loss_is_the_cross_entropy_of_its_prediction(model):
    y = np.eye(len(model.U))[model.o]
    expected = cross_entropy(y, softmax(model.U @ model.v_c))
    assert_close(naive_softmax(model.v_c, model.o, model.U).loss, expected, EXACT)


@fixed_models
def test_the_naive_softmax_gradients_are_the_complex_step(model):
    assert_gradients_are_the_complex_step(model, naive_softmax)


@law
@given(drawn_models())
def test_the_rows_of_the_naive_softmax_gradient_sum_to_zero(model):
    sums = naive_softmax(model.v_c, model.o, model.U).outside.sum(axis=0)
    assert_close(sums, np.zeros(len(model.v_c)), EXACT)


@law
@given(drawn_models(), st.integers(0, 2**32))
def test_the_naive_softmax_does_not_see_one_vector_added_to_all_outside_vectors(model, seed):
    added = np.random.default_rng(seed).standard_normal(len(model.v_c))
    before = naive_softmax(model.v_c, model.o, model.U)
    after = naive_softmax(model.v_c, model.o, model.U + added)
    assert_close(after.loss, before.loss, EXACT)
    assert_close(after.outside, before.outside, EXACT)


def test_negative_sampling_does_see_one_vector_added_to_all_outside_vectors():
    model = fixed_model(0)
    before = negative_sampling(model.v_c, model.o, model.negatives, model.U)
    after = negative_sampling(model.v_c, model.o, model.negatives, model.U + model.v_c)
    assert abs(after.loss - before.loss) > 0.1


# (d) The logistic function


@law
@given(arrays(np.float64, 5, elements=st.floats(-700, 700)))
def test_the_logistic_function_and_its_logarithm_are_those_of_scipy(x):
    assert_close(sigmoid(x), scipy.special.expit(x), EXACT)
    assert_close(log_sigmoid(x), scipy.special.log_expit(x), EXACT)


@law
@given(finite)
def test_the_logistic_functions_of_x_and_minus_x_sum_to_one(x):
    assert_close(sigmoid(x) + sigmoid(-x), 1.0, EXACT)


@law
@given(st.floats(-700, 0))
def test_a_small_probability_keeps_all_its_digits(x):
    assert_close(sigmoid(x) / np.exp(x) * (1 + np.exp(x)), 1.0, EXACT)
    assert_close(log_sigmoid(-x) / np.log1p(np.exp(x)), -1.0, EXACT)


@law
@given(arrays(np.float64, 4, elements=moderate))
def test_the_derivative_is_the_diagonal_of_the_complex_step_jacobian(x):
    rows = [complex_step(lambda moved, i=i: sigmoid(moved)[i], x) for i in range(len(x))]
    assert_close(np.diag(sigmoid_gradient(x)), np.array(rows), COMPLEX_STEP)


@law
@given(st.floats(-700, 700))
def test_the_derivative_is_that_of_the_logarithm_times_the_function(x):
    by_x = complex_step(lambda moved: log_sigmoid(moved)[0], np.array([x]))[0]
    assert_close(sigmoid(x) * by_x, sigmoid_gradient(x), COMPLEX_STEP)


# (e) The negative sampling loss


@law
@given(drawn_models())
def test_the_negative_sampling_loss_counts_every_draw(model):
    expected = -log_sigmoid(model.U[model.o] @ model.v_c)
    for k in model.negatives:
        expected = expected - log_sigmoid(-model.U[k] @ model.v_c)
    loss = negative_sampling(model.v_c, model.o, model.negatives, model.U).loss
    assert_close(loss, expected, EXACT)


@fixed_models
def test_the_negative_sampling_gradients_are_the_complex_step(model):
    assert_gradients_are_the_complex_step(model, with_negatives(model.negatives))


def test_the_order_of_the_negatives_does_not_matter():
    model = fixed_model(0)
    one = negative_sampling(model.v_c, model.o, model.negatives, model.U)
    other = negative_sampling(model.v_c, model.o, model.negatives[::-1], model.U)
    for of_one, of_other in zip(one, other, strict=True):
        assert_close(of_one, of_other, EXACT)


def test_a_negative_drawn_three_times_has_three_times_the_gradient():
    model = fixed_model(0)
    once = negative_sampling(model.v_c, 2, [0], model.U).outside
    thrice = negative_sampling(model.v_c, 2, [0, 0, 0], model.U).outside
    assert_close(thrice[0], 3 * once[0], EXACT)
    assert_close(thrice[2], once[2], EXACT)


@law
@given(drawn_models())
def test_negative_sampling_touches_only_the_drawn_rows_and_naive_softmax_touches_all(model):
    sampled = negative_sampling(model.v_c, model.o, model.negatives, model.U).outside
    touched = set(np.flatnonzero(sampled.any(axis=1)))
    assert touched == {model.o, *model.negatives}
    assert naive_softmax(model.v_c, model.o, model.U).outside.any(axis=1).all()


def test_negatives_may_be_none_at_all():
    model = fixed_model(0)
    loss, center, _ = negative_sampling(model.v_c, 2, [], model.U)
    assert_close(loss, -log_sigmoid(model.U[2] @ model.v_c), EXACT)
    assert center.shape == model.v_c.shape


def test_an_outside_word_among_its_negatives_is_refused():
    model = fixed_model(0)
    message = r"the negatives \[0, 3, 2\] contain the outside word 2, at position 2: .* another"
    with pytest.raises(SettingsError, match=message):
        negative_sampling(model.v_c, 2, [0, 3, 2], model.U)
    with pytest.raises(ValueError, match=message):
        grouped_negative_sampling([1], 2, [0, 3, 2], model.V, model.U)


# Both losses of a pair


@pytest.mark.parametrize("K", [0, 1, 5])
def test_with_all_outside_vectors_zero_the_losses_are_known(K):
    v_c, U = np.array([1.0, -2.0, 3.0]), np.zeros((7, 3))
    assert_close(naive_softmax(v_c, 4, U).loss, np.log(7), EXACT)
    assert_close(negative_sampling(v_c, 4, [1] * K, U).loss, (K + 1) * np.log(2), EXACT)


@pair_losses
@law
@given(model=drawn_models(), seed=st.integers(0, 2**32))
def test_rotating_both_matrices_leaves_the_loss_and_turns_the_gradients(loss_of, model, seed):
    embedding_dim = len(model.v_c)
    square = np.random.default_rng(seed).standard_normal((embedding_dim, embedding_dim))
    rotation, _ = np.linalg.qr(square)
    before = loss_of(model)(model.v_c, model.o, model.U)
    after = loss_of(model)(model.v_c @ rotation, model.o, model.U @ rotation)
    assert_close(after.loss, before.loss, EXACT)
    assert_close(after.center, before.center @ rotation, EXACT)
    assert_close(after.outside, before.outside @ rotation, EXACT)


@pair_losses
@law
@given(model=drawn_models(), random=st.randoms(use_true_random=False))
def test_renumbering_the_words_renumbers_the_rows(loss_of, model, random):
    number = list(range(len(model.U)))
    random.shuffle(number)
    U = np.empty_like(model.U)
    U[number] = model.U
    renumbered = model._replace(negatives=[number[k] for k in model.negatives])
    before = loss_of(model)(model.v_c, model.o, model.U)
    after = loss_of(renumbered)(model.v_c, number[model.o], U)
    assert_close(after.loss, before.loss, EXACT)
    assert_close(after.center, before.center, EXACT)
    assert_close(after.outside[number], before.outside, EXACT)


@pair_losses
def test_lists_and_single_precision_are_computed_in_double(loss_of):
    model = fixed_model(0)
    v_c, U = model.v_c.astype(np.float32), model.U.astype(np.float32)
    expected = loss_of(model)(v_c.astype(np.float64), model.o, U.astype(np.float64))
    for given_v_c, given_U in [(v_c, U), (v_c.tolist(), U.tolist())]:
        for actual, wanted in zip(
            loss_of(model)(given_v_c, model.o, given_U), expected, strict=True
        ):
            assert np.asarray(actual).dtype == np.float64
            assert_close(actual, wanted, EXACT)


@pair_losses
@pytest.mark.parametrize("scale", [1e300, -1e300])
def test_scores_at_the_end_of_float64_give_no_nan_and_no_warning(loss_of, scale):
    model = fixed_model(0)
    U = np.zeros((6, 2))
    U[model.o, 0], U[0, 0], U[3] = scale, -scale, 1.0
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, center, outside = loss_of(model)([1.0, 0.0], model.o, U)
    assert np.isfinite(loss)
    assert np.isfinite(center).all()
    assert np.isfinite(outside).all()


@pytest.mark.parametrize("x", [1e300, -1e300, 1.7e308, -1.7e308, 800.0, -800.0, 5e-324, -0.0])
def test_the_logistic_function_of_any_finite_number_is_a_number(x):
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        for number in (x, np.complex128(x)):
            assert np.isfinite(sigmoid(number))
            assert np.isfinite(log_sigmoid(number))
            assert np.isfinite(sigmoid_gradient(number))
    assert log_sigmoid(-abs(x)) <= -abs(x)


def test_the_softmax_spans_both_ends_of_float64_without_a_warning():
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert softmax([1.7e308, -1.7e308]).tolist() == [1, 0]
        assert log_softmax([1e300, -1e300, 0]).tolist() == [0, -2e300, -1e300]


# The tests themselves


def wrong_sign(v_c, o, negatives, U):
    pair = negative_sampling(v_c, o, negatives, U)
    return pair._replace(center=-pair.center)


def last_negative_dropped(v_c, o, negatives, U):
    loss = negative_sampling(v_c, o, negatives, U).loss
    return negative_sampling(v_c, o, negatives[:-1], U)._replace(loss=loss)


def repeats_counted_once(v_c, o, negatives, U):
    pair = negative_sampling(v_c, o, negatives, U)
    return pair._replace(outside=negative_sampling(v_c, o, list(set(negatives)), U).outside)


def outside_word_forgotten(v_c, o, negatives, U):
    pair = negative_sampling(v_c, o, negatives, U)
    others = (np.arange(len(U)) != o)[:, np.newaxis]
    return pair._replace(outside=pair.outside * others)


@pytest.mark.parametrize(
    "mutant", [wrong_sign, last_negative_dropped, repeats_counted_once, outside_word_forgotten]
)
def test_the_complex_step_rejects_a_wrong_gradient(mutant):
    model = fixed_model(0)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_gradients_are_the_complex_step(
            model, lambda v_c, o, U: mutant(v_c, o, model.negatives, U)
        )


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1.0 + 3e-12, 1.0),
        ([1.0, 1.0], 1.0),
        ([[1.0, 1.0]], [1.0, 1.0]),
        (np.nan, np.nan),
        (1e6 * (1 + 2e-12), 1e6),
    ],
    ids=["too far", "a scalar for a row", "a table for a row", "nan", "too far for its size"],
)
def test_the_comparison_rejects_what_is_not_equal(actual, expected):
    with pytest.raises(AssertionError):
        assert_close(actual, expected, EXACT)


def test_the_examples_in_the_docstrings_run():
    results = doctest.testmod(equations.pairs)
    assert results.attempted > 10
    assert results.failed == 0
