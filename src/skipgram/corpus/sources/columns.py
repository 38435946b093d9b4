"""Arrow columns into blocks: those in memory, and those of Parquet and Arrow files."""

import io
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.sources.blocks import BLOCK_BYTES, MOST_LINE_BYTES, Block, TokenBlock
from skipgram.corpus.sources.reading import Piece, cut_blocks
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.corpus.sources.values import GROUP_NUMBERS
from skipgram.errors import CorpusError
from skipgram.settings.given_words import why_no_word
from skipgram.system.extras import data_module

_TEXT_TYPES = {"string", "large_string", "string_view"}
_MOST_ROWS = 1 << 16
"""In a slice, or in a batch of Parquet."""
_MOST_LISTS = 1 << 8
"""In a batch of Parquet: repeated words in lists are read as often as they occur."""
_WORD_BYTES = 8
"""Of a word in a list, in addition to its text."""

PARQUET, ARROW, ARROW_STREAM = "Parquet", "Arrow", "an Arrow stream"


def pyarrow_module(name: str = "pyarrow") -> Any:
    """A module of pyarrow."""
    return data_module(name, "tables need pyarrow")


def arrow_kind(arrow_type: Any) -> str:
    """'text' or 'tokens', or nothing for an Arrow type that is neither."""
    if _is_text(arrow_type):
        return "text"
    name = str(arrow_type)
    is_list = name.startswith(("list", "large_list", "fixed_size_list"))
    is_of_words = is_list and (
        _is_text(arrow_type.value_type) or _is_integer(arrow_type.value_type)
    )
    return "tokens" if is_of_words else ""


def not_text(arrow_type: Any) -> str:
    """That a type is not text, to end a message with; and what to do about numbers."""
    types = pyarrow_module().types
    told = f"{arrow_type}, not text"
    of_values = getattr(arrow_type, "value_type", arrow_type)
    if types.is_nested(arrow_type) and types.is_floating(of_values):
        return f"{told}; a float is {why_no_word(0.5)}"
    if types.is_nested(arrow_type) and types.is_boolean(of_values):
        return f"{told}; a truth value is {why_no_word(True)}"
    is_number = types.is_integer(of_values) or types.is_floating(of_values)
    return f"{told}; {GROUP_NUMBERS}" if is_number else told


def _is_integer(arrow_type: Any) -> bool:
    return bool(pyarrow_module().types.is_integer(arrow_type))


def _is_text(arrow_type: Any) -> bool:
    if str(arrow_type).startswith("dictionary<"):
        arrow_type = arrow_type.value_type
    return str(arrow_type) in _TEXT_TYPES


