"""Parquet and Arrow files that claim what is not there, and columns that only look like others."""

import contextlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors
from skipgram.errors import FormatError
from skipgram.vectors.formats.parquet_footer import look_through

pa = pytest.importorskip("pyarrow", reason="pyarrow, which reads tables, is not installed")
import pyarrow.parquet as pq  # noqa: E402  (only where it is installed)

WORDS = ["a", "b", "c", "d"]
ROWS = [[0.5, 1], [2, 3], [4, 5], [6, 7]]


def written(folder: Path, table: Any, kind: str, **options: Any) -> Path:
    file = folder / f"v.{kind}"
    if kind == "parquet":
        pq.write_table(table, file, **options)
    else:
        with pa.ipc.new_file(file, table.schema) as writer:
            writer.write_table(table)
    return file


def a_table(**others: Any) -> Any:
    return pa.table({**others, "word": WORDS, "vector": pa.array(ROWS, pa.list_(pa.float32()))})


@pytest.mark.parametrize("old", [[0, 2, 4, 6, 8]])
@pytest.mark.parametrize(
    "new",
    [
        [0, 2, 4, 6, 2**31 - 1],
        [0, 2, 4, 6, -(2**31)],
        [0, 2**31 - 1, 4, 6, 8],
        [-2, 0, 2, 4, 6],
        [0, 2, 1, 6, 8],
        [0, -1, -2, -3, -4],
    ],
)
def test_lists_that_claim_numbers_that_are_not_there_are_refused(tmp_path, old, new):
    file = written(tmp_path, a_table(), "arrow")
    content, places = file.read_bytes(), np.array(old, "<i4").tobytes()
    assert content.count(places) == 1
    file.write_bytes(content.replace(places, np.array(new, "<i4").tobytes()))
    with pytest.raises(FormatError, match=f"^{file} is damaged or cannot be read: "):
        skipgram.load(file)


def test_lists_of_a_huge_fixed_size_are_refused(tmp_path):
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(8 * 1001, np.float32)), 1001)
    file = written(tmp_path, pa.table({"word": list("abcdefgh"), "vector": vectors}), "arrow")
    content = file.read_bytes()
    size = (1001).to_bytes(4, "little")
    for huge in (2**31 - 1, 2**30, -1, -(2**31), 1002):
        claimed = content.replace(size, (huge & 0xFFFFFFFF).to_bytes(4, "little"))
        assert claimed != content
        file.write_bytes(claimed)
        with pytest.raises(FormatError):
            skipgram.load(file)


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_other_columns_of_any_shape_are_passed_over(tmp_path, kind):
    others = {
        "a struct": [{"x": 1, "y": [1, 2]}] * 4,
        "a map": pa.array([[("x", 1)]] * 4, pa.map_(pa.string(), pa.int64())),
        "lists of lists": [[[1.5]]] * 4,
        "texts": [["a", "b"]] * 4,
        "count": [4, 3, 2, 1],
    }
    file = written(tmp_path, a_table(**others), kind)
    vectors = skipgram.load(file)
    assert list(vectors.words) == WORDS
    assert vectors.matrix.tolist() == ROWS
    assert vectors.counts.tolist() == [4, 3, 2, 1]


def test_columns_of_one_name_are_refused_or_told_apart_but_never_mixed(tmp_path):
    vectors = pa.array(ROWS, pa.list_(pa.float32()))
    table = pa.Table.from_arrays(
        [pa.array(WORDS), vectors, pa.array(WORDS[::-1])], ["word", "vector", "word"]
    )
    assert list(skipgram.load(written(tmp_path, table, "arrow")).words) == WORDS
    with pytest.raises(FormatError, match=r"v.parquet"):
        skipgram.load(written(tmp_path, table, "parquet"))


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
@pytest.mark.parametrize("rows_a_batch", [1, 3, 1000])
def test_long_words_and_many_rows_come_back_whole(tmp_path, kind, rows_a_batch):
    words = [f"{'é' * (number * 700)}{number}" for number in range(60)] + ["\U0001f600"]
    rows = np.random.default_rng(1).standard_normal((61, 5)).astype(np.float32)
    table = pa.table({"word": words, "vector": pa.array(list(rows))})
    options = {"row_group_size": rows_a_batch} if kind == "parquet" else {}
    vectors = skipgram.load(written(tmp_path, table, kind, **options))
    assert list(vectors.words) == words
    assert vectors.matrix.tobytes() == rows.tobytes()


@pytest.mark.parametrize("use_dictionary", [True, False])
@pytest.mark.parametrize("kind", [pa.float16(), pa.float32(), pa.float64()])
def test_words_are_read_whether_or_not_they_are_written_once(tmp_path, kind, use_dictionary):
    vectors = pa.array([np.array(row, kind.to_pandas_dtype()) for row in ROWS], pa.list_(kind))
    table = pa.table({"word": pa.array(WORDS, pa.large_string()), "vector": vectors})
    if kind == pa.float16() and use_dictionary:
        table = table.slice(1)
    file = written(tmp_path, table, "parquet", use_dictionary=use_dictionary)
    assert list(skipgram.load(file).words) == table.column("word").to_pylist()


def test_numbers_beyond_float32_are_told_as_what_they_become(tmp_path):
    table = pa.table({"word": ["a"], "vector": pa.array([[1e39]], pa.list_(pa.float64()))})
    with pytest.raises(FormatError, match=r"row 1: number 1 of 1 is inf, which a vector cannot"):
        skipgram.load(written(tmp_path, table, "arrow"))


