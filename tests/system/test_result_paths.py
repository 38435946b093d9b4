"""A result has a name that a file can have: what has none is one line, before any work."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import skipgram
from skipgram.errors import OutputExistsError, SettingsError, SkipgramError
from skipgram.runs.places import Places
from skipgram.system.paths import nearest_folder, require_apart, require_free, result_path

WORDS = skipgram.Texts(["sun moon star"] * 9)
QUICK = {"min_count": 1, "threads": 1}


def refusal(work: Callable[[], Any]) -> str:
    with pytest.raises(SkipgramError) as caught:
        work()
    return str(caught.value)


def test_a_path_with_a_name_is_taken_as_it_is() -> None:
    for name in ("a", "a/b", "../a", "/a", "./a/"):
        assert result_path(name) == Path(name)


def test_dots_stand_for_the_folders_they_lead_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a" / "b")
    assert result_path(".") == result_path(Path()) == tmp_path / "a" / "b"
    assert result_path("..") == result_path("c/../..") == tmp_path / "a"
    assert Places.of("..", (), caches=True).checkpoint == tmp_path / "a.checkpoint"
    assert Places.of(".", (), caches=True).cache == tmp_path / "a" / "b.corpus"


OUTPUTS = {
    "train": lambda name: skipgram.train(WORDS, name, **QUICK),
    "export": lambda name: skipgram.train(WORDS, export=name, **QUICK),
    "log": lambda name: skipgram.train(WORDS, log=name, **QUICK),
    "encode": lambda name: skipgram.encode(WORDS, name, **QUICK),
    "cooccurrence": lambda name: skipgram.cooccurrence(WORDS, name, **QUICK),
    "vocabulary": lambda name: skipgram.count_words(WORDS).save(name),
}
outputs = pytest.mark.parametrize("write", OUTPUTS.values(), ids=OUTPUTS)


@outputs
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "'' cannot be an output; give a file or folder name"),
        ("/", "'/' cannot be an output; give a file or folder name"),
        ("a\0b", "'a\\x00b': no file can have this name (it holds a NUL character)"),
    ],
)
def test_an_output_without_a_name_is_refused(write: Any, name: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        write(name)
    assert str(caught.value) == said


@outputs
def test_the_folder_one_is_in_is_not_replaced_by_accident(
    write: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").write_text("text")
    assert refusal(lambda: write("."))
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_file_never_replaces_a_folder(tmp_path: Path) -> None:
    said = f"{tmp_path} is a folder; give the name of a file"
    counted = skipgram.count_words(WORDS)
    with pytest.raises(OutputExistsError) as caught:
        counted.save(tmp_path, overwrite=True)
    assert str(caught.value) == said
    export = tmp_path / "v.txt"
    export.mkdir()
    places = Places.of(None, export, caches=False).held([], resume=False, overwrite=True)
    with (
        pytest.raises(OutputExistsError, match=r"v\.txt is a folder; give the name of a file"),
        places,
    ):
        pass


def test_a_root_lies_in_itself() -> None:
    root = Path(os.path.abspath(os.sep))  # noqa: PTH100
    assert nearest_folder(root) == root
    with pytest.raises(OutputExistsError, match="already exists"):
        require_free(root, overwrite=False)


@pytest.mark.parametrize("results_first", [True, False])
def test_a_nul_in_any_path_is_one_line(results_first: bool, tmp_path: Path) -> None:
    paths = [[Path("a\0")], [tmp_path]]
    with pytest.raises(SettingsError, match="no file can have this name"):
        require_apart(*(paths if results_first else paths[::-1]))
    with pytest.raises(SettingsError, match="no file can have this name"):
        require_free(Path("a\0"), overwrite=False)
