"""Packed words: what a list of strings and a dictionary of them would say."""

import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

words = st.text(st.characters(codec="utf-8"), max_size=5)
lists = st.lists(words, unique=True, max_size=12)

# Two words of one CRC-32, and so of one place in the index.
TWINS = ("plumless", "buckeroo")


def test_these_two_words_share_a_hash():
    assert zlib.crc32(TWINS[0].encode()) == zlib.crc32(TWINS[1].encode())


@law
@given(lists, words)
@example(list(TWINS), TWINS[1])
@example([TWINS[0]], TWINS[1])
@example(["", "a"], "")
def test_a_word_is_found_where_a_dictionary_has_it(given_words, other):
    packed = PackedWords.of(given_words)
    by_word = {word: number for number, word in enumerate(given_words)}
    assert [packed.find(word) for word in given_words] == list(range(len(given_words)))
    assert packed.find(other) == by_word.get(other, -1)
    assert dict(packed.ids) == by_word
    assert (other in packed) == (other in by_word)
    assert packed.ids.get(other, -5) == by_word.get(other, -5)


@law
@given(lists, st.data())
def test_packed_words_are_a_sequence_of_strings(given_words, data):
    packed = PackedWords.of(given_words)
    assert list(packed) == given_words
    assert packed == given_words
    assert packed != [*given_words, "x"]
    assert len(packed) == len(given_words)
    assert packed[1:3] == given_words[1:3]
    for number in range(-len(given_words), len(given_words)):
        assert packed[number] == given_words[number]
    with pytest.raises(IndexError):
        packed[len(given_words)]
    if given_words:
        numbers = data.draw(st.lists(st.integers(0, len(given_words) - 1)))
        taken = packed.take(np.array(numbers, np.int64))
        assert list(taken) == [given_words[number] for number in numbers]


@pytest.mark.parametrize("other", [None, 3, b"a", "\ud800", ("a",)])
def test_what_is_no_text_is_not_among_the_words(other):
    packed = PackedWords.of(["a", "b"])
    assert packed.find(other) == -1
    assert other not in packed


@law
@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_all_words_that_stand_there_again_are_told_with_the_first_of_each(given_words, data):
    repeated = given_words + data.draw(st.lists(st.sampled_from(given_words), max_size=4))
    packed = PackedWords.of(repeated)
    expected = {
        (repeated.index(word), number)
        for number, word in enumerate(repeated)
        if repeated.index(word) < number
    }
    assert set(packed.twins()) == expected
    assert packed.first_twin() == min(expected, key=lambda twin: twin[1], default=None)


@law
@given(lists, st.randoms(use_true_random=False))
def test_an_index_of_other_words_or_none_is_refused(given_words, random):
    packed = PackedWords.of(given_words)
    index = packed.word_index.copy()
    PackedWords(packed.text, packed.ends, index).require_index("here")
    shorter = PackedWords(packed.text, packed.ends, index[:-1])
    repeated = PackedWords(packed.text, packed.ends, np.repeat(index[:1], len(index)))
    beyond = PackedWords(packed.text, packed.ends, index + 1)
    wrong = [shorter, repeated, beyond] if len(index) > 1 else [beyond] if len(index) else []
    for other in wrong:
        with pytest.raises(FormatError, match=r"^here: word_index is not an index of the "):
            other.require_index("here")


def test_a_vocabulary_of_packed_words_gives_the_ids_of_few_and_of_many():
    names = [f"w{number}" for number in range(100)]
    vocabulary = Vocabulary(PackedWords.of(names), np.ones(100, np.int64))
    assert vocabulary.ids_of(["w7", "nobody"]).tolist() == [7, -1]
    assert "_by_word" not in vars(vocabulary), "a few questions need no dictionary"
    assert vocabulary.ids_of([*names, "nobody"]).tolist() == [*range(100), -1]
    assert (vocabulary.id("w99"), "w99" in vocabulary, "x" in vocabulary) == (99, True, False)
