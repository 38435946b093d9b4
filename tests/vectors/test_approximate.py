"""The index: nearly the exact answers, saved beside the vectors, and never one of other vectors."""

import errno
import json
import os
import sys
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors
from skipgram.errors import (
    FormatError,
    MissingExtraError,
    OutputExistsError,
    SettingsError,
    SkipgramError,
)
from skipgram.system import files, temporary
from skipgram.vectors import approximate
from skipgram.vectors.approximate import ABOUT
from skipgram.vectors.formats import native

pytest.importorskip("faiss")


@pytest.fixture(scope="module")
def vectors():
    return random_vectors(1, vocab_size=2000, embedding_dim=12)


@pytest.fixture(scope="module")
def indexed(vectors):
    """The same vectors with an index, which takes most of a second to build."""
    return vectors.with_index()


@pytest.fixture
def folder(tmp_path, indexed):
    indexed.save(tmp_path / "vectors")
    return tmp_path / "vectors"


def index_of(folder: Path) -> Path:
    """The file that holds the index."""
    return folder / json.loads((folder / ABOUT).read_text())["file"]


def of_earlier_release(folder: Path) -> None:
    """Name the index as it always was named, and not in the JSON."""
    index_of(folder).rename(folder / "neighbors.faiss")
    about = json.loads((folder / ABOUT).read_text())
    del about["file"]
    (folder / ABOUT).write_text(json.dumps(about))


def recall(vectors: skipgram.WordVectors, words: list[str], k: int = 10) -> float:
    exact = vectors.most_similar_each(words, k)
    near = vectors.most_similar_each(words, k, approximate=True)
    shared = [
        len({one.word for one in few} & {one.word for one in all_})
        for few, all_ in zip(near, exact, strict=True)
    ]
    return float(np.mean(shared)) / k


def test_nearly_all_neighbours_are_found_with_their_cosines(vectors, indexed):
    words = [f"w{number}" for number in range(0, 2000, 10)]
    assert recall(indexed, words) > 0.95
    found = indexed.most_similar("w5", k=3, approximate=True)
    assert_close(
        [near.similarity for near in found],
        [vectors.similarity("w5", near.word) for near in found],
        FLOAT32,
    )
    assert "w5" not in {near.word for near in found}
    excluded = indexed.most_similar("w5", k=3, exclude=[found[0].word], approximate=True)
    assert found[0].word not in {near.word for near in excluded}


def test_more_effort_finds_more(vectors):
    words = [f"w{number}" for number in range(0, 2000, 10)]
    little = recall(vectors.with_index(connectivity=2, build_effort=2, search_effort=2), words)
    assert little < recall(vectors.with_index(search_effort=400, build_effort=200), words)


def test_an_index_is_saved_beside_the_vectors_and_opened_when_it_is_asked(folder):
    loaded = skipgram.load(folder)
    assert "graph" not in vars(loaded.index)
    assert recall(loaded, ["w1", "w2", "w3"]) > 0.9
    assert "graph" in vars(loaded.index)
    assert json.loads((folder / ABOUT).read_text())["words"] == 2000


def test_vectors_that_are_saved_anew_lose_an_index_that_is_not_theirs(folder, vectors, indexed):
    vectors.save(folder, overwrite=True)
    assert not list(folder.glob("neighbors*"))
    assert skipgram.load(folder).index is None
    assert indexed.compact("int8").index is None


@pytest.mark.parametrize("place", [0, 1000, -1])
def test_a_damaged_index_is_refused_before_it_is_opened(folder, place):
    raw = bytearray(index_of(folder).read_bytes())
    raw[place] ^= 1
    index_of(folder).write_bytes(raw)
    with pytest.raises(FormatError, match=r"is damaged: not what was written; build it again"):
        skipgram.load(folder).most_similar("w1", approximate=True)
    assert skipgram.load(folder).most_similar("w1"), "the exact answers need no index"


def test_an_index_of_other_vectors_is_refused(folder, tmp_path):
    random_vectors(1, vocab_size=30, embedding_dim=12).save(tmp_path / "other")
    for file in folder.glob("neighbors*"):
        (tmp_path / "other" / file.name).write_bytes(file.read_bytes())
    with pytest.raises(FormatError, match="is of other vectors; build it again"):
        skipgram.load(tmp_path / "other").most_similar("w1", approximate=True)


