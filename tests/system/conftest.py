"""What the tests of killed writers share."""

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from helpers.stopped_writers import in_order, stopped


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., list[Path]]:
    """What `stopped` gives by SIGKILL: each test has its copy, of kills that were done once."""

    @cache
    def once(whole: str, before: str, renames: str) -> Path:
        place = tmp_path_factory.mktemp("killed")
        stopped(place, whole, before, renames, "SIGKILL")
        return place

    def killed(tmp_path: Path, whole: str, before: str, renames: str) -> list[Path]:
        shutil.copytree(once(whole, before, renames), tmp_path, dirs_exist_ok=True, symlinks=True)
        return in_order(tmp_path)

    return killed
