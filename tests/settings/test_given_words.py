"""What a word is: text, or an integer of 64 bits; and what is said of everything else."""

from array import array
from enum import IntEnum
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skipgram.settings.given_words import as_word, as_words, is_missing, items_of, why_no_word

pandas = pytest.importorskip("pandas")


class Node(IntEnum):
    ROOT = 17


@given(st.integers(-(2**63), 2**64 - 1))
def test_an_integer_is_the_word_of_its_digits(number):
    assert as_word(number) == str(number) == as_words([number])[0]
    assert int(str(as_word(number))) == number


@given(st.integers(max_value=-(2**63) - 1) | st.integers(min_value=2**64))
def test_a_longer_integer_is_no_word(number):
    assert as_word(number) is None
    assert why_no_word(number) == "not a word: an integer of more than 64 bits; give it as text"


@pytest.mark.parametrize(
    "number", [17, np.int8(17), np.uint64(17), np.array(17), Node.ROOT, "17", np.str_("17")]
)
def test_integers_of_all_kinds_are_plain_text(number):
    assert as_word(number) == "17"
    assert type(as_word(number)) is str
    assert as_words([5, number]) == ["5", "17"]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (True, "not a word; write truth values as text"),
        (np.bool_(0), "not a word; write truth values as text"),
        (17.0, "not a word; give integers or text (pandas turns "),
        (np.float32(17), "not a word; give integers or text (pandas turns "),
        (Fraction(17), "not a word; give integers or text (pandas turns "),
        (float("nan"), "not a word; leave out missing values"),
        (None, "not a word; leave out missing values"),
        (pandas.NA, "not a word; leave out missing values"),
        (pandas.NaT, "not a word; leave out missing values"),
        (np.timedelta64(17, "ns"), "not a word; "),
        (np.datetime64(17, "ns"), "not a word; a word is text, or an integer"),
        (b"17", "not a word; a word is text, or an integer"),
        ([17], "not a word; give words as one flat list"),
        (np.array([17]), "not a word; give words as one flat list"),
    ],
    ids=repr,
)
def test_what_is_no_word_is_told_why(value, why):
    assert as_word(value) is None
    assert why_no_word(value).startswith(why)
    for others in ([], ["a"], [5]):
        with pytest.raises(ZeroDivisionError) as caught:
            as_words([*others, value], lambda found: ZeroDivisionError(found))
        assert caught.value.args[0] is value


def test_texts_are_given_back_as_they_are():
    words = ["a", "17"]
    assert as_words(words) is words
    assert as_words([]) == []


@pytest.mark.parametrize(
    "given_items",
    [
        (17, 5),
        iter([17, 5]),
        range(17, 4, -12),
        array("b", [17, 5]),
        np.array([17, 5], np.uint8),
        pandas.Series([17, 5]),
        pandas.array([17, 5], dtype="Int64"),
    ],
    ids=lambda items: type(items).__name__,
)
def test_items_are_pythons_own_integers(given_items):
    items = items_of(given_items)
    assert items == [17, 5]
    assert {type(item) for item in items} == {int}


@pytest.mark.parametrize("kind", ["M8[ns]", "M8[s]", "m8[ns]"])
def test_items_that_are_times_stay_times(kind):
    assert not any(isinstance(item, int) for item in items_of(np.array([17, 5]).astype(kind)))


def test_missing_values_are_none_nan_and_those_of_pandas():
    assert all(map(is_missing, (None, float("nan"), np.float64("nan"), pandas.NA, pandas.NaT)))
    assert not any(map(is_missing, (0, "", "nan", 0.0, False, [])))
