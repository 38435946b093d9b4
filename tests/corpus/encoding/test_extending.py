"""New text for vectors that are there: old words keep their ids, counts add up, nothing is lost."""

import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.encoding_twin import assert_same, decoded, encoded, sources_in
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.encoding.extending import extended, marked
from skipgram.corpus.preparing import prepare
from skipgram.corpus.sources.finding import Sources, sources_of
from skipgram.corpus.summary import CacheUsed, CorpusSummary
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, FormatError, SettingsError
from skipgram.settings import Settings, TextSettings, VocabularySettings

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

LETTERS = "abcdefgé"
LARGEST = np.iinfo(np.int64).max
texts = st.lists(st.lists(st.sampled_from(LETTERS), max_size=5), max_size=12)
old_vocabularies = st.dictionaries(
    st.sampled_from([*LETTERS, "x", "y"]), st.integers(0, 9), min_size=1
).map(lambda counts: vocabulary_of(**counts))
stretches = st.integers(1, 9)


def vocabulary_of(**counts: int) -> Vocabulary:
    return Vocabulary(list(counts), np.array([*counts.values()], np.int64))


def corpus_of(
    lines: Sequence[Sequence[str]], known: Vocabulary | None = None, **rules: Any
) -> EncodedCorpus:
    return encode_sources(
        sources_in("\n".join(map(" ".join, lines)).encode()),
        TextSettings(),
        VocabularySettings(**{"min_count": 1} | rules),
        known=() if known is None else known,
    )


def entries(vocabulary: Vocabulary) -> dict[str, int]:
    return dict(zip(vocabulary, vocabulary.counts.tolist(), strict=True))


def without(lines: Sequence[Sequence[str]], kept: Any) -> list[list[str]]:
    """The lines without all other words, and without those that have none left."""
    left = ([word for word in line if word in kept] for line in lines)
    return [line for line in left if line]


# The extended corpus


@law
@given(texts, old_vocabularies, st.booleans(), stretches, st.booleans())
def test_the_extended_corpus_is_the_new_text_without_what_was_left_out_over_old_ids(
    lines, old, adds_words, at_once, in_memory
):
    new = corpus_of([["a", "b"], *lines])
    kept = [*new.vocabulary] if adds_words else [word for word in new.vocabulary if word in old]
    expected = without([["a", "b"], *lines], kept)
    options: dict[str, Any] = {"adds_words": adds_words, "tokens_at_once": at_once}
    if not in_memory:
        options["memory_bytes"] = 0
    if max(map(len, expected), default=0) < 2:
        with pytest.raises(CorpusError, match="add_words=True"):
            extended(old, new, **options)
        return
    corpus = extended(old, new, **options)

    assert decoded(corpus) == expected
    assert (corpus.ids.dtype, corpus.line_ends.dtype) == (np.int32, np.int64)
    assert (corpus.memory_bytes > 0) == in_memory
    added = [word for word in kept if word not in old]
    assert list(corpus.vocabulary) == [*old, *added]
    seen = entries(new.vocabulary)
    before = entries(old) | dict.fromkeys(added, 0)
    now = {word: count + seen.get(word, 0) for word, count in before.items()}
    assert entries(corpus.vocabulary) == now

    summary = corpus.summary
    tokens = sum(map(len, expected))
    assert (summary.kept_tokens, summary.kept_types) == (tokens, len(kept))
    assert summary.unknown_tokens == len(new) - tokens
    assert summary.unknown_types == len(new.vocabulary) - len(kept)
    assert summary.added_types == len(added)


@law
@given(texts, old_vocabularies, stretches, st.integers(0, 8), st.integers(0, 30))
def test_a_slice_of_a_corpus_is_extended_as_its_text(lines, old, at_once, start, stop):
    new = corpus_of([["a", "b"], *lines]).slice_tokens(start, stop)
    if max(map(len, new.sentences()), default=0) < 2:
        with pytest.raises(CorpusError, match="no line of the new text holds two"):
            extended(old, new, adds_words=True)
        return
    found = extended(old, new, adds_words=True, tokens_at_once=at_once)
    assert decoded(found) == list(new.sentences())


