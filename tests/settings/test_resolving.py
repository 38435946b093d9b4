"""From what was asked for to the settings of a run: in one place, by one rule."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skipgram.errors import SettingsError
from skipgram.settings import (
    AUTO,
    EXPECTED_NEGATIVE_SAMPLING,
    NEGATIVE_SAMPLING,
    OWN,
    SOFTMAX,
    ModelSettings,
    Settings,
    TrainingSettings,
)
from skipgram.settings.objectives import OWN_SETTINGS, in_force
from skipgram.settings.resolving import resolve, resolve_values
from skipgram.settings.window_rule import WindowRule

THREADS = 3
OBJECTIVES = (NEGATIVE_SAMPLING, SOFTMAX, EXPECTED_NEGATIVE_SAMPLING)


def test_what_nobody_asked_for_is_the_default_and_all_threads():
    settings, tokenizer = resolve({}, THREADS)
    assert settings == Settings.of(threads=THREADS)
    assert tokenizer is None


def test_threads_that_were_asked_for_stay():
    assert resolve({"threads": 1}, THREADS).settings.run.threads == 1


def test_an_objective_brings_its_defaults_unless_others_were_asked_for():
    model = resolve({"objective": SOFTMAX}, THREADS).settings.model
    assert (model.window, model.window_width) == (8, "harmonic")
    model = resolve({"objective": SOFTMAX, "window": 3}, THREADS).settings.model
    assert (model.window, model.window_width) == (3, "harmonic")


def test_the_objective_that_is_settled_stands_above_the_one_that_was_asked_for():
    asked = {"objective": AUTO, "embedding_dim": 9}
    assert resolve(asked, THREADS).settings.model.objective == AUTO
    for objective in OBJECTIVES:
        model = resolve(asked, THREADS, objective=objective).settings.model
        assert (model.objective, model.embedding_dim) == (objective, 9)


def test_a_setting_that_only_one_objective_has_settles_auto():
    asked = {"objective": AUTO, "unigram_offset": 0.5}
    assert resolve(asked, THREADS).settings.model.objective == SOFTMAX


def test_asking_leaves_what_was_asked_for_as_it_was():
    asked = {"objective": SOFTMAX, "tokenizer": str.split}
    resolve(asked, THREADS)
    assert asked == {"objective": SOFTMAX, "tokenizer": str.split}


def test_a_custom_tokenizer_is_handed_on_and_named_in_the_settings():
    settings, tokenizer = resolve_values({"tokenizer": str.split}, THREADS)
    assert settings.text.tokenizer == OWN
    assert tokenizer == str.split
    with pytest.raises(SettingsError, match="pass the function itself"):
        resolve_values({"tokenizer": OWN}, THREADS)


ENCODED_BY = {"text": {"tokenizer": "words"}, "vocabulary": {"min_count": 2, "keep_words": ["a"]}}


def test_an_encoded_corpus_says_how_it_was_encoded():
    settings, _ = resolve({}, THREADS, encoded_by=ENCODED_BY)
    assert settings.text.tokenizer == "words"
    assert settings.vocabulary.min_count == 2
    assert settings.vocabulary.keep_words == ("a",)


def test_what_an_encoded_corpus_was_encoded_with_may_be_asked_for_again():
    asked = {"tokenizer": "words", "keep_words": ("a",)}
    assert resolve(asked, THREADS, encoded_by=ENCODED_BY).settings.text.tokenizer == "words"
    with pytest.raises(SettingsError, match="encoded with min_count 2, not 7; encode it again"):
        resolve({"min_count": 7}, THREADS, encoded_by=ENCODED_BY)


@given(st.builds(Settings.of, window=st.integers(1, 9), subsample=st.sampled_from([0.0, 0.1])))
def test_a_window_rule_is_the_settings_of_its_names(settings):
    rule = WindowRule.of(settings)
    values = vars(settings.model) | vars(settings.training)
    assert rule.to_dict() == {name: values[name] for name in WindowRule.names()}
    assert WindowRule(**rule.to_dict()) == rule


def test_a_window_rule_has_the_defaults_of_the_settings():
    assert WindowRule() == WindowRule.of(Settings())


def test_a_window_rule_goes_to_both_sides_unless_one_is_asked_for():
    assert [WindowRule(contexts=side).goes_left for side in ("both", "left", "right")] == [
        True,
        True,
        False,
    ]
    assert [WindowRule(contexts=side).goes_right for side in ("both", "left", "right")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_settings_in_force_are_those_that_the_objective_has(objective):
    told = in_force(resolve({"objective": objective}, THREADS).settings.to_dict())
    names = {name for section in told.values() for name in section}
    own = set(OWN_SETTINGS[objective])
    others = {name for named in OWN_SETTINGS.values() for name in named} - own
    assert not names & others
    always = {item.name for part in (ModelSettings, TrainingSettings) for item in fields(part)}
    off = {"levels", "softmax_vocabulary", "holdout", "patience"}
    off |= {"ngrams", "ngram_min_words", "ngram_share", "ngram_penalty"}
    assert always - others - off <= names


def test_settings_in_force_leave_out_what_is_off_and_keep_what_is_not_known():
    told = in_force(Settings.of(phrases=1, holdout=0.1).to_dict())
    assert "phrase_score" in told["text"]
    assert told["training"]["holdout"] == 0.1
    assert "patience" not in told["training"]
    told = in_force({"text": {"phrases": 0, "phrase_score": "npmi", "column": "", "later": 3}})
    assert told == {"text": {"later": 3}}
    assert in_force({"model": {"objective": ["odd"], "negatives": 5}})["model"]["negatives"] == 5
