"""The folder somebody stands in is never replaced: their shell would be left in a removed one."""

from pathlib import Path

import pytest

import skipgram
from helpers.folder_contents import tree
from helpers.handmade_vectors import vectors_of
from skipgram import Texts
from skipgram.errors import OutputExistsError

VECTORS = vectors_of({"a": [1, 2], "b": [3, 4]})
TEXT = ["a b a b", "b a a b"]

WRITERS = {
    "save": lambda: VECTORS.save(".", overwrite=True),
    "hub": lambda: VECTORS.export(".", format="hub", overwrite=True),
    "encode": lambda: skipgram.encode(Texts(TEXT), ".", min_count=1, overwrite=True),
    "cooccurrence": lambda: skipgram.cooccurrence(Texts(TEXT), ".", min_count=1, overwrite=True),
    "train": lambda: skipgram.train(Texts(TEXT), ".", min_count=1, overwrite=True),
    "by its name": lambda: VECTORS.save(Path.cwd(), overwrite=True),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_the_folder_one_is_in_is_not_replaced(tmp_path, monkeypatch, write):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(OutputExistsError, match="is the current folder or contains it"):
        write()
    assert tree(tmp_path) == {"here": ""}
    assert Path.cwd() == here


@pytest.mark.parametrize("path", [".", "..", "/", ""])
def test_a_folder_without_a_name_of_its_own_is_read_as_any_other(tmp_path, monkeypatch, path):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(skipgram.FormatError):
        skipgram.load(path)
