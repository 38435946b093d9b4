"""The corpus that comes with the package: what it holds, and that its licence lies beside it."""

import lzma

import pytest

import skipgram
from helpers.corpora import text_of
from skipgram.corpus import demo
from skipgram.corpus.demo import demo_corpus
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.sources.finding import sources_of
from skipgram.errors import FormatError


@pytest.fixture(scope="module")
def corpus() -> EncodedCorpus:
    return skipgram.encode(demo_corpus(), min_count=5)


def test_the_demo_corpus_holds_what_its_description_says(corpus):
    summary = corpus.summary
    assert (summary.lines, summary.empty_lines, summary.replaced) == (117_659, 0, 0)
    assert f"{summary.lines:,} lines, {summary.tokens:,} words" in str(demo_corpus.__doc__)


def test_the_demo_corpus_is_lower_case_words(corpus):
    assert all(word == word.lower() and not word.isspace() for word in corpus.vocabulary)
    assert {"king", "queen", "france", "the"} <= set(corpus.vocabulary)


def test_the_packed_file_is_read_as_its_text(corpus):
    text = lzma.decompress(demo_corpus().read_bytes())
    assert text_of(sources_of(demo_corpus())) == text
    assert corpus.summary.tokens == len(text.split())


def test_the_licence_of_the_demo_corpus_lies_beside_it():
    licence = (demo_corpus().parent / "LICENSE.wordnet-3.0.txt").read_text()
    assert "WordNet 3.0 Copyright 2006 by Princeton University" in licence
    assert "Permission to use, copy, modify and distribute" in licence


def test_the_demo_corpus_is_small():
    assert demo_corpus().stat().st_size < 5_000_000


def test_an_installation_without_the_demo_corpus_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "__file__", str(tmp_path / "demo.py"))
    with pytest.raises(FormatError) as caught:
        demo_corpus()
    assert str(caught.value) == (
        f"{tmp_path}/data/wordnet-3.0.txt.xz is missing from the installation; "
        "install skipgram again"
    )