def test_a_corpus_in_a_folder_is_extended_as_one_in_memory(tmp_path):
    old = vocabulary_of(moon=7, cat=5)
    new = encoded(b"the sun and the moon\nsun\nthe moon is the moon\n")
    new.save(tmp_path / "corpus")
    loaded = EncodedCorpus.load(tmp_path / "corpus")
    for adds_words in (False, True):
        one, other = (extended(old, corpus, adds_words=adds_words) for corpus in (new, loaded))
        assert_same(one, other)
        assert one.summary == other.summary
    assert decoded(extended(old, loaded, adds_words=False)) == [["moon"], ["moon", "moon"]]


def test_large_ids_lie_in_the_folder_that_is_given_and_leave_nothing_there(tmp_path, monkeypatch):
    rooms: list[Any] = []
    temporary_file = tempfile.TemporaryFile
    monkeypatch.setattr(
        tempfile,
        "TemporaryFile",
        lambda dir: rooms.append(dir) or temporary_file(dir=dir),
    )
    old, new = vocabulary_of(a=1), corpus_of([["a", "b"]])
    corpus = extended(old, new, adds_words=True, scratch=tmp_path, memory_bytes=0)
    assert decoded(corpus) == [["a", "b"]]
    assert rooms == [tmp_path, tmp_path]
    assert list(tmp_path.iterdir()) == []


def test_nul_bytes_are_counted_in_the_words_that_stay():
    new = corpus_of([["a", "b", "n\0", "n\0", "\0m\0"]])
    assert new.summary.null_bytes == 4
    old = Vocabulary(["a", "b", "n\0"], np.ones(3, np.int64))
    assert extended(old, new, adds_words=False).summary.null_bytes == 2
    assert extended(old, new, adds_words=True).summary.null_bytes == 4


def test_text_of_which_nothing_is_known_is_refused_with_numbers():
    with pytest.raises(CorpusError) as caught:
        extended(vocabulary_of(x=1, y=2, z=3), corpus_of([["a", "b"]]), adds_words=False)
    assert str(caught.value) == (
        "none of the 2 words of the new text is among the 3 of the vectors, so there is nothing "
        "to train: add words (add_words=True), or tokenize the text as theirs was"
    )


def test_text_without_two_known_words_on_a_line_is_refused_with_numbers():
    old = vocabulary_of(a=1, b=2)
    with pytest.raises(CorpusError) as caught:
        extended(old, corpus_of([["a", "c"], ["b", "d", "e"]]), adds_words=False)
    assert str(caught.value) == (
        "no line of the new text holds two of the words of the vectors, so no word has a neighbour "
        "to learn from: 2 tokens are left, of 2 words; add the 3 words that they do not have "
        "(add_words=True), or put words that belong together on one line"
    )
    with pytest.raises(CorpusError, match=r"of 2 words; put words that belong together"):
        extended(old, corpus_of([["a", "b"]]).slice_tokens(0, 1), adds_words=False)


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        ({"min_count": 2}, "lower min_count, which dropped 1 word"),
        ({"drop_words": ["comet"]}, "drop fewer words (drop_words), which dropped 1 word"),
    ],
)
def test_what_took_the_new_words_is_said_where_no_line_holds_two(rules, taken):
    with pytest.raises(CorpusError) as caught:
        corpus_of([["moon", "comet"]], vocabulary_of(sun=1, moon=2), **rules)
    assert str(caught.value) == (
        "no line holds two of the 1 word kept, so no word has a neighbour to learn from; "
        f"{taken}, or put words that belong together on one line"
    )


