"""Counts of some words with some others are those of the whole matrix."""

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from skipgram.corpus.cooccurrence.cutting import cut

SIZE = 9
some_numbers = st.lists(st.integers(0, SIZE - 1), unique=True) | st.tuples(
    st.integers(0, SIZE), st.integers(0, SIZE)
).map(lambda ends: list(range(*ends)))


@given(some_numbers, some_numbers, st.integers(0, 9))
def test_a_cut_has_the_rows_and_columns_in_the_order_asked_for(rows, columns, seed):
    random = np.random.default_rng(seed)
    dense = random.random((SIZE, SIZE)) * (random.random((SIZE, SIZE)) < 0.5)
    found = cut(
        scipy.sparse.csr_matrix(dense), np.array(rows, np.int64), np.array(columns, np.int64)
    )
    np.testing.assert_array_equal(found.toarray(), dense[np.ix_(rows, columns)])
    assert found.has_sorted_indices


@pytest.mark.parametrize("numbers", [[0, 1, 2], [3, 4], []])
def test_numbers_in_a_row_are_cut_without_copying_others(numbers, monkeypatch):
    matrix = scipy.sparse.csr_matrix(np.eye(5))
    asked = []
    monkeypatch.setattr(
        type(matrix), "__getitem__", lambda self, key: asked.append(key) or self, raising=True
    )
    cut(matrix, np.array(numbers, np.int64), np.array(numbers, np.int64))
    assert all(isinstance(part, slice) for key in asked for part in key)
