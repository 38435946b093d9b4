"""The vocabulary: its words and counts, several of them together, and what a look-up says."""

import pickle
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError, SkipgramError, UnknownWordError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

corpora = st.lists(st.sampled_from("abcdefgé"), min_size=1, max_size=60)


def vocabulary_of(*words: str) -> Vocabulary:
    return Vocabulary(words, np.arange(len(words), 0, -1))


def test_the_vocabulary_knows_its_words_by_id_and_by_name():
    vocabulary = vocabulary_of("the", "a", "Straße")
    assert len(vocabulary) == 3
    assert [vocabulary.id(word) for word in vocabulary] == [0, 1, 2]
    assert "Straße" in vocabulary
    assert "straße" not in vocabulary
    assert 0 not in vocabulary


def test_the_counts_are_read_only():
    vocabulary = vocabulary_of("the", "a")
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[0] = 7


def test_every_word_needs_a_count():
    with pytest.raises(FormatError, match=r"int64 of shape \(3,\); 2 words need"):
        Vocabulary(["the", "a"], np.arange(3))


# Counts of several corpora


def counted(tokens: list[str]) -> Vocabulary:
    """The vocabulary of tokens by the library's own rule, in plain Python."""
    by_count = Counter(tokens).most_common()  # equal counts stay in the order of first appearance
    return Vocabulary([word for word, _ in by_count], np.array([n for _, n in by_count], np.int64))


def entries(vocabulary: Vocabulary) -> list[tuple[str, int]]:
    return list(zip(vocabulary, vocabulary.counts.tolist(), strict=True))


@law
@given(st.lists(corpora, max_size=5))
def test_merging_is_counting_the_corpora_end_to_end(parts):
    merged = Vocabulary.merge(counted(part) for part in parts)
    assert merged.counts.dtype == np.int64
    assert dict(entries(merged)) == Counter(token for part in parts for token in part)
    firsts = list(dict.fromkeys(word for part in parts for word in counted(part)))
    assert list(merged) == sorted(firsts, key=lambda word: -sum(part.count(word) for part in parts))


@law
@given(corpora, corpora, corpora)
def test_merging_in_steps_counts_the_same(one, other, third):
    one, other, third = map(counted, (one, other, third))
    at_once = Vocabulary.merge([one, other, third])
    left = Vocabulary.merge([Vocabulary.merge([one, other]), third])
    right = Vocabulary.merge([one, Vocabulary.merge([other, third])])
    # Only words of equal count may stand in another order: a step has put its own in order.
    assert dict(entries(left)) == dict(entries(right)) == dict(entries(at_once))
    assert left.counts.tolist() == right.counts.tolist() == at_once.counts.tolist()


def test_equal_sums_stand_in_the_order_in_which_they_were_given():
    merged = Vocabulary.merge([counted(list("bba")), counted(list("aacc")), counted(list("ddd"))])
    assert entries(merged) == [("a", 3), ("d", 3), ("b", 2), ("c", 2)]


def test_merging_one_vocabulary_is_that_vocabulary_and_merging_none_has_no_words():
    assert entries(Vocabulary.merge([counted(list("bba"))])) == [("b", 2), ("a", 1)]
    assert entries(Vocabulary.merge([])) == []


def test_sums_are_exact_up_to_the_largest_and_beyond_it_are_an_error():
    half = Vocabulary(["few", "many"], np.array([3, 2**62]))
    rest = Vocabulary(["many"], np.array([2**62 - 1]))
    assert entries(Vocabulary.merge([half, rest])) == [("many", 2**63 - 1), ("few", 3)]
    with pytest.raises(FormatError) as caught:
        Vocabulary.merge([half, half])
    assert str(caught.value) == (
        "the counts of 'many' add up to 9,223,372,036,854,775,808, and 64 bits hold no more than "
        "9,223,372,036,854,775,807; check the counts for damage"
    )


@law
@given(st.lists(st.integers(0, 2**63 - 1), max_size=9))
def test_the_total_is_the_exact_sum_of_the_counts(counts):
    words = [f"w{number}" for number in range(len(counts))]
    assert Vocabulary(words, np.array(counts, np.int64)).total == sum(counts)


# Unknown words


def test_an_unknown_word_is_an_error_with_the_nearest_spellings():
    with pytest.raises(UnknownWordError) as caught:
        vocabulary_of("the", "queen", "kings", "king", "cat").id("kingg")
    assert str(caught.value) == "'kingg' is not among the 5 words; did you mean king or kings?"
    assert caught.value.suggestions == ("king", "kings")
    assert pickle.loads(pickle.dumps(caught.value)).suggestions == ("king", "kings")


def test_an_unknown_word_like_no_other_gets_no_suggestion():
    with pytest.raises(UnknownWordError) as caught:
        vocabulary_of("the", "queen").id("xyz")
    assert str(caught.value) == "'xyz' is not among the 2 words"


@pytest.mark.parametrize("word", [0.0, True, None, b"the", 1 << 64])
def test_what_is_no_word_is_an_unknown_word_and_told_why(word):
    vocabulary = vocabulary_of("the", "queen")
    assert word not in vocabulary
    assert vocabulary.find(word) == -1
    with pytest.raises(UnknownWordError) as caught:
        vocabulary.id(word)
    assert str(caught.value).startswith(f"{word!r} is not among the 2 words; it is not a word")
    with pytest.raises(SettingsError, match=" is not a word"):
        vocabulary.ids_of(["the", word])