def test_an_index_that_was_put_back_beside_vectors_trained_anew_is_refused(folder, vectors):
    kept = {file.name: file.read_bytes() for file in folder.glob("neighbors*")}
    random_vectors(2, vocab_size=2000, embedding_dim=12).save(folder, overwrite=True)
    for name, content in kept.items():
        (folder / name).write_bytes(content)
    with pytest.raises(FormatError, match=r"neighbors-.*is of other vectors; build it again"):
        skipgram.load(folder).most_similar("w1", approximate=True)


@pytest.mark.parametrize("shown", ["center", "outside", "sum"])
def test_an_index_is_that_of_the_vectors_that_are_shown(tmp_path, shown):
    shown_so = random_vectors(1, vocab_size=300, embedding_dim=12, shown=shown)
    shown_so.with_index().save(tmp_path / "vectors")
    assert recall(skipgram.load(tmp_path / "vectors"), ["w1", "w2"]) > 0.9


def put(folder: Path, index: Any) -> None:
    """Another index, or any bytes, with a checksum that is right."""
    if isinstance(index, bytes):
        index_of(folder).write_bytes(index)
    else:
        pytest.importorskip("faiss").write_index(index, str(index_of(folder)))
    about = json.loads((folder / ABOUT).read_text())
    about["crc32"] = zlib.crc32(index_of(folder).read_bytes())
    (folder / ABOUT).write_text(json.dumps(about))


@pytest.mark.parametrize("content", [b"", b"garbage" * 9, b"IHNf" + bytes(200)])
def test_what_is_no_index_of_faiss_is_refused_whatever_its_checksum(folder, content):
    put(folder, content)
    with pytest.raises(FormatError, match=r"is (not a faiss index|damaged).*; build it again"):
        skipgram.load(folder).most_similar("w1", approximate=True)


def test_an_index_of_another_kind_or_metric_is_refused(folder, vectors):
    faiss = pytest.importorskip("faiss")
    for other in (faiss.IndexFlatIP(12), faiss.IndexHNSWFlat(12, 8, faiss.METRIC_L2)):
        other.add(np.ascontiguousarray(vectors.center, np.float32))
        put(folder, other)
        with pytest.raises(FormatError, match=r"is (not a faiss index by cosine|damaged)"):
            skipgram.load(folder).most_similar("w1", approximate=True)


def test_an_index_asks_for_no_more_candidates_than_there_are_words(folder, vectors):
    index = vectors.with_index(threads=1).index
    index.graph.hnsw.efSearch = 2**31 - 1
    put(folder, index.graph)
    assert recall(skipgram.load(folder), ["w1", "w2"]) == 1


def test_an_index_that_is_a_pipe_is_refused(folder):
    file = index_of(folder)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(FormatError, match=f"^{file} is a named pipe, not a regular file$"):
        skipgram.load(folder).most_similar("w1", approximate=True)


@pytest.mark.parametrize("about", ["", "[]", "{}", '{"words": 2000}', "[" * 100_000])
def test_an_index_that_nothing_is_told_of_is_refused(folder, about):
    (folder / ABOUT).write_text(about)
    with pytest.raises(
        FormatError,
        match=rf"^{folder / ABOUT} (does not describe|is not a description of) an index",
    ):
        skipgram.load(folder).most_similar("w1", approximate=True)


def test_other_files_beside_the_vectors_are_still_never_lost(folder, vectors):
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"thesis.txt"):
        vectors.save(folder, overwrite=True)


def test_what_a_killed_indexing_left_does_not_keep_the_vectors_from_being_replaced(folder, vectors):
    for name in ("neighbors.faiss", "neighbors-0123abcd.faiss", ABOUT):
        leftover = folder / f"{temporary.temporary_prefix(folder / name)}0123abcd"
        leftover.write_text("half")
    unnamed = folder / "neighbors-0123abcd.faiss"
    unnamed.write_text("of which no JSON tells")
    native.require_place(folder, overwrite=True)
    assert len(list(folder.glob(".*"))) == 0
    assert not unnamed.exists()
    assert index_of(folder).exists()


