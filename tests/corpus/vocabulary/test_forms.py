"""Prose that was split at spaces is told from lists of items by the forms of its words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import skipgram
from skipgram.corpus.vocabulary.forms import Forms, forms_among


def test_words_with_punctuation_at_an_end_are_forms_and_those_within_are_not():
    found = forms_among(["king,", "don't", "well-known", "«roi»", "3.14", "“King”", "(2)"])
    assert found == Forms(words=7, forms=4, example="")


def test_a_capital_makes_a_form_only_where_the_small_word_is_there_too():
    assert forms_among(["king", "King", "KING", "London", "N17"]).forms == 2


def test_punctuation_alone_is_no_form():
    assert forms_among(["--", "...", "!"]).forms == 0


def test_the_example_is_the_most_frequent_word_with_several_forms():
    words = ["the", "The", "king", "King", "king,", "dog", "Dog", "dog."]
    assert forms_among(words).example == "king King king,"


def test_a_word_too_long_to_read_is_no_example():
    long = "a" * 41
    assert forms_among([long, f"{long},", f"{long}."]) == Forms(3, 2, "")


def test_only_the_most_frequent_words_are_looked_at():
    assert forms_among(iter(["a", "a,", "b,"]), most=2) == Forms(2, 1, "")


@given(st.lists(st.text("abc_019", min_size=1), unique=True))
def test_items_without_punctuation_and_capitals_have_no_forms(items):
    assert forms_among(items).forms == 0


@pytest.mark.parametrize(("tokenizer", "found"), [("whitespace", (5, 3)), ("words", (0, 0))])
def test_only_text_that_was_split_at_spaces_is_looked_at(tokenizer, found):
    text = skipgram.Texts(["king King king, king. the"] * 2)
    summary = skipgram.encode(text, min_count=2, tokenizer=tokenizer).summary
    assert (summary.compared_types, summary.form_types) == found
