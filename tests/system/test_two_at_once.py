"""Of two that write to one place neither replaces the other, and no result is lost."""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from helpers.folder_contents import tree
from skipgram.errors import OutputExistsError
from skipgram.system import machine
from skipgram.system.files import whole_file, whole_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes that fork")


@pytest.fixture(params=["of Linux", "of other systems", "of disks without links"])
def renames(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Renames that refuse in one step, and the ways around them."""
    if request.param != "of Linux":
        monkeypatch.setattr(machine, "renameat2", None)
    if request.param == "of disks without links":

        def refusing(source: Path, target: Path) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(os, "link", refusing)


def write(
    whole: Callable[..., AbstractContextManager],
    place: Path,
    text: str,
    meanwhile: Callable[[], object] = lambda: None,
    **options: Any,
) -> None:
    with whole(place, **options) as new:
        meanwhile()
        if isinstance(new, Path):
            (new / "a").write_text(text)
        else:
            new.write(text.encode())


def text_of(place: Path) -> str:
    return (place / "a" if place.is_dir() else place).read_text()


WHOLE = pytest.mark.parametrize("whole", [whole_file, whole_folder])


@WHOLE
def test_what_another_has_written_in_the_meantime_stays_and_the_result_is_kept_beside_it(
    tmp_path, whole, renames
):
    place = tmp_path / "out.v"

    def other() -> None:
        if not place.exists():
            write(whole, place, "theirs")

    for number in (2, 3):
        with pytest.raises(OutputExistsError) as caught:
            write(whole, place, "ours", other, keeps=True)
        kept = tmp_path / f"out-{number}.v"
        assert str(caught.value) == (
            f"another process wrote {place} in the meantime; choose another name; "
            f"this run's result is kept in {kept}"
        )
        assert text_of(kept) == "ours"
    assert text_of(place) == "theirs"
    assert len(list(tmp_path.iterdir())) == 3


def test_somebody_elses_folder_of_the_same_name_stays(tmp_path, renames):
    place = tmp_path / "out"
    with pytest.raises(OutputExistsError, match="another process"):
        write(whole_folder, place, "ours", lambda: fill_with_thesis(place))
    assert (place / "thesis").read_text() == "theirs"


def fill_with_thesis(place: Path) -> None:
    place.mkdir(exist_ok=True)
    (place / "thesis").write_text("theirs")


@WHOLE
def test_whatever_is_in_the_way_stays(tmp_path, whole, renames):
    file, folder = tmp_path / "file", tmp_path / "folder"
    for place, make in ((file, file.touch), (folder, lambda: fill_with_thesis(folder))):
        with pytest.raises(OutputExistsError, match="another process"):
            write(whole, place, "ours", make)
    assert file.read_text() == ""
    assert (folder / "thesis").read_text() == "theirs"


def test_without_need_nothing_is_kept(tmp_path):
    place = tmp_path / "out"
    with pytest.raises(OutputExistsError, match=r"in the meantime; choose another name$"):
        write(whole_file, place, "ours", lambda: place.write_text("theirs"))
    assert tree(tmp_path) == {"out": "theirs"}


def test_a_folder_that_may_be_replaced_is_looked_at_again_before_it_is(tmp_path, renames):
    place = tmp_path / "out"
    write(whole_folder, place, "old")

    def require_place() -> None:
        if (place / "thesis").exists():
            raise OutputExistsError(f"{place} holds thesis, which would be lost")

    options = {"overwrite": True, "keeps": True, "require_place": require_place}
    with pytest.raises(OutputExistsError) as caught:
        write(whole_folder, place, "ours", lambda: fill_with_thesis(place), **options)
    assert str(caught.value) == (
        f"{place} holds thesis, which would be lost; this run's result is kept in {place}-2"
    )
    assert tree(tmp_path) == {
        "out": "",
        "out/a": "old",
        "out/thesis": "theirs",
        "out-2": "",
        "out-2/a": "ours",
    }


@WHOLE
def test_of_processes_that_start_together_one_has_the_name_and_all_results_are_left(
    tmp_path, whole
):
    place, writers = tmp_path / "out", 4
    start, go = os.pipe()
    children = []
    for number in range(writers):
        if not (child := os.fork()):
            os.close(go)
            os.read(start, 1)  # ends when nobody holds `go` any more
            try:
                write(whole, place, str(number), keeps=True)
                code = 0
            except OutputExistsError:
                code = 1
            except BaseException:
                code = 2
            os._exit(code)
        children.append(child)
    os.close(start)
    os.close(go)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    assert sorted(codes) == [0, 1, 1, 1]
    results = list(tmp_path.iterdir())
    assert sorted(map(text_of, results)) == ["0", "1", "2", "3"]
    assert text_of(place) == str(codes.index(0))
