"""The commands that read a corpus: encode, vocabulary, train; what they take, say and refuse."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

import skipgram
from helpers import command_line
from helpers.encoding_twin import assert_same

TOPICS = "sun moon star sky\npot pan stove spoon\n" * 50
TRAIN = ["--embedding-dim", "4", "--epochs", "1", "--subsample", "0", "--threads", "1"]


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "text.txt"
    file.write_text(TOPICS)
    return file


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """`skipgram arguments` in this process: the exit code, what it gives and what it says."""

    return lambda *arguments, **given: (
        command_line.run(monkeypatch, *arguments, **given),
        *capsys.readouterr(),
    )


def sizes_in(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_size for path in folder.rglob("*")}


def test_a_corpus_is_encoded_once_and_trained_on(run: Any, text: Path, tmp_path: Path) -> None:
    folder = tmp_path / "the corpus"
    code, output, said = run("encode", text, "-o", folder, "--min-count", "1")
    assert (code, output) == (0, "")
    assert "read 400 words in 100 lines; the longest line or sentence has 4 words" in said
    assert f"skipgram train '{folder}' -o vectors" in said
    loaded = skipgram.EncodedCorpus.load(folder)
    assert_same(loaded, skipgram.encode(text, min_count=1))
    code, _, said = run("train", folder, "-o", tmp_path / "vectors", *TRAIN)
    assert code == 0
    assert "read 400 words" in said
    vectors = skipgram.load(tmp_path / "vectors")
    expected = skipgram.train(text, min_count=1, embedding_dim=4, epochs=1, subsample=0, threads=1)
    assert (vectors.center == expected.center).all()


def test_options_at_odds_with_the_encoding_are_refused(
    run: Any, text: Path, tmp_path: Path
) -> None:
    run("encode", text, "-o", tmp_path / "corpus", "--min-count", "2", "--quiet")
    arguments = ["train", tmp_path / "corpus", "-o", tmp_path / "vectors", *TRAIN]
    code, _, said = run(*arguments, "--min-count", "1")
    assert code == 2
    assert "the corpus is encoded with min_count 2, not 1; encode it again" in said
    assert said.count("\n") == 1
    assert run(*arguments, "--min-count", "2")[0] == 0


def test_a_cache_is_kept_and_taken(run: Any, text: Path, tmp_path: Path) -> None:
    arguments = ["train", text, "-o", tmp_path / "v", *TRAIN, "--min-count", "1", "--cache"]
    assert "encoded before" not in run(*arguments)[2]
    code, _, said = run(*arguments, "--overwrite")
    assert code == 0
    assert f"using the encoded corpus in {tmp_path}/v.corpus" in said


def test_globs_folders_and_packed_files_are_a_corpus(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for name in ("b.txt", "a.txt", ".hidden", "c.md"):
        (folder / name).write_text(f"{name} word\n" * 3)
    for number, corpus in enumerate((folder, f"{folder}/*.txt")):
        place = tmp_path / f"corpus{number}"
        code, _, said = run("encode", corpus, "-o", place, "--min-count", "1")
        assert code == 0
        words = set(skipgram.EncodedCorpus.load(place).vocabulary)
        assert words == {"a.txt", "b.txt", "word"} | ({"c.md"} if number == 0 else set())
        assert ("hidden files and folders, skipped: 1" in said) == (number == 0)


def test_a_column_of_a_table_is_a_corpus(run: Any, tmp_path: Path) -> None:
    file, place = tmp_path / "table.parquet", tmp_path / "corpus"
    table = pa.table({"n": [1, 2, 3], "text": ["sun moon", None, "moon star sky"]})
    pyarrow.parquet.write_table(table, file)
    arguments = ["encode", file, "-o", place, "--min-count", "1"]
    code, _, said = run(*arguments)
    assert code == 1
    assert "text" in said
    assert not place.exists()
    code, _, said = run(*arguments, "--column", "text")
    assert code == 0
    assert "missing values, skipped: 1" in said
    corpus = skipgram.EncodedCorpus.load(place)
    assert list(corpus.sentences()) == [["sun", "moon"], ["moon", "star", "sky"]]


def test_lists_of_words_come_from_files(run: Any, text: Path, tmp_path: Path) -> None:
    keep, drop = tmp_path / "keep.txt", tmp_path / "drop.txt"
    keep.write_text("\ufeffzebra  sun\nmoon\n", encoding="utf-8")
    drop.write_text("pot")
    with text.open("a") as file:
        file.write("zebra sun\n")
    words = ["--keep-words", keep, "--drop-words", drop]
    code, _, said = run("encode", text, "-o", tmp_path / "c", "--min-count", "50", *words)
    assert code == 0
    corpus = skipgram.EncodedCorpus.load(tmp_path / "c")
    assert set(corpus.vocabulary) == {*TOPICS.split(), "zebra"} - {"pot"}
    assert "dropped 1 different word on the drop list, 50 in all" in said


def test_words_are_shown_and_saved(run: Any, text: Path, tmp_path: Path) -> None:
    saved = tmp_path / "words"
    code, output, said = run("vocabulary", text, "-o", saved)
    assert code == 0
    assert output.startswith("8 words, 400 tokens\n")
    assert f"saved to {saved}" in said
    code, output, _ = run("vocabulary", saved, text, "-o", tmp_path / "both.tsv")
    assert code == 0
    assert output.startswith("8 words, 800 tokens\n")
    assert (tmp_path / "both.tsv").read_text().startswith("sun\t100\n")
    code, _, said = run("vocabulary", text, "-o", saved)
    assert code == 1
    assert "already exists" in said


def test_standard_input_is_a_corpus(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "skipgram", "encode", "-", "-o", "corpus", "--min-count", "1"]
    done = subprocess.run(
        command, cwd=tmp_path, input=TOPICS, capture_output=True, text=True, check=True
    )
    assert "read 400 words" in done.stderr
    corpus = skipgram.EncodedCorpus.load(tmp_path / "corpus")
    assert corpus.summary.tokens == 400


def test_an_empty_standard_input_is_one_line(run: Any, tmp_path: Path) -> None:
    code, _, said = run("encode", "-", "-o", tmp_path / "corpus", stdin=b"")
    assert code == 1
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["encode", "{tmp}/none.txt", "-o", "{tmp}/x"], 1, "none.txt: No such file"),
        (
            ["encode", "{tmp}/text.txt", "-o", "{tmp}"],
            2,
            "which is an input and would be repl",
        ),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/words.txt"], 1, "already exists"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/words.txt", "--overwrite"], 1, "is a file"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/o", "--overwrite"], 1, "o holds thesis.tex"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--tokenizer", "own"], 2, "stands for a f"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--tokenizer", "word"], 2, "is not one of"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--undecodable", "x"], 2, "is not one of"),
        (["encode", "{tmp}/bad.txt", "-o", "{tmp}/x", "--undecodable", "error"], 1, "byte 1 is no"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--max-types", "-1"], 2, "at least 0"),
        (
            ["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--keep-words", "{tmp}/no"],
            1,
            "no does not exist",
        ),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--drop-words", "{tmp}/bad.txt"], 1, "byte"),
        (["encode", "{tmp}/text.txt", "-o", "{tmp}/x", "--column", "text"], 1, "is not a table"),
        (["encode", "-", "-", "-o", "{tmp}/x"], 1, "named 2 times, and a pipe can be"),
        (["train", "-", "-o", "{tmp}/x", "--cache"], 2, "they cannot be cached (--cache)"),
        (["vocabulary", "{tmp}/none.txt"], 1, "none.txt: No such file"),
        (["vocabulary", "{tmp}/blank.txt"], 1, "is only whitespace"),
        (["vocabulary", "{tmp}/text.txt", "-o", "{tmp}/words.txt"], 1, "already exists"),
    ],
)
def test_bad_input_is_one_line_with_its_exit_code(
    arguments: list[str], code: int, message: str, text: Path, tmp_path: Path, run: Any
) -> None:
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "thesis.tex").touch()
    (tmp_path / "words.txt").write_text("sun 3\n")
    (tmp_path / "bad.txt").write_bytes(b"a\xff b a b\n" * 9)
    (tmp_path / "blank.txt").write_text(" \n")
    before = sizes_in(tmp_path)
    found, output, said = run(*(part.format(tmp=tmp_path) for part in arguments))
    assert (found, output) == (code, "")
    assert message in said
    assert said.count("\n") == 1
    assert sizes_in(tmp_path) == before


def test_lists_that_match_nothing_are_told_with_counts(
    run: Any, text: Path, tmp_path: Path
) -> None:
    (tmp_path / "stop").write_text("The OF and\n")
    (tmp_path / "keep").write_text("Sun sun\n")
    lists = ["--drop-words", tmp_path / "stop", "--keep-words", tmp_path / "keep"]
    for command in ("encode", "cooccurrence"):
        _, _, said = run(command, text, "-o", tmp_path / command, *lists)
        assert "words in the drop list that never occur: 3" in said
        assert "words in the keep list that never occur: 1" in said
    _, _, said = run("vocabulary", text, *lists)
    assert "words in the drop list that never occur: 3" in said


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero on this system")
def test_a_list_of_words_without_an_end_is_refused(run: Any, text: Path) -> None:
    code, _, said = run("vocabulary", text, "--drop-words", "/dev/zero")
    assert (code, said) == (1, "skipgram: /dev/zero is a device, not a regular file\n")


def test_a_list_of_no_words_is_an_error(run: Any, text: Path, tmp_path: Path) -> None:
    (tmp_path / "stop").write_text("\n \n")
    code, _, said = run("vocabulary", text, "--drop-words", tmp_path / "stop")
    assert (code, said.splitlines()[-1]) == (
        1,
        f"skipgram: {tmp_path / 'stop'} holds no words; omit the option, or list some",
    )
