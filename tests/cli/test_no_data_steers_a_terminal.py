"""Words, names and settings that would steer a terminal, told by every command on a terminal."""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import skipgram
from helpers.command_line import run
from helpers.handmade_vectors import change_settings, vectors_of
from helpers.terminals import terminal_stream
from skipgram.evaluation.battery import Battery

pty = pytest.importorskip("pty", reason="terminals as on POSIX systems")

STEERING = {
    "colour": "\x1b[8;8m",
    "title": "\x1b]0;owned\x07",
    "clear": "\x1bc",
    "c1": "\x9b31m",
    "next line": "\x85",
    "bell": "\a",
    "backspace": "\b\b\b",
    "return": "\r",
    "line": "\n",
    "tab": "\t",
    "nul": "\0",
    "delete": "\x7f",
    "override": "\u202e",
    "isolate": "\u2066",
    "mark": "\u200e",
    "arabic mark": "\u061c",
    "line separator": "\u2028",
    "paragraph separator": "\u2029",
    "odd blank": "\u00a0",
    "no blank": "\u200b",
    "byte order": "\ufeff",
    "tag": "\U000e0041",
}
INERT = ["[red]x[/red]", "[/]", ":smile:", '"quo,te"', "=1+1", "dir\u200cction"]
WORDS = [f"a{char}{name.replace(' ', '')}" for name, char in STEERING.items()] + INERT
NAME = "n\x1b[8;8m\x9b\u202e\r\n[red]\x07"
"""Of a file or folder."""
OURS = re.compile(r"\x1b\[(?:\d*(?:;\d+)*m|\d*[ABCDGJK]|\?25[lh])|\r(?=\x1b)|(?<=h)\r")
"""What rich itself sends: styles, and the moves of a bar."""
TRAINING = ["--embedding-dim", "4", "--epochs", "1", "--min-count", "1", "--subsample", "0"]
TRAINING += ["--threads", "1"]


class Terminal:
    """What was written to the two standard streams, each a terminal of its own."""

    def __init__(self) -> None:
        self.out = self.err = ""

    def require_calm(self) -> None:
        for text in (self.out, self.err):
            for char in STEERING.values():
                assert char in "\r\n" or char not in text, repr(text)
            rest = OURS.sub("", text)
            odd = {char for char in rest if not (char.isprintable() or char in "\n\u200c\u200d")}
            assert not odd, repr(rest)