def arrow_blocks(
    arrays: Iterable[tuple[Any, int]],
    kind: str,
    source: str,
    *,
    whole_lines: bool,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[Block]:
    """Arrow arrays, each with the bytes read so far, as blocks; nulls are skipped and counted."""
    parts = (
        (part, size, read)
        for array, read in arrays
        for part, size in block_slices(array, kind, source, block_bytes)
    )
    if kind == "text":
        pieces = (_joined(part, read) for part, _, read in parts)
        yield from cut_blocks(pieces, source, whole_lines=whole_lines, block_bytes=block_bytes)
    else:
        yield from _token_blocks(parts, source, block_bytes)


def _token_blocks(
    parts: Iterable[tuple[Any, int, int]], source: str, block_bytes: int
) -> Iterator[TokenBlock]:
    lines: list[list[str]] = []
    rows = lines_before = size = missing = bytes_read = 0
    for part, part_size, bytes_read in parts:
        try:
            more, passed_over = _lines(part)
        except pyarrow_module().ArrowInvalid as error:
            raise CorpusError(
                f"{source}: a word in one of the rows {rows:,} to {rows + len(part) - 1:,} (from "
                f"0) is not UTF-8: {error}"
            ) from error
        lines += more
        missing += passed_over
        rows += len(part)
        size += part_size
        if size >= block_bytes:
            yield TokenBlock(lines, source, lines_before, bytes_read, missing)
            lines_before += len(lines)
            lines = []
            size = missing = 0
    if lines or missing:
        yield TokenBlock(lines, source, lines_before, bytes_read, missing)


def block_slices(array: Any, kind: str, source: str, block_bytes: int) -> Iterator[tuple[Any, int]]:
    """An array in slices of about a block each, none of them empty, with the bytes of each.

    The bytes are those of the texts themselves: a dictionary stores a text once for many rows.
    """
    sizes = _text_bytes(array) if kind == "text" else _list_bytes(array)
    if len(sizes) and sizes.max() > MOST_LINE_BYTES:
        raise CorpusError(
            f"{source}: a row holds {int(sizes.max()):,} bytes, more than a line may have "
            f"({MOST_LINE_BYTES >> 20} MB); split it"
        )
    ends = np.cumsum(sizes)
    start = before = 0
    while start < len(array):
        stop = int(np.searchsorted(ends, before + block_bytes, "right"))
        stop = min(max(start + 1, stop), start + _MOST_ROWS)
        yield array.slice(start, stop - start), int(ends[stop - 1]) - before
        start, before = stop, int(ends[stop - 1])


def _text_bytes(array: Any) -> NDArray[np.int64]:
    """Of the text in each row: shape (rows,)."""
    compute = pyarrow_module("pyarrow.compute")
    if str(array.type).startswith("dictionary<"):
        of_texts = np.append(_text_bytes(array.dictionary), 0)  # the last for what is missing
        places = array.indices.cast("int64").fill_null(len(of_texts) - 1).to_numpy()
        if len(places) and not 0 <= places.min() <= places.max() < len(of_texts):
            raise ValueError("it refers to a text that is missing")  # pyarrow would read there
        return np.asarray(of_texts[places], np.int64)
    if str(array.type) == "string_view":  # of 16 bytes each, whose first number is the length
        views = np.frombuffer(array.buffers()[1], np.int32).reshape(-1, 4)
        lengths = views[array.offset : array.offset + len(array), 0].astype(np.int64)
        return np.where(array.is_valid().to_numpy(zero_copy_only=False), lengths, 0)
    lengths = compute.binary_length(array).cast("int64").fill_null(0)
    return np.asarray(lengths.to_numpy(zero_copy_only=False), np.int64)


def _list_bytes(array: Any) -> NDArray[np.int64]:
    """Of all words in each row: shape (rows,)."""
    compute = pyarrow_module("pyarrow.compute")
    words = compute.list_value_length(array).cast("int64").fill_null(0).to_numpy()
    ends = np.cumsum(words)
    up_to = np.append(0, np.cumsum(_word_bytes(array.drop_null().flatten()) + _WORD_BYTES))
    return np.asarray(up_to[ends] - up_to[ends - words], np.int64)


def _word_bytes(values: Any) -> NDArray[np.int64]:
    """Of each word: of its text, or of the integer as it is stored."""
    if _is_integer(values.type):
        return np.full(len(values), values.type.bit_width // 8)
    return _text_bytes(values)


def _joined(array: Any, bytes_read: int) -> Piece:
    """Texts end to end, with a line feed after each that lacks one."""
    pyarrow = pyarrow_module()
    compute = pyarrow_module("pyarrow.compute")
    large = pyarrow.large_string()
    values = array.cast(large)
    texts = values.drop_null()
    ends = compute.if_else(compute.ends_with(texts, "\n"), "", "\n").cast(large)
    joined = compute.binary_join_element_wise(texts, ends, pyarrow.scalar("", large))
    size = compute.sum(compute.binary_length(joined)).as_py()
    text = joined.buffers()[2].slice(0, size).to_pybytes() if size else b""
    return Piece(text, bytes_read, values.null_count)


def _lines(array: Any) -> tuple[list[list[str]], int]:
    """Lists of words, integers in digits; and how many lists and words are missing."""
    compute = pyarrow_module("pyarrow.compute")
    lists = array.drop_null()
    values = lists.flatten().cast("large_string")
    values.validate(full=True)  # Python strings must be UTF-8
    words = values.to_numpy(zero_copy_only=False).tolist()
    ends = compute.cumulative_sum(compute.list_value_length(lists).cast("int64")).to_pylist()
    lines = [words[start:end] for start, end in pairwise([0, *ends])]
    if values.null_count:
        lines = [[word for word in line if word is not None] for line in lines]
    return lines, array.null_count + values.null_count


# Files


class ColumnFile:
    """A Parquet or Arrow file, or an Arrow stream, whose columns are read one batch at a time.

    Parquet and Arrow files are read from their ends, and so `raw` must be able
    to seek. An Arrow batch is read whole, as large as it was written.
    """

    def __init__(self, form: str, raw: BinaryIO, text: UnpackedText) -> None:
        self.raw, self.text = raw, text
        if form == ARROW_STREAM:
            self._buffered = io.BufferedReader(text)
            self.reader = pyarrow_module("pyarrow.ipc").open_stream(self._buffered)
            self.schema, self._arrays = self.reader.schema, self._of_stream
            return
        if text.packing:
            raise CorpusError(
                f"{text.name} is {form} compressed with {text.packing}, and {form} is read from "
                "its end; decompress it first"
            )
        if not raw.seekable():
            raise CorpusError(f"{text.name} is {form}, which is read from its end; save it first")
        self.size = raw.seek(0, io.SEEK_END)
        if form == ARROW:
            self.reader = pyarrow_module("pyarrow.ipc").open_file(raw)
            self.schema, self._arrays = self.reader.schema, self._of_arrow
        else:
            # A row group may be larger than memory: no buffer holds it whole. And what repeats in
            # it stays a dictionary, or a file of some KB would give gigabytes at once.
            open_parquet = partial(
                pyarrow_module("pyarrow.parquet").ParquetFile,
                buffer_size=1 << 20,
                pre_buffer=False,
                page_checksum_verification=True,
            )
            self.schema, self._arrays = open_parquet(raw).schema_arrow, self._of_parquet
            texts = [field.name for field in self.schema if _is_text(field.type)]
            self.reader = open_parquet(raw, read_dictionary=texts)

    def arrays(self, column: str) -> Iterator[tuple[Any, int]]:
        """A column, batch by batch, each with the bytes of the file read so far."""
        return self._arrays(column)

    def _of_parquet(self, column: str) -> Iterator[tuple[Any, int]]:
        about = self.reader.metadata
        # Of the rows, not of their columns: pyarrow crashes on a column whose statistics are
        # damaged.
        groups = map(about.row_group, range(about.num_row_groups))
        longest = max(
            (group.total_byte_size // max(group.num_rows, 1) for group in groups), default=0
        )
        is_text = arrow_kind(self.schema.field(column).type) == "text"
        most = _MOST_ROWS if is_text else _MOST_LISTS
        batch = min(BLOCK_BYTES // max(longest, 1) + 1, most)
        rows = 0
        for part in self.reader.iter_batches(batch_size=batch, columns=[column]):
            rows += len(part)
            yield part.column(column), self.size * rows // max(about.num_rows, 1)

    def _of_arrow(self, column: str) -> Iterator[tuple[Any, int]]:
        ipc = pyarrow_module("pyarrow.ipc")
        options = ipc.IpcReadOptions(included_fields=[self.schema.get_field_index(column)])
        reader = ipc.open_file(self.raw, options=options)
        for number in range(reader.num_record_batches):
            array = reader.get_batch(number).column(0)
            yield _trusted(array), self.size * (number + 1) // reader.num_record_batches

    def _of_stream(self, column: str) -> Iterator[tuple[Any, int]]:
        for batch in self.reader:
            yield _trusted(batch.column(column)), self.text.bytes_read
        # Its end is marked, but only the end of the file shows that the compression is intact.
        if self._buffered.read(1):
            raise CorpusError(f"{self.text.name}: more data follows the end of the Arrow stream")


def _trusted(array: Any) -> Any:
    """The same array, checked: pyarrow itself trusts any offsets."""
    array.validate(full=True)
    return array
