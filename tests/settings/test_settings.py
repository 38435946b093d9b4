"""Settings: what is refused and in which words, what comes back plain, what survives a file."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import FrozenInstanceError, fields
from fractions import Fraction
from types import UnionType
from typing import get_origin, get_type_hints

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.errors import SettingsError, SkipgramError
from skipgram.settings import (
    OBJECTIVES,
    ModelSettings,
    RunSettings,
    Settings,
    SettingValues,
    TextSettings,
    TrainingSettings,
    VocabularySettings,
    default,
    describe,
)
from skipgram.settings.given_words import Word

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

PARTS = {
    "text": TextSettings,
    "vocabulary": VocabularySettings,
    "model": ModelSettings,
    "training": TrainingSettings,
    "run": RunSettings,
}
FIELDS = {item.name: item for part in PARTS.values() for item in fields(part)}
SECTION = {item.name: section for section, part in PARTS.items() for item in fields(part)}
WORDS = tuple[str, ...]
NUMBERS = [name for name, item in FIELDS.items() if item.type not in (str, bool, WORDS)]
CLAIMS = [name for name, item in FIELDS.items() if item.type is bool]
WORD_LISTS = [name for name, item in FIELDS.items() if item.type == WORDS]
MORE_GENERAL = {  # what a caller may give where the field has one type
    "tokenizer": str | Callable[[str], Iterable[Word]],
    "keep_words": Collection[Word],
    "drop_words": Collection[Word],
}

OUT_OF_RANGE = [
    ("column", 3, "column must be text, not 3"),
    ("tokenizer", "word", "tokenizer 'word' is not one of: whitespace, words; did you mean words?"),
    ("undecodable", "strict", "undecodable 'strict' is not one of: replace, ignore, error"),
    ("phrases", -1, "phrases must be at least 0, not -1"),
    ("phrases", 17, "phrases must be at most 16, not 17"),
    ("phrase_score", "pmi", "phrase_score 'pmi' is not one of: count, npmi; did you mean npmi?"),
    ("phrase_threshold", float("nan"), "phrase_threshold must be finite, not nan"),
    ("phrase_min_count", 0, "phrase_min_count must be at least 1, not 0"),
    ("max_vocabulary", -1, "max_vocabulary must be at least 0, not -1"),
    ("keep_words", "the", "keep_words must be a list of words, not 'the'"),
    (
        "drop_words",
        ["the", b"of"],
        "drop_words holds b'of', which is not a word; a word is text, or an integer",
    ),
    ("max_types", -1, "max_types must be at least 0, not -1"),
    ("max_types", 2**30 + 1, "max_types must be at most 1073741824, not 1073741825"),
    ("min_count", 0, "min_count must be at least 1, not 0"),
    ("objective", "cbow", f"objective 'cbow' is not one of: {', '.join(OBJECTIVES)}"),
    ("embedding_dim", 0, "embedding_dim must be at least 1, not 0"),
    ("embedding_dim", 4097, "embedding_dim must be at most 4096, not 4097"),
    ("window", 0, "window must be at least 1, not 0"),
    ("window", 1001, "window must be at most 1000, not 1001"),
    ("window_width", "half", "window_width 'half' is not one of: random, fixed, harmonic"),
    ("gaps", "closed", "gaps 'closed' is not one of: closed-up, text; did you mean closed-up?"),
    ("contexts", "all", "contexts 'all' is not one of: both, left, right"),
    ("count_power", 0, "count_power must be above 0, not 0.0"),
    ("count_power", 2.5, "count_power must be at most 2, not 2.5"),
    ("unigram_offset", -0.5, "unigram_offset must be at least 0, not -0.5"),
    ("unigram_offset", 2.5, "unigram_offset must be at most 2, not 2.5"),
    ("softmax_vocabulary", -1, "softmax_vocabulary must be at least 0, not -1"),
    ("sweeps", 0, "sweeps must be at least 1, not 0"),
    ("levels", -1, "levels must be at least 0, not -1"),
    ("levels", 9, "levels must be at most 8, not 9"),
    ("tolerance", -1e-9, "tolerance must be at least 0, not -1e-09"),
    ("lots", 0, "lots must be at least 1, not 0"),
    ("lots", 4097, "lots must be at most 4096, not 4097"),
    ("prior", -1, "prior must be at least 0, not -1.0"),
    ("negatives", 0, "negatives must be at least 1, not 0"),
    ("negatives", 65, "negatives must be at most 64, not 65"),
    ("negatives_shared", "no", "negatives_shared must be true or false, not 'no'"),
    ("noise_exponent", -8.5, "noise_exponent must be at least -8, not -8.5"),
    ("noise_exponent", 8.5, "noise_exponent must be at most 8, not 8.5"),
    ("ngrams", "6-3", "ngrams 6-3 runs backwards: did you mean 3-6?"),
    ("ngram_min_words", 0, "ngram_min_words must be at least 1, not 0"),
    ("ngram_share", -0.5, "ngram_share must be at least 0, not -0.5"),
    ("ngram_share", 17, "ngram_share must be at most 16, not 17.0"),
    ("ngram_penalty", 0, "ngram_penalty must be above 0, not 0.0"),
    ("shown", "both", "shown 'both' is not one of: center, outside, sum"),
    ("epochs", 0, "epochs must be at least 1, not 0"),
    ("subsample", -1e-9, "subsample must be at least 0, not -1e-09"),
    ("subsample", 1.5, "subsample must be at most 1, not 1.5"),
    ("learning_rate", 0, "learning_rate must be above 0, not 0.0"),
    ("learning_rate", -0.025, "learning_rate must be above 0, not -0.025"),
    ("learning_rate", float("inf"), "learning_rate must be finite, not inf"),
    ("schedule", "step", "schedule 'step' is not one of: linear, cosine, constant"),
    ("seed", -1, "seed must be at least 0, not -1"),
    ("seed", 2**63, "seed must be at most 9223372036854775807, not 9223372036854775808"),
    ("holdout", -0.01, "holdout must be at least 0, not -0.01"),
    ("holdout", 0.51, "holdout must be at most 0.5, not 0.51"),
    ("patience", -1, "patience must be at least 0, not -1"),
    ("deterministic", 1, "deterministic must be true or false, not 1"),
    ("threads", 0, "threads must be at least 1, not 0"),
    ("threads", 1025, "threads must be at most 1024, not 1025"),
    ("checkpoint_minutes", -0.5, "checkpoint_minutes must be at least 0, not -0.5"),
    ("checkpoint_minutes", float("inf"), "checkpoint_minutes must be finite, not inf"),
]


def values_of(settings: Settings) -> dict[str, object]:
    return {name: getattr(getattr(settings, SECTION[name]), name) for name in FIELDS}


@st.composite
def drawn_values(draw: st.DrawFn) -> dict[str, object]:
    """Some settings, anywhere in their ranges and not at odds."""
    values: dict[str, object] = {}
    for name in draw(st.sets(st.sampled_from(sorted(FIELDS)))):
        limits = FIELDS[name].metadata
        least, most = max(limits["least"], limits["above"], -1e18), min(limits["most"], 1e18)
        if FIELDS[name].type is str:
            choices = limits["choices"]
            if name == "ngrams":
                choices = ("none", "3-6", "4-4")
            values[name] = draw(st.sampled_from(choices) if choices else st.text())
        elif FIELDS[name].type == WORDS:
            values[name] = tuple(draw(st.lists(st.text(), unique=True, max_size=3)))
        elif FIELDS[name].type is bool:
            values[name] = draw(st.booleans())
        elif FIELDS[name].type is int:
            values[name] = draw(st.integers(int(least), int(most)))
        else:
            open_below = limits["above"] > -np.inf
            values[name] = draw(st.floats(least, most, exclude_min=open_below))
    if values.get("phrase_score") == "npmi" and "phrase_threshold" in values:
        values["phrase_threshold"] = draw(st.floats(-1, 1))
    if values.get("ngrams", "none") != "none":
        values |= {"shown": "center", "prior": draw(st.floats(0.1, 100))}
    if values.get("patience") and not values.get("holdout"):
        most = FIELDS["holdout"].metadata["most"]
        values["holdout"] = draw(st.floats(0, most, exclude_min=True))
    return values


@pytest.mark.parametrize(("name", "value", "text"), OUT_OF_RANGE)
def test_a_value_out_of_range_is_refused_with_what_was_asked_and_found(name, value, text):
    with pytest.raises(SettingsError) as caught:
        Settings.of(**{name: value})
    assert str(caught.value) == text


def test_every_setting_stands_in_the_table_of_what_is_refused():
    assert {name for name, _, _ in OUT_OF_RANGE} == set(FIELDS)


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("border", ["least", "most"])
def test_the_ends_of_a_range_belong_to_it(name, border):
    limit = FIELDS[name].metadata[border]
    if np.isfinite(limit):
        assert values_of(Settings.of(**{name: limit}))[name] == limit


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [True, np.True_, "5", None, [5], 5j])
def test_what_is_not_a_number_is_refused_with_its_value(name, value):
    if value is None and FIELDS[name].default is None:
        assert values_of(Settings.of(**{name: None}))[name] is None
        return
    expected = "a whole number" if FIELDS[name].type is int else "a number"
    with pytest.raises(SettingsError) as caught:
        Settings.of(**{name: value})
    assert str(caught.value) == f"{name} must be {expected}, not {value!r}"


@pytest.mark.parametrize("name", CLAIMS)
@pytest.mark.parametrize("value", [0, 1, 1.0, "true", "", None, [True]])
def test_what_is_neither_true_nor_false_is_refused_with_its_value(name, value):
    with pytest.raises(SettingsError) as caught:
        Settings.of(**{name: value})
    assert str(caught.value) == f"{name} must be true or false, not {value!r}"


@pytest.mark.parametrize("name", CLAIMS)
@pytest.mark.parametrize("value", [True, False])
def test_a_setting_that_is_true_or_false_stays_what_it_is(name, value):
    assert values_of(Settings.of(**{name: value}))[name] is value


def test_a_whole_number_has_no_fraction():
    with pytest.raises(SettingsError, match=r"^epochs must be a whole number, not 5\.0$"):
        Settings.of(epochs=5.0)


@pytest.mark.parametrize("name", ["noise_exponent", "subsample", "learning_rate", "holdout"])
@pytest.mark.parametrize(
    ("value", "found"),
    [(float("nan"), "nan"), (float("-inf"), "-inf"), (10**400, "inf"), (-(10**400), "-inf")],
    ids=["nan", "minus infinity", "beyond float64", "beyond float64, negative"],
)
def test_a_number_must_be_finite(name, value, found):
    with pytest.raises(SettingsError, match=f"^{name} must be finite, not {found}$"):
        Settings.of(**{name: value})


def test_a_range_holds_for_the_float64_that_a_number_becomes():
    with pytest.raises(SettingsError, match="learning_rate must be above 0"):
        Settings.of(learning_rate=Fraction(1, 10**400))


@pytest.mark.parametrize("value", [5, None, np.array(["negative-sampling", "x"])])
def test_an_objective_that_is_no_text_is_refused(value):
    with pytest.raises(SettingsError, match="is not one of: negative-sampling"):
        Settings.of(objective=value)


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("epochs", np.int16(3), 3),
        ("seed", np.uint64(2**63 - 1), 2**63 - 1),
        ("subsample", np.float32(0.5), 0.5),
        ("subsample", np.int64(1), 1.0),
        ("learning_rate", Fraction(1, 4), 0.25),
        ("holdout", Fraction(1, 8), 0.125),
        ("checkpoint_minutes", 5, 5.0),
        ("schedule", np.str_("cosine"), "cosine"),
        ("phrase_threshold", np.float64(0.25), 0.25),
        ("phrase_threshold", 2, 2.0),
        ("objective", np.str_("negative-sampling"), "negative-sampling"),
        ("column", np.str_("text"), "text"),
        ("keep_words", ["b", "a", "b"], ("b", "a")),
        ("keep_words", [17, "5", np.int8(17), "17"], ("17", "5")),
        ("drop_words", np.array([17, 5]), ("17", "5")),
        ("keep_words", {"b": 1}.keys(), ("b",)),
        ("drop_words", (np.str_("a"),), ("a",)),
    ],
)
def test_values_of_other_kinds_become_plain(name, value, plain):
    found = values_of(Settings.of(**{name: value}))[name]
    assert found == plain
    assert type(found) is type(plain)
    kind = FIELDS[name].type
    assert isinstance(found, kind if isinstance(kind, UnionType) else get_origin(kind) or kind)


@pytest.mark.parametrize("name", WORD_LISTS)
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "must be a list of words, not True"),
        (None, "must be a list of words, not None"),
        (b"the", "must be a list of words, not b'the'"),
        (iter(["a"]), "must be a list of words, not <list_iterator object at "),
        (5, "must be a list of words, not 5"),
        ([5.0], "holds 5.0, which is not a word; give integers or text"),
        ([True], "holds True, which is not a word; write truth values as text"),
        ([1 << 64], "holds 18446744073709551616, which is not a word: an integer of more than 64"),
        (["a", None], "holds None, which is not a word; leave out missing values"),
        ([["a"]], "holds ['a'], which is not a word; give words as one flat list"),
    ],
)
def test_what_is_no_list_of_words_is_refused_with_what_was_found(name, value, text):
    with pytest.raises(SettingsError) as caught:
        Settings.of(**{name: value})
    assert str(caught.value).startswith(f"{name} {text}")


@pytest.mark.parametrize("value", [5, None, b"text", ["text"]])
def test_a_column_that_is_no_text_is_refused(value):
    with pytest.raises(SettingsError, match=r"^column must be text, not "):
        Settings.of(column=value)


def test_an_unknown_setting_is_refused_with_the_nearest_known_one():
    with pytest.raises(SettingsError) as caught:
        Settings.of(embeding_dim=50)
    assert str(caught.value) == "unknown setting 'embeding_dim'; did you mean embedding_dim?"


def test_an_unknown_setting_like_no_other_gets_no_suggestion():
    with pytest.raises(SettingsError) as caught:
        Settings.of(zzz=1)
    assert str(caught.value) == "unknown setting 'zzz'"


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"modell": {}}, "unknown section 'modell'; did you mean model?"),
        ({"model": {"windoes": 3}}, "unknown setting 'windoes' in section 'model'; did you mean"),
        ({"model": {"epochs": 3}}, "unknown setting 'epochs' in section 'model'"),
        ({"model": [3]}, "section 'model' must hold settings, not [3]"),
        ({"model": {3: 4}}, "unknown setting 3 in section 'model'"),
        ({"run": {"threads": 0}}, "threads must be at least 1, not 0"),
    ],
)
def test_a_file_of_settings_is_checked_as_strictly(values, text):
    with pytest.raises(SettingsError) as caught:
        Settings.from_dict(values)
    assert text in str(caught.value)


@law
@given(drawn_values())
def test_settings_survive_json(values):
    settings = Settings.of(**values)
    read = json.loads(json.dumps(settings.to_dict()))
    assert read == settings.to_dict()
    assert Settings.from_dict(read) == settings


@law
@given(drawn_values())
def test_a_flat_name_sets_that_setting_and_no_other(values):
    defaults = {name: item.default for name, item in FIELDS.items()}
    assert values_of(Settings.of(**values)) == defaults | values


def test_the_flat_names_are_those_of_the_fields_with_their_types():
    kinds = {name: item.type for name, item in FIELDS.items()}
    assert get_type_hints(SettingValues) == kinds | MORE_GENERAL


def test_no_name_stands_in_two_sections():
    assert len(FIELDS) == sum(len(fields(part)) for part in PARTS.values())


def test_the_parts_of_settings_are_those_of_this_test():
    assert {item.name: item.type for item in fields(Settings)} == PARTS


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Settings().training.epochs = 7  # type: ignore[misc]


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_says_what_it_means_and_has_its_default(name):
    assert describe(name).startswith(FIELDS[name].metadata["meaning"])
    assert default(name) == values_of(Settings())[name]


def test_the_meaning_of_a_choice_lists_the_choices():
    assert describe("objective").endswith(": " + ", ".join(OBJECTIVES))


def test_a_settings_error_is_of_the_family_and_a_value_error():
    assert issubclass(SettingsError, SkipgramError)
    assert issubclass(SettingsError, ValueError)
