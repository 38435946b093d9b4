"""`skipgram align`: what changed between two sets of vectors, and the source turned."""

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import vectors_of


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    random = np.random.default_rng(5)
    rows = random.standard_normal((60, 4))
    rotation = np.linalg.qr(random.standard_normal((4, 4)))[0]
    changed = rows @ rotation
    changed[[1, 2]] = changed[[2, 1]]
    for name, matrix in (("old", rows), ("new", changed)):
        vectors_of({f"w{number}": row for number, row in enumerate(matrix)}).save(tmp_path / name)
    return tmp_path / "old", tmp_path / "new"


def test_the_words_that_changed_most_are_shown(sides, monkeypatch, capsys):
    assert run(monkeypatch, "align", *sides, "-k", "4") == 0
    output, said = capsys.readouterr()
    assert {line.split()[0] for line in output.splitlines()[1:3]} == {"w1", "w2"}
    assert said.startswith("aligned by 60 words; mean cosine of 60 shared words 0.9")
    assert run(monkeypatch, "align", *sides, "-k", "2", "--format", "json", "--by", "overlap") == 0
    records = json.loads(capsys.readouterr().out)
    assert {record["word"] for record in records} == {"w1", "w2"}
    assert set(records[0]) == {"word", "similarity", "overlap", "gained", "lost"}
    assert run(monkeypatch, "align", *sides, "-k", "2", "--format", "csv", "--neighbors", "3") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["word"] for row in rows} == {"w1", "w2"}
    assert len(rows[0]["gained"].split()) <= 3


def test_the_source_is_saved_turned(sides, tmp_path, monkeypatch):
    assert run(monkeypatch, "align", *sides, "--output", tmp_path / "turned") == 0
    turned, target = skipgram.load(tmp_path / "turned"), skipgram.load(sides[1])
    assert float((turned.unit * target.unit).sum(axis=1).mean()) > 0.9
    assert run(monkeypatch, "align", *sides, "--output", tmp_path / "turned") == 1
    assert run(monkeypatch, "align", *sides, "--output", tmp_path / "turned", "--overwrite") == 0


def test_a_dictionary_turns_one_language_to_another(sides, tmp_path, monkeypatch, capsys):
    words = tmp_path / "words.tsv"
    words.write_text("".join(f"w{number}\tw{number}\n" for number in range(5, 30)) + "x\ty\n")
    assert run(monkeypatch, "align", *sides, "--dictionary", words) == 0
    assert "aligned by 25 words; 1 pairs have an unknown word; " in capsys.readouterr().err
    words.write_text("w1\tw1\nw2 w2\n")
    assert run(monkeypatch, "align", *sides, "--dictionary", words) == 1
    assert capsys.readouterr().err == f"skipgram: {words}:2: 'w2 w2' is not word<TAB>word\n"
    assert run(monkeypatch, "align", *sides, "--dictionary", tmp_path / "nothing") == 1


def test_options_that_are_none_are_refused_and_nothing_is_written(
    sides, tmp_path, monkeypatch, capsys
):
    for option, value in (("--by", "age"), ("--format", "xml"), ("-k", "0")):
        assert run(monkeypatch, "align", *sides, option, value, "-o", tmp_path / "turned") == 2
        assert not (tmp_path / "turned").exists()
        assert len(capsys.readouterr().err.strip().splitlines()) <= 2
