"""`skipgram cooccurrence` and `skipgram.cooccurrence`: what they take, say, write and refuse."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers import command_line
from skipgram.corpus.summary import CountingProgress
from skipgram.errors import OutputExistsError, SettingsError

LINES = "sun moon star sky\npot pan stove spoon\n"
SMALL = {"min_count": 1, "subsample": 0.0, "window": 2, "window_width": "fixed"}
SAME = ("--min-count", "1", "--subsample", "0", "--window", "2", "--window-width", "fixed")


@pytest.fixture(name="text")
def a_text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(LINES * 50 + "lonely\n")
    return file


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`skipgram cooccurrence ...` in this process: the exit code, the answer and what is said."""

    return lambda *arguments: (
        command_line.run(monkeypatch, "cooccurrence", *arguments),
        *capsys.readouterr(),
    )


def assert_same(counts: skipgram.Cooccurrence, expected: skipgram.Cooccurrence) -> None:
    np.testing.assert_array_equal(counts.matrix.toarray(), expected.matrix.toarray())
    assert list(counts.vocabulary) == list(expected.vocabulary)
    assert counts.options() == expected.options()


def test_the_command_writes_what_the_function_gives(run, text, tmp_path):
    code, output, said = run(text, "-o", tmp_path / "the counts", *SAME, "--contexts", "left")
    assert (code, output) == (0, ""), said
    assert "read 401 words" in said
    # Each line of four has five pairs within two words; each stands 50 times.
    assert "10 different pairs of 9 words, 500 expected pairs in all" in said
    assert "; 1 word has no pair" in said
    assert f"--counts '{tmp_path / 'the counts'}'" in said
    found = skipgram.Cooccurrence.load(tmp_path / "the counts")
    assert_same(found, skipgram.cooccurrence(text, contexts="left", **SMALL))
    star, sun = (found.vocabulary.id(word) for word in ("star", "sun"))
    assert (found.matrix[star, sun], found.matrix[sun, star]) == (50, 0)


def test_an_encoded_corpus_gives_the_same_counts_as_its_text(run, text, tmp_path):
    skipgram.encode(text, tmp_path / "corpus", min_count=1)
    ended = run(tmp_path / "corpus", "-o", tmp_path / "counts", *SAME[2:], "--quiet")
    assert ended == (0, "", "")
    assert_same(
        skipgram.Cooccurrence.load(tmp_path / "counts"), skipgram.cooccurrence(text, **SMALL)
    )


def test_the_defaults_are_those_of_a_training_by_sweeps(text):
    counts = skipgram.cooccurrence(text, min_count=1)
    assert counts.options() == {
        "window": 8,
        "window_width": "harmonic",
        "gaps": "closed-up",
        "contexts": "both",
        "subsample": 1e-4,
    }


def test_what_comes_of_counting_is_told(text):
    told = []
    skipgram.cooccurrence(text, observe=told.append, **SMALL)
    last = told[-1]
    assert isinstance(last, CountingProgress)
    assert last.positions == last.positions_total == 401


def test_counts_are_replaced_only_if_that_is_asked_for(run, text, tmp_path):
    folder = tmp_path / "counts"
    skipgram.cooccurrence(text, folder, **SMALL)
    code, _, said = run(text, "-o", folder, *SAME, "--contexts", "right")
    assert code == 1
    assert "already exists" in said
    assert "read 401 words" not in said, "the text was read before the output was looked at"
    assert skipgram.Cooccurrence.load(folder).contexts == "both"
    code, _, said = run(text, "-o", folder, *SAME, "--contexts", "right", "--overwrite")
    assert code == 0, said
    assert skipgram.Cooccurrence.load(folder).contexts == "right"


def test_an_encoded_corpus_is_never_replaced_by_its_counts(text, tmp_path):
    corpus = tmp_path / "corpus"
    skipgram.encode(text, corpus, min_count=1)
    with pytest.raises(OutputExistsError, match="would be lost"):
        skipgram.cooccurrence(corpus, corpus, overwrite=True, subsample=0.0)
    assert len(skipgram.EncodedCorpus.load(corpus)) == 401


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--window", "0"), "window"),
        (("--gaps", "bay"), "closed-up"),
        (("--contexts", "above"), "left"),
        (("--window-width", "wide"), "harmonic"),
        (("--subsample", "-1"), "subsample"),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_read(
    run, text, tmp_path, options, message
):
    code, _, said = run(text, "-o", tmp_path / "counts", *options)
    assert code in (1, 2)
    assert message in said
    assert "Traceback" not in said
    assert sorted(tmp_path.iterdir()) == [text]


def test_a_setting_of_another_vocabulary_than_the_encoded_one_is_refused(text):
    corpus = skipgram.encode(text, min_count=1)
    with pytest.raises(SettingsError, match="min_count"):
        skipgram.cooccurrence(corpus, min_count=3)


def test_text_without_a_pair_is_one_line_of_error_and_leaves_nothing(run, tmp_path):
    text = tmp_path / "column.txt"
    text.write_text("sun\nmoon\nsun\n")
    code, _, said = run(text, "-o", tmp_path / "counts", *SAME)
    assert code == 1
    assert "no line holds two of the 2 words kept" in said
    assert len(said.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == [text]
