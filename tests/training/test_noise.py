"""The alias table draws the noise distribution, and never the outside word."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comparison import assert_close
from skipgram.equations import noise_distribution
from skipgram.errors import SettingsError
from skipgram.randomness import draw, position_stream
from skipgram.training.noise import SHARE_BITS, Noise

# Each slot rounds its share to 2^-24 of a slot.
SHARES = 2.0**-SHARE_BITS

counts_of_words = st.lists(st.integers(1, 10**9), min_size=2, max_size=200)


@given(counts_of_words, st.sampled_from([-1.0, 0.0, 0.75, 1.0, 2.0]))
def test_the_slots_of_each_word_add_up_to_its_probability(
    counts: list[int], exponent: float
) -> None:
    noise = Noise.of(np.array(counts), exponent)
    shares = noise.table[:, 0] / 2**SHARE_BITS
    total = np.zeros(len(counts))
    np.add.at(total, np.arange(len(counts)), shares)
    np.add.at(total, noise.table[:, 1], 1 - shares)
    expected = noise_distribution(counts, exponent)
    assert_close(total / len(counts), expected, SHARES, relative=False)


@given(counts_of_words, st.integers(0, 2**64 - 1))
def test_any_64_bits_pick_a_word(counts: list[int], bits: int) -> None:
    assert 0 <= Noise.of(np.array(counts), 0.75).pick(bits) < len(counts)


@given(counts_of_words, st.integers(0, 2**64 - 1), st.data())
def test_no_negative_is_the_outside_word(
    counts: list[int], stream: int, data: st.DataObject
) -> None:
    outside = data.draw(st.integers(0, len(counts) - 1))
    negatives = Noise.of(np.array(counts), 0.75).negatives(stream, outside, 20)
    assert len(negatives) == 20
    assert outside not in negatives


def test_draws_have_the_frequencies_of_the_distribution() -> None:
    noise = Noise.of(np.array([1, 2, 3, 10]), 1.0)
    stream, draws = position_stream(7, 0), 40_000
    picked = np.bincount([noise.pick(draw(stream, number)) for number in range(draws)])
    # Five standard deviations of a share near 1/2.
    assert_close(picked / draws, noise.probabilities, 5 * 0.5 / draws**0.5, relative=False)


def test_beside_the_outside_word_the_conditional_distribution_is_drawn() -> None:
    noise = Noise.of(np.array([10**15, 1, 3]), 1.0)
    stream, draws = position_stream(8, 0), 10_000
    picked = [noise.pick_beside(0, draw(stream, number)) for number in range(draws)]
    assert_close(picked.count(1) / draws, 0.25, 5 * 0.5 / draws**0.5, relative=False)


def test_noise_that_lies_on_one_word_alone_is_refused_with_that_word() -> None:
    with pytest.raises(SettingsError, match=r"noise_exponent 8 all negatives .* id 1;"):
        Noise.of(np.array([1, 10**50, 1], dtype=np.float64), 8)
