"""What `skipgram neighbors` answers to words it knows, to others, and to none."""

import io
import json
import sys
from pathlib import Path

import pytest

from helpers.command_line import run
from helpers.handmade_vectors import spelled_vectors, vectors_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = {"moon": [3, 0], "star": [2, 1], "stove": [0, 2], "zero": [0, 0]}
    vectors_of(rows).save(tmp_path / "vectors")
    return tmp_path / "vectors"


def asked(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *arguments: str,
    stdin: bytes | None = None,
) -> tuple[int, str, str]:
    """The exit code, and what is answered and noted."""
    code = run(monkeypatch, "neighbors", folder, *arguments, stdin=stdin)
    return code, *capsys.readouterr()


def test_the_known_words_are_answered_and_each_unknown_one_named_with_similar_spellings(
    folder, monkeypatch, capsys
):
    code, answer, noted = asked(folder, monkeypatch, capsys, "moon", "stov", "xyz", "star", "stov")
    assert code == 1
    assert answer.splitlines()[0].split() == ["moon", "star"]
    assert noted.splitlines() == [
        "skipgram: 'stov' is not among the 4 words; did you mean stove?",
        "skipgram: 'xyz' is not among the 4 words",
    ]


def test_a_word_whose_vector_is_zero_is_named_after_the_answers(folder, monkeypatch, capsys):
    code, answer, noted = asked(folder, monkeypatch, capsys, "zero", "moon", "--format", "json")
    assert code == 1
    assert [record["query"] for record in json.loads(answer)] == ["moon"]
    assert noted == ("skipgram: 'zero' cannot be compared: a vector of zeros has no direction\n")


def test_where_no_word_is_known_there_is_no_answer(folder, monkeypatch, capsys):
    code, answer, noted = asked(folder, monkeypatch, capsys, "stov", "moom", "--format", "json")
    assert (code, answer) == (1, "")
    assert noted.count("did you mean") == 2


def test_of_very_many_unknown_words_the_last_share_a_line(folder, monkeypatch, capsys):
    for words, last in (
        (11, "1 more word cannot be looked up: 'word10'"),
        (17, "7 more words cannot be looked up: 'word10', 'word11', 'word12', 'word13', 'word14' "
         "and 2 more"),
    ):  # fmt: skip
        unknown = [f"word{number}" for number in range(words)]
        code, _, noted = asked(folder, monkeypatch, capsys, *unknown)
        assert code == 1
        assert len(noted.splitlines()) == 11
        assert noted.endswith(f"\nskipgram: {last}\n")


class Terminal(io.TextIOWrapper):
    """A standard input that somebody types in."""

    def isatty(self) -> bool:
        return True


def test_without_words_at_a_terminal_it_is_said_how_to_give_some(folder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO()))
    code, answer, noted = asked(folder, monkeypatch, capsys)
    assert (code, answer) == (2, "")
    assert noted == (
        f"skipgram: no words to look up; give some, as in  skipgram neighbors {folder} moon  "
        "(or - to read them from standard input, one a line)\n"
    )


def test_an_empty_standard_input_is_named_as_such(folder, monkeypatch, capsys):
    for nothing in (b"", b"\n \n"):
        for words in ((), ("-",)):
            code, answer, noted = asked(folder, monkeypatch, capsys, *words, stdin=nothing)
            assert (code, answer) == (2, "")
            assert noted.startswith(
                "skipgram: no words to look up: standard input is empty; give some, as in  "
                f"skipgram neighbors {folder} moon  (or - "
            )


def test_who_types_the_words_is_told_how_to_end_them(folder, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b"moon\n")))
    code, answer, noted = asked(folder, monkeypatch, capsys, "-")
    assert code == 0
    assert answer.startswith("moon")
    assert noted == (
        "type words, one a line, and end with Ctrl-D (on Windows with Ctrl-Z and Enter)\n"
    )


def test_a_text_given_for_vectors_is_recognised_and_the_training_suggested(
    tmp_path, monkeypatch, capsys
):
    novel = tmp_path / "my novel.txt"
    novel.write_text("\nCHAPTER 1\n\nIt was the best of times,\nit was the worst of times,\n" * 9)
    code, _, noted = asked(novel, monkeypatch, capsys, "times")
    assert code == 1
    assert noted == (
        f"skipgram: {novel} looks like text, not like vectors; train on it first:  "
        f"skipgram train '{novel}' -o vectors\n"
    )


def test_a_spelled_word_is_said_to_be_one_in_every_form(tmp_path, monkeypatch, capsys):
    spelled_vectors().save(tmp_path / "v")
    told = "not in the vocabulary; vectors made from the spelling: helpings"
    code, answer, noted = asked(tmp_path / "v", monkeypatch, capsys, "helpings", "walks")
    assert (code, noted) == (0, "")
    assert answer.splitlines()[-1] == told
    code, answer, noted = asked(
        tmp_path / "v", monkeypatch, capsys, "walks", "helpings", "--format", "json"
    )
    assert [record.get("spelled") for record in json.loads(answer)] == [None, ["helpings"]]
    code, answer, noted = asked(tmp_path / "v", monkeypatch, capsys, "helpings", "--format", "csv")
    assert noted == told + "\n"
    assert run(monkeypatch, "similarity", tmp_path / "v", "helpings", "help") == 0
    shown = capsys.readouterr()
    assert float(shown.out) > 0.5
    assert shown.err == told + "\n"


def test_a_word_that_cannot_be_spelled_is_named_as_an_unknown_one(tmp_path, monkeypatch, capsys):
    spelled_vectors().save(tmp_path / "v")
    code, _, noted = asked(tmp_path / "v", monkeypatch, capsys, "walks", "xyz")
    assert code == 1
    assert noted == (
        "skipgram: 'xyz' is unknown, and shares no n-gram of 3-6 characters with a known word\n"
    )
