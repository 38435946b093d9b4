"""The native folder: any words come back exactly; any damage is an error that names the file."""

import ast
import json
import mmap
import os
import pickle
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file

import skipgram
from handmade import random_vectors, vectors_of
from skipgram.errors import FormatError, OutputExistsError, SkipgramError
from skipgram.vectors.formats.native import SETTINGS, VECTORS, VOCABULARY, load
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

FILES = (VECTORS, VOCABULARY, SETTINGS)

odd_words = st.text() | st.sampled_from(
    [
        "",
        " ",
        "\t",
        "\n",
        "\r\n",
        "\0",
        "new york",
        "\u00a0",
        "🐈‍⬛",
        "e\u0301",
        "é",
        "</s>",
        "\ufeff",
    ]
)


def some_vectors(**options: Any) -> WordVectors:
    return random_vectors(1, vocab_size=7, embedding_dim=3, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of vectors."""
    some_vectors(about={"settings": {"epochs": 3}}).save(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to write over and over."""
    return tmp_path_factory.mktemp("native") / "vectors"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def change(file: Path, **tensors: Any) -> None:
    """Write other tensors into a file; None takes one out."""
    new = load_file(file) | tensors
    save_file({name: array for name, array in new.items() if array is not None}, file)


def change_settings(folder: Path, **values: Any) -> None:
    about = json.loads((folder / SETTINGS).read_text()) | values
    kept = {name: value for name, value in about.items() if value is not None}
    (folder / SETTINGS).write_text(json.dumps(kept))


def refusal(folder: Path) -> str:
    """The text of the error that loading the folder gives: one line."""
    with pytest.raises(FormatError) as caught:
        load(folder)
    text = str(caught.value)
    assert "\n" not in text
    return text


def assert_equal(found: WordVectors, expected: WordVectors) -> None:
    assert list(found.words) == list(expected.words)
    for name in ("counts", "center", "outside", "noise", "outside_marginal"):
        array, other = getattr(found, name), getattr(expected, name)
        assert array.dtype == other.dtype
        np.testing.assert_array_equal(array, other, strict=True)
    assert (found.shown, found.about) == (expected.shown, expected.about)


# There and back


@law
@given(st.lists(odd_words, unique=True, min_size=1, max_size=8), st.integers(0, 2**32))
@example([""], 0)
def test_any_words_and_their_vectors_come_back_exactly(place, words, seed):
    random = np.random.default_rng(seed)
    center, outside = random.standard_normal((2, len(words), 3))
    vectors = vectors_of(
        dict(zip(words, center, strict=True)),
        outside=outside,
        counts=random.integers(1, 2**62, len(words)).tolist(),
    )
    vectors.save(place, overwrite=True)
    assert_equal(load(place), vectors)


@pytest.mark.parametrize("shown", ["center", "outside", "sum"])
def test_what_is_shown_and_where_it_comes_from_come_back(tmp_path, shown):
    about = {"settings": {"epochs": 3}, "corpus": {"first": "größe\ud800"}, "format_note": [1.5]}
    vectors = some_vectors(shown=shown, about=about)
    vectors.save(tmp_path / "vectors")
    assert_equal(skipgram.load(str(tmp_path / "vectors")), vectors)


def test_what_is_told_about_the_vectors_does_not_change_the_format(tmp_path):
    about = {"format": "mine", "format_version": 9, "shown": "both", "kept": 1}
    some_vectors(shown="sum", about=about).save(tmp_path / "vectors")
    vectors = load(tmp_path / "vectors")
    assert (vectors.shown, vectors.about) == ("sum", {"kept": 1})


def test_extreme_numbers_come_back_exactly(tmp_path):
    row = [np.finfo(np.float32).max, np.finfo(np.float32).smallest_subnormal, -0.0, np.inf]
    vectors = vectors_of({"a": row, "b": row})
    vectors.save(tmp_path / "vectors")
    assert_equal(load(tmp_path / "vectors"), vectors)


def test_arrays_of_other_types_and_strides_are_saved_as_the_format_says(tmp_path):
    plain = some_vectors()
    strided = WordVectors(
        plain.vocabulary,
        np.asfortranarray(plain.center),
        np.repeat(plain.outside.astype(np.float64), 2, axis=1)[:, ::2],
        plain.noise,
        plain.outside_marginal,
    )
    strided.save(tmp_path / "vectors")
    assert_equal(load(tmp_path / "vectors"), plain)


def test_the_folder_holds_three_files_with_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        some_vectors().save(tmp_path / "vectors")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"vectors": 0o750, **dict.fromkeys(FILES, 0o640)}


