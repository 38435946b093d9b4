"""`skipgram phrases` lists what a training joined, or what it would; `--phraser` joins it again."""

import json
from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers import command_line

LINES = ["to new york", "in new york city", "new york is far", "the city is new", "is to in"] * 5
OPTIONS = ["--phrase-threshold", "3", "--phrase-min-count", "1"]
SMALL = ["--embedding-dim", "4", "--epochs", "1", "--subsample", "0", "--min-count", "1"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text("\n".join(LINES))
    return file


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda *arguments: (command_line.run(monkeypatch, *arguments), *capsys.readouterr())


def expected(**settings: Any) -> list[skipgram.Phrase]:
    return list(
        skipgram.find_phrases(iter(LINES), phrase_threshold=3, phrase_min_count=1, **settings)
    )


def test_the_phrases_of_a_text_are_shown_with_count_and_score(run: Any, text: Path) -> None:
    code, output, _ = run("phrases", text, *OPTIONS)
    lines = output.splitlines()
    found = expected()
    assert code == 0
    assert lines[0] == f"{len(found)} phrases"
    assert lines[1].split() == ["phrase", "count", "score"]
    for line, phrase in zip(lines[2:], found, strict=True):
        assert line.split() == [str(phrase), str(phrase.count), f"{phrase.score:.4g}"]


@pytest.mark.parametrize("kind", ["vectors", "corpus"])
def test_the_phrases_of_a_folder_are_those_that_were_joined(
    run: Any, text: Path, tmp_path: Path, kind: str
) -> None:
    command = "train" if kind == "vectors" else "encode"
    more = SMALL if kind == "vectors" else SMALL[-2:]
    run(command, text, "-o", tmp_path / "made", "--phrases", "2", *OPTIONS, *more)
    code, output, said = run("phrases", tmp_path / "made", "--format", "json")
    assert (code, said) == (0, "")
    assert json.loads(output) == [
        {
            "pass": number,
            "phrase": str(phrase),
            "count": phrase.count,
            "score": pytest.approx(phrase.score),
        }
        for number, part in enumerate(
            skipgram.find_phrases(
                iter(LINES), phrases=2, phrase_threshold=3, phrase_min_count=1
            ).passes,
            1,
        )
        for phrase in part
    ]


def test_as_many_are_shown_as_are_asked_for(run: Any, text: Path) -> None:
    _, output, _ = run("phrases", text, *OPTIONS, "--phrases", "2", "-k", "3")
    lines = output.splitlines()
    total = len(expected(phrases=2))
    assert lines[0] == f"{total} phrases of 2 passes, the first 3:"
    assert lines[1].split() == ["pass", "phrase", "count", "score"]
    assert len(lines) == 5
    _, output, _ = run("phrases", text, *OPTIONS, "-k", "0", "--format", "csv")
    assert len(output.splitlines()) == 1 + len(expected())
    code, _, said = run("phrases", text, "-k", "-1")
    assert code == 2
    assert "--count must be at least 0, not -1" in said


def test_a_text_without_phrases_says_so(run: Any, text: Path) -> None:
    code, output, _ = run("phrases", text, "--phrase-threshold", "1000")
    assert (code, output) == (0, "0 phrases\n")


def test_another_text_is_joined_as_the_first_was(run: Any, text: Path, tmp_path: Path) -> None:
    run("train", text, "-o", tmp_path / "first", "--phrases", "1", *OPTIONS, *SMALL)
    other = tmp_path / "other.txt"
    other.write_text("old new york is far\n" * 20)
    code, _, said = run(
        *("train", other, "-o", tmp_path / "second", "--phraser", tmp_path / "first", *SMALL)
    )
    assert code == 0, said
    first, second = skipgram.load(tmp_path / "first"), skipgram.load(tmp_path / "second")
    assert first.phraser is not None
    assert second.phraser is not None
    assert list(second.phraser) == list(first.phraser)
    assert set(second.words) == set(first.phraser.join(["old", "new", "york", "is", "far"]))
    code, _, said = run("encode", other, "-o", tmp_path / "c", "--phraser", tmp_path / "first")
    assert code == 0, said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--phraser", "nowhere"], "nowhere does not exist; give --phraser the folder of vectors"),
        (["--phraser", "first", "--phrases", "2"], "--phrases says how phrases are found"),
        (["--phraser", "first", "--tokenizer", "words"], "choose the same --tokenizer"),
        (["--phraser", "first", "--continue", "first"], "omit --phraser"),
    ],
)
def test_a_phraser_that_does_not_fit_is_refused(
    run: Any, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: Any, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run("train", text, "-o", "first", "--phrases", "1", *OPTIONS, *SMALL)
    code, _, told = run("train", text, "-o", "second", *options)
    assert code == 2
    assert said in told
    assert not Path("second").exists()
