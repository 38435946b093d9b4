"""A column of a table gives its texts, in their order, none of them lost without a count."""

import bz2
import gzip
import io

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpora import (
    COLUMNAR,
    arrow,
    arrow_stream,
    content_of,
    feather,
    joined,
    json_lines,
    lines_of,
    missing_in,
    table_blocks,
)
from skipgram.corpus.sources import columns
from skipgram.corpus.sources.tables import Table
from skipgram.corpus.sources.unpacking import UnpackedText

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=25)

ALL = COLUMNAR | {"jsonl": json_lines}

columnar = pytest.mark.parametrize("write", COLUMNAR.values(), ids=COLUMNAR)
typed = pytest.mark.parametrize(("ending", "write"), ALL.items(), ids=ALL)

texts = st.text("a é🐈\n\r\u2028", max_size=5)
values = st.lists(st.none() | texts, max_size=9)
words = st.lists(st.none() | st.text("a é🐈\n", max_size=3), max_size=4)
block_sizes = st.integers(1, 20)

TEXT_TYPES = [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string())]
if hasattr(pa, "string_view"):
    TEXT_TYPES.append(pa.string_view())


@typed
@law
@given(column=values, block_bytes=block_sizes, text_type=st.sampled_from(TEXT_TYPES))
def test_a_column_of_texts_gives_their_lines(ending, write, column, block_bytes, text_type):
    if write is feather and str(text_type) == "string_view":
        text_type = pa.string()
    table = pa.table({"n": range(len(column)), "text": pa.array(column, text_type)})
    content = write(table)
    if not content:
        return  # no table at all
    blocks = table_blocks(content, f"a.{ending}", block_bytes=block_bytes)
    assert content_of(blocks) == joined(column)
    assert missing_in(blocks) == column.count(None)
    assert [block.is_last for block in blocks] == [False] * (len(blocks) - 1) + [True] * bool(
        blocks
    )


@typed
@law
@given(column=st.lists(st.none() | words, max_size=9), block_bytes=block_sizes)
def test_a_column_of_lists_gives_a_line_a_list(ending, write, column, block_bytes):
    if ending == "jsonl" and not any(value is not None for value in column):
        return  # nothing tells that these would have been lists
    content = write(pa.table({"text": pa.array(column, pa.list_(pa.string()))}))
    blocks = table_blocks(content, f"a.{ending}", block_bytes=block_bytes)
    lines = [value for value in column if value is not None]
    assert lines_of(blocks) == [[word for word in line if word is not None] for line in lines]
    assert missing_in(blocks) == column.count(None) + sum(line.count(None) for line in lines)
    before = 0
    for block in blocks:
        assert block.offset == before
        before += len(block.lines)


@pytest.mark.parametrize(
    "list_type",
    [
        pa.list_(pa.large_string()),
        pa.large_list(pa.string()),
        pa.list_(pa.string(), 2),
        pa.list_(pa.dictionary(pa.int8(), pa.string())),
    ],
)
def test_every_type_of_lists_of_texts_is_read(list_type):
    table = pa.table({"text": pa.array([["a", "b"], None, ["c", None]], list_type)})
    blocks = table_blocks(arrow(table), "a.arrow")
    assert lines_of(blocks) == [["a", "b"], ["c"]]
    assert missing_in(blocks) == 2


@typed
@law
@given(
    column=st.lists(st.none() | st.lists(st.none() | st.integers(0, 127), max_size=4), max_size=9),
    width=st.sampled_from([pa.int8(), pa.uint8(), pa.int16(), pa.int32(), pa.int64(), pa.uint64()]),
    block_bytes=block_sizes,
)
def test_lists_of_integers_are_read_as_lists_of_their_digits(
    ending, write, column, width, block_bytes
):
    if ending == "jsonl" and not any(value is not None for value in column):
        return  # nothing tells that these would have been lists
    digits = [
        value and [None if number is None else str(number) for number in value] for value in column
    ]
    found, expected = (
        table_blocks(
            write(pa.table({"text": pa.array(values, pa.list_(kind))})),
            f"a.{ending}",
            block_bytes=block_bytes,
        )
        for values, kind in ((column, width), (digits, pa.string()))
    )
    assert lines_of(found) == lines_of(expected)
    assert missing_in(found) == missing_in(expected)


@pytest.mark.parametrize(
    "list_type", [pa.list_(pa.int64()), pa.large_list(pa.uint16()), pa.list_(pa.int32(), 2)]
)
def test_every_type_of_lists_of_integers_is_read(list_type):
    table = pa.table({"text": pa.array([[1, 2], None, [3, None]], list_type)})
    blocks = table_blocks(arrow(table), "a.arrow")
    assert lines_of(blocks) == [["1", "2"], ["3"]]
    assert missing_in(blocks) == 2


