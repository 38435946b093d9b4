"""Rows in one file, words in another: wherever writing stops, no row gets another's word."""

import bz2
import os
import signal
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram.errors import FormatError, OutputExistsError, SkipgramError
from skipgram.system import file_pairs, machine
from skipgram.vectors.formats.writing import export

OLD = vectors_of({"old": [1, 2], "words": [3, 4]})
NEW = vectors_of({"new": [5.5, 6], "rows": [7, 8]})
PAIRS = {"v.npy": "v.words", "v.tsv": "v.metadata.tsv"}

pairs = pytest.mark.parametrize(("name", "beside"), PAIRS.items(), ids=PAIRS)


def texts_of(vectors: skipgram.WordVectors) -> dict[str, list[float]]:
    return {word: row.tolist() for word, row in zip(vectors.words, vectors.matrix, strict=True)}


@pairs
@pytest.mark.parametrize("before", ["nothing", "an old pair"])
def test_wherever_an_export_is_killed_the_old_pair_or_the_new_one_is_loaded(
    tmp_path, name, beside, before
):
    allowed = [None if before == "nothing" else texts_of(OLD), texts_of(NEW)]
    found = []
    for number, place in enumerate(killed_at_every_rename(tmp_path, name, before), start=1):
        try:
            found.append(texts_of(skipgram.load(place / name)))
        except FormatError:
            assert not (place / name).exists()
            found.append(None)
        assert found[-1] in allowed, number
        NEW.export(place / name, overwrite=True)
        assert texts_of(skipgram.load(place / name)) == texts_of(NEW)
        left = {file.name for file in place.iterdir() if file.suffix != ".pair"}
        assert left == {name, beside}
    assert found == sorted(found, key=allowed.index)
    assert found[0] != found[-1]


def killed_at_every_rename(tmp_path: Path, name: str, before: str) -> Iterator[Path]:
    """Folders in which an export was killed just before or after its first rename, its second..."""
    for number in count():
        place = tmp_path / str(number)
        place.mkdir()
        if before != "nothing":
            OLD.export(place / name)
        child = os.fork()
        if not child:
            killed_at(number)
            NEW.export(place / name, overwrite=True)
            os._exit(0)
        ended = os.waitpid(child, 0)[1]
        yield place
        if ended == 0:
            return


def killed_at(number: int) -> None:
    """End this process before or after a rename: 0 before the first, 1 after it, 2 ...."""
    moments = count()

    def around(rename: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*paths: Any) -> Any:
            for act in (lambda: None, lambda: rename(*paths)):
                done = act()
                if next(moments) == number:
                    os.kill(os.getpid(), signal.SIGKILL)
            return done

        return watched

    Path.replace = around(Path.replace)  # type: ignore[method-assign]
    if machine.renameat2 is not None:
        machine.renameat2 = around(machine.renameat2)


@pairs
def test_words_of_another_pair_are_refused_with_what_to_do(tmp_path, name, beside):
    NEW.export(tmp_path / name)
    OLD.export(tmp_path / "old" / name)
    (tmp_path / "old" / beside).replace(tmp_path / beside)
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / name)
    assert str(caught.value).startswith(
        f"{tmp_path / beside} does not belong to {tmp_path / name}: the two were written together"
    )


@pairs
def test_a_pair_that_another_tool_replaced_is_loaded(tmp_path, name, beside):
    NEW.export(tmp_path / name)
    OLD.export(tmp_path / "old" / name)
    for part in (name, beside):
        (tmp_path / "old" / part).replace(tmp_path / part)
    assert texts_of(skipgram.load(tmp_path / name)) == texts_of(OLD)


@pairs
def test_a_pair_of_an_earlier_release_has_no_mark_and_is_loaded(tmp_path, name, beside):
    NEW.export(tmp_path / name)
    next(tmp_path.glob(".*.pair")).unlink()
    assert texts_of(skipgram.load(tmp_path / name)) == texts_of(NEW)


@pairs
def test_a_pair_that_is_replaced_while_it_is_loaded_is_the_new_one(
    tmp_path, monkeypatch, name, beside
):
    OLD.export(tmp_path / name)
    require, times = file_pairs.Pair.require, count()

    def meanwhile(self: file_pairs.Pair, one: int, other: int) -> None:
        if next(times) == 0:
            NEW.export(tmp_path / name, overwrite=True)
        require(self, one, other)

    monkeypatch.setattr(file_pairs.Pair, "require", meanwhile)
    assert texts_of(skipgram.load(tmp_path / name)) == texts_of(NEW)


@pairs
def test_a_pair_whose_place_is_taken_during_a_training_is_kept_beside(tmp_path, name, beside):
    (tmp_path / beside).write_text("theirs\n")
    with pytest.raises(OutputExistsError, match=r"this run's result is kept in .*v-2\."):
        export(NEW, tmp_path / name, keeps=True)
    assert texts_of(skipgram.load(tmp_path / name.replace("v.", "v-2."))) == texts_of(NEW)
    assert (tmp_path / beside).read_text() == "theirs\n"


