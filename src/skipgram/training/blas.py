"""NumPy's products on one thread of their own, so that sums do not depend on how many there are."""

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_blas_thread() -> AbstractContextManager[Any]:
    """While it is entered, each product is computed by the thread that asks for it."""
    limited: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limited


@lru_cache
def _controller() -> ThreadpoolController:
    """Looking for the loaded libraries takes a millisecond, so they are looked for once."""
    return ThreadpoolController()
