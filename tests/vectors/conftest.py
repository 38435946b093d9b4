"""What the tests of the native folder share."""

from pathlib import Path

import pytest

from helpers.handmade_vectors import some_vectors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of vectors."""
    some_vectors(about={"settings": {"epochs": 3}}).save(tmp_path / "vectors")
    return tmp_path / "vectors"
