"""Loss and gradients of all pairs: the sums of the course's own loss, for any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from helpers.comparison import assert_close
from helpers.exact_problems import SAMPLING, parameters_of, problem_of, random_counts
from skipgram.equations import naive_softmax
from skipgram.equations.corpora import corpus_negative_sampling
from skipgram.training.exact.gradients import LOTS, ExactGradients

SUMS = 1e-10
"""Sums of some hundred pairs of float64, relative to the largest entry."""


@pytest.mark.parametrize("most_rows", [1, 3, 512])
def test_the_gradient_is_the_weighted_sum_of_the_naive_softmax_over_all_pairs(most_rows):
    words, dim = 23, 5
    counts, parameters = random_counts(words), parameters_of(words, dim)
    V, U = parameters.center, parameters.outside
    loss, by_V, by_U = 0.0, np.zeros_like(V), np.zeros_like(U)
    for c, o in zip(*np.nonzero(counts), strict=True):
        pair = naive_softmax(V[c], o, U)
        loss += counts[c, o] * pair.loss
        by_V[c] += counts[c, o] * pair.center
        by_U += counts[c, o] * pair.outside
    gradients = ExactGradients(problem_of(counts).objective, most_block_rows=most_rows)
    found = gradients.of(parameters.V, parameters.U, np.arange(words))
    assert_close(found.loss / loss, 1.0, SUMS)
    assert_close(found.center[:, :dim] / np.abs(by_V).max(), by_V / np.abs(by_V).max(), SUMS)
    assert_close(found.outside[:, :dim] / np.abs(by_U).max(), by_U / np.abs(by_U).max(), SUMS)
    assert not found.center[:, dim:].any()


def test_the_gradient_of_expected_negative_sampling_is_that_of_the_equations():
    words = 23
    counts, parameters = random_counts(words), parameters_of(words, 8)
    problem = problem_of(counts, **SAMPLING)
    noise = problem.objective.term / 3
    expected = corpus_negative_sampling(parameters.V, parameters.U, counts, noise, 3)
    found = ExactGradients(problem.objective).of(parameters.V, parameters.U, np.arange(words))
    assert_close(found.loss / expected.loss, 1.0, SUMS)
    for ours, theirs in ((found.center, expected.center), (found.outside, expected.outside)):
        assert_close(ours / np.abs(theirs).max(), theirs / np.abs(theirs).max(), SUMS)


def test_groups_of_center_words_add_up_to_all():
    words = 30
    parameters = parameters_of(words, 4)
    gradients = ExactGradients(problem_of(random_counts(words)).objective)
    V, U = parameters.V, parameters.U
    whole = gradients.of(V, U, np.arange(words))
    loss, outside = whole.loss, whole.outside.copy()
    for group in np.array_split(np.random.default_rng(0).permutation(words), 4):
        part = gradients.of(V, U, group)
        assert_close(part.center, whole.center[group], SUMS)
        loss, outside = loss - part.loss, outside - part.outside
    assert_close(loss, 0.0, SUMS * whole.loss)
    assert_close(outside, np.zeros_like(outside), SUMS * np.abs(whole.outside).max())


def test_the_loss_alone_is_the_loss_beside_the_gradient():
    words = 30
    parameters = parameters_of(words, 4)
    gradients = ExactGradients(problem_of(random_counts(words)).objective)
    centers = np.arange(words)
    assert gradients.loss(parameters.V, parameters.U, centers) == pytest.approx(
        gradients.of(parameters.V, parameters.U, centers).loss, rel=1e-14
    )


@pytest.mark.parametrize("threads", [1, 2, 3, LOTS, LOTS + 1])
def test_any_number_of_threads_gives_the_same_bits(threads):
    words = 300
    problem = problem_of(random_counts(words, 0.1), np.float32)
    parameters = parameters_of(words, 16, dtype=np.float32)
    centers = np.arange(words)
    alone = ExactGradients(problem.objective).of(parameters.V, parameters.U, centers)
    with ThreadPoolExecutor(threads) as pool:
        together = ExactGradients(problem.objective, pool).of(parameters.V, parameters.U, centers)
    assert together.loss == alone.loss
    np.testing.assert_array_equal(together.center, alone.center)
    np.testing.assert_array_equal(together.outside, alone.outside)