def test_the_matrices_are_mapped_and_not_read(folder):
    vectors = load(folder)
    base: Any = vectors.center
    while isinstance(base, np.ndarray):
        base = base.base
    assert isinstance(base, mmap.mmap)
    # What is written into the file now is seen through the map.
    stored = (folder / VECTORS).read_bytes()
    at = stored.index(vectors.center.tobytes())
    with (folder / VECTORS).open("r+b") as file:
        file.seek(at)
        file.write(np.float32(42).tobytes())
    assert vectors.center[0, 0] == 42


def test_vectors_can_be_saved_over_the_folder_that_they_are_mapped_from(folder):
    before = some_vectors(about={"settings": {"epochs": 3}})
    vectors = load(folder)
    vectors.save(folder, overwrite=True)
    assert_equal(vectors, before)
    assert_equal(load(folder), before)


# Damage


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


# Overwriting


def test_a_folder_of_vectors_is_not_overwritten_without_leave(folder):
    before = content(folder)
    with pytest.raises(OutputExistsError, match=f"^{folder} already exists; choose another name"):
        some_vectors().save(folder)
    assert content(folder) == before


def test_a_folder_of_vectors_is_overwritten_with_leave(folder):
    new = random_vectors(2, vocab_size=3, embedding_dim=5)
    new.save(folder, overwrite=True)
    assert_equal(load(folder), new)
    assert [path.name for path in folder.parent.iterdir()] == ["vectors"]


def test_an_older_version_of_the_folder_is_overwritten_with_leave(folder):
    change_settings(folder, format_version=0)
    some_vectors().save(folder, overwrite=True)
    assert_equal(load(folder), some_vectors())


def test_an_empty_folder_is_filled_with_leave(tmp_path):
    some_vectors().save(tmp_path, overwrite=True)
    assert_equal(load(tmp_path), some_vectors())


@pytest.mark.parametrize("settings", [None, "{}", '{"editor.tabSize": 4}', "garbage"])
def test_another_folder_is_never_overwritten(tmp_path, settings):
    (tmp_path / "thesis.txt").write_text("years of work")
    if settings is not None:
        (tmp_path / SETTINGS).write_text(settings)
    before = content(tmp_path)
    with pytest.raises(OutputExistsError) as caught:
        some_vectors().save(tmp_path, overwrite=True)
    assert str(caught.value) == (
        f"{tmp_path} exists and is not a vectors folder, so it is not overwritten; "
        "choose another name"
    )
    assert content(tmp_path) == before


def test_a_file_is_never_overwritten_by_a_folder(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputExistsError, match="is not a vectors folder"):
        some_vectors().save(tmp_path / "file", overwrite=True)
    assert (tmp_path / "file").read_text() == "x"


def test_a_save_that_fails_leaves_the_old_folder(folder, monkeypatch):
    before, write = content(folder), Path.write_text

    def full(self: Path, *args: Any, **kwargs: Any) -> int:
        write(self, "half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(SkipgramError, match="No space left"):
        random_vectors(2, vocab_size=3, embedding_dim=5).save(folder, overwrite=True)
    assert content(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["vectors"]


def test_what_cannot_be_written_as_json_leaves_nothing_behind(tmp_path):
    with pytest.raises(TypeError, match="not JSON serializable"):
        some_vectors(about={"corpus": object()}).save(tmp_path / "vectors")
    assert list(tmp_path.iterdir()) == []


# No pickle


def unsafe_loading(source: str) -> list[str]:
    """The places in a source where pickled data might be read."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                modules = [name.name for name in names]
            case ast.ImportFrom(module=module):
                modules = [module or ""]
            case ast.keyword(arg="allow_pickle", value=value):
                modules = [] if getattr(value, "value", None) is False else ["pickle"]
            case _:
                continue
        unsafe = {"pickle", "cPickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
        found += [name for name in modules if name.split(".")[0] in unsafe]
    return found


def test_nothing_in_the_source_reads_a_pickle():
    sources = list(Path(skipgram.__file__).parent.rglob("*.py"))
    assert len(sources) > 20
    assert {
        str(file): found for file in sources if (found := unsafe_loading(file.read_text()))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import os, pickle as p",
        "def f():\n    from joblib.numpy_pickle import load",
        "np.load(file, allow_pickle=True)",
        "np.load(file, allow_pickle=trusted)",
    ],
)
def test_this_test_for_pickles_can_fail(source):
    assert unsafe_loading(source)
    assert not unsafe_loading("np.load(file, allow_pickle=False)")
