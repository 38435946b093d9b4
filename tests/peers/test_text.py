"""All systems read one file: what stands in it, and what stays of it."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.small_texts import LINES, small_corpus
from skipgram.peers.text import LINE_WORDS, one_text


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def words_of(file: Path) -> list[list[str]]:
    return [line.split(" ") for line in file.read_text(encoding="utf-8").split("\n")[:-1]]


def test_the_file_has_the_kept_words_line_by_line() -> None:
    corpus = small_corpus()
    with one_text(corpus, threads=1) as text:
        assert words_of(text.file) == list(corpus.sentences())
        assert "one" not in text.vocabulary  # too rare
        assert text.tokens == len(corpus) == sum(map(len, words_of(text.file)))
        assert list(text.vocabulary) == list(corpus.vocabulary)
        np.testing.assert_array_equal(text.vocabulary.counts, corpus.vocabulary.counts)


def test_a_long_line_is_parted_so_that_every_system_reads_all_of_it() -> None:
    corpus = small_corpus([" ".join(f"w{number % 7}" for number in range(2 * LINE_WORDS + 1))])
    with one_text(corpus, threads=1) as text:
        assert [len(line) for line in words_of(text.file)] == [LINE_WORDS, LINE_WORDS, 1]
        assert text.tokens == 2 * LINE_WORDS + 1


@pytest.mark.parametrize("word", ["a\u00a0b", "a\u2003b", "a\x00b", "a\x85b", "</s>", "a\x1cb"])
def test_a_word_that_some_system_would_part_is_written_in_another_way(word: str) -> None:
    corpus = small_corpus([f"{word} a▁b </s>▁ c"] * 9)
    assert word in corpus.vocabulary
    with one_text(corpus, threads=1) as text:
        assert list(text.vocabulary) == list(corpus.vocabulary)
        written = list(text.written)
        assert len(set(written)) == len(written)
        assert not any(char.isspace() or char == "\0" for of in written for char in of)
        assert "</s>" not in written
        assert {word for line in words_of(text.file) for word in line} == set(written)


def test_ids_of_an_encoded_corpus_in_another_order_become_those_of_the_text(tmp_path: Path) -> None:
    corpus = small_corpus()
    order = np.arange(len(corpus.vocabulary))[::-1]
    words = [corpus.vocabulary.words[number] for number in order]
    vocabulary = skipgram.Vocabulary(words, corpus.vocabulary.counts[order])
    ids = (len(order) - 1 - corpus.ids).astype(np.int32)
    turned = skipgram.EncodedCorpus(ids, corpus.line_ends, vocabulary, corpus.summary)
    with one_text(turned, threads=1) as text:
        assert list(text.vocabulary) == list(corpus.vocabulary)


def test_nothing_is_left_and_nobody_else_may_look(scratch: Path) -> None:
    with one_text(small_corpus(LINES), threads=1) as text:
        assert text.folder.parent == scratch
        assert text.folder.stat().st_mode & 0o077 == 0
        assert text.saved_vocabulary.exists()
    assert list(scratch.iterdir()) == []


def test_nothing_is_left_after_an_error(scratch: Path) -> None:
    with pytest.raises(KeyboardInterrupt), one_text(small_corpus(), threads=1):
        raise KeyboardInterrupt
    assert list(scratch.iterdir()) == []
