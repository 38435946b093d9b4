"""Two files are replaced as one: wherever a process is stopped, both are old or both are new."""

import os
import shutil
from pathlib import Path

import pytest

from helpers.folder_contents import tree
from helpers.stopped_writers import stopped
from skipgram.errors import OutputExistsError, SkipgramError
from skipgram.system import file_pairs, machine, temporary
from skipgram.system.file_pairs import Pair, PairError, finish, whole_pair
from skipgram.system.files import remove_leftovers

OLD, NEW = ({"result": text, "beside": text} for text in ("old", "new"))


def beside(main: Path) -> Path:
    return main.with_name(main.name.replace("result", "beside"))


def write(main: Path, text: str, **options: bool) -> None:
    with whole_pair(main, beside, **options) as files:
        for file in files:
            file.write(text.encode())


def require_pair(main: Path) -> None:
    pair = Pair(main, beside(main))
    with main.open("rb") as one, beside(main).open("rb") as other:
        pair.require(one.fileno(), other.fileno())


def shown(folder: Path) -> dict[str, str]:
    """All but the mark."""
    return {name: text for name, text in tree(folder).items() if not name.endswith(".pair")}


@pytest.fixture(params=["of Linux", "of other systems"])
def renames(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "of other systems":
        monkeypatch.setattr(machine, "renameat2", None)


@pytest.fixture
def main(tmp_path: Path) -> Path:
    return tmp_path / "result"


@pytest.mark.parametrize("before", ["nothing", "replacing"])
@pytest.mark.parametrize("renames", ["one step", pytest.param("two steps", marks=pytest.mark.slow)])
@pytest.mark.parametrize("next_is", ["a reader", "a writer"])
def test_whenever_a_process_is_killed_the_pair_is_the_old_or_the_new(
    killed, tmp_path, monkeypatch, before, renames, next_is
):
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # the disk is not what is lost
    places = killed(tmp_path, "whole_pair", before, renames)
    old, had_moved_one = {} if before == "nothing" else OLD, 0
    found = []
    for place in places:
        had_moved_one += len(set(shown(place).items()) & set(NEW.items())) == 1
        finish(place / "result", [place / "beside"])
        if next_is == "a writer":
            remove_leftovers(place / "result")
        found.append({name: text for name, text in shown(place).items() if name[0] != "."})
        assert found[-1] in (old, NEW), place.name
        if found[-1] == NEW:
            require_pair(place / "result")
        if next_is == "a writer":
            assert shown(place) == found[-1]
        if next_is == "a writer" and len(found) % 8 == 0:
            write(place / "result", "newer", overwrite=True)
            assert shown(place) == {"result": "newer", "beside": "newer"}
    assert found == sorted(found, key=[old, NEW].index)
    assert had_moved_one > 0


@pytest.mark.parametrize("before", ["nothing", "replacing"])
@pytest.mark.parametrize("renames", ["one step", "two steps"])
def test_whenever_a_process_is_asked_to_end_the_pair_is_whole_and_nothing_else_is_left(
    tmp_path, before, renames
):
    places = stopped(tmp_path, "whole_pair", before, renames, "SIGTERM")
    found = [shown(place) for place in places]
    assert all(one in ({} if before == "nothing" else OLD, NEW) for one in found)
    assert found[0] != found[-1]


def test_all_is_on_the_disk_before_the_step_that_decides_and_the_mark_after_the_files(
    main, monkeypatch
):
    done: list[str] = []
    sync, free, move = os.fsync, file_pairs.move_to_free, Path.replace

    def watched_sync(descriptor: int) -> None:
        done.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name[-6:]}")
        sync(descriptor)

    def watched_move(source: Path, place: Path) -> None:
        done.append(f"move {place.name[-6:]}")
        (free if place.suffix == ".new" else move)(source, place)

    monkeypatch.setattr(os, "fsync", watched_sync)
    monkeypatch.setattr(file_pairs, "move_to_free", watched_move)
    monkeypatch.setattr(Path, "replace", watched_move)
    write(main, "new", overwrite=True)
    kinds = [step.replace(main.parent.name[-6:], "above") for step in done]
    assert sorted(kinds[:3]) == ["sync beside", "sync main", "sync mark"]
    assert kinds[4].startswith("move ")
    assert kinds[5:] == [
        *("sync above", "move result", "move beside", "sync above"),
        *(kinds[9], "sync above"),
    ]
    assert kinds[9].endswith(".pair")


