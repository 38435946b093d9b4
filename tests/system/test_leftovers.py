"""What a killed process leaves is found and cleared away, and nothing else is."""

import fcntl
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from helpers.folder_contents import fill, tree
from helpers.stopped_writers import stopped
from skipgram.errors import SkipgramError
from skipgram.system import machine, temporary
from skipgram.system.files import recovered, remove_leftovers, whole_file, whole_folder

AS_FILE = {text: {"result": text} for text in ("old", "new")}
AS_FOLDER = {text: {"result": "", "result/a": text, "result/b": text} for text in ("old", "new")}

ways_to_write = [
    pytest.mark.parametrize("whole", [whole_file, whole_folder]),
    pytest.mark.parametrize("before", ["nothing", "replacing"]),
    pytest.mark.parametrize("renames", ["one step", "two steps"]),
]


def in_all_ways(test: Callable[..., None]) -> Callable[..., None]:
    for way in ways_to_write:
        test = way(test)
    return test


def may_be_left(whole: Callable[..., Any], before: str) -> list[dict[str, str]]:
    """What there was before, and what was written."""
    whole_results = AS_FILE if whole is whole_file else AS_FOLDER
    return [{} if before == "nothing" else whole_results["old"], whole_results["new"]]


@in_all_ways
def test_whenever_a_write_is_killed_the_old_or_the_new_is_left_and_nothing_else(
    killed, tmp_path, whole, before, renames
):
    places = killed(tmp_path, whole.__name__, before, renames)
    expected = may_be_left(whole, before)
    was_lost, had_leftovers, found = 0, 0, []
    for place in places:
        was_lost += before == "replacing" and not (place / "result").exists()
        had_leftovers += any(entry.name != "result" for entry in place.iterdir())
        remove_leftovers(place / "result")
        found.append(tree(place))
        assert found[-1] in expected, place.name
        assert remove_leftovers(place / "result") == 0
    # The new one stays once it has its name, and the kills were where it hurts.
    assert found == sorted(found, key=expected.index)
    assert found[0] != found[-1]
    assert had_leftovers > 5
    # Where the system exchanges two folders in one step there is always one of them.
    sets_aside = whole is whole_folder and before == "replacing" and renames == "two steps"
    assert bool(was_lost) == sets_aside


@pytest.mark.parametrize("before", ["nothing", "replacing"])
@pytest.mark.parametrize("renames", ["one step", "two steps"])
def test_whenever_a_write_is_killed_a_reader_finds_the_old_or_the_new(
    killed, tmp_path, before, renames
):
    expected = may_be_left(whole_folder, before)
    for place in killed(tmp_path, "whole_folder", before, renames):
        assert recovered(place / "result") == place / "result"
        left = {name: text for name, text in tree(place).items() if name.startswith("result")}
        assert left in expected, place.name


@in_all_ways
def test_whenever_a_write_is_asked_to_end_it_leaves_the_old_or_the_new_and_nothing_else(
    tmp_path, whole, before, renames
):
    expected = may_be_left(whole, before)
    places = stopped(tmp_path, whole.__name__, before, renames, "SIGTERM")
    found = [tree(place) for place in places]
    assert all(one in expected for one in found)
    assert found[0] != found[-1]


def test_what_was_set_aside_is_not_brought_back_over_a_newer_result(tmp_path):
    aside = tmp_path / f"{temporary.temporary_prefix(tmp_path / 'result')}abcd1234.old"
    (aside / "result").mkdir(parents=True)
    (tmp_path / "result").write_text("newer")
    recovered(tmp_path / "result")
    assert (tmp_path / "result").read_text() == "newer"


def test_what_a_living_process_set_aside_is_left_to_it(tmp_path):
    result = tmp_path / "result"
    with temporary.temporary(result, folder=True, ending=temporary.OLD) as aside:
        (aside / "result").mkdir()
        assert not recovered(result).exists()
    assert recovered(result).exists()  # its block ended without a new one


