"""What several tests of sources read."""

from pathlib import Path

import pytest

from helpers.corpora import filled_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of files, packed and not, hidden and not, in folders."""
    return filled_folder(tmp_path)
