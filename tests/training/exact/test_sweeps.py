"""Sweeps: where they end on small problems is known, and the objective falls on the way."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from helpers.exact_problems import SAMPLING, fitted, parameters_of, problem_of, random_counts
from skipgram.equations.corpora import corpus_softmax, softmax_floor, with_prior
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.steps import Axes, curvature, step
from skipgram.training.exact.sweeps import Steps, Sweeps
from skipgram.training.parameters import Parameters

NINE_DECIMALS = 1e-9
AT_AN_OPTIMUM = 1e-6
"""Of a gradient, relative to the counts that it is a sum over."""


def full_counts(words: int, seed: int = 1) -> np.ndarray:
    """Every pair occurs: the optimum is finite."""
    return np.random.default_rng(seed).uniform(0.5, 3.0, (words, words))


@pytest.mark.parametrize("words", [2, 4, 6])
def test_the_optimum_of_the_softmax_is_the_conditional_entropy_to_nine_decimals(words):
    counts = full_counts(words)
    problem = problem_of(counts)
    _, objective = fitted(problem, words - 1, sweeps=600, prior=EXACT)
    pairs = counts.sum()
    assert_close(objective / pairs, softmax_floor(counts) / pairs, NINE_DECIMALS, relative=False)
    assert_close(problem.floor, softmax_floor(counts) / pairs, NINE_DECIMALS, relative=False)


def test_with_too_few_dimensions_the_optimum_stays_above_the_conditional_entropy():
    counts = full_counts(6)
    _, objective = fitted(problem_of(counts), 2, sweeps=200, prior=EXACT)
    assert objective > softmax_floor(counts) * (1 + 1e-4)


def test_the_optimum_of_expected_negative_sampling_is_the_shifted_mutual_information():
    counts, words = full_counts(4), 4
    problem = problem_of(counts, **SAMPLING)
    parameters, _ = fitted(problem, words, sweeps=500, prior=1e-10)
    noise = problem.objective.term / 3
    expected = np.log(counts / (3 * counts.sum(axis=1, keepdims=True) * noise))
    assert_close(parameters.center @ parameters.outside.T, expected, 1e-4)


def test_at_the_end_the_gradient_is_zero():
    counts, prior = full_counts(6), 0.5
    # With more groups each would pull a little to its own optimum.
    parameters, objective = fitted(problem_of(counts), 3, sweeps=600, prior=prior, most_groups=1)
    V, U = parameters.center, parameters.outside
    expected = with_prior(corpus_softmax(V, U, counts), V, U, prior)
    assert_close(objective / expected.loss, 1.0, EXACT)
    for gradient in (expected.center, expected.outside):
        assert_close(gradient / counts.sum(), np.zeros_like(gradient), AT_AN_OPTIMUM)


@pytest.mark.parametrize("values", [{}, {"unigram_offset": 1.0, "count_power": 0.75}, SAMPLING])
def test_the_objective_falls_at_every_sweep(values):
    problem = problem_of(random_counts(60, 0.2), np.float32, **values)
    parameters = Parameters.normal(60, 8, 1)
    run = Sweeps(ExactGradients(problem.objective), parameters, 1.0, 12, 1)
    before = run.begin()
    for _ in range(12):
        for _ in range(run.groups):
            run.next_group()
        outcome = run.end_sweep()
        assert outcome.objective <= before
        before = outcome.objective


def test_a_sweep_that_raises_the_objective_is_undone_and_the_steps_are_halved():
    problem = problem_of(random_counts(30))
    parameters = parameters_of(30, 4)
    gradients = ExactGradients(problem.objective)
    run = Sweeps(gradients, parameters, 0.5, 20, 1, steps=Steps(longest=60.0, warm_up_sweeps=3))
    before, V, U = run.begin(), parameters.V.copy(), parameters.U.copy()
    for _ in range(run.groups):
        run.next_group()
    outcome = run.end_sweep()
    assert outcome.raised_to is not None
    assert outcome.raised_to > before
    assert outcome.objective == before
    np.testing.assert_array_equal(parameters.V, V)
    np.testing.assert_array_equal(parameters.U, U)
    assert run.position.shortening == 0.5
    for _ in range(19):
        for _ in range(run.groups):
            run.next_group()
        outcome = run.end_sweep()
    assert outcome.objective < before


def test_an_objective_that_is_not_finite_is_undone(monkeypatch):
    problem = problem_of(random_counts(10))
    parameters = parameters_of(10, 4)
    run = Sweeps(ExactGradients(problem.objective), parameters, 0.5, 3, 1)
    before = run.begin()
    parameters.V[3, 0] = np.nan
    outcome = run.end_sweep()
    assert outcome.objective == before
    assert parameters.is_finite()


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_any_number_of_threads_comes_to_the_same_bits(threads):
    problem = problem_of(random_counts(200, 0.1), np.float32)

    def run(pool):
        parameters = Parameters.normal(200, 12, 1)
        sweeps = Sweeps(ExactGradients(problem.objective, pool), parameters, 2.0, 2, 1)
        sweeps.begin()
        for _ in range(2):
            for _ in range(sweeps.groups):
                sweeps.next_group()
            sweeps.end_sweep()
        return parameters, sweeps.position.objective

    alone, objective = run(None)
    with ThreadPoolExecutor(threads) as pool:
        together, same = run(pool)
    assert same == objective
    np.testing.assert_array_equal(together.V, alone.V)
    np.testing.assert_array_equal(together.U, alone.U)


def test_a_word_without_a_pair_does_not_move():
    counts = random_counts(12)
    problem = problem_of(counts)
    parameters = parameters_of(12, 3)
    before = parameters.V[-1].copy()
    run = Sweeps(ExactGradients(problem.objective), parameters, 1.0, 1, 1)
    for _ in range(run.groups):
        run.next_group()
    np.testing.assert_array_equal(parameters.V[-1], before)


# The step


def test_a_step_is_that_of_newton_with_the_shared_curvature():
    random = np.random.default_rng(1)
    rows, gradients = random.standard_normal((2, 50, 4))
    shares, weights = random.dirichlet(np.ones(50)), random.uniform(1, 9, 50)
    S = curvature(rows, shares, is_centered=True)
    mean = shares @ rows
    spread = [p * np.outer(u - mean, u - mean) for p, u in zip(shares, rows, strict=True)]
    assert_close(S, np.sum(spread, axis=0), EXACT)
    expected = rows.copy()
    for row, gradient, weight in zip(expected, gradients, weights, strict=True):
        move = np.linalg.solve(weight * S + 2.0 * np.eye(4), 1.5 * gradient + 2.0 * row)
        row -= 0.3 * move * min(1.0, 1.0 / np.linalg.norm(move))
    step(rows, gradients, weights, Axes.of(S), 2.0, 0.3, factor=1.5)
    assert_close(rows, expected, EXACT)


def test_no_row_moves_farther_than_the_trust_region():
    rows, gradients = np.zeros((3, 2)), np.full((3, 2), 1e9)
    step(rows, gradients, np.ones(3), Axes.of(np.eye(2)), 0.0, 0.5)
    assert_close(np.linalg.norm(rows, axis=1), np.full(3, 0.5), EXACT)
