"""Writing leaves the whole result or nothing, and never harms what was there before."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers.folder_contents import fill, tree
from skipgram.errors import OutputExistsError, SkipgramError
from skipgram.system import machine
from skipgram.system.files import whole_file, whole_folder
from skipgram.system.paths import require_free


class BodyError(Exception):
    """What goes wrong inside a block that writes."""


BROKEN = pytest.mark.parametrize("failure", [BodyError, KeyboardInterrupt])


@pytest.fixture(params=[0o022, 0o027, 0o077], ids=oct)
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


@pytest.fixture(params=["of Linux", "of other systems"])
def renames(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renames that refuse or exchange in one step, and the ways around them."""
    if request.param == "of other systems":
        monkeypatch.setattr(machine, "renameat2", None)


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# A file


def test_a_file_takes_its_name_with_all_that_was_written(tmp_path):
    with whole_file(tmp_path / "result") as file:
        file.write(b"some ")
        file.write(b"bytes")
    assert tree(tmp_path) == {"result": "some bytes"}


def test_a_file_has_no_name_before_it_is_whole(tmp_path):
    with whole_file(tmp_path / "result") as file:
        file.write(b"some bytes")
        assert not (tmp_path / "result").exists()


def test_the_folders_above_a_file_are_made(tmp_path):
    with whole_file(tmp_path / "one" / "two" / "result") as file:
        file.write(b"x")
    assert (tmp_path / "one" / "two" / "result").read_text() == "x"


def fail_in_file(path: Path, failure: type[BaseException]) -> None:
    with whole_file(path) as file:
        file.write(b"half")
        raise failure


@BROKEN
def test_a_file_that_fails_leaves_nothing_behind(tmp_path, failure):
    with pytest.raises(failure):
        fail_in_file(tmp_path / "result", failure)
    assert tree(tmp_path) == {}


@BROKEN
def test_a_file_that_fails_leaves_the_old_one(tmp_path, failure):
    (tmp_path / "result").write_text("old")
    with pytest.raises(failure):
        fail_in_file(tmp_path / "result", failure)
    assert tree(tmp_path) == {"result": "old"}


def test_a_new_file_replaces_the_old_one_in_one_step(tmp_path):
    place = tmp_path / "result"
    place.write_text("old")
    reader = place.open()
    with whole_file(place, overwrite=True) as file:
        file.write(b"new")
        file.flush()
        assert place.read_text() == "old"
    with reader:
        assert reader.read() == "old"
    assert tree(tmp_path) == {"result": "new"}


def test_a_file_that_cannot_take_its_name_leaves_nothing_behind(tmp_path):
    fill(tmp_path, "in the way")
    before = tree(tmp_path)
    with (
        pytest.raises(SkipgramError, match="deep cannot be written"),
        whole_file(tmp_path / "deep", overwrite=True) as file,
    ):
        file.write(b"x")
    assert tree(tmp_path) == before


def test_a_file_has_the_permissions_that_the_mask_allows(tmp_path, mask):
    with whole_file(tmp_path / "result") as file:
        file.write(b"x")
    assert permissions(tmp_path / "result") == 0o666 & ~mask
    assert os.umask(mask) == mask


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_the_mask_of_the_process_is_never_changed(tmp_path, monkeypatch, whole):
    # Even for a moment: another thread may be making a file, or asking for the mask.
    monkeypatch.setattr(os, "umask", lambda mask: pytest.fail("the mask was changed"))
    with whole(tmp_path / "result"):
        pass


# A folder


def test_a_folder_takes_its_name_with_all_that_is_in_it(tmp_path):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "x")
        assert not (tmp_path / "result").exists()
    assert tree(tmp_path) == {
        "result": "",
        "result/a": "x",
        "result/deep": "",
        "result/deep/b": "x",
    }


def fail_in_folder(path: Path, failure: type[BaseException]) -> None:
    with whole_folder(path) as new:
        fill(new, "half")
        raise failure


@BROKEN
def test_a_folder_that_fails_leaves_nothing_behind(tmp_path, failure):
    with pytest.raises(failure):
        fail_in_folder(tmp_path / "result", failure)
    assert tree(tmp_path) == {}


@BROKEN
def test_a_folder_that_fails_leaves_the_old_one(tmp_path, failure):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "old")
    before = tree(tmp_path)
    with pytest.raises(failure):
        fail_in_folder(tmp_path / "result", failure)
    assert tree(tmp_path) == before


def test_a_new_folder_replaces_the_old_one_and_all_that_was_in_it(tmp_path, renames):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "old")
    with whole_folder(tmp_path / "result", overwrite=True) as new:
        (new / "c").write_text("new")
        assert (tmp_path / "result" / "a").read_text() == "old"
    assert tree(tmp_path) == {"result": "", "result/c": "new"}


@pytest.mark.parametrize("failing_move", [1, 2], ids=["the old folder's", "the new folder's"])
def test_a_move_that_fails_brings_the_old_folder_back(tmp_path, monkeypatch, failing_move):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "old")
    before, move, moves = tree(tmp_path), Path.replace, []
    monkeypatch.setattr(machine, "renameat2", None)

    def sometimes(self: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == failing_move:
            raise OSError("no more moves")
        return move(self, target)

    monkeypatch.setattr(Path, "replace", sometimes)
    with (
        pytest.raises(SkipgramError, match="no more moves"),
        whole_folder(tmp_path / "result", overwrite=True) as new,
    ):
        fill(new, "new")
    assert tree(tmp_path) == before


def test_a_link_is_followed_to_the_folder_it_names(tmp_path):
    (tmp_path / "result").symlink_to(tmp_path / "elsewhere")
    for content in ("x", "y"):
        with whole_folder(tmp_path / "result", overwrite=True) as new:
            (new / "a").write_text(content)
        assert (tmp_path / "result").is_symlink()
        assert (tmp_path / "elsewhere" / "a").read_text() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "result"]


