"""The alias table draws the noise distribution, and never the outside word."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from helpers.comparison import EXACT, assert_close
from skipgram.equations import noise_distribution
from skipgram.equations.draws import draw, position_stream
from skipgram.errors import SettingsError
from skipgram.training.noise import SHARE_BITS, Noise, _alias_table

FULL = 1 << SHARE_BITS

# Every probability is rounded to a whole share, of which there are 2^24 a word; what that leaves,
# half a share a word at most, goes to the most probable word.
HALF_A_SHARE = 2.0 ** -(SHARE_BITS + 1)

counts_of_words = st.lists(st.integers(1, 10**9), min_size=2, max_size=200)


@st.composite
def any_counts(draw: st.DrawFn) -> list[int]:
    """Counts of any shape: all alike, a few that hold nearly all, words that were never seen."""
    count = st.integers(0, 3) | st.integers(0, 10**9) | st.just(10**9)
    counts = draw(st.lists(count, min_size=2, max_size=200))
    return [*counts, 1, draw(st.integers(1, 10**12))]


def slots_of_each_word(table: NDArray[np.int32]) -> NDArray[np.int64]:
    """Shape (vocab_size,): the shares of all slots that pick each word."""
    kept = table[:, 0].astype(np.int64)
    shares = np.zeros(len(table), np.int64)
    np.add.at(shares, np.arange(len(table)), kept)
    np.add.at(shares, table[:, 1], FULL - kept)
    return shares


@given(any_counts(), st.sampled_from([-1.0, 0.0, 0.75, 1.0, 2.0]))
def test_the_slots_of_each_word_add_up_to_its_probability(
    counts: list[int], exponent: float
) -> None:
    noise = Noise.of(np.array(counts), exponent)
    assert noise.table[:, 0].min() >= 0
    assert noise.table[:, 0].max() <= FULL
    found = slots_of_each_word(noise.table) / (FULL * len(counts))
    expected = noise_distribution(counts, exponent)
    assert_close(found, expected, HALF_A_SHARE, relative=False)
    others = np.arange(len(counts)) != expected.argmax()
    beside = HALF_A_SHARE / len(counts) * (1 + EXACT)
    assert_close(found[others], expected[others], beside, relative=False)


def test_a_word_that_was_never_seen_is_in_no_slot() -> None:
    table = Noise.of(np.array([5, 0, 1, 0, 0, 7]), 0.75).table
    assert slots_of_each_word(table)[[1, 3, 4]].tolist() == [0, 0, 0]


def test_a_slot_that_is_filled_by_several_of_the_rich_passes_on_what_is_missing() -> None:
    # In slots: 1/2, 5/4, 5/4, 1. The gap of 1/2 takes all that 1 can spare and more of it; 2 mends
    # that. Slot 3 is exactly full.
    table = _alias_table(np.array([0.5, 1.25, 1.25, 1.0]) / 4)
    assert (table[:, 0] / FULL).tolist() == [0.5, 0.75, 1, 1]
    assert table[:2, 1].tolist() == [1, 2]


def test_a_million_words_need_no_more_than_a_few_arrays() -> None:
    probabilities = noise_distribution(np.arange(1_000_000, 0, -1), 0.75)
    tracemalloc.start()
    table = _alias_table(probabilities)
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes <= 10 * probabilities.nbytes
    wanted = probabilities * len(table) * FULL
    assert np.abs(slots_of_each_word(table) - wanted)[1:].max() <= 0.5


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
