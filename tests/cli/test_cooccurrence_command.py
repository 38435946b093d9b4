"""`skipgram cooccurrence` and `skipgram.cooccurrence`: what they take, say, write and refuse."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.small_trainings import command
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


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("cooccurrence", *arguments), capture_output=True, text=True, check=False
    )


def assert_same(counts: skipgram.Cooccurrence, expected: skipgram.Cooccurrence) -> None:
    np.testing.assert_array_equal(counts.matrix.toarray(), expected.matrix.toarray())
    assert list(counts.vocabulary) == list(expected.vocabulary)
    assert counts.options() == expected.options()


def test_the_command_writes_what_the_function_gives(text, tmp_path):
    done = run(text, "-o", tmp_path / "the counts", *SAME, "--contexts", "left")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "read 401 words" in done.stderr
    # Each line of four has five pairs within two words; each stands 50 times.
    assert "10 different pairs of 9 words, 500 expected pairs in all" in done.stderr
    assert "; 1 word has no pair" in done.stderr
    assert f"--counts '{tmp_path / 'the counts'}'" in done.stderr
    found = skipgram.Cooccurrence.load(tmp_path / "the counts")
    assert_same(found, skipgram.cooccurrence(text, contexts="left", **SMALL))
    star, sun = (found.vocabulary.id(word) for word in ("star", "sun"))
    assert (found.matrix[star, sun], found.matrix[sun, star]) == (50, 0)


def test_an_encoded_corpus_gives_the_same_counts_as_its_text(text, tmp_path):
    skipgram.encode(text, tmp_path / "corpus", min_count=1)
    done = run(tmp_path / "corpus", "-o", tmp_path / "counts", *SAME[2:], "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
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


def test_counts_are_replaced_only_if_that_is_asked_for(text, tmp_path):
    folder = tmp_path / "counts"
    skipgram.cooccurrence(text, folder, **SMALL)
    done = run(text, "-o", folder, *SAME, "--contexts", "right")
    assert done.returncode == 1
    assert "already exists" in done.stderr
    assert "read 401 words" not in done.stderr, "the text was read before the output was looked at"
    assert skipgram.Cooccurrence.load(folder).contexts == "both"
    done = run(text, "-o", folder, *SAME, "--contexts", "right", "--overwrite")
    assert done.returncode == 0, done.stderr
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
    text, tmp_path, options, message
):
    done = run(text, "-o", tmp_path / "counts", *options)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == [text]


def test_a_setting_of_another_vocabulary_than_the_encoded_one_is_refused(text):
    corpus = skipgram.encode(text, min_count=1)
    with pytest.raises(SettingsError, match="min_count"):
        skipgram.cooccurrence(corpus, min_count=3)


def test_text_without_a_pair_is_one_line_of_error_and_leaves_nothing(tmp_path):
    text = tmp_path / "column.txt"
    text.write_text("sun\nmoon\nsun\n")
    done = run(text, "-o", tmp_path / "counts", *SAME)
    assert done.returncode == 1
    assert "no line holds two of the 2 words kept" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert sorted(tmp_path.iterdir()) == [text]
