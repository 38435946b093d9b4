"""The one comparison of numbers in these tests. It raises, and its tolerances have reasons."""

from typing import Any

import numpy as np

# The complex step subtracts nothing, so its own error is float64's rounding, 1e-16. The room
# above that is for sums of some hundred terms, added in another order.
COMPLEX_STEP = 1e-11

# Two float64 computations of one formula, their sums taken in different orders.
EXACT = 1e-12

# Float32 resolves 6e-8; a score, its logistic function and an update add up some hundred such
# roundings.
FLOAT32 = 2e-5


def assert_close(
    actual: Any, expected: Any, tolerance: float, *, relative: bool = True, message: str = ""
) -> None:
    """Raise unless the shapes are equal and no entry is off by more than the tolerance.

    An entry may be off by tolerance * (1 + |expected|), with relative=False by the tolerance
    itself: so a number is held against one that was printed to a known last digit. nan is
    close to nothing.
    """
    actual, expected = np.asarray(actual), np.asarray(expected)
    # assert_allclose would stretch a scalar or a row to the other's shape.
    assert actual.shape == expected.shape, (
        f"shape {actual.shape}, expected {expected.shape} {message}"
    )
    np.testing.assert_allclose(
        actual,
        expected,
        rtol=tolerance if relative else 0,
        atol=tolerance,
        equal_nan=False,
        err_msg=message,
    )
