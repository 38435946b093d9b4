"""A small file that unpacks to a lot, and never gives a word: memory grows with what was read."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from helpers.little_memory import LittleMemory
from skipgram.corpus.sources import tables

pytest.importorskip("resource", reason="limits as on POSIX systems")
zstandard = pytest.importorskip("zstandard")

MB = 1 << 20
ENCODE = """
try:
    corpus = skipgram.encode({name!r}, min_count=1, threads=1, {settings})
    print(corpus.summary.tokens)
except skipgram.SkipgramError as error:
    assert not isinstance(error.__cause__, MemoryError), repr(error)
    print(error)
"""
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "bz2": bz2.compress,
    "gz": gzip.compress,
    "xz": lzma.compress,
    "zst": zstandard.compress,
}


def packed_often(pack: Callable[[bytes], bytes], start: bytes, piece: bytes, times: int) -> bytes:
    """A small file of many streams."""
    return pack(start) + pack(piece) * times


@pytest.fixture(scope="module")
def little_memory() -> Iterator[LittleMemory]:
    with LittleMemory() as process:
        yield process


@pytest.fixture
def encode(little_memory: LittleMemory, tmp_path: Path) -> Callable[..., str]:
    """What is said of a file that is encoded with little more memory than the bytes to be read."""

    def encode(name: str, read_bytes: int, settings: str = "") -> str:
        code = ENCODE.format(name=name, settings=settings)
        return little_memory.printed(code, read_bytes, tmp_path).strip()

    return encode


@pytest.mark.parametrize("ending", PACKERS)
@pytest.mark.parametrize("settings", ["", "tokenizer='words'"])
def test_a_word_without_an_end_is_refused(encode, tmp_path, ending, settings):
    packed = packed_often(PACKERS[ending], b"a b\n", b"x" * (8 * MB), 200)
    (tmp_path / f"t.{ending}").write_bytes(packed)
    assert encode(f"t.{ending}", 8 * MB, settings) == (
        f"t.{ending}: at least 8 MB without whitespace from byte 4 on; check that this is text, "
        "and split it into words"
    )


@pytest.mark.parametrize(("settings", "size"), [("", 8 * MB), ("tokenizer='words'", MB)])
@pytest.mark.parametrize("word", [b"x", b"a.", "ä".encode(), "🐈".encode()])
def test_a_word_that_is_just_short_enough_is_read(encode, tmp_path, word, settings, size):
    (tmp_path / "t").write_bytes(b"a b " + word * (size // len(word) - 1) + b" a b\n")
    assert encode("t", size, settings).isdigit()


def test_a_word_that_is_too_long_to_be_taken_apart_is_refused(encode, tmp_path):
    (tmp_path / "t").write_bytes(b"a b " + b"a." * MB + b" a b\n")
    assert encode("t", 2 * MB, "tokenizer='words'").startswith(
        "t: byte 4 begins 2,097,152 bytes without whitespace, and the tokenizer `words` splits 1 "
        "MB at most"
    )


def test_a_line_of_short_words_may_have_any_length(encode, tmp_path):
    packed = packed_often(bz2.compress, b"a b ", b"some words on one line " * 40_000, 100)
    (tmp_path / "t.bz2").write_bytes(packed)
    assert encode("t.bz2", 40 * MB) == str(2 + 5 * 40_000 * 100)


def test_a_line_without_an_end_is_refused_where_it_must_be_taken_as_a_whole(encode, tmp_path):
    packed = packed_often(bz2.compress, b"", b"a b " * (2 * MB), 40)
    (tmp_path / "t.bz2").write_bytes(packed)
    found = encode("t.bz2", 130 * MB, "tokenizer=str.split")
    assert found.startswith("t.bz2: at least 128 MB without a line break from byte 0 on; ")


@pytest.mark.parametrize(
    ("start", "piece", "found"),
    [
        (b'{"text": "a b"}\n{"text": "', b"x" * (8 * MB), ":2: a record of more than 12 MB"),
        (b'{"text": "a b"}\n{"text": [', b"[],{}," * MB, ":2: a record of more than 12 MB"),
        (b'{"text": ', b" " * (8 * MB), ":1: a record of more than 12 MB"),
    ],
)
def test_a_record_without_an_end_is_refused(encode, tmp_path, start, piece, found):
    (tmp_path / "t.jsonl.bz2").write_bytes(packed_often(bz2.compress, start, piece, 100))
    assert found in encode("t.jsonl.bz2", 16 * MB, "column='text'")


@pytest.mark.parametrize("piece", ["[],", "{},", '{"a":0},', "1.5,", '"b",', "[[[]]],"])
def test_a_record_of_values_that_take_many_times_their_length_is_refused(encode, tmp_path, piece):
    record = '{"text": "a b a", "more": [' + piece * (9 * MB // len(piece)) + "0]}\n"
    (tmp_path / "t.jsonl").write_text('{"text": "a b"}\n' + record)
    found = encode("t.jsonl", 9 * MB, "column='text'")
    assert ":2: a record of 9,4" in found
    assert " with too many values to be held in memory; " in found


@pytest.mark.parametrize("text", ["some words " * MB, "some words " * MB + "🐈", "one, two " * MB])
def test_a_long_record_of_prose_is_read(encode, tmp_path, text):
    record = json.dumps({"text": text}, ensure_ascii=False)
    (tmp_path / "t.jsonl").write_text(record + "\n")
    found = encode("t.jsonl", len(record), "column='text'")
    assert found == str(len(text.split()))


def test_a_dictionary_of_parquet_is_unfolded_a_block_at_a_time(encode, tmp_path):
    text = ("some " + "words" * 200 + " ") * 1000
    indices = pa.array([0] * 300, pa.int32())
    repeated = pa.DictionaryArray.from_arrays(indices, pa.array([text, "b"]))
    parquet.write_table(pa.table({"text": repeated}), tmp_path / "t.parquet", compression="zstd")
    assert (tmp_path / "t.parquet").stat().st_size < 2000
    found = encode("t.parquet", 2 * MB, "column='text'")
    assert found == "600000"


@pytest.mark.parametrize("as_list", [False, True])
def test_a_dictionary_of_arrow_is_unfolded_a_block_at_a_time(encode, tmp_path, as_list):
    text = "word" if as_list else ("some " + "words" * 200 + " ") * 1000
    indices = pa.array([0] * 299 + [1], pa.int32())
    column = pa.DictionaryArray.from_arrays(indices, pa.array([text, "b"]))
    if as_list:
        column = pa.ListArray.from_arrays(pa.array([0, 100, 300]), column)
    table = pa.table({"text": column})
    with (
        pa.OSFile(str(tmp_path / "t.arrow"), "wb") as file,
        pa.ipc.new_file(file, table.schema) as out,
    ):
        out.write_table(table)
    found = encode("t.arrow", 2 * MB, "column='text'")
    assert found == ("300" if as_list else "598001")


def test_a_list_of_words_that_is_too_long_for_a_line_is_refused(encode, tmp_path):
    words = pa.DictionaryArray.from_arrays(pa.array([0] * 300, pa.int32()), pa.array(["x" * MB]))
    table = pa.table({"text": pa.ListArray.from_arrays(pa.array([0, 300]), words)})
    with (
        pa.OSFile(str(tmp_path / "t.arrow"), "wb") as file,
        pa.ipc.new_file(file, table.schema) as out,
    ):
        out.write_table(table)
    found = encode("t.arrow", 2 * MB, "column='text'")
    assert found.startswith("t.arrow: a row holds 314,575,200 bytes, more than a line may have")


texts = st.text('a\\"[{,:é', max_size=5)
json_values = st.recursive(
    st.integers() | texts,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(texts, inside, max_size=4),
    max_leaves=12,
)


def bytes_of(value: object) -> int:
    if isinstance(value, str):
        return 64
    if isinstance(value, list):
        return 64 + 64 * max(0, len(value) - 1) + sum(map(bytes_of, value))
    if isinstance(value, dict):
        inside = sum(128 + 64 + bytes_of(item) for item in value.values())
        return 256 + 64 * max(0, len(value) - 1) + inside
    return 0


@settings(deadline=None, max_examples=60)
@given(value=json_values, is_ascii=st.booleans())
def test_signs_within_texts_do_not_count_as_values(value, is_ascii):
    record = json.dumps(value, ensure_ascii=is_ascii).encode()
    assert tables.bytes_of_values(record) == bytes_of(value)
