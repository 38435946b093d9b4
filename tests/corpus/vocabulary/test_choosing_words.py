"""Phrases and the choice of words, through the whole engine; and words that are only counted."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.encoding_twin import (
    assert_same,
    counts_in,
    decoded,
    encoded,
    is_trainable,
    kept,
    words_in,
)
from skipgram.corpus.summary import CorpusSummary
from skipgram.errors import CorpusError, OutputExistsError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

texts = st.lists(st.lists(st.sampled_from("abcdef"), max_size=6).map(" ".join), max_size=20).map(
    lambda lines: "\n".join(["a b c d", *lines]).encode()
)
word_lists = st.lists(st.sampled_from("abcxy"), unique=True, max_size=2)
YORK = b"".join(
    b"in new york city they say %d\nthe new %d york\n" % (number, number) for number in range(40)
)


def said(corpus: skipgram.EncodedCorpus) -> str:
    return "\n".join(" ".join(line) for line in corpus.sentences())


# Which words


@law
@given(texts, st.integers(1, 4), st.sampled_from([0, 2, 3, 5]), word_lists, word_lists)
def test_every_token_is_kept_or_counted_by_the_rule_that_took_it(text, min_count, most, keep, drop):
    keep = [word for word in keep if word not in drop]
    rules: dict[str, Any] = {"min_count": min_count, "max_vocabulary": most}
    rules |= {"keep_words": keep, "drop_words": drop}
    lines = words_in(text)
    counts = Counter(word for line in lines for word in line)
    listed = {word for word in counts if word in drop}
    passing = {w for w, n in counts.items() if w in keep or n >= min_count} - listed
    rare = counts.keys() - passing - listed
    by_rank = sorted(
        (word for word in counts if word in passing),
        key=lambda word: (word not in keep, -counts[word]),
    )
    words = set(by_rank[:most] if most else by_rank)
    expected = kept([[word for word in line if word in words] for line in lines])
    if not is_trainable(expected):
        with pytest.raises(CorpusError):
            encoded(text, **rules)
        return
    corpus = encoded(text, block_bytes=16, **rules)
    assert decoded(corpus) == expected
    assert counts_in(corpus) == {word: counts[word] for word in words}
    summary = corpus.summary

    def both(some: set[str]) -> tuple[int, int]:
        return len(some), sum(counts[word] for word in some)

    assert (summary.listed_types, summary.listed_tokens) == both(listed)
    assert (summary.rare_types, summary.rare_tokens) == both(rare)
    assert (summary.surplus_types, summary.surplus_tokens) == both(passing - words)
    assert (summary.kept_types, summary.kept_tokens) == both(words)
    assert (summary.types, summary.tokens) == both(set(counts))
    assert summary.unseen_words == sum(word not in counts for word in keep)
    assert summary.unseen_drop_words == sum(word not in counts for word in drop)


# Phrases


def test_words_that_belong_together_become_one():
    corpus = encoded(YORK, phrases=1, phrase_threshold=0.5)
    assert said(corpus).startswith("in_new york_city they_say 0\nthe_new 0 york\n")
    assert corpus.summary.phrases > 0
    assert corpus.summary.kept_tokens == len(said(corpus).split())
    assert corpus.summary.tokens == len(YORK.split())
    assert corpus.summary.joined_tokens == corpus.summary.tokens - corpus.summary.kept_tokens
    counts_in(corpus)
    again = encoded(YORK, phrases=2, phrase_threshold=0.5)
    assert max(word.count("_") for word in again.vocabulary) >= 2
    assert again.summary.phrases > corpus.summary.phrases
    assert said(again).replace("_", " ") == said(encoded(YORK))


@pytest.mark.parametrize("values", [{"phrases": 1}, {"phrases": 2}, {"phrase_score": "npmi"}])
def test_phrases_are_the_same_for_any_threads_blocks_and_files(values, tmp_path):
    values = {"phrases": 1, "phrase_threshold": 0.3, "min_count": 2} | values
    one = encoded(YORK, **values)
    assert one.summary.phrases > 0
    assert_same(one, encoded(YORK, block_bytes=30, threads=3, **values))
    parts = YORK.splitlines(keepends=True)
    other = encoded(b"".join(parts[:9]), b"".join(parts[9:]), scratch=tmp_path, **values)
    assert_same(one, other)
    assert list(tmp_path.iterdir()) == []


def test_no_phrase_reaches_over_a_line_a_source_or_a_sentence():
    lines = [b"new\nyork", b"new", b"york"] * 30
    corpus = encoded(*lines, b"a b", phrases=1, phrase_threshold=0)
    assert "new_york" not in corpus.vocabulary
    text = b"He lives in New. York is far, New York is near. " * 20
    corpus = encoded(text, phrases=1, phrase_threshold=0, tokenizer="words")
    assert said(corpus).startswith("he_lives in_new\nyork_is far_new york_is near\nhe_lives")


def test_a_phrase_that_the_text_held_before_is_the_same_word():
    text = b"new york\n" * 30 + b"the new_york times a b c\n" * 3
    corpus = encoded(text, phrases=1, phrase_threshold=1)
    assert counts_in(corpus)["new_york"] == 33
    assert len(set(corpus.vocabulary)) == len(corpus.vocabulary)


def test_the_words_to_keep_may_be_phrases():
    lines = b"".join(b"a%d new york b%d the\n" % (number, number) for number in range(40))
    values: dict[str, Any] = {"phrases": 1, "phrase_threshold": 0.5, "min_count": 60}
    corpus = encoded(lines + b"the\n" * 500, keep_words=["new_york"], **values)
    assert set(corpus.vocabulary) == {"the", "new_york"}


# Words that are counted


@law
@given(st.lists(texts, min_size=1, max_size=3), st.integers(1, 3))
def test_words_are_counted_as_they_are_encoded(contents, min_count):
    parts = [content.decode() for content in contents]
    told: list[Any] = []
    counted = skipgram.count_words(skipgram.Texts(parts), observe=told.append, threads=1)
    true = Counter(" ".join(parts).split())
    assert dict(zip(counted, counted.counts.tolist(), strict=True)) == true
    assert isinstance(told[-1], CorpusSummary)
    assert told[-1].kept_tokens == true.total()
    try:
        corpus = skipgram.encode(skipgram.Texts(parts), min_count=min_count, threads=1)
    except CorpusError:
        return
    counted = skipgram.count_words(skipgram.Texts(parts), min_count=min_count, threads=1)
    assert list(counted) == list(corpus.vocabulary)
    np.testing.assert_array_equal(counted.counts, corpus.vocabulary.counts)


@pytest.fixture
def texts_in(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    files[0].write_text("a b a c\nb d\n")
    files[1].write_text("b d e\nb\n")
    return files


def test_saved_vocabularies_and_encoded_corpora_are_counted_with_texts(texts_in, tmp_path):
    one, two = texts_in
    whole = skipgram.count_words(texts_in)
    saved = tmp_path / "one.vocabulary"
    skipgram.count_words(one).save(saved)
    skipgram.encode(one, tmp_path / "corpus", min_count=1)
    for first in (saved, str(saved), skipgram.count_words(one), tmp_path / "corpus"):
        merged = skipgram.count_words([first, two])
        assert dict(zip(merged, merged.counts, strict=True)) == (
            dict(zip(whole, whole.counts, strict=True))
        )
    pruned = skipgram.count_words([saved, two], min_count=2, drop_words=["a"], keep_words=["e"])
    assert list(pruned) == ["b", "d", "e"]
    assert list(skipgram.count_words([saved])) == list(skipgram.count_words(one))


def test_a_list_of_tokens_is_counted_whatever_its_words_are(texts_in, tmp_path, monkeypatch):
    skipgram.encode(texts_in, tmp_path / "corpus", min_count=1)
    monkeypatch.chdir(tmp_path)
    lines = [["x" * 5000], ["a", "\0", "b"], ["a b\n" * 99], ["corpus"]]
    assert set(skipgram.count_words(lines, threads=1)) == {word for line in lines for word in line}


def test_one_word_is_enough_to_count():
    counted = skipgram.count_words(skipgram.Texts(["a a", "a"]))
    assert dict(zip(counted, counted.counts, strict=True)) == {"a": 3}
    merged = skipgram.count_words([counted, skipgram.Texts(["b"])])
    assert dict(zip(merged, merged.counts, strict=True)) == {"a": 3, "b": 1}


def test_phrases_are_counted_too():
    texts = skipgram.Texts([YORK.decode()])
    counted = skipgram.count_words(texts, phrases=1, phrase_threshold=0.5)
    corpus = encoded(YORK, phrases=1, phrase_threshold=0.5)
    assert list(counted) == list(corpus.vocabulary)


def test_counting_leaves_nothing_on_the_disk_but_what_is_saved(texts_in, tmp_path):
    counted = skipgram.count_words(texts_in)
    assert sorted(tmp_path.iterdir()) == texts_in
    counted.save(tmp_path / "words.tsv")
    with pytest.raises(OutputExistsError):
        counted.save(tmp_path / "words.tsv")
    assert (tmp_path / "words.tsv").read_text().splitlines()[0] == "b\t4"
