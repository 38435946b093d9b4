"""How alike a set of vectors is: 1 where all point the same way, about 0 where none do."""

import numpy as np
import pytest

import skipgram
from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors
from skipgram.vectors.spread import mean_cosine


def vectors_of(rows: list[list[float]]) -> skipgram.WordVectors:
    words = [f"w{number}" for number in range(len(rows))]
    counts = np.arange(len(rows), 0, -1)
    return skipgram.WordVectors(skipgram.Vocabulary(words, counts), np.array(rows, np.float32))


def test_it_is_the_mean_over_all_pairs_of_different_words():
    vectors = random_vectors(1, vocab_size=40, embedding_dim=5)
    units = np.asarray(vectors.matrix, np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    cosines = (units @ units.T)[~np.eye(40, dtype=bool)]
    assert_close(mean_cosine(vectors), cosines.mean(), 1e-6)


def test_vectors_that_point_the_same_way_are_alike_however_long():
    assert_close(mean_cosine(vectors_of([[1, 2], [2, 4], [3, 6]])), 1.0, 1e-6)
    assert_close(mean_cosine(vectors_of([[1, 0], [-3, 0]])), -1.0, 1e-6)


def test_only_the_most_frequent_words_count():
    vectors = vectors_of([[1, 0], [1, 0], [0, 1]])
    assert_close(mean_cosine(vectors, most_words=2), 1.0, EXACT)
    assert_close(mean_cosine(vectors), 1 / 3, 1e-6)


@pytest.mark.parametrize("rows", [[[1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]], [[0.0, 0.0], [1.0, 0.0]]])
def test_zero_vectors_and_single_words_are_not_alike(rows):
    assert mean_cosine(vectors_of(rows)) == 0
