"""The n-grams of words: the fast search finds what the definition says, in any script."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from skipgram.equations import spelling as equations
from skipgram.errors import SettingsError
from skipgram.settings.ngram_range import MOST, NgramRange
from skipgram.spelling.incidence import Incidence
from skipgram.spelling.ngrams import ngrams_of, shared_ngrams

THREE_TO_SIX = NgramRange(3, 6)
letters = st.text(st.sampled_from("ab<>ы漢😀\u0301"), max_size=6)
vocabularies = st.lists(letters, min_size=1, max_size=8, unique=True)
ranges = st.tuples(st.integers(1, 4), st.integers(0, 4)).map(lambda n: NgramRange(n[0], sum(n)))


@given(letters, ranges)
def test_the_ngrams_of_a_word_are_those_of_the_definition(word, lengths):
    found = ngrams_of(word, lengths)
    assert len(found) == len(set(found))
    assert set(found) == equations.ngrams(word, *lengths)


@given(vocabularies, ranges, st.integers(1, 3))
@example([""], NgramRange(1, 3), 1)
@example(["a", "<a"], NgramRange(3, 3), 1)  # "<a>" is all of one marked word, and a part of one
def test_A_is_that_of_the_definition(words, lengths, least_words):
    ngrams, A = Incidence.of(words, lengths, least_words)
    shared, expected = equations.spelling_matrix(words, *lengths, least_words)
    order = [list(ngrams).index(ngram) for ngram in shared]
    assert sorted(ngrams) == shared
    found = A.B.toarray()[:, order] * A.scales[:, np.newaxis]
    assert_close(found, expected, EXACT)
    np.testing.assert_array_equal(A.B.toarray(), A.transposed.toarray().T)


def test_the_whole_of_a_word_is_not_among_its_ngrams():
    assert ngrams_of("ab", NgramRange(1, 4)) == ["<", "a", "b", ">", "<a", "ab", "b>", "<ab", "ab>"]
    assert "<ab>" not in shared_ngrams(["ab", "abb"], NgramRange(1, 6), 1).ngrams


@pytest.mark.parametrize("word", ["", "a", "漢"])
def test_a_word_shorter_than_any_ngram_has_none(word):
    assert ngrams_of(word, THREE_TO_SIX) == []
    assert len(shared_ngrams([word, word + "x"], NgramRange(5, 6)).ngrams) == 0


def test_a_repeat_within_a_word_counts_once():
    found = shared_ngrams(["banana", "ana"], NgramRange(3, 3))
    assert list(found.ngrams) == ["ana", "na>"]
    assert found.starts.tolist() == [0, 2, 4]
    assert found.words.tolist() == [0, 1, 0, 1]


def test_ngrams_are_of_characters_and_not_of_bytes():
    assert ngrams_of("日本", THREE_TO_SIX) == ["<日本", "日本>"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("6-3", "runs backwards: did you mean 3-6?"),
        ("0-3", f"must lie in 1-{MOST}, not 0-3"),
        ("1-40", f"must lie in 1-{MOST}, not 1-40"),
        ("-3", "as 3-6, or none; not '-3'"),
        ("", "as 3-6, or none; not ''"),
        ("three", "as 3-6, or none; not 'three'"),
        ("3-6-9", "as 3-6, or none; not '3-6-9'"),
        ("9999999999", "as 3-6, or none"),
    ],
)
def test_a_range_that_is_none_is_refused_with_what_to_write(written, said):
    with pytest.raises(SettingsError) as caught:
        NgramRange.of(written)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("written", "found"),
    [("3-6", (3, 6)), (" 2 - 5 ", (2, 5)), ("4", (4, 4)), ("1-32", (1, 32)), ("none", None)],
)
def test_a_range_is_read(written, found):
    assert NgramRange.of(written) == found