def test_an_encoded_corpus_tells_it_as_well():
    new = corpus_of([["moon", "new", "comet"], ["new"]], min_count=2, keep_words=["moon"])
    with pytest.raises(CorpusError) as caught:
        extended(vocabulary_of(sun=1, moon=2), new, adds_words=False)
    assert str(caught.value).endswith(
        "of 1 words; add the 1 words that they do not have (add_words=True), or lower min_count, "
        "which dropped 1 word, or put words that belong together on one line"
    )


def test_counts_that_64_bits_do_not_hold_are_an_error():
    old, new = vocabulary_of(a=1, b=LARGEST - 1), corpus_of([["a", "b"]])
    assert extended(old, new, adds_words=False).vocabulary.counts.tolist() == [2, LARGEST]
    with pytest.raises(FormatError, match=f"the counts of 'b' add up to {LARGEST + 1:,}"):
        extended(old, corpus_of([["a", "b", "b"]]), adds_words=True)


def test_vocabularies_stay_as_they_were():
    old, other = vocabulary_of(a=1, b=5), vocabulary_of(c=9, a=2)
    both = old.extended(other)
    assert entries(both) == {"a": 3, "b": 5, "c": 9}
    assert list(both) == ["a", "b", "c"]
    assert entries(old.extended(other, adds_words=False)) == {"a": 3, "b": 5}
    assert (entries(old), entries(other)) == ({"a": 1, "b": 5}, {"c": 9, "a": 2})
    assert both.ids_of(["c", "?", "a"]).tolist() == [2, -1, 0]


# What is encoded for it


@law
@given(texts, old_vocabularies, st.integers(1, 4), st.integers(0, 3))
def test_known_words_are_kept_however_rare_and_bounds_are_for_the_others(lines, old, least, most):
    lines = [["a", "b"], *lines]
    rules = {"min_count": least, "max_vocabulary": most}
    counts = Counter(word for line in lines for word in line)
    others = [w for w, count in counts.most_common() if w not in old and count >= least]
    words = {word for word in counts if word in old} | set(others[:most] if most else others)
    expected = without(lines, words)
    if max(map(len, expected), default=0) < 2 or (most == 1 and words.isdisjoint(old)):
        with pytest.raises((CorpusError, SettingsError)):
            corpus_of(lines, old, **rules)
        return
    corpus = corpus_of(lines, old, **rules)
    assert decoded(corpus) == expected
    assert entries(corpus.vocabulary) == {word: counts[word] for word in words}
    assert list(corpus.vocabulary) == [word for word, _ in counts.most_common() if word in words]
    summary = corpus.summary
    dropped = summary.rare_tokens + summary.surplus_tokens
    assert summary.kept_tokens + dropped == summary.tokens
    assert summary.unseen_words == 0
    assert corpus.settings["vocabulary"]["keep_words"] == []


def test_only_words_to_be_kept_that_are_not_known_are_missed():
    old = vocabulary_of(a=3, x=4)
    corpus = corpus_of([["a", "b"]], old, keep_words=["a", "b", "c", "x"], max_vocabulary=2)
    assert corpus.summary.unseen_words == 1


def test_a_bounded_table_does_not_forget_known_words():
    text = [["k", "a"], *([f"rare{number}"] for number in range(50)), ["a", "k"]]
    rules: dict[str, Any] = {"max_types": 4, "min_count": 2}
    sources = sources_in("\n".join(map(" ".join, text)).encode(), block_bytes=16)
    with pytest.raises(CorpusError, match="types were forgotten"):
        encode_sources(sources, None, VocabularySettings(**rules))
    old = vocabulary_of(k=1, a=1)
    corpus = encode_sources(sources, None, VocabularySettings(**rules), known=old)
    assert entries(corpus.vocabulary) == {"k": 2, "a": 2}


