"""The fused passes over rows of scores, against the equations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.exact_problems import parameters_of, problem_of, random_counts
from skipgram.equations import log_softmax
from skipgram.equations.corpora import corpus_negative_sampling, corpus_softmax
from skipgram.training.exact.row_kernels import log_sum_rows, poisson_rows

OBJECTIVES = ("softmax", "expected-negative-sampling")
SIZES = [2, 3, 31, 32, 33, 64, 100, 1100]
"""Below a stride, at it, beyond it, and beyond a stretch of a thousand."""


def tolerance_of(dtype: type) -> float:
    return EXACT if dtype == np.float64 else FLOAT32


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("words", SIZES)
def test_a_pass_leaves_the_residuals_and_the_loss_of_the_equations(words, objective, dtype):
    counts = random_counts(words)
    problem = problem_of(counts, dtype, objective=objective, negatives=3)
    of, centers = problem.objective, np.arange(words)[::-1].copy()
    parameters = parameters_of(words, 3, dtype=dtype)
    V, U = parameters.V, parameters.U
    scores = V[centers] @ U.T
    loss, scale = of.residuals(scores, centers)
    if objective == "softmax":
        expected = corpus_softmax(np.float64(V), np.float64(U), counts)
    else:
        noise = of.term.astype(np.float64) / 3
        expected = corpus_negative_sampling(np.float64(V), np.float64(U), counts, noise, 3)
    assert_close(loss.sum() / expected.loss, 1.0, tolerance_of(dtype))
    gradient = (scores * scale[:, np.newaxis]) @ U
    size = np.abs(expected.center).max()
    assert_close(gradient[::-1] / size, expected.center / size, tolerance_of(dtype))


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32), st.integers(2, 70), st.floats(0.0, 2.0))
def test_the_offset_is_added_to_the_scores_of_the_softmax(seed, words, beta):
    counts = random_counts(words, seed=seed)
    problem = problem_of(counts, unigram_offset=beta)
    parameters = parameters_of(words, 2, seed)
    scores = parameters.V @ parameters.U.T
    loss, _ = problem.objective.residuals(scores, np.arange(words))
    offset = beta * np.log(problem.objective.targets.outside_shares)
    expected = corpus_softmax(parameters.V, parameters.U, counts, offset).loss
    assert_close(loss.sum(), expected, EXACT)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_scores_far_out_give_finite_residuals(objective, dtype):
    words = 40
    problem = problem_of(random_counts(words), dtype, objective=objective, negatives=3)
    scores = np.zeros((2, words), dtype)
    scores[0, ::2], scores[1, 1] = 1e4, -1e4
    loss, scale = problem.objective.residuals(scores, np.array([0, 1]))
    assert np.isfinite(loss).all()
    assert np.isfinite(scores).all()
    assert np.isfinite(scale).all()


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_word_without_a_pair_has_neither_loss_nor_gradient(objective):
    words = 40
    problem = problem_of(random_counts(words), objective=objective, negatives=3)
    scores = np.ones((1, words))
    loss, scale = problem.objective.residuals(scores, np.array([words - 1]))
    assert loss == 0
    assert not (scores * scale[:, np.newaxis]).any()


@pytest.mark.parametrize("words", SIZES)
def test_the_logarithm_of_a_sum_is_that_of_the_softmax(words):
    random = np.random.default_rng(words)
    scores, offset = 30 * random.standard_normal((3, words)), random.standard_normal(words)
    expected = [row[0] + offset[0] - log_softmax(row + offset)[0] for row in scores]
    sums = np.empty(3)
    log_sum_rows()(scores, offset, sums)
    assert_close(sums, np.array(expected), EXACT)


@pytest.mark.parametrize("centers", SIZES)
def test_the_residuals_of_rare_words_are_those_of_poisson_counts(centers):
    random = np.random.default_rng(centers)
    counts = random_counts(centers, seed=centers)
    targets = problem_of(counts).objective.targets
    scores, log_weights = random.standard_normal((2, centers)), random.standard_normal(centers)
    log_weights[0] = -np.inf
    offset = random.standard_normal(centers)
    words = np.array([1, 0])
    expected = np.exp(scores + log_weights + offset[words][:, np.newaxis]) - counts[words]
    before = scores.copy()
    poisson_rows()(
        scores,
        words,
        log_weights,
        offset,
        targets.starts,
        targets.outsides,
        targets.shares,
        targets.center_weights,
        sums := np.empty(2),
        losses := np.empty(2),
    )
    assert_close(losses, sums - (counts[words] * before).sum(axis=1), EXACT)
    assert_close(scores, expected, EXACT)
    assert_close(sums, (expected + counts[words]).sum(axis=1), EXACT)
