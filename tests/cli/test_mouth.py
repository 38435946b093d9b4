"""What the command line tells, made harmless at one place: lines, JSON, CSV, tables, tracebacks."""

import csv
import io
import json
import re
import sys
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.text import Text

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import vectors_of
from skipgram.cli import main
from skipgram.cli.views import mouth
from skipgram.vectors.word_vectors import WordVectors
from skipgram.views.consoles import VisibleConsole

HOSTILE = "\x1b]0;x\x07\x9b\x85\u202e\u2066\u200f\u2028\u2029\u00a0\x7f\0\r\n\t\ud800\U000e0041"
JOINED = "نمی\u200cخواهم 👩\u200d🚀"
TEXTS = st.text(st.characters() | st.sampled_from(HOSTILE), max_size=12)
WORDS = ["a,b", 'a"b', "cr\rx", "lf\nx", "crlf\r\nx", "tab\tx", "ls\u2028x", "nel\x85x", "nul\0x",
         "NA", "007", " lead", "'", '""', "\\", "", "\ufeffx", "\x1ax", "東京"]  # fmt: skip


def is_harmless(text: str) -> bool:
    return all(char.isprintable() or char in "\n\u200c\u200d" for char in text)


class Stream(io.TextIOWrapper):
    """A standard stream, which may be a terminal."""

    def __init__(self, encoding: str = "utf-8", *, is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors="backslashreplace", newline="\n")
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        return self.is_terminal

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode(self.encoding)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    words = ["plain", "=1+1", "-", "été", "a\u202eb", JOINED]
    vectors_of({word: [1.0, number] for number, word in enumerate(words)}).save(tmp_path / "v")
    return tmp_path / "v"


# Lines


@given(TEXTS)
def test_a_line_stays_a_line_and_steers_nothing(text):
    told = mouth.shortened(text)
    assert is_harmless(told)
    assert "\n" not in told


@settings(max_examples=200)
@given(TEXTS, st.integers(1, 60), st.integers(0, 40))
def test_a_long_line_keeps_its_ends_and_counts_what_it_left_out(text, repeats, most):
    whole = text * repeats
    told = mouth.shortened(whole, most)
    if len(mouth.visible(whole)) <= most:
        assert told == mouth.visible(whole)
        return
    begin, count, end = re.fullmatch(
        r"(.*?) \.\.\. \(([\d,]+) characters left out\) \.\.\. (.*)", told, re.DOTALL
    ).groups()
    assert max(len(begin), len(end)) <= most // 2
    kept = len(whole) - int(count.replace(",", ""))
    places = [
        place
        for place in range(kept + 1)
        if mouth.visible(whole[:place]) == begin
        and mouth.visible(whole[len(whole) - kept + place :]) == end
    ]
    assert places


def test_a_gigantic_line_is_not_escaped_as_a_whole(monkeypatch):
    escaped = []
    monkeypatch.setattr(mouth, "visible", lambda text: escaped.append(len(text)) or text)
    mouth.shortened("\0" * 1_000_000)
    assert sum(escaped) < 5_000


# JSON


def told_json(value: object, *, ascii: bool = False, encoding: str = "utf-8") -> str:
    stream = Stream(encoding)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        mouth.answer_json(value, ascii=ascii)
    return stream.text()


@given(st.recursive(TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
                    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=8),
       st.booleans())  # fmt: skip
def test_json_means_the_same_and_steers_nothing(value, ascii):
    told = told_json(value, ascii=ascii)
    assert is_harmless(told)
    assert told.isascii() or not ascii
    assert json.loads(told) == value


def test_json_writes_what_is_printable_as_it_is():
    assert told_json([JOINED, "a\U000e0041\x9b\ud800"]) == (
        f'[\n "{JOINED}",\n "a\\udb40\\udc41\\u009b\\ud800"\n]\n'
    )


def test_json_knows_no_number_that_is_not_finite():
    assert json.loads(told_json([float("nan"), {"a": (float("-inf"), 1.5)}])) == [
        None,
        {"a": [None, 1.5]},
    ]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "iso2022_jp"])
def test_json_is_json_where_the_output_cannot_take_every_character(encoding):
    assert json.loads(told_json(["été", JOINED, "東京"], encoding=encoding)) == [
        "été",
        JOINED,
        "東京",
    ]