def test_a_known_word_that_is_only_seen_in_phrases_is_neither_kept_nor_missed():
    corpus = encode_sources(
        sources_in(b"new york in\n" * 9 + b"in the\nthe in\n" * 20),
        TextSettings(phrases=1, phrase_threshold=2.0, phrase_min_count=1),
        VocabularySettings(keep_words=["new"]),
        known=vocabulary_of(new=3, york=4, tea=1),
    )
    assert entries(corpus.vocabulary) == {"in": 49, "the": 40, "new_york": 9}
    assert corpus.summary.unseen_words == 0


def test_rules_that_contradict_the_known_words_are_refused_before_the_text_is_read():
    old = vocabulary_of(a=1, b=2, c=3)
    for rules, said in (
        (
            {"drop_words": ["z", "b"]},
            r"'b' is in drop_words, but the vectors .* \(drop_words\)",
        ),
        ({"max_vocabulary": 1, "keep_words": ["a", "x", "y"]}, "no room for the 2 keep_words that"),
        ({"max_types": 2}, "max_types 2 has no room for the 3 words of the vectors"),
    ):
        with pytest.raises(SettingsError, match=said):
            encode_sources(
                Sources((), hidden_files=0), None, VocabularySettings(**rules), known=old
            )


def test_text_with_no_word_known_or_frequent_says_both():
    with pytest.raises(CorpusError) as caught:
        corpus_of([["a", "b"]], vocabulary_of(x=1), min_count=5)
    assert str(caught.value) == (
        "no word occurs 5 times or more: the most frequent of 2 has count 1; lower min_count "
        "or give more text; none is among the 1 words of the vectors"
    )


# The way through `prepare`


def prepared(file: Path, **options: Any) -> tuple[EncodedCorpus, list[Any]]:
    told: list[Any] = []
    corpus = prepare(
        sources_of(str(file), column=""), Settings(), None, observe=told.append, **options
    )
    return corpus, [event for event in told if isinstance(event, CacheUsed | CorpusSummary)]


def test_a_prepared_corpus_is_over_the_old_words_and_told_once(tmp_path):
    file, old = tmp_path / "text.txt", vocabulary_of(cat=2, sun=9)
    file.write_text("the sun the cat the\n" + "the moon\n" * 5)
    corpus, told = prepared(file, extends=old, adds_words=False)
    assert decoded(corpus) == [["sun", "cat"]]
    assert told == [corpus.summary]
    assert (corpus.summary.unknown_types, corpus.summary.rare_types) == (2, 0)
    corpus, _ = prepared(file, extends=old, adds_words=True)
    assert entries(corpus.vocabulary) == {"cat": 3, "sun": 10, "the": 8, "moon": 5}


def test_one_cache_serves_with_added_words_and_without_but_no_other_vectors(tmp_path):
    file, old = tmp_path / "text.txt", vocabulary_of(cat=2, sun=9)
    file.write_text("the sun the cat the\n" * 5)
    options: dict[str, Any] = {"folder": tmp_path / "night.corpus", "cache": True}
    first, told = prepared(file, extends=old, adds_words=True, **options)
    assert told == [first.summary]
    again, told = prepared(file, extends=old, adds_words=True, **options)
    assert told == [CacheUsed(str(tmp_path / "night.corpus")), first.summary]
    assert_same(first, again)
    fewer, told = prepared(file, extends=old, adds_words=False, **options)
    assert isinstance(told[0], CacheUsed)
    assert len({first.fingerprint, fewer.fingerprint, ""}) == 3
    assert first.fingerprint == again.fingerprint
    for other in (None, vocabulary_of(cat=2, sun=9, the=1)):
        _, told = prepared(file, extends=other, adds_words=False, **options)
        assert not isinstance(told[0], CacheUsed)


def test_a_fingerprint_depends_on_words_and_on_where_they_end():
    assert marked("", ["a"]) == ""
    marks = [marked("mark", words) for words in (["ab", "c"], ["a", "bc"], ["abc"])]
    assert len({*marks, marked("other", ["abc"])}) == 4
