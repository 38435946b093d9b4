"""Every loop that reads a corpus gets on, however little it reads at a time, to the same end."""

import io

import pyarrow as pa
import pytest

from helpers.corpora import COLUMNAR, PACKED_OR_NOT, content_of, json_lines, lines_of, table_blocks
from skipgram.corpus.sources.reading import text_blocks
from skipgram.corpus.sources.texts import Texts
from skipgram.corpus.sources.unpacking import UnpackedText

LONG = "straße" * 2000
"""A word that no block and no read of a byte holds."""
TEXT = f"a b\r\n{LONG} c\n\n\n  d {LONG}\r".encode()
TEXTS = ["a b\n", None, LONG, "", "c\r\n", f"d {LONG} é"]
LISTS = [["a", "b"], None, [LONG], [], [None, LONG, "é"]]
WHOLE = 1 << 20

packed = pytest.mark.parametrize("pack", PACKED_OR_NOT.values(), ids=PACKED_OR_NOT)
tables = pytest.mark.parametrize(
    ("ending", "write"), (COLUMNAR | {"jsonl": json_lines}).items(), ids=[*COLUMNAR, "jsonl"]
)


class Dripping(io.BytesIO):
    """A pipe that never gives more than a byte."""

    def read(self, size=-1, /):
        return super().read(min(size, 1) if size >= 0 else size)


@packed
def test_a_stream_that_drips_is_unpacked_to_the_same_text(pack):
    text = UnpackedText(Dripping(pack(TEXT)), "pipe")
    assert text.peek(len(TEXT) + 1) == TEXT
    assert b"".join(iter(lambda: text.read(1), b"")) == TEXT


@packed
@pytest.mark.parametrize("whole_lines", [False, True])
@pytest.mark.parametrize("raw", [io.BytesIO, Dripping])
def test_a_text_is_the_same_in_blocks_of_a_byte(pack, whole_lines, raw):
    text = UnpackedText(raw(pack(TEXT)), "a.txt")
    blocks = list(text_blocks(text, whole_lines=whole_lines, block_bytes=1))
    assert content_of(blocks) == TEXT
    assert len(blocks) > 1


@tables
def test_a_column_of_texts_is_the_same_in_blocks_of_a_byte(ending, write):
    content = write(pa.table({"text": TEXTS}))
    by_byte, whole = (table_blocks(content, f"a.{ending}", block_bytes=size) for size in (1, WHOLE))
    assert content_of(by_byte) == content_of(whole)
    assert len(by_byte) > len(whole) == 1


@tables
def test_a_column_of_lists_is_the_same_in_blocks_of_a_byte(ending, write):
    content = write(pa.table({"text": LISTS}))
    by_byte, whole = (table_blocks(content, f"a.{ending}", block_bytes=size) for size in (1, WHOLE))
    assert lines_of(by_byte) == lines_of(whole)
    assert len(by_byte) > len(whole) == 1


@pytest.mark.parametrize("column", [TEXTS, pa.array(TEXTS)], ids=["a list", "Arrow"])
@pytest.mark.parametrize("whole_lines", [False, True])
def test_texts_in_memory_are_the_same_in_blocks_of_a_byte(column, whole_lines):
    by_byte, whole = (
        list(Texts(column).blocks(whole_lines=whole_lines, block_bytes=size)) for size in (1, WHOLE)
    )
    assert content_of(by_byte) == content_of(whole)
    assert len(by_byte) > len(whole) == 1
