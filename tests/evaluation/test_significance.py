"""Corrections for many comparisons, and the t of trainings, against others' implementations."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from skipgram.evaluation.significance import holm, welch

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
    interval, p_value = welch(ours, theirs)
    expected = ttest_ind(ours, theirs, equal_var=False)
    assert p_value == pytest.approx(expected.pvalue, abs=1e-9)
    ends = expected.confidence_interval(0.95)
    assert (interval.low, interval.high) == pytest.approx((ends.low, ends.high), abs=1e-9)


def test_one_training_says_nothing_of_seeds():
    assert welch([0.5], [0.4, 0.5]) == (None, None)
    assert welch([math.nan, 0.5], [0.4, 0.5]) == (None, None)


def test_trainings_that_do_not_differ_at_all_say_nothing_of_seeds():
    assert welch([0.5, 0.5], [0.25, 0.25]) == (None, None)
    assert welch([0.5, 0.5], [0.5, 0.5]) == (None, None)
