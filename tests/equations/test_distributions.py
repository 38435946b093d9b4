"""Which words are drawn, and which are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from helpers.random_models import counts, law
from skipgram.equations import (
    keep_probability,
    noise_distribution,
)
from skipgram.errors import SettingsError


@law
@given(counts, st.floats(-2, 2))
def test_the_noise_is_a_distribution_over_the_words_that_occur(counts, exponent):
    noise = noise_distribution(counts, exponent)
    assert_close(noise.sum(), 1.0, EXACT)
    assert ((noise > 0) == (np.array(counts) > 0)).all()


@law
@given(counts)
def test_the_noise_exponent_runs_from_uniform_to_the_words_own_frequencies(counts):
    counts = np.array(counts)
    occurs = counts > 0
    assert_close(noise_distribution(counts, 0), occurs / occurs.sum(), EXACT)
    assert_close(noise_distribution(counts, 1), counts / counts.sum(), EXACT)
    powers = counts**0.75
    assert_close(noise_distribution(counts, 0.75), powers / powers.sum(), EXACT)


@law
@given(counts, st.floats(-2, 2), st.integers(1, 1000))
def test_the_noise_of_a_longer_text_with_the_same_shares_is_the_same(counts, exponent, times):
    longer = noise_distribution(np.array(counts) * times, exponent)
    assert_close(longer, noise_distribution(counts, exponent), EXACT)


def test_counts_beyond_what_a_power_can_hold_still_make_a_noise():
    assert_close(noise_distribution([1e200, 1e200, 1.0], 5), np.array([0.5, 0.5, 0.0]), EXACT)


@law
@given(counts, st.floats(1e-8, 1))
def test_the_keep_probability_is_the_formula_of_word2vec(counts, threshold):
    occurring = np.array([count for count in counts if count])
    f = occurring / occurring.sum()
    expected = np.minimum(1, (np.sqrt(f / threshold) + 1) * threshold / f)
    assert_close(keep_probability(occurring, threshold), expected, EXACT)


@law
@given(counts, st.floats(1e-300, 1))
def test_the_more_frequent_word_is_kept_the_less(counts, threshold):
    keep = keep_probability(counts, threshold)
    assert ((keep > 0) & (keep <= 1)).all()
    assert (np.diff(keep[np.argsort(counts)]) <= 0).all()


@law
@given(counts)
def test_threshold_zero_keeps_everything(counts):
    assert (keep_probability(counts, 0) == 1).all()


def test_words_are_always_kept_up_to_the_golden_ratio_squared():
    golden = ((1 + np.sqrt(5)) / 2) ** 2
    share = 0.2
    keep = keep_probability([share, 1 - share], share / golden)
    assert_close(keep[0], 1.0, EXACT)
    assert keep_probability([share, 1 - share], 0.999 * share / golden)[0] < 1
    assert keep_probability([share, 1 - share], 1.001 * share / golden)[0] == 1


@pytest.mark.parametrize("function", [noise_distribution, keep_probability])
@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([3, 1, -2], "word 2 has the count -2.0: give 0 or more"),
        ([3, np.nan], "word 1 has the count nan: give 0 or more"),
        ([0, 0, 0], "none of the 3 counts is above 0: no word ever occurs"),
        ([], "none of the 0 counts is above 0: no word ever occurs"),
    ],
)
def test_counts_that_are_no_counts_are_refused(function, counts, message):
    with pytest.raises(SettingsError, match=message):
        function(counts, 0.5)


@pytest.mark.parametrize("threshold", [-0.1, np.nan, np.inf])
def test_a_threshold_that_is_no_share_is_refused(threshold):
    with pytest.raises(SettingsError, match=f"subsample threshold is {threshold}: give a number"):
        keep_probability([1, 2], threshold)


@pytest.mark.parametrize("exponent", [np.nan, np.inf])
def test_a_noise_exponent_that_is_no_number_is_refused(exponent):
    with pytest.raises(SettingsError, match=f"the noise exponent is {exponent}: give a finite"):
        noise_distribution([1, 2], exponent)