def test_what_cannot_be_brought_back_is_told_with_its_place(tmp_path, monkeypatch):
    aside = tmp_path / f"{temporary.temporary_prefix(tmp_path / 'result')}abcd1234.old"
    (aside / "result").mkdir(parents=True)

    def refusing(source: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(temporary, "move_to_free", refusing)
    with pytest.raises(SkipgramError) as caught:
        recovered(tmp_path / "result")
    assert str(caught.value) == (
        f"{tmp_path}/result was moved aside by a process that was killed; move it back from "
        f"{aside}/result (Permission denied)"
    )


def leftovers(folder: Path, name: str) -> list[Path]:
    """A file and a folder as a killed process leaves them when it writes `name`."""
    prefix = temporary.temporary_prefix(folder / name)
    file, inside = folder / f"{prefix}abcd1234", folder / f"{prefix}efgh5678" / "x"
    file.write_text("half")
    inside.parent.mkdir()
    inside.write_text("half")
    return [file, inside.parent]


def test_leftovers_of_other_names_stay(tmp_path):
    names = ["result.txt", "resul", "result.old", "r" * 60 + "1", "r" * 60 + "2", "größe"]
    made = {name: leftovers(tmp_path, name) for name in names}
    (tmp_path / ".result.settings").write_text("of somebody else")
    assert remove_leftovers(tmp_path / "result") == 0
    for name in names:
        assert all(path.exists() for path in made[name])
        assert remove_leftovers(tmp_path / name) == 2
        assert not any(path.exists() for path in made[name])
    assert tree(tmp_path) == {".result.settings": "of somebody else"}


def test_what_is_being_written_is_no_leftover(tmp_path):
    result = tmp_path / "result"
    for whole in (whole_file, whole_folder):
        with whole(result):
            assert remove_leftovers(result) == 0
        assert result.exists()
        result.unlink() if result.is_file() else result.rmdir()


def test_a_result_that_is_being_replaced_is_no_leftover(tmp_path, monkeypatch):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "old")
    move, asked = Path.replace, []
    monkeypatch.setattr(machine, "renameat2", None)

    def asking(self: Path, target: Path) -> Path:
        moved = move(self, target)
        asked.append((remove_leftovers(tmp_path / "result"), (tmp_path / "result").exists()))
        return moved

    monkeypatch.setattr(Path, "replace", asking)
    with whole_folder(tmp_path / "result", overwrite=True) as new:
        fill(new, "new")
    assert asked[:2] == [(0, False), (0, True)]  # set aside; replaced
    assert tree(tmp_path)["result/a"] == "new"


def test_the_leftovers_of_a_folder_behind_a_link_are_found(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "result").symlink_to(tmp_path / "elsewhere" / "result")
    leftovers(tmp_path / "elsewhere", "result")
    assert remove_leftovers(tmp_path / "result") == 2
    assert [path.name for path in tmp_path.iterdir() if path.name != "elsewhere"] == ["result"]


def test_where_there_is_no_folder_nothing_was_left(tmp_path):
    assert remove_leftovers(tmp_path / "one" / "two") == 0


def test_a_result_that_cannot_be_brought_back_is_not_removed(tmp_path, monkeypatch):
    with whole_folder(tmp_path / "result") as new:
        fill(new, "old")
    before, move, moves = tree(tmp_path), Path.replace, []
    monkeypatch.setattr(machine, "renameat2", None)

    def only_once(self: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) > 1:
            raise OSError("no more moves")
        return move(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", only_once)
        with (
            pytest.raises(SkipgramError, match="no more moves"),
            whole_folder(tmp_path / "result", overwrite=True) as new,
        ):
            fill(new, "new")
        assert not (tmp_path / "result").exists()
    assert remove_leftovers(tmp_path / "result") == 1
    assert tree(tmp_path) == before


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_a_temporary_name_that_was_cleared_away_before_its_lock_is_followed_by_another(
    tmp_path, monkeypatch, whole
):
    lock, cleared = fcntl.flock, []

    def too_late(descriptor: int, how: int) -> None:
        if not cleared:
            cleared.append(1)
            assert remove_leftovers(tmp_path / "result") == 1
        lock(descriptor, how)

    monkeypatch.setattr(fcntl, "flock", too_late)
    with whole(tmp_path / "result"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_without_locks_all_is_written_and_nothing_removed(tmp_path, monkeypatch, whole):
    monkeypatch.setattr(temporary, "fcntl", None)
    made = leftovers(tmp_path, "result")
    with whole(tmp_path / "result"):
        pass
    assert (tmp_path / "result").exists()
    assert remove_leftovers(tmp_path / "result") == 0
    assert all(path.exists() for path in made)


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_the_longest_names_can_be_written(tmp_path, whole):
    for name in ("a" * 255, "ä" * 127, "🐈" * 63):
        for _ in range(2):
            with whole(tmp_path / name, overwrite=True):
                pass
        assert [path.name for path in tmp_path.iterdir()] == [name]
        shutil.rmtree(tmp_path / name) if whole is whole_folder else (tmp_path / name).unlink()


@pytest.mark.parametrize("whole", [whole_file, whole_folder])
def test_the_next_to_write_clears_away_what_killed_ones_left(tmp_path, whole):
    leftovers(tmp_path, "result")
    with whole(tmp_path / "result"):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["result"]


def test_what_another_puts_in_the_place_of_a_removed_folder_stays(tmp_path, monkeypatch):
    place, others = tmp_path / "place", tmp_path / "others"
    for folder in (place, others):
        folder.mkdir()
    fill(others, "theirs")
    rmtree = shutil.rmtree

    def outrun(path: Path, **options: Any) -> None:
        rmtree(path, **options)
        if others.exists():
            others.rename(place)

    monkeypatch.setattr(shutil, "rmtree", outrun)
    temporary.remove(place)
    assert tree(place) == {"a": "theirs", "deep": "", "deep/b": "theirs"}
