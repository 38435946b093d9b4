"""The user's cache: where it is, and that it stays within its bounds."""

import os
from pathlib import Path

import pytest

from skipgram.system.caching import cache_folder, drop_oldest, mark_used

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows names its folders otherwise")


@pytest.mark.parametrize(("platform", "usual"), [("linux", ".cache"), ("darwin", "Library/Caches")])
@pytest.mark.parametrize("given", ["", "relative"])
def test_the_cache_is_in_the_users_home(tmp_path, monkeypatch, platform, usual, given):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", given)
    assert cache_folder() == tmp_path / usual / "skipgram"


def test_the_user_may_name_another_place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "skipgram"


def test_a_user_without_a_home_has_none(monkeypatch):
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert cache_folder() is None


def test_what_was_not_used_for_longest_is_dropped(tmp_path):
    for number, name in enumerate("abcd", start=1):
        (tmp_path / name).write_bytes(bytes(10))
        os.utime(tmp_path / name, (number, number))
    mark_used(tmp_path / "a")
    drop_oldest(tmp_path, 40)
    assert len(list(tmp_path.iterdir())) == 4
    drop_oldest(tmp_path, 25)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "d"]


def test_a_folder_that_is_not_there_is_within_its_bounds(tmp_path):
    drop_oldest(tmp_path / "none", 1)
    mark_used(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_removed_is_left(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_bytes(bytes(9))
    drop_oldest(tmp_path, 0)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