def test_json_may_be_asked_for_in_ascii_alone(folder, monkeypatch, capsys):
    arguments = ["neighbors", folder, "plain", "--format", "json"]
    assert run(monkeypatch, *arguments) == 0
    usual = capsys.readouterr().out
    assert '"été"' in usual
    assert run(monkeypatch, *arguments, "--ascii") == 0
    in_ascii = capsys.readouterr().out
    assert in_ascii.isascii()
    assert json.loads(in_ascii) == json.loads(usual)


# CSV


def told_csv(rows: list[tuple[str | float, ...]], *, is_terminal: bool = False) -> tuple[str, str]:
    out, err = Stream(is_terminal=is_terminal), Stream()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        mouth.answer_csv(("word", "rank", "similarity"), rows)
    return out.text(), err.text()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from(',"\r\n\t'))))
def test_a_word_is_one_cell_whatever_it_holds(words):
    told, _ = told_csv([(word, 1, 0.25) for word in words])
    rows = list(csv.reader(io.StringIO(told, newline="")))
    assert rows[0] == ["word", "rank", "similarity"]
    assert rows[1:] == [[word, "1", "0.250000"] for word in words]
    typed = list(csv.reader(io.StringIO(told, newline=""), quoting=csv.QUOTE_NONNUMERIC))
    assert typed[1:] == [[word, 1, 0.25] for word in words]


def test_pandas_reads_it_back_as_the_help_says(tmp_path):
    pandas = pytest.importorskip("pandas")
    file = tmp_path / "words.csv"
    file.write_bytes(told_csv([(word, 1, 0.25) for word in WORDS])[0].encode())
    read = pandas.read_csv(file, dtype=str, keep_default_na=False)
    assert list(read["word"]) == WORDS
    assert set(read["similarity"]) == {"0.250000"}


def test_csv_on_a_terminal_steers_nothing():
    told, _ = told_csv([(HOSTILE, 1, 0.25)], is_terminal=True)
    assert is_harmless(told)
    assert told.count("\n") == 2


def test_cells_that_look_like_formulas_are_counted_and_disarmed_on_demand(
    folder, monkeypatch, capsys
):
    arguments = ["neighbors", folder, "plain", "--format", "csv"]
    assert run(monkeypatch, *arguments) == 0
    output, said = capsys.readouterr()
    assert '"=1+1"' in output
    assert said == (
        "cells that a spreadsheet would take for formulas: 2; --spreadsheet puts an apostrophe "
        "before them\n"
    )
    assert run(monkeypatch, *arguments, "--spreadsheet") == 0
    output, said = capsys.readouterr()
    assert '"\'=1+1"' in output
    assert '"\'-"' in output
    assert '"été"' in output
    assert not said


@pytest.mark.parametrize("begin", list("=+-@\t\r＝"))
def test_what_a_spreadsheet_takes_for_a_formula_is_known(begin):
    assert "formulas: 1;" in told_csv([(begin + "x", -1, -0.25), ("x" + begin, -1, -0.25)])[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--format", "xml"], "format 'xml' is not one of: table, json, csv"),
        (["--ascii"], "--ascii works only with --format json"),
        (["--format", "json", "--spreadsheet"], "--spreadsheet works only with --format csv"),
    ],
)
@pytest.mark.parametrize("command", [["neighbors"], ["analogy", "plain", "-"], ["align"]])
def test_options_of_another_form_are_refused(
    folder, monkeypatch, capsys, command, options, message
):
    name, *words = command
    last = str(folder) if name == "align" else "été"
    begin = ["--", *words, last] if words else [last]
    assert run(monkeypatch, name, folder, *options, *begin) == 2
    assert capsys.readouterr().err == f"skipgram: {message}\n"


# Tables


def test_whatever_rich_draws_steers_nothing():
    output = io.StringIO()
    console = VisibleConsole(file=output, width=500, force_terminal=True, color_system=None)
    console.print(Text(HOSTILE), "[red]" + HOSTILE)
    assert is_harmless(output.getvalue())
    assert "[red]\\x1b]0;x\\x07" in output.getvalue()


