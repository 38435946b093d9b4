"""The equations against the complex step, against SciPy, and against the laws they obey."""

import doctest
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
import scipy.special
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from comparison import COMPLEX_STEP, EXACT, assert_close
from skipgram import equations
from skipgram.equations import (
    PairLoss,
    cross_entropy,
    grouped_negative_sampling,
    keep_probability,
    log_sigmoid,
    log_softmax,
    naive_softmax,
    negative_sampling,
    noise_distribution,
    sgd_step,
    sigmoid,
    sigmoid_gradient,
    skip_gram,
    softmax,
    with_negatives,
)
from skipgram.errors import SettingsError

# A deadline would fail on a busy machine, not on a wrong formula.
law = settings(deadline=None, max_examples=50)

moderate = st.floats(-30, 30)
finite = st.floats(-1e300, 1e300)
scores = arrays(np.float64, st.integers(1, 8), elements=moderate)
counts = st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(any)


class World(NamedTuple):
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
def drawn_worlds(draw: st.DrawFn) -> World:
    vocab_size, embedding_dim = draw(st.integers(2, 7)), draw(st.integers(1, 5))
    V, U = np.random.default_rng(draw(st.integers(0, 2**32))).standard_normal(
        (2, vocab_size, embedding_dim)
    )
    words = st.integers(0, vocab_size - 1)
    o = draw(words)
    negatives = draw(st.lists(words.filter(lambda word: word != o), max_size=6))
    return World(V, U, draw(words), o, negatives, draw(st.lists(words, max_size=5)))


def fixed_world(seed: int) -> World:
    """Words 0 and 3 are drawn three times and twice; center 1 occurs three times."""
    V, U = np.random.default_rng(seed).standard_normal((2, 6, 4))
    return World(V, U, c=1, o=2, negatives=[0, 0, 3, 0, 3, 5], centers=[1, 4, 1, 2, 1])


worlds = pytest.mark.parametrize("world", [fixed_world(seed) for seed in range(3)], ids="012")


def complex_step(f: Callable[[np.ndarray], complex], x: np.ndarray) -> np.ndarray:
    """The gradient of f at x."""
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        moved = x.astype(np.complex128)
        moved[index] += 1e-30j
        gradient[index] = f(moved).imag / 1e-30
    return gradient


def assert_gradients_are_the_complex_step(world: World, loss: PairLoss) -> None:
    v_c, o, U = world.v_c, world.o, world.U
    _, center, outside = loss(v_c, o, U)
    assert_close(center, complex_step(lambda v_c: loss(v_c, o, U)[0], v_c), COMPLEX_STEP)
    assert_close(outside, complex_step(lambda U: loss(v_c, o, U)[0], U), COMPLEX_STEP)


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
@given(drawn_worlds())
def test_the_naive_softmax_loss_is_the_cross_entropy_of_its_prediction(world):
    y = np.eye(len(world.U))[world.o]
    expected = cross_entropy(y, softmax(world.U @ world.v_c))
    assert_close(naive_softmax(world.v_c, world.o, world.U).loss, expected, EXACT)


@worlds
def test_the_naive_softmax_gradients_are_the_complex_step(world):
    assert_gradients_are_the_complex_step(world, naive_softmax)


@law
@given(drawn_worlds())
def test_the_rows_of_the_naive_softmax_gradient_sum_to_zero(world):
    sums = naive_softmax(world.v_c, world.o, world.U).outside.sum(axis=0)
    assert_close(sums, np.zeros(len(world.v_c)), EXACT)


@law
@given(drawn_worlds(), st.integers(0, 2**32))
def test_the_naive_softmax_does_not_see_one_vector_added_to_all_outside_vectors(world, seed):
    added = np.random.default_rng(seed).standard_normal(len(world.v_c))
    before = naive_softmax(world.v_c, world.o, world.U)
    after = naive_softmax(world.v_c, world.o, world.U + added)
    assert_close(after.loss, before.loss, EXACT)
    assert_close(after.outside, before.outside, EXACT)


def test_negative_sampling_does_see_one_vector_added_to_all_outside_vectors():
    world = fixed_world(0)
    before = negative_sampling(world.v_c, world.o, world.negatives, world.U)
    after = negative_sampling(world.v_c, world.o, world.negatives, world.U + world.v_c)
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
@given(drawn_worlds())
def test_the_negative_sampling_loss_counts_every_draw(world):
    expected = -log_sigmoid(world.U[world.o] @ world.v_c)
    for k in world.negatives:
        expected = expected - log_sigmoid(-world.U[k] @ world.v_c)
    loss = negative_sampling(world.v_c, world.o, world.negatives, world.U).loss
    assert_close(loss, expected, EXACT)