def tell(
    monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str | Path], stdin: bytes = b""
) -> tuple[int, Terminal]:
    """The exit code of `skipgram arguments` in this process, on a terminal."""
    seen, out, err = Terminal(), list[bytes](), list[bytes]()
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "300")
    with terminal_stream(out) as stdout, terminal_stream(err) as stderr:
        monkeypatch.setattr(sys, "stdout", stdout)
        monkeypatch.setattr(sys, "stderr", stderr)
        code = run(monkeypatch, *arguments, stdin=stdin)
    seen.out, seen.err = b"".join(out).decode(), b"".join(err).decode()
    return code, seen


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of a name that would steer a terminal, with vectors, texts and tables in it."""
    here = tmp_path / NAME
    here.mkdir()
    rows = {word: [number + 1.0, 1.0] for number, word in enumerate(WORDS)}
    counts = [9, *range(len(WORDS), 0, -1)]
    vectors_of({**rows, "zero\x1bc": [0, 0]}, counts=counts).save(here / "vectors")
    change_settings(
        here / "vectors",
        settings={"model\x1bc": {"key\x9b": "value\u202e", "deep": ["\x1b]0;owned\x07"]}},
        read={"source\x1bc": "\u2028"},
        skipgram_version="1\x1bc",
    )
    told = [word for word in WORDS if not re.search(r"\s", word)]
    (here / "text.txt").write_text((" ".join(told) + "\n") * 20, encoding="utf-8")
    key = json.dumps({"k\x1b[8;8m\u202e": "sun moon"}, ensure_ascii=False)
    (here / "rows.jsonl").write_text(key + "\n", encoding="utf-8")
    (here / "pairs.tsv").write_text(f"{WORDS[0]}\t{WORDS[1]}\t1\nzero\x1bc\t{WORDS[1]}\t2\n")
    (here / "bad.tsv").write_text("sun\x1bc\u202e\n", encoding="utf-8")
    (here / "questions.txt").write_text(f": s\x1bc\n{WORDS[0]} {WORDS[1]} zero\x1bc {WORDS[3]}\n")
    return here


ANSWERS = {
    "neighbors": ["neighbors", "{v}", "{w}", "-k", "99"],
    "several neighbors": ["neighbors", "{v}", *WORDS, "-k", "5"],
    "neighbors as json": ["neighbors", "{v}", *WORDS, "--format", "json"],
    "neighbors as csv": ["neighbors", "{v}", *WORDS, "--format", "csv"],
    "analogy": ["analogy", "{v}", WORDS[0], WORDS[1], WORDS[2]],
    "analogy as json": ["analogy", "{v}", WORDS[0], WORDS[1], WORDS[2], "--format", "json"],
    "analogy as csv": ["analogy", "{v}", WORDS[0], WORDS[1], WORDS[2], "--format", "csv"],
    "similarity": ["similarity", "{v}", WORDS[0], WORDS[1]],
    "info": ["info", "{v}"],
    "evaluate": ["evaluate", "{v}", "--similarity", "{d}/pairs.tsv", "--analogies",
                 "{d}/questions.txt", "--bands", "--hubness"],
    **{f"evaluate as {form}": ["evaluate", "{v}", "{v}", "--similarity", "{d}/pairs.tsv",
                               "--format", form]
       for form in ("table", "json", "jsonl", "csv", "markdown")},
    "align": ["align", "{v}", "{v}"],
    "align as json": ["align", "{v}", "{v}", "--format", "json"],
    "align as csv": ["align", "{v}", "{v}", "--format", "csv", "-o", "{d}/turned"],
    "convert": ["convert", "{v}", "{d}/out"],
    "vocabulary": ["vocabulary", "{d}/text.txt", "-o", "{d}/words"],
    "encode": ["encode", "{d}/text.txt", "-o", "{d}/corpus"],
    "cooccurrence": ["cooccurrence", "{d}/text.txt", "--min-count", "1", "-o", "{d}/counts"],
    "train": ["train", "{d}/text.txt", "-o", "{d}/trained", *TRAINING, "--export",
              "{d}/trained.bin", "--cache", "--log", "{d}/log.jsonl"],
}  # fmt: skip
REFUSALS = {
    "an unknown word": ["similarity", "{v}", "no\x1b[8;8m\u202eword", "{w}"],
    "an unknown query": ["neighbors", "{v}", "no\x9b\nword"],
    "a query that is no text": ["neighbors", "{v}", "no\udcffword"],
    "a zero vector": ["neighbors", "{v}", "zero\x1bc"],
    "a missing folder": ["info", "{d}/missing"],
    "a missing text": ["train", "{d}/missing\u2028.txt", "-o", "{d}/out"],
    "an output that is there": ["encode", "{d}/text.txt", "-o", "{v}"],
    "a wrong suffix": ["convert", "{v}", "{d}/out.x\x1bc"],
    "a wrong format": ["neighbors", "{v}", "{w}", "--format", "x\x1bc\u202e"],
    "a missing column": ["train", "{d}/rows.jsonl", "--column", "c\x1bc", "-o", "{d}/out"],
    "a wrong set": ["evaluate", "{v}", "--similarity", "{d}/bad.tsv"],
    "a missing set": ["evaluate", "{v}", "--analogies", "{d}/missing"],
    "a wrong dictionary": ["align", "{v}", "{v}", "--dictionary", "{d}/bad.tsv"],
    "a missing list": ["train", "{d}/text.txt", "--keep-words", "{d}/missing", "-o", "{d}/o"],
    "no such option": ["neighbors", "{v}", "--\x1b[8;8m\u202eoption"],
    "no such command": ["\x1b[8;8m\u202ecommand"],
    "no number": ["neighbors", "{v}", "{w}", "-k", "\x1b[8;8m\u202e9"],
    "too many arguments": ["similarity", "{v}", "a", "b", "\x1b[8;8m\u202ec\n"],
    "a setting": ["train", "{d}/text.txt", "-o", "{d}/o", "--schedule", "\x1b[8;8m\u202e"],
    "a choice": ["train", "{d}/text.txt", "-o", "{d}/o", "--negatives-shared", "\x1b[8;8m\n"],
    "a missing place of a log": ["train", "{d}/text.txt", "-o", "{d}/o", "--log", "{d}/no/log"],
    "a name too long": ["convert", "{v}", "{d}/" + "\x1bc" * 300],
}


def given(arguments: Sequence[str], place: Path) -> list[str]:
    return [
        part.replace("{v}", str(place / "vectors"))
        .replace("{d}", str(place))
        .replace("{w}", WORDS[0])
        for part in arguments
    ]


@pytest.mark.parametrize("command", ANSWERS)
def test_no_answer_steers_the_terminal(place, monkeypatch, command):
    code, seen = tell(monkeypatch, given(ANSWERS[command], place))
    assert code == 0, seen.err
    assert seen.out or seen.err
    seen.require_calm()


@pytest.mark.parametrize("fault", REFUSALS)
def test_no_error_steers_the_terminal_and_each_is_one_line(place, monkeypatch, fault):
    code, seen = tell(monkeypatch, given(REFUSALS[fault], place))
    assert code in (1, 2)
    seen.require_calm()
    line = OURS.sub("", seen.err.rpartition("\x1b[2K")[2])  # below a bar that was wiped out
    assert line.startswith("skipgram: ")
    assert line.count("\n") == 1
    assert not seen.out


def test_an_encoded_corpus_of_such_a_name_steers_no_terminal(place, monkeypatch):
    skipgram.encode(place / "text.txt", place / "corpus", min_count=1)
    code, seen = tell(monkeypatch, ["info", place / "corpus"])
    assert code == 0
    seen.require_calm()


def test_an_index_of_such_a_name_steers_no_terminal(place, monkeypatch):
    pytest.importorskip("faiss")
    code, seen = tell(monkeypatch, ["index", place / "vectors"])
    assert code == 0
    assert "indexed" in seen.err
    seen.require_calm()
    code, seen = tell(monkeypatch, ["index", place / "text.txt"])
    assert code == 2
    seen.require_calm()


def test_skipped_words_of_the_standard_input_steer_no_terminal(place, monkeypatch):
    unknown = "".join(f"{char}\n" for char in STEERING.values() if char != "\n").encode()
    text = b"[/]\n" + unknown + b"\xff\xfe\n\xed\xa0\x80\n"
    code, seen = tell(monkeypatch, ["neighbors", place / "vectors", "-"], text)
    assert code == 0, seen.err
    assert seen.err.startswith("skipped: ")
    seen.require_calm()


def test_an_error_of_the_system_steers_no_terminal(place, monkeypatch):
    def load(folder: Path) -> None:
        raise OSError(5, "Input\x1bc/output\u202e error", str(folder))

    monkeypatch.setattr(skipgram, "load", load)
    code, seen = tell(monkeypatch, ["info", place / "vectors"])
    assert code == 1
    assert seen.err.count("\n") == 1
    seen.require_calm()


def test_markup_in_words_is_only_text(place, monkeypatch):
    _, seen = tell(monkeypatch, ["neighbors", str(place / "vectors"), "[/]", "-k", "99"])
    assert "[red]x[/red]" in seen.out
    assert ":smile:" in seen.out


def test_columns_line_up_whatever_the_words_hold(place, monkeypatch):
    _, seen = tell(monkeypatch, ["neighbors", str(place / "vectors"), WORDS[0], "[/]", "-k", "9"])
    heading, *rows = OURS.sub("", seen.out).splitlines()
    begins = heading.index("[/]")
    assert {row[begins - 1] for row in rows} == {" "}
    assert " " not in {row[begins] for row in rows}


def test_a_long_line_of_a_file_is_shortened_in_the_middle(place, monkeypatch):
    line = "begin" + "\x1bc" * 50_000 + "end"
    monkeypatch.setattr(
        Battery, "read", lambda *_, **__: (_ for _ in ()).throw(skipgram.FormatError(line))
    )
    code, seen = tell(monkeypatch, ["evaluate", place / "vectors"])
    assert code == 1
    assert len(seen.err) < 2_200
    assert seen.err.startswith("skipgram: begin\\x1bc")
    assert seen.err.endswith("\\x1bcend\n")
    assert re.search(r" \.\.\. \(\d\d,\d{3} characters left out\) \.\.\. ", seen.err)
    seen.require_calm()
