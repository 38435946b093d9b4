"""Steps that would be too long are shortened, all others are exact, and nothing diverges."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.replay import ReplayableTraining, corpus_of, others_of, random_lines
from helpers.small_trainings import task_of, trainer_of
from skipgram.equations import grouped_negative_sampling, sgd_step
from skipgram.equations.stability import stable_rate
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.training.events import EpochEnd
from skipgram.training.negative_sampling.stability import OtherThreads, is_bounded
from skipgram.training.negative_sampling.step import train_block

K = 7


def lines_of_topics() -> list[list[str]]:
    """200 lines of 150 items, each from one of 20 topics of 50."""
    draws = random.Random(1)
    return [
        [f"{topic}_{draws.randrange(50)}" for _ in range(150)]
        for topic in (draws.randrange(20) for _ in range(200))
    ]


def lines_of_bursts() -> list[list[str]]:
    """Lines in which a word comes up to sixty times in a row."""
    draws = random.Random(2)
    return [
        [word for _ in range(8) for word in [str(draws.randrange(300))] * draws.randrange(1, 60)]
        for _ in range(50)
    ]


def lines_of_two_words() -> list[list[str]]:
    draws = random.Random(3)
    return [[draws.choice("ab") for _ in range(150)] for _ in range(50)]


def alternating_lines() -> list[list[str]]:
    return [["a", "b"] * 100 for _ in range(50)]


# The bound

groups = st.tuples(
    st.lists(st.integers(0, 5), min_size=1, max_size=30),
    st.integers(0, 5),
    st.lists(st.integers(6, 9), min_size=1, max_size=K),
    st.integers(0, 2**32),
    st.sampled_from([0.1, 1.0, 10.0]),
)


@settings(max_examples=200, deadline=None)
@given(groups)
def test_no_row_overshoots_at_the_stable_rate(group):
    """Moving one matrix alone never raises the loss: what the bound on its curvature promises."""
    centers, o, negatives, seed, scale = group
    V, U = scale * np.random.default_rng(seed).standard_normal((2, 10, 6))
    before = grouped_negative_sampling(centers, o, negatives, V, U)
    rate = stable_rate(centers, o, negatives, V, U, learning_rate=1e9)
    new_V, new_U = sgd_step(V, U, before, rate)
    for moved in ((new_V, U), (V, new_U)):
        after = grouped_negative_sampling(centers, o, negatives, *moved).loss
        assert after <= before.loss * (1 + 1e-12)


@settings(max_examples=200, deadline=None)
@given(groups)
def test_the_bound_is_above_the_second_derivative_of_every_row(group):
    centers, o, negatives, seed, scale = group
    V, U = scale * np.random.default_rng(seed).standard_normal((2, 10, 6))
    curvature = 1 / stable_rate(centers, o, negatives, V, U, learning_rate=1e300)
    words = [o, *negatives]
    for moving, others, at, beside in ((U, V, words, centers), (V, U, centers, words)):
        for row in set(at):
            scores = others[beside] @ moving[row]
            bends = 1 / (2 + 2 * np.cosh(np.clip(scores, -300, 300)))  # σ'
            second = at.count(row) * (others[beside].T * bends) @ others[beside]
            assert np.linalg.eigvalsh(second).max() <= curvature * (1 + 1e-9)


def test_the_first_order_of_a_row_that_does_not_repeat_is_a_quarter_of_the_squared_lengths():
    V, U = np.eye(4), 2 * np.eye(4)
    assert stable_rate([0, 1], 2, [3], V, U, 1e9) == 1 / 2, "¼ (4 + 4) = 2 by a row of V"
    assert stable_rate([0, 0], 2, [3], V, U, 1e9) == 1 / 4, "a center that is there twice"
    assert stable_rate([0, 1], 2, [3, 3, 3, 3], V, U, 1e9) == 1 / 5, "¼ · 5 · 4 = 5"
    assert stable_rate([0, 1], 2, [3], V, U, 0.5) == 0.5
    assert stable_rate([0, 1], 2, [3], V, U, 0.25) == 0.25


# The kernel


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("negatives", [5, 7])
@pytest.mark.parametrize("rate", [0.01, 0.1, 1.0])
@pytest.mark.parametrize("threads", [1, 4])
def test_a_bounded_training_is_that_of_the_equations(rate, negatives, shared, threads):
    training = ReplayableTraining.random(
        random_lines(1, 10, [1, 9, 2, 30, 1, 17]), 10, negatives=negatives
    )
    training.others = others_of(10, threads - 1)
    training.is_bounded, training.negatives_shared = True, shared
    training.first_rate, training.rate_slope = rate, -rate / 100
    training.scored = 1.0
    expected = training.replay()
    loss, *counts = training.run(train_block)
    assert_close(training.V, expected.V, EXACT)
    assert_close(training.U, expected.U, EXACT)
    assert_close(loss, expected.loss, EXACT)
    assert counts == [expected.scored_pairs, expected.pairs, expected.shortened_pairs]


def test_some_steps_of_that_training_are_shortened_and_some_are_not():
    training = ReplayableTraining.random(random_lines(1, 10, [1, 9, 2, 30, 1, 17]), 10)
    training.is_bounded, training.first_rate = True, 0.1
    _, _, pairs, shortened = training.run(train_block)
    assert 0 < shortened < pairs


def test_where_no_step_is_too_long_the_bounded_kernel_gives_the_bits_of_the_other():
    trainings = [
        ReplayableTraining.random(random_lines(5, 10, [30, 9]), 10, dtype=np.float32)
        for _ in range(2)
    ]
    for training, bounded in zip(trainings, (True, False), strict=True):
        training.is_bounded, training.first_rate, training.rate_slope = bounded, 1e-3, -1e-6
        assert training.run(train_block)[3] == 0
    np.testing.assert_array_equal(trainings[0].V, trainings[1].V)
    np.testing.assert_array_equal(trainings[0].U, trainings[1].U)


def test_steps_are_checked_only_where_windows_are_wide_for_the_rate():
    assert not is_bounded(Settings.of())
    assert not is_bounded(Settings.of(window=5, learning_rate=0.04))
    assert not is_bounded(Settings.of(window=10, learning_rate=0.02))
    assert is_bounded(Settings.of(window=5, learning_rate=0.05))
    assert is_bounded(Settings.of(window=100))
    assert not is_bounded(Settings.of(negatives=20, learning_rate=0.035))
    assert is_bounded(Settings.of(negatives=64, learning_rate=0.035))
    assert not is_bounded(Settings.of(window=100, negatives_shared=False))


@pytest.mark.parametrize(
    ("words", "threads", "checked"),
    [(2, 1, False), (2, 2, True), (1000, 8, False), (1000, 1000, True)],
)
def test_steps_are_checked_where_other_threads_often_move_the_same_rows(words, threads, checked):
    task = task_of(corpus=corpus_of([list(range(words))], words))
    assert is_bounded(task.settings, OtherThreads.of(task, threads)) is checked


def test_what_other_threads_are_expected_to_move_is_their_share_of_the_kept_text_and_noise():
    task = task_of(corpus=corpus_of([list(range(4))], 4), negatives=5)
    others = OtherThreads.of(task, 3)
    assert_close(others.centers, np.full(4, 2 / 4), FLOAT32)
    assert_close(others.outsides, np.full(4, 2 * (1 + 5) / 4), FLOAT32)
    assert_close([others.most_centers, others.most_outsides], [1 / 2, 3.0], EXACT)
    alone = OtherThreads.of(task, 1)
    assert (alone.most_centers, alone.most_outsides) == (0.0, 0.0)
    assert not alone.centers.any()
    assert not alone.outsides.any()


# Whole trainings


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("lines", [lines_of_topics, lines_of_bursts, alternating_lines])
@pytest.mark.parametrize(
    ("window", "rate"), [(60, 0.05), (100, 0.035), (10, 0.1), (5, 0.3), (30, 0.3)]
)
def test_wide_windows_and_high_rates_end_in_sound_vectors(lines, threads, window, rate):
    for end in sound_ends(lines(), threads, window, rate):
        assert 0 < end.shortened_pairs <= end.pairs


# Without the other threads these would not be checked, and three in four of the first diverged.
@pytest.mark.parametrize(("window", "rate"), [(1, 0.2), (5, 0.04), (10, 0.02)])
def test_threads_that_share_two_words_end_in_sound_vectors(window, rate):
    sound_ends(lines_of_two_words(), 2, window, rate)


def sound_ends(lines: list[list[str]], threads: int, window: int, rate: float) -> list[EpochEnd]:
    """The ends of the epochs of a training whose loss and vectors are as they should be."""
    ends: list[EpochEnd] = []
    vectors = skipgram.train(
        lines,
        window=window,
        window_width="fixed",
        learning_rate=rate,
        epochs=3,
        embedding_dim=16,
        min_count=1,
        subsample=0,
        threads=threads,
        observe=lambda event: ends.append(event) if isinstance(event, EpochEnd) else None,
    )
    losses = [end.loss for end in ends]
    assert max(losses) < 6 * math.log(2), "no epoch is worse than vectors of zero"
    # Two words at random have nothing more to learn after the first epoch: .01 for noise.
    assert losses[-1] <= losses[0] + 0.01
    assert np.abs(vectors.matrix).max() < 5  # 2.6 was found, and 1e8 with exact steps
    return ends


@pytest.mark.parametrize("rate", [10.0, 1e38])
@pytest.mark.parametrize("shared", [True, False])
def test_no_rate_is_too_high_for_the_fast_mode(rate, shared):
    trainer = trainer_of(learning_rate=rate, negatives_shared=shared)
    ends = [event for event in trainer if isinstance(event, EpochEnd)]
    assert all(end.loss < trainer.loss_at_zero for end in ends)


def test_items_of_a_topic_find_each_other_in_a_window_as_long_as_the_line():
    vectors = skipgram.train(
        lines_of_topics(), window=150, min_count=1, subsample=0, threads=1, embedding_dim=16
    )
    words = [f"{topic}_7" for topic in range(20) if f"{topic}_7" in vectors]
    assert len(words) > 10
    for word in words:
        topics = {near.word.split("_")[0] for near in vectors.most_similar(word, k=10)}
        assert topics == {word.split("_")[0]}


# What still goes astray


@pytest.mark.parametrize("deterministic", [False, True])
@pytest.mark.parametrize("objective", [{}, {"negatives_shared": False}])
def test_a_loss_far_above_its_start_ends_the_training_with_advice(deterministic, objective):
    trainer = trainer_of(learning_rate=0.01, epochs=1, deterministic=deterministic, **objective)
    trainer.parameters.V[:, :16] = 30 * np.random.default_rng(1).standard_normal((50, 16))
    trainer.parameters.U[:, :16] = 30 * np.random.default_rng(2).standard_normal((50, 16))
    with pytest.raises(
        SkipgramError,
        match=r"the loss is [\d.e+]+ nats a pair after [\d,]+ words of epoch 1, and zero "
        r"vectors have 4\.159: the training has diverged\. "
        r"Lower learning_rate, which is 0\.01; no vectors were saved",
    ):
        list(trainer)
