"""What is wrong with a table is told in one line, and nothing else is raised."""

import gzip
import io
import sys
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest

from helpers.corpora import (
    COLUMNAR,
    FORMS,
    arrow,
    arrow_stream,
    content_of,
    json_lines,
    missing_in,
    parquet,
    table_blocks,
    table_of,
    table_refusal,
)
from skipgram.corpus.sources.tables import Table
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.errors import CorpusError, MissingExtraError

ALL = COLUMNAR | {"jsonl": json_lines}

columnar = pytest.mark.parametrize("write", COLUMNAR.values(), ids=COLUMNAR)
typed = pytest.mark.parametrize(("ending", "write"), ALL.items(), ids=ALL)


@typed
def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are(ending, write):
    content = write(pa.table({"title": ["a"], "test": ["b"], "n": [1]}))
    assert table_refusal(content, f"a.{ending}") == (
        f"a.{ending} has no column 'text'; it has title, test, n; did you mean test?"
    )


def test_a_column_of_csv_that_is_not_there_is_an_error_that_names_those_that_are():
    assert table_refusal(b'title,"te,st",n\na,b,1\n', "a.csv", "tit") == (
        "a.csv has no column 'tit'; it has title, te,st, n; did you mean title?"
    )


def test_of_many_columns_the_first_are_named():
    content = arrow(pa.table({f"c{number}": ["a"] for number in range(100)}))
    assert table_refusal(content, "a").endswith(", c18, c19 and 80 more")


@columnar
@pytest.mark.parametrize(
    ("column", "found"),
    [
        (pa.array([b"a"]), "binary"),
        (pa.array([[b"a"]]), "list<"),
        (pa.array([[[1]], [[2]]]), "list<"),
        (pa.array([{"a": "b"}]), "struct<"),
    ],
)
def test_a_column_of_something_else_is_an_error(write, column, found):
    message = table_refusal(write(pa.table({"text": column})), "a.parquet")
    assert message.startswith(f"column 'text' of a.parquet holds {found}")
    assert message.endswith(", not text")


@columnar
@pytest.mark.parametrize(
    ("column", "found", "advice"),
    [
        (pa.array([1, 2]), "int64", "; group the numbers into lists, one for each sequence"),
        (pa.array([], pa.float32()), "float", "; group the numbers into lists, one for each seq"),
        (pa.array([[1.0]]), "list<", "; a float is not a word; give integers or text (pandas "),
        (pa.array([[True]]), "list<", "; a truth value is not a word; write truth values as text"),
    ],
)
def test_a_column_of_other_numbers_is_an_error_that_says_what_to_do(write, column, found, advice):
    if write is parquet and found == "float":
        column = column.cast(pa.float32())
    message = table_refusal(write(pa.table({"text": column})), "a.parquet")
    assert message.startswith(f"column 'text' of a.parquet holds {found}")
    assert f", not text{advice}" in message


@pytest.mark.parametrize("write", [arrow, arrow_stream])
def test_two_columns_of_one_name_are_an_error(write):
    array = pa.array(["a"])
    content = write(pa.Table.from_arrays([array, array], ["text", "text"]))
    assert table_refusal(content, "a") == "a has 2 columns 'text'; rename all but one"
    assert table_refusal(b"text,text\na,b\n", "a.csv") == (
        "a.csv has 2 columns 'text'; rename all but one"
    )


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('{"text": "a"}\n\n{"text": ', "a.jsonl:3: not JSON: "),
        ('{"text": "a"}\n[1, 2]', "a.jsonl:2: list [1, 2] where a JSON object should be"),
        ('[\n{"text": "a"}\n]', "a.jsonl:1: not JSON: "),
        ('{"text": "a"}\n{"text": 5}', "a.jsonl:2: column 'text' is int 5, not text"),
        (
            '{"text": "a"}\n{"text": ["b"]}',
            "a.jsonl:2: column 'text' is list ['b'], not text",
        ),
        (
            '{"text": ["a"]}\n{"text": "b"}',
            "a.jsonl:2: column 'text' is str 'b', not a list of words",
        ),
        ('{"text": ["a", 5.0]}', "a.jsonl:1: column 'text' holds float 5.0, not a word; give"),
        ('{"text": [false]}', "a.jsonl:1: column 'text' holds bool False, not a word; write"),
        (f'{{"text": [{1 << 64}]}}', f"a.jsonl:1: column 'text' holds int {1 << 64}, not a word: "),
        (
            '{"text": 5}',
            "a.jsonl:1: column 'text' is int 5, neither text nor a list of words; group the ",
        ),
        (
            '{"text": {"a": "b"}}',
            "a.jsonl:1: column 'text' is dict {'a': 'b'}, neither text nor a list of words",
        ),
        ('{"text": "a"}\n{"text": "\\ud800"}', "a.jsonl:2: column 'text' holds '\\ud800', half a"),
    ],
)
def test_what_is_wrong_in_json_lines_is_told_with_its_line(lines, message):
    assert table_refusal(lines.encode(), "a.jsonl").startswith(message)