def test_a_file_of_parquet_that_is_cut_off_anywhere_is_refused(tmp_path):
    file = io.BytesIO()
    pq.write_table(a_table(), file)
    content = file.getvalue()
    for end in range(4, len(content), 7):
        (tmp_path / "v.parquet").write_bytes(content[:end])
        with pytest.raises(FormatError, match=f"^{tmp_path}/v.parquet"):
            skipgram.load(tmp_path / "v.parquet")


def test_the_footer_tells_how_many_numbers_rows_have_whatever_else_is_in_it(tmp_path):
    others = {
        "a struct": [{"x": 1, "y": [1, 2], "z": True}] * 4,
        "a map": pa.array([[("x", 1)]] * 4, pa.map_(pa.string(), pa.int64())),
        **{f"column {number}": [number] * 4 for number in range(20)},
    }
    table = a_table(**others).replace_schema_metadata({"a": "b" * 1000})
    options = {"row_group_size": 3, "sorting_columns": [pq.SortingColumn(0)]}
    file = written(tmp_path, table, "parquet", **options)
    metadata = pq.ParquetFile(file).metadata
    for leaf in range(metadata.num_columns):
        groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
        per_row = [-(-group.column(leaf).num_values // group.num_rows) for group in groups]
        assert look_through(file, leaf).values_per_row == max(per_row)
    assert look_through(file, metadata.num_columns - 1).values_per_row == 2


@pytest.mark.parametrize(
    ("options", "is_plain"),
    [
        ({"use_dictionary": False}, True),
        ({"use_dictionary": False, "data_page_version": "2.0"}, True),
        ({"use_dictionary": True}, False),
        ({"use_dictionary": False, "column_encoding": {"word": "DELTA_BYTE_ARRAY"}}, False),
    ],
)
def test_a_column_is_plain_if_each_of_its_values_is_written_out(tmp_path, options, is_plain):
    table = a_table().select(["word"])
    assert (0 in look_through(written(tmp_path, table, "parquet", **options), 0).plain) == is_plain


def test_words_are_written_out_so_that_they_are_read_without_a_dictionary(tmp_path):
    file = tmp_path / "v.parquet"
    random_vectors(1, 50, 3).export(file)
    assert 0 in look_through(file, 0).plain


@pytest.mark.parametrize(
    "footer",
    [b"", b"\x49", b"\x49\xfc" + b"\xff" * 9 + b"\1", b"\x1c" * 99, b"\x19\xf1" + b"\xff" * 20,
     b"\x18" + b"\xff" * 8 + b"\1", b"\x1d\0", b"\x19" * 99, b"\x1b\1\xcc" + b"\x1b\1\xcc" * 50],
)  # fmt: skip
def test_a_footer_that_is_none_is_refused(tmp_path, footer):
    file = tmp_path / "v.parquet"
    file.write_bytes(b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(FormatError, match=f"^{file} is damaged"):
        look_through(file, 0)


def test_a_file_whose_footer_misleads_pyarrow_does_not_end_the_process(tmp_path):
    """Asked for a column's histogram of another size, pyarrow calls terminate."""
    file = written(tmp_path, a_table(), "parquet")
    content = file.read_bytes()
    for at in range(len(content) - 420, len(content) - 8):
        changed = bytearray(content)
        changed[at] ^= 0x10
        file.write_bytes(changed)
        with contextlib.suppress(FormatError):
            skipgram.load(file)


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; 0, -1, 1, ... as 0, 1, 2, ..."""
    left, written = number << 1 ^ number >> 63, bytearray()
    while left > 0x7F:
        written.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([*written, left])


def thrift(*fields: tuple[int, int, bytes]) -> bytes:
    """A struct: the number, the kind and the value of each field."""
    return (
        b"".join(bytes([kind]) + varint(number) + value for number, kind, value in fields) + b"\0"
    )


I32, I64, LIST, STRUCT = 5, 6, 9, 12
ONE_STRUCT = b"\x1c"


def of_one_page(unpacked: int, packed: int, values: int, *, page: int = 0, rows: int = 1) -> bytes:
    """A Parquet file of one column and one page, which is zeros."""
    header = thrift(
        *[(at, I32, varint(told)) for at, told in ((1, page), (2, unpacked), (3, packed))],
        (7 if page == 2 else 5, STRUCT, thrift((1, I32, varint(values)))),
    )
    told = ((5, values), (7, len(header) + packed), (9, 4))
    column = thrift((3, STRUCT, thrift(*[(at, I64, varint(number)) for at, number in told])))
    group = thrift((1, LIST, ONE_STRUCT + column), (3, I64, varint(rows)))
    footer = thrift((1, I32, varint(1)), (4, LIST, ONE_STRUCT + group))
    body = b"PAR1" + header + bytes(max(0, packed))
    return body + footer + len(footer).to_bytes(4, "little") + b"PAR1"


def test_pages_that_can_hold_what_they_claim_are_looked_over(tmp_path):
    file = tmp_path / "v.parquet"
    file.write_bytes(of_one_page(4000, 100, 999, rows=10))
    assert look_through(file, 0).values_per_row == 100
    assert look_through(file, 1).values_per_row == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (of_one_page(2**31 - 1, 100, 9), "page at byte 4 has 100 bytes for 2,147,483,647"),
        (of_one_page(-1, 100, 9), "page at byte 4 has 100 bytes for -1"),
        (of_one_page(400, 100, 2**31 - 1, page=2), "has 400 bytes for 2,147,483,647 values"),
    ],
)
def test_a_page_that_claims_more_than_it_can_hold_is_refused(tmp_path, content, said):
    file = tmp_path / "v.parquet"
    file.write_bytes(content)
    with pytest.raises(FormatError, match=f"^{file} is damaged or cannot be read: its .*{said}"):
        look_through(file, 0)
