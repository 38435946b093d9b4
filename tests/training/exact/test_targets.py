"""Counts to a power, row by row: shares, weights, and the floor of the loss."""

import numpy as np
import pytest
import scipy.sparse

from helpers.comparison import EXACT, assert_close
from helpers.exact_problems import random_counts
from skipgram.equations.corpora import softmax_floor
from skipgram.training.exact.targets import Targets


@pytest.mark.parametrize("at_once", [1, 7, 1 << 22])
@pytest.mark.parametrize("power", [1.0, 0.75])
def test_shares_and_weights_are_those_of_powered_counts_however_they_are_cut(power, at_once):
    counts = random_counts(20, 0.3)
    counts[7] = 0
    powered, matrix = counts**power, scipy.sparse.csr_matrix(counts)
    targets = Targets.of(matrix, power, np.float64, at_once)
    n = powered.sum(axis=1)
    assert_close(targets.center_weights, n, EXACT)
    assert_close(targets.outside_weights, powered.sum(axis=0), EXACT)
    assert_close(targets.shares, (powered / np.maximum(n, 1e-300)[:, None])[counts > 0], EXACT)
    assert_close(targets.floor, softmax_floor(powered) / n.sum(), EXACT)
    assert_close(targets.pairs, n.sum(), EXACT)


def test_a_weight_of_zero_that_is_stored_is_as_good_as_none():
    stored = scipy.sparse.csr_matrix([[1.0, 2.0, 4.0], [8.0, 8.0, 8.0]])
    stored.data[2:] = 0.0
    targets = Targets.of(stored, 0.75)
    assert targets.center_weights[1] == 0
    assert np.isfinite(targets.shares).all()
    assert_close(
        targets.floor, Targets.of(scipy.sparse.csr_matrix([[1.0, 2.0]]), 0.75).floor, EXACT
    )


def test_an_outside_word_without_a_pair_counts_as_half_the_rarest_one():
    targets = Targets.of(scipy.sparse.csr_matrix([[0.0, 4.0, 2.0], [0.0, 2.0, 0.0]]), 1.0)
    assert_close(targets.outside_shares, np.array([1, 6, 2]) / 9, EXACT)
