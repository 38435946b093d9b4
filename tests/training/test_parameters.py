"""The matrices: begun, looked through, and left, all without a second copy of them."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.training.parameters import NUMBERS_AT_ONCE, Parameters, aligned_zeros, padded

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

sizes = st.integers(1, 40)
dims = st.integers(1, 40)
numbers_at_once = st.integers(1, 200)
"""Chunks of a row, of several, and of all."""


def random_parameters(
    vocab_size: int, embedding_dim: int, numbers_at_once: int = NUMBERS_AT_ONCE
) -> Parameters:
    random = np.random.default_rng(1)
    matrices = []
    for _ in range(2):
        matrix = aligned_zeros(vocab_size, padded(embedding_dim), np.float32)
        matrix[:, :embedding_dim] = random.standard_normal((vocab_size, embedding_dim))
        matrices.append(matrix)
    return Parameters(*matrices, embedding_dim, numbers_at_once)


def peak_bytes_of(work: Callable[[], Any]) -> int:
    """The most memory that the work took beside what there was."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@law
@given(sizes, dims, numbers_at_once, st.integers(0, 2**32))
def test_what_vectors_start_with_does_not_depend_on_chunks(
    vocab_size: int, embedding_dim: int, numbers: int, seed: int
) -> None:
    parameters = Parameters.initial(vocab_size, embedding_dim, seed, numbers_at_once=numbers)
    shape = (vocab_size, embedding_dim)
    whole = (np.random.default_rng(seed).random(shape, np.float32) - 0.5) / embedding_dim
    np.testing.assert_array_equal(parameters.center, whole)
    assert not parameters.U.any()


# Without the padding


@law
@given(sizes, dims, numbers_at_once)
def test_compacted_rows_are_the_same_rows_end_to_end(
    vocab_size: int, embedding_dim: int, numbers: int
) -> None:
    parameters = random_parameters(vocab_size, embedding_dim, numbers)
    before = parameters.center.copy(), parameters.outside.copy()
    after = parameters.compacted()
    for rows, expected in zip(after, before, strict=True):
        np.testing.assert_array_equal(rows, expected, strict=True)
        assert rows.flags.c_contiguous


def test_compacted_rows_lie_in_the_memory_that_the_padded_ones_had() -> None:
    parameters = random_parameters(30, 9)
    V, U = parameters.V, parameters.U
    center, outside = parameters.compacted()
    assert center.ctypes.data == V.ctypes.data
    assert outside.ctypes.data == U.ctypes.data


def test_parameters_that_were_compacted_have_no_row_left_to_be_mistaken_for_a_word() -> None:
    parameters = random_parameters(30, 9)
    parameters.compacted()
    assert len(parameters.V) == len(parameters.U) == 0
    assert parameters.center.shape == parameters.outside.shape == (0, 9)
    with pytest.raises(IndexError):
        parameters.center[0]


@pytest.mark.parametrize(("vocab_size", "dim"), [(200_000, 50), (1000, 10_000)])
def test_neither_beginning_nor_looking_nor_compacting_takes_a_second_copy(
    vocab_size: int, dim: int
) -> None:
    few_mb = 12 << 20
    matrices = 2 * vocab_size * padded(dim) * 4
    assert matrices > 6 * few_mb
    begun = peak_bytes_of(lambda: Parameters.initial(vocab_size, dim, 1))
    assert begun <= matrices + few_mb
    parameters = Parameters.initial(vocab_size, dim, 1)
    assert peak_bytes_of(parameters.is_finite) <= few_mb
    assert peak_bytes_of(parameters.compacted) <= few_mb


# Looked through


@law
@given(
    sizes,
    dims,
    numbers_at_once,
    st.sets(st.tuples(st.sampled_from("VU"), st.integers(0, 39), st.integers(0, 39)), max_size=3),
    st.sampled_from([np.nan, np.inf, -np.inf]),
)
def test_the_first_word_that_is_not_finite_is_found(
    vocab_size: int,
    embedding_dim: int,
    numbers: int,
    places: set[tuple[str, int, int]],
    value: float,
) -> None:
    parameters = random_parameters(vocab_size, embedding_dim, numbers)
    words = set()
    for matrix, row, column in places:
        getattr(parameters, matrix)[row % vocab_size, column % embedding_dim] = value
        words.add(row % vocab_size)
    assert parameters.first_not_finite() == min(words, default=None)
    assert parameters.is_finite() == (not words)


def test_infinities_that_cancel_out_are_found() -> None:
    parameters = random_parameters(30, 9)
    parameters.U[[7, 8], 3] = np.inf, -np.inf
    assert parameters.first_not_finite() == 7


def test_large_numbers_whose_sum_is_infinite_are_finite() -> None:
    parameters = random_parameters(30, 9)
    parameters.V[3:9, :9] = np.finfo(np.float32).max
    assert parameters.is_finite()
