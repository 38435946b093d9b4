"""Where a run writes is settled before it begins: nothing is lost, and nothing is in the way."""

from pathlib import Path
from typing import Any

import pytest

from skipgram.errors import OutputExistsError, SettingsError
from skipgram.places import Places


def places(output: Path | None, export: Any = (), **others: Any) -> Places:
    return Places.of(output, export, **{"caches": False, **others})


def test_the_checkpoint_and_the_cache_lie_beside_the_output(tmp_path: Path) -> None:
    of = places(tmp_path / "out", caches=True)
    assert of.checkpoint == tmp_path / "out.checkpoint"
    assert of.cache == tmp_path / "out.corpus"
    assert not of.has_checkpoint


def test_without_an_output_there_is_neither(tmp_path: Path) -> None:
    assert places(None).checkpoint is None
    assert not places(None).has_checkpoint
    with pytest.raises(SettingsError, match="a cache lies beside the output"):
        places(None, caches=True)


@pytest.mark.parametrize("name", ["out.checkpoint", "out.corpus", "out", "text.txt"])
def test_an_export_or_a_log_that_has_the_place_of_something_else_is_refused(
    tmp_path: Path, name: str
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("mine")
    for others in ({"export": tmp_path / name}, {"log": tmp_path / name}):
        of = places(tmp_path / "out", caches=True, **others)
        with pytest.raises(SettingsError, match=r"for two results|is read, and would be"):
            of.prepare([text], overwrite=True)
    assert text.read_text() == "mine"


@pytest.mark.parametrize("kind", ["log", "tensorboard"])
@pytest.mark.parametrize("folder", ["out", "out.checkpoint", "out.corpus"])
def test_logs_in_a_folder_that_is_replaced_as_a_whole_are_refused(
    tmp_path: Path, folder: str, kind: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    log = tmp_path / "link" / folder / "run"
    of = places(tmp_path / "out", caches=True, **{kind: log})
    with pytest.raises(SettingsError, match=f"{folder}, which holds nothing but the run's own"):
        of.prepare([], overwrite=True)


def test_a_file_where_the_checkpoint_is_to_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.checkpoint").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"out\.checkpoint already exists"):
        places(tmp_path / "out").prepare([], overwrite=True)