def test_the_folder_one_stands_in_can_be_filled(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with whole_folder(Path(), overwrite=True) as new:
        (new / "a").write_text("x")
    assert tree(tmp_path) == {"here": "", "here/a": "x"}


def test_a_folder_has_the_permissions_that_the_mask_allows(tmp_path, mask):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "x")
        (new / "a").chmod(0o600)  # as some libraries leave their files
        (new / "deep").chmod(0o700)
    result = tmp_path / "result"
    assert [permissions(path) for path in (result, result / "deep")] == [0o777 & ~mask] * 2
    assert [permissions(path) for path in (result / "a", result / "deep/b")] == [0o666 & ~mask] * 2


# On the disk


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_all_is_on_the_disk_before_it_takes_its_name_and_the_name_follows(
    tmp_path, monkeypatch, whole
):
    done: list[tuple[str, int]] = []
    sync, move = os.fsync, Path.replace

    def watched_sync(descriptor: int) -> None:
        done.append(("sync", os.fstat(descriptor).st_ino))
        sync(descriptor)

    def watched_move(self: Path, target: Path) -> Path:
        done.append(("move", self.stat().st_ino))
        return move(self, target)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(Path, "replace", watched_move)
    with whole(tmp_path / "result", overwrite=True) as new:
        if isinstance(new, Path):
            (new / "a").write_text("x")
        else:
            new.write(b"x")
    result = tmp_path / "result"
    inside = [("sync", (result / "a").stat().st_ino)] if result.is_dir() else []
    itself = result.stat().st_ino
    expected = [*inside, ("sync", itself), ("move", itself), ("sync", tmp_path.stat().st_ino)]
    assert done == expected


# Asking before the work


def test_a_free_place_passes(tmp_path):
    require_free(tmp_path / "one" / "two" / "result", overwrite=False)
    assert tree(tmp_path) == {}


def test_what_is_there_is_not_overwritten_without_leave(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for taken in ("file", "link", "."):
        with pytest.raises(OutputExistsError) as caught:
            require_free(tmp_path / taken, overwrite=False)
        assert str(caught.value) == (
            f"{tmp_path / taken} already exists; choose another name, or allow it to be replaced "
            "(overwrite=True)"
        )
        require_free(tmp_path / taken, overwrite=True)


@pytest.mark.parametrize("given", [".", "..", "here", "link", "absolute"])
def test_the_folder_one_stands_in_is_not_replaced(tmp_path, monkeypatch, given):
    here = tmp_path / "above" / "here"
    here.mkdir(parents=True)
    (here / "link").symlink_to(here)
    (here / "here").symlink_to("..")
    monkeypatch.chdir(here)
    with pytest.raises(OutputExistsError) as caught:
        require_free(here if given == "absolute" else Path(given), overwrite=True)
    assert str(caught.value).endswith(
        "is the current folder or contains it, so it is not replaced; change to another folder "
        "first, or choose another name"
    )


def test_what_lies_in_the_folder_one_stands_in_is_replaced(tmp_path, monkeypatch):
    (tmp_path / "result").mkdir()
    (tmp_path / "resul").mkdir()
    monkeypatch.chdir(tmp_path / "resul")
    for path in ("../result", "result"):
        require_free(Path(path), overwrite=True)


def test_a_process_in_a_folder_that_was_removed_can_write_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    (tmp_path / "result").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    require_free(tmp_path / "result", overwrite=True)


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_place_below_a_file_is_refused_before_the_work(tmp_path, overwrite):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SkipgramError) as caught:
        require_free(tmp_path / "file" / "deep" / "result", overwrite=overwrite)
    assert str(caught.value) == (
        f"{tmp_path}/file/deep/result cannot be written: {tmp_path}/file is not a folder"
    )


def test_a_place_that_may_not_be_written_is_refused_before_the_work(tmp_path, monkeypatch):
    asked = []

    def refusing(path: Path, mode: int) -> bool:
        asked.append((path, mode))
        return False

    monkeypatch.setattr(os, "access", refusing)  # root may write anywhere
    with pytest.raises(SkipgramError, match=f"no permission to write in {tmp_path}$"):
        require_free(tmp_path / "new" / "result", overwrite=False)
    assert asked == [(tmp_path, os.W_OK | os.X_OK)]


def test_a_name_without_a_folder_lies_in_the_current_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    require_free(Path("result"), overwrite=False)
    with whole_folder(Path("result")) as new:
        (new / "a").write_text("x")
    with whole_file(Path("file")) as file:
        file.write(b"y")
    assert tree(tmp_path) == {"result": "", "result/a": "x", "file": "y"}


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_a_full_disk_is_named_in_one_line_and_leaves_nothing(tmp_path, whole):
    with (
        pytest.raises(SkipgramError, match=r"out cannot be written: No space left on device"),
        whole(tmp_path / "out"),
    ):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert tree(tmp_path) == {}
