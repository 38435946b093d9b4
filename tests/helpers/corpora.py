"""Corpora in files, folders and tables, and what the blocks read from them contain."""

import bz2
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather
import pyarrow.ipc
import pyarrow.parquet
import pytest
import zstandard

from skipgram.corpus.sources.blocks import PADDING, Block, TextBlock, TokenBlock
from skipgram.corpus.sources.finding import Sources, sources_of
from skipgram.corpus.sources.tables import Table
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.errors import CorpusError

MARK = b"\xef\xbb\xbf"
TEXT = "the quick brown fox jumps over the lazy dog, straße 🐈\n".encode() * 30
WRAP = "; if these are texts and not file names, wrap them: skipgram.Texts([...])"


def zstd(content: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(content)


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "Zstandard": zstd,
}
PACKED_OR_NOT = {"plain": bytes} | PACKERS
packed = pytest.mark.parametrize("pack", PACKED_OR_NOT.values(), ids=PACKED_OR_NOT)


# What blocks hold


def content_of(blocks: list[Block]) -> bytes:
    assert all(isinstance(block, TextBlock) for block in blocks)
    assert all(block.text[block.size :] == PADDING for block in blocks)
    return b"".join(block.text[: block.size] for block in blocks)


def lines_of(blocks: list[Block]) -> list[list[str]]:
    assert all(isinstance(block, TokenBlock) for block in blocks)
    return [list(line) for block in blocks for line in block.lines]


def missing_in(blocks: list[Block]) -> int:
    return sum(block.missing for block in blocks)


def joined(column: list[Any]) -> bytes:
    """The texts among some values; each ends its last line."""
    texts = [text for text in column if isinstance(text, str)]
    return "".join(text if text.endswith("\n") else text + "\n" for text in texts).encode()


# Sources


def blocks_in(sources: Sources) -> list[Block]:
    return [block for source in sources.items for block in source.blocks()]


def text_of(sources: Sources) -> bytes:
    return content_of(blocks_in(sources))


def names_in(sources: Sources) -> list[str]:
    """What is in the files of a `filled_folder`: their names."""
    return text_of(sources).decode().split()


def refusal_of(corpus: Any, column: str = "") -> str:
    """What is said of a corpus that cannot be found, or not be read."""
    with pytest.raises(CorpusError) as caught:
        blocks_in(sources_of(corpus, column=column))
    message = str(caught.value)
    assert "\n" not in message
    return message


FILES = ("b.txt", "a/z.txt", "a/b/c.txt", "a.txt", "c.md", ".hidden", ".git/x.txt")


def filled_folder(folder: Path) -> Path:
    """Files that hold their own names, in a folder and those below it; some are hidden."""
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"{name}\n")
    return folder


# Tables


def parquet(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pa.parquet.write_table(table, file, row_group_size=2)
    return file.getvalue()


def arrow(table: pa.Table) -> bytes:
    file = io.BytesIO()
    with pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return file.getvalue()


def arrow_stream(table: pa.Table) -> bytes:
    file = io.BytesIO()
    with pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=2)
    return file.getvalue()


def feather(table: pa.Table) -> bytes:
    file = io.BytesIO()
    pa.feather.write_feather(table, file)
    return file.getvalue()


def json_lines(table: pa.Table) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in table.to_pylist())


COLUMNAR: dict[str, Callable[[pa.Table], bytes]] = {
    "parquet": parquet,
    "arrow": arrow,
    "arrows": arrow_stream,
    "feather": feather,
}
FORMS = {parquet: "Parquet", arrow: "Arrow", arrow_stream: "an Arrow stream", feather: "Arrow"}


def table_of(content: bytes, name: str) -> Table:
    raw = io.BytesIO(content)
    table = Table.found(raw, UnpackedText(raw, name))
    assert table is not None
    return table


def table_blocks(
    content: bytes, name: str, column: str = "text", block_bytes: int = 1 << 20
) -> list[Block]:
    return list(table_of(content, name).blocks(column, block_bytes=block_bytes))


def table_refusal(content: bytes, name: str, column: str = "text") -> str:
    with pytest.raises(CorpusError) as caught:
        table_blocks(content, name, column)
    message = str(caught.value)
    assert "\n" not in message
    return message
