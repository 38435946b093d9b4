"""Texts from anything that gives them: each of them once, none lost without a count."""

import tracemalloc
from array import array
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpora import content_of, joined, lines_of, missing_in
from helpers.refused_texts import FLOATS, GROUP, refusal
from skipgram.corpus.sources.blocks import Block
from skipgram.corpus.sources.texts import Texts

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

NAN = float("nan")

texts = st.text("a é🐈\n\r\u2028", max_size=5)
missing = st.sampled_from([None, NAN])
words = st.text("a é🐈\n", max_size=3)
block_sizes = st.integers(1, 20)


def blocks_of(values: Any, column: str = "", block_bytes: int = 1 << 20) -> list[Block]:
    return list(Texts(values, column).blocks(block_bytes=block_bytes))


# Texts, and lists of words


@law
@given(st.lists(missing | texts, min_size=1), block_sizes, st.booleans())
def test_any_texts_give_their_lines(column, block_bytes, whole_lines):
    blocks = list(Texts(column).blocks(whole_lines=whole_lines, block_bytes=block_bytes))
    assert content_of(blocks) == joined(column)
    assert missing_in(blocks) == sum(not isinstance(text, str) for text in column)
    ends = [block.offset + block.size for block in blocks]
    assert [block.offset for block in blocks] == [0, *ends[:-1]]
    assert [block.is_last for block in blocks] == [False] * (len(blocks) - 1) + [True]


@law
@given(
    st.lists(missing | st.lists(st.none() | words, max_size=4), min_size=1).filter(
        lambda column: any(isinstance(value, list) for value in column)
    ),
    block_sizes,
)
def test_any_lists_of_words_give_a_line_each(column, block_bytes):
    blocks = blocks_of(column, block_bytes=block_bytes)
    lines = [value for value in column if isinstance(value, list)]
    assert lines_of(blocks) == [[word for word in line if word is not None] for line in lines]
    assert missing_in(blocks) == len(column) - len(lines) + sum(line.count(None) for line in lines)
    before = 0
    for block in blocks:
        assert block.offset == before
        before += len(block.lines)


COLUMN = ["sun and moon", None, "stars\n", "", "sky"]
TEXT = b"sun and moon\nstars\n\nsky\n"


@pytest.mark.parametrize(
    "values",
    [
        COLUMN,
        tuple(COLUMN),
        (text for text in COLUMN),
        dict.fromkeys(COLUMN).keys(),
        np.array(COLUMN, dtype=object),
        pa.array(COLUMN),
        pa.array(COLUMN, pa.large_string()),
        pa.array(COLUMN).dictionary_encode(),
        pa.chunked_array([COLUMN[:2], COLUMN[2:]]),
        iter(pa.array(COLUMN)),
    ],
    ids=lambda values: type(values).__name__,
)
def test_whatever_gives_texts_is_gone_through(values):
    blocks = blocks_of(values)
    assert (content_of(blocks), missing_in(blocks)) == (TEXT, 1)


@pytest.mark.parametrize(
    "values",
    [
        [["sun", "moon"], None, ["stars"]],
        (line for line in (("sun", "moon"), None, ("stars",))),
        [np.array(["sun", "moon"]), NAN, np.array(["stars"])],
        pa.array([["sun", "moon"], None, ["stars"]]),
        iter(pa.array([["sun", "moon"], None, ["stars"]])),
    ],
    ids=lambda values: type(values).__name__,
)
def test_whatever_gives_lists_of_words_is_gone_through(values):
    blocks = blocks_of(values)
    assert (lines_of(blocks), missing_in(blocks)) == ([["sun", "moon"], ["stars"]], 1)


WALKS = [[1, 2, 3], [4, 5, -6]]
NULLABLE = [[1, 2, 3], None, [4, None, -6]]


@pytest.mark.parametrize(
    "values",
    [
        WALKS,
        [("1", 2, np.int8(3)), ["4", "5", "-6"]],
        [range(1, 4), array("h", [4, 5, -6])],
        iter(WALKS),
        np.array(WALKS),
        np.array(WALKS, np.int8),
        np.array(WALKS, object),
        [np.array([1, 2, 3], np.uint64), np.array([4, 5, -6], np.int16)],
        pa.array(WALKS),
        pa.array(WALKS, pa.large_list(pa.int16())),
        pa.array(WALKS, pa.list_(pa.int32(), 3)),
        pa.chunked_array([WALKS[:1], WALKS[1:]]),
        iter(pa.array(WALKS)),
    ],
    ids=lambda values: type(values).__name__,
)
def test_integers_are_the_words_of_their_digits(values):
    assert lines_of(blocks_of(values)) == [["1", "2", "3"], ["4", "5", "-6"]]


@pytest.mark.parametrize("kind", [list, pa.array])
def test_missing_integers_are_counted_as_missing_words_are(kind):
    blocks = blocks_of(kind(NULLABLE))
    assert lines_of(blocks) == [["1", "2", "3"], ["4", "-6"]]
    assert missing_in(blocks) == 2


def test_the_longest_integers_are_those_of_64_bits():
    longest = [-(2**63), 2**63 - 1, 2**64 - 1]
    digits = ["-9223372036854775808", "9223372036854775807", "18446744073709551615"]
    assert lines_of(blocks_of([longest])) == [digits]
    assert lines_of(blocks_of(np.array([[2**64 - 1]], np.uint64))) == [digits[2:]]
    assert lines_of(blocks_of(pa.array([[2**64 - 1]], pa.list_(pa.uint64())))) == [digits[2:]]


