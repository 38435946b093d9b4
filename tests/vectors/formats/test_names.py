"""One table of formats: what is read and written by each door follows it, and so does the page."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.main import get_command

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import some_vectors
from skipgram.cli import app
from skipgram.errors import OutputExistsError, SettingsError
from skipgram.runs.places import Places
from skipgram.vectors.formats import writing
from skipgram.vectors.formats.names import FORMATS, READ, SUFFIXES, WRITTEN
from skipgram.vectors.formats.native import SETTINGS

PAGE = (Path(__file__).parents[3] / "docs" / "formats.md").read_text()
ROW = re.compile(r"^\| \[`([\w-]+)`\]\(#[\w-]+\) \| (.*) \|$", re.MULTILINE)


def help_of(command: str, option: str) -> str:
    group: Any = get_command(app)
    (found,) = [item for item in group.commands[command].params if item.name == option]
    return str(found.help)


def test_the_page_has_the_table():
    rows = dict(ROW.findall(PAGE))
    assert list(rows) == list(FORMATS)
    for name, format in FORMATS.items():
        assert tuple(re.findall(r"`(\.\w+)`", rows[name])) == format.suffixes, name
        assert ("cannot be written" in rows[name]) is not format.is_written
        assert ("a folder" in rows[name]) is format.is_folder
        assert rows[name].startswith("none") is (writing.format_for(Path("name")) == name)


def test_the_help_of_the_commands_has_the_table():
    assert f": {', '.join(READ)}." in help_of("convert", "source_format")
    assert f": {', '.join(WRITTEN)}." in help_of("convert", "target_format")
    for command, option in (("convert", "target"), ("train", "export")):
        told = help_of(command, option)
        assert re.findall(r"\.\w+", told) == list(SUFFIXES), command
        assert "no suffix" in told
        assert "native folder" in told


def test_every_format_that_is_written_has_a_writer():
    assert {*writing._FILES, *writing._FOLDERS} == set(WRITTEN)
    assert {name for name, format in FORMATS.items() if format.is_folder} == set(writing._FOLDERS)
    assert len(SUFFIXES) == sum(len(format.suffixes) for format in FORMATS.values())


@pytest.mark.parametrize("format", WRITTEN)
def test_what_is_written_under_a_name_is_read_under_that_name(tmp_path, format):
    vectors = some_vectors()
    vectors.export(tmp_path / "v.x", format=format)
    found = skipgram.load(tmp_path / "v.x", format=format)
    np.testing.assert_array_equal(found.matrix, vectors.matrix)
    assert found.counts.any() == FORMATS[format].has_counts


def test_a_format_that_is_only_read_is_not_written(tmp_path):
    with pytest.raises(
        SettingsError, match=r"^format 'fasttext' is only read; these are written: native"
    ):
        some_vectors().export(tmp_path / "v.bin", format="fasttext")
    with pytest.raises(SettingsError, match=r"^format 'gensim' is not one of: native, word2vec"):
        some_vectors().export(tmp_path / "v.bin", format="gensim")


# No suffix


@pytest.mark.parametrize("door", ["save", "export", "convert"])
def test_a_name_without_a_suffix_is_the_native_folder(tmp_path, monkeypatch, door):
    vectors = some_vectors()
    if door == "convert":
        vectors.save(tmp_path / "source")
        assert run(monkeypatch, "convert", tmp_path / "source", tmp_path / "vectors") == 0
    else:
        getattr(vectors, door)(tmp_path / "vectors")
    assert (tmp_path / "vectors" / SETTINGS).exists()
    np.testing.assert_array_equal(skipgram.load(tmp_path / "vectors").outside, vectors.outside)


def test_a_training_exports_a_native_folder_to_a_name_without_a_suffix(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("a b c a b c\n" * 20)
    skipgram.train(
        text,
        tmp_path / "one",
        export=[tmp_path / "two", tmp_path / "three.glove"],
        min_count=1,
        embedding_dim=4,
        epochs=1,
        subsample=0.0,
        threads=1,
    )
    one, two = skipgram.load(tmp_path / "one"), skipgram.load(tmp_path / "two")
    np.testing.assert_array_equal(one.outside, two.outside)
    assert one.about == two.about
    assert len(skipgram.load(tmp_path / "three.glove")) == 3


def test_a_native_folder_is_not_compressed_as_a_whole(tmp_path):
    with pytest.raises(SettingsError, match=r"native is not compressed as a whole; omit \.gz$"):
        some_vectors().export(tmp_path / "vectors.gz")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_other_files_is_refused_before_the_training(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("mine")
    places = Places.of(tmp_path / "out", tmp_path / "mine", caches=False)
    with (
        pytest.raises(OutputExistsError, match="mine exists and is not a vectors folder"),
        places.held([], resume=False, overwrite=True),
    ):
        pass


@pytest.mark.parametrize("inside", ["folder/out", "folder/v.txt"])
def test_no_result_may_lie_in_an_exported_folder(tmp_path, inside):
    exports = [tmp_path / "folder"]
    output = tmp_path / inside if inside.endswith("out") else None
    exports += [] if output else [tmp_path / inside]
    places = Places.of(output, exports, caches=False)
    with (
        pytest.raises(SettingsError, match="folder, which is for the run's own files only"),
        places.held([], resume=False, overwrite=False),
    ):
        pass