@pairs
def test_a_pair_stays_as_it_is_until_both_new_files_are_complete(tmp_path, name, beside):
    OLD.export(tmp_path / name)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(done: int, of: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(SkipgramError, match="cannot be written: No space left"):
        NEW.export(tmp_path / name, overwrite=True, observe=full)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


@pairs
def test_words_that_appear_while_a_pair_is_written_are_somebody_elses(tmp_path, name, beside):
    def meanwhile(done: int, of: int) -> None:
        (tmp_path / beside).write_text("theirs\n")

    with pytest.raises(OutputExistsError, match=f"{beside} already exists"):
        NEW.export(tmp_path / name, observe=meanwhile)
    assert [file.name for file in tmp_path.iterdir()] == [beside]
    assert (tmp_path / beside).read_text() == "theirs\n"


@pairs
def test_other_tools_read_both_files_as_they_are(tmp_path, name, beside):
    NEW.export(tmp_path / name)
    rows = np.load(tmp_path / name) if name == "v.npy" else np.loadtxt(tmp_path / name)
    assert rows.tolist() == NEW.matrix.tolist()
    words = (tmp_path / beside).read_text().splitlines()
    assert words == (["new", "rows"] if name == "v.npy" else ["word\tcount", "new\t2", "rows\t1"])
    left = {file.name for file in tmp_path.iterdir() if file.suffix != ".pair"}
    assert left == {name, beside}


def test_the_words_of_named_rows_that_are_missing_are_asked_for(tmp_path):
    NEW.export(tmp_path / "v.tsv")
    (tmp_path / "v.metadata.tsv").unlink()
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "v.tsv", format="projector")
    assert str(caught.value).startswith(
        f"{tmp_path}/v.metadata.tsv does not exist; it should hold the words of {tmp_path}/v.tsv"
    )


def npy(shape: str, descr: str = "'<f4'", content: bytes = b"", length: int | None = None) -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}}}".encode() + b"\n"
    size = len(header) if length is None else length
    return b"\x93NUMPY\x02\0" + size.to_bytes(4, "little") + header + content


@pytest.mark.parametrize(
    "content",
    [
        npy(f"({2**62}, {2**62})"),
        npy("(2, -2)", content=bytes(16)),
        npy("(1000000000000, 0)"),
        npy("(2, 2)", content=bytes(15)),
        npy("(2, 2)", "'|O'", bytes(16)),
        npy("(2, 2)", "[('a', '<f4')]", bytes(16)),
        npy("(" * 3000),
        npy("(2, 2)", length=2**32 - 1),
        b"\x93NUMPY\x01\0",
        b"\x93NUMPY\x07\0" + bytes(99),
    ],
)
def test_a_damaged_npy_file_is_one_line(tmp_path, content):
    (tmp_path / "v.npy").write_bytes(content)
    (tmp_path / "v.words").write_text("a\nb\n")
    with pytest.raises(FormatError, match=str(tmp_path / "v.npy")) as caught:
        skipgram.load(tmp_path / "v.npy")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_what_numpy_writes_is_read(tmp_path, version, order):
    rows = np.arange(6, dtype=np.float64).reshape(2, 3, order=order)
    with (tmp_path / "v.npy").open("wb") as file:
        np.lib.format.write_array(file, rows, version)
    (tmp_path / "v.words").write_text("a\nb\n")
    assert skipgram.load(tmp_path / "v.npy").matrix.tolist() == rows.tolist()


@pytest.mark.parametrize("text", [b"\n" * (1 << 26), b"a" * (1 << 26)], ids=["lines", "a word"])
def test_words_that_unpack_to_more_than_their_rows_can_have_are_refused_early(tmp_path, text):
    NEW.export(tmp_path / "v.npy")
    next(tmp_path.glob(".*.pair")).unlink()
    (tmp_path / "v.words").write_bytes(bz2.compress(text))
    tracemalloc.start()
    try:
        with pytest.raises(FormatError, match="too many for"):
            skipgram.load(tmp_path / "v.npy")
        assert tracemalloc.get_traced_memory()[1] < 1 << 27
    finally:
        tracemalloc.stop()


@pairs
def test_words_that_are_no_regular_file_are_refused(tmp_path, name, beside):
    NEW.export(tmp_path / name)
    for make in (os.mkfifo, lambda path: path.symlink_to("/dev/zero")):
        (tmp_path / beside).unlink()
        make(tmp_path / beside)
        with pytest.raises(FormatError):
            skipgram.load(tmp_path / name)


@pairs
def test_a_pair_that_several_replace_is_never_a_mixture_to_a_reader(tmp_path, name, beside):
    several = [vectors_of({f"of{n}": [n, n], f"to{n}": [n, n]}) for n in range(3)]
    several[0].export(tmp_path / name)
    writers = []
    for vectors in several:
        if not (child := os.fork()):
            try:
                for _ in range(20):
                    vectors.export(tmp_path / name, overwrite=True)
            except BaseException:  # which must not become a second pytest
                os._exit(1)
            os._exit(0)
        writers.append(child)
    while writers:
        loaded = skipgram.load(tmp_path / name)
        assert [f"of{n:.0f}" for n in loaded.matrix[:1, 0]] == loaded.words[:1]
        for child in list(writers):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                writers.remove(child)
                assert status == 0, "a writer failed"