def test_a_pair_takes_its_names_and_a_mark(main, renames):
    write(main, "new")
    assert shown(main.parent) == NEW
    assert [name for name in tree(main.parent) if name.endswith(".pair")] != []
    require_pair(main)


@pytest.mark.parametrize("taken", ["result", "beside"])
def test_what_came_in_between_stays_and_nothing_of_the_pair_is_left(main, renames, taken):
    pair = whole_pair(main, beside)
    pair.__enter__()
    (main.parent / taken).write_text("theirs")
    with pytest.raises(OutputExistsError):
        pair.__exit__(None, None, None)
    assert tree(main.parent) == {taken: "theirs"}


@pytest.mark.parametrize("taken", ["result", "beside"])
def test_what_comes_at_the_last_moment_stays_as_well(main, monkeypatch, renames, taken):
    moves = []

    def meanwhile(source: Path, place: Path) -> None:
        moves.append(place)
        if place.name == taken:
            place.write_text("theirs")
        machine.move_to_free(source, place)

    monkeypatch.setattr(file_pairs, "move_to_free", meanwhile)
    with pytest.raises(OutputExistsError, match="another process"):
        write(main, "new")
    assert tree(main.parent) == {taken: "theirs"}


@pytest.mark.parametrize("taken", ["result.v", "beside.v"])
def test_a_pair_whose_place_was_taken_is_kept_beside_it_if_it_took_long(tmp_path, renames, taken):
    (tmp_path / taken).write_text("theirs")
    (tmp_path / "result-2.v").write_text("theirs")
    (tmp_path / "beside-3.v").write_text("theirs")
    with pytest.raises(OutputExistsError, match=r"result is kept in .*result-4\.v$"):
        write(tmp_path / "result.v", "ours", keeps=True)
    kept = {name: text for name, text in shown(tmp_path).items() if text == "ours"}
    assert kept == {"result-4.v": "ours", "beside-4.v": "ours"}
    require_pair(tmp_path / "result-4.v")


@pytest.mark.parametrize("replaced", ["result", "beside"])
def test_one_file_of_another_pair_is_told_with_what_to_do(main, replaced):
    write(main, "old")
    other = "beside" if replaced == "result" else "result"
    (main.parent / replaced).write_text("bad")
    with pytest.raises(PairError) as caught:
        require_pair(main)
    mark = next(main.parent.glob(".*.pair"))
    assert str(caught.value) == (
        f"{main.parent}/{replaced} does not belong to {main.parent}/{other}: the two were written "
        f"together, and {main.parent}/{replaced} was replaced or changed since; write both again, "
        f"or remove {mark} if that is intended"
    )
    mark.unlink()
    require_pair(main)


def test_two_files_of_other_tools_need_no_mark_and_mind_no_old_one(main):
    for text in ("without", "with an old mark"):
        for file in (main, beside(main)):
            file.write_text(text)
        require_pair(main)
        write(main, "old", overwrite=True)
    shutil.move(main, main.with_name("moved result"))
    shutil.move(beside(main), main.with_name("moved beside"))
    require_pair(main.with_name("moved result"))


def test_large_files_are_told_apart_by_pieces_from_all_over_them(main):
    large = bytearray(3 << 20)
    with whole_pair(main, beside) as files:
        for file in files:
            file.write(large)
    require_pair(main)
    for place in (0, 1 << 20, (3 << 20) - 1):
        changed = large.copy()
        changed[place : place + (1 << 14)] = b"x" * len(changed[place : place + (1 << 14)])
        main.write_bytes(changed)
        with pytest.raises(PairError):
            require_pair(main)


