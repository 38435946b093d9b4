"""`skipgram compare`: the screen, the other forms, and what is refused."""

import importlib.util
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from helpers import command_line
from helpers.small_texts import LINES

SMALL = ["--embedding-dim", "4", "--epochs", "2", "--subsample", "0", "--threads", "1"]
needs_gensim = pytest.mark.skipif(
    importlib.util.find_spec("gensim") is None, reason="gensim is not installed"
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    text, ratings, scratch = (tmp_path / name for name in ("text.txt", "ratings.tsv", "scratch"))
    text.write_text("\n".join(LINES))
    ratings.write_text("sun\tmoon\t9\nthe\tstar\t3\nsky\tof\t1\nmoon\tstar\t7\n")
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    monkeypatch.setattr("skipgram.peers.others.FastText.module", "no_such_module")

    def compare(*options: str) -> tuple[int, str, str]:
        asked = ("compare", text, "--similarity", ratings, *SMALL, *options)
        return command_line.run(monkeypatch, *asked), *capsys.readouterr()

    return compare


@needs_gensim
def test_the_screen_has_a_row_a_system_and_then_the_scores(run: Any) -> None:
    code, output, said = run("--seeds", "2")
    assert code == 0
    heading, like, own, gensim, fasttext, *rest = map(str.rstrip, output.splitlines())
    assert " ".join(heading.split()) == ("training with reading words/s beside the first")
    assert like.startswith("skipgram, like settings")
    assert own.startswith("skipgram, own defaults")
    assert gensim.startswith("gensim")
    assert gensim.endswith(("slower", "faster", "as fast"))
    assert fasttext.split("  ")[0] == "fastText"
    assert fasttext.endswith("not installed: pip install fasttext-community")
    assert "rates at the start: skipgram, like settings 0.035, gensim 0.025" in rest
    assert any("against skipgram, like settings" in line for line in rest)
    assert "training 6 of 6: gensim, seed 2" in said


@needs_gensim
@pytest.mark.slow
def test_progress_can_be_silenced(run: Any) -> None:
    code, output, said = run("--quiet", "--peer", "gensim", "--gensim-rate", "0.05")
    assert (code, said) == (0, "")
    assert "fastText" not in output
    assert "gensim 0.05" in output


@needs_gensim
@pytest.mark.parametrize(
    "form", ["json", *(pytest.param(form, marks=pytest.mark.slow) for form in ("jsonl", "csv"))]
)
def test_programs_get_speeds_and_scores_as_records(run: Any, form: str) -> None:
    _, output, _ = run("--quiet", "--format", form)
    if form == "csv":
        kinds = [line.split(",")[0].strip('"') for line in output.splitlines()[1:]]
    else:
        records = json.loads(output) if form == "json" else map(json.loads, output.splitlines())
        kinds = [record["kind"] for record in records]
    assert kinds[:8] == ["speed"] * 8
    assert set(kinds[8:]) == {"score", "difference"}


@pytest.mark.slow
def test_markdown_has_tables(run: Any) -> None:
    _, output, _ = run("--quiet", "--format", "markdown")
    assert output.splitlines()[1] == "| --- | --- | --- | --- | --- |"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--seeds", "0"], "seeds must be at least 1, not 0"),
        (["--peer", "gensm"], "--peer may be gensim and fasttext, not 'gensm'"),
        (["--fasttext-rate", "0"], "fasttext's learning_rate must be above 0"),
        (["--format", "xml"], "format 'xml' is not one of"),
    ],
)
def test_what_cannot_be_is_wrong_usage(run: Any, options: list[str], told: str) -> None:
    code, output, said = run(*options)
    assert (code, output) == (2, "")
    assert told in said


def test_a_text_of_rare_words_is_an_error_of_one_line(run: Any) -> None:
    code, output, said = run("--quiet", "--min-count", "1000")
    assert (code, output) == (1, "")
    assert said.startswith("skipgram: no word occurs 1000 times or more")
    assert len(said.splitlines()) == 1
