"""The matrices of a training that goes on: old rows as they were, new ones as at any start."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.errors import FormatError
from skipgram.training.parameters import Parameters

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

dims = st.integers(1, 20)


def matrices(words: int, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """Center and outside vectors at unit scale."""
    center, outside = np.random.default_rng(1).standard_normal((2, words, dim), np.float32)
    return center, outside


def continued_parameters(center, outside, vocab_size, seed, **options):
    """Those of a start, with the rows from before."""
    dim = 2 if center.ndim < 2 else center.shape[1]
    parameters = Parameters.initial(vocab_size, dim, seed, **options)
    parameters.begin_with(center, outside)
    return parameters


@law
@given(st.integers(0, 9), st.integers(0, 9), dims, st.integers(0, 2**63 - 1), st.integers(1, 64))
def test_old_rows_stay_and_new_ones_are_those_of_any_start(old, new, dim, seed, at_once):
    center, outside = matrices(old, dim)
    fresh = Parameters.initial(old + new, dim, seed)
    continued = continued_parameters(center, outside, old + new, seed, numbers_at_once=at_once)
    np.testing.assert_array_equal(continued.center[:old], center)
    np.testing.assert_array_equal(continued.outside[:old], outside)
    np.testing.assert_array_equal(continued.V[old:], fresh.V[old:])
    np.testing.assert_array_equal(continued.U[old:], 0)
    assert (np.abs(continued.center[old:]) <= 0.5 / dim).all()
    assert not continued.V[:, dim:].any()
    assert not continued.U[:, dim:].any()
    assert continued.V.dtype == continued.U.dtype == np.float32


def test_matrices_in_a_file_are_left_as_they_were(tmp_path: Path):
    center, outside = matrices(5, 3)
    np.save(tmp_path / "center.npy", center)
    mapped = np.load(tmp_path / "center.npy", mmap_mode="r")
    continued = continued_parameters(mapped, outside, 6, seed=1)
    continued.V[:] = continued.U[:] = 7
    np.testing.assert_array_equal(np.load(tmp_path / "center.npy"), center)
    np.testing.assert_array_equal(outside, matrices(5, 3)[1])


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("which", [0, 1])
def test_a_number_that_is_not_finite_is_refused_with_its_row(which, number):
    both = matrices(5, 3)
    both[which][3, 2] = number
    with pytest.raises(FormatError) as caught:
        continued_parameters(*both, vocab_size=6, seed=1, numbers_at_once=6)  # two rows
    assert str(caught.value) == (
        f"{('center', 'outside')[which]}: row 3 (from 0) holds {number}, which is not finite; the "
        "vectors are damaged and cannot be trained further"
    )


@pytest.mark.parametrize(
    ("center", "outside", "vocab_size"), [((3, 2), (3, 4), 3), ((3, 2), (3, 2), 2), ((3,), (3,), 3)]
)
def test_shapes_that_do_not_fit_together_are_refused(center, outside, vocab_size):
    with pytest.raises(FormatError, match=r"center has shape .* for \d words at most$"):
        continued_parameters(
            np.zeros(center, np.float32), np.zeros(outside, np.float32), vocab_size, seed=1
        )
