"""Vectors in tables: Parquet and Arrow files.

    word     string
    count    int64, where counts are known
    vector   fixed-size list of float32

Read are other names, too: the first column of text, the first of lists of
numbers, and one of whole numbers that is called count.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from skipgram.corpus.packed_words import PackedWords
from skipgram.corpus.sources.extra import data_module
from skipgram.errors import FormatError
from skipgram.vectors.formats.blocks import Block, RowStream

_ROWS_AT_ONCE = 1 << 14
_PARQUET = b"PAR1"
_NEEDED = "Parquet and Arrow files need pyarrow"
_MOST_HEADER_BYTES = 1 << 26


def read(path: Path, *, rows_at_once: int = _ROWS_AT_ONCE) -> RowStream:
    """The rows of a table.

    Raises
    ------
    FormatError
        Now or while the rows are taken: if it is damaged, or has no such columns.
    MissingExtraError
        If pyarrow is not installed.

    """
    pa = data_module("pyarrow", _NEEDED)
    with _as_format_error(path):
        schema, batches = _opened(path, rows_at_once)
        names, kinds = schema.names, schema.types
    word = _first(kinds, lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind))
    vector = _first(kinds, lambda kind: _is_list_of_numbers(pa, kind))
    if word is None or vector is None:
        missing = "text" if word is None else "lists of numbers"
        found = ", ".join(f"{name} ({kind})" for name, kind in zip(names, kinds, strict=True))
        raise FormatError(f"{path}: no column of {missing} among: {found or 'none'}")
    count = names.index("count") if "count" in names else None
    if count is not None and not pa.types.is_integer(kinds[count]):
        count = None
    blocks = _blocks(path, batches, word, vector, count)
    first = next(blocks, None)
    if first is None:
        raise FormatError(f"{path} holds no word; there is nothing to load")

    def all_blocks() -> Iterator[Block]:
        yield first
        yield from blocks

    dim = first.rows.shape[1]
    return RowStream(str(path), "arrow", dim, all_blocks(), lambda row: f"{path}, row {row + 1}")


def _opened(path: Path, rows_at_once: int) -> tuple[Any, Iterator[Any]]:
    """A table's schema, and its batches."""
    with path.open("rb") as file:
        is_parquet = file.read(len(_PARQUET)) == _PARQUET
    if is_parquet:
        table = data_module("pyarrow.parquet", _NEEDED).ParquetFile(path)
        return table.schema_arrow, table.iter_batches(rows_at_once)
    ipc = data_module("pyarrow.ipc", _NEEDED)
    reader = ipc.open_file(data_module("pyarrow", _NEEDED).memory_map(str(path)))
    return reader.schema, (reader.get_batch(at) for at in range(reader.num_record_batches))


def _first(kinds: list[Any], fits: Callable[[Any], bool]) -> int | None:
    """The first column whose type fits."""
    return next((column for column, kind in enumerate(kinds) if fits(kind)), None)


def _is_list_of_numbers(pa: Any, kind: Any) -> bool:
    types = pa.types
    is_list = types.is_fixed_size_list(kind) or types.is_list(kind) or types.is_large_list(kind)
    return bool(is_list and types.is_floating(kind.value_type))


def _blocks(
    path: Path, batches: Iterator[Any], word: int, vector: int, count: int | None
) -> Iterator[Block]:
    dim, before = None, 0
    while True:
        with _as_format_error(path):
            batch = next(batches, None)
            if batch is None:
                return
            batch.validate(full=True)
            words, vectors = batch.column(word), batch.column(vector)
            if words.null_count or vectors.null_count or vectors.flatten().null_count:
                raise FormatError(f"{path}, rows from {before + 1}: a word or a number is missing")
            lengths = np.unique(vectors.value_lengths().to_numpy(zero_copy_only=False))
            counts = None if count is None else batch.column(count).cast("int64")
            if counts is not None and counts.null_count:
                raise FormatError(f"{path}, rows from {before + 1}: a count is missing")
            numbers = vectors.flatten().to_numpy(zero_copy_only=False).astype(np.float32)
            packed = PackedWords.of(words.to_pylist())
        if not len(batch):
            continue
        dim = int(lengths[0]) if dim is None else dim
        if set(lengths.tolist()) != {dim}:
            raise FormatError(
                f"{path}, rows from {before + 1}: vectors of {dim} and of "
                f"{max(lengths.tolist(), key=lambda length: length != dim)} numbers"
            )
        yield Block(
            packed.text,
            packed.ends,
            numbers.reshape(len(batch), dim),
            None if counts is None else counts.to_numpy(zero_copy_only=False),
        )
        before += len(batch)


@contextmanager
def _as_format_error(path: Path) -> Iterator[None]:
    arrow_error = data_module("pyarrow", _NEEDED).ArrowException
    try:
        yield
    except (arrow_error, OSError, ValueError, UnicodeDecodeError) as error:
        if isinstance(error, FormatError):
            raise
        raise FormatError(f"{path} is damaged: {' '.join(str(error).split())[:200]}") from None


def record_batches(vectors: Any, order: Any) -> Iterator[Any]:
    """The vectors as record batches, in an order of ids."""
    pa = data_module("pyarrow", _NEEDED)
    schema = schema_of(vectors)
    for start in range(0, len(order), _ROWS_AT_ONCE):
        ids = order[start : start + _ROWS_AT_ONCE]
        rows = np.ascontiguousarray(vectors.shown_rows[ids], np.float32)
        words = [vectors.words[number] for number in ids.tolist()]
        lists = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])
        columns = [pa.array(words, pa.string()), pa.array(vectors.counts[ids]), lists]
        yield pa.record_batch(columns, schema=schema)


def schema_of(vectors: Any) -> Any:
    """The columns, with where the vectors come from beside them."""
    pa = data_module("pyarrow", _NEEDED)
    about = json.dumps({"shown": vectors.shown, **vectors.about})
    return pa.schema(
        [
            ("word", pa.string()),
            ("count", pa.int64()),
            ("vector", pa.list_(pa.float32(), vectors.embedding_dim)),
        ],
        metadata={"skipgram": about},
    )


def _by_falling_count(vectors: Any) -> Iterator[tuple[int, Any]]:
    """Record batches, each with how many rows there are up to its end."""
    done = 0
    for batch in record_batches(vectors, vectors.vocabulary.by_count):
        done += len(batch)
        yield done, batch


def write_parquet(vectors: Any, file: BinaryIO, tell: Callable[[int], None]) -> None:
    """Write a Parquet file, the most frequent words first."""
    parquet = data_module("pyarrow.parquet", _NEEDED)
    with parquet.ParquetWriter(file, schema_of(vectors), compression="zstd") as writer:
        for done, batch in _by_falling_count(vectors):
            writer.write_batch(batch)
            tell(done)


def write_arrow(vectors: Any, file: BinaryIO, tell: Callable[[int], None]) -> None:
    """Write an Arrow file, which can be mapped, the most frequent words first."""
    ipc = data_module("pyarrow.ipc", _NEEDED)
    with ipc.new_file(file, schema_of(vectors)) as writer:
        for done, batch in _by_falling_count(vectors):
            writer.write_batch(batch)
            tell(done)


def is_safetensors(start: bytes) -> bool:
    """Whether a file that begins so is one of safetensors."""
    length = int.from_bytes(start[:8], "little")
    return 0 < length <= _MOST_HEADER_BYTES and start[8:10] in (b'{"', b"{}")
