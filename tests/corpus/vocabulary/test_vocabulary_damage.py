"""Damage to a vocabulary's file is an error that names it and, in a text, the line."""

import json
import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from helpers.handmade_vectors import some_vectors
from skipgram.corpus.vocabulary.file import FORMAT
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError

LARGEST = 2**63 - 1


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "words.safetensors"
    Vocabulary(["the", "of", "and"], np.array([7, 5, 5])).save(path)
    return path


def text_file(folder: Path, content: str | bytes, name: str = "words.tsv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refusal(path: Path) -> str:
    """The text of the error that loading gives: one line."""
    with pytest.raises(FormatError) as caught:
        Vocabulary.load(path)
    text = str(caught.value)
    assert "\n" not in text
    return text


# Damaged texts


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("of", "'of' is not 'word<TAB>count'"),
        ("", "'' is not 'word<TAB>count'"),
        ("of 5", "'of 5' is not 'word<TAB>count'"),
        ("\t5", r"'\t5' is not 'word<TAB>count'"),
        ("of\tthe\t5", r"'of\tthe\t5' is not 'word<TAB>count'"),
        ("o\rf\t5", r"'o\rf\t5' is not 'word<TAB>count'"),
        ("of\t", "the count of 'of' is '', not a whole number from 0 to 9,223,"),
        ("of\t5.0", "the count of 'of' is '5.0', not a whole number"),
        ("of\t-5", "the count of 'of' is '-5', not a whole number"),
        ("of\t+5", "the count of 'of' is '+5', not a whole number"),
        ("of\t 5", "the count of 'of' is ' 5', not a whole number"),
        ("of\t5_0", "the count of 'of' is '5_0', not a whole number"),
        ("of\t٥", "the count of 'of' is '٥', not a whole number"),
        ("of\tfive", "the count of 'of' is 'five', not a whole number"),
        (f"of\t{LARGEST + 1}", f"the count of 'of' is '{LARGEST + 1}', not a whole number"),
        ("of\t" + "9" * 9_000, "the count of 'of' is '9999"),
        ("the\t5", "the word 'the' appears twice, first in line 1; add up its counts"),
    ],
)
def test_a_line_that_is_no_word_and_count_is_an_error_with_its_place(tmp_path, line, found):
    path = text_file(tmp_path, f"the\t7\n{line}\nand\t3\n")
    assert refusal(path).startswith(f"{path}:2: {found}")
    assert len(refusal(path)) < len(str(path)) + 200


@pytest.mark.parametrize(
    ("line", "found"),
    [("of\t5", r"'of\t5'"), ("new york 5", "'new york 5'"), ("of  5", "'of  5'"), (" 5", "' 5'")],
)
def test_what_is_not_a_word_a_blank_and_a_count_is_an_error_with_its_place(tmp_path, line, found):
    path = text_file(tmp_path, f"the 7\n{line}\n", "words.txt")
    assert refusal(path) == (
        f"{path}:2: {found} is not 'word count': a .tsv file has a tab between the two, a .txt "
        "file a space"
    )


@pytest.mark.parametrize(
    "line", [b"\xff\t5", b"of\xc3\t5", b"of\t\xe9", b"\xe9", b"\xed\xa0\x80\t1"]
)
def test_what_is_not_utf8_is_an_error_with_its_place_or_no_number(tmp_path, line):
    path = text_file(tmp_path, b"the\t7\n" + line + b"\n")
    assert refusal(path).startswith((f"{path}:2: not UTF-8 (", f"{path}:2: the count of 'of' is"))


def test_utf16_is_an_error_that_says_what_to_do(tmp_path):
    path = text_file(tmp_path, "the\t7\n".encode("utf-16"))
    assert refusal(path).startswith(f"{path}:1: not UTF-8 (")
    assert refusal(path).endswith("; convert the file to UTF-8 first (iconv -t UTF-8)")


@pytest.mark.parametrize("content", ["", "\ufeff"])
def test_an_empty_text_is_an_error(tmp_path, content):
    path = text_file(tmp_path, content)
    assert refusal(path) == (
        f"{path} is empty; a vocabulary has a line 'word<TAB>count' for each word"
    )


# Damaged safetensors


def change(path: Path, about: dict[str, str] | None = None, **tensors: Any) -> None:
    """Write other tensors or metadata into a file; a tensor that is None is taken out."""
    new = {name: array for name, array in (load_file(path) | tensors).items() if array is not None}
    save_file(new, path, about or {"format": FORMAT, "format_version": "1"})


@pytest.mark.parametrize("name", ["words", "words.tsv"])
def test_a_file_that_is_not_there_is_an_error(tmp_path, name):
    path = tmp_path / name
    assert str(refusal(path)) == f"{path} does not exist; give a file that Vocabulary.save wrote"


def test_a_name_that_no_file_can_have_is_an_error(tmp_path):
    with pytest.raises(SettingsError, match=r"no file can have this name \(it holds a NUL"):
        Vocabulary.load(tmp_path / "no\0name")


