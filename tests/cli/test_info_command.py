"""What `skipgram info` shows fits the terminal, and says of what each number is."""

import re
from pathlib import Path

import pytest

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import spelled_vectors, vectors_of

SWEEPS = [{"objective": 8.0 - sweep / 100, "seconds": 0.1 * sweep} for sweep in range(1, 31)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    about = {
        "corpus": {"tokens": 1, "lines": 1, "sha256": "ab" * 32},
        "sweeps": SWEEPS,
        "settings": skipgram.Settings().to_dict(),
    }
    vectors = vectors_of({"moon": [3, 0], "star": [2, 1]})
    vectors.about.update(about)
    vectors.save(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_long_rows_are_wrapped_between_their_pieces(columns, folder, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as a terminal of this width
    monkeypatch.setenv("COLUMNS", str(columns))
    assert run(monkeypatch, "info", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    odd = [line for line in lines if len(line) > columns]
    assert [line.split()[0] for line in odd] == ["sha256"] * (columns < 76)
    objectives = re.findall(r"\b[78]\.\d{4}\b", "\n".join(lines))
    assert objectives == [f"{sweep['objective']:.4f}" for sweep in SWEEPS]
    assert any("  learning_rate 0.035" in line for line in lines)


def test_where_there_is_no_terminal_rows_are_wrapped_like_other_tables(folder, monkeypatch, capsys):
    assert run(monkeypatch, "info", folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert 100 < max(map(len, lines)) <= 120


def test_the_hash_is_told_with_what_it_is_of(folder, tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "info", folder) == 0
    vectors = capsys.readouterr().out
    assert re.search(f"^sha256 +{'ab' * 32}  \\(of the uncompressed text\\)$", vectors, re.M)
    text = tmp_path / "text.txt"
    text.write_text("sun moon\n" * 9)
    corpus = skipgram.encode(text, tmp_path / "corpus")
    assert run(monkeypatch, "info", tmp_path / "corpus") == 0
    told = capsys.readouterr().out
    assert f"{corpus.summary.sha256}  (of the uncompressed text)" in told
    assert re.search(r"^corpus +18 words in 9 lines, of 18 read$", told, re.M)


def test_one_word_in_one_line_is_told_in_the_singular(folder, monkeypatch, capsys):
    assert run(monkeypatch, "info", folder) == 0
    assert re.search(r"^corpus +1 word in 1 line$", capsys.readouterr().out, re.M)


def test_the_spelling_is_told(tmp_path, monkeypatch, capsys):
    spelled_vectors().save(tmp_path / "v")
    assert run(monkeypatch, "info", tmp_path / "v") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "shown: spelled" in shown
    assert "spelling 202 n-grams of 3-6 characters share 0.5 fitted to center explains " in shown
    assert "of held-out words' variance" in shown
