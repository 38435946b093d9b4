"""Vectors in tables: Parquet and Arrow files.

    word     string
    count    int64, where counts are known
    vector   fixed-size list of float32

Other names are read too: the first column of text, the first of lists of
numbers, and a column of whole numbers called count.
"""

import json
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.system.extras import data_module
from skipgram.untrusted.opening import library_errors, open_regular
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats.parquet_footer import look_through
from skipgram.vectors.formats.row_stream import RowBlock, RowStream
from skipgram.vectors.formats.text_rows import require_dim

_ROWS_AT_ONCE = 1 << 14
_BYTES_AT_ONCE = 1 << 22
"""Of words and numbers: some kilobytes of Parquet may hold gigabytes of either."""
_PARQUET = b"PAR1"
_NEEDED = "Parquet and Arrow files need pyarrow"
_MOST_HEADER_BYTES = 1 << 26
_SHOWN = 300
"""Characters of a list of columns."""


class _Columns(NamedTuple):
    """The places of columns in a table."""

    words: int
    vectors: int
    counts: int | None


def read(path: Path, *, rows_at_once: int = _ROWS_AT_ONCE) -> RowStream:
    """The rows of a table."""
    with open_regular(path) as file:
        is_parquet = file.read(len(_PARQUET)) == _PARQUET
    batches = _of_parquet(path, rows_at_once) if is_parquet else _of_arrow(path)
    blocks = _blocks(path, batches, rows_at_once)
    first = next(blocks, None)
    if first is None:
        raise FormatError(f"{path} holds no words; there is nothing to load")

    def all_blocks() -> Generator[RowBlock]:
        yield first
        yield from blocks

    dim = first.rows.shape[1]
    return RowStream(
        str(path),
        "arrow",
        dim,
        all_blocks(),
        lambda row: f"{path}, row {row + 1}",
        is_packed=True,
    )


def _of_arrow(path: Path) -> Iterator[tuple[Any, ...]]:
    """Words, vectors and counts of each record batch, mapped; counts are None if there are none."""
    with library_errors(path):
        pa, ipc = (data_module(name, _NEEDED) for name in ("pyarrow", "pyarrow.ipc"))
        reader = ipc.open_file(pa.memory_map(str(path)))
        columns = _columns(path, reader.schema)
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            yield tuple(None if at is None else batch.column(at) for at in columns)


