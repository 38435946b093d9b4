"""A checkpoint's folder beside what else lies there: leftovers go, what is someone else's stays."""

import re
from pathlib import Path

import pytest

from helpers.small_checkpoints import identity, saved_checkpoint, some_parameters, some_state
from helpers.small_trainings import files_in
from skipgram.errors import OutputExistsError
from skipgram.system.files import whole_file
from skipgram.training import checkpoint
from skipgram.training.checkpoint import STATE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return saved_checkpoint(tmp_path)


def leave_unfinished(folder: Path, name: str) -> Path:
    """What a process leaves that is killed while it writes a file."""
    with whole_file(folder / name, overwrite=True):
        (temporary,) = folder.glob(".*")
        content = temporary.read_bytes()
    (folder / name).unlink()
    temporary.write_bytes(content)
    return temporary


@pytest.mark.parametrize("name", ["state.json", "parameters-2.safetensors"])
def test_what_a_killed_process_left_is_cleared_away(folder: Path, name: str) -> None:
    saved = (folder / STATE).read_bytes()
    left = leave_unfinished(folder, name)
    (folder / STATE).write_bytes(saved)
    checkpoint.require_place(folder)
    checkpoint.save(folder, identity(), some_state(), some_parameters())
    assert not left.exists()
    left = leave_unfinished(folder, "parameters-9.safetensors")
    checkpoint.remove(folder)
    assert not folder.exists()


STRAYS = [
    "notes.md",
    ".state.json.swp",
    ".state.json.bak",
    ".parameters-1.notes",
    "parameters-01.safetensors",
    "parameters-٣.safetensors",
    "parameters-.safetensors",
    "state.json.old",
]


@pytest.mark.parametrize("name", STRAYS)
def test_a_file_of_someone_else_is_refused_and_never_removed(folder: Path, name: str) -> None:
    (folder / name).write_text("mine")
    with pytest.raises(OutputExistsError, match=re.escape(f"holds {name}, which is not part of")):
        checkpoint.require_place(folder)
    checkpoint.save(folder, identity(), some_state(), some_parameters())
    checkpoint.remove(folder)
    assert files_in(folder) == [name]
    assert (folder / name).read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.checkpoint").write_text("mine")
    with pytest.raises(OutputExistsError, match="already exists"):
        checkpoint.require_place(tmp_path / "out.checkpoint")


def test_a_folder_that_another_training_removes_meanwhile_is_a_free_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out.checkpoint"
    folder.mkdir()
    is_dir = Path.is_dir

    def removing(self: Path) -> bool:
        found = is_dir(self)
        if self == folder and found:
            folder.rmdir()
        return found

    monkeypatch.setattr(Path, "is_dir", removing)
    checkpoint.require_place(folder)


def test_where_nothing_is_nothing_is_removed(tmp_path: Path) -> None:
    checkpoint.remove(tmp_path / "out.checkpoint")
    assert not checkpoint.exists(tmp_path / "out.checkpoint")


def test_a_folder_that_goes_while_it_is_made_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, times = Path.mkdir, []

    def gone(self: Path, *options: object, **named: object) -> None:
        times.append(self)
        if len(times) == 1:  # as pathlib has it where the folder was there, and is not any more
            raise FileExistsError(17, "File exists")
        make(self, parents=True, exist_ok=True)

    monkeypatch.setattr(Path, "mkdir", gone)
    with checkpoint.held(tmp_path / "out.checkpoint"):
        assert (tmp_path / "out.checkpoint").is_dir()
