"""Where a run writes is settled before it begins: nothing is lost, and nothing is in the way."""

from pathlib import Path
from typing import Any

import pytest

import skipgram
from skipgram import Texts
from skipgram.errors import OutputExistsError, SettingsError
from skipgram.runs.places import Places


def places(output: Path | None, export: Any = (), **others: Any) -> Places:
    return Places.of(output, export, **{"caches": False, **others})


def prepare(of: Places, inputs: list[Path]) -> None:
    with of.held(inputs, resume=False, overwrite=True):
        pass


def test_the_checkpoint_and_the_cache_lie_beside_the_output(tmp_path: Path) -> None:
    of = places(tmp_path / "out", caches=True)
    assert of.checkpoint == tmp_path / "out.checkpoint"
    assert of.cache == tmp_path / "out.corpus"
    assert not of.has_checkpoint


def test_without_an_output_there_is_neither(tmp_path: Path) -> None:
    assert places(None).checkpoint is None
    assert not places(None).has_checkpoint
    with pytest.raises(SettingsError, match="the cache is kept beside the output"):
        places(None, caches=True)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("export", "out.txt"),
        ("export", "text.txt"),
        ("log", "out.txt.checkpoint"),
        ("log", "out.txt.corpus"),
        ("log", "out.txt"),
        ("log", "text.txt"),
    ],
)
def test_an_export_or_a_log_that_has_the_place_of_something_else_is_refused(
    tmp_path: Path, kind: str, name: str
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("mine")
    of = places(tmp_path / "out.txt", caches=True, **{kind: tmp_path / name})
    with pytest.raises(SettingsError, match=r"for two outputs|is an input and would be"):
        prepare(of, [text])
    assert text.read_text() == "mine"


@pytest.mark.parametrize("kind", ["log", "tensorboard"])
@pytest.mark.parametrize("folder", ["out", "out.checkpoint", "out.corpus"])
def test_logs_in_a_folder_that_is_replaced_as_a_whole_are_refused(
    tmp_path: Path, folder: str, kind: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    log = tmp_path / "link" / folder / "run"
    of = places(tmp_path / "out", caches=True, **{kind: log})
    with pytest.raises(SettingsError, match=f"{folder}, which is for the run's own files"):
        prepare(of, [])


@pytest.mark.parametrize("folder", ["out", "out.corpus", "out.checkpoint"])
def test_an_export_in_a_folder_that_is_replaced_as_a_whole_is_refused(
    tmp_path: Path, folder: str
) -> None:
    of = places(tmp_path / "out", tmp_path / folder / "v.txt", caches=True)
    with pytest.raises(SettingsError, match=r"v\.txt is in .*, which is for the run's own files"):
        prepare(of, [])
    assert list(tmp_path.iterdir()) == []


def test_a_file_where_the_checkpoint_is_to_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out.checkpoint").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"out\.checkpoint already exists"):
        prepare(places(tmp_path / "out"), [])


TWO_FILES = {"v.npy": "v.words", "v.tsv": "v.metadata.tsv"}


@pytest.mark.parametrize("export", TWO_FILES)
@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_in_the_place_of_an_exports_second_file_is_found_before_the_training(
    tmp_path: Path, export: str, overwrite: bool
) -> None:
    beside = tmp_path / TWO_FILES[export]
    beside.mkdir() if overwrite else beside.write_text("mine")
    said = f"{beside} is a folder; give the name of a file" if overwrite else "already exists"
    events: list[Any] = []
    with pytest.raises(OutputExistsError, match=said):
        skipgram.train(
            Texts(["sun moon"]),
            export=tmp_path / export,
            overwrite=overwrite,
            observe=events.append,
            min_count=1,
        )
    assert events == []


@pytest.mark.parametrize(
    ("output", "exports", "log"),
    [
        (None, ["v.tsv", "v.metadata.tsv"], None),
        (None, ["v.metadata.tsv", "v.tsv"], None),
        (None, ["v.npy"], "v.words"),
        ("v.words", ["v.npy"], None),
    ],
)
def test_an_exports_second_file_is_held_apart_from_the_other_results(
    tmp_path: Path, output: str | None, exports: list[str], log: str | None
) -> None:
    of = places(
        output and tmp_path / output,
        [tmp_path / name for name in exports],
        log=log and tmp_path / log,
    )
    with pytest.raises(SettingsError, match="is named for two outputs; give each its own"):
        prepare(of, [])
