"""Intervals against SciPy's, against known truth, and where there is nothing to tell."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import bootstrap, norm, t

from skipgram.evaluation.resampling import (
    FEWEST_UNITS,
    LEAST_P,
    Interval,
    Numbers,
    estimates,
    shown,
)
from skipgram.evaluation.similarity import RatedCosines

law = settings(deadline=None, max_examples=30)


@dataclass
class Mean:
    """Of some values; and twice as much."""

    values: Numbers
    strata: NDArray[np.intp] | None = None

    @property
    def units(self) -> int:
        return len(self.values)

    def __call__(self, weights: Numbers) -> Numbers:
        mean = weights @ self.values / weights.sum(axis=1)
        return np.stack([mean, 2 * mean])


def cosines_and_ratings(seed: int, pairs: int, correlation: float) -> RatedCosines:
    x, noise = np.random.default_rng(seed).standard_normal((2, pairs))
    places = np.arange(pairs)
    return RatedCosines(places, places, x, correlation * x + math.sqrt(1 - correlation**2) * noise)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_interval_is_that_of_scipy_with_the_ends_of_student_s_t(seed):
    values = np.random.default_rng(seed).exponential(size=60)
    end = math.sqrt(60 / 59) * t.ppf(0.975, 59)
    ours, twice = estimates(Mean(values), 20_000)
    theirs = bootstrap(
        (values,),
        np.mean,
        n_resamples=20_000,
        method="BCa",
        rng=seed,
        confidence_level=2 * norm.cdf(end) - 1,
    ).confidence_interval
    assert ours.value == pytest.approx(values.mean())
    spread = theirs.high - theirs.low
    assert abs(ours.interval.low - theirs.low) < 0.02 * spread
    assert abs(ours.interval.high - theirs.high) < 0.02 * spread
    assert twice.interval.low == pytest.approx(2 * ours.interval.low)


def test_the_same_seed_gives_the_same_interval_and_another_one_a_near_one():
    mean = Mean(np.random.default_rng(1).standard_normal(50))
    assert estimates(mean) == estimates(mean)
    one, other = estimates(mean)[0].interval, estimates(mean, seed=2)[0].interval
    assert one != other
    assert one.low == pytest.approx(other.low, abs=0.05)


@law
@given(st.integers(0, 2**32), st.integers(FEWEST_UNITS, 60), st.floats(0.5, 3), st.floats(-2, 2))
def test_an_interval_moves_and_grows_with_the_score(seed, units, factor, shift):
    values = np.random.default_rng(seed).standard_normal(units)
    before = estimates(Mean(values), 200)[0].interval
    after = estimates(Mean(factor * values + shift), 200)[0].interval
    assert after.low == pytest.approx(factor * before.low + shift)
    assert after.high == pytest.approx(factor * before.high + shift)


@law
@given(st.integers(0, 2**32), st.integers(FEWEST_UNITS, 80), st.floats(-0.6, 0.6))
def test_p_is_small_just_where_zero_is_outside_the_interval_and_student_s_t_agrees(
    seed, units, shift
):
    values = np.random.default_rng(seed).standard_normal(units) + shift
    found = estimates(Mean(values), 2_000)[0]
    by_t = 2 * t.sf(abs(values.mean()) / found.error, units - 1)
    if 0.03 < found.p_value < 0.07 or 0.03 < by_t < 0.07:  # the quantiles of draws are steps
        return
    assert (found.p_value <= 0.05) == (0 not in found.interval and by_t <= 0.05)


@law
@given(st.integers(0, 2**32), st.integers(FEWEST_UNITS, 40), st.floats(-1, 1))
def test_p_is_at_least_that_of_student_s_t(seed, units, shift):
    values = np.random.default_rng(seed).standard_normal(units) + shift
    found = estimates(Mean(values), 2_000)[0]
    assert found.error == pytest.approx(values.std(ddof=1) / math.sqrt(units), rel=0.15)
    t_test = 2 * t.sf(abs(values.mean()) / found.error, units - 1)
    assert found.p_value >= min(1, t_test) * (1 - 1e-9)


def test_units_of_each_stratum_are_drawn_as_often_as_there_are():
    # Between the strata lies all the spread there is, and none within.
    values = np.repeat([0.0, 1.0], 20)
    assert estimates(Mean(values))[0].interval is not None
    strata = np.repeat([5, 3], 20)
    assert estimates(Mean(values, strata))[0].interval is None


def test_few_units_and_units_that_are_all_alike_have_no_interval():
    assert estimates(Mean(np.arange(FEWEST_UNITS - 1.0)))[0].interval is None
    alike = estimates(Mean(np.ones(50)))[0]
    assert (alike.value, alike.interval, alike.p_value) == (1.0, None, LEAST_P)


def test_units_that_are_all_alike_tell_whether_the_score_is_zero():
    assert estimates(Mean(np.zeros(50)))[0].p_value == 1
    assert estimates(Mean(np.full(11, -0.5)))[0].p_value == 2.0**-10


def test_without_draws_there_is_a_score_and_no_interval():
    found = estimates(Mean(np.arange(50.0)), 0)[0]
    assert (found.value, found.interval) == (24.5, None)


def test_a_score_that_is_not_there_is_none_and_no_number():
    places = np.arange(20)
    flat = RatedCosines(places, places, np.ones(20), np.arange(20.0))
    assert [(of.value, of.interval) for of in estimates(flat)] == [(None, None)] * 2


def test_many_units_are_left_out_in_groups():
    values = np.random.default_rng(1).standard_normal(3_000)
    found = estimates(Mean(values), 500)[0].interval
    error = values.std() / math.sqrt(3_000)
    reach = norm.ppf(0.975) * error
    assert found.low == pytest.approx(values.mean() - reach, abs=0.2 * error)
    assert found.high == pytest.approx(values.mean() + reach, abs=0.2 * error)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "none"),
        (0.25, "0.250"),
        (-0.1, "−0.100"),
        (1, "1.000"),
        (4698.738, "4,698.7"),
        (-164.37, "−164.4"),
    ],
)
def test_scores_are_shown_with_three_digits_and_large_ones_with_one(value, text):
    assert shown(value) == text
    assert str(Interval(-0.5, 0.25)) == "[−0.500, 0.250]"


@pytest.mark.slow
@pytest.mark.parametrize(("pairs", "correlation"), [(50, 0.7), (353, 0.3)])
def test_intervals_of_95_percent_hold_the_truth_95_times_in_a_hundred(pairs, correlation):
    rounds = 2_000
    truth = 6 / math.pi * math.asin(correlation / 2), correlation  # of ranks, and of numbers
    held = np.zeros(2)
    for seed in range(rounds):
        found = estimates(cosines_and_ratings(seed, pairs, correlation), seed=seed)
        held += [value in of.interval for value, of in zip(truth, found, strict=True)]
    assert np.abs(held / rounds - 0.95).max() <= 0.02


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [20, 150])
def test_differences_of_equal_systems_are_called_so_95_times_in_a_hundred(pairs):
    rounds, held, wrong = 2_000, 0, 0
    for seed in range(rounds):
        random = np.random.default_rng(seed)
        truth, *noise = random.standard_normal((3, pairs))
        places = np.arange(pairs)
        one, other = (RatedCosines(places, places, truth + of, truth) for of in noise)
        found = estimates(_Difference(one, other), seed=seed)[0]
        held += 0 in found.interval
        wrong += found.p_value <= 0.05
    assert abs(held / rounds - 0.95) <= 0.02
    assert wrong / rounds <= 0.06


@pytest.mark.slow
@pytest.mark.parametrize("units", [10, 20, 200])
def test_few_units_do_not_make_false_verdicts_more_likely_also_far_out(units):
    # 15 differences a comparison, as of 5 sets and 3 systems: Holm's first level is .05 / 15.
    rounds, p_values = 3_000, []
    for seed in range(rounds):
        random = np.random.default_rng(seed)
        values = random.standard_normal(units) * random.gamma(2, size=units)
        p_values.append(estimates(Mean(values), 1_000, seed=seed)[0].p_value)
    assert np.mean(np.array(p_values) <= 0.05) <= 0.06
    assert np.mean(np.array(p_values) <= 0.05 / 15) <= 0.006


@dataclass
class _Difference:
    one: RatedCosines
    other: RatedCosines
    strata: None = None

    @property
    def units(self) -> int:
        return self.one.units

    def __call__(self, weights: Numbers) -> Numbers:
        return self.one(weights) - self.other(weights)
