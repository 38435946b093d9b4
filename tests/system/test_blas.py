"""Products on one thread: the same numbers, and BLAS's threads as they were afterwards."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from helpers.comparison import FLOAT32, assert_close
from skipgram.system.blas import SMALL_PRODUCT, one_blas_thread, product_on_one_thread


def blas_threads() -> list[int]:
    return [
        library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"
    ]


def products(rows: int, dim: int, queries: int, seed: int = 0) -> tuple[Any, Any]:
    """What is computed, and what it should be."""
    random = np.random.default_rng(seed)
    matrix = random.standard_normal((rows, dim), np.float32) / np.float32(dim**0.5)
    columns = random.standard_normal((dim, queries), np.float32)
    out = np.full((rows, queries), np.nan, np.float32)
    product_on_one_thread(matrix, columns, out)
    return out, matrix.astype(np.float64) @ columns


@given(
    rows=st.one_of(st.integers(0, 50), st.integers(0, 3000)),
    dim=st.one_of(st.integers(1, 60), st.sampled_from([300, 1000, 2047, 2048, 9000])),
    queries=st.integers(1, 70),
    seed=st.integers(0, 99),
)
def test_the_product_is_that_of_all_rows(rows, dim, queries, seed):
    found, expected = products(min(rows, 300_000 // dim), dim, queries, seed)
    assert_close(found, expected, FLOAT32)


@pytest.mark.parametrize("dim", [1, 50, 300, 1000, 3000, 8192])
@pytest.mark.parametrize("queries", [1, 32])
def test_no_product_is_large_enough_for_threads_of_blas(dim, queries, monkeypatch):
    taken = []
    matmul = np.matmul

    def noted(rows, columns, out):
        taken.append(rows.shape[-2] * columns.size)
        return matmul(rows, columns, out=out)

    monkeypatch.setattr(np, "matmul", noted)
    products(1001, dim, queries)
    assert len(taken) == 2
    assert max(taken) <= SMALL_PRODUCT


TWO_THREADS = """
import threading
from concurrent.futures import ThreadPoolExecutor
import numpy
from threadpoolctl import threadpool_info
from skipgram.system.blas import one_blas_thread

def now():
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]

first_left, second_entered, before = threading.Event(), threading.Event(), now()

def first():
    with one_blas_thread():
        assert second_entered.wait(10)
    first_left.set()

def second():
    with one_blas_thread():
        second_entered.set()
        assert first_left.wait(10)
        return now()

with ThreadPoolExecutor(2) as pool:
    held, _ = pool.submit(second), pool.submit(first).result()
assert held.result() == [1] * len(before), held.result()
assert now() == before, now()
"""


def test_of_several_threads_the_last_to_leave_gives_blas_its_threads_back():
    # In a process of its own: where the main thread has once set a limit, some versions of
    # OpenBLAS ignore what others set.
    subprocess.run([sys.executable, "-c", TWO_THREADS], check=True, timeout=30)


def test_an_error_gives_blas_its_threads_back():
    before = blas_threads()
    with pytest.raises(ZeroDivisionError), one_blas_thread():
        raise ZeroDivisionError
    assert blas_threads() == before
