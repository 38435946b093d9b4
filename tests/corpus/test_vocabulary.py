"""The vocabulary: who is in it, in which order, and what a look-up says that fails."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.corpus.vocabulary import Vocabulary, prune
from skipgram.errors import CorpusError, FormatError, SkipgramError, UnknownWordError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

corpora = st.lists(st.sampled_from("abcdefgé"), min_size=1, max_size=60)


def vocabulary_of(*words: str) -> Vocabulary:
    return Vocabulary(words, np.arange(len(words), 0, -1))


def pruned(tokens: list[str], min_count: int) -> tuple[Vocabulary, dict[str, int]]:
    """The vocabulary of tokens, and the new id of every type."""
    counts = Counter(tokens)
    types = [word.encode() for word in counts]
    vocabulary, ids = prune(types, np.array(list(counts.values())), min_count)
    return vocabulary, dict(zip(counts, ids.tolist(), strict=True))


@law
@given(corpora, st.integers(1, 6))
def test_ids_fall_by_count_and_equal_counts_stand_by_first_appearance(tokens, min_count):
    # Counter keeps the order of first appearance, and most_common keeps it among equals.
    expected = [pair for pair in Counter(tokens).most_common() if pair[1] >= min_count]
    if len(expected) < 2:
        with pytest.raises(CorpusError):
            pruned(tokens, min_count)
        return
    vocabulary, ids = pruned(tokens, min_count)
    assert list(zip(vocabulary, vocabulary.counts.tolist(), strict=True)) == expected
    kept = {word: number for number, (word, _) in enumerate(expected)}
    assert ids == {word: kept.get(word, -1) for word in tokens}


def test_equal_counts_stand_by_first_appearance():
    vocabulary, _ = pruned(list("zyxzyxw"), min_count=2)
    assert list(vocabulary) == ["z", "y", "x"]


def test_a_word_seen_just_often_enough_is_kept():
    vocabulary, ids = pruned(list("aaabbc"), min_count=2)
    assert list(vocabulary) == ["a", "b"]
    assert ids == {"a": 0, "b": 1, "c": -1}


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
    with pytest.raises(FormatError, match=r"^counts has shape \(3,\); 2 words ask for \(2,\)$"):
        Vocabulary(["the", "a"], np.arange(3))


# What is left over


def test_no_word_often_enough_is_an_error_with_the_largest_count():
    with pytest.raises(CorpusError) as caught:
        pruned(list("aaabbc"), min_count=4)
    assert str(caught.value) == (
        "no word is seen 4 times or more: the most frequent of 3 has count 3; "
        "lower min_count (--min-count) or give more text"
    )


def test_one_word_alone_is_an_error_that_names_it():
    with pytest.raises(CorpusError) as caught:
        pruned(["é", "é", "é", "b", "b", "c"], min_count=3)
    assert str(caught.value) == (
        "only one word, 'é', is seen 3 times or more; vectors need at least two: "
        "lower min_count (--min-count) or give more text"
    )


# Unknown words


def test_an_unknown_word_is_an_error_with_the_nearest_spellings():
    with pytest.raises(UnknownWordError) as caught:
        vocabulary_of("the", "queen", "kings", "king", "cat").id("kingg")
    assert str(caught.value) == "'kingg' is not among the 5 words; did you mean king or kings?"


def test_an_unknown_word_like_no_other_gets_no_suggestion():
    with pytest.raises(UnknownWordError) as caught:
        vocabulary_of("the", "queen").id("xyz")
    assert str(caught.value) == "'xyz' is not among the 2 words"


@pytest.mark.parametrize("word", [0, None, b"the"])
def test_what_is_no_text_is_an_unknown_word(word):
    with pytest.raises(UnknownWordError) as caught:
        vocabulary_of("the", "queen").id(word)
    assert str(caught.value) == f"{word!r} is not among the 2 words"


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
