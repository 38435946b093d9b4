"""Texts from anything that gives them: each of them once, none lost without a count."""

import io
import tracemalloc
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.corpora import content_of, joined, lines_of, missing_in
from skipgram.corpus.sources.blocks import Block
from skipgram.corpus.sources.texts import Texts
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

NAN = float("nan")

texts = st.text("a é🐈\n\r\u2028", max_size=5)
missing = st.sampled_from([None, NAN])
words = st.text("a é🐈\n", max_size=3)
block_sizes = st.integers(1, 20)


def blocks_of(values: Any, column: str = "", block_bytes: int = 1 << 20) -> list[Block]:
    return list(Texts(values, column).blocks(block_bytes=block_bytes))


def refusal(values: Any, column: str = "") -> str:
    with pytest.raises(CorpusError) as caught:
        blocks_of(values, column)
    return str(caught.value)


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


# What is wrong


@pytest.mark.parametrize("values", [[], iter([]), pa.array([], pa.string()), np.array([], object)])
def test_nothing_is_an_error(values):
    assert refusal(values).endswith(" yielded nothing (perhaps it was exhausted before)")


def test_what_is_used_up_is_an_error():
    texts = Texts(text for text in ["sun", "moon"])
    assert content_of(list(texts.blocks())) == b"sun\nmoon\n"
    with pytest.raises(CorpusError) as caught:
        texts.blocks()
    assert str(caught.value) == (
        "texts in memory: generator yielded nothing (perhaps it was exhausted before)"
    )


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["a"] * 17 + [5], "item 17 is int 5, not text"),
        (["a", ["b"]], "item 1 is list ['b'], not text"),
        (["a", b"b"], "item 1 is bytes b'b', not text"),
        ([None, ["a"], "b"], "item 2 is str 'b', not a list of words"),
        ([["a"], 5], "item 1 is int 5, not a list of words"),
        ([["a"], ["b", 5]], "item 1 holds int 5, not text"),
        ([["a"], ["b", ["c"]]], "item 1 holds list ['c'], not text"),
        ([5], "item 0 is int 5, neither text nor a list of words"),
        ([b"a"], "item 0 is bytes b'a', neither text nor a list of words"),
        ([{"a"}], "item 0 is set {'a'}, neither text nor a list of words"),
        (io.BytesIO(b"a"), "item 0 is bytes b'a', neither text nor a list of words"),
        (pa.array([1]), "Int64Array holds int64, not text"),
        (pa.chunked_array([[1]]), "ChunkedArray holds int64, not text"),
    ],
)
def test_an_item_of_another_kind_is_an_error_that_names_it(values, message):
    assert refusal(values) == f"texts in memory: {message}"


@pytest.mark.parametrize("values", [["a", "b \ud800"], [["a"], ["b", "\ud800"]]])
def test_half_a_character_is_an_error_that_names_the_item(values):
    assert refusal(values).startswith(
        "texts in memory: item 1 holds '\\ud800', half a surrogate pair, which UTF-8 cannot "
        "encode; "
    )


def test_one_text_is_an_error_that_says_what_to_do():
    with pytest.raises(CorpusError) as caught:
        Texts("the sun and the moon")
    assert str(caught.value) == (
        "texts in memory: give a list of texts, Texts([text]); in the single text "
        "'the sun and the moon' each letter would count as a text"
    )


@pytest.mark.parametrize("values", [5, None, b"text", bytearray(b"text")])
def test_what_gives_no_texts_is_an_error(values):
    with pytest.raises(CorpusError) as caught:
        Texts(values)
    assert str(caught.value) == (
        "texts in memory: give a list of texts, or any iterable of them, not "
        f"{type(values).__name__} {values!r}"
    )


def test_a_file_opened_in_another_encoding_is_an_error_that_says_what_to_do(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"sun\nstra\xdfe\n")
    with file.open(encoding="utf-8") as lines:
        assert refusal(lines).endswith("; name the file itself, or open it with the right encoding")


def test_an_error_of_the_texts_own_making_is_left_as_it_is():
    def failing() -> Iterator[str]:
        yield "sun"
        raise RuntimeError("a bug of the user's")

    with pytest.raises(RuntimeError, match="a bug of the user's"):
        blocks_of(failing())
