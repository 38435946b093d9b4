"""The equations of spelling against the complex step, and against their laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import COMPLEX_STEP, EXACT, assert_close
from helpers.random_models import complex_step
from skipgram.equations.corpora import CorpusGradients, with_prior
from skipgram.equations.spelling import (
    explained_variance,
    spelling_matrix,
    spelling_table,
    with_spelling_prior,
)

WORDS = ["talo", "talossa", "talot", "auto", "autossa", "autot", "x"]
PRIOR, PENALTY = 3.0, 0.7


def drawn(seed: int, dim: int = 3):
    random = np.random.default_rng(seed)
    _, A = spelling_matrix(WORDS, 2, 4)
    V, U = random.standard_normal((2, len(WORDS), dim))
    return V, U, random.standard_normal((A.shape[1], dim)), A


def nothing(V, U):
    return CorpusGradients(0.0, np.zeros_like(V), np.zeros_like(U))


@given(st.integers(0, 2**32))
def test_the_gradients_of_the_spelling_prior_are_the_complex_step(seed):
    V, U, G, A = drawn(seed)
    found = with_spelling_prior(nothing(V, U), V, U, G, A, PRIOR, PENALTY)
    matrices, gradients = [V, U, G], (found.center, found.outside, found.table)
    for place, gradient in enumerate(gradients):

        def loss(moved, place=place):
            V, U, G = (moved if at == place else of for at, of in enumerate(matrices))
            return with_spelling_prior(nothing(V, U), V, U, G, A, PRIOR, PENALTY).loss

        assert_close(complex_step(loss, matrices[place]), gradient, COMPLEX_STEP)


def test_the_table_of_the_regression_is_where_the_gradient_by_it_vanishes():
    V, U, _, A = drawn(1)
    G = spelling_table(A, V, PENALTY)
    found = with_spelling_prior(nothing(V, U), V, U, G, A, PRIOR, PENALTY)
    assert_close(found.table, np.zeros_like(G), EXACT, relative=False)


def test_a_table_of_zeros_leaves_the_prior_as_it_was():
    V, U, G, A = drawn(1)
    found = with_spelling_prior(nothing(V, U), V, U, 0 * G, A, PRIOR, PENALTY)
    plain = with_prior(nothing(V, U), V, U, PRIOR)
    assert_close(found.loss, plain.loss, EXACT)
    assert_close(found.center, plain.center, EXACT)
    assert_close(found.outside, plain.outside, EXACT)


def test_what_spelling_says_of_a_word_is_shorter_than_its_longest_ngram_allows():
    _, _, G, A = drawn(1)
    k = (A > 0).sum(axis=1)
    longest = np.linalg.norm(G, axis=1).max()
    assert (np.linalg.norm(A @ G, axis=1) <= np.sqrt(k) * longest).all()


@pytest.mark.parametrize(("noise", "least", "most"), [(0.0, 0.5, 1.0), (1e3, -0.5, 0.2)])
def test_spelling_explains_what_is_made_of_it_and_nothing_of_noise(noise, least, most):
    random = np.random.default_rng(1)
    stems, endings = ["talo", "auto", "kala", "pallo", "katu"], ["", "ssa", "t", "lla", "sta"]
    words = [stem + ending for stem in stems for ending in endings]
    _, A = spelling_matrix(words, 2, 4)
    V = A @ random.standard_normal((A.shape[1], 50)) + noise * random.standard_normal((25, 50))
    held_out = np.arange(25) % 5 == np.arange(25) // 5
    assert least < explained_variance(A, V, 0.1, held_out) <= most