@worlds
def test_the_negative_sampling_gradients_are_the_complex_step(world):
    assert_gradients_are_the_complex_step(world, with_negatives(world.negatives))


def test_the_order_of_the_negatives_does_not_matter():
    world = fixed_world(0)
    one = negative_sampling(world.v_c, world.o, world.negatives, world.U)
    other = negative_sampling(world.v_c, world.o, world.negatives[::-1], world.U)
    for of_one, of_other in zip(one, other, strict=True):
        assert_close(of_one, of_other, EXACT)


def test_a_negative_drawn_three_times_has_three_times_the_gradient():
    world = fixed_world(0)
    once = negative_sampling(world.v_c, 2, [0], world.U).outside
    thrice = negative_sampling(world.v_c, 2, [0, 0, 0], world.U).outside
    assert_close(thrice[0], 3 * once[0], EXACT)
    assert_close(thrice[2], once[2], EXACT)


@law
@given(drawn_worlds())
def test_negative_sampling_touches_only_the_drawn_rows_and_naive_softmax_touches_all(world):
    sampled = negative_sampling(world.v_c, world.o, world.negatives, world.U).outside
    touched = set(np.flatnonzero(sampled.any(axis=1)))
    assert touched == {world.o, *world.negatives}
    assert naive_softmax(world.v_c, world.o, world.U).outside.any(axis=1).all()


def test_negatives_may_be_none_at_all():
    world = fixed_world(0)
    loss, center, _ = negative_sampling(world.v_c, 2, [], world.U)
    assert_close(loss, -log_sigmoid(world.U[2] @ world.v_c), EXACT)
    assert center.shape == world.v_c.shape


def test_an_outside_word_among_its_negatives_is_refused():
    world = fixed_world(0)
    message = r"the negatives \[0, 3, 2\] hold the outside word 2, at position 2: .* draw another"
    with pytest.raises(SettingsError, match=message):
        negative_sampling(world.v_c, 2, [0, 3, 2], world.U)
    with pytest.raises(ValueError, match=message):
        grouped_negative_sampling([1], 2, [0, 3, 2], world.V, world.U)


# Both losses of a pair

pair_losses = pytest.mark.parametrize(
    "loss_of",
    [
        lambda world: naive_softmax,
        lambda world: with_negatives(world.negatives),
    ],
    ids=["naive softmax", "negative sampling"],
)


@pytest.mark.parametrize("K", [0, 1, 5])
def test_with_all_outside_vectors_zero_the_losses_are_known(K):
    v_c, U = np.array([1.0, -2.0, 3.0]), np.zeros((7, 3))
    assert_close(naive_softmax(v_c, 4, U).loss, np.log(7), EXACT)
    assert_close(negative_sampling(v_c, 4, [1] * K, U).loss, (K + 1) * np.log(2), EXACT)


@pair_losses
@law
@given(world=drawn_worlds(), seed=st.integers(0, 2**32))
def test_rotating_both_matrices_leaves_the_loss_and_turns_the_gradients(loss_of, world, seed):
    embedding_dim = len(world.v_c)
    square = np.random.default_rng(seed).standard_normal((embedding_dim, embedding_dim))
    rotation, _ = np.linalg.qr(square)
    before = loss_of(world)(world.v_c, world.o, world.U)
    after = loss_of(world)(world.v_c @ rotation, world.o, world.U @ rotation)
    assert_close(after.loss, before.loss, EXACT)
    assert_close(after.center, before.center @ rotation, EXACT)
    assert_close(after.outside, before.outside @ rotation, EXACT)


@pair_losses
@law
@given(world=drawn_worlds(), random=st.randoms(use_true_random=False))
def test_renumbering_the_words_renumbers_the_rows(loss_of, world, random):
    number = list(range(len(world.U)))
    random.shuffle(number)
    U = np.empty_like(world.U)
    U[number] = world.U
    renumbered = world._replace(negatives=[number[k] for k in world.negatives])
    before = loss_of(world)(world.v_c, world.o, world.U)
    after = loss_of(renumbered)(world.v_c, number[world.o], U)
    assert_close(after.loss, before.loss, EXACT)
    assert_close(after.center, before.center, EXACT)
    assert_close(after.outside[number], before.outside, EXACT)


@pair_losses
def test_lists_and_single_precision_are_computed_in_double(loss_of):
    world = fixed_world(0)
    v_c, U = world.v_c.astype(np.float32), world.U.astype(np.float32)
    expected = loss_of(world)(v_c.astype(np.float64), world.o, U.astype(np.float64))
    for given_v_c, given_U in [(v_c, U), (v_c.tolist(), U.tolist())]:
        for actual, wanted in zip(
            loss_of(world)(given_v_c, world.o, given_U), expected, strict=True
        ):
            assert np.asarray(actual).dtype == np.float64
            assert_close(actual, wanted, EXACT)


