"""Settings that are within their own ranges, and refused for what another one says."""

import pytest

from skipgram.errors import SettingsError
from skipgram.settings import (
    Settings,
)


@pytest.mark.parametrize("others", [{}, {"holdout": 0.0}, {"holdout": 0}])
def test_patience_without_a_held_out_loss_to_wait_for_is_refused(others):
    with pytest.raises(SettingsError) as caught:
        Settings.of(patience=2, **others)
    assert str(caught.value) == (
        "patience 2 needs a held-out loss to wait for; hold some of the corpus out (holdout=0.01)"
    )


def test_patience_in_a_file_of_settings_needs_a_held_out_loss_too():
    with pytest.raises(SettingsError, match="patience 3 needs a held-out loss"):
        Settings.from_dict({"training": {"patience": 3}})


def test_patience_has_no_bound_where_some_of_the_corpus_is_held_out():
    assert Settings.of(patience=10**9, holdout=1e-9).training.patience == 10**9


def test_holding_out_needs_no_patience():
    assert Settings.of(holdout=0.5).training.patience == 0


def test_a_patience_out_of_range_is_told_before_what_it_needs():
    with pytest.raises(SettingsError, match=r"^patience must be at least 0, not -2$"):
        Settings.of(patience=-2)


@pytest.mark.parametrize("threshold", [-1.5, 1.01, 10])
def test_a_threshold_that_no_npmi_reaches_is_refused(threshold):
    with pytest.raises(SettingsError) as caught:
        Settings.of(phrases=1, phrase_score="npmi", phrase_threshold=threshold)
    assert str(caught.value) == (
        f"phrase_threshold must be from -1 to 1 for the score npmi, not {threshold:g}; "
        'phrase_score count takes larger ones (phrase_score="count")'
    )


@pytest.mark.parametrize("threshold", [None, -1, 0.5, 1])
def test_thresholds_within_the_range_of_npmi_are_taken(threshold):
    Settings.of(phrase_score="npmi", phrase_threshold=threshold)
    Settings.of(phrase_score="count", phrase_threshold=1e6)