@pytest.mark.parametrize("pack", [list, PackedWords.of], ids=["list", "packed"])
@pytest.mark.parametrize("as_given", [int, np.int8, np.uint64, str, np.str_])
def test_an_integer_is_the_word_of_its_digits(pack, as_given):
    vocabulary = Vocabulary(pack(["the", "17", "5"]), np.array([3, 2, 1]))
    assert as_given(17) in vocabulary
    assert as_given(1) not in vocabulary
    assert (vocabulary.id(as_given(17)), vocabulary.find(as_given(5))) == (1, 2)
    words = [as_given(5), "the", as_given(1)]
    assert vocabulary.ids_of(words).tolist() == [2, 0, -1]
    assert vocabulary.ids_of(np.array(words[::2])).tolist() == [2, -1]
    assert vocabulary.ids_of(as_given(17)).tolist() == [1]


def test_an_unknown_integer_is_told_how_the_word_with_this_id_is_found():
    vocabulary = vocabulary_of("the", "queen")
    for number, told in ((1, "; the word with id 1 is words[1]"), (2, ""), (-1, ""), ("1", "")):
        with pytest.raises(UnknownWordError) as caught:
            vocabulary.id(number)
        assert str(caught.value) == f"'{number}' is not among the 2 words{told}"


def test_a_vocabulary_of_integers_is_one_of_their_digits():
    counts = np.array([2, 1])
    for words in ([17, 5], np.array([17, 5]), (17, "5")):
        assert list(Vocabulary(words, counts)) == ["17", "5"]
    with pytest.raises(
        SettingsError, match=r"^17\.0 \(float\) is not a word; give integers or text"
    ):
        Vocabulary([17.0, 5.0], counts)


def test_words_to_keep_and_to_drop_may_be_integers():
    vocabulary = Vocabulary(["17", "5", "6", "7"], np.array([9, 3, 1, 1]))
    for keep, drop in (([6], [17]), (np.array([6]), {17}), (("6",), ["17"])):
        kept = vocabulary.pruned(min_count=2, keep_words=keep, drop_words=drop)
        assert list(kept) == ["5", "6"]


def test_an_unknown_word_is_of_the_family_and_a_key_error():
    assert issubclass(UnknownWordError, SkipgramError)
    assert issubclass(UnknownWordError, KeyError)


@pytest.fixture(scope="module")
def many() -> Vocabulary:
    """400,000 words that look like words, and some real ones among the rarest."""
    random, frequencies = np.random.default_rng(1), np.arange(26, 0, -1) / 351
    letters = random.choice(list(b"etaoinshrdlucmfwypvbgkjqxz"), 4_000_000, p=frequencies)
    text = letters.astype(np.uint8).tobytes().decode()
    ends = np.cumsum(random.integers(3, 13, 450_000)).tolist()
    words = list(dict.fromkeys(text[start:end] for start, end in pairwise(ends)))[:400_000]
    real = ["friend", "receive", "accommodate", "anthropology", "necessary", "definitely"]
    return vocabulary_of(*dict.fromkeys([*words, *real]))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("freind", "friend"),
        ("recieve", "receive"),
        ("acommodate", "accommodate"),
        ("anthropolgy", "anthropology"),
        ("neccessary", "necessary"),
        ("definately", "definitely"),
        ("Friend", "friend"),
    ],
)
def test_the_usual_misspellings_are_found_among_400_000_words(many, typed, meant):
    with pytest.raises(UnknownWordError, match=rf"; did you mean .*\b{meant}\b"):
        many.id(typed)


# From lists


def test_a_vocabulary_is_made_of_plain_lists():
    vocabulary = Vocabulary(["the", "a", "owl"], [7, np.int32(7), 0])
    assert vocabulary.counts.dtype == np.int64
    assert vocabulary.counts.tolist() == [7, 7, 0]
    assert (vocabulary.total, vocabulary.id("owl")) == (14, 2)
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[0] = 1
    assert Vocabulary(("the",), (2**63 - 1,)).total == 2**63 - 1
    assert len(Vocabulary([], [])) == 0
    assert replace(vocabulary, counts=[3, 2, 1]).counts.tolist() == [3, 2, 1]
    assert pickle.loads(pickle.dumps(vocabulary)).counts.tolist() == [7, 7, 0]


@pytest.mark.parametrize(
    ("words", "counts", "text"),
    [
        (["a", "b"], [1], "2 words and 1 counts; give one for each"),
        (["a"], [1, 2], "1 words and 2 counts; give one for each"),
        (["a", "b"], [1, 2.0], "the count of 'b' is 2.0, not a whole number"),
        (["a", "b"], [True, 2], "the count of 'a' is True, not a whole number"),
        (["a", "b"], [1, "2"], "the count of 'b' is '2', not a whole number"),
        (["a", "b"], [1, None], "the count of 'b' is None, not a whole number"),
        (["a", "b"], [1, -2], "the count of 'b' is -2; counts are from 0 to 9,223,372,"),
        (["a"], [2**63], "the count of 'a' is 9223372036854775808; counts are from 0 to"),
        (["a", 7], [1, 2], "word 2 is 7, and a word is text"),
        ("ab", [1, 2], "words must be a list, not 'ab'"),
        (["a"], 1, "counts must be a list, not 1"),
        (["a"], "1", "counts must be a list, not '1'"),
    ],
)
def test_lists_that_make_no_vocabulary_are_refused_with_what_is_wrong(words, counts, text):
    with pytest.raises(FormatError) as caught:
        Vocabulary(words, counts)
    assert str(caught.value).startswith(text)
