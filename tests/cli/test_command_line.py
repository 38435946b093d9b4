"""The command line: library calls, one-line errors, exit codes."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import change_settings, vectors_of

TOPICS = "sun moon star sky\npot pan stove spoon\n" * 300
TRAIN = ["--embedding-dim", "8", "--epochs", "2", "--min-count", "1", "--subsample", "0"]
TRAIN += ["--threads", "1"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(TOPICS)
    return file


@pytest.fixture
def vectors(text: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "vectors"
    skipgram.train(text, folder, embedding_dim=8, min_count=1, subsample=0, threads=1)
    return folder


def test_only_the_reader_of_standard_output_may_leave_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load(folder: Path) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe", str(folder))

    monkeypatch.setattr(skipgram, "load", load)
    assert run(monkeypatch, "info", "fifo") == 1
    assert capsys.readouterr().err == (
        "skipgram: a pipe was closed before everything was written: [Errno 32] Broken pipe: "
        "'fifo'\n"
    )


def test_training_says_what_it_read_needs_reached_and_saved(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out"
    assert run(monkeypatch, "train", text, "--output", folder, *TRAIN) == 0
    output, said = capsys.readouterr()
    assert not output, "results go to standard output, and training has none but the folder"
    assert "read 2,400 words in 600 lines; the longest line or sentence has 4 words" in said
    assert "kept 8 different words, 2,400 in all; none was too rare" in said
    assert "training 8 words for 2 epochs on 1 thread; needs" in said
    assert "nats a pair" in said
    assert f"skipgram neighbors {folder}" in said
    assert len(skipgram.load(folder)) == 8


def test_options_that_are_given_are_the_settings_that_are_saved(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["--negatives-shared", "no", "--window-width", "fixed", "--schedule", "cosine"]
    given += ["--shown", "sum", "--holdout", "0.2", "--patience", "2", "--deterministic"]
    assert run(monkeypatch, "train", text, "-o", tmp_path / "out", *TRAIN, *given) == 0
    vectors = skipgram.load(tmp_path / "out")
    model, training = (vectors.about["settings"][part] for part in ("model", "training"))
    assert model["negatives_shared"] is False
    assert (model["window_width"], model["shown"]) == ("fixed", "sum")
    assert (training["schedule"], training["holdout"], training["patience"]) == ("cosine", 0.2, 2)
    assert training["deterministic"] is True
    number = list(vectors.words).index("sun")
    assert (vectors["sun"] == vectors.center[number] + vectors.outside[number]).all()


def test_a_run_is_logged_where_that_is_asked_for(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("tensorboardX")
    log, figures = tmp_path / "log.jsonl", tmp_path / "figures"
    logs = ["--log", log, "--tensorboard", figures]
    assert run(monkeypatch, "train", text, "-o", tmp_path / "out", *TRAIN, *logs) == 0
    events = [json.loads(line)["event"] for line in log.read_text().splitlines()]
    assert events[-1] == "finished"
    assert events.count("epoch_end") == 2
    assert len([*figures.glob("*tfevents*")]) == 1


def test_quiet_says_nothing(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "train", text, "-o", tmp_path / "out", "--quiet", *TRAIN) == 0
    assert capsys.readouterr() == ("", "")


def test_replaced_bytes_are_counted_with_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "text.txt"
    file.write_bytes(b"good caf\xe9 good\n" * 20)
    assert run(monkeypatch, "train", file, "-o", tmp_path / "out", *TRAIN) == 0
    assert f"invalid UTF-8 sequences: 20, the first in {file}: byte 8" in (capsys.readouterr().err)


def test_the_command_line_trains_the_same_vectors_as_python(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(monkeypatch, "train", text, "-o", tmp_path / "out", *TRAIN, "--seed", "4") == 0
    expected = skipgram.train(
        text, embedding_dim=8, epochs=2, min_count=1, subsample=0, threads=1, seed=4
    )
    assert (skipgram.load(tmp_path / "out").center == expected.center).all()


def test_queries_print_their_answers(
    vectors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "neighbors", vectors, "sun", "pot", "-k", "3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["sun", "pot"]
    assert len(lines) == 4
    assert run(monkeypatch, "similarity", vectors, "sun", "moon") == 0
    expected = skipgram.load(vectors).similarity("sun", "moon")
    assert float(capsys.readouterr().out) == pytest.approx(expected, abs=1e-4)
    assert run(monkeypatch, "analogy", vectors, "sun", "moon", "pot") == 0
    assert capsys.readouterr().out.startswith("sun : moon = pot :")
    assert run(monkeypatch, "info", vectors) == 0
    assert "8 words × 8 float32, shown: center" in capsys.readouterr().out


def test_evaluation_says_how_much_was_covered(
    vectors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "evaluate", vectors) == 0
    output = capsys.readouterr().out
    assert " 0 of 353\n" in output
    assert " 0 of 19,544\n" in output


def test_own_sets_can_be_scored(
    vectors: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pairs, questions = tmp_path / "pairs.tsv", tmp_path / "questions.txt"
    pairs.write_text("sun\tmoon\t9\nsun\tpot\t1\npot\tpan\t8\nsun\tghost\t4\n")
    questions.write_text(": topics\nsun moon pot pan\n")
    arguments = ["--similarity", pairs, "--analogies", questions]
    assert run(monkeypatch, "evaluate", vectors, *arguments) == 0
    output = capsys.readouterr().out
    assert " 3 of 4\n" in output
    assert " 1 of 1\n" in output
    assert "found only" not in output


def test_the_summary_says_which_words_were_found_in_another_case_and_what_was_left_out(
    vectors: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = {"Sun": [1, 0], "sun": [0, 1], "MOON": [1, 1], "pan": [2, 1], "null": [0, 0]}
    vectors_of(rows).save(tmp_path / "cased")
    pairs, questions = tmp_path / "pairs.tsv", tmp_path / "questions.txt"
    pairs.write_text("Sun\tsun\t9\nPan\tmoon\t1\nsun\tpan\t8\nMoon\tmoon\t4\nsun\tnull\t3\n")
    questions.write_text(": case\nMoon moon Sun sun\n")
    arguments = ["--similarity", pairs, "--analogies", questions]
    assert run(monkeypatch, "evaluate", tmp_path / "cased", *arguments) == 0
    output = capsys.readouterr().out
    assert " 3 of 5\n" in output
    assert output.splitlines()[-2:] == [
        "pairs: words found only in lower case: 1; words found only with case ignored, as the "
        "most frequent form: 2; pairs left out whose words differ only in case: 1; words left "
        "out whose vector is zero: 1 ('null')",
        "questions: words found only with case ignored, as the most frequent form: 2; questions "
        "left out whose words differ only in case: 1",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["train", "{tmp}/none.txt", "-o", "{tmp}/o"], 1, "none.txt: No such file"),
        (["train", "{tmp}/nothing", "-o", "{tmp}/o"], 1, "nothing: No such file"),
        (["train", "{tmp}/other/none", "-o", "{tmp}/o"], 1, "none: No such file"),
        (["train", "{tmp}/*.md", "-o", "{tmp}/o"], 1, "no file matches"),
        (["train", "{tmp}/empty.txt", "-o", "{tmp}/o"], 1, "is empty; there is no text"),
        (["train", "{tmp}/rare.txt", "-o", "{tmp}/o"], 1, "no word occurs 5 times or more"),
        (["train", "{tmp}/one.txt", "-o", "{tmp}/o"], 1, "only one word, 'one', occurs 5 times"),
        (
            ["train", "{tmp}/text.txt", "-o", "{tmp}"],
            2,
            "text.txt, which is an input and would be replaced; choose another output",
        ),
        (
            ["train", "{tmp}/text.txt", "-o", "{tmp}/vectors"],
            1,
            "already exists; choose another name",
        ),
        (
            ["train", "{tmp}/text.txt", "-o", "{tmp}/other", "--overwrite"],
            1,
            "is not a vectors folder",
        ),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--embedding-dim", "0"], 2, "at least 1"),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--window", "0"], 2, "at least 1, not 0"),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--negatives", "0"], 2, "at least 1, not 0"),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--epochs", "-1"], 2, "at least 1, not -1"),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--threads", "0"], 2, "at least 1, not 0"),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--learning-rate", "-1"], 2, "above 0"),
        (["train", "{tmp}/text.txt", "-o", "{tmp}/o", "--export", "{tmp}/v.x"], 2, "suffix '.x'"),
        (["neighbors", "{tmp}/vectors", "moom"], 1, "did you mean moon"),
        (["neighbors", "{tmp}/nothing", "moon"], 1, "does not exist; give a folder"),
        (
            ["neighbors", "{tmp}/text.txt", "moon"],
            1,
            "text.txt looks like text, not like vectors; train on it first:  skipgram train",
        ),
        (["neighbors", "{tmp}/vectors", "moon", "-k", "0"], 2, "k must be at least 1, not 0"),
        (["evaluate", "{tmp}/vectors", "--first-words", "0"], 2, "at least 1, not 0"),
        (["evaluate", "{tmp}/vectors", "--similarity", "{tmp}/text.txt"], 1, "text.txt:1:"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    arguments: list[str],
    code: int,
    message: str,
    vectors: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "empty.txt").touch()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").touch()
    (tmp_path / "rare.txt").write_text("some words, each of them once")
    (tmp_path / "one.txt").write_text("one " * 9)
    before = sorted(tmp_path.rglob("*"))
    assert run(monkeypatch, *(part.format(tmp=tmp_path) for part in arguments)) == code
    output, said = capsys.readouterr()
    assert message in said
    assert said.count("\n") == 1
    assert not output
    assert sorted(tmp_path.rglob("*")) == before


def test_a_damaged_folder_is_named(
    vectors: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = vectors / "vectors.safetensors"
    file.write_bytes(file.read_bytes()[:-10])
    assert run(monkeypatch, "info", vectors) == 1
    assert f"{file} is damaged or truncated" in capsys.readouterr().err


@pytest.mark.parametrize(
    "told",
    [
        {"epochs": [{"loss": 10**400, "seconds": 1.0}]},
        {"epochs": {}, "sweeps": "many"},
        {"epochs": {"1": 2}},
        {"settings": {"model": 5}},
        {"corpus": [1]},
    ],
)
def test_a_story_told_in_another_way_is_left_out(
    vectors: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    told: dict[str, object],
) -> None:
    change_settings(vectors, **told)
    assert run(monkeypatch, "info", vectors) == 0
    assert (
        "in a form that this skipgram does not know; see the settings file"
        in capsys.readouterr().out
    )


def test_the_version_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"skipgram {skipgram.__version__}\n"


def test_shells_can_complete() -> None:
    script = subprocess.run(
        [Path(sys.executable).with_name("skipgram")],
        env=os.environ | {"_SKIPGRAM_COMPLETE": "source_bash"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "complete -o default -F _skipgram_completion skipgram" in script.stdout


@pytest.mark.parametrize("rich", ["0", "1"])
def test_without_a_command_the_help_is_shown(rich: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "skipgram"],
        env=os.environ | {"TYPER_USE_RICH": rich},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Usage: skipgram [OPTIONS] COMMAND [ARGS]..." in shown.stdout + shown.stderr
    assert "neighbors" in shown.stdout + shown.stderr
    assert "skipgram: " not in shown.stderr


def test_words_are_printed_as_they_are_whatever_is_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = ["[bold]", ":smile:", "東京", "[/]", "[a\\b]"]
    file, folder = tmp_path / "text.txt", tmp_path / "vectors"
    file.write_text((" ".join(odd) + "\n") * 50)
    skipgram.train(file, folder, embedding_dim=4, min_count=1, subsample=0, threads=1)
    assert run(monkeypatch, "neighbors", folder, "[bold]") == 0
    first, *others = capsys.readouterr().out.split("\n")
    assert first.strip() == "[bold]"
    assert {line.split()[0] for line in others if line} == set(odd[1:])


def test_a_vocabulary_without_an_answer_prints_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = tmp_path / "text.txt", tmp_path / "vectors"
    file.write_text("sun moon star\n" * 50)
    skipgram.train(file, folder, embedding_dim=4, min_count=1, subsample=0, threads=1)
    assert run(monkeypatch, "analogy", folder, "sun", "moon", "star") == 0
    assert capsys.readouterr().out.split() == ["sun", ":", "moon", "=", "star", ":"]


def test_vectors_that_have_hardly_moved_are_not_passed_off_as_trained(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hint = "the vectors have hardly moved from their start"
    short = ["-o", tmp_path / "short", *TRAIN, "--learning-rate", "1e-4"]
    assert run(monkeypatch, "train", text, *short) == 0
    assert hint in capsys.readouterr().err
    longer = ["-o", tmp_path / "longer", *TRAIN, "--epochs", "60", "--learning-rate", "0.2"]
    assert run(monkeypatch, "train", text, *longer) == 0
    assert hint not in capsys.readouterr().err


@pytest.mark.parametrize(("least", "is_said"), [(-1.0, True), (2.0, False)])
def test_vectors_that_hardly_differ_are_said_to_be_alike(
    monkeypatch, capsys, tmp_path, least, is_said
):
    monkeypatch.setattr("skipgram.vectors.spread.ALIKE", least)
    text = tmp_path / "text.txt"
    text.write_text("sun moon sky\n" * 30)
    assert run(monkeypatch, "train", text, "-o", tmp_path / "v", "--subsample", "0") == 0
    assert ("nearly all alike (mean cosine" in capsys.readouterr().err) == is_said
