"""Spelling in the native folder: kept exactly, and any damage is an error that names the file."""

import json
import pickle
from mmap import mmap
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

import skipgram
from helpers.handmade_vectors import change_settings, inflected_vectors, spelled_vectors
from skipgram.errors import FormatError, SettingsError
from skipgram.vectors.formats.native import SETTINGS, SPELLING, VECTORS
from skipgram.vectors.formats.spelling_file import checksum

law = settings(deadline=None, max_examples=25)


@pytest.fixture
def spelled(tmp_path):
    spelled_vectors().save(tmp_path / "spelled")
    return tmp_path / "spelled"


def change(file: Any, **tensors: Any) -> None:
    new = load_file(file) | tensors
    save_file({name: array for name, array in new.items() if array is not None}, file)


@law
@given(
    st.integers(0, 99),
    st.sampled_from(["center", "outside", "sum"]),
    st.sampled_from(["float32", "float16", "int8"]),
    st.sampled_from([0.0, 0.5, 1]),
)
def test_what_is_saved_is_loaded(tmp_path_factory, seed, shown, precision, share):
    folder = tmp_path_factory.mktemp("saved") / "v"
    vectors = inflected_vectors(seed, shown=shown).with_spelling(
        share=share, penalty=0.1, threads=1
    )
    vectors = vectors.compact(precision)
    vectors.save(folder)
    loaded = skipgram.load(folder)
    assert (loaded.shown, loaded.about) == (vectors.shown, vectors.about)
    for name in ("matrix", "center", "outside"):
        assert np.array_equal(getattr(loaded, name), getattr(vectors, name))
    assert (loaded.spelled is None) == (vectors.spelled is None)
    one, other = loaded.subwords, vectors.subwords
    assert np.array_equal(one.table, other.table)
    assert list(one.ngrams) == list(other.ngrams)
    for name in ("lengths", "share", "matrix", "explained"):
        assert getattr(one, name) == getattr(other, name)
    for word in ("helpings", "x", "walk", ""):
        assert loaded.can_spell(word) == vectors.can_spell(word)
        if loaded.can_spell(word):
            assert np.array_equal(loaded.vector(word), vectors.vector(word))


def test_only_folders_with_spelling_need_the_newer_version(tmp_path, spelled):
    inflected_vectors(about={"spelling": "mine"}).save(tmp_path / "plain")
    told = {
        name: json.loads((tmp_path / name / SETTINGS).read_text())["format_version"]
        for name in ("plain", "spelled")
    }
    assert told == {"plain": 2, "spelled": 3}
    assert not (tmp_path / "plain" / SPELLING).exists()
    assert skipgram.load(tmp_path / "plain").about == {"spelling": "mine"}
    assert "spelling" not in skipgram.load(spelled).about


def test_a_folder_with_spelling_is_replaced_by_one_without(spelled):
    inflected_vectors().save(spelled, overwrite=True)
    assert not (spelled / SPELLING).exists()
    assert skipgram.load(spelled).subwords is None


def test_the_numbers_are_mapped_not_read(spelled):
    vectors = skipgram.load(spelled)
    for array in (vectors.spelled, vectors.subwords.table, vectors.subwords.ngrams.text):
        owner = array
        while isinstance(owner, np.ndarray) and owner.base is not None:
            owner = owner.base
        assert isinstance(owner, mmap)


def test_an_index_beside_spelled_vectors_is_of_what_is_shown(tmp_path):
    pytest.importorskip("faiss")
    spelled_vectors().with_index(connectivity=4, threads=1).save(tmp_path / "v")
    loaded = skipgram.load(tmp_path / "v")
    assert loaded.most_similar("helping", k=1, approximate=True) == loaded.most_similar(
        "helping", k=1
    )


# Damage


def refusal(folder: Any) -> str:
    with pytest.raises(FormatError) as caught:
        skipgram.load(folder)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_missing_file_is_an_error_that_names_it(spelled):
    (spelled / SPELLING).unlink()
    assert refusal(spelled).startswith(f"{spelled / SPELLING} is missing; ")


def test_a_file_cut_off_anywhere_is_an_error_that_names_it(spelled):
    whole = (spelled / SPELLING).read_bytes()
    for length in range(0, len(whole), 7):
        (spelled / SPELLING).write_bytes(whole[:length])
        assert refusal(spelled).startswith(f"{spelled / SPELLING}")


@pytest.mark.parametrize(
    "garbage", [b"garbage", b"\xff" * 400, b"\0" * 400, pickle.dumps([1]), b"\x02\0\0\0\0\0\0\0{}"]
)
def test_garbage_is_an_error_that_names_the_file(spelled, garbage):
    (spelled / SPELLING).write_bytes(garbage)
    assert refusal(spelled).startswith(f"{spelled / SPELLING}")


TENSORS = load_file  # what a folder holds is known when a test runs


