"""A folder that a killed process set aside is found by whoever reads it next, or writes there."""

from pathlib import Path

import pytest

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram import Texts
from skipgram.errors import OutputExistsError
from skipgram.system import temporary
from skipgram.system.paths import require_free

VECTORS = vectors_of({"a": [1, 2], "b": [3, 4]})
TEXT = ["a b a b", "b a a b"]


def train_further(folder: Path) -> None:
    skipgram.train(Texts(TEXT), continue_from=folder, min_count=1, epochs=1, subsample=0)


FOLDERS = {
    "native": (VECTORS.save, skipgram.load),
    "hub": (lambda folder: VECTORS.export(folder, format="hub"), skipgram.load),
    "native, by name": (VECTORS.save, lambda folder: skipgram.load(folder, format="native")),
    "native, trained further": (VECTORS.save, train_further),
    "encoded": (
        lambda folder: skipgram.encode(Texts(TEXT), folder, min_count=1),
        skipgram.EncodedCorpus.load,
    ),
    "encoded, counted": (
        lambda folder: skipgram.encode(Texts(TEXT), folder, min_count=1),
        skipgram.count_words,
    ),
    "cooccurrence": (
        lambda folder: skipgram.cooccurrence(Texts(TEXT), folder, min_count=1),
        skipgram.Cooccurrence.load,
    ),
}


def set_aside(folder: Path) -> None:
    """As it is left by a kill between two renames, where the system cannot exchange two folders."""
    aside = folder.with_name(f"{temporary.temporary_prefix(folder)}abcd1234.old")
    aside.mkdir()
    folder.rename(aside / folder.name)


@pytest.mark.parametrize(("write", "read"), FOLDERS.values(), ids=FOLDERS)
def test_a_reader_finds_what_was_set_aside(tmp_path, write, read):
    write(tmp_path / "result")
    set_aside(tmp_path / "result")
    read(tmp_path / "result")
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_a_writer_is_told_before_the_work_that_its_place_is_taken(tmp_path):
    VECTORS.save(tmp_path / "result")
    set_aside(tmp_path / "result")
    with pytest.raises(OutputExistsError, match="already exists"):
        require_free(tmp_path / "result", overwrite=False)
