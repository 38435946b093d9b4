"""Rows in one file, words in another: wherever writing stops, no row gets another's word."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import skipgram
from handmade import vectors_of
from skipgram.errors import FormatError, OutputExistsError, SkipgramError

OLD = vectors_of({"old": [1, 2], "words": [3, 4]})
NEW = vectors_of({"new": [5.5, 6], "rows": [7, 8]})
PAIRS = {"v.npy": "v.words", "v.tsv": "v.metadata.tsv"}

pairs = pytest.mark.parametrize(("name", "beside"), PAIRS.items(), ids=PAIRS)


class KilledError(BaseException):
    """What no code expects."""


@contextmanager
def stopped_at_rename(monkeypatch: pytest.MonkeyPatch, number: int) -> Iterator[None]:
    """A process that is killed, as it were, at its rename of this number."""
    renames = 0
    rename = Path.replace

    def replace(old: Path, new: Path) -> Path:
        nonlocal renames
        renames += 1
        if renames == number:
            raise KilledError
        return rename(old, new)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(KilledError):
            yield


@pairs
@pytest.mark.parametrize("rename", [1, 2])
def test_a_pair_that_was_being_replaced_is_old_or_new_or_refused(
    tmp_path, monkeypatch, name, beside, rename
):
    OLD.export(tmp_path / name)
    with stopped_at_rename(monkeypatch, rename):
        NEW.export(tmp_path / name, overwrite=True)
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / name)
    if name == "v.npy":
        assert str(caught.value) == (
            f"{tmp_path}/{beside} does not exist; it should hold the words of {tmp_path}/{name}, "
            "one a line (where writing the two was interrupted, write them again)"
        )
    else:
        assert str(caught.value).startswith(f"{tmp_path}/{name}:1: rows begin with a number")
    NEW.export(tmp_path / name, overwrite=True)
    loaded = skipgram.load(tmp_path / name)
    assert list(loaded.words) == list(NEW.words)
    assert loaded.matrix.tolist() == NEW.matrix.tolist()


@pairs
def test_a_new_pair_that_was_being_written_is_refused(tmp_path, monkeypatch, name, beside):
    with stopped_at_rename(monkeypatch, 2):
        NEW.export(tmp_path / name, overwrite=True)
    with pytest.raises(FormatError):
        skipgram.load(tmp_path / name)


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
    assert {file.name for file in tmp_path.iterdir()} == {name, beside}


def test_the_words_of_named_rows_that_are_missing_are_asked_for(tmp_path):
    NEW.export(tmp_path / "v.tsv")
    (tmp_path / "v.metadata.tsv").unlink()
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "v.tsv", format="projector")
    assert str(caught.value).startswith(
        f"{tmp_path}/v.metadata.tsv does not exist; it should hold the words of {tmp_path}/v.tsv"
    )