@pytest.mark.parametrize(
    ("name", "damage", "said"),
    [
        ("ngrams", lambda a: a[:-1], "of n-grams: word_ends do not divide"),
        ("ngrams", lambda a: np.full_like(a, 0xFF), "of n-grams: words: 'utf-8' codec can't"),
        ("ngrams", lambda a: a.astype(np.int8), "ngrams should be uint8 with 1 axis"),
        ("ngrams", lambda a: np.where(a == 97, 98, a).astype("u1"), "its n-grams or their index"),
        ("ngrams", lambda a: None, "ngrams should be uint8 with 1 axis, found nothing"),
        ("ngram_ends", lambda a: a[::-1].copy(), "of n-grams: word_ends do not divide"),
        ("ngram_ends", lambda a: -a, "of n-grams: word_ends do not divide"),
        ("ngram_ends", lambda a: None, "ngram_ends should be int64 with 1 axis, found nothing"),
        ("ngram_index", lambda a: a[::-1].copy(), "of n-grams: word_index is not an index of the"),
        ("ngram_index", lambda a: a[1:], "of n-grams: word_index is not an index of the 202 words"),
        ("ngram_index", lambda a: a * 0 - 1, "of n-grams: word_index is not an index of the"),
        ("ngram_index", lambda a: a + 2**32, "its n-grams or their index are damaged"),
        ("table", lambda a: a[1:], "the table of n-grams has 201 rows, and there are 202"),
        ("table", lambda a: a[:, 1:].copy(), "rows of 4 numbers, and the vectors have 5"),
        ("table", lambda a: a.astype(np.float64), "table should be float32 or float16 or int8"),
        ("table", lambda a: a[0], "table should be float32 or float16 or int8 with 2 axes"),
        ("table", lambda a: a.astype(np.int8), "table: numbers of int8 need scales"),
        ("table", lambda a: None, "table should be float32 or float16 or int8 with 2 axes, found"),
    ],
)
def test_damaged_tensors_are_an_error_that_names_the_file(spelled, name, damage, said):
    file = spelled / SPELLING
    change(file, **{name: damage(load_file(file)[name])})
    text = refusal(spelled)
    assert text.startswith(str(file))
    assert said in text


def test_scales_without_compact_numbers_are_an_error(spelled):
    change(spelled / SPELLING, table_scales=np.ones(202, np.float32))
    assert "table: numbers of float32 have no scales" in refusal(spelled)


GOOD = {"ngrams": "3-6", "share": 0.5, "matrix": "center", "explained": 0.5}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": None}, "share must be a number from 0 to 100, not None"),
        ({"share": -1}, "share must be a number from 0 to 100, not -1"),
        ({"share": float("nan")}, "share must be a number from 0 to 100, not nan"),
        ({"share": 10**400}, "share must be a number from 0 to 100, not 1000"),
        ({"ngrams": "6-3"}, "runs backwards"),
        ({"ngrams": "0-3"}, "must lie in 1-32, not 0-3"),
        ({"ngrams": "1-40"}, "must lie in 1-32, not 1-40"),
        ({"ngrams": "none"}, "lengths must be an NgramRange, not None"),
        ({"ngrams": 3}, "must be a range of characters"),
        ({"ngrams": [3, 6]}, "must be a range of characters"),
        ({"matrix": "spelled"}, "matrix is 'spelled', not one of: center, outside, sum"),
        ({"matrix": []}, r"matrix is [], not one of: center, outside, sum"),
        ({"explained": 2}, "explained must be a share of the variance"),
        ({"explained": "x"}, "explained must be a share of the variance"),
        ({"ngrams_crc32": 1}, "its n-grams or their index are damaged"),
        ({"more": 1}, "not ngrams, share, matrix, explained, ngrams_crc32"),
    ],
)
def test_settings_that_cannot_be_are_an_error(spelled, changes, said):
    crc = checksum(skipgram.load(spelled).subwords.ngrams)
    change_settings(spelled, spelling={**GOOD, "ngrams_crc32": crc, **changes})
    text = refusal(spelled)
    assert text.startswith((str(spelled / SETTINGS), str(spelled / SPELLING)))
    assert said in text


@pytest.mark.parametrize("told", [None, [], "3-6", {}, {"ngrams": "3-6"}, 1])
def test_settings_that_tell_of_no_spelling_are_an_error(spelled, told):
    change_settings(spelled, spelling=told)
    assert refusal(spelled).startswith(f"{spelled / SETTINGS}: spelling is ")


def test_a_share_of_words_other_than_all_is_refused(spelled):
    change(spelled / VECTORS, spelled=np.ones((59, 5), np.float32))
    assert refusal(spelled).startswith(f"{spelled / VECTORS}: spelled has shape (59, 5); 60 words")


def test_shown_rows_that_are_missing_are_an_error(spelled):
    change(spelled / VECTORS, spelled=None)
    assert "shown is 'spelled', but these vectors hold none that are" in refusal(spelled)


def test_spelled_rows_without_spelling_are_an_error(spelled):
    change_settings(spelled, format_version=2)
    assert "there are spelled rows, but no spelling" in refusal(spelled)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_numbers_that_are_none_load_and_are_refused_where_they_are_used(spelled, tmp_path, number):
    rows = load_file(spelled / VECTORS)["spelled"]
    rows[0, 0] = number
    change(spelled / VECTORS, spelled=rows)
    vectors = skipgram.load(spelled)
    with pytest.raises(FormatError, match=r"number 1 of 5 of the word 'walk' is (nan|inf)"):
        vectors.export(tmp_path / "again", format="native")
    with pytest.raises((FormatError, SettingsError)):
        vectors.most_similar("paints")
