"""Which types become words: the rules one by one and together, and what is counted as dropped."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.corpus.vocabulary.pruning import Dropped, Pruned, PruningRules, prune
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, SettingsError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=200)

LETTERS = "abcdefgé"
corpora = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=60)
lists = st.lists(st.sampled_from([*LETTERS, "unseen", "\ud800"]), max_size=4)


class OnlyWhatIsPromised(Sequence[bytes]):
    """Types that can be counted and asked one by one, and that note which were asked."""

    def __init__(self, types: Sequence[bytes]) -> None:
        self.types, self.asked = types, Counter[int]()

    def __len__(self) -> int:
        return len(self.types)

    def __getitem__(self, number: Any) -> Any:
        self.asked[number] += 1
        return self.types[number]


def types_of(tokens: Sequence[str]) -> tuple[OnlyWhatIsPromised, np.ndarray]:
    counts = Counter(tokens)
    types = OnlyWhatIsPromised([word.encode() for word in counts])
    return types, np.array(list(counts.values()), np.int64)


def pruned(tokens: Sequence[str], **rules: Any) -> Pruned:
    return prune(*types_of(tokens), PruningRules(**rules))


def entries(kept: Vocabulary | Pruned) -> list[tuple[str, int]]:
    return list(zip(kept.words, kept.counts.tolist(), strict=True))


def expected_entries(
    tokens: Sequence[str], min_count: int, max_vocabulary: int, keep: Sequence[str], drop: Any
) -> list[tuple[str, int]]:
    """The rules in plain Python, one after the other."""
    # Counter keeps the order of first appearance, and most_common keeps it among equals.
    left = [pair for pair in Counter(tokens).most_common() if pair[0] not in drop]
    left = [pair for pair in left if pair[1] >= min_count or pair[0] in keep]
    while max_vocabulary and len(left) > max_vocabulary:
        left.remove(next(pair for pair in reversed(left) if pair[0] not in keep))
    return left


@law
@given(corpora, st.integers(1, 5), st.sampled_from([0, *range(4, 9)]), lists, lists)
def test_the_rules_keep_what_they_say_in_order_and_every_token_is_accounted_for(
    tokens, min_count, max_vocabulary, keep, drop
):
    drop = [word for word in drop if word not in keep]
    expected = expected_entries(tokens, min_count, max_vocabulary, keep, drop)
    rules = {
        "min_count": min_count,
        "max_vocabulary": max_vocabulary,
        "keep_words": keep,
        "drop_words": drop,
    }
    if len(expected) < 2:
        with pytest.raises(CorpusError):
            pruned(tokens, **rules)
        return
    result, counts = pruned(tokens, **rules), Counter(tokens)
    assert entries(result) == expected

    kept = {word: number for number, (word, _) in enumerate(expected)}
    assert result.ids.dtype == np.int32
    assert result.ids.tolist() == [kept.get(word, -1) for word in counts]

    dropped = [result.by_drop_words, result.by_min_count, result.by_max_vocabulary]
    listed, rare, _ = dropped
    assert len(kept) + sum(reason.types for reason in dropped) == len(counts)
    assert result.tokens + sum(reason.tokens for reason in dropped) == len(tokens)
    by_list = [counts[word] for word in counts if word in drop]
    by_count = [n for word, n in counts.items() if word not in [*drop, *keep] and n < min_count]
    assert listed == Dropped(len(by_list), sum(by_list))
    assert rare == Dropped(len(by_count), sum(by_count))
    assert result.keep_words_unseen == len(set(keep) - set(tokens))
    assert result.drop_words_unseen == len(set(drop) - set(tokens))


@law
@given(corpora, st.integers(1, 3), st.sampled_from([0, *range(4, 9)]), lists, lists)
def test_pruning_a_vocabulary_is_pruning_the_corpus(tokens, min_count, most, keep, drop):
    rules = {"max_vocabulary": most, "keep_words": keep, "drop_words": set(drop) - set(keep)}
    try:
        found = pruned(tokens, min_count=1)
        expected = pruned(tokens, min_count=min_count, **rules)
    except CorpusError:
        return
    whole = Vocabulary(found.words, found.counts)
    assert entries(whole.pruned(min_count=min_count, **rules)) == entries(expected)


def test_pruning_a_vocabulary_by_nothing_keeps_every_word_that_was_seen():
    vocabulary = Vocabulary(["a", "b", "</s>"], np.array([3, 1, 0]))
    assert entries(vocabulary.pruned()) == [("a", 3), ("b", 1)]


# One rule at a time


def test_equal_counts_stand_by_first_appearance():
    assert pruned("zyxzyxw", min_count=2).words == ["z", "y", "x"]


def test_a_word_seen_just_often_enough_is_kept():
    result = pruned("aaabbc", min_count=2)
    assert entries(result) == [("a", 3), ("b", 2)]
    assert result.ids.tolist() == [0, 1, -1]
    assert result.by_min_count == Dropped(types=1, tokens=1)


def test_a_bound_on_the_words_keeps_the_most_frequent_and_the_first_of_equals():
    result = pruned("aaabbccd", min_count=1, max_vocabulary=2)
    assert entries(result) == [("a", 3), ("b", 2)]
    assert result.ids.tolist() == [0, 1, -1, -1]
    assert result.by_max_vocabulary == Dropped(types=2, tokens=3)
    assert result.by_min_count == result.by_drop_words == Dropped(types=0, tokens=0)


def test_words_to_keep_stay_whatever_their_count_and_push_out_others():
    result = pruned("aaaabbbccd", min_count=2, max_vocabulary=3, keep_words=["d", "c", "nowhere"])
    assert entries(result) == [("a", 4), ("c", 2), ("d", 1)]
    assert result.by_max_vocabulary == Dropped(types=1, tokens=3)
    assert result.keep_words_unseen == 1


def test_as_many_words_to_keep_as_there_is_room_leave_no_other():
    result = pruned("aaabbcd", min_count=1, max_vocabulary=2, keep_words=("d", "c"))
    assert entries(result) == [("c", 1), ("d", 1)]


def test_words_to_drop_go_whatever_their_count_and_count_for_nothing_else():
    result = pruned("aaabbccd", min_count=2, drop_words={"a", "d"})
    assert entries(result) == [("b", 2), ("c", 2)]
    assert result.by_drop_words == Dropped(types=2, tokens=4)
    assert result.by_min_count == Dropped(types=0, tokens=0)


def test_a_word_of_count_zero_was_not_seen_and_cannot_be_kept():
    result = prune([b"a", b"b", b"c"], np.array([2, 1, 0]), PruningRules(1, keep_words=["c"]))
    assert result.words == ["a", "b"]
    assert result.keep_words_unseen == 1


def test_without_a_list_only_the_words_that_are_kept_are_ever_looked_at():
    types, counts = types_of("abaccbdefg")
    assert prune(types, counts, PruningRules(2)).words == ["a", "b", "c"]
    assert types.asked == {0: 1, 1: 1, 2: 1}


def test_with_a_list_each_type_is_looked_at_once_and_what_is_dropped_is_not_decoded():
    types = OnlyWhatIsPromised([b"a", b"b", b"\xff", b"c"])
    result = prune(types, np.array([3, 2, 1, 4]), PruningRules(2, drop_words=["c"]))
    assert result.words == ["a", "b"]
    assert types.asked == {0: 2, 1: 2, 2: 1, 3: 1}


# What is left over


@pytest.mark.parametrize(
    ("tokens", "rules", "message"),
    [
        (
            "aaabbc",
            {"min_count": 4},
            "no word occurs 4 times or more: the most frequent of 3 has count 3; "
            "lower min_count or give more text",
        ),
        (
            "ééébbc",
            {"min_count": 3},
            "only one word, 'é', occurs 3 times or more; vectors need at least two: "
            "lower min_count or give more text",
        ),
        (
            "aaabbc",
            {"min_count": 3, "keep_words": ["a", "z"]},
            "only one word, 'a', occurs 3 times or more; vectors need at least two: "
            "lower min_count or give more text",
        ),
        (
            "aaabbc",
            {"min_count": 4, "keep_words": ["c"]},
            "only one word, 'c', is left of 3: min_count 4 dropped 2; vectors need at least two: "
            "lower min_count or give more text",
        ),
        (
            "a",
            {"min_count": 2, "keep_words": ["a"]},
            "only one word, 'a', is left of 1: there are no others; vectors need at least two: "
            "give more text",
        ),
        (
            "aaabbc",
            {"min_count": 2, "drop_words": ["a"]},
            "only one word, 'b', is left of 3: drop_words dropped 1 and min_count 2 dropped 1; "
            "vectors need at least two: drop fewer words (drop_words) or lower min_count "
            "or give more text",
        ),
        (
            "aaabbc",
            {"min_count": 1, "drop_words": ["a", "b", "c"]},
            "no word is left of 3: drop_words dropped 3; vectors need at least two: "
            "drop fewer words (drop_words) or give more text",
        ),
    ],
)
def test_fewer_than_two_words_are_an_error_that_names_what_took_the_others(tokens, rules, message):
    with pytest.raises(CorpusError) as caught:
        pruned(tokens, **rules)
    assert str(caught.value) == message


# Rules that contradict each other, or are none


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"min_count": 0}, "min_count must be at least 1, not 0"),
        ({"min_count": 1.5}, "min_count must be a whole number, not 1.5"),
        ({"min_count": True}, "min_count must be a whole number, not True"),
        ({"max_vocabulary": -1}, "max_vocabulary must be at least 0, not -1"),
        ({"max_vocabulary": None}, "max_vocabulary must be a whole number, not None"),
        (
            {"max_vocabulary": 1},
            "max_vocabulary 1 leaves one word, and vectors need at least two: "
            "raise it (max_vocabulary), or give 0 for no bound",
        ),
        (
            {"max_vocabulary": 2, "keep_words": ["a", "b", "a", "c"]},
            "max_vocabulary 2 has no room for the 3 keep_words: raise it (max_vocabulary) or "
            "keep fewer words (keep_words)",
        ),
        (
            {"keep_words": ["a", "b"], "drop_words": ["c", "b"]},
            "'b' is in both keep_words and drop_words; remove it from one of them",
        ),
        ({"keep_words": "the"}, "keep_words must be a list of words, not 'the'"),
        ({"drop_words": 7}, "drop_words must be a list of words, not 7"),
        (
            {"drop_words": ["a", b"b"]},
            "drop_words holds b'b', which is not a word; a word is text, or an integer",
        ),
    ],
)
def test_rules_that_cannot_be_followed_are_an_error_before_anything_is_read(rules, message):
    with pytest.raises(SettingsError) as caught:
        PruningRules(**{"min_count": 1} | rules)
    assert str(caught.value) == message
    with pytest.raises(SettingsError, match="^" + message[:12]):
        pruned("aaabbc", **{"min_count": 1} | rules)
    with pytest.raises(SettingsError, match="^" + message[:12]):
        Vocabulary(["a", "b"], np.array([2, 1])).pruned(**rules)


def test_numbers_of_numpy_are_whole_numbers():
    result = pruned("aaabbc", min_count=np.int32(2), max_vocabulary=np.int64(2))
    assert result.words == ["a", "b"]
