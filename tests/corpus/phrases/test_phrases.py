"""Phrases are found and joined as a slow twin does on lists of words, however a corpus is cut."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from helpers.comparison import EXACT, assert_close
from helpers.phrases_twin import (
    Lines,
    Pair,
    counted,
    cut_corpora,
    in_chunks,
    in_lines,
    pairs_of,
    stream,
    text,
    twin_joined,
    twin_lossy_pairs,
    twin_pairs,
    twin_phrases,
    vocabulary,
    whole,
)
from skipgram.corpus.phrases import finding, kernels
from skipgram.corpus.phrases.finding import (
    Chunk,
    Phrases,
    count_numbers,
    count_score,
    find_phrases,
    join,
    joined_words,
    npmi_score,
)

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=150)

# The scores


def test_the_score_by_counts_is_the_one_of_a_hand() -> None:
    # (25 − 5) · 10 000 / (50 · 100) = 200 000 / 5 000
    assert count_score(25, 50, 100, tokens=10_000, discount=5) == 40
    # As it stands in the paper, without the tokens: 20 / 5 000.
    assert_close(count_score(25, 50, 100, tokens=1, discount=5), 0.004, EXACT)
    assert count_score(5, 50, 100, tokens=10_000, discount=5) == 0


def test_normalised_pointwise_mutual_information_is_the_one_of_a_hand() -> None:
    # p_ab = p_a = 1/100, p_b = 1/10: ln 10 / ln 100
    assert_close(npmi_score(10, 10, 100, tokens=1000), 0.5, EXACT)
    # p_ab = 1/8, p_a = p_b = 1/2: ln(1/2) / ln 8
    assert_close(npmi_score(1, 4, 4, tokens=8), -1 / 3, EXACT)
    assert_close(npmi_score(4, 20, 20, tokens=100), 0.0, EXACT)
    assert_close(npmi_score(7, 7, 7, tokens=100), 1.0, EXACT)


def test_a_pair_that_is_every_token_has_the_highest_mutual_information() -> None:
    assert npmi_score(9, 9, 9, tokens=9) == 1


def test_scores_of_arrays_are_the_scores_of_their_numbers() -> None:
    ab, a, b = np.array([3, 10, 12]), np.array([4, 10, 12]), np.array([5, 70, 12])
    each = list(zip(ab, a, b, strict=True))
    expected = [count_score(*counts, tokens=12, discount=2) for counts in each]
    assert_close(count_score(ab, a, b, tokens=12, discount=2), expected, EXACT)
    expected = [npmi_score(*counts, tokens=12) for counts in each]
    assert_close(npmi_score(ab, a, b, tokens=12), expected, EXACT)


def test_counts_whose_product_leaves_64_bits_have_a_score() -> None:
    many = np.array([10**11])
    assert_close(count_score(many, many, many, tokens=10**12, discount=0), [10.0], EXACT)
    assert_close(npmi_score(many, many, many, tokens=10**12), [1.0], EXACT)


counts_of_a_pair = st.tuples(
    st.integers(2, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 1000)
)


@law
@given(counts_of_a_pair)
def test_mutual_information_is_in_its_range_and_both_scores_rise_with_the_pair(
    drawn: tuple[int, int, int, int],
) -> None:
    together, more_a, more_b, others = drawn
    a, b, tokens = together + more_a, together + more_b, 2 * together + more_a + more_b + others
    assert -1 - EXACT <= npmi_score(together, a, b, tokens=tokens) <= 1 + EXACT
    assert npmi_score(together - 1, a, b, tokens=tokens) < npmi_score(together, a, b, tokens=tokens)
    low, high = (count_score(n, a, b, tokens=tokens, discount=2) for n in (together - 1, together))
    assert low < high


# Counting


@law
@given(cut_corpora("abcdef"))
@example((text("a a a"), whole(text("a a a"))))
def test_pairs_are_counted_line_by_line_however_the_corpus_is_cut(
    corpus: tuple[Lines, list[Chunk]],
) -> None:
    lines, chunks = corpus
    words = vocabulary(lines)
    assert count_numbers(lambda: chunks, len(words)).tolist() == [
        sum(line.count(word) for line in lines) for word in words
    ]
    found = counted(chunks, len(words))
    expected = twin_pairs(lines, 1)
    assert dict(zip(pairs_of(found, words), found.counts.tolist(), strict=True)) == expected
    assert found.different_pairs == len(expected)
    assert found.error_bound == 0


def test_a_table_that_grows_from_one_slot_counts_all_pairs_of_a_long_corpus() -> None:
    random = np.random.default_rng(1)
    numbers = (random.zipf(1.3, 100_000) % 20_000).astype(np.int32)
    chunks = [(part, np.zeros(0, np.int64)) for part in np.array_split(numbers, 7)]
    found = counted(chunks, 20_000, most_pairs=10**6)
    keys, counts = np.unique(numbers[:-1].astype(np.int64) << 32 | numbers[1:], return_counts=True)
    assert len(keys) > 30_000
    assert np.array_equal(found.first.astype(np.int64) << 32 | found.second, keys)
    assert np.array_equal(found.counts, counts)


@law
@given(
    st.integers(0, 2**32 - 1), st.integers(2, 10), st.integers(1, 60), st.sampled_from([1, 4, 64])
)
def test_a_full_table_forgets_as_the_twin_and_is_wrong_by_no_more_than_it_says(
    seed: int, types: int, most_pairs: int, first_slots: int
) -> None:
    # Long enough that pairs come back after they were forgotten, some often.
    random = np.random.default_rng(seed)
    letters = ["abcdefghij"[number] for number in random.zipf(1.5, 400) % types]
    lines = [part.tolist() for part in np.split(letters, np.sort(random.integers(0, 400, 9)))]
    words, items = vocabulary(lines), stream(lines)
    chunks = in_chunks(items, words, random.integers(0, len(items), 5).tolist())
    found = counted(chunks, len(words), most_pairs=most_pairs, first_slots=first_slots)
    held = dict(zip(pairs_of(found, words), found.counts.tolist(), strict=True))
    assert (held, found.error_bound) == twin_lossy_pairs(lines, most_pairs)
    assert len(held) == found.different_pairs <= most_pairs
    true = twin_pairs(lines, 1)
    assert held.keys() <= true.keys()
    for pair, count in true.items():
        assert count - found.error_bound <= held.get(pair, 0) <= count
    if len(true) <= most_pairs:
        assert (held, found.error_bound) == (true, 0)


def test_a_full_table_forgets_the_pairs_that_are_seen_least() -> None:
    # Seen: ab 3, cd 2, ef 1, gh 1. Then "i j" needs room, and half of four pairs may stay.
    lines = text("a b\na b\na b\nc d\nc d\ne f\ng h\ni j\ng h")
    words = vocabulary(lines)
    found = counted(whole(lines), len(words), most_pairs=4)
    held = dict(zip(pairs_of(found, words), found.counts.tolist(), strict=True))
    assert held == {("a", "b"): 3, ("c", "d"): 2, ("i", "j"): 1, ("g", "h"): 1}
    assert found.error_bound == 1


# More than the bound is looked for at a time, by a little and by much.
@pytest.mark.parametrize("times", [*range(2**16 - 2, 2**16 + 4), 70_000])
def test_the_bound_rises_to_what_frees_half_of_the_table_and_no_higher(times: int) -> None:
    numbers = np.concatenate([np.tile([0, 1], times), np.full(60_001, 2), [3, 4]]).astype(np.int32)
    line_ends = np.array([2 * times, 2 * times + 60_001])
    found = counted([(numbers, line_ends)], 5, most_pairs=3)
    # Of (0, 1), one less of (1, 0) and 60 000 of (2, 2) only the first may stay, for (3, 4).
    assert found.first.tolist() == [0, 3]
    assert found.counts.tolist() == [times, 1]
    assert found.error_bound == times - 1


# Finding


@law
@given(
    cut_corpora(),
    st.sampled_from(["count", "npmi"]),
    # Not the values of small fractions' logarithms, whose last bit is a matter of luck.
    st.integers(-8, 24).map(lambda eighths: eighths / 8 + 2.0**-8),
    st.integers(1, 3),
)
def test_phrases_are_those_of_the_twin_by_falling_score(
    corpus: tuple[Lines, list[Chunk]], score: str, threshold: float, min_count: int
) -> None:
    lines, chunks = corpus
    words = vocabulary(lines)
    counts = count_numbers(lambda: chunks, len(words))
    found = find_phrases(
        lambda: chunks, counts, score=score, threshold=threshold, min_count=min_count
    )
    expected = twin_phrases(lines, score, threshold, min_count)
    assert set(pairs_of(found, words)) == expected.keys()
    assert len(found) == len(expected)
    assert_close(found.scores, [expected[pair] for pair in pairs_of(found, words)], EXACT)
    in_corpus = twin_pairs(lines, 1)
    assert found.counts.tolist() == [in_corpus[pair] for pair in pairs_of(found, words)]
    order = list(zip(-found.scores, found.first, found.second, strict=True))
    assert order == sorted(order)
    assert (found.first.dtype, found.second.dtype) == (np.int32, np.int32)
    assert (found.scores.dtype, found.counts.dtype) == (np.float64, np.int64)


def phrases_in(lines: Lines, *, score: str, threshold: float, min_count: int) -> list[Pair]:
    words, chunks = vocabulary(lines), whole(lines)
    counts = count_numbers(lambda: chunks, len(words))
    found = find_phrases(
        lambda: chunks, counts, score=score, threshold=threshold, min_count=min_count
    )
    return pairs_of(found, words)


def test_a_phrase_scores_above_the_threshold_and_not_at_it() -> None:
    # (2 − 1) · 8 / (2 · 2) = 2
    lines = text("a b\na b\nc d e f")
    assert phrases_in(lines, score="count", threshold=2, min_count=1) == []
    assert phrases_in(lines, score="count", threshold=1.999, min_count=1) == [("a", "b")]


def test_a_phrase_is_seen_min_count_times() -> None:
    lines = text("a b\na b\nc d")
    assert phrases_in(lines, score="npmi", threshold=0.5, min_count=2) == [("a", "b")]
    assert phrases_in(lines, score="npmi", threshold=0.5, min_count=3) == []


def test_a_rare_word_between_two_others_keeps_them_apart() -> None:
    lines = text("a x b\na y b\na b")
    assert phrases_in(lines, score="npmi", threshold=-2, min_count=2) == []


def test_a_table_that_is_full_may_miss_phrases_but_makes_none_up() -> None:
    random = np.random.default_rng(2)
    numbers = (random.zipf(1.5, 20_000) % 300).astype(np.int32)
    chunks = [(numbers, np.arange(0, 20_000, 20))]
    counts = count_numbers(lambda: chunks, 300)

    def found(most_pairs: int) -> Phrases:
        return find_phrases(
            lambda: chunks,
            counts,
            score="npmi",
            threshold=-0.2,
            min_count=3,
            most_pairs=most_pairs,
        )

    exact, inexact = found(10**6), found(400)
    assert exact.error_bound == 0 < inexact.error_bound
    keys = [set(zip(some.first, some.second, strict=True)) for some in (exact, inexact)]
    assert 0 < len(keys[1]) < len(keys[0])
    assert keys[1] < keys[0]


# Joining


@law
@given(cut_corpora(), st.sets(st.tuples(*[st.sampled_from("abc")] * 2), max_size=5))
@example((text("a a a a a"), whole(text("a a a a a"))), {("a", "a")})
@example((text("a b c"), whole(text("a b c"))), {("a", "b"), ("b", "c")})
def test_lines_are_joined_as_by_the_twin_however_the_corpus_is_cut(
    corpus: tuple[Lines, list[Chunk]], chosen: set[Pair]
) -> None:
    lines, chunks = corpus
    words = vocabulary(lines)
    chosen = {pair for pair in chosen if set(pair) <= set(words)}
    phrases = phrases_of(sorted(chosen), words)
    joined = list(join(lambda: chunks, phrases, len(words)))
    assert len(joined) <= len(chunks) + 1
    all_words = words + [b.decode() for b in joined_words([a.encode() for a in words], phrases)]
    assert in_lines(joined, all_words) == twin_joined(lines, chosen)


def phrases_of(chosen: Sequence[Pair], words: list[str]) -> Phrases:
    """Some pairs as phrases; for joining, their scores do not matter."""
    first, second = (
        np.array([words.index(pair[side]) for pair in chosen], np.int32) for side in (0, 1)
    )
    return Phrases(first, second, np.ones(len(chosen)), np.ones(len(chosen), np.int64), 0, 0)


def test_many_phrases_are_joined_each_by_its_number() -> None:
    types = 3000
    first = np.random.default_rng(3).permutation(types).astype(np.int32)
    second = first[::-1].copy()
    nothing = np.zeros(types)
    phrases = Phrases(first, second, nothing, nothing.astype(np.int64), 0, 0)
    numbers = np.stack([first, second], axis=1).reshape(-1)
    chunks = [(numbers, np.arange(2, 2 * types + 1, 2))]
    ((joined, line_ends),) = join(lambda: chunks, phrases, types)
    assert np.array_equal(joined, types + np.arange(types))
    assert np.array_equal(line_ends, np.arange(1, types + 1))


def test_two_passes_make_a_phrase_of_three_words() -> None:
    lines = text("in new york city\nnew york city is\n\na city in a new york city")
    words, chunks = [word.encode() for word in vocabulary(lines)], whole(lines)
    for threshold in (0.9, 0.7):
        counts = count_numbers(lambda seen=chunks: seen, len(words))
        phrases = find_phrases(
            lambda seen=chunks: seen, counts, score="npmi", threshold=threshold, min_count=3
        )
        chunks = list(join(lambda seen=chunks: seen, phrases, len(words)))
        words += joined_words(words, phrases)
    assert words[-2:] == [b"new_york", b"new_york_city"]
    assert in_lines(chunks, [word.decode() for word in words]) == text(
        "in new_york_city\nnew_york_city is\n\na city in a new_york_city"
    )


# What the kernels are given


def test_each_kernel_is_compiled_once_for_all_kinds_of_arrays() -> None:
    numbers, line_ends = np.array([0, 1, 0, 1, 0, 1], np.int32), np.array([6], np.int64)
    odd_bytes = np.zeros(6 * 4 + 1, np.uint8)[1:].view(np.int32)
    odd_bytes[:] = numbers
    kinds = [numbers, numbers.astype(np.int64), np.repeat(numbers, 2)[::2], odd_bytes]
    kinds += [numbers.astype(">i4"), numbers.copy()]
    kinds[-1].flags.writeable = False
    compiled = []
    for kind in kinds:
        chunks = [(kind, line_ends)]
        phrases = find_phrases(
            lambda seen=chunks: seen, np.array([3, 3]), score="count", threshold=0.1, min_count=2
        )
        joined = list(join(lambda seen=chunks: seen, phrases, 2))
        assert in_lines(joined, ["a", "b", "ab"]) == [["ab", "ab", "ab"]]
        used = kernels.count_pairs, kernels.phrase_table, kernels.join_pairs
        compiled.append([len(kernel.signatures) for kernel in used])
    assert compiled == compiled[:1] * len(kinds)  # the first may have found them compiled


@pytest.mark.parametrize("chunks", [[], [(np.zeros(0, np.int32), np.zeros(0, np.int64))]])
@pytest.mark.parametrize("score", ["count", "npmi"])
def test_a_corpus_of_nothing_has_no_phrases(chunks: list[Chunk], score: str) -> None:
    counts = count_numbers(lambda: chunks, 0)
    phrases = find_phrases(lambda: chunks, counts, score=score, threshold=0, min_count=1)
    assert len(phrases) == 0
    assert in_lines(list(join(lambda: chunks, phrases, 0)), []) == []


def mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The twin of the hash of pairs."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        keys = (keys ^ keys >> np.uint64(shift)) * np.uint64(factor)
    return keys ^ keys >> np.uint64(31)


def test_pairs_that_somebody_chose_are_found_as_quickly_as_any() -> None:
    types = np.arange(3000, dtype=np.uint64)
    keys = (types[:, None] << np.uint64(32) | types).ravel()
    chosen = keys[mixed(keys) & np.uint64(0xFFF) == 0]  # of the same slot, if nothing is drawn
    numbers = np.stack([chosen >> np.uint64(32), chosen & np.uint64(0xFFFFFFFF)], 1)
    empty = np.zeros((1 << 12, 2), np.int64), np.zeros(0, np.int64)
    _, table, _, used, _ = kernels.count_pairs(
        numbers.ravel().astype(np.int32),
        np.arange(2, 2 * len(numbers) + 1, 2),
        np.ones(len(types), np.bool_),
        1 << 20,
        kernels.NONE,
        *empty,
        0,
        0,
        finding.TURNED,
    )
    assert used == len(chosen) > 2000
    places = np.flatnonzero(table[:, 1])
    own = mixed(table[places, 0].astype(np.uint64)) & np.uint64(len(table) - 1)
    steps = (places - own.astype(np.int64)) % len(table)
    assert steps.sum() < 4 * len(chosen), "and not half of its square"


def test_phrases_do_not_depend_on_the_bits_that_were_drawn(monkeypatch: Any) -> None:
    numbers = np.random.default_rng(2).integers(9, size=400).astype(np.int32)
    chunks = [(numbers, np.array([100, 400]))]
    found = []
    for turned in (0, 1, 2**63 - 1, 12345 << 30):
        monkeypatch.setattr(finding, "TURNED", turned)
        phrases = find_phrases(
            lambda: chunks, np.bincount(numbers), score="count", threshold=0.1, min_count=1
        )
        joined = [part.tolist() for chunk in join(lambda: chunks, phrases, 9) for part in chunk]
        found.append((phrases.first.tolist(), phrases.second.tolist(), joined))
    assert all(other == found[0] for other in found)
    assert found[0][0]
