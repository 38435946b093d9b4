"""Searching rows: a loop over all rows and queries in float64 finds the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import FLOAT32, assert_close
from skipgram.vectors.rows import CompactRows
from skipgram.vectors.search import Nearest, RowSearch, SearchSizes

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=40)

seeds = st.integers(0, 2**32)


def cosines(rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    rows, queries = rows.astype(np.float64), queries.astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    lengths[lengths == 0] = 1
    return queries @ (rows / lengths[:, None]).T / np.linalg.norm(queries, axis=1)[:, None]


def assert_nearest(found: Nearest, expected: np.ndarray, k: int) -> None:
    """Raise unless the ids are those of the k largest cosines of each query, near ties aside."""
    for ids, similarities, all_cosines in zip(found.ids, found.similarities, expected, strict=True):
        ids = ids[ids >= 0]
        best = np.sort(all_cosines[all_cosines > -np.inf])[::-1][:k]
        assert len(ids) == len(set(ids.tolist())) == len(best)
        assert_close(similarities[: len(ids)], best, FLOAT32)
        assert_close(all_cosines[ids], best, FLOAT32)


SMALL = SearchSizes(rows_at_once=5, few_queries=1, block_rows=7, block_queries=3, sampled_rows=12)
whatever_the_blocks = pytest.mark.parametrize(
    "sizes", [SMALL, SearchSizes()], ids=["small", "large"]
)


@whatever_the_blocks
@settings(deadline=None, max_examples=40, suppress_health_check=[])
@given(seeds, st.integers(1, 60), st.integers(1, 9), st.integers(1, 12), st.integers(1, 14))
def test_the_nearest_rows_are_those_of_a_loop(sizes, seed, rows, columns, queries, k):
    random = np.random.default_rng(seed)
    matrix = random.standard_normal((rows, columns)).astype(np.float32)
    matrix[random.random(rows) < 0.1] = 0
    asked = random.standard_normal((queries, columns))
    allowed = random.random(rows) < 0.7 if seed % 2 else None
    expected = cosines(matrix, asked)
    expected[:, ~matrix.any(axis=1)] = -np.inf  # a row of zeros has no direction
    if allowed is not None:
        expected[:, ~allowed] = -np.inf
    for threads in (1, 3):
        found = RowSearch(matrix, sizes).nearest(asked, k, allowed=allowed, threads=threads)
        assert found.ids.shape == (queries, k)
        assert_nearest(found, expected, k)


@whatever_the_blocks
def test_equal_cosines_of_many_queries_stand_in_the_order_of_their_ids(sizes):
    rows = np.tile(np.eye(3, dtype=np.float32), (20, 1))
    found = RowSearch(rows, sizes).nearest(np.eye(3)[[0, 2, 0, 1]], 5)
    assert found.ids.tolist() == [[start + 3 * step for step in range(5)] for start in (0, 2, 0, 1)]


@whatever_the_blocks
def test_rows_that_rise_towards_the_query_are_all_looked_at(sizes):
    """The worst order: every row beats all before it."""
    angles = np.linspace(np.pi / 2, 0, 500)
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    found = RowSearch(rows, sizes).nearest(np.array([[1.0, 0], [1, 0.0]]), 4)
    assert found.ids.tolist() == [[499, 498, 497, 496]] * 2


@whatever_the_blocks
@pytest.mark.parametrize("exponent", [-38, -30, -12, 0, 12, 30, 37])
def test_rows_of_any_length_have_their_cosines(sizes, exponent):
    random = np.random.default_rng(3)
    rows = random.uniform(0.5, 1, (40, 6)) * random.choice([-1, 1], (40, 6))
    scaled = (rows * 10.0**exponent).astype(np.float32)
    scaled[::2] = rows[::2]
    asked = random.standard_normal((5, 6))
    expected = cosines(scaled, asked)
    assert_nearest(RowSearch(scaled, sizes).nearest(asked, 10), expected, 10)
    assert_nearest(RowSearch(scaled, sizes).nearest(asked[:1], 10), expected[:1], 10)


@whatever_the_blocks
@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_compact_rows_are_searched_as_the_rows_that_they_are(sizes, precision):
    random = np.random.default_rng(4)
    compact = CompactRows.of(random.standard_normal((60, 8)).astype(np.float32), precision)
    asked = random.standard_normal((6, 8))
    expected = cosines(np.asarray(compact), asked)
    assert_nearest(RowSearch(compact, sizes).nearest(asked, 5), expected, 5)
    assert_nearest(RowSearch(compact, sizes).nearest(asked[:1], 5), expected[:1], 5)


@whatever_the_blocks
def test_lengths_are_worked_out_once(sizes):
    searched = RowSearch(np.ones((4, 2), np.float32), sizes)
    assert searched.inverse_lengths is searched.inverse_lengths
    assert_close(searched.inverse_lengths, np.full(4, 0.5**0.5), FLOAT32)
