"""The standard error of an epoch's loss: as the formula says, and as losses really scatter."""

from collections.abc import Sequence
from functools import reduce

import numpy as np
import pytest

from helpers.comparison import EXACT, assert_close
from skipgram.training.negative_sampling.spread import Spread
from skipgram.training.negative_sampling.task import Loss


def error_of(losses: Sequence[float], pairs: Sequence[int]) -> float | None:
    blocks = [Loss(float(loss), int(count)) for loss, count in zip(losses, pairs, strict=True)]
    whole = reduce(Loss.__add__, blocks, Loss())
    return reduce(Spread.after, blocks, Spread()).standard_error(whole)


def test_it_is_what_the_formula_says_of_blocks_of_any_size():
    random = np.random.default_rng(1)
    pairs = random.integers(0, 500, 30)
    losses = pairs * random.normal(2.0, 0.3, 30)
    left = losses - losses.sum() / pairs.sum() * pairs
    expected = np.sqrt(np.square(np.diff(left)).sum() / 2 * 30 / 29) / pairs.sum()
    assert_close(error_of(losses, pairs), expected, EXACT)


def test_it_is_how_far_the_means_of_such_blocks_really_scatter():
    random = np.random.default_rng(2)
    means, errors = [], []
    for _ in range(400):
        pairs = random.integers(200, 400, 50)
        losses = random.normal(2.0 * pairs, 20.0)
        means.append(losses.sum() / pairs.sum())
        errors.append(error_of(losses, pairs))
    assert np.std(means) == pytest.approx(np.mean(errors), rel=0.1)


def test_the_fall_of_the_loss_during_an_epoch_is_no_chance():
    pairs = np.full(100, 1_000)
    falling = pairs * np.linspace(4.0, 2.0, 100)
    naive = np.std(falling / pairs) / np.sqrt(100)
    assert error_of(falling, pairs) < 0.03 * naive


def test_too_few_blocks_and_blocks_without_a_scored_pair_tell_nothing():
    assert error_of([2.0] * 9, [1] * 9) is None
    assert error_of([2.0] * 10, [1] * 10) == 0
    assert error_of([0.0] * 20, [0] * 20) is None
