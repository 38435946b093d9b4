"""`skipgram spell`: any vectors in, vectors that know their spelling out, and a short account."""

import re

import numpy as np
import pytest

import skipgram
from helpers.command_line import run
from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import inflected_vectors, spelled_vectors, vectors_of


def test_a_file_of_vectors_becomes_a_folder_that_can_spell(tmp_path, monkeypatch, capsys):
    inflected_vectors().export(tmp_path / "v.txt")
    arguments = ("spell", tmp_path / "v.txt", "--output", tmp_path / "out", "--penalty", "0.1")
    assert run(monkeypatch, *arguments) == 0
    shown = capsys.readouterr()
    assert shown.out == ""
    told = re.sub(r"\d\.\d s", "0.1 s", shown.err)
    assert re.sub(r"explain \d\d %", "explain 90 %", told).splitlines() == [
        "spelling 60 words; needs some 1 MB",
        "60 words × 5 numbers, 202 n-grams of 3-6 characters, 0.1 s",
        "n-grams explain 90 % of held-out words' variance",
        f"{tmp_path}/out shows the center vectors + 0.5 of what their spelling says",
    ]
    vectors = skipgram.load(tmp_path / "out")
    assert_close(vectors["helpings"], spelled_vectors()["helpings"], FLOAT32)
    assert run(monkeypatch, *arguments) == 1  # the place is taken
    assert "exists" in capsys.readouterr().err
    assert run(monkeypatch, *arguments, "--overwrite", "--quiet") == 0
    assert capsys.readouterr().err == ""


def test_numbers_of_items_are_left_as_they_are_and_that_is_said(tmp_path, monkeypatch, capsys):
    random = np.random.default_rng(1)
    items = {str(item): random.standard_normal(4) for item in random.permutation(9000)[:500]}
    vectors_of({"1": np.ones(4), "zeros": np.zeros(4), **items}).save(tmp_path / "items")
    assert run(monkeypatch, "spell", tmp_path / "items", "-o", tmp_path / "out") == 0
    told = capsys.readouterr().err
    assert "n-grams explain nothing of held-out words' variance: they are left out" in told
    assert "words whose vector is zero, left out: 1\n" in told
    assert "words without any of these n-grams: " in told
    assert told.endswith(f"{tmp_path}/out shows the center vectors\n")
    assert run(monkeypatch, "info", tmp_path / "out") == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "explains nothing: left out, and unknown words stay unknown" in shown
    assert run(monkeypatch, "neighbors", tmp_path / "out", "99999") == 1
    assert "the spelling of these words says nothing of their vectors" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--ngrams", "6-3"), "--ngrams 6-3 runs backwards: did you mean 3-6?"),
        (("--ngrams", "0-3"), "--ngrams must lie in 1-32, not 0-3"),
        (("--ngrams", "1-40"), "--ngrams must lie in 1-32, not 1-40"),
        (("--ngrams", "none"), "--ngrams is none, and spelling is made of n-grams"),
        (("--share", "-1"), "--share must be a number from 0 to 100, not -1.0"),
        (("--share", "nan"), "--share must be a number from 0 to 100, not nan"),
        (("--share", "much"), "--share must be a number, not 'much'"),
        (("--penalty", "0"), "--penalty must be a number above 0, not 0.0"),
        (("--min-words", "0"), "--min-words must be at least 1, not 0"),
        (("--threads", "0"), "--threads must be at least 1, not 0"),
    ],
)
def test_an_option_that_cannot_be_is_wrong_usage(options, said, tmp_path, monkeypatch, capsys):
    inflected_vectors().save(tmp_path / "v")
    assert run(monkeypatch, "spell", tmp_path / "v", "-o", tmp_path / "out", *options) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_vectors_are_not_written_over_themselves(tmp_path, monkeypatch, capsys):
    inflected_vectors().save(tmp_path / "v")
    assert run(monkeypatch, "spell", tmp_path / "v", "-o", tmp_path / "v", "--overwrite") == 2
    assert "is an input and would be overwritten" in capsys.readouterr().err


def test_a_vocabulary_without_shared_ngrams_is_refused_with_what_may_help(
    tmp_path, monkeypatch, capsys
):
    vectors_of({"1": [1.0], "2": [2.0]}).save(tmp_path / "v")
    assert run(monkeypatch, "spell", tmp_path / "v", "-o", tmp_path / "out") == 1
    assert "shorter ones may be shared: try --ngrams 1-3" in capsys.readouterr().err


def test_evaluation_spells_unknown_words_if_asked_to(tmp_path, monkeypatch, capsys):
    spelled_vectors().save(tmp_path / "v")
    pairs = ["walk\twalks\t3", "helpings\thelping\t2", "walk\trains\t1", "helpings\trains\t1"]
    (tmp_path / "pairs.tsv").write_text("\n".join(pairs))
    arguments = ("evaluate", tmp_path / "v", "--similarity", tmp_path / "pairs.tsv")
    assert run(monkeypatch, *arguments) == 0
    shown = capsys.readouterr().out
    assert " 2 of 4\n" in shown
    assert "spelling" not in shown
    assert run(monkeypatch, *arguments, "--spell") == 0
    shown = capsys.readouterr().out
    assert " 4 of 4\n" in shown
    assert "pairs: unknown words made from their spelling: 1" in shown
