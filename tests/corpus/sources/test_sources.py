"""A corpus may be files, what is piped in, or texts from wherever Python takes them."""

import gzip
import io
import os
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from helpers.corpora import (
    MARK,
    TEXT,
    blocks_in,
    names_in,
    packed,
    refusal_of,
    text_of,
)
from skipgram.corpus.sources.finding import sources_of
from skipgram.corpus.sources.texts import Texts
from skipgram.errors import CorpusError

# Files and pipes


def test_a_generator_of_paths_gives_files(folder):
    assert sorted(names_in(sources_of(folder.glob("*.txt")))) == ["a.txt", "b.txt"]
    assert names_in(sources_of({folder / "b.txt": 1}.keys())) == ["b.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@packed
def test_a_named_pipe_is_read_to_its_end(tmp_path, pack):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    sources = sources_of(pipe)
    assert (sources.items[0].size_bytes, sources.items[0].fingerprint) == (0, None)
    writer = threading.Thread(target=pipe.write_bytes, args=[pack(MARK + TEXT)], daemon=True)
    writer.start()
    assert text_of(sources) == TEXT
    writer.join()


@packed
def test_the_standard_input_is_read_to_its_end_and_left_open(pack, monkeypatch):
    piped = io.TextIOWrapper(io.BytesIO(pack(MARK + TEXT)))
    monkeypatch.setattr(sys, "stdin", piped)
    sources = sources_of("-")
    (source,) = sources.items
    assert (source.name, source.size_bytes, source.fingerprint) == ("standard input", 0, None)
    assert text_of(sources) == TEXT
    assert not piped.buffer.closed


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="no /dev/stdin on this system")
def test_the_standard_input_of_a_process_is_read():
    code = """
import sys
from skipgram.corpus.sources.finding import sources_of
for block in sources_of(sys.argv[1]).items[0].blocks():
    sys.stdout.buffer.write(block.text[:block.size])
"""
    for name in ("-", "/dev/stdin"):
        run = [sys.executable, "-c", code, name]
        assert subprocess.run(run, input=TEXT, check=True, capture_output=True).stdout == TEXT


def test_the_standard_input_can_be_read_only_once(folder):
    assert refusal_of(["-", folder / "a.txt", "-"]) == (
        "standard input is named 2 times, and a pipe can be read only once"
    )


def test_without_a_standard_input_it_is_said_so(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    assert refusal_of("-") == "no corpus to read: standard input is closed"


# Texts


@pytest.mark.parametrize(
    "corpus",
    [
        [["sun", "moon"], ["stars"]],
        (("sun", "moon"), ("stars",)),
        (line for line in (["sun", "moon"], ["stars"])),
        pa.array([["sun", "moon"], ["stars"]]),
        Texts([["sun", "moon"], ["stars"]]),
        [Texts([["sun", "moon"]]), Texts([["stars"]])],
    ],
    ids=lambda corpus: type(corpus).__name__,
)
def test_lists_of_words_are_texts(corpus):
    blocks = blocks_in(sources_of(corpus))
    assert [list(line) for block in blocks for line in block.lines] == [["sun", "moon"], ["stars"]]


@pytest.mark.parametrize(
    "corpus",
    [
        (text for text in ("sun", "moon")),
        io.StringIO("sun\nmoon\n"),
        pa.chunked_array([["sun"], ["moon"]]),
        Texts(["sun", "moon"]),
        [Texts(["sun"]), Texts(["moon"])],
        {"sun": 1, "moon": 2}.keys(),
    ],
    ids=lambda corpus: type(corpus).__name__,
)
def test_whatever_else_gives_texts_is_texts(corpus):
    assert text_of(sources_of(corpus)) == b"sun\nmoon\n"


def test_texts_and_files_may_be_mixed(folder):
    corpus = [folder / "a.txt", Texts(["sun"]), str(folder / "b.txt")]
    assert names_in(sources_of(corpus)) == ["a.txt", "sun", "b.txt"]


@pytest.mark.parametrize(
    ("corpus", "message"),
    [
        ([], "no corpus: name at least one text file"),
        (set(), "no corpus: name at least one text file"),
        ("", "'' names no file; name at least one text file"),
        (5, "no corpus: name text files, or give texts, not int 5"),
        (None, "no corpus: name text files, or give texts, not NoneType None"),
        (b"a.txt", "no corpus: name text files, or give texts, not bytes b'a.txt'"),
        (["a.txt", 5], "a.txt: No such file or directory"),
        ([Texts(["a"]), 5], "item 1 of the corpus is int 5, while the others are file names"),
        (
            iter([]),
            "texts in memory: list_iterator yielded nothing (perhaps it was exhausted before)",
        ),
        (
            {"a": ["b"]},
            "texts in memory: dict has the columns a; say which one holds the texts (column=)",
        ),
    ],
)
def test_what_is_no_corpus_is_an_error(corpus, message):
    assert refusal_of(corpus) == message


# Columns


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    table = pa.table({"text": ["sun", None, "moon"], "n": [1, 2, 3]})
    pa.parquet.write_table(table, tmp_path / "a.parquet")
    with pa.ipc.new_stream(tmp_path / "b.arrow", table.schema) as writer:
        writer.write_table(table)
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b"n,text\n1,sun\n2,\n3,moon\n"))
    (tmp_path / "d.jsonl").write_text('{"text": "sun"}\n{"text": null}\n{"text": "moon"}\n')
    return tmp_path


