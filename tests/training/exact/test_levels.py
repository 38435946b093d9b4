"""Coarse to fine: which levels a vocabulary has, and how a training climbs them."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import skipgram
from helpers.exact_problems import some_corpus, sweep_trainer
from helpers.replay import corpus_of
from skipgram.errors import SettingsError
from skipgram.settings import Settings
from skipgram.training import checkpoint
from skipgram.training.checkpoint import Identity
from skipgram.training.events import (
    Folding,
    LevelStarted,
    Paused,
    StoppedEarly,
    SweepEnd,
    SweepProgress,
    SweepsStarted,
)
from skipgram.training.exact.estimate import sweeps_flop
from skipgram.training.exact.gradients import ExactGradients, Gradients
from skipgram.training.exact.levels import GROWTH, LEAST_WORDS, Level, levels_of
from skipgram.training.exact.state import SweepState
from skipgram.training.exact.sweeps import GROUPS
from skipgram.training.exact.trainer import SweepTrainer

BY_LEVELS: dict[str, Any] = {"levels": 2, "sweeps": 16}


def levels(vocab_size: int, **values: Any) -> tuple[Level, ...]:
    return levels_of(vocab_size, Settings.of(objective="softmax", **values))


# Which levels there are


@given(st.integers(1, 10**7), st.integers(1, 64))
def test_each_level_has_four_times_the_words_of_the_one_before(vocab_size: int, sweeps: int):
    found = levels(vocab_size, sweeps=sweeps)
    assert found[-1].words == vocab_size
    assert len(found) > 1 or found[0].sweeps == sweeps
    assert all(1 <= level.sweeps <= sweeps for level in found)
    for smaller, larger in pairwise(found):
        assert smaller.words == -(-larger.words // GROWTH)
    assert len(found) == 1 or found[0].words >= LEAST_WORDS
    assert found[0].words < GROWTH * LEAST_WORDS


def test_a_small_vocabulary_is_one_level_with_all_sweeps():
    assert levels(GROWTH * LEAST_WORDS - 1) == (Level(GROWTH * LEAST_WORDS - 1, 16),)


@pytest.mark.parametrize(("words", "last"), [(10_000, 6), (10_001, 4), (30_000, 4), (30_001, 3)])
def test_the_last_level_takes_fewer_sweeps_the_more_words_it_has(words: int, last: int):
    *below, largest = levels(words)
    assert largest.sweeps == last
    assert {level.sweeps for level in below} == {6}


def test_one_level_sweeps_over_all_words_from_the_start():
    assert levels(100_000, levels=1, sweeps=9) == (Level(100_000, 9),)


def test_the_last_level_has_the_words_that_are_fitted_together():
    assert levels(100_000, softmax_vocabulary=20_000)[-1].words == 20_000


def test_more_levels_than_words_can_fill_are_refused():
    with pytest.raises(SettingsError, match="levels 4 are too many for 3 words"):
        levels(3, levels=4)


def test_levels_take_less_arithmetic_than_sweeps_over_all_words():
    by_levels, whole = levels(60_000), levels(60_000, levels=1)
    assert sweeps_flop(60_000, by_levels, 100) < 0.5 * sweeps_flop(60_000, whole, 100)


# How a training climbs them


def test_each_level_is_announced_with_its_words_and_the_share_rises_to_one():
    events = list(sweep_trainer(**BY_LEVELS))
    assert isinstance(events[0], SweepsStarted)
    assert events[0].levels == ((10, 6), (40, 6))
    assert events[0].sweeps == 12
    assert [event.words for event in events if isinstance(event, LevelStarted)] == [10, 40]
    assert [event.words for event in events if isinstance(event, Folding)] == [30]
    ends = [event for event in events if isinstance(event, SweepEnd)]
    assert [(end.sweep, end.level, end.words) for end in ends[4:7]] == [
        (5, 1, 10),
        (6, 1, 10),
        (7, 2, 40),
    ]
    shares = [event.share for event in events if isinstance(event, SweepProgress)]
    assert len(shares) == 12 * GROUPS
    assert all(np.diff(shares) > 0)
    assert shares[-1] == pytest.approx(1.0)


def test_the_objective_of_each_level_falls_at_every_sweep():
    events = list(sweep_trainer(**BY_LEVELS, objective="expected-negative-sampling"))
    for level in (1, 2):
        objectives = [
            event.objective
            for event in events
            if isinstance(event, LevelStarted | SweepEnd) and event.level == level
        ]
        assert all(np.diff(objectives) < 0)


@pytest.mark.parametrize("objective", ["softmax", "expected-negative-sampling"])
def test_a_level_begins_with_the_vectors_of_the_one_before_and_the_next_words_folded_in(objective):
    trainer = sweep_trainer(**BY_LEVELS, objective=objective)
    begun = []
    for event in trainer:
        if isinstance(event, SweepEnd) and (event.level, event.sweep) == (1, 6):
            V, U = trainer.parameters.V.copy(), trainer.parameters.U.copy()
        if isinstance(event, LevelStarted):
            begun.append(event)
            start, by_count = trainer.parameters, trainer.corpus.vocabulary.by_count
            if event.level == 2:
                np.testing.assert_array_equal(start.V[by_count[:10]], V)
                np.testing.assert_array_equal(start.U[by_count[:10]], U)
                of_frequent = trainer.counts.matrix[:, by_count[:10]].sum(axis=1)
                for matrix in (start.V, start.U):
                    assert (matrix.any(axis=1) == (np.asarray(of_frequent).ravel() > 0)).all()
    cold = next(
        event
        for event in sweep_trainer(levels=1, objective=objective)
        if isinstance(event, LevelStarted)
    )
    assert begun[1].objective < cold.objective


def test_patience_ends_a_level_with_its_best_sweep_and_the_next_one_begins_there():
    trainer = sweep_trainer(levels=2, sweeps=80, holdout=0.2, patience=1, prior=0.001)
    kept, stopped = [], []
    for event in trainer:
        if isinstance(event, SweepEnd):
            kept.append(trainer.parameters.V.copy())
        if isinstance(event, StoppedEarly):
            stopped.append(event)
        if isinstance(event, LevelStarted) and event.level == 2:
            by_count = trainer.corpus.vocabulary.by_count
            best = stopped[0].best_epoch - 1
            np.testing.assert_array_equal(trainer.parameters.V[by_count[:10]], kept[best])
    of_first = [end.held_out.loss for end in trainer.state.ends if end.level == 1]
    assert len(of_first) < 30
    assert stopped[0].words == 10
    assert all(event.words is None for event in stopped[1:])
    assert int(np.argmin(of_first)) == best == len(of_first) - 2


def test_a_word_that_has_its_first_pair_at_the_second_level_gets_a_vector_there():
    # Word 0 is among the ten most frequent ones, and beside rare words only.
    random = np.random.default_rng(3)
    lines = [[0, rare] for rare in range(20, 40)] * 2
    lines += [random.integers(1, 20, 8).tolist() for _ in range(80)]
    trainer = sweep_trainer(corpus_of(lines, 40), window=1, **BY_LEVELS)
    row = trainer.corpus.vocabulary.by_count[:10].tolist().index(0)
    seen = {}
    for event in trainer:
        if isinstance(event, SweepEnd):
            seen[event.sweep] = trainer.parameters.V[row if event.level == 1 else 0].any()
    assert not seen[6]
    assert seen[7]


def test_levels_without_a_pair_are_left_out():
    # The ten most frequent words never occur beside each other.
    lines = [[frequent, 10 + other] for frequent in range(10) for other in range(30)]
    trainer = sweep_trainer(corpus_of(lines, 40), window=1, **BY_LEVELS)
    assert trainer.levels == (Level(40, 16),)
    list(trainer)
    assert trainer.all_parameters.is_finite()


def test_the_gradients_of_center_words_may_be_computed_elsewhere():
    asked = []

    class Elsewhere(ExactGradients):
        def of(self, V: Any, U: Any, centers: Any) -> Gradients:
            asked.append(len(U))
            return super().of(V, U, centers)

    here = sweep_trainer(**BY_LEVELS)
    there = replace(
        sweep_trainer(**BY_LEVELS),
        gradients_of=lambda objective, lots: Elsewhere(objective, lots=lots),
    )
    list(here)
    list(there)
    assert asked == [10] * 6 * GROUPS + [40] * 6 * GROUPS
    np.testing.assert_array_equal(here.parameters.V, there.parameters.V)


def test_earlier_vectors_are_trained_all_together(tmp_path):
    text = skipgram.Texts([" ".join(line) for line in some_corpus().sentences()])
    common = {
        "objective": "softmax",
        "embedding_dim": 4,
        "min_count": 1,
        "subsample": 0,
        **BY_LEVELS,
    }
    first = skipgram.train(text, **common)
    assert [end["words"] for end in first.about["sweeps"]] == [10] * 6 + [40] * 6
    more = skipgram.train(text, continue_from=first, **common)
    assert {end["words"] for end in more.about["sweeps"]} == {40}


# The same bits

THREE = {"levels": 3, "sweeps": 4, "holdout": 0.2, "patience": 2}
WAYS = ("softmax", "expected-negative-sampling")


def three_levels(objective: str, **more: Any) -> SweepTrainer:
    return sweep_trainer(some_corpus(words=200), objective=objective, **{**THREE, **more})


def assert_same_bits(one: SweepTrainer, other: SweepTrainer) -> None:
    np.testing.assert_array_equal(one.all_parameters.V, other.all_parameters.V)
    np.testing.assert_array_equal(one.all_parameters.U, other.all_parameters.U)


@pytest.mark.slow
@pytest.mark.parametrize("objective", WAYS)
@pytest.mark.parametrize("rare", [0, 120])
def test_no_number_of_threads_changes_a_bit_at_any_level(objective: str, rare: int) -> None:
    more = {"softmax_vocabulary": rare} if objective == "softmax" else {}
    one = three_levels(objective, threads=1, **more)
    list(one)
    for threads in (2, 3, 8):
        other = three_levels(objective, threads=threads, **more)
        list(other)
        assert_same_bits(one, other)


@pytest.mark.slow
@pytest.mark.parametrize("objective", WAYS)
def test_an_interruption_at_any_group_of_any_level_changes_no_bit(objective: str, tmp_path) -> None:
    whole = three_levels(objective)
    groups = sum(isinstance(event, SweepProgress) for event in whole)
    assert {end.level for end in whole.state.ends} == {1, 2, 3}
    for stop in range(1, groups):
        trainer, seen = three_levels(objective), 0
        for event in trainer:
            seen += isinstance(event, SweepProgress)
            if isinstance(event, Paused):
                break
            if seen == stop:
                trainer.pause()
        else:
            continue  # asked for after the last rest
        folder = tmp_path / str(stop)
        folder.mkdir()
        identity = Identity.of(trainer.corpus, trainer.settings)
        checkpoint.save(folder, identity, trainer.state, trainer.parameters)
        state, parameters = checkpoint.load(
            folder, identity, 8, SweepState,
            words=lambda record: SweepState.words(record, whole.levels),
        )  # fmt: skip
        resumed = replace(three_levels(objective), state=state, parameters=parameters)
        list(resumed)
        assert_same_bits(resumed, whole)
