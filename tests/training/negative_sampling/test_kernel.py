"""The compiled kernel does what equations.py says, on the samples that its slow twins draw."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.replay import World, random_lines
from skipgram.equations.draws import position_stream
from skipgram.training.negative_sampling.step import train_block
from skipgram.training.noise import Noise

LENGTHS = [1, 9, 2, 30, 1, 17]


def assert_trains_as_the_equations(world: World, start: int = 0, stop: int | None = None) -> None:
    expected = world.replay(start, stop)
    loss, *counts = world.run(train_block, start, stop)
    tolerance = EXACT if world.V.dtype == np.float64 else FLOAT32
    assert_close(world.V, expected.V, tolerance)
    assert_close(world.U, expected.U, tolerance)
    assert_close(loss, expected.loss, tolerance)
    assert counts == [expected.scored_pairs, expected.pairs, expected.shortened_pairs]


@pytest.mark.parametrize(
    ("embedding_dim", "negatives"), [(1, 1), (16, 5), (17, 6), (100, 5), (40, 13), (4, 64)]
)
def test_a_training_in_float64_is_that_of_the_equations(embedding_dim: int, negatives: int) -> None:
    lines = random_lines(1, 10, LENGTHS)
    world = World.random(lines, 10, embedding_dim=embedding_dim, negatives=negatives)
    # At unit scale the scores grow as the root of the dimension; keep them where σ bends.
    world.V /= embedding_dim**0.25
    world.U /= embedding_dim**0.25
    assert_trains_as_the_equations(world)


worlds = st.builds(
    lambda seed, lengths, vocab_size, window, keep: World.random(
        random_lines(seed, vocab_size, lengths), vocab_size, window=window, keep=keep, seed=seed
    ),
    seed=st.integers(0, 2**32),
    lengths=st.lists(st.integers(1, 25), min_size=1, max_size=6),
    vocab_size=st.integers(2, 12),
    window=st.integers(1, 9),
    keep=st.sampled_from([0.2, 0.7, 1.0]),
)


@settings(max_examples=60, deadline=None)
@given(worlds, st.data())
def test_one_step_is_that_of_the_equations_for_any_lines_windows_and_subsampling(
    world: World, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(world.corpus) - 1))
    assert_trains_as_the_equations(world, position, position + 1)


@settings(max_examples=40, deadline=None)
@given(worlds)
def test_many_steps_are_those_of_the_equations_for_any_lines_windows_and_subsampling(
    world: World,
) -> None:
    # Long steps on two words swing, and blow the last digits' rounding up.
    world.first_rate, world.rate_slope = 1e-3, -1e-6
    assert_trains_as_the_equations(world)


@pytest.mark.parametrize("position", range(0, 30, 3))
def test_one_step_in_float32_is_that_of_the_equations(position: int) -> None:
    lines = random_lines(2, 4, [30])
    world = World.random(lines, 4, embedding_dim=20, keep=1.0, dtype=np.float32)
    expected = world.replay(position, position + 1)
    before = world.V.copy()
    world.run(train_block, position, position + 1)
    assert_close(world.V, expected.V, FLOAT32)
    assert_close(world.U, expected.U, FLOAT32)
    assert np.any(before != world.V)


def test_a_window_full_of_one_word_adds_up_all_of_its_steps() -> None:
    world = World.random([[0, 0, 0, 1, 0, 0, 0]], 2, keep=1.0, window=3)
    assert_trains_as_the_equations(world)


@pytest.mark.parametrize("cuts", [[1], [10, 11, 12], [29], range(1, 60)])
def test_blocks_train_the_same_samples_however_the_corpus_is_cut(cuts: list[int]) -> None:
    lines = random_lines(3, 10, LENGTHS)
    whole, cut = World.random(lines, 10), World.random(lines, 10)
    whole.run(train_block)
    borders = [0, *cuts, len(cut.corpus)]
    for start, stop in pairwise(borders):
        cut.run(train_block, start, stop)
    assert_close(cut.V, whole.V, EXACT)
    assert_close(cut.U, whole.U, EXACT)


def test_the_padding_of_the_rows_stays_zero() -> None:
    world = World.random(random_lines(4, 10, LENGTHS), 10, embedding_dim=5)
    world.run(train_block)
    assert not world.V[:, 5:].any()
    assert not world.U[:, 5:].any()


def test_two_runs_on_one_thread_give_the_same_bits() -> None:
    worlds = [World.random(random_lines(5, 10, LENGTHS), 10, dtype=np.float32) for _ in range(2)]
    for world in worlds:
        world.run(train_block)
    np.testing.assert_array_equal(worlds[0].V, worlds[1].V)
    np.testing.assert_array_equal(worlds[0].U, worlds[1].U)


def test_a_word_with_nearly_all_of_the_noise_does_not_hang_its_own_negatives() -> None:
    world = World.random(random_lines(6, 3, [40]), 3, keep=1.0)
    world.noise = Noise.of(np.array([10**15, 1, 3]), 1.0)
    stream = position_stream(world.key, 0)
    drawn = world.noise.negatives(stream, 0, 1000)
    assert set(drawn) == {1, 2}
    assert 0.2 < drawn.count(1) / 1000 < 0.3
    assert_trains_as_the_equations(world)


def test_the_loss_is_summed_over_the_share_that_was_asked_for() -> None:
    world = World.random(random_lines(7, 10, [20_000]), 10, keep=1.0)
    world.first_rate = world.rate_slope = 0.0
    world.scored = 1 / 64
    _, scored_pairs, pairs, _ = world.run(train_block)
    assert 0.8 < 64 * scored_pairs / pairs < 1.2
    world.scored = 1.0
    _, scored_pairs, pairs, _ = world.run(train_block)
    assert scored_pairs == pairs


def test_the_widest_window_is_that_of_the_equations() -> None:
    world = World.random(random_lines(8, 10, [40, 3]), 10, negatives=5, window=1000, keep=1.0)
    world.first_rate, world.rate_slope = 1e-4, -1e-7
    assert_trains_as_the_equations(world)
