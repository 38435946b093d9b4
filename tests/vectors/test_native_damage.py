"""Any damage to the native folder is an error that names the file."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from handmade import change_settings
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
    assert refusal(folder) == f"{folder / name} is missing; {folder} is not a whole vectors folder"


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


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_version_of_the_format_is_an_error_that_says_which(folder, version):
    change_settings(folder, format_version=version)
    assert refusal(folder) == (
        f"{folder / SETTINGS}: format version {version}; this skipgram reads version 1"
    )


def test_settings_that_do_not_say_what_is_shown_are_an_error(folder):
    change_settings(folder, shown=None)
    assert refusal(folder).startswith(f"{folder / SETTINGS}: shown is None, not one of: center")


@pytest.mark.parametrize("shown", ["both", 1, [], {}])
def test_settings_that_show_what_there_is_not_are_an_error(folder, shown):
    change_settings(folder, shown=shown)
    assert refusal(folder) == (
        f"{folder / SETTINGS}: shown is {shown!r}, not one of: center, outside, sum"
    )


def file_of(tensor: str) -> str:
    return VECTORS if tensor in {"center", "outside"} else VOCABULARY


TENSORS = ["center", "outside", "words", "word_ends", "counts", "noise", "outside_marginal"]


@pytest.mark.parametrize("tensor", TENSORS)
def test_a_missing_tensor_is_an_error_that_names_it(folder, tensor):
    file = folder / file_of(tensor)
    change(file, **{tensor: None})
    assert refusal(folder).startswith(f"{file}: {tensor} should be ")
    assert refusal(folder).endswith(", found nothing of shape ()")


@pytest.mark.parametrize("tensor", TENSORS)
@pytest.mark.parametrize(("dtype", "name"), [(np.float16, "F16"), (np.int8, "I8")])
def test_a_tensor_of_another_type_is_an_error_that_names_it(folder, tensor, dtype, name):
    file = folder / file_of(tensor)
    old = load_file(file)[tensor]
    change(file, **{tensor: old.astype(dtype)})
    assert refusal(folder) == (
        f"{file}: {tensor} should be {old.dtype} with {old.ndim} axes, "
        f"found {name} of shape {old.shape}"
    )


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
    assert refusal(folder) == (
        f"{folder / VECTORS}: outside has shape (7, 4); 7 words ask for (7, 3)"
    )


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
    change(folder / VOCABULARY, word_ends=np.array(ends))
    assert refusal(folder) == (
        f"{folder / VOCABULARY}: word_ends do not divide the 14 bytes of words"
    )


def test_words_that_are_not_utf8_are_an_error(folder):
    change(folder / VOCABULARY, words=np.full(14, 0xFF, np.uint8))
    assert refusal(folder).startswith(f"{folder / VOCABULARY}: words: 'utf-8' codec can't decode")


def test_a_word_that_stands_there_twice_is_an_error(folder):
    change(folder / VOCABULARY, words=np.frombuffer(b"w0" * 7, np.uint8))
    assert refusal(folder) == f"{folder / VOCABULARY}: the word 'w0' stands there twice"
