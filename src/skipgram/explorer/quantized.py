"""Unit rows in 8 bits a number, from which a page computes cosines.

Each row is n = round(u · 127 / max|u|), and a cosine n · m / (|n| |m|): the rows' own lengths,
after rounding, so that only directions are off. No number is off by more than 1/2, so n is
turned away from u by at most an angle of

    arcsin(√d max|u| / 254),

and a cosine of two rows is off by at most the sum of their angles, in radians. That is what a
row with all errors on one side would reach; rounding errors have both signs, and cosines of
vectors of 50 to 300 numbers are off by less than 0.01.
"""

import numpy as np
from numpy.typing import NDArray

LARGEST = 127


def quantized(rows: NDArray[np.floating]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows in 8 bits, and for each 1 / its length in these: shapes (rows, d) and (rows,).

    A row of zeros stays one, and its scale is 0: its cosine with everything is 0.
    """
    wide = np.asarray(rows, np.float64)
    largest = np.abs(wide).max(axis=1, initial=0, keepdims=True)
    numbers = np.rint(wide * (LARGEST / np.where(largest > 0, largest, 1)))
    squares = np.einsum("ij,ij->i", numbers, numbers)
    scales = np.divide(1, np.sqrt(squares), out=np.zeros(len(wide)), where=squares > 0)
    return numbers.astype(np.int8), scales.astype(np.float32)


def largest_angle(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """How far each row, none zero, may be turned by the rounding, in radians: shape (rows,)."""
    unit = np.asarray(rows, np.float64)
    unit = unit / np.linalg.norm(unit, axis=1, keepdims=True)
    sine = np.sqrt(unit.shape[1]) * np.abs(unit).max(axis=1) / (2 * LARGEST)
    return np.asarray(np.arcsin(np.minimum(1, sine)))