def test_a_column_is_read_from_tables_of_all_kinds(tables):
    sources = sources_of(tables, column="text")
    assert text_of(sources) == b"sun\nmoon\n" * 4
    assert sum(block.missing for block in blocks_in(sources)) == 4


def test_a_column_is_read_from_a_piped_arrow_stream(tables, monkeypatch):
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    piped = io.TextIOWrapper(io.BufferedReader(Pipe((tables / "b.arrow").read_bytes())))
    monkeypatch.setattr(sys, "stdin", piped)
    assert text_of(sources_of("-", column="text")) == b"sun\nmoon\n"


def test_a_table_that_changes_while_it_is_read_is_an_error(tables):
    path = tables / "a.parquet"
    blocks = sources_of(path, column="text").items[0].blocks()
    assert next(blocks).size == 9
    os.utime(path, ns=(1, 1))
    with pytest.raises(CorpusError, match=r"a\.parquet changed while it was read"):
        next(blocks)


def test_texts_are_given_the_column_unless_they_have_one():
    records = [{"text": "sun", "other": "moon"}]
    assert text_of(sources_of(records, column="text")) == b"sun\n"
    assert text_of(sources_of(Texts(records), column="text")) == b"sun\n"
    assert text_of(sources_of(Texts(records, "other"), column="text")) == b"moon\n"
    assert text_of(sources_of(pa.table({"text": ["sun"]}), column="text")) == b"sun\n"


def test_a_text_has_no_columns(folder):
    assert refusal_of(folder / "a.txt", "text") == (
        f"{folder}/a.txt is not a table and has no column 'text'; tables are Parquet and Arrow "
        "files, and files that end in .csv, .tsv or .jsonl"
    )


def test_parquet_and_arrow_without_a_column_are_an_error_that_names_their_columns(tables):
    for name, form in (("a.parquet", "Parquet"), ("b.arrow", "an Arrow stream")):
        assert refusal_of(tables / name) == (
            f"{tables}/{name} is {form} with the columns text, n; say which one holds the text "
            "(column=NAME)"
        )


def test_csv_and_json_lines_without_a_column_are_plain_texts(tables):
    assert text_of(sources_of([tables / "c.csv.gz", tables / "d.jsonl"])) == (
        b"n,text\n1,sun\n2,\n3,moon\n" + (tables / "d.jsonl").read_bytes()
    )