def test_a_pair_that_is_replaced_while_it_is_read_is_not_mixed(main):
    write(main, "old")
    pair = Pair(main, beside(main))
    with main.open("rb") as one:
        write(main, "new", overwrite=True)
        with (
            beside(main).open("rb") as other,
            pytest.raises(PairError, match="while it was read; read it again"),
        ):
            pair.require(one.fileno(), other.fileno())


def ready_folder(main: Path) -> Path:
    """Where a complete pair waits for its names."""
    return main.parent / f"{temporary.temporary_prefix(main)}new"


def unfinished(main: Path, **told: object) -> Path:
    """A folder as a killed process leaves it, or a hostile one."""
    ready = ready_folder(main)
    write(main, "new")
    ready.mkdir()
    mark = next(main.parent.glob(".*.pair"))
    for file, part in ((main, "main"), (beside(main), "beside"), (mark, "mark")):
        file.rename(ready / part)
    if told:
        (ready / "mark").write_text(str(told["mark"]))
    return ready


def test_another_process_that_does_not_come_to_its_end_is_not_waited_for_forever(main):
    ready = unfinished(main)
    with (
        temporary.held(ready),
        pytest.raises(SkipgramError, match="is being written by another process; try again later"),
    ):
        finish(main, [beside(main)], longest_wait_seconds=0.02)
    finish(main, [beside(main)])
    assert shown(main.parent) == NEW


def test_without_locks_what_is_left_to_do_is_done_after_a_while(main, monkeypatch):
    unfinished(main)
    monkeypatch.setattr(temporary, "fcntl", None)
    finish(main, [beside(main)], longest_wait_seconds=0.02)
    assert shown(main.parent) == NEW


def test_a_reader_that_may_not_write_says_what_to_do(main, monkeypatch):
    unfinished(main)

    def refusing(source: Path, place: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(file_pairs, "move_to_free", refusing)
    with pytest.raises(SkipgramError) as caught:
        finish(main, [beside(main)])
    assert str(caught.value) == (
        f"{main} was being written by a process that was killed, and the rest of its work cannot "
        "be done here (Permission denied); open it once where it is writable"
    )


def test_what_was_put_there_after_a_kill_is_never_replaced_by_a_new_pair(main):
    unfinished(main)
    main.write_text("theirs")
    finish(main, [beside(main)])
    assert tree(main.parent) == {"result": "theirs"}


@pytest.mark.parametrize(
    "mark",
    [
        '{"beside": "../x", "bytes": [3, 3], "crc32": [1, 1], "replaces": true}',
        '{"beside": "other", "bytes": [3, 3], "crc32": [1, 1], "replaces": true}',
    ],
)
def test_a_file_goes_to_no_other_name_than_that_of_the_pair(main, mark):
    unfinished(main, mark=mark)
    finish(main, [beside(main)])
    assert shown(main.parent) == {}


@pytest.mark.parametrize("mark", ["", "[", "[]", "{}", '{"beside": 1, "bytes": [1]}', "[" * 4000])
def test_a_damaged_mark_is_told(main, mark):
    write(main, "new")
    file = next(main.parent.glob(".*.pair"))
    file.write_text(mark)
    with pytest.raises(PairError, match=f"^{file} is not the mark of a pair of files"):
        require_pair(main)


def test_a_mark_that_is_a_pipe_is_refused(main):
    write(main, "new")
    file = next(main.parent.glob(".*.pair"))
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(PairError, match="is a named pipe"):
        require_pair(main)


@pytest.mark.parametrize("kind", ["file", "link", "empty folder"])
def test_whatever_has_the_name_of_an_unfinished_pair_is_in_nobodys_way(main, tmp_path, kind):
    ready, elsewhere = ready_folder(main), tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "main").write_text("theirs")
    if kind == "link":
        ready.symlink_to(elsewhere)
    else:
        ready.touch() if kind == "file" else ready.mkdir()
    write(main, "new")
    assert shown(main.parent) == NEW | {"elsewhere": "", "elsewhere/main": "theirs"}
