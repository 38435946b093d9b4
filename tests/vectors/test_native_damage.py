"""Any damage to the native folder is an error that names the file."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from helpers.handmade_vectors import change_settings
from skipgram.errors import FormatError
from skipgram.vectors.formats.native import SETTINGS, VECTORS, VOCABULARY, load

FILES = (VECTORS, VOCABULARY, SETTINGS)


def change(file: Path, **tensors: Any) -> None:
    """Write other tensors into a file; None takes one out."""
    new = load_file(file) | tensors
    save_file({name: array for name, array in new.items() if array is not None}, file)


def refusal(folder: Path) -> str:
    """The text of the error that loading the folder gives: one line."""
    with pytest.raises(FormatError) as caught:
        load(folder)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    text = refusal(tmp_path / "vectors")
    assert text == f"{tmp_path}/vectors does not exist; give a folder that `skipgram train` wrote"


def test_a_file_in_place_of_the_folder_is_an_error(folder):
    text = refusal(folder / VECTORS)
    assert text.startswith(f"{folder / VECTORS} is a file; give a folder")


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_an_error_that_names_it(folder, name):
    (folder / name).unlink()
    assert (
        refusal(folder) == f"{folder / name} is missing; {folder} is not a complete vectors folder"
    )


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_place_of_a_file_is_an_error_that_names_it(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    assert str(folder / name) in refusal(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere_is_an_error_that_names_it(folder, name):
    whole = (folder / name).read_bytes()
    for length in range(len(whole.rstrip())):  # a missing line end is no damage
        (folder / name).write_bytes(whole[:length])
        assert refusal(folder).startswith(f"{folder / name}")


@pytest.mark.parametrize("name", [VECTORS, VOCABULARY])
def test_a_file_with_something_behind_it_is_an_error_that_names_it(folder, name):
    with (folder / name).open("ab") as file:
        file.write(b"more")
    assert refusal(folder).startswith(f"{folder / name} is damaged or truncated: ")


@pytest.mark.parametrize("name", [VECTORS, VOCABULARY])
@pytest.mark.parametrize(
    "garbage",
    [b"garbage", b"\xff" * 400, b"\0" * 400, pickle.dumps([1, 2]), b"\x02\0\0\0\0\0\0\0{}"],
    ids=["short", "ones", "zeros", "pickle", "no tensors"],
)
def test_garbage_is_an_error_that_names_the_file(folder, name, garbage):
    (folder / name).write_bytes(garbage)
    assert refusal(folder).startswith(f"{folder / name}")


@pytest.mark.parametrize(
    "garbage",
    ["", "garbage", "[1, 2]", "null", "{}", '{"format": "other"}', "[" * 100_000, "\ud800"],
    ids=["empty", "word", "list", "null", "object", "other", "deep", "not UTF-8"],
)
def test_garbage_for_settings_is_an_error_that_names_the_file(folder, garbage):
    (folder / SETTINGS).write_bytes(garbage.encode(errors="surrogatepass"))
    assert refusal(folder).startswith(f"{folder / SETTINGS}")


@pytest.mark.parametrize("version", [0, 4, "1", None])
def test_another_version_of_the_format_is_an_error_that_says_which(folder, version):
    change_settings(folder, format_version=version)
    assert refusal(folder) == (
        f"{folder / SETTINGS}: format version {version}; this skipgram reads versions 1 to 3"
    )


def test_settings_that_do_not_say_what_is_shown_are_an_error(folder):
    change_settings(folder, shown=None)
    assert refusal(folder).startswith(f"{folder / SETTINGS}: shown is None, not one of: center")


@pytest.mark.parametrize("shown", ["both", 1, [], {}])
def test_settings_that_show_what_there_is_not_are_an_error(folder, shown):
    change_settings(folder, shown=shown)
    assert refusal(folder) == (
        f"{folder / SETTINGS}: shown is {shown!r}, not one of: center, outside, sum, spelled"
    )


def file_of(tensor: str) -> str:
    return VECTORS if tensor in {"center", "outside"} else VOCABULARY


NEEDED = ["center", "words", "word_ends", "counts"]
TENSORS = [*NEEDED, "outside", "word_index", "noise", "outside_marginal"]


@pytest.mark.parametrize("tensor", NEEDED)
def test_a_missing_tensor_is_an_error_that_names_it(folder, tensor):
    file = folder / file_of(tensor)
    change(file, **{tensor: None})
    assert refusal(folder).startswith(f"{file}: {tensor} should be ")
    assert refusal(folder).endswith(", found nothing")


def test_a_missing_outside_matrix_is_an_error_where_it_is_to_be_shown(folder):
    change(folder / VECTORS, outside=None)
    change_settings(folder, shown="sum")
    assert refusal(folder) == (
        f"{folder / VECTORS}: shown is 'sum', but these vectors have no outside matrix; "
        "show 'center'"
    )


@pytest.mark.parametrize("tensor", TENSORS)
@pytest.mark.parametrize(("dtype", "name"), [(np.int16, "I16"), (np.uint32, "U32")])
def test_a_tensor_of_another_type_is_an_error_that_names_it(folder, tensor, dtype, name):
    file = folder / file_of(tensor)
    old = load_file(file)[tensor]
    change(file, **{tensor: old.astype(dtype)})
    types = "float32 or float16 or int8" if file.name == VECTORS else old.dtype
    assert refusal(folder) == (
        f"{file}: {tensor} should be {types} with {old.ndim} ax{'is' if old.ndim == 1 else 'es'}, "
        f"found {name} of shape {old.shape}"
    )


def test_rows_of_8_bits_without_their_scales_are_an_error(folder):
    change(folder / VECTORS, center=np.zeros((7, 3), np.int8))
    assert refusal(folder) == f"{folder / VECTORS}: numbers of int8 need scales"
    change(folder / VECTORS, center_scales=np.zeros(6, np.float32))
    assert refusal(folder) == (
        f"{folder / VECTORS}: scales has shape (6,) of float32; 7 rows need (7,) of float32"
    )


def test_scales_without_rows_of_8_bits_are_an_error(folder):
    change(folder / VECTORS, center_scales=np.zeros(7, np.float32))
    assert refusal(folder) == f"{folder / VECTORS}: numbers of float32 have no scales"


def one_fewer(array: np.ndarray) -> np.ndarray:
    return array[:-1].copy()


def one_more_axis(array: np.ndarray) -> np.ndarray:
    return array[..., None].copy()


def a_scalar(array: np.ndarray) -> np.ndarray:
    return np.array(array.ravel()[0])


def empty(array: np.ndarray) -> np.ndarray:
    return array[:0].copy()


@pytest.mark.parametrize("tensor", [name for name in TENSORS if name != "words"])
@pytest.mark.parametrize("wrong", [one_fewer, one_more_axis, a_scalar, empty])
def test_a_tensor_of_another_shape_is_an_error_that_names_its_file(
    folder, tensor, wrong: Callable[[np.ndarray], np.ndarray]
):
    file = folder / file_of(tensor)
    change(file, **{tensor: wrong(load_file(file)[tensor])})
    assert refusal(folder).startswith(f"{file}: ")


def test_matrices_of_different_width_are_an_error_that_names_their_file(folder):
    change(folder / VECTORS, outside=np.zeros((7, 4), np.float32))
    assert refusal(folder) == (f"{folder / VECTORS}: outside has shape (7, 4); 7 words need (7, 3)")


@pytest.mark.parametrize(
    "ends",
    [
        [2, 4, 6, 8, 10, 12, 99],
        [2, 4, 6, 8, 10, 12, 13],
        [4, 2, 6, 8, 10, 12, 14],
        [-2, 14] + [14] * 5,
    ],
    ids=["beyond the text", "short of it", "falling", "negative"],
)
def test_word_ends_that_do_not_divide_the_words_are_an_error(folder, ends):
    as_first_version(folder)
    change(folder / VOCABULARY, word_ends=np.array(ends))
    assert refusal(folder) == (
        f"{folder / VOCABULARY}: word_ends do not divide the 14 bytes of words"
    )


def test_words_that_are_not_utf8_are_an_error(folder):
    as_first_version(folder)
    change(folder / VOCABULARY, words=np.full(14, 0xFF, np.uint8))
    assert refusal(folder).startswith(f"{folder / VOCABULARY}: words: 'utf-8' codec can't decode")


def as_first_version(folder: Path) -> None:
    """Make the folder one of version 1, which had no index of its words."""
    change(folder / VOCABULARY, word_index=None)
    change_settings(folder, format_version=1, words_crc32=None)


def test_a_folder_of_the_first_version_is_read(folder):
    words = list(load(folder).words)
    as_first_version(folder)
    vectors = load(folder)
    assert list(vectors.words) == words
    assert [vectors.vocabulary.id(word) for word in words] == list(range(7))


def test_a_word_that_stands_there_twice_is_an_error(folder):
    as_first_version(folder)
    change(folder / VOCABULARY, words=np.frombuffer(b"w0" * 7, np.uint8))
    assert refusal(folder) == f"{folder / VOCABULARY}: the word 'w0' appears twice"


def test_a_character_that_is_divided_between_two_words_is_an_error(folder):
    as_first_version(folder)
    change(folder / VOCABULARY, words=np.frombuffer("aéaaaaaaaaaaa".encode(), np.uint8))
    assert refusal(folder) == (
        f"{folder / VOCABULARY}: words: a word ends inside a character of UTF-8"
    )


@pytest.mark.parametrize("name", ["words", "word_ends", "word_index"])
def test_any_change_to_a_word_its_end_or_the_index_is_noticed(folder, name):
    whole = load_file(folder / VOCABULARY)[name]
    for place in range(len(whole)):
        for difference in (1, 3):
            changed = whole.copy()
            changed[place] += difference
            change(folder / VOCABULARY, **{name: changed})
            assert refusal(folder).startswith(f"{folder / VOCABULARY}: ")
    change(folder / VOCABULARY, **{name: whole})
    assert len(load(folder)) == 7
