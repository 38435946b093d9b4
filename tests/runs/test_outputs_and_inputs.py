"""What is read is never replaced by what is written, whatever command and whatever name it is."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers import command_line
from helpers.small_trainings import SMALL, command, two_topics
from skipgram.system.paths import is_same_place, require_apart

QUICK = ["--min-count", "1", "--overwrite"]
MORE = {"convert": ["--overwrite"], "align": ["--overwrite"]}
REPLACED = "is an input and would be overwritten; choose another output"
INSIDE = "which is an input folder; choose an output outside it"
ABOVE = "which is an input and would be replaced; choose another output"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`skipgram arguments` in this process: the exit code and what it says."""

    return lambda *arguments: (command_line.run(monkeypatch, *arguments), capsys.readouterr().err)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of texts, with links to it, and all that the commands read."""
    tmp_path = tmp_path_factory.mktemp("world")
    (tmp_path / "books").mkdir()
    text = tmp_path / "books" / "a.txt"
    text.write_text(two_topics())
    (tmp_path / "link").symlink_to(text)
    (tmp_path / "shelf").symlink_to(tmp_path / "books")
    os.link(text, tmp_path / "twin")
    skipgram.count_words(text).save(tmp_path / "words")
    skipgram.encode(text, tmp_path / "encoded", min_count=1)
    skipgram.cooccurrence(text, tmp_path / "counts", min_count=1)
    vectors = skipgram.train(text, tmp_path / "vectors", **SMALL)
    vectors.export(tmp_path / "v.npy")
    (tmp_path / "stop").write_text("sky0\n")
    (tmp_path / "dictionary").write_text("sky0\tsky0\n")
    return tmp_path


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("vocabulary books/a.txt -o books/a.txt", REPLACED),
        ("vocabulary books/a.txt -o link", REPLACED),
        ("vocabulary link -o books/a.txt", REPLACED),
        ("vocabulary books/a.txt -o twin", REPLACED),
        ("vocabulary books -o books/words", INSIDE),
        ("vocabulary shelf -o books/deeper/words", INSIDE),
        ("vocabulary books/*.txt -o books/a.txt", REPLACED),
        ("vocabulary words -o words", REPLACED),
        ("vocabulary encoded -o encoded/vocabulary", REPLACED),
        ("vocabulary books -o stop --drop-words stop", REPLACED),
        ("encode books -o stop --keep-words stop", REPLACED),
        ("cooccurrence books -o stop --keep-words stop", REPLACED),
        ("train books -o out --export stop --drop-words stop", REPLACED),
        ("train books -o out --log stop --keep-words stop", REPLACED),
        ("encode books -o books", REPLACED),
        ("encode books -o shelf", REPLACED),
        ("encode books -o shelf/encoded", INSIDE),
        ("encode books/a.txt -o books", ABOVE),
        ("cooccurrence books -o books/counts", INSIDE),
        ("cooccurrence encoded -o encoded/counts", INSIDE),
        ("train books -o books", REPLACED),
        ("train books -o books/vectors", INSIDE),
        ("train books/a.txt -o out --export link.txt --export books/a.txt", REPLACED),
        ("train books -o out --log books/log", INSIDE),
        ("train books/a.txt -o out --log twin", REPLACED),
        ("train encoded -o encoded", REPLACED),
        ("train encoded -o encoded/vectors", INSIDE),
        ("train books -o out --objective softmax --counts counts --log counts/log", INSIDE),
        ("train books -o counts --objective softmax --counts counts", REPLACED),
        ("train books -o out --continue vectors --log vectors/settings.json", INSIDE),
        ("train books -o out --continue vectors --export vectors/v.txt", INSIDE),
        ("convert vectors vectors --to hub", REPLACED),
        ("convert vectors vectors/v.txt", INSIDE),
        ("convert v.npy v.npy", REPLACED),
        ("convert books/a.txt books", ABOVE),
        ("align vectors vectors -o vectors", REPLACED),
        ("align vectors v.npy --dictionary dictionary -o dictionary", REPLACED),
    ],
)
def test_an_output_that_is_read_is_refused_before_anything_is(
    arguments: str, said: str, world: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(world)
    before = content(world)
    command, *others = arguments.split()
    code, told = run(command, *others, *MORE.get(command, QUICK))
    assert (code, told.count("\n")) == (2, 1), told
    assert said in told
    assert content(world) == before


def test_vectors_may_be_replaced_by_themselves_trained_further(world: Path, tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    shutil.copytree(world / "vectors", folder)
    before = skipgram.load(folder).counts.sum()
    settings = {name: value for name, value in SMALL.items() if name != "embedding_dim"}
    skipgram.train(world / "books", folder, continue_from=folder, overwrite=True, **settings)
    assert skipgram.load(folder).counts.sum() == 2 * before


def test_outputs_beside_the_inputs_are_free(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text")
    (tmp_path / "books").mkdir()
    require_apart([tmp_path / "b", tmp_path / "books2", tmp_path / "a.log"], [tmp_path / "a"])
    require_apart([tmp_path / "books.corpus"], [tmp_path / "books"])


def test_two_names_of_a_file_are_the_same_place(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("text")
    (tmp_path / "b").symlink_to("a")
    os.link(tmp_path / "a", tmp_path / "c")
    for name in ("a", "b", "c", "../" + tmp_path.name + "/a"):
        assert is_same_place(tmp_path / "a", tmp_path / name)
    assert is_same_place(tmp_path / "x", tmp_path / "books" / ".." / "x"), "also if it is not there"
    assert not is_same_place(tmp_path / "a", tmp_path / "x")


@pytest.mark.parametrize("arguments", [("vocabulary", "-"), ("train", "-"), ("encode", "-")])
def test_a_file_that_is_the_standard_input_is_not_replaced(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    text = tmp_path / "text.txt"
    text.write_text("sun moon star\n" * 9)
    with text.open() as stdin:
        run = command(*arguments, "-o", text, "--overwrite")
        done = subprocess.run(run, stdin=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is an input and would be overwritten" in done.stderr
    assert text.read_text() == "sun moon star\n" * 9