def test_a_null_of_a_dictionary_is_counted_too():
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, None, 0]), pa.array(["a", None]))
    blocks = table_blocks(arrow_stream(pa.table({"text": array})), "a.arrow")
    assert (content_of(blocks), missing_in(blocks)) == (b"a\na\n", 2)


@law
@given(column=values.filter(lambda column: "" not in column), block_bytes=block_sizes)
@pytest.mark.parametrize(("ending", "delimiter"), [("csv", ","), ("tsv", "\t"), ("CSV", ",")])
def test_a_column_of_csv_gives_its_lines_and_counts_its_empty_cells(
    ending, delimiter, column, block_bytes
):
    file = io.BytesIO()
    options = pa.csv.WriteOptions(delimiter=delimiter)
    table = pa.table({"n": range(len(column)), "text": pa.array(column, pa.string())})
    pa.csv.write_csv(table, file, options)
    blocks = table_blocks(file.getvalue(), f"a.{ending}", block_bytes=block_bytes)
    assert content_of(blocks) == joined(column)
    assert missing_in(blocks) == column.count(None)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbftext,n\nsun moon,1\n", b"sun moon\n"),
        (b"n,text\r\n1,NA\r\n2,null\r\n3,7\r\n", b"NA\nnull\n7\n"),
        (b'text\n"a ""quoted"" word,\nand a line"\n', b'a "quoted" word,\nand a line\n'),
        (b'n,text\n1,""\n2,a\n', b"\na\n"),
        (b"text\nsun \xff moon\n", b"sun \xff moon\n"),
        (b"\n\ntext\nsun\n", b"sun\n"),
        (b"text\n", b""),
        (b"", b""),
    ],
)
def test_csv_is_read_as_others_write_it(content, text):
    assert content_of(table_blocks(content, "a.csv")) == text


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), ("", bz2.compress)])
def test_packed_csv_and_json_lines_are_unpacked(ending, pack):
    assert content_of(table_blocks(pack(b"text\nsun\n"), f"a.csv{ending}")) == b"sun\n"
    assert content_of(table_blocks(pack(b'{"text": "sun"}\n'), f"a.jsonl{ending}")) == b"sun\n"


def test_an_arrow_stream_may_be_packed():
    content = gzip.compress(arrow_stream(pa.table({"text": ["sun", "moon"]})))
    assert content_of(table_blocks(content, "a")) == b"sun\nmoon\n"


def test_empty_lines_between_json_lines_are_no_records():
    assert content_of(table_blocks(b'\n{"text": "sun"}\n \n{"text": "moon"}', "a.json")) == (
        b"sun\nmoon\n"
    )


@columnar
def test_parquet_and_arrow_are_known_by_content_whatever_their_names(write):
    table = pa.table({"text": ["sun"] * 5})
    for name in ("a", "a.csv", "a.txt"):
        assert content_of(table_blocks(write(table), name)) == b"sun\n" * 5


@pytest.mark.parametrize("content", [b"PAR", b"ARROW1 is a text", b"\xff\xff\xff\xffab", b"text"])
def test_other_texts_are_no_tables(content):
    raw = io.BytesIO(content)
    assert Table.found(raw, UnpackedText(raw, "a.txt")) is None


@columnar
def test_a_column_longer_than_a_block_comes_in_blocks(write):
    column = [f"text number {number} " * 20 for number in range(2000)]
    blocks = table_blocks(write(pa.table({"text": column})), "a", block_bytes=50_000)
    assert content_of(blocks) == joined(column)
    assert 5 < len(blocks) < 20
    read = [block.bytes_read for block in blocks]
    assert read == sorted(read)


@columnar
def test_what_is_read_so_far_ends_at_the_size_of_the_file(write):
    content = write(pa.table({"text": ["sun", "moon", "star"]}))
    assert table_blocks(content, "a")[-1].bytes_read == len(content)


def test_texts_that_repeat_do_not_come_all_at_once():
    # A Parquet file tells how long its texts are with each of them counted once.
    raw = io.BytesIO()
    pa.parquet.write_table(pa.table({"text": ["x" * 1000] * 20_000}), raw)
    reader = columns.ColumnFile("Parquet", raw, UnpackedText(raw, "a"))
    arrays = [array for array, _ in reader.arrays("text")]
    assert sum(array.nbytes for array in arrays) < 1 << 20
    slices = [
        part for array in arrays for part in columns.block_slices(array, "text", "a", 1 << 16)
    ]
    assert sum(len(part) for part, _ in slices) == 20_000
    assert max(size for _, size in slices) <= 1 << 16
