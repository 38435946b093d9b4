"""`skipgram evaluate`: one set of vectors is judged, several are compared."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers import command_line
from helpers.handmade_vectors import vectors_of

PAIRS = 60
LINES = ["a b c d e f", "c d a b", "f e d c b a"] * 20


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda *arguments: (
        command_line.run(monkeypatch, "evaluate", *arguments),
        *capsys.readouterr(),
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with rated pairs and two sets of vectors, of which "clear" is the better."""
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(1)
    truth = random.uniform(-0.9, 0.9, PAIRS)
    (tmp_path / "pairs.tsv").write_text(
        "".join(f"a{number}\tb{number}\t{rating}\n" for number, rating in enumerate(truth))
    )
    for name, noise in {"noisy": 1.5, "clear": 0.1}.items():
        rows: dict[str, Any] = {}
        for number, cosine in enumerate(
            np.clip(truth + noise * random.standard_normal(PAIRS), -1, 1)
        ):
            rows |= {f"a{number}": [1, 0], f"b{number}": [cosine, np.sqrt(1 - cosine**2)]}
        vectors_of(rows).save(tmp_path / name)
    return tmp_path


@pytest.mark.usefixtures("place")
def test_one_set_of_vectors_has_its_scores_with_intervals(run: Any) -> None:
    code, output, noted = run("clear", "--similarity", "pairs.tsv")
    report = skipgram.evaluate("clear", similarity="pairs.tsv", analogies=())
    score = report.similarity[0]
    assert (code, noted) == (0, "")
    first = output.splitlines()[1]
    assert first.split()[:2] == ["pairs", f"{score.correlation:.3f}"]
    assert score.interval is not None
    assert f"{score.interval.low:.3f} to {score.interval.high:.3f}" in first
    assert first.endswith("60 of 60")


@pytest.mark.usefixtures("place")
def test_several_are_compared_with_the_first_and_the_verdict_is_in_words(run: Any) -> None:
    code, output, _ = run("noisy", "clear", "--similarity", "pairs.tsv")
    assert code == 0
    differences = output.split("clear against noisy")[1].splitlines()
    assert differences[1].split() == ["verdict", "by", "95", "%", "interval", "p", "common"]
    assert differences[2].split()[:2] == ["pairs", "better"]
    assert "one training of a system" in output
    assert "worse" in run("clear", "noisy", "--similarity", "pairs.tsv")[1]


@pytest.mark.usefixtures("place")
def test_a_difference_that_has_no_p_is_not_tested(run: Any) -> None:
    few = "".join(Path("pairs.tsv").read_text().splitlines(keepends=True)[:7])
    Path("few.tsv").write_text(few)
    code, output, _ = run("noisy", "clear", "--similarity", "few.tsv")
    assert code == 0
    assert "not tested" in output
    assert "not distinguishable" not in output
    assert "fewer than ten items" in output
    assert "Holm" not in output
    assert "fewer than ten items" in run("clear", "--similarity", "few.tsv")[1]
    assert "fewer than ten items" not in run("clear", "--similarity", "pairs.tsv")[1]


@pytest.mark.usefixtures("place")
def test_bands_and_hubs_are_shown_when_asked_for(run: Any) -> None:
    code, output, _ = run("clear", "--similarity", "pairs.tsv", "--bands", "--hubness")
    assert code == 0
    assert "1 to 1,000" in output
    hubs = str(skipgram.hubness(skipgram.load("clear"))).splitlines()
    assert output.splitlines()[-len(hubs) :] == hubs


@pytest.mark.usefixtures("place")
def test_bands_and_hubs_of_several_are_told_apart(run: Any) -> None:
    code, output, _ = run("noisy", "clear", "--similarity", "pairs.tsv", "--bands", "--hubness")
    assert code == 0
    assert output.count("clear against noisy") == 2
    assert "of parts: p by Holm's correction" in output
    assert output.index("\nnoisy:\n") < output.index("\nclear:\n")


@pytest.mark.usefixtures("place")
def test_sections_of_analogies_are_shown_when_asked_for(run: Any) -> None:
    Path("questions.txt").write_text(": one\na1 b1 a2 b2\n: two\na3 b3 a4 b4\nx y z q\n: empty\n")
    code, output, _ = run("clear", "--analogies", "questions.txt", "--sections")
    assert code == 0
    rows = [line.split() for line in output.splitlines() if line.startswith("  ")]
    assert [(row[0], row[-3:]) for row in rows[2:]] == [
        ("one", ["1", "of", "1"]),
        ("two", ["1", "of", "2"]),
    ]


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("several", [False, True])
def test_records_are_the_same_in_all_formats(run: Any, several: bool) -> None:
    given = ["noisy", "clear"] if several else ["clear", "--hubness"]
    given.append("--bands")
    arguments = [*given, "--similarity", "pairs.tsv", "--format"]
    as_json = json.loads(run(*arguments, "json")[1])
    lines = [json.loads(line) for line in run(*arguments, "jsonl")[1].splitlines()]
    assert lines == as_json
    table = list(csv.DictReader(io.StringIO(run(*arguments, "csv")[1], newline="")))
    assert len(table) == len(as_json)
    for row, record in zip(table, as_json, strict=True):
        assert list(row) == list(record)
        for name, value in record.items():
            if isinstance(value, float):
                assert float(row[name]) == pytest.approx(value, abs=1e-6)
            else:
                assert row[name] == ("" if value is None else str(value))
    kinds = [record["kind"] for record in as_json]
    assert kinds == (
        ["score"] * 4 + ["difference"] + ["part"] * 10 + ["difference"] * 5
        if several
        else ["score"] * 2 + ["part"] * 5 + ["hubness"] * 2 + ["hub"] * 10
    )
    markdown = run(*arguments, "markdown")[1]
    assert markdown.splitlines()[1].replace("-", "").strip("| ") == "" or "|" in markdown


