"""Vectors built in Python, replaced, copied or unpickled pass the checks that files pass."""

import copy
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import change_settings, some_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError, SkipgramError
from skipgram.vectors.rows import CompactRows
from skipgram.vectors.subwords.subwords import Subwords
from skipgram.vectors.word_vectors import WordVectors

BUCKETS = np.ones((5, 3), np.float32)
NO_ENCODINGS = ["hex", "rot13", "idna", "punycode", "undefined", "klingon", "zlib", "", "x\0", 3]


# Subwords


@pytest.mark.parametrize("encoding", [*NO_ENCODINGS, None])
def test_an_encoding_that_is_none_of_text_is_refused_at_every_door(tmp_path, encoding):
    with pytest.raises(SettingsError, match=r"^there is no text encoding .*$"):
        Subwords(BUCKETS, 1, 2, encoding)
    some_vectors().export(tmp_path / "v.txt")
    with pytest.raises(SettingsError, match=r"^there is no text encoding .*$"):
        skipgram.load(tmp_path / "v.txt", encoding=encoding)
    if encoding is None:  # `change_settings` would take it out
        return
    some_vectors(subwords=Subwords(BUCKETS, 1, 2)).save(tmp_path / "v")
    change_settings(tmp_path / "v", subwords={"shortest": 1, "longest": 2, "encoding": encoding})
    with pytest.raises(
        FormatError, match=r"settings.json: subwords is .* there is no text encoding"
    ):
        skipgram.load(tmp_path / "v")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "cp852", "utf-16", "gb18030", "UTF8"])
def test_encodings_of_text_are_taken_and_take_any_word_apart(encoding):
    subwords = Subwords(BUCKETS, 1, 2, encoding)
    for word in ("otter", "a..b", "é" * 100, "王\U0001f600", "\ud800"):
        assert subwords.vector(word).tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["shortest", "longest"])
@pytest.mark.parametrize("value", [-1, 1025, 2**63, 10**400, True, 1.0, "1", None, [1]], ids=repr)
def test_lengths_of_ngrams_that_cannot_be_are_refused_at_every_door(tmp_path, name, value):
    lengths = {"shortest": 1, "longest": 2, name: value}
    with pytest.raises(SettingsError, match=f"^{name} must be "):
        Subwords(BUCKETS, **lengths)
    some_vectors(subwords=Subwords(BUCKETS, 1, 2)).save(tmp_path / "v")
    change_settings(tmp_path / "v", subwords={**lengths, "encoding": "utf-8"})
    with pytest.raises(FormatError, match=rf"^{tmp_path}/v/settings.json: subwords is .*{name}"):
        skipgram.load(tmp_path / "v")


@pytest.mark.parametrize(
    "rows",
    [BUCKETS[0], BUCKETS[None], BUCKETS.astype(np.float64), BUCKETS.astype(int), [[1.0]], None],
)
def test_buckets_that_are_no_float32_with_2_axes_are_refused(rows):
    with pytest.raises(FormatError, match=r"^buckets must be float32 with 2 axes, not "):
        Subwords(rows, 1, 2)


def test_buckets_of_another_width_than_the_vectors_are_refused():
    with pytest.raises(FormatError, match="rows of 2 numbers, and the vectors have 3"):
        some_vectors(subwords=Subwords(BUCKETS[:, :2].copy(), 1, 2))


def test_a_table_without_buckets_makes_no_vectors():
    with pytest.raises(SkipgramError, match="'otter' is unknown"):
        some_vectors(subwords=Subwords(np.zeros((0, 3), np.float32), 1, 2))["otter"]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_a_vector_made_of_parts_that_are_not_finite_is_an_error_with_the_word(tmp_path, number):
    rows = BUCKETS.copy()
    rows[:, 1] = number
    rows[0, 1] = -number
    some_vectors(subwords=Subwords(rows, 1, 2)).save(tmp_path / "v")
    vectors = skipgram.load(tmp_path / "v")
    for ask in (lambda: vectors["otter"], lambda: vectors.most_similar(["w0", "otter"])):
        with pytest.raises(FormatError, match="the vector of 'otter', made of its parts, holds"):
            ask()


# Rows


