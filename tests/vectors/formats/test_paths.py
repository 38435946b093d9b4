"""A name that no file can have is told in one line, by whatever is asked to read or write it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import some_vectors
from skipgram.errors import SettingsError, SkipgramError
from skipgram.system.paths import as_path, as_paths, require_apart, require_free, result_path
from skipgram.vectors.formats import native

IMPOSSIBLE = {
    "a\0b": "it holds a NUL character",
    "a\ud800b": "surrogates not allowed",
    "x" * 5000: "File name too long",
}

USES: dict[str, Callable[[Path, str], Any]] = {
    "load": lambda folder, name: skipgram.load(str(folder / name)),
    "load with a format": lambda folder, name: skipgram.load(folder / name, format="glove"),
    "load a folder": lambda folder, name: skipgram.load(folder / name, format="native"),
    "native.load": lambda folder, name: native.load(str(folder / name)),
    "scratch": lambda folder, name: skipgram.load(folder / "v.glove", scratch=folder / name),
    "export": lambda folder, name: some_vectors().export(folder / name, format="glove"),
    "export a folder": lambda folder, name: some_vectors().export(folder / name, format="hub"),
    "save": lambda folder, name: some_vectors().save(folder / name),
    "save over": lambda folder, name: some_vectors().save(str(folder / name), overwrite=True),
    "as_paths": lambda folder, name: as_paths([folder, folder / name]),
    "require_free": lambda folder, name: require_free(folder / name, overwrite=False),
    "require_apart": lambda folder, name: require_apart([folder / name], [folder]),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with vectors in a file."""
    some_vectors().export(tmp_path / "v.glove")
    return tmp_path


@pytest.mark.parametrize("name", IMPOSSIBLE, ids=["NUL", "surrogate", "long"])
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_an_impossible_name_is_told_in_one_printable_line(place, use, name):
    with pytest.raises(SettingsError) as caught:
        use(place, name)
    text = str(caught.value)
    assert text.startswith(repr(str(place / name))[:200])
    assert ": no file can have this name (" in text
    assert IMPOSSIBLE[name] in text
    assert text.isprintable()
    assert [file.name for file in place.iterdir()] == ["v.glove"]


@pytest.mark.parametrize("is_target", [True, False])
def test_convert_tells_an_impossible_name_in_one_line(place, monkeypatch, capsys, is_target):
    paths = [str(place / "v.glove"), str(place / f"{'x' * 5000}.glove")]
    assert run(monkeypatch, "convert", *paths[:: 1 if is_target else -1]) == 2
    said = capsys.readouterr().err
    assert ": no file can have this name (File name too long)" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("what", [3, None, b"bytes", ["v.txt"]])
def test_what_is_no_path_is_told_so(what):
    with pytest.raises(SettingsError, match=r"^give a path, not "):
        skipgram.load(what)


class OfBytes:
    """A path as `os.scandir(b".")` gives it."""

    def __fspath__(self) -> bytes:
        return b"v.txt"

    def __repr__(self) -> str:
        return "<of bytes>"


@pytest.mark.parametrize(
    "use",
    [
        as_path,
        as_paths,
        result_path,
        skipgram.load,
        lambda path: as_paths([path]),
        lambda path: some_vectors().export(path),
        lambda path: skipgram.train(skipgram.Texts(["sun"]), counts=path, objective="softmax"),
        skipgram.EncodedCorpus.load,
        skipgram.Cooccurrence.load,
        skipgram.Vocabulary.load,
    ],
)
def test_a_path_of_bytes_is_told_in_one_line(use):
    with pytest.raises(SettingsError) as caught:
        use(OfBytes())
    assert str(caught.value) == "<of bytes> is a path of bytes; give its text (os.fsdecode)"


@pytest.mark.parametrize("suffix", [".npy", ".tsv"])
def test_a_name_that_leaves_no_room_for_the_words_beside_it_is_told_in_one_line(tmp_path, suffix):
    name = "x" * (255 - len(suffix)) + suffix
    with pytest.raises(SkipgramError, match=r"no file can have this name \(File name too long"):
        some_vectors().export(tmp_path / name)
    some_vectors().export(tmp_path / f"v{suffix}")
    (tmp_path / f"v{suffix}").rename(tmp_path / name)
    with pytest.raises(SkipgramError, match=r"does not exist; it should hold|rows begin with a"):
        skipgram.load(tmp_path / name)
