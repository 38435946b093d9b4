"""The native folder: any words come back exactly, and nothing of anybody's is overwritten."""

import mmap
import os
import stat
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file
from safetensors.numpy import save as as_safetensors

import skipgram
from helpers.handmade_vectors import change_settings, random_vectors, some_vectors, vectors_of
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import OutputExistsError, SkipgramError
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


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to write over and over."""
    return tmp_path_factory.mktemp("native") / "vectors"


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


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


def test_the_files_are_what_the_safetensors_library_writes(tmp_path):
    vectors = some_vectors()
    vectors.save(tmp_path / "vectors")
    for name in (VECTORS, VOCABULARY):
        file = tmp_path / "vectors" / name
        assert file.read_bytes() == as_safetensors(load_file(file))


def test_rows_that_lie_apart_are_saved_without_a_second_copy_of_them(tmp_path):
    words, dim = 100_000, 50
    memory = np.random.default_rng(1).standard_normal((2, words, dim + 6), np.float32)
    even = np.full(words, 1 / words)
    vocabulary = Vocabulary([str(number) for number in range(words)], np.ones(words, np.int64))
    vectors = WordVectors(vocabulary, memory[0, :, :dim], memory[1, :, :dim], even, even)
    tracemalloc.start()
    vectors.save(tmp_path / "vectors")
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak_bytes < vectors.center.nbytes / 2
    assert_equal(load(tmp_path / "vectors"), vectors)


def test_the_folder_holds_three_files_with_the_usual_permissions(tmp_path):
    before = os.umask(0o027)
    try:
        some_vectors().save(tmp_path / "vectors")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"vectors": 0o750, **dict.fromkeys(FILES, 0o640)}


@pytest.mark.parametrize("loading", [load, skipgram.load])
def test_the_matrices_are_mapped_and_not_read(folder, loading):
    vectors = loading(folder)
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
    vectors = skipgram.load(folder)
    vectors.save(folder, overwrite=True)
    assert_equal(vectors, before)
    assert_equal(load(folder), before)


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
