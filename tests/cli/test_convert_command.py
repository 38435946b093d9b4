"""`skipgram convert`, `index` and `neighbors`: vectors of any tool, asked on the command line."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

import skipgram
from helpers.command_line import run
from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from helpers.mutations import fasttext_bytes
from skipgram.errors import OutputExistsError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random_vectors(1, vocab_size=50, embedding_dim=6).save(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.mark.parametrize("taken", ["v.npy", "v.words"])
@pytest.mark.parametrize("source", ["vectors", "nowhere"])
def test_a_folder_in_the_place_of_a_file_is_found_first_and_nothing_is_removed(
    folder, tmp_path, monkeypatch, capsys, taken, source
):
    other = tmp_path / ({"v.npy", "v.words"} - {taken}).pop()
    (tmp_path / taken).mkdir()
    other.write_text("old")
    assert run(monkeypatch, "convert", tmp_path / source, tmp_path / "v.npy", "--overwrite") == 1
    said = f"{tmp_path / taken} is a folder; give the name of a file"
    assert capsys.readouterr().err == f"skipgram: {said}\n"
    with pytest.raises(OutputExistsError, match=said):
        skipgram.load(folder).export(tmp_path / "v.npy", overwrite=True)
    assert other.read_text() == "old"


def test_vectors_go_through_all_formats_and_come_back(folder, tmp_path, monkeypatch, capsys):
    names = ["v.bin", "v.txt.gz", "v.parquet", "v.arrow", "v.npy", "v.tsv", "v.vec.xz", "v.glove"]
    before = folder
    for name in names:
        assert run(monkeypatch, "convert", before, tmp_path / name) == 0
        before = tmp_path / name
    assert run(monkeypatch, "convert", before, tmp_path / "hub", "--to", "hub", "-q") == 0
    assert run(monkeypatch, "convert", tmp_path / "hub", tmp_path / "again", "-q") == 0
    output, said = capsys.readouterr()
    assert output == ""
    assert said.count("50 words × 6 numbers to ") == len(names)
    assert "counts are not kept; only the 'center' matrix is written" in said.splitlines()[0]
    assert said.count("counts are not kept") == 1, "there are none to lose after that"
    again = skipgram.load(tmp_path / "again")
    assert again.matrix.tobytes() == skipgram.load(folder).matrix.tobytes()


def test_what_is_lost_on_the_way_is_counted(tmp_path, monkeypatch, capsys):
    (tmp_path / "v.txt").write_bytes(b"caf\xe9 1 2\nb 3 4\nb 5 6\n")
    arguments = ("convert", tmp_path / "v.txt", tmp_path / "out")
    assert run(monkeypatch, *arguments) == 1
    assert "v.txt:3: the word 'b' appears twice" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert run(monkeypatch, *arguments, "--duplicates", "first") == 0
    assert capsys.readouterr().err == (
        f"wrote 2 words × 2 numbers to {tmp_path}/out (native); "
        "1 words are not utf-8 (escape); 1 duplicates dropped\n"
    )
    (tmp_path / "model.bin").write_bytes(fasttext_bytes([b"one", b"two"]))
    assert run(monkeypatch, "convert", tmp_path / "model.bin", tmp_path / "words.vec") == 0
    assert "vectors of subwords, for unknown words, are not kept" in capsys.readouterr().err
    assert run(monkeypatch, "convert", tmp_path / "model.bin", tmp_path / "kept") == 0
    assert "subwords" not in capsys.readouterr().err
    assert len(skipgram.load(tmp_path / "kept").most_similar("three")) == 2


def test_the_native_folder_keeps_the_precision_that_is_asked_for(folder, tmp_path, monkeypatch):
    small = tmp_path / "small"
    assert run(monkeypatch, "convert", folder, small, "--precision", "int8") == 0
    assert skipgram.load(small).precision == "int8"
    assert run(monkeypatch, "convert", folder, tmp_path / "v.txt", "--precision", "int8") == 2
    assert run(monkeypatch, "convert", folder, tmp_path / "odd", "--precision", "int3") == 2
    assert not (tmp_path / "odd").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["{folder}", "{folder}"], 2, "is an input and would be overwritten"),
        (["{folder}", "{tmp}/v.kv"], 2, "no format has the suffix '.kv'"),
        (["{folder}", "{tmp}/v.txt", "--to", "csv"], 2, "format 'csv' is not one of"),
        (["{folder}", "{tmp}/taken"], 1, "already exists"),
        (["{tmp}/nothing", "{tmp}/v.txt"], 1, "does not exist; give"),
        (["{tmp}/taken", "{tmp}/v.txt"], 1, "is empty"),
    ],
)
def test_what_cannot_be_converted_is_told_in_one_line(
    folder, tmp_path, monkeypatch, capsys, arguments, code, text
):
    (tmp_path / "taken").write_text("")
    given = [argument.format(folder=folder, tmp=tmp_path) for argument in arguments]
    assert run(monkeypatch, "convert", *given) == code
    said = capsys.readouterr().err
    assert any(part in said for part in text.split("|")), said
    assert len(said.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["taken", "vectors"]


def test_neighbours_are_printed_as_a_table_as_json_and_as_csv(folder, monkeypatch, capsys):
    vectors = skipgram.load(folder)
    expected = {word: vectors.most_similar(word, k=2) for word in ("w1", "w2")}
    assert run(monkeypatch, "neighbors", folder, "w1", "w2", "-k", "2") == 0
    assert expected["w1"][0].word in capsys.readouterr().out
    assert run(monkeypatch, "neighbors", folder, "w1", "w2", "-k", "2", "--format", "json") == 0
    records = json.loads(capsys.readouterr().out)
    assert [record["query"] for record in records] == ["w1", "w2"]
    for record in records:
        found = [near["word"] for near in record["neighbors"]]
        assert found == [near.word for near in expected[record["query"]]]
    assert run(monkeypatch, "neighbors", folder, "w1", "w2", "-k", "2", "--format", "csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["query"], row["rank"]) for row in rows] == [
        ("w1", "1"), ("w1", "2"), ("w2", "1"), ("w2", "2"),
    ]  # fmt: skip
    assert rows[0]["word"] == expected["w1"][0].word
    assert float(rows[0]["similarity"]) == pytest.approx(expected["w1"][0].similarity, abs=1e-6)


@pytest.mark.parametrize("words", [["-"], []])
def test_words_come_from_the_standard_input_and_unknown_ones_are_counted(
    folder, monkeypatch, capsys, words
):
    text = "w1\nnobody\n\nw2\r\n"
    arguments = ["neighbors", folder, *words, "--format", "csv", "-k", "1"]
    assert run(monkeypatch, *arguments, stdin=text.encode()) == 0
    output, said = capsys.readouterr()
    assert [row[0] for row in csv.reader(io.StringIO(output))] == ["query", "w1", "w2"]
    assert said == "skipped: 1 of 3 words cannot be compared: 'nobody' (not in the vocabulary)\n"
    assert run(monkeypatch, *arguments, stdin=b"w1\n\x1b[31mred\n") == 0
    assert "'\\x1b[31mred' (not" in capsys.readouterr().err, "no word steers the terminal"
    assert run(monkeypatch, *arguments, stdin=b"nobody\n") == 2
    assert "none of the words from standard input can be looked up" in capsys.readouterr().err


def test_words_of_the_standard_input_whose_vector_is_zero_are_skipped_and_named(
    tmp_path, monkeypatch, capsys
):
    vectors_of({"a": [1, 0], "zero": [0, 0], "b": [1, 1]}).save(tmp_path / "vectors")
    arguments = ["neighbors", tmp_path / "vectors", "--format", "csv", "-k", "1"]
    assert run(monkeypatch, *arguments, stdin=b"a\nzero\nb\nnobody\n") == 0
    output, said = capsys.readouterr()
    assert [row[0] for row in csv.reader(io.StringIO(output))] == ["query", "a", "b"]
    assert said == (
        "skipped: 2 of 4 words cannot be compared: 'nobody' (not in the vocabulary); 'zero' (a "
        "vector of zeros has no direction)\n"
    )
    assert run(monkeypatch, *arguments[:2], "a", "zero") == 1
    assert "'zero' cannot be compared: a vector of zeros" in capsys.readouterr().err


def test_a_process_without_a_standard_input_asks_for_words(folder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", None)
    assert run(monkeypatch, "neighbors", folder) == 2
    assert "no words to look up; give some" in capsys.readouterr().err


def test_neighbours_are_filtered(folder, monkeypatch, capsys):
    arguments = ["neighbors", folder, "w1", "--format", "json"]
    assert run(monkeypatch, *arguments, "--first-words", "3", "--exclude", "w0") == 0
    [record] = json.loads(capsys.readouterr().out)
    assert [near["word"] for near in record["neighbors"]] == ["w2"]


def test_an_index_is_built_and_asked(folder, monkeypatch, capsys):
    pytest.importorskip("faiss")
    asked = ["neighbors", folder, "w1", "--approximate", "--format", "json"]
    assert run(monkeypatch, *asked) == 2
    assert "there is no index for approximate search; build one" in capsys.readouterr().err
    assert run(monkeypatch, "index", folder) == 0
    assert "50 words indexed in" in capsys.readouterr().err
    assert run(monkeypatch, *asked) == 0
    assert len(json.loads(capsys.readouterr().out)[0]["neighbors"]) == 10
    assert run(monkeypatch, "info", folder) == 0
    assert "for approximate neighbours" in capsys.readouterr().out


def test_an_index_needs_a_folder_to_lie_in(folder, tmp_path, monkeypatch, capsys):
    skipgram.load(folder).export(tmp_path / "v.txt")
    skipgram.load(folder).export(tmp_path / "hub", format="hub")
    for other in ("v.txt", "hub"):
        before = sorted(tmp_path.rglob("*"))
        assert run(monkeypatch, "index", tmp_path / other) == 2
        assert "convert it first: skipgram convert" in capsys.readouterr().err
        assert sorted(tmp_path.rglob("*")) == before


def test_the_other_commands_take_files_of_other_tools(folder, tmp_path, monkeypatch, capsys):
    file = tmp_path / "v.bin"
    skipgram.load(folder).export(file)
    for command in (["info"], ["similarity", "w1", "w2"], ["analogy", "w1", "w2", "w3"]):
        assert run(monkeypatch, command[0], file, *command[1:]) == 0
    output = capsys.readouterr().out
    assert "format word2vec-binary" in output
    assert "counts     none" in output
    multiplied = ["analogy", file, "w1", "w2", "w3", "--combine", "multiply", "--format", "json"]
    assert run(monkeypatch, *multiplied) == 0
    [record] = json.loads(capsys.readouterr().out)
    best = skipgram.load(file).analogy("w1", "w2", "w3", combine="multiply")[0]
    assert record["neighbors"][0]["word"] == best.word


def test_what_cannot_keep_the_spelling_is_said_and_the_native_folder_keeps_it(
    tmp_path, monkeypatch, capsys
):
    spelled_vectors().save(tmp_path / "v")
    for name in ("v.txt", "v.bin", "v.glove", "v.npy", "v.parquet", "v.arrow", "v.tsv"):
        assert run(monkeypatch, "convert", tmp_path / "v", tmp_path / name) == 0
        said = capsys.readouterr().err
        assert "the vectors of n-grams, for unknown words, are not kept" in said
        assert "only the 'spelled' matrix is written" in said
        assert_close(skipgram.load(tmp_path / name).matrix, spelled_vectors().matrix, FLOAT32)
    assert run(monkeypatch, "convert", tmp_path / "v", tmp_path / "w", "--precision", "int8") == 0
    assert "not kept" not in capsys.readouterr().err
    assert skipgram.load(tmp_path / "w").can_spell("helpings")
