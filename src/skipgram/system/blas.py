"""NumPy's products on one thread, even if BLAS would use more.

OpenBLAS hands a large product to threads that wait for each other in a loop. If other work uses the
cores, each product waits until the system has run all of these threads, which takes longer than the
product. And sums depend on the number of threads.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController

SMALL_PRODUCT = 1 << 18
"""Multiplications of a product of matrices that OpenBLAS does on one thread, at most."""


class _Limit:
    """How many have asked for one thread; the last to leave gives the others back.

    The number of BLAS's threads is one for the whole process: were each to put back what it
    found, two at once could leave it at one for good.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holders = 0
        self._limit: Any = None

    def enter(self) -> None:
        with self._lock:
            if self._holders == 0:
                self._limit = _controller().limit(limits=1, user_api="blas")
            self._holders += 1

    def leave(self) -> None:
        with self._lock:
            self._holders -= 1
            if self._holders == 0:
                self._limit.restore_original_limits()


_LIMIT = _Limit()


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """While it is entered, each product is computed by the thread that asks for it."""
    _LIMIT.enter()
    try:
        yield
    finally:
        _LIMIT.leave()


@lru_cache
def _controller() -> "ThreadpoolController":
    """Looking for the loaded libraries takes a millisecond, so they are looked for once."""
    from threadpoolctl import ThreadpoolController  # a single query does without

    return ThreadpoolController()


def product_on_one_thread(
    rows: NDArray[np.float32], columns: NDArray[np.float32], out: NDArray[np.float32]
) -> None:
    """Fill `out` with rows @ columns, without a limit on anyone else's products.

    NumPy takes a stack of small products one by one, and BLAS computes each of
    them on the thread that asks for it.

    rows: shape (rows, dim), contiguous. columns: (dim, queries), quickest where
    contiguous. out: (rows, queries).
    """
    dim, queries = columns.shape
    at_once = max(1, SMALL_PRODUCT // max(1, dim * queries))
    at_once = at_once // 4 * 4 or at_once  # the rows that BLAS takes together
    whole = len(rows) // at_once * at_once
    stack = rows[:whole].reshape(-1, at_once, dim)
    np.matmul(stack, columns, out=out[:whole].reshape(-1, at_once, queries))
    np.matmul(rows[whole:], columns, out=out[whole:])