def test_records_may_lack_the_column_if_others_have_it():
    blocks = table_blocks(b'{"n": 1}\n{"text": "sun"}\n{"n": 2}\n{"text": null}', "a.jsonl")
    assert (content_of(blocks), missing_in(blocks)) == (b"sun\n", 3)


def test_records_without_anything_do_not_have_the_column_either():
    assert table_refusal(b"{}\n" * 5, "a.jsonl") == "a.jsonl has no column 'text'; it has none"
    assert table_refusal(b"{}\n" * 1000 + b'{"text": "sun"}', "a.jsonl").endswith("it has none")


def test_a_thousand_records_without_the_column_are_enough():
    lines = b'{"n": 1, "title": "a"}\n' * 1000 + b"no JSON"
    assert table_refusal(lines, "a.jsonl") == "a.jsonl has no column 'text'; it has n, title"


@columnar
def test_a_table_cut_off_or_damaged_gives_its_texts_or_one_error(write):
    whole = write(pa.table({"text": ["sun moon", "stars", None] * 3}))
    form = FORMS[write]
    for length in range(8, len(whole), 7):
        try:
            table_blocks(whole[:length], "a")
        except CorpusError as error:
            assert str(error).startswith(f"a cannot be read as {form}: ")  # noqa: PT017
    for position in range(8, len(whole), 3):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        with_errors(lambda damaged=bytes(damaged): table_blocks(damaged, "a"))


def with_errors(work: Callable[[], Any]) -> None:
    """Nothing may be raised but what the user can mend."""
    try:
        work()
    except CorpusError as error:
        assert "\n" not in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    "content", [b"n,text\n1,a\n2,b,c\n", b"n,text\n1,a\n2\n", b"text\n" + b"x" * (40 << 20)]
)
def test_damaged_csv_is_an_error_that_names_it(content):
    assert table_refusal(content, "a.csv").startswith("a.csv cannot be read as CSV: ")


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl"])
def test_a_table_in_utf_16_is_refused_with_the_way_out(ending):
    assert table_refusal("text\na\n".encode("utf-16"), f"a.{ending}") == (
        f"a.{ending} is UTF-16; convert it to UTF-8 first (iconv -f UTF-16 -t UTF-8)"
    )


def test_damage_of_the_packing_is_told_as_such():
    whole = gzip.compress(b"text\n" + b"sun moon\n" * 10_000)
    assert table_refusal(whole[:-4], "a.csv.gz").startswith("a.csv.gz: damaged or cut off at byte ")
    whole = gzip.compress(arrow_stream(pa.table({"text": ["sun moon"] * 1000})))
    assert table_refusal(whole[:-4], "a").startswith("a: damaged or cut off at byte ")


def test_nothing_may_follow_an_arrow_stream():
    content = arrow_stream(pa.table({"text": ["sun moon"]}))
    assert table_refusal(content + b"x", "a") == "a: more data follows the end of the Arrow stream"


@pytest.mark.parametrize(("write", "form"), [(parquet, "Parquet"), (arrow, "Arrow")])
def test_what_is_read_from_its_end_can_be_neither_packed_nor_piped(write, form):
    content = write(pa.table({"text": ["sun"]}))
    assert table_refusal(gzip.compress(content), "a.gz") == (
        f"a.gz is {form} compressed with gzip, and {form} is read from its end; decompress it first"
    )

    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    raw = Pipe(content)
    table = Table.found(raw, UnpackedText(raw, "pipe"))
    with pytest.raises(CorpusError) as caught:
        list(table.blocks("text"))
    assert str(caught.value) == f"pipe is {form}, which is read from its end; save it first"


@columnar
def test_without_a_column_the_columns_are_named(write):
    table = table_of(write(pa.table({"title": ["a"], "text": ["b"]})), "a")
    form = FORMS[write]
    assert not table.is_text
    assert str(table.needs_column()) == (
        f"a is {form} with the columns title, text; say which one holds the text (column=NAME)"
    )


@columnar
def test_without_pyarrow_it_is_said_how_to_install_it(write, monkeypatch):
    content = write(pa.table({"text": ["a"]}))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError) as caught:
        table_blocks(content, "a")
    assert str(caught.value) == (
        "tables need pyarrow; the module pyarrow is not installed: pip install 'skipgram[data]'"
    )
    with pytest.raises(MissingExtraError):
        table_blocks(b"text\na\n", "a.csv")
    assert content_of(table_blocks(b'{"text": "a"}', "a.jsonl")) == b"a\n"


def test_a_word_of_a_list_that_is_not_utf_8_is_an_error():
    words = pa.array([b"a", b"\xff"]).view(pa.string())
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2], pa.int32()), words)
    message = table_refusal(parquet(pa.table({"text": lists})), "a")
    assert message.startswith("a: a word in one of the rows 0 to 1 (from 0) is not UTF-8: ")


def test_a_text_of_parquet_that_is_not_utf_8_is_left_as_it_is():
    column = pa.array([b"a", b"\xff b"]).view(pa.string())
    assert content_of(table_blocks(parquet(pa.table({"text": column})), "a")) == b"a\n\xff b\n"
