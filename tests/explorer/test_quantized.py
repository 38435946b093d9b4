"""Rows in 8 bits: cosines are off by no more than is said."""

import numpy as np
import pytest

from helpers.comparison import FLOAT32, assert_close
from skipgram.explorer.quantized import largest_angle, quantized


def cosines_of(rows: np.ndarray) -> np.ndarray:
    numbers, scales = quantized(rows)
    wide = numbers.astype(np.float64)
    return (wide @ wide.T) * scales[:, None] * scales


def unit_of(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("dim", [1, 2, 50, 100, 300])
@pytest.mark.parametrize("tail", ["normal", "one large number"])
def test_a_cosine_is_off_by_no_more_than_the_angles_of_both(dim, tail):
    random = np.random.default_rng(dim)
    rows = random.standard_normal((200, dim))
    if tail == "one large number":
        rows[:, 0] *= 30
    unit = unit_of(rows)
    angles = largest_angle(unit)
    off = np.abs(cosines_of(unit) - unit @ unit.T)
    assert (off <= angles[:, None] + angles + FLOAT32).all()
    numbers, _ = quantized(unit)
    turned = np.arccos(np.clip((unit_of(numbers.astype(float)) * unit).sum(axis=1), -1, 1))
    assert (turned <= angles + 1e-7).all()


@pytest.mark.parametrize("dim", [50, 100, 300])
def test_cosines_of_usual_vectors_are_off_by_less_than_a_hundredth(dim):
    unit = unit_of(np.random.default_rng(dim).standard_normal((500, dim)))
    assert np.abs(cosines_of(unit) - unit @ unit.T).max() < 0.01


def test_a_row_fills_its_8_bits_and_its_scale_is_1_by_its_length():
    numbers, scales = quantized(unit_of(np.array([[3.0, -4.0], [1.0, 0.0]])))
    assert numbers.tolist() == [[95, -127], [127, 0]]
    assert_close(scales, [1 / np.hypot(95, 127), 1 / 127], FLOAT32)


def test_a_row_of_zeros_has_cosine_0_with_everything():
    numbers, scales = quantized(np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert numbers.tolist() == [[0, 0], [127, 127]]
    assert scales[0] == 0
    assert cosines_of(np.array([[0.0, 0.0], [1.0, 1.0]]))[0].tolist() == [0, 0]
