"""Rows of counts from a chunk of text: of any words, and of no more text than windows reach."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.replay import corpus_of
from helpers.window_rules import WORDS, lines, rules
from skipgram.corpus.cooccurrence.rows import Walk, counted_rows, surroundings
from skipgram.settings.window_rule import WindowRule
from skipgram.system.threads import OrderedThreads

law = settings(deadline=None, max_examples=60)


@law
@given(lines, rules, st.lists(st.integers(0, WORDS), max_size=4))
def test_rows_of_some_words_after_the_other_are_those_of_all(text, rule, borders):
    corpus = corpus_of(text, WORDS)
    given = corpus.ids, corpus.line_ends, np.array([[0, len(corpus)]])
    walk, told = Walk.of(rule, corpus.vocabulary.counts), []
    borders = [0, *sorted(borders), WORDS]
    with OrderedThreads(1) as alone:
        whole = counted_rows(*given, walk, alone)
        parts = [
            counted_rows(*given, walk, alone, words=words, observe=told.append)
            for words in pairwise(borders)
            if words[0] < words[1]
        ]
    assert sum(told) == len(corpus)
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    np.testing.assert_array_equal(lengths, np.diff(whole.starts))
    for name in ("outsides", "sums"):
        found = np.concatenate([getattr(part, name) for part in parts])
        np.testing.assert_array_equal(found, getattr(whole, name))


@law
@given(lines, rules, st.integers(0, 8), st.integers(1, 9))
def test_the_text_beyond_the_surroundings_changes_no_count(text, rule, start, tokens):
    corpus = corpus_of([*text, [0, 1, 2, 3, 4] * 30, *text], WORDS)
    stop = min(start + tokens, len(corpus))
    ranges = np.array([[start, stop]])
    walk = Walk.of(rule, corpus.vocabulary.counts)
    begin, end = surroundings(corpus.ids, corpus.line_ends, ranges, walk)
    assert 0 <= begin <= start < stop <= end <= len(corpus)
    inside = corpus.line_ends[(corpus.line_ends > begin) & (corpus.line_ends < end)]
    with OrderedThreads(1) as alone:
        expected = counted_rows(corpus.ids, corpus.line_ends, ranges, walk, alone)
        found = counted_rows(
            corpus.ids[begin:end], np.append(inside, end) - begin, ranges - begin, walk, alone
        )
    for name in ("starts", "outsides", "sums"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))


def test_the_surroundings_in_a_long_line_are_a_part_of_it():
    corpus = corpus_of([np.random.default_rng(1).integers(0, WORDS, 5_000).tolist()], WORDS)
    ranges = np.array([[2000, 2700]])
    for gaps, most in (("text", 4), ("closed-up", 1_000)):
        rule = WindowRule(window=4, subsample=1e-2, gaps=gaps)
        walk = Walk.of(rule, corpus.vocabulary.counts)
        begin, end = surroundings(corpus.ids, corpus.line_ends, ranges, walk)
        assert 4 <= 2000 - begin <= most
        assert 4 <= end - 2700 <= most