def test_words_that_look_alike_once_escaped_have_a_column_each(tmp_path, monkeypatch, capsys):
    vectors_of({"a\n": [1, 0], "a\\n": [0, 1], "b": [1, 1]}).save(tmp_path / "v")
    assert run(monkeypatch, "neighbors", tmp_path / "v", "a\n", "a\\n") == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["a\\n", "a\\n"]


# Bugs


def test_the_traceback_of_a_bug_steers_nothing(monkeypatch, capsys):
    error = KeyError("\x1bc")
    error.__cause__ = RuntimeError("\u202e\nnext")
    mouth.note_bug(KeyError, error, None)
    said = capsys.readouterr().err
    assert is_harmless(said)
    assert said.startswith("RuntimeError: \\u202e\nnext\n")
    assert said.endswith("KeyError: '\\x1bc'\n")


def test_a_warning_steers_nothing(folder, monkeypatch, capsys):
    def load(folder: Path) -> WordVectors:
        warnings.showwarning(UserWarning("odd\x1bc\nword"), UserWarning, "code.py", 1)
        raise skipgram.SkipgramError("no more")

    monkeypatch.setattr(skipgram, "load", load)
    assert run(monkeypatch, "info", folder) == 1
    assert capsys.readouterr().err == "UserWarning: odd\\x1bc\\nword\nskipgram: no more\n"


def test_an_end_of_file_that_nobody_expected_is_a_bug_and_not_a_word(folder, monkeypatch):
    def load(folder: Path) -> WordVectors:
        raise EOFError("deep inside")

    monkeypatch.setattr(skipgram, "load", load)
    monkeypatch.setattr(sys, "argv", ["skipgram", "info", str(folder)])
    with pytest.raises(EOFError, match="deep inside"):
        main()


# Words of the standard input


def test_bytes_of_the_standard_input_that_are_no_text_are_a_skipped_word(
    folder, monkeypatch, capsys
):
    arguments = ["neighbors", folder, "-", "--format", "json", "-k", "1"]
    assert run(monkeypatch, *arguments, stdin=b"plain\ncaf\xe9\n\xed\xa0\x80\n") == 0
    output, said = capsys.readouterr()
    assert [record["query"] for record in json.loads(output)] == ["plain"]
    assert said == (
        "skipped: 2 of 3 words cannot be compared: 'caf\\\\xe9', '\\\\xed\\\\xa0\\\\x80' (not in "
        "the vocabulary)\n"
    )


def test_a_word_of_such_bytes_is_found_as_convert_writes_it(tmp_path, monkeypatch, capsys):
    (tmp_path / "v.txt").write_bytes(b"2 2\ncaf\xe9 1 0\nplain 1 1\n")
    assert run(monkeypatch, "convert", tmp_path / "v.txt", tmp_path / "v", "--quiet") == 0
    assert run(monkeypatch, "neighbors", tmp_path / "v", "-", stdin=b"caf\xe9\n") == 0
    assert capsys.readouterr().out.split() == ["caf\\xe9", "plain", ".71"]


class Endless(io.RawIOBase):
    """What gives the same bytes again and again, and counts them."""

    def __init__(self, text: bytes) -> None:
        self.given = 0
        self._text = text

    def readable(self) -> bool:
        return True

    def readinto(self, room: memoryview) -> int:
        block = (self._text * len(room))[: len(room)]
        room[:] = block
        self.given += len(room)
        return len(room)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            b"\0",
            "line 1 of standard input is longer than 1,048,576 bytes; give one word a line",
        ),
        (b"y\n", "standard input has more than 1,048,576 lines; ask for fewer words at a time"),
        (b"\n", "standard input has more than 1,048,576 lines; ask for fewer words at a time"),
    ],
    ids=["a line", "words", "empty lines"],
)
def test_an_input_without_an_end_is_given_up(folder, monkeypatch, capsys, text, message):
    endless = Endless(text)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(endless)))
    assert run(monkeypatch, "neighbors", folder, "-") == 1
    assert capsys.readouterr().err == f"skipgram: {message}\n"
    assert endless.given < 4 << 20


def test_an_input_that_cannot_be_read_is_told_in_one_line(folder, monkeypatch, capsys):
    class Broken(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, room: memoryview) -> int:
            raise OSError(21, "Is a directory")

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Broken())))
    assert run(monkeypatch, "neighbors", folder, "-") == 1
    assert capsys.readouterr().err == ("skipgram: standard input cannot be read: Is a directory\n")
