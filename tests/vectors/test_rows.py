"""Compact rows: how far off they may be, and what they refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.vectors.rows import CompactRows

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

# float16 has 11 bits of precision.
HALF = 2.0**-11

seeds = st.integers(0, 2**32)


@law
@given(seeds, st.integers(1, 9), st.integers(1, 9), st.integers(-30, 30))
def test_a_number_of_8_bits_is_off_by_half_a_step_at_most(seed, rows, columns, exponent):
    random = np.random.default_rng(seed)
    matrix = (random.standard_normal((rows, columns)) * 10.0**exponent).astype(np.float32)
    compact = np.asarray(CompactRows.of(matrix, "int8"), np.float64)
    steps = np.abs(matrix).max(axis=1, keepdims=True).astype(np.float64) / 127
    assert (np.abs(compact - matrix) <= steps / 2 * (1 + 1e-5)).all()
    # The largest number of a row keeps its place and, but for rounding, its size.
    largest = np.abs(matrix).argmax(axis=1)
    at = np.arange(rows), largest
    assert_close(compact[at] / matrix[at], np.ones(rows), FLOAT32)


@law
@given(seeds, st.integers(1, 9), st.integers(1, 9))
def test_a_number_of_16_bits_is_off_by_its_last_bit_at_most(seed, rows, columns):
    matrix = np.random.default_rng(seed).standard_normal((rows, columns)).astype(np.float32)
    compact = np.asarray(CompactRows.of(matrix, "float16"))
    assert (np.abs(compact - matrix) <= HALF * np.abs(matrix) + 1e-7).all()


def test_a_row_of_zeros_stays_one():
    compact = CompactRows.of(np.array([[0, 0], [0, 5]], np.float32), "int8")
    assert np.asarray(compact).tolist() == [[0, 0], [0, 5]]


def test_compact_rows_are_asked_for_as_an_array_is():
    matrix = np.arange(12, dtype=np.float32).reshape(4, 3)
    for precision in ("int8", "float16"):
        compact = CompactRows.of(matrix, precision)
        whole = np.asarray(compact)
        assert whole.dtype == np.float32
        assert (compact.shape, compact.ndim, len(compact)) == ((4, 3), 2, 4)
        for key in (2, np.int64(1), slice(1, 3), [3, 0], np.array([2, 2])):
            assert_close(compact[key], whole[key], EXACT)
            assert compact[key].dtype == np.float32
        with pytest.raises(ValueError, match="copying"):
            np.array(compact, copy=False)


def test_numbers_that_16_bits_do_not_hold_are_refused_with_their_row():
    with pytest.raises(FormatError, match=r"^row 1 has a number that float16 cannot hold; "):
        CompactRows.of(np.array([[1], [7e4]], np.float32), "float16")


@pytest.mark.parametrize("number", [np.inf, np.nan])
@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_numbers_that_are_none_are_refused(number, precision):
    with pytest.raises(FormatError, match=f"^row 0 has a number that {precision} cannot hold; "):
        CompactRows.of(np.array([[number, 1]], np.float32), precision)


@pytest.mark.parametrize("precision", ["float16", "int8"])
def test_compact_vectors_are_saved_loaded_and_asked_as_others_are(tmp_path, precision):
    vectors = random_vectors(1, vocab_size=200, embedding_dim=30)
    compact = vectors.compact(precision)
    compact.save(tmp_path / "vectors")
    loaded = skipgram.load(tmp_path / "vectors")
    assert loaded.precision == compact.precision == precision
    assert_close(loaded.matrix, compact.matrix, EXACT)
    assert_close(np.asarray(loaded.outside), np.asarray(compact.outside), EXACT)
    assert_close(loaded["w5"], compact.matrix[5], EXACT)
    assert loaded.most_similar("w5", k=3) == compact.most_similar("w5", k=3)
    found = [near.word for near in loaded.most_similar("w5", k=3)]
    assert found[0] == vectors.most_similar("w5")[0].word
    vectors.save(tmp_path / "whole")
    size, whole = (
        (tmp_path / name / "vectors.safetensors").stat().st_size for name in ("vectors", "whole")
    )
    assert size < whole * (0.52 if precision == "float16" else 0.31)


def test_compact_vectors_become_float32_again():
    vectors = random_vectors(1, vocab_size=5, embedding_dim=3)
    again = vectors.compact("int8").compact("float32")
    assert again.precision == "float32"
    assert_close(again.matrix, vectors.compact("int8").matrix, EXACT)
    assert np.shares_memory(vectors.compact("float32").center, vectors.center)


def test_another_precision_is_refused():
    with pytest.raises(SettingsError) as caught:
        vectors_of({"a": [1]}).compact("int4")
    assert str(caught.value) == "precision 'int4' is not one of: float32, float16, int8"
