"""The deterministic mode is a batch's exact gradient, and the same for any threads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.batch_replay import replayed, task_of, trained, training_of
from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.replay import ReplayableTraining, random_lines
from skipgram.equations.draws import epoch_key
from skipgram.training.negative_sampling import batched
from skipgram.training.negative_sampling.batched import Batched
from skipgram.training.negative_sampling.changes import MOST_TERMS, damping


@pytest.fixture
def many_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many threads as are asked for, on any machine."""
    monkeypatch.setattr(batched, "usable_threads", lambda: 64)


@pytest.mark.parametrize("slice_tokens", [2, 5, 64])
@pytest.mark.parametrize(("negatives", "shared"), [(5, True), (7, True), (5, False)])
@pytest.mark.parametrize("fixed", [True, False])
def test_a_batch_is_the_damped_sum_of_the_equations_steps_from_one_point(
    slice_tokens: int, shared: bool, fixed: bool, negatives: int
) -> None:
    training = training_of(negatives=negatives)
    training.negatives_shared, training.width_is_fixed = shared, fixed
    task = task_of(training)
    V, U, total = replayed(training, task, slice_tokens)
    loss = trained(task, 1, slice_tokens)
    assert_close(task.parameters.V, V, EXACT)
    assert_close(task.parameters.U, U, EXACT)
    assert_close(loss.total, total, EXACT)


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    vocab_size=st.integers(2, 12),
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=6),
    slice_tokens=st.integers(1, 9),
)
def test_batches_are_those_of_the_equations_for_any_corpus(
    seed: int, vocab_size: int, lengths: list[int], slice_tokens: int
) -> None:
    training = ReplayableTraining.random(
        random_lines(seed, vocab_size, lengths), vocab_size, keep=1.0, seed=seed
    )
    training.key = epoch_key(1, 0)
    task = task_of(training)
    V, U, _ = replayed(training, task, slice_tokens)
    trained(task, 1, slice_tokens)
    assert_close(task.parameters.V, V, EXACT)
    assert_close(task.parameters.U, U, EXACT)


@pytest.mark.parametrize("threads", [2, 3, 8, 9])
@pytest.mark.usefixtures("many_processors")
def test_any_number_of_threads_gives_the_same_bits(threads: int) -> None:
    alone, together = (task_of(training_of(dtype=np.float32)) for _ in range(2))
    assert trained(alone, 1) == trained(together, threads)
    assert alone.parameters.V.tobytes() == together.parameters.V.tobytes()
    assert alone.parameters.U.tobytes() == together.parameters.U.tobytes()


def test_float32_stays_near_the_equations() -> None:
    training = training_of(dtype=np.float32)
    task = task_of(training)
    V, U, _ = replayed(training, task)
    trained(task, threads=1)
    assert_close(task.parameters.V, V, FLOAT32)
    assert_close(task.parameters.U, U, FLOAT32)


def test_batches_are_shorter_where_one_word_is_in_all_of_them() -> None:
    training = training_of()
    few, many = task_of(training, learning_rate=1.0), task_of(training, learning_rate=1e-4)
    shorter, longer = (Batched(task, 1).slice_tokens for task in (few, many))
    assert shorter < longer == batched.MOST_SLICE_TOKENS


@given(st.floats(1e-9, 1.0))
def test_damping_takes_steps_as_far_as_one_after_the_other_would(move: float) -> None:
    n = np.arange(MOST_TERMS + 1)
    come = damping(move, np.float64) * n * move
    assert_close(come, 1 - np.exp(-n * move), EXACT)
    assert (damping(move, np.float64) <= 1).all()


def test_a_word_that_fills_a_batch_does_not_carry_its_rows_away() -> None:
    """Text in bursts, as lists are: steps added up without damping grow beyond all bounds."""
    lines = [[1, 2] * 200, *random_lines(1, 12, [40] * 5)] * 20
    training = ReplayableTraining.random(lines, 12, keep=1.0)
    task = task_of(training, learning_rate=0.1)
    trained(task, threads=1)
    assert np.abs(task.parameters.V).max() < 20