def test_an_index_that_is_being_written_keeps_the_vectors_from_being_replaced(folder, vectors):
    with (
        files.whole_file(folder / ABOUT, overwrite=True),
        pytest.raises(OutputExistsError, match=r"holds \.neighbors\.json\..* would be lost"),
    ):
        vectors.save(folder, overwrite=True)


def test_an_index_that_cannot_be_written_leaves_the_old_one(folder, indexed, monkeypatch):
    before = recall(skipgram.load(folder), ["w1", "w2"])
    write, written = files.WrittenFile.write, []

    def full_at_the_end(self: files.WrittenFile, data: memoryview) -> int:
        written.append(len(data))
        if len(written) == calls:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(self, data)

    index = indexed.index
    calls = 0
    monkeypatch.setattr(files.WrittenFile, "write", full_at_the_end)
    index.save(folder)
    calls, every_call = 1, len(written)
    while calls <= every_call:
        written.clear()
        with pytest.raises(SkipgramError, match="cannot be written: No space left on device"):
            index.save(folder)
        calls += 1
    assert every_call > 5
    assert recall(skipgram.load(folder), ["w1", "w2"]) == before


@pytest.mark.parametrize("option", ["connectivity", "build_effort", "search_effort"])
def test_efforts_below_two_are_refused(vectors, option):
    with pytest.raises(SettingsError, match=f"^{option} must be at least 2, not 1$"):
        vectors.with_index(**{option: 1})


def test_the_index_knows_no_first_words(indexed):
    with pytest.raises(SettingsError, match="the index holds all words; omit first_words"):
        indexed.most_similar("w1", approximate=True, first_words=5)


def test_building_tells_how_far_it_is(vectors):
    told = []
    vectors.with_index(observe=lambda done, of: told.append((done, of)))
    assert told[-1] == (2000, 2000)


def test_a_missing_library_is_told_with_how_to_install_it(vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'skipgram\[ann\]'"):
        vectors.with_index()


@pytest.mark.parametrize("option", ["connectivity", "build_effort", "search_effort"])
def test_efforts_beyond_all_use_are_refused(vectors, option):
    with pytest.raises(SettingsError, match=f"^{option} must be at most .*, not 100,000,000$"):
        vectors.with_index(**{option: 100_000_000})


def test_an_index_of_an_earlier_release_is_asked_and_replaced(folder, indexed):
    of_earlier_release(folder)
    assert recall(skipgram.load(folder), ["w1", "w2"]) > 0.9
    indexed.index.save(folder)
    assert not (folder / "neighbors.faiss").exists()
    assert len(list(folder.glob("neighbors*"))) == 2
    assert recall(skipgram.load(folder), ["w1", "w2"]) > 0.9


def test_an_index_whose_bytes_did_not_reach_the_disk_does_not_replace_the_old_one(
    folder, indexed, monkeypatch
):
    before = sorted(file.name for file in folder.iterdir())
    index, write = indexed.index, files.WrittenFile.write
    written = []

    def damaging(self: files.WrittenFile, data: memoryview) -> int:
        written.append(len(data))
        return write(self, bytes(len(data)) if len(written) == 3 else data)

    monkeypatch.setattr(files.WrittenFile, "write", damaging)
    with pytest.raises(SkipgramError, match="is not what was written to it; is the disk damaged"):
        index.save(folder)
    assert sorted(file.name for file in folder.iterdir()) == before
    assert recall(skipgram.load(folder), ["w1", "w2"]) > 0.9


def test_an_index_that_is_replaced_while_it_is_opened_is_the_new_one(folder, vectors, monkeypatch):
    read, new = approximate.read_json, vectors.with_index().index
    told = []

    def meanwhile(file: Path, *given: Any, **options: Any) -> Any:
        found = read(file, *given, **options)
        if not told:
            told.append(found)
            new.save(folder)
        return found

    loaded = skipgram.load(folder)
    monkeypatch.setattr(approximate, "read_json", meanwhile)
    assert recall(loaded, ["w1", "w2"]) > 0.9
