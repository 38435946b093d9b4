"""Corrections for many comparisons, and the t of trainings, against others' implementations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from skipgram.evaluation.paired import Less, each_alone
from skipgram.evaluation.resampling import Estimate, estimates
from skipgram.evaluation.significance import holm, p_of_both, welch
from skipgram.evaluation.similarity import RatedCosines

law = settings(deadline=None, max_examples=100)
probabilities = st.lists(st.floats(0, 1), max_size=12)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
    assert holm([]) == []


@law
@given(probabilities, st.floats(0.001, 0.999))
def test_holm_rejects_what_its_procedure_rejects_step_by_step(p_values, level):
    rejected = set()
    for step, place in enumerate(sorted(range(len(p_values)), key=lambda at: p_values[at])):
        if p_values[place] * (len(p_values) - step) > level:
            break
        rejected.add(place)
    assert {place for place, of in enumerate(holm(p_values)) if of <= level} == rejected


@law
@given(probabilities)
def test_a_corrected_p_value_is_never_smaller_and_the_order_stays(p_values):
    corrected = holm(p_values)
    assert all(after >= before for before, after in zip(p_values, corrected, strict=True))
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(np.array(corrected)[order]) >= 0).all()


@law
@given(
    st.lists(st.floats(-1, 1), min_size=2, max_size=6),
    st.lists(st.floats(-1, 1), min_size=2, max_size=6),
)
def test_trainings_are_compared_as_scipy_does(ours, theirs):
    if min(np.ptp(ours), np.ptp(theirs)) < 1e-3:
        return
    found = welch(ours, theirs)
    expected = ttest_ind(ours, theirs, equal_var=False)
    assert found.p_value == pytest.approx(expected.pvalue, abs=1e-9)
    ends = expected.confidence_interval(0.95)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (ends.low, ends.high), abs=1e-9
    )


def test_one_training_says_nothing_of_seeds():
    assert welch([0.5], [0.4, 0.5]) is None
    assert welch([math.nan, 0.5], [0.4, 0.5]) is None


def test_trainings_that_do_not_differ_at_all_say_nothing_of_seeds():
    assert welch([0.5, 0.5], [0.25, 0.25]) is None
    assert welch([0.5, 0.5], [0.5, 0.5]) is None


def test_both_kinds_of_luck_together_may_explain_what_neither_does_alone():
    over_seeds = welch([0.60, 0.62, 0.61, 0.59], [0.58, 0.59, 0.57, 0.58])
    by_items = Estimate(0.025, None, 0.02, error=0.0105)
    assert over_seeds.p_value < 0.03
    assert p_of_both(by_items, 300, over_seeds) > 0.03
    assert p_of_both(by_items, 300, None) == 0.02
    assert p_of_both(Estimate(0.025, None, None), 5, over_seeds) is None


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [2, 3, 5, 10])
def test_equal_systems_are_called_so_where_items_and_trainings_vary(seeds):
    # Each system is better at some items, each training at others, and some trainings at all.
    rounds, items, wrong = 400, 200, 0
    for seed in range(rounds):
        random = np.random.default_rng(seed)
        truth = random.standard_normal(items)
        systems = []
        for _ in range(2):
            own = 0.7 * random.standard_normal(items)
            noise = 0.5 * random.standard_normal((seeds, items))
            quality = np.exp(0.05 * random.standard_normal((seeds, 1)))
            cosines = truth * quality + own + noise
            places = np.arange(items)
            systems.append([RatedCosines(places, places, row, truth) for row in cosines])
        by_items = estimates(Less(*systems), 500, seed=seed)[0]
        over_seeds = welch(*(each_alone(system)[0] for system in systems))
        wrong += p_of_both(by_items, items, over_seeds) <= 0.05
    assert wrong / rounds <= 0.075  # of 400, two standard errors beyond .05
