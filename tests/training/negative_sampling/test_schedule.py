"""Learning rates over a run are those of their formulas."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from helpers.small_trainings import task_of
from skipgram.settings import TrainingSettings
from skipgram.training.negative_sampling.task import LEAST_RATE, learning_rate

SCHEDULES = ("linear", "cosine", "constant")
shares = st.floats(0, 1)


def rate(schedule: str, done: float) -> float:
    return learning_rate(TrainingSettings(schedule=schedule, learning_rate=0.1), done)


@pytest.mark.parametrize(
    ("schedule", "done", "expected"),
    [
        ("linear", 0.0, 0.1),
        ("linear", 0.25, 0.1 * (1 - 0.9999 / 4)),
        ("linear", 1.0, 0.1 * 1e-4),
        ("cosine", 0.0, 0.1),
        ("cosine", 1 / 3, 0.1 * (1e-4 + 0.9999 * 0.75)),
        ("cosine", 0.5, 0.1 * (1e-4 + 0.9999 * 0.5)),
        ("cosine", 1.0, 0.1 * 1e-4),
        ("constant", 0.0, 0.1),
        ("constant", 1.0, 0.1),
    ],
)
def test_rates_that_were_worked_out_by_hand(schedule: str, done: float, expected: float) -> None:
    assert_close(rate(schedule, done), expected, EXACT)


@given(shares)
def test_the_cosine_falls_as_much_before_the_middle_as_after_it(done: float) -> None:
    middle = 0.1 * (1 + LEAST_RATE) / 2
    assert_close(rate("cosine", done) - middle, middle - rate("cosine", 1 - done), EXACT)


@pytest.mark.parametrize("schedule", SCHEDULES)
@given(shares, shares)
def test_no_rate_ever_rises_or_leaves_its_bounds(schedule: str, one: float, other: float) -> None:
    earlier, later = rate(schedule, min(one, other)), rate(schedule, max(one, other))
    # The cosine of float64 may rise by a last digit where it is flat.
    assert 0.1 * LEAST_RATE * (1 - EXACT) <= later <= earlier * (1 + EXACT) <= 0.1 * (1 + EXACT)


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_training_falls_over_all_of_its_epochs(schedule: str) -> None:
    task = task_of(schedule=schedule, learning_rate=0.1, epochs=3)
    tokens = task.tokens
    assert task.learning_rate(0, 0) == 0.1
    assert_close(task.learning_rate(1, tokens // 2), rate(schedule, 0.5), EXACT)
    assert_close(task.learning_rate(2, tokens), rate(schedule, 1.0), EXACT)
    assert math.isclose(task.learning_rate(0, tokens), task.learning_rate(1, 0))
