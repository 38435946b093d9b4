"""The compiled kernel does what equations.py says, on the samples that its slow twins draw."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.replay import ReplayableTraining, random_lines
from skipgram.equations.draws import position_stream
from skipgram.training.negative_sampling.step import train_block
from skipgram.training.noise import Noise

LENGTHS = [1, 9, 2, 30, 1, 17]


def assert_trains_as_the_equations(
    training: ReplayableTraining, start: int = 0, stop: int | None = None
) -> None:
    expected = training.replay(start, stop)
    loss, *counts = training.run(train_block, start, stop)
    tolerance = EXACT if training.V.dtype == np.float64 else FLOAT32
    assert_close(training.V, expected.V, tolerance)
    assert_close(training.U, expected.U, tolerance)
    assert_close(loss, expected.loss, tolerance)
    assert counts == [expected.scored_pairs, expected.pairs, expected.shortened_pairs]


@pytest.mark.parametrize(
    ("embedding_dim", "negatives"), [(1, 1), (16, 5), (17, 6), (100, 5), (40, 13), (4, 64)]
)
def test_a_training_in_float64_is_that_of_the_equations(embedding_dim: int, negatives: int) -> None:
    lines = random_lines(1, 10, LENGTHS)
    training = ReplayableTraining.random(
        lines, 10, embedding_dim=embedding_dim, negatives=negatives
    )
    # At unit scale the scores grow as the root of the dimension; keep them where σ bends.
    training.V /= embedding_dim**0.25
    training.U /= embedding_dim**0.25
    assert_trains_as_the_equations(training)


trainings = st.builds(
    lambda seed, lengths, vocab_size, window, keep: ReplayableTraining.random(
        random_lines(seed, vocab_size, lengths), vocab_size, window=window, keep=keep, seed=seed
    ),
    seed=st.integers(0, 2**32),
    lengths=st.lists(st.integers(1, 25), min_size=1, max_size=6),
    vocab_size=st.integers(2, 12),
    window=st.integers(1, 9),
    keep=st.sampled_from([0.2, 0.7, 1.0]),
)


@settings(max_examples=60, deadline=None)
@given(trainings, st.data())
def test_one_step_is_that_of_the_equations_for_any_lines_windows_and_subsampling(
    training: ReplayableTraining, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(training.corpus) - 1))
    assert_trains_as_the_equations(training, position, position + 1)


@settings(max_examples=40, deadline=None)
@given(trainings)
def test_many_steps_are_those_of_the_equations_for_any_lines_windows_and_subsampling(
    training: ReplayableTraining,
) -> None:
    # Long steps on two words swing, and blow the last digits' rounding up.
    training.first_rate, training.rate_slope = 1e-3, -1e-6
    assert_trains_as_the_equations(training)


@pytest.mark.parametrize("position", range(0, 30, 3))
def test_one_step_in_float32_is_that_of_the_equations(position: int) -> None:
    lines = random_lines(2, 4, [30])
    training = ReplayableTraining.random(lines, 4, embedding_dim=20, keep=1.0, dtype=np.float32)
    expected = training.replay(position, position + 1)
    before = training.V.copy()
    training.run(train_block, position, position + 1)
    assert_close(training.V, expected.V, FLOAT32)
    assert_close(training.U, expected.U, FLOAT32)
    assert np.any(before != training.V)


def test_a_window_full_of_one_word_adds_up_all_of_its_steps() -> None:
    training = ReplayableTraining.random([[0, 0, 0, 1, 0, 0, 0]], 2, keep=1.0, window=3)
    assert_trains_as_the_equations(training)


@pytest.mark.parametrize("cuts", [[1], [10, 11, 12], [29], range(1, 60)])
def test_blocks_train_the_same_samples_however_the_corpus_is_cut(cuts: list[int]) -> None:
    lines = random_lines(3, 10, LENGTHS)
    whole, cut = ReplayableTraining.random(lines, 10), ReplayableTraining.random(lines, 10)
    whole.run(train_block)
    borders = [0, *cuts, len(cut.corpus)]
    for start, stop in pairwise(borders):
        cut.run(train_block, start, stop)
    assert_close(cut.V, whole.V, EXACT)
    assert_close(cut.U, whole.U, EXACT)


def test_the_padding_of_the_rows_stays_zero() -> None:
    training = ReplayableTraining.random(random_lines(4, 10, LENGTHS), 10, embedding_dim=5)
    training.run(train_block)
    assert not training.V[:, 5:].any()
    assert not training.U[:, 5:].any()


def test_two_runs_on_one_thread_give_the_same_bits() -> None:
    trainings = [
        ReplayableTraining.random(random_lines(5, 10, LENGTHS), 10, dtype=np.float32)
        for _ in range(2)
    ]
    for training in trainings:
        training.run(train_block)
    np.testing.assert_array_equal(trainings[0].V, trainings[1].V)
    np.testing.assert_array_equal(trainings[0].U, trainings[1].U)


def test_a_word_with_nearly_all_of_the_noise_does_not_hang_its_own_negatives() -> None:
    training = ReplayableTraining.random(random_lines(6, 3, [40]), 3, keep=1.0)
    training.noise = Noise.of(np.array([10**15, 1, 3]), 1.0)
    stream = position_stream(training.key, 0)
    drawn = training.noise.negatives(stream, 0, 1000)
    assert set(drawn) == {1, 2}
    assert 0.2 < drawn.count(1) / 1000 < 0.3
    assert_trains_as_the_equations(training)


def test_the_loss_is_summed_over_the_share_that_was_asked_for() -> None:
    training = ReplayableTraining.random(random_lines(7, 10, [20_000]), 10, keep=1.0)
    training.first_rate = training.rate_slope = 0.0
    training.scored = 1 / 64
    _, scored_pairs, pairs, _ = training.run(train_block)
    assert 0.8 < 64 * scored_pairs / pairs < 1.2
    training.scored = 1.0
    _, scored_pairs, pairs, _ = training.run(train_block)
    assert scored_pairs == pairs


def test_the_widest_window_is_that_of_the_equations() -> None:
    training = ReplayableTraining.random(
        random_lines(8, 10, [40, 3]), 10, negatives=5, window=1000, keep=1.0
    )
    training.first_rate, training.rate_slope = 1e-4, -1e-7
    assert_trains_as_the_equations(training)