@pytest.mark.parametrize("name", ["words", "words.tsv"])
def test_a_folder_is_an_error(tmp_path, name):
    (tmp_path / name).mkdir()
    assert refusal(tmp_path / name) == f"{tmp_path / name} is a folder, not a regular file"


def test_a_file_cut_off_anywhere_is_an_error_that_names_it(saved):
    whole = saved.read_bytes()
    for length in range(len(whole)):
        saved.write_bytes(whole[:length])
        assert refusal(saved).startswith(f"{saved} is damaged, truncated or not a {FORMAT}: ")
    saved.write_bytes(whole + b"more")
    assert refusal(saved).startswith(f"{saved} is damaged, truncated or not a {FORMAT}: ")


@pytest.mark.parametrize(
    "garbage",
    [b"the\t7\nof\t5\n", b"\xff" * 400, b"\0" * 400, pickle.dumps([1, 2])],
    ids=["text", "ones", "zeros", "pickle"],
)
def test_garbage_is_an_error_that_says_how_a_text_must_be_named(saved, garbage):
    saved.write_bytes(garbage)
    assert refusal(saved).startswith(f"{saved} is damaged, truncated or not a {FORMAT}: ")
    assert refusal(saved).endswith("; a text file's name ends in .tsv or .txt")


def test_the_vocabulary_of_a_vectors_folder_is_an_error_that_says_how_to_read_it(tmp_path):
    some_vectors().save(tmp_path / "vectors")
    path = tmp_path / "vectors" / "vocabulary.safetensors"
    assert refusal(path) == (
        f"{path} does not say that it is a skipgram vocabulary; for the vocabulary of a folder "
        "of vectors, use skipgram.load(folder).vocabulary"
    )


def test_a_file_of_another_kind_is_an_error(saved):
    change(saved, {"format": "pt"})
    assert refusal(saved).startswith(f"{saved} does not say that it is a skipgram vocabulary")


@pytest.mark.parametrize("version", ["0", "2", "1.0"])
def test_another_version_of_the_format_is_an_error_that_says_which(saved, version):
    change(saved, {"format": FORMAT, "format_version": version})
    assert refusal(saved) == f"{saved}: format version {version}; this skipgram reads version 1"


@pytest.mark.parametrize("tensor", ["words", "word_ends", "counts"])
def test_a_tensor_that_is_missing_or_of_another_kind_is_an_error_that_names_it(saved, tensor):
    old = load_file(saved)[tensor]
    for wrong, found in [
        (None, "nothing"),
        (old.astype(np.int16), f"I16 of shape ({len(old)},)"),
        (old[:, None].copy(), f"{old.dtype} of shape ({len(old)}, 1)"),
    ]:
        change(saved, **{tensor: wrong})
        assert refusal(saved) == (
            f"{saved}: {tensor} should be {old.dtype} with 1 axis, found {found}"
        )
        change(saved, **{tensor: old})


@pytest.mark.parametrize("kind", ["BF16", "F8_E4M3"])
def test_a_type_that_numpy_does_not_have_is_an_error_that_names_the_file(saved, kind):
    about = {"format": FORMAT, "format_version": "1"}
    entry = {"dtype": kind, "shape": [2], "data_offsets": [0, 4 if kind == "BF16" else 2]}
    header = json.dumps({"__metadata__": about, "counts": entry}).encode()
    saved.write_bytes(struct.pack("<Q", len(header)) + header + bytes(entry["data_offsets"][1]))
    assert refusal(saved).startswith(f"{saved}: ")


@pytest.mark.parametrize(
    ("tensors", "found"),
    [
        ({"word_ends": [3, 5, 9]}, "word_ends do not divide the 8 bytes of words"),
        ({"word_ends": [5, 3, 8]}, "word_ends do not divide the 8 bytes of words"),
        ({"word_ends": [-1, 5, 8]}, "word_ends do not divide the 8 bytes of words"),
        ({"counts": [7, 5]}, "counts has 2 numbers for 3 words"),
        ({"counts": [7, -5, 5]}, "'of' has count -5, below 0"),
        ({"word_ends": [3, 3, 8]}, None),
        ({"word_ends": [3, 3, 3, 8], "counts": [1] * 4}, "the word '' appears twice"),
    ],
)
def test_tensors_that_do_not_fit_together_are_an_error(saved, tensors, found):
    change(saved, **{name: np.array(values) for name, values in tensors.items()})
    if found is None:
        assert list(Vocabulary.load(saved)) == ["the", "", "ofand"]
    else:
        assert refusal(saved) == f"{saved}: {found}"


def test_words_that_are_not_utf8_are_an_error(saved):
    change(saved, words=np.full(8, 0xFF, np.uint8))
    assert refusal(saved).startswith(f"{saved}: words: 'utf-8' codec can't decode")
