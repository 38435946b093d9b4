"""With a bound on the types: how far a count may be off is told, and it never is further."""

from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import skipgram
from helpers.encoding_twin import assert_same, counts_in, decoded, encoded, words_in
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

frequent = st.sampled_from([b"a", b"b", b"c"])
rare = st.integers(0, 40).map(lambda number: b"rare%d" % number)
texts = st.lists(st.lists(frequent | rare, min_size=1, max_size=6).map(b" ".join), max_size=60).map(
    lambda lines: b"a b\n" * 9 + b"\n".join(lines) + b"\na b"
)


def bounded(content: bytes, **settings: Any) -> EncodedCorpus:
    try:
        return encoded(content, **{"block_bytes": 8} | settings)
    except CorpusError:  # all but one word were forgotten
        reject()


@law
@given(texts, st.integers(2, 30), st.integers(1, 60))
def test_a_count_is_never_too_high_nor_too_low_by_more_than_the_error(text, most, block_bytes):
    corpus = bounded(text, max_types=most, block_bytes=block_bytes)
    true = Counter(word for line in words_in(text) for word in line)
    error = corpus.summary.count_error
    counts = counts_in(corpus)
    for word, count in counts.items():
        assert true[word] - error <= count <= true[word]
    assert {word for word, count in true.items() if count > error} <= counts.keys()
    summary = corpus.summary
    assert summary.tokens == true.total()
    assert summary.kept_tokens + summary.forgotten_tokens == true.total()
    assert (error == 0) == (summary.forgotten_types == 0)
    assert len(counts) <= most or not summary.forgotten_types


@law
@given(texts, st.integers(2, 30), st.integers(1, 60))
def test_what_is_left_stands_in_the_order_of_the_text(text, most, block_bytes):
    corpus = bounded(text, max_types=most, block_bytes=block_bytes)
    lines = words_in(text)
    remaining = iter(word for line in lines for word in line)
    assert all(word in remaining for line in decoded(corpus) for word in line)


@law
@given(texts, st.integers(2, 10))
def test_words_to_be_kept_are_never_forgotten(text, most):
    wanted = ["rare7", "rare3", "never seen"]
    true = Counter(word for line in words_in(text) for word in line)
    corpus = bounded(text, max_types=most, keep_words=wanted)
    counts = counts_in(corpus)
    assert all(counts.get(word, 0) == true[word] for word in wanted)
    assert corpus.summary.unseen_words == sum(not true[word] for word in wanted)


@law
@given(texts, st.integers(2, 30), st.sampled_from([2, 7]))
def test_a_bound_gives_the_same_for_any_number_of_threads(text, most, threads):
    one = bounded(text, max_types=most)
    many = bounded(text, max_types=most, threads=threads)
    assert_same(one, many)
    assert one.summary == many.summary


@law
@given(texts)
def test_a_bound_that_is_never_reached_changes_nothing(text):
    assert_same(encoded(text), encoded(text, max_types=1000, block_bytes=16))
    assert encoded(text, max_types=1000).summary.count_error == 0


def test_a_bound_holds_over_many_types(tmp_path):
    random = np.random.default_rng(5)
    numbers = (20_000 * random.random(100_000) ** 4).astype(int).tolist()
    text = b"\n".join(b"w%d w%d" % pair for pair in pairwise(numbers))
    corpus = encoded(text, max_types=1000, block_bytes=1 << 12, threads=2, scratch=tmp_path)
    true = Counter(word for line in words_in(text) for word in line)
    error = corpus.summary.count_error
    assert 0 < error < 0.01 * true.total()
    assert all(true[word] - error <= n <= true[word] for word, n in counts_in(corpus).items())
    assert corpus.summary.forgotten_types > 10_000
    assert corpus.summary.table_bytes < 2_000_000


def test_phrases_and_a_bound_are_refused_together(tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("a b\n")
    with pytest.raises(skipgram.SettingsError, match="phrases are found among all types"):
        skipgram.encode(file, phrases=1, max_types=100)