@pair_losses
@pytest.mark.parametrize("scale", [1e300, -1e300])
def test_scores_at_the_end_of_float64_give_no_nan_and_no_warning(loss_of, scale):
    world = fixed_world(0)
    U = np.zeros((6, 2))
    U[world.o, 0], U[0, 0], U[3] = scale, -scale, 1.0
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        loss, center, outside = loss_of(world)([1.0, 0.0], world.o, U)
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


# Which words are drawn, and which are kept


@law
@given(counts, st.floats(-2, 2))
def test_the_noise_is_a_distribution_over_the_words_that_occur(counts, exponent):
    noise = noise_distribution(counts, exponent)
    assert_close(noise.sum(), 1.0, EXACT)
    assert ((noise > 0) == (np.array(counts) > 0)).all()


@law
@given(counts)
def test_the_noise_exponent_runs_from_uniform_to_the_words_own_frequencies(counts):
    counts = np.array(counts)
    occurs = counts > 0
    assert_close(noise_distribution(counts, 0), occurs / occurs.sum(), EXACT)
    assert_close(noise_distribution(counts, 1), counts / counts.sum(), EXACT)
    powers = counts**0.75
    assert_close(noise_distribution(counts, 0.75), powers / powers.sum(), EXACT)


@law
@given(counts, st.floats(-2, 2), st.integers(1, 1000))
def test_the_noise_of_a_longer_text_with_the_same_shares_is_the_same(counts, exponent, times):
    longer = noise_distribution(np.array(counts) * times, exponent)
    assert_close(longer, noise_distribution(counts, exponent), EXACT)


def test_counts_beyond_what_a_power_can_hold_still_make_a_noise():
    assert_close(noise_distribution([1e200, 1e200, 1.0], 5), np.array([0.5, 0.5, 0.0]), EXACT)


@law
@given(counts, st.floats(1e-8, 1))
def test_the_keep_probability_is_the_formula_of_word2vec(counts, threshold):
    occurring = np.array([count for count in counts if count])
    f = occurring / occurring.sum()
    expected = np.minimum(1, (np.sqrt(f / threshold) + 1) * threshold / f)
    assert_close(keep_probability(occurring, threshold), expected, EXACT)


@law
@given(counts, st.floats(1e-300, 1))
def test_the_more_frequent_word_is_kept_the_less(counts, threshold):
    keep = keep_probability(counts, threshold)
    assert ((keep > 0) & (keep <= 1)).all()
    assert (np.diff(keep[np.argsort(counts)]) <= 0).all()


@law
@given(counts)
def test_threshold_zero_keeps_everything(counts):
    assert (keep_probability(counts, 0) == 1).all()


def test_words_are_always_kept_up_to_the_golden_ratio_squared():
    golden = ((1 + np.sqrt(5)) / 2) ** 2
    share = 0.2
    keep = keep_probability([share, 1 - share], share / golden)
    assert_close(keep[0], 1.0, EXACT)
    assert keep_probability([share, 1 - share], 0.999 * share / golden)[0] < 1
    assert keep_probability([share, 1 - share], 1.001 * share / golden)[0] == 1


@pytest.mark.parametrize("function", [noise_distribution, keep_probability])
@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([3, 1, -2], "word 2 has the count -2.0: give 0 or more"),
        ([3, np.nan], "word 1 has the count nan: give 0 or more"),
        ([0, 0, 0], "none of the 3 counts is above 0: no word ever occurs"),
        ([], "none of the 0 counts is above 0: no word ever occurs"),
    ],
)
def test_counts_that_are_no_counts_are_refused(function, counts, message):
    with pytest.raises(SettingsError, match=message):
        function(counts, 0.5)


@pytest.mark.parametrize("threshold", [-0.1, np.nan, np.inf])
def test_a_threshold_that_is_no_share_is_refused(threshold):
    with pytest.raises(SettingsError, match=f"subsample threshold is {threshold}: give a number"):
        keep_probability([1, 2], threshold)


@pytest.mark.parametrize("exponent", [np.nan, np.inf])
def test_a_noise_exponent_that_is_no_number_is_refused(exponent):
    with pytest.raises(SettingsError, match=f"the noise exponent is {exponent}: give a finite"):
        noise_distribution([1, 2], exponent)


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
    world = fixed_world(0)
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_gradients_are_the_complex_step(
            world, lambda v_c, o, U: mutant(v_c, o, world.negatives, U)
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
    results = doctest.testmod(equations)
    assert results.attempted > 10
    assert results.failed == 0