@pytest.mark.parametrize(
    ("numbers", "scales", "said"),
    [
        (np.zeros(3, np.int8), np.ones(3, np.float32), r"numbers should be an array with 2 axes"),
        (np.zeros((3, 2), np.int8), np.ones((3, 1), np.float32), "scales should be an array with"),
        (np.zeros((3, 2), np.int8), np.ones(2, np.float32), r"scales has shape \(2,\) of float32"),
        (np.zeros((3, 2), np.int8), np.ones(3), r"scales has shape \(3,\) of float64"),
        (np.zeros((3, 2), np.int8), np.array([1, np.nan, 1], "f4"), "scales: entry 1 holds nan"),
        (np.zeros((3, 2), np.int8), np.array([1, 1, np.inf], "f4"), "scales: entry 2 holds inf"),
        (np.zeros((3, 2), np.int8), np.array([-1, 1, 1], "f4"), r"scales: entry 0 holds -1\.0"),
        (np.zeros((3, 2), np.uint8), None, "compact rows are float16 or int8, not uint8"),
        (np.zeros((3, 2), object), None, "compact rows are float16 or int8, not object"),
        ([[1]], None, "numbers should be an array with 2 axes, found list"),
    ],
)
def test_compact_rows_that_cannot_be_are_refused(numbers: Any, scales: Any, said: str):
    with pytest.raises(FormatError, match=f"^{said}"):
        CompactRows(numbers, scales)


# Vectors


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"center": np.zeros((6, 3), np.float32)}, "center has shape"),
        ({"center": np.zeros((7, 3), complex)}, "center is an array of complex128, not of numbers"),
        ({"center": np.zeros((7, 3), object)}, "center is an array of object, not of numbers"),
        ({"outside": [[1.0]]}, "outside must be an array, not "),
        ({"outside": np.zeros((7, 2), np.float32)}, "outside has shape"),
        ({"noise": [1] * 7}, "noise must be an array, not "),
        ({"noise": np.full(7, np.nan)}, "noise: entry 0 holds nan"),
        ({"outside_marginal": -np.ones(7)}, r"outside_marginal: entry 0 holds -1\.0"),
        ({"about": []}, r"about must be a dict, not \[\]"),
        ({"subwords": BUCKETS}, "subwords must be of type Subwords or Spelling, not "),
        ({"index": "index"}, "index must be of type ApproximateIndex, not 'index'"),
        ({"vocabulary": vectors_of({"a": [1]}).vocabulary}, "center has shape"),
    ],
)
def test_vectors_whose_parts_do_not_fit_are_refused_when_they_are_replaced(changes, said):
    with pytest.raises((FormatError, SettingsError), match=f"^{said}"):
        replace(some_vectors(), **changes)


def test_an_index_of_other_rows_is_refused():
    pytest.importorskip("faiss")
    index = some_vectors().with_index().index
    with pytest.raises(FormatError, match=r"^the index is of 7 rows of 3 numbers, and the vectors"):
        replace(vectors_of({"a": [1, 2, 3], "b": [3, 2, 1]}), index=index)


def unpickled_with(kept: Any, **changes: Any) -> Any:
    """What unpickling gives where the pickle holds something else."""
    changed = object.__new__(type(kept))
    vars(changed).update({**vars(kept), **changes})
    return pickle.loads(pickle.dumps(changed))


def test_what_is_unpickled_is_checked():
    vectors, subwords = some_vectors(), Subwords(BUCKETS, 1, 2)
    compact = CompactRows.of(BUCKETS, "int8")
    with pytest.raises(FormatError, match="center has shape"):
        unpickled_with(vectors, center=np.zeros((6, 3), np.float32))
    with pytest.raises(SettingsError, match="there is no text encoding 'hex'"):
        unpickled_with(subwords, encoding="hex")
    with pytest.raises(FormatError, match="scales has shape"):
        unpickled_with(compact, scales=np.ones(2, np.float32))


def test_what_is_sound_survives_pickling_and_copying():
    vectors = some_vectors(subwords=Subwords(BUCKETS, 1, 2)).compact("int8")
    for again in (pickle.loads(pickle.dumps(vectors)), copy.copy(vectors), copy.deepcopy(vectors)):
        assert isinstance(again, WordVectors)
        assert list(again.words) == list(vectors.words)
        assert again.matrix.tolist() == vectors.matrix.tolist()
        assert again["otter"].tolist() == vectors["otter"].tolist()
        assert not again.center.numbers.flags.writeable
