"""Counts of pairs as a folder: what is written is read again, and what is damaged is refused."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from helpers.replay import corpus_of
from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.cooccurrence.file import COUNTS, SETTINGS, VOCABULARY
from skipgram.errors import FormatError, OutputExistsError
from skipgram.settings.window_rule import WindowRule
from skipgram.system.tensor_file import write_tensors


@pytest.fixture(name="counts")
def some_counts() -> Cooccurrence:
    lines = np.random.default_rng(1).integers(9, size=(5, 30)).tolist()
    rule = WindowRule(window=3, window_width="harmonic", contexts="left", subsample=0.05)
    return count_cooccurrence(corpus_of(lines, 9), rule)


@pytest.fixture(name="folder")
def a_folder(counts: Cooccurrence, tmp_path: Path) -> Path:
    counts.save(tmp_path / "counts")
    return tmp_path / "counts"


def test_what_is_written_is_read_again(counts, folder):
    read = Cooccurrence.load(folder)
    np.testing.assert_array_equal(read.matrix.toarray(), counts.matrix.toarray())
    assert list(read.vocabulary) == list(counts.vocabulary)
    assert read.options() == counts.options()
    assert repr(read) == repr(counts)


def test_counts_are_replaced_only_if_that_is_allowed(counts, folder):
    with pytest.raises(OutputExistsError, match="already exists"):
        counts.save(folder)
    counts.save(folder, overwrite=True)


def test_what_is_no_counts_is_never_replaced(counts, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"holds notes\.txt"):
        counts.save(tmp_path, overwrite=True)


def test_a_folder_without_counts_is_refused(tmp_path):
    with pytest.raises(FormatError, match="holds no counts of pairs"):
        Cooccurrence.load(tmp_path)


@pytest.mark.parametrize("name", [COUNTS, VOCABULARY])
def test_a_missing_or_truncated_file_is_refused_with_its_name(folder, name):
    file = folder / name
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(FormatError, match=name):
        Cooccurrence.load(folder)
    file.unlink()
    with pytest.raises(FormatError, match=name):
        Cooccurrence.load(folder)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"format": "pie"}, "its format is 'pie'"),
        ({"format_version": 99}, "format version 99"),
        ({"window": 0}, "is damaged"),
        ({"subsample": "often"}, "is damaged"),
        ({"gaps": "bay"}, "is damaged"),
    ],
)
def test_settings_that_cannot_be_are_refused(folder, change, text):
    file = folder / SETTINGS
    file.write_text(json.dumps(json.loads(file.read_text()) | change))
    with pytest.raises(FormatError, match=text):
        Cooccurrence.load(folder)


def wrapped(starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Falling, with differences that wrap round to rising ones."""
    wrong = starts.copy()
    wrong[1:4] = 2**63 - 1, -(2**63), -1
    return wrong


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda starts, words, weights: (starts[:-1], words, weights), "9 entries for 9 rows"),
        (
            lambda starts, words, weights: (starts[[0, 2, 1, *range(3, 10)]], words, weights),
            "starts: entry 2 is 9, after 18",
        ),
        (
            lambda starts, words, weights: (np.append(1, starts[1:]), words, weights),
            "starts begins with 1",
        ),
        (
            lambda starts, words, weights: (starts - (starts == starts[-1]), words, weights),
            "the last entry is 80 where 81",
        ),
        (lambda starts, words, weights: (starts, words[::-1], weights), "columns of a row must"),
        (lambda starts, words, weights: (starts, words + 5, weights), "not an id of the 9"),
        (lambda starts, words, weights: (starts, words, -weights), "weights: entry 0 holds -"),
        (lambda starts, words, weights: (starts, words, weights * np.nan), "entry 0 holds nan"),
        (lambda starts, words, weights: (starts, words, weights[1:]), "80 weights for 81 pairs"),
        (lambda starts, words, weights: (wrapped(starts), words, weights), "starts: entry 2 is "),
        (lambda starts, words, weights: (starts, words, weights * 0 + 1e308), "add up to inf"),
        (lambda starts, words, weights: (starts, words, weights * 1e-310), r"add up to \d.*e-3"),
        (lambda starts, words, weights: (starts, words, weights * 0), "there is no pair"),
    ],
)
def test_arrays_that_cannot_be_counts_are_refused(counts, folder, change, text):
    matrix = counts.matrix
    changed = change(matrix.indptr.astype(np.int64), matrix.indices, matrix.data)
    names = ("starts", "outsides", "weights")
    with (folder / COUNTS).open("wb") as file:
        tensors = dict(zip(names, map(np.ascontiguousarray, changed), strict=True))
        write_tensors(
            file, tensors, {"starts": np.int64, "outsides": np.int32, "weights": np.float64}
        )
    with pytest.raises(FormatError, match=text):
        Cooccurrence.load(folder)