def test_times_are_no_integers():
    for unit in ("ns", "s"):
        for kind in ("datetime64", "timedelta64"):
            assert "not a word" in refusal(np.array([[5]]).astype(f"{kind}[{unit}]"))


def test_pandas_columns_of_lists_of_integers_are_read():
    pandas = pytest.importorskip("pandas")
    table = pandas.DataFrame({"basket": [1, 1, 2, 2], "item": [17, 5, 17, None]})
    message = refusal(table, "item")
    assert message.startswith("texts in memory: item 0 is float 17.0, neither text nor a list of")
    assert message.endswith(GROUP)
    baskets = table.groupby("basket")["item"].agg(list)
    assert refusal(baskets).endswith(FLOATS)
    whole = table.astype({"item": "Int64"}).groupby("basket")["item"].agg(list)
    for values, column in ((whole, ""), (whole.reset_index(), "item")):
        blocks = blocks_of(values, column)
        assert (lines_of(blocks), missing_in(blocks)) == ([["17", "5"], ["17"]], 1)


def test_an_open_text_file_gives_the_lines_of_the_file(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("sun and moon\n\nstars\nsky")
    with file.open() as lines:
        assert content_of(blocks_of(lines)) == b"sun and moon\n\nstars\nsky\n"


def test_a_word_may_hold_anything():
    assert lines_of(blocks_of([["a b", "", "c\n"]])) == [["a b", "", "c\n"]]


def test_it_is_gone_through_once_and_not_held_as_a_whole():
    def texts() -> Iterator[str]:
        for number in range(2000):
            yield f"{number} " * 1000

    tracemalloc.start()
    sizes = [block.size for block in Texts(texts()).blocks(block_bytes=10_000)]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 500_000 < 8_000_000 < sum(sizes)


def test_one_long_text_comes_in_blocks():
    text = "sun and moon " * 10_000
    blocks = blocks_of([text], block_bytes=1000)
    assert content_of(blocks) == text.encode() + b"\n"
    assert max(block.size for block in blocks) < 3000


def test_with_nothing_but_missing_values_these_are_counted():
    blocks = blocks_of([None, NAN])
    assert (content_of(blocks), missing_in(blocks)) == (b"", 2)


def test_it_is_a_source_of_unknown_size():
    texts = Texts(["a"])
    assert (texts.name, texts.size_bytes, texts.fingerprint) == ("texts in memory", 0, None)


# Columns


def test_a_column_of_records_is_read():
    records = [{"text": "sun", "n": 1}, {"text": None}, {"n": 2}, {"text": "moon"}]
    for values in (records, iter(records)):
        blocks = blocks_of(values, "text")
        assert (content_of(blocks), missing_in(blocks)) == (b"sun\nmoon\n", 2)


def test_a_column_of_whatever_has_columns_is_read():
    table = pa.table({"text": ["sun", None], "n": [1, 2]})
    for values in (table, table.to_batches()[0], {"text": ["sun", None]}):
        blocks = blocks_of(values, "text")
        assert (content_of(blocks), missing_in(blocks)) == (b"sun\n", 1)


def test_a_column_of_a_pandas_table_is_read():
    pandas = pytest.importorskip("pandas")
    for dtype in ("object", "string", "category"):
        series = pandas.Series(["sun", None, NAN, pandas.NA, "moon"], dtype=dtype)
        for values, column in ((series, ""), (pandas.DataFrame({"text": series}), "text")):
            blocks = blocks_of(values, column)
            assert (content_of(blocks), missing_in(blocks)) == (b"sun\nmoon\n", 3)
    message = refusal(pandas.DataFrame({"text": ["sun"], "n": [1]}))
    assert message == (
        "texts in memory: DataFrame has the columns text, n; say which one holds the texts "
        "(column=)"
    )


class DataSet(SimpleNamespace):
    """As those of Hugging Face are."""

    column_names = ("text", "picture")

    def __init__(self, columns: tuple[str, ...] = column_names) -> None:
        super().__init__(columns=columns)

    def __iter__(self) -> Iterator[dict[str, str]]:
        assert "picture" not in self.columns
        yield from ({"text": "sun"}, {"text": "moon"})

    def select_columns(self, names: list[str]) -> "DataSet":
        return DataSet(tuple(names))


def test_of_a_data_set_only_the_column_is_looked_at():
    assert content_of(blocks_of(DataSet(), "text")) == b"sun\nmoon\n"


@pytest.mark.parametrize(
    "values",
    [
        pa.table({"title": ["a"], "test": ["b"]}),
        {"title": ["a"], "test": ["b"]},
        [{"title": "a", "test": "b"}],
        iter([{"title": "a", "test": "b"}]),
    ],
    ids=lambda values: type(values).__name__,
)
def test_a_column_that_is_not_there_is_an_error_that_names_those_that_are(values):
    assert refusal(values, "text") == (
        "texts in memory has no column 'text'; it has title, test; did you mean test?"
    )


@pytest.mark.parametrize(
    ("values", "name"),
    [
        (pa.table({"a": ["b"], "c": ["d"]}), "Table"),
        ({"a": ["b"], "c": ["d"]}, "dict"),
        ([{"a": "b", "c": "d"}], "dict"),
        (DataSet(("a", "c")), "DataSet"),
    ],
    ids=["Table", "dict", "records", "DataSet"],
)
def test_without_a_column_the_columns_are_named(values, name):
    columns = "text, picture" if name == "DataSet" else "a, c"
    assert refusal(values) == (
        f"texts in memory: {name} has the columns {columns}; say which one holds the texts "
        "(column=)"
    )


def test_texts_have_no_columns():
    assert refusal(["sun"], "text") == (
        "texts in memory: item 0 is str 'sun', which has no column 'text'"
    )
