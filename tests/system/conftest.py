"""What the tests of killed writers share."""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from helpers.stopped_writers import in_order, stopped


def keeping_links() -> Callable[[str, str], object]:
    """Copies files; names of one file, as a rename in two steps leaves them, stay names of one."""
    copies: dict[tuple[int, int], str] = {}

    def copy(source: str, target: str) -> object:
        found = os.lstat(source)
        first = copies.setdefault((found.st_dev, found.st_ino), target)
        if first == target:
            return shutil.copy2(source, target, follow_symlinks=False)
        return os.link(first, target, follow_symlinks=False)

    return copy


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Path]]:
    """What `stopped` gives by SIGKILL: each test has its copy, of kills that were done once."""

    @cache
    def once(whole: str, before: str, renames: str) -> Path:
        place = tmp_path_factory.mktemp("killed")
        stopped(place, whole, before, renames, "SIGKILL")
        return place

    def killed(tmp_path: Path, whole: str, before: str, renames: str) -> list[Path]:
        shutil.copytree(
            once(whole, before, renames),
            tmp_path,
            dirs_exist_ok=True,
            symlinks=True,
            copy_function=keeping_links(),
        )
        return in_order(tmp_path)

    return killed