@pytest.mark.usefixtures("place")
def test_a_record_has_the_score_its_interval_and_its_coverage(run: Any) -> None:
    record = json.loads(run("clear", "--similarity", "pairs.tsv", "--format", "json")[1])[0]
    score = skipgram.evaluate("clear", similarity="pairs.tsv", analogies=()).similarity[0]
    assert score.interval is not None
    told = (record["system"], record["set"], record["measure"], record["known"], record["total"])
    assert told == ("clear", "pairs", "Spearman's ρ", 60, 60)
    assert record["value"] == pytest.approx(score.correlation)
    assert (record["low"], record["high"]) == (score.interval.low, score.interval.high)


@pytest.mark.usefixtures("place")
def test_scores_are_drawn_into_a_file(run: Any, place: Path) -> None:
    pytest.importorskip("matplotlib")
    for given in (["clear"], ["noisy", "clear"]):
        code, _, noted = run(*given, "--similarity", "pairs.tsv", "--figure", "scores.png")
        assert (code, noted) == (0, "drawn: scores.png\n")
        assert (place / "scores.png").read_bytes().startswith(b"\x89PNG")


def test_trainings_that_differ_in_their_seed_alone_are_one_system(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pairs.tsv").write_text("a\tb\t1\na\tc\t2\nb\td\t3\nc\td\t4\n")
    small = {"embedding_dim": 4, "min_count": 1, "subsample": 0, "progress": False, "threads": 1}
    for name, settings in {
        "run-1": {"seed": 1},
        "run-2": {"seed": 2},
        "wide": {"seed": 1, "window": 2},
    }.items():
        skipgram.train(iter(LINES), name, **small, **settings)
    sets = ("run-1", "run-2", "wide", "--similarity", "pairs.tsv")
    assert "run (2 seeds)" in run(*sets)[1]
    assert "(2 seeds)" not in run(*sets, "--apart")[1]
    alone = run("run-1", "run-2", "--similarity", "pairs.tsv")[1]
    assert "run (2 seeds)" in alone
    assert "±" in alone
    assert "against" not in alone


@pytest.mark.usefixtures("place")
def test_scores_are_shown_though_hubs_or_sections_cannot_be(run: Any) -> None:
    vectors_of({"a1": [1, 0], "b1": [0, 1]}).save("tiny")
    code, output, noted = run("tiny", "--similarity", "pairs.tsv", "--hubness", "--sections")
    assert code == 0
    assert "1 of 60" in output
    assert "no hubness of tiny: 2 words with a vector that is not zero are too few" in noted
    assert "--sections: no set has several sections" in noted


@pytest.mark.usefixtures("place")
def test_vectors_that_cannot_spell_are_told_of(run: Any) -> None:
    code, _, noted = run("clear", "--similarity", "pairs.tsv", "--spell")
    assert code == 0
    assert "vectors without spelling leave out unknown words" in noted


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["clear", "--format", "xml"], 2, "format 'xml' is not one of: table, json, jsonl, csv"),
        (["clear", "--method", "cosine"], 2, "method is 'cosine', not one of: 3CosAdd, 3CosMul"),
        (["clear", "--resamples", "-1"], 2, "resamples must be at least 0, not -1"),
        (["clear", "none"], 1, "none does not exist"),
        (["clear", "--held-out", "pairs.tsv", "--figure", "x.png"], 2, "--figure draws scores"),
        (["clear", "--figure", "x.jpg"], 2, "give a name that ends in .png, .svg or .pdf"),
        (["clear", "noisy", "--held-out", "pairs.tsv"], 2, "skipgram: clear: pairs.tsv: "),
        (["clear", "--held-out", "pairs.tsv"], 2, "skipgram.train records them"),
    ],
)
def test_what_cannot_be_done_is_refused(
    run: Any, arguments: list[str], code: int, message: str
) -> None:
    found, output, noted = run(*arguments)
    assert (found, output) == (code, "")
    assert noted.startswith("skipgram: ")
    assert message in noted
