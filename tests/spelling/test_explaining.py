"""How much n-grams say: as a dense regression says it, and nothing where there is nothing."""

import numpy as np
import pytest

from helpers.comparison import assert_close
from helpers.handmade_vectors import inflected_vectors
from skipgram.equations import spelling as equations
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.explaining import (
    LEAST_EXPLAINED,
    explained_share,
    held_out_of,
    says_something,
)
from skipgram.spelling.incidence import Incidence

LENGTHS = NgramRange(3, 6)


def test_the_share_is_that_of_a_dense_regression():
    vectors = inflected_vectors()
    V = vectors.center.astype(np.float64)
    _, A = Incidence.of(vectors.words, LENGTHS)
    dense = A.B.toarray() * A.scales[:, np.newaxis]
    for penalty in (1.0, 10.0):
        expected = equations.explained_variance(dense, V, penalty, held_out_of(len(V)))
        assert_close(explained_share(A, V, penalty), expected, 1e-3)


@pytest.mark.parametrize("words", [0, 1, 2, 3, 9, 10, 39, 99, 100, 101, 1000])
def test_every_20th_word_is_held_out_and_of_few_words_every_second_at_most(words):
    held = held_out_of(words)
    assert held.sum() == words // min(20, max(2, words // 5))
    assert not held[:1].any()
    assert held.sum() <= words / 2


def test_endings_explain_much_and_numbers_of_nodes_nothing():
    random = np.random.default_rng(1)
    vectors = inflected_vectors()
    _, A = Incidence.of(vectors.words, LENGTHS)
    assert explained_share(A, vectors.center, 0.1) > 0.5
    numbers = [str(number) for number in random.permutation(9_000)[:2_000]]
    _, A = Incidence.of(numbers, LENGTHS)
    rows = random.standard_normal((len(numbers), 8)).astype(np.float32)
    for V in (rows, rows + 3):  # with a common mean too
        assert explained_share(A, V, 1.0) < LEAST_EXPLAINED


def test_what_cannot_be_told_is_nothing():
    _, A = Incidence.of(["walks"], NgramRange(1, 3), 1)
    assert explained_share(A, np.ones((1, 2)), 1.0) == 0
    _, A = Incidence.of(["walks", "walked"], LENGTHS)
    assert explained_share(A, np.ones((2, 2)), 1.0) == 0  # no variance


def test_a_share_at_the_border_says_nothing():
    assert not says_something(LEAST_EXPLAINED)
    assert not says_something(-1)
    assert says_something(LEAST_EXPLAINED + 1e-6)
