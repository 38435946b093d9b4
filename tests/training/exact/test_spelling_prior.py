"""Spelling as the prior's mean: the objective is the equation's, falls, and ends at its optimum."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from helpers.exact_problems import (
    SAMPLING,
    SOFTMAX,
    parameters_of,
    problem_of,
    random_counts,
    some_corpus,
    sweep_trainer,
)
from skipgram.equations.corpora import corpus_negative_sampling, corpus_softmax
from skipgram.equations.spelling import spelling_matrix, with_spelling_prior
from skipgram.errors import SettingsError
from skipgram.settings import Settings
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.incidence import Incidence
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import LevelStarted, Paused, SweepEnd, SweepProgress
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.rare_words import rare_vectors
from skipgram.training.exact.spelling_prior import SpellingPrior, VocabularySpelling
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.steps import Axes, pulls_of, step
from skipgram.training.exact.sweeps import Steps, Sweeps
from skipgram.training.exact.trainer import SweepTrainer

WORDS, DIM, PRIOR, PENALTY = 24, 4, 0.5, 0.8
LENGTHS = NgramRange(2, 4)
NAMES = [f"w{number}" for number in range(WORDS)]
AT_AN_OPTIMUM = 1e-6


def a_prior(dtype: type[np.floating] = np.float64, padded: int = 8) -> SpellingPrior:
    """Of all words; the last one has no pair."""
    ngrams, A = Incidence.of(NAMES, LENGTHS)
    spelling = VocabularySpelling(ngrams, A, PENALTY)
    table = np.zeros((len(ngrams), padded), dtype)
    table[:, :DIM] = np.random.default_rng(5).standard_normal((len(ngrams), DIM))
    return spelling.prior(np.arange(WORDS), np.arange(WORDS) < WORDS - 1, table)


def sweeps_of(values: dict[str, Any], counts: np.ndarray | None = None, **options: Any) -> Sweeps:
    problem = problem_of(random_counts(WORDS) if counts is None else counts, **values)
    gradients = ExactGradients(problem.objective)
    parameters = parameters_of(WORDS, DIM)
    return Sweeps(gradients, parameters, PRIOR, 20, 1, spelling=a_prior(), **options)


def sweep(run: Sweeps):
    for _ in range(run.groups):
        run.next_group()
    return run.end_sweep()


def by_the_equation(run: Sweeps, counts: np.ndarray, *, is_softmax: bool):
    V, U = run.parameters.center, run.parameters.outside
    term = run.gradients.objective.term
    of_pairs = (
        corpus_softmax(V, U, counts, term)
        if is_softmax
        else corpus_negative_sampling(V, U, counts, term / 3, 3)
    )
    assert run.spelling is not None
    A = run.spelling.A.B.toarray() * run.spelling.A.scales[:, np.newaxis]
    G = run.spelling.table[:, :DIM]
    return with_spelling_prior(of_pairs, V, U, G, A, PRIOR, PENALTY)


@pytest.mark.parametrize("values", [SOFTMAX, SAMPLING])
def test_the_objective_is_that_of_the_equation(values):
    run, counts = sweeps_of(values), random_counts(WORDS)
    for _ in range(2):
        found = run.objective()
        expected = by_the_equation(run, counts, is_softmax=values is SOFTMAX)
        assert_close(found / expected.loss, 1.0, EXACT)
        sweep(run)


def test_a_step_goes_towards_the_means():
    random = np.random.default_rng(1)
    rows, gradients, means = random.standard_normal((3, 9, DIM))
    expected = rows.copy()
    S = np.eye(DIM)
    for row, gradient, mean in zip(expected, gradients, means, strict=True):
        move = (2.0 * gradient + 0.5 * (row - mean)) / 3.5
        row -= 0.3 * move * min(1.0, 1.0 / np.linalg.norm(move))
    step(rows, gradients, np.full(9, 3.0), Axes.of(S), 0.5, 0.3, factor=2.0, means=means)
    assert_close(rows, expected, EXACT)


@pytest.mark.parametrize(
    "values", [SOFTMAX, {"unigram_offset": 1.0, "count_power": 0.75}, SAMPLING]
)
def test_the_objective_falls_at_every_sweep(values):
    run = sweeps_of(values)
    before = run.begin()
    for _ in range(12):
        outcome = sweep(run)
        assert outcome.objective < before
        assert run.objective() == outcome.objective
        before = outcome.objective


def test_at_the_end_every_gradient_is_zero():
    counts = np.random.default_rng(1).uniform(0.5, 3.0, (WORDS, WORDS))
    counts[-1] = 0
    run = sweeps_of(SOFTMAX, counts, most_groups=1)
    run.sweeps = 1500
    run.begin()
    for _ in range(1500):
        sweep(run)
    found = by_the_equation(run, counts, is_softmax=True)
    for gradient in (found.center, found.outside, found.table):
        assert_close(gradient / counts.sum(), np.zeros_like(gradient), AT_AN_OPTIMUM)


def test_a_sweep_that_raises_the_objective_is_undone_and_the_table_with_it():
    run = sweeps_of(SOFTMAX, steps=Steps(longest=60.0, warm_up_sweeps=1))
    before = run.begin()
    assert run.spelling is not None
    kept = run.parameters.V.copy(), run.parameters.U.copy(), run.spelling.table.copy()
    means = run.spelling.means.copy()
    outcome = sweep(run)
    assert outcome.raised_to is not None
    assert outcome.objective == before == run.objective()
    found = run.parameters.V, run.parameters.U, run.spelling.table
    for one, other in zip(found, kept, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(run.spelling.means, means)


def test_a_word_without_a_pair_is_left_with_its_spelling():
    run = sweeps_of(SOFTMAX)
    run.begin()
    assert run.spelling is not None
    for _ in range(3):
        np.testing.assert_array_equal(run.parameters.V[-1], run.spelling.means[-1])
        assert run.spelling.means[-1].any()
        sweep(run)


def test_words_without_a_pair_do_not_weigh_on_the_table():
    with_them, without = a_prior(), a_prior()
    V = np.zeros((WORDS, 8))
    V[:, :DIM] = np.random.default_rng(1).standard_normal((WORDS, DIM))
    other = V.copy()
    other[-1, :DIM] = 1e6
    with_them.refit(V, 200)
    without.refit(other, 200)
    np.testing.assert_array_equal(with_them.table, without.table)


def test_words_of_earlier_vectors_keep_them_where_they_have_no_pair():
    ngrams, A = Incidence.of(NAMES, LENGTHS)
    spelling = VocabularySpelling(ngrams, A, PENALTY, settled=WORDS)
    no_pairs = np.zeros(WORDS, bool)
    prior = spelling.prior(np.arange(WORDS), no_pairs, np.zeros((len(ngrams), 8)))
    V = np.random.default_rng(1).standard_normal((WORDS, 8))
    kept = V.copy()
    prior.refit(V, 5)
    np.testing.assert_array_equal(V, kept)
    assert prior.means.any()


def test_a_rare_word_is_the_optimum_about_its_mean():
    frequent_words = 14
    problem = problem_of(random_counts(WORDS), softmax_vocabulary=frequent_words)
    frequent = parameters_of(frequent_words, DIM)
    means = np.zeros((WORDS - frequent_words, 8))
    means[:, :DIM] = np.random.default_rng(3).standard_normal((len(means), DIM))
    V, _ = rare_vectors(problem, frequent, PRIOR, passes=300, means=means)
    counts = random_counts(WORDS)[frequent_words:, :frequent_words]
    offset = problem.objective.term
    of_pairs = corpus_softmax(V[:, :DIM], frequent.outside, counts, offset).center
    gradient = of_pairs + PRIOR * (V - means)[:, :DIM]
    assert_close(gradient, np.zeros_like(gradient), 2e-6)
    np.testing.assert_array_equal(V[-1], means[-1])  # without a pair


def test_the_pull_of_the_prior_is_what_a_quadratic_loss_says():
    """With n_c S for its Hessian, argmin ½(v − d)ᵀ n_c S (v − d) + (λ/2)‖v − m‖², less the pull."""
    random = np.random.default_rng(1)
    data, means = random.standard_normal((2, 6, DIM))
    half = random.standard_normal((DIM, DIM))
    S, weights = half @ half.T, random.uniform(0.1, 9, 6)
    hessians = weights[:, None, None] * S
    about_zero = hessians + PRIOR * np.eye(DIM)
    pulled = np.einsum("cij,cj->ci", hessians, data)
    fitted = np.linalg.solve(about_zero, (pulled + PRIOR * means)[..., None])[..., 0]
    expected = np.linalg.solve(about_zero, pulled[..., None])[..., 0]
    assert_close(fitted - pulls_of(means, weights, Axes.of(S), PRIOR), expected, EXACT)


# A whole training

SPELLED: dict[str, Any] = {"ngrams": "2-4", "levels": 2, "sweeps": 8}


@pytest.mark.parametrize("objective", ["softmax", "expected-negative-sampling"])
def test_the_objective_of_each_level_falls_with_spelling(objective):
    trainer = sweep_trainer(objective=objective, **SPELLED)
    objectives: dict[int, list[float]] = {1: [], 2: []}
    for event in trainer:
        if isinstance(event, LevelStarted | SweepEnd):
            objectives[event.level].append(event.objective)
    assert all((np.diff(of) < 0).all() for of in objectives.values())
    assert trainer.spelling is not None
    assert trainer.table.shape == (len(trainer.spelling.ngrams), 8)


def test_the_words_of_the_next_level_start_from_what_the_level_below_says_of_their_spelling():
    trainer = sweep_trainer(some_corpus(words=40), **SPELLED, prior=1e7)
    for event in trainer:
        if isinstance(event, LevelStarted) and event.level == 2:
            V, spelling = trainer.parameters.V, trainer.spelling
            assert spelling is not None
            new = trainer.corpus.vocabulary.by_count[10:]
            means = spelling.A.of_words(new)
            said = means[0].times(trainer._table[means[1]])
            # So strong a prior lets none of them go elsewhere.
            assert_close(V[new], said, 1e-3)


@pytest.mark.parametrize(
    "more",
    [{}, {"softmax_vocabulary": 25}, {"holdout": 0.2, "patience": 1, "sweeps": 80, "prior": 0.01}],
)
def test_the_table_of_all_words_is_fitted_at_last(more):
    trainer = sweep_trainer(**{**SPELLED, **more})
    list(trainer)
    spelling, V = trainer.spelling, trainer.all_parameters.V
    assert spelling is not None
    _, A = spelling_matrix(list(trainer.corpus.vocabulary), 2, 4)
    B = spelling.A.B.toarray() * spelling.A.scales[:, np.newaxis]
    assert sorted(np.count_nonzero(A, axis=0)) == sorted(np.count_nonzero(B, axis=0))
    has_pair = np.diff(trainer.counts.matrix.indptr) > 0
    gradient = B[has_pair].T @ (V - B @ trainer.table)[has_pair]
    gradient -= trainer.settings.training.ngram_penalty * trainer.table
    assert np.abs(gradient).max() < 1e-3
    assert_close(V[~has_pair], (B @ trainer.table)[~has_pair], 1e-4)


def test_no_prior_leaves_no_room_for_spelling():
    with pytest.raises(SettingsError, match="leaves no prior: omit one of the two"):
        Settings.of(objective="softmax", ngrams="3-6", prior=0)


def assert_same(one: SweepTrainer, other: SweepTrainer) -> None:
    np.testing.assert_array_equal(one.all_parameters.V, other.all_parameters.V)
    np.testing.assert_array_equal(one.all_parameters.U, other.all_parameters.U)
    np.testing.assert_array_equal(one.table, other.table)


def resumed_at(stop: int, folder, **values: Any) -> SweepTrainer | None:
    """A training that was interrupted after so many groups, from its checkpoint to the end."""
    trainer, seen = sweep_trainer(**values), 0
    for event in trainer:
        seen += isinstance(event, SweepProgress)
        if isinstance(event, Paused):
            break
        if seen == stop:
            trainer.pause()
    else:
        return None  # asked for after the last rest
    identity = Identity.of(trainer.corpus, trainer.settings)
    checkpoint.save(folder, identity, trainer.state, trainer.parameters)
    spelling, by_count = trainer.spelling, trainer.corpus.vocabulary.by_count
    assert spelling is not None

    def words(record):
        return SweepState.words(record, trainer.levels)

    state, parameters = checkpoint.load(
        folder, identity, 8, SweepState, words=words,
        more=lambda record: {"table": spelling.ngrams_of(by_count[: words(record)])},
    )  # fmt: skip
    again = replace(sweep_trainer(**values), state=state, parameters=parameters)
    list(again)
    return again


@pytest.mark.parametrize("stop", [3, 40])
def test_a_training_with_spelling_is_resumed_with_the_same_bits(stop, tmp_path):
    whole = sweep_trainer(**SPELLED)
    list(whole)
    again = resumed_at(stop, tmp_path, **SPELLED)
    assert again is not None
    assert_same(again, whole)


@pytest.mark.slow
@pytest.mark.parametrize("objective", ["softmax", "expected-negative-sampling"])
def test_an_interruption_at_any_group_changes_no_bit(objective, tmp_path):
    values = {**SPELLED, "levels": 2, "sweeps": 4, "objective": objective}
    whole = sweep_trainer(**values)
    groups = sum(isinstance(event, SweepProgress) for event in whole)
    for stop in range(1, groups):
        folder = tmp_path / str(stop)
        folder.mkdir()
        again = resumed_at(stop, folder, **values)
        assert again is None or assert_same(again, whole) is None


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_no_number_of_threads_changes_a_bit(threads, monkeypatch):
    monkeypatch.setattr("skipgram.spelling.incidence._ROWS_AT_ONCE", 7)
    monkeypatch.setattr("skipgram.spelling.regression._ROWS_AT_ONCE", 5)
    one, other = (sweep_trainer(**SPELLED, threads=number) for number in (1, threads))
    list(one)
    list(other)
    assert_same(one, other)