def _of_parquet(path: Path, rows_at_once: int) -> Iterator[tuple[Any, ...]]:
    """As `_of_arrow`; words that are stored once for many rows stay so."""
    with library_errors(path):
        parquet = data_module("pyarrow.parquet", _NEEDED)
        plain = parquet.ParquetFile(path)
        columns = _columns(path, plain.schema_arrow)
        # Of nested columns, Parquet counts only the leaves.
        leaves = np.cumsum([0, *map(_leaves, plain.schema_arrow.types)]).tolist()
        chosen = sorted(leaves[at] for at in columns if at is not None)
        names = {leaf: plain.schema.column(leaf).path for leaf in chosen}
        pages, words = look_through(path, leaves[columns.vectors], chosen), leaves[columns.words]
        dim = max(1, pages.values_per_row)
        require_dim(str(path), dim)
        rows = max(1, min(rows_at_once, _BYTES_AT_ONCE // (4 * dim)))
        as_dictionary = [] if words in pages.plain else [names[words]]
        table = parquet.ParquetFile(path, read_dictionary=as_dictionary)
        for batch in table.iter_batches(rows, columns=list(names.values())):
            if batch.num_columns != len(chosen):
                raise FormatError(f"{path}: several columns have the same name")
            yield tuple(
                None if at is None else batch.column(chosen.index(leaves[at])) for at in columns
            )


def _leaves(kind: Any) -> int:
    """How many columns a column is to Parquet."""
    types = data_module("pyarrow", _NEEDED).types
    kind = getattr(kind, "storage_type", kind)  # of an extension
    if types.is_struct(kind):
        return sum(_leaves(kind.field(at).type) for at in range(kind.num_fields))
    if types.is_map(kind):
        return _leaves(kind.key_type) + _leaves(kind.item_type)
    return _leaves(kind.value_type) if types.is_nested(kind) else 1


def _columns(path: Path, schema: Any) -> _Columns:
    pa = data_module("pyarrow", _NEEDED)
    names, kinds = schema.names, schema.types
    word = _first(kinds, lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind))
    vector = _first(kinds, lambda kind: _is_list_of_numbers(pa, kind))
    if word is None or vector is None:
        missing = "text" if word is None else "lists of numbers"
        printable = [name if name.isprintable() else repr(name) for name in names]
        found = ", ".join(f"{name} ({kind})" for name, kind in zip(printable, kinds, strict=True))
        raise FormatError(f"{path}: no column of {missing} among: {found[:_SHOWN] or 'none'}")
    count = names.index("count") if "count" in names else None
    if count is not None and not pa.types.is_integer(kinds[count]):
        count = None
    return _Columns(word, vector, count)


def _first(kinds: list[Any], fits: Callable[[Any], bool]) -> int | None:
    """The first column whose type fits."""
    return next((column for column, kind in enumerate(kinds) if fits(kind)), None)


def _is_list_of_numbers(pa: Any, kind: Any) -> bool:
    types = pa.types
    is_list = types.is_fixed_size_list(kind) or types.is_list(kind) or types.is_large_list(kind)
    return bool(is_list and types.is_floating(kind.value_type))


def _blocks(
    path: Path, batches: Iterator[tuple[Any, ...]], rows_at_once: int
) -> Generator[RowBlock]:
    dim, before = None, 0
    for words, vectors, counts in batches:
        with library_errors(path):
            lengths = _checked(path, before, words, vectors, counts)
            of_words = _bytes_of(words)
        if not len(words):
            continue
        dim = int(lengths[0]) if dim is None else dim
        if set(lengths.tolist()) != {dim}:
            raise FormatError(
                f"{path}, rows from {before + 1}: vectors of {dim} and of "
                f"{max(lengths.tolist(), key=lambda length: length != dim)} numbers"
            )
        require_dim(str(path), dim)
        for some in _stretches(of_words + 4 * dim, rows_at_once):
            # No `yield` inside: what is open there may be closed by another thread.
            with library_errors(path), np.errstate(over="ignore"):
                numbers = vectors[some].flatten().to_numpy(zero_copy_only=False)
                block = RowBlock(
                    np.frombuffer(b"".join(_as_bytes(words[some])), np.uint8),
                    np.cumsum(of_words[some]),
                    numbers.astype(np.float32).reshape(-1, dim),
                    None if counts is None else _int64(counts[some]),
                )
            yield block
        before += len(words)


def _checked(path: Path, before: int, words: Any, vectors: Any, counts: Any) -> NDArray[Any]:
    """The different lengths of the vectors; nothing may be damaged or missing."""
    for column in (words, vectors, counts):
        if column is not None:
            column.validate(full=True)
    if words.null_count or vectors.null_count or vectors.flatten().null_count:
        raise FormatError(f"{path}, rows from {before + 1}: a word or a number is missing")
    if counts is not None and counts.null_count:
        raise FormatError(f"{path}, rows from {before + 1}: a count is missing")
    return np.unique(vectors.value_lengths().to_numpy(zero_copy_only=False))


def _bytes_of(words: Any) -> NDArray[np.int64]:
    """The length of each word: shape (words,)."""
    compute = data_module("pyarrow.compute", _NEEDED)
    of_each = words.dictionary if hasattr(words, "dictionary") else words
    lengths: NDArray[np.int64] = compute.binary_length(of_each).to_numpy(zero_copy_only=False)
    places = words.indices.to_numpy(zero_copy_only=False) if of_each is not words else slice(None)
    return lengths.astype(np.int64)[places]


def _as_bytes(words: Any) -> list[bytes]:
    """Words in UTF-8."""
    pa = data_module("pyarrow", _NEEDED)
    plain = words.dictionary.take(words.indices) if hasattr(words, "dictionary") else words
    found: list[bytes] = plain.cast(pa.large_string()).cast(pa.large_binary()).to_pylist()
    return found


def _int64(counts: Any) -> NDArray[np.int64]:
    found: NDArray[np.int64] = counts.cast("int64").to_numpy(zero_copy_only=False)
    return found


def _stretches(sizes: NDArray[np.int64], most_rows: int) -> Iterator[slice]:
    """Ranges of rows that together have a few MB, or single rows that have more."""
    ends = np.cumsum(sizes)
    start = done = 0
    while start < len(sizes):
        stop = int(np.searchsorted(ends, done + _BYTES_AT_ONCE, "right"))
        stop = min(max(stop, start + 1), start + most_rows)
        yield slice(start, stop)
        start, done = stop, int(ends[stop - 1])


def record_batches(vectors: Embedding, order: NDArray[np.integer]) -> Iterator[Any]:
    """The vectors as record batches, in the order of these ids."""
    pa = data_module("pyarrow", _NEEDED)
    schema = schema_of(vectors)
    for start in range(0, len(order), _ROWS_AT_ONCE):
        ids = order[start : start + _ROWS_AT_ONCE]
        rows = np.ascontiguousarray(vectors.shown_rows[ids], np.float32)
        words = [vectors.words[number] for number in ids.tolist()]
        lists = pa.FixedSizeListArray.from_arrays(pa.array(rows.ravel()), rows.shape[1])
        columns = [pa.array(words, pa.string()), pa.array(vectors.counts[ids]), lists]
        yield pa.record_batch(columns, schema=schema)


def schema_of(vectors: Embedding) -> Any:
    """The columns, with where the vectors come from as metadata."""
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


def _by_falling_count(vectors: Embedding) -> Iterator[tuple[int, Any]]:
    """Record batches, each with how many rows are done at its end."""
    done = 0
    for batch in record_batches(vectors, vectors.vocabulary.by_count):
        done += len(batch)
        yield done, batch


def write_parquet(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write a Parquet file, with the most frequent words first."""
    parquet = data_module("pyarrow.parquet", _NEEDED)
    # Words are all different, and a dictionary of them would take longer to read.
    options = {"compression": "zstd", "use_dictionary": ["count"]}
    with parquet.ParquetWriter(file, schema_of(vectors), **options) as writer:
        for done, batch in _by_falling_count(vectors):
            writer.write_batch(batch)
            report(done)


def write_arrow(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write an Arrow file, which can be mapped, with the most frequent words first."""
    ipc = data_module("pyarrow.ipc", _NEEDED)
    with ipc.new_file(file, schema_of(vectors)) as writer:
        for done, batch in _by_falling_count(vectors):
            writer.write_batch(batch)
            report(done)


def is_safetensors(start: bytes) -> bool:
    """Whether a file that starts like this is safetensors."""
    length = int.from_bytes(start[:8], "little")
    return 0 < length <= _MOST_HEADER_BYTES and start[8:10] in (b'{"', b"{}")
