"""The quick search gives the answers of the exact one, also where 8 bits would order them wrong."""

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.grouped_vectors import grouped_vectors
from skipgram.explorer import layout
from skipgram.explorer.layout import ShownWords
from skipgram.explorer.quick_kernels import nearly_cosines
from skipgram.explorer.quick_search import BLOCK_ROWS, QuickSearch
from skipgram.vectors.rows import with_precision
from skipgram.vectors.search import RowSearch

QUERIES = 5


def rows_of(count: int, dim: int, seed: int = 1) -> np.ndarray:
    random = np.random.default_rng(seed)
    lengths = np.exp(random.standard_normal((count, 1)))
    return (random.standard_normal((count, dim)) * lengths).astype(np.float32)


def alike(count: int, dim: int) -> np.ndarray:
    """Rows that differ by less than 8 bits can tell: their order there says nothing."""
    random = np.random.default_rng(2)
    same = random.standard_normal(dim)
    return (same + 0.002 * random.standard_normal((count, dim))).astype(np.float32)


def exact_cosines(rows: np.ndarray, queries: np.ndarray) -> np.ndarray:
    """In float64: RowSearch rounds to float32, and orders what it then cannot tell apart by ids."""
    units = [
        wide / np.linalg.norm(wide, axis=1, keepdims=True)
        for wide in (rows.astype(np.float64), queries.astype(np.float64))
    ]
    return units[1] @ units[0].T


def test_the_kernel_multiplies_as_numpy_does():
    random = np.random.default_rng(1)
    blocks = random.integers(-127, 128, (3, 7, BLOCK_ROWS)).astype(np.int8)
    scales = random.random((3, BLOCK_ROWS), np.float32) / 300
    queries = random.standard_normal((4, 7)).astype(np.float32)
    cosines = np.full((4, 3, BLOCK_ROWS), np.nan, np.float32)
    nearly_cosines(blocks, scales, queries, cosines)
    expected = np.einsum("bdr,qd->qbr", blocks.astype(float), queries.astype(float)) * scales
    assert_close(cosines, expected, FLOAT32)


@pytest.mark.parametrize("dim", [1, 3, 50, 100])
@pytest.mark.parametrize("count", [1, 15, BLOCK_ROWS, 2 * BLOCK_ROWS + 1, 9_000])
@pytest.mark.parametrize("k", [1, 15, 200])
def test_its_answers_are_those_of_the_exact_search(count, dim, k):
    rows = rows_of(count, dim)
    if dim == 1:  # then all cosines are 1 or -1, and ids decide
        rows = np.sign(rows)
    queries = rows_of(QUERIES, dim, seed=3)
    found = QuickSearch(rows, np.arange(count)).nearest(queries, k)
    cosines, least = exact_cosines(rows, queries), min(k, count)
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :least]
    assert found.ids.shape == found.similarities.shape == (QUERIES, k)
    assert found.ids[:, :least].tolist() == order.tolist()
    expected = np.take_along_axis(cosines, order, 1)
    assert_close(found.similarities[:, :least], expected, FLOAT32)
    assert (found.ids[:, least:] == -1).all()
    assert (found.similarities[:, least:] == -np.inf).all()


def test_rows_that_8_bits_cannot_tell_apart_are_told_apart():
    rows = alike(6_000, 20)
    queries = rows_of(QUERIES, 20, seed=3)
    search = QuickSearch(rows, np.arange(len(rows)))
    found = search.nearest(queries, 15)
    cosines = exact_cosines(rows, queries)
    assert found.ids.tolist() == np.argsort(-cosines, axis=1, kind="stable")[:, :15].tolist()
    search.largest_error = 0.0
    assert search.nearest(queries, 15).ids.tolist() != found.ids.tolist(), "the test can fail"


def test_equal_rows_come_in_the_order_of_their_ids():
    rows = np.repeat(rows_of(50, 10), 100, axis=0)
    found = QuickSearch(rows, np.arange(len(rows))).nearest(rows[[1234]], 150)
    assert found.ids[0, :100].tolist() == list(range(1200, 1300))
    assert len(set(found.ids[0].tolist())) == 150


def test_no_row_is_further_from_its_8_bits_than_it_says():
    rows = rows_of(3_000, 30)
    rows[7, 0] = 900.0
    search = QuickSearch(rows, np.arange(len(rows)))
    queries = rows[:200].astype(np.float64)
    queries /= np.linalg.norm(queries, axis=1, keepdims=True)
    off = np.abs(search._nearly(queries) - exact_cosines(rows, queries))
    assert off.max() <= search.largest_error + FLOAT32
    assert off.max() > search.largest_error / 20, "no wild guess either"


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_compact_rows_are_searched_too(precision):
    rows = with_precision(rows_of(5_000, 20), precision)
    queries = rows_of(QUERIES, 20, seed=3)
    found = QuickSearch(rows, np.arange(len(rows))).nearest(queries, 15)
    expected = RowSearch(rows).nearest(queries, 15)
    assert found.ids.tolist() == expected.ids.tolist()


@pytest.mark.parametrize("first_words", [None, 90])
def test_only_words_that_are_shown_and_have_a_direction_are_found(monkeypatch, first_words):
    made = grouped_vectors(words=120)
    rows = made.matrix.copy()
    rows[[3, 50]] = 0
    vectors = skipgram.WordVectors.from_arrays(made.words, rows, np.arange(120))  # rising counts
    monkeypatch.setattr(layout, "_QUICK_FROM_NUMBERS", 0)
    quick = ShownWords(vectors, first_words)
    assert quick.quick is not None
    for questions in (1, layout._FEW_QUESTIONS, layout._FEW_QUESTIONS + 1):
        queries = np.resize(rows[[1, 60, 119]], (questions, rows.shape[1]))
        found = quick.nearest(queries, 120)
        expected = quick.search.nearest(queries, 120, allowed=quick.allowed)
        assert found.ids.tolist() == expected.ids.tolist()
        assert found.ids.max() == 119
        assert not {3, 50} & set(found.ids.ravel().tolist())


def test_few_rows_are_searched_without_a_compiler():
    assert ShownWords(grouped_vectors(words=120)).quick is None


def test_rows_whose_copy_would_take_most_of_the_memory_are_searched_where_they_lie(monkeypatch):
    monkeypatch.setattr(layout, "_QUICK_FROM_NUMBERS", 0)
    vectors = grouped_vectors(words=120, dim=8)
    for room, is_copied in ((2 * 120 * 8, True), (2 * 120 * 8 - 2, False), (None, True)):
        monkeypatch.setattr(layout, "available_memory_bytes", lambda room=room: room)
        assert (ShownWords(vectors).quick is not None) == is_copied
