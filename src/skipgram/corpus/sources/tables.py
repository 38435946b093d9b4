"""The text column of a table: Parquet, Arrow (and with it Feather), CSV, TSV, JSON lines."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import count
from typing import Any, BinaryIO

import numpy as np

from skipgram.corpus.sources.blocks import BLOCK_BYTES, MOST_RECORD_BYTES, Block
from skipgram.corpus.sources.columns import (
    ARROW,
    ARROW_STREAM,
    PARQUET,
    ColumnFile,
    arrow_blocks,
    arrow_kind,
    not_text,
    pyarrow_module,
)
from skipgram.corpus.sources.file_kinds import START_BYTES, other_than_text
from skipgram.corpus.sources.reading import require_utf_8, text_blocks
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.corpus.sources.values import (
    ValueReader,
    column_values,
    described,
    listed,
    no_such_column,
)
from skipgram.errors import CorpusError
from skipgram.untrusted.opening import library_errors, reason

_CSV, _TSV, _JSON_LINES = "CSV", "TSV", "JSON lines"
_COLUMNAR = {
    rb"PAR1": PARQUET,
    rb"ARROW1\x00\x00": ARROW,
    # No text in UTF-8: the mark of a message, and its length below 16 MB.
    rb"\xff\xff\xff\xff...\x00": ARROW_STREAM,
}
_MAGIC_BYTES = 8
_ENDINGS = {"csv": _CSV, "tsv": _TSV} | dict.fromkeys(("jsonl", "ndjson", "json"), _JSON_LINES)
_ENDING = re.compile(rf"\.({'|'.join(_ENDINGS)})(\.(gz|bz2|xz|zst))?$", re.IGNORECASE)

_NAME_TEXTS = "name only the text files, or use a pattern ('books/*.txt')"
_HEADER_BYTES = 1 << 20
_CSV_BYTES = 1 << 24
"""pyarrow reads this much of a CSV file at a time, and no record may be longer."""
_VALUE_BYTES = {b",": 64, b"[": 64, b":": 128, b"{": 256, b'"': 32}
"""Memory for the value that each of these characters of JSON starts, at most, on average."""


@dataclass(frozen=True)
class Table:
    """A table in a stream that has just been opened."""

    raw: BinaryIO
    text: UnpackedText
    """of `raw`"""
    form: str

    @classmethod
    def found(cls, raw: BinaryIO, text: UnpackedText) -> "Table | None":
        """The table that a stream holds, if it is one.

        Parquet and Arrow are known by their content, the others, which are
        texts as well, by the ends of their names.
        """
        start = text.peek(_MAGIC_BYTES)
        for magic, form in _COLUMNAR.items():
            if re.match(magic, start, re.DOTALL):
                return cls(raw, text, form)
        ending = _ENDING.search(text.name)
        return cls(raw, text, _ENDINGS[ending[1].lower()]) if ending else None

    @property
    def is_text(self) -> bool:
        """Whether it can be read as a text just as well."""
        return self.form not in _COLUMNAR.values()

    def needs_column(self) -> CorpusError:
        """The error for a Parquet or Arrow file without a named column."""
        with self._explained():
            columns = listed(ColumnFile(self.form, self.raw, self.text).schema.names)
        return CorpusError(
            f"{self.text.name} is {self.form} with the columns {columns}; say which one holds the "
            "text (--column NAME)"
        )

    def blocks(
        self, column: str, *, whole_lines: bool = False, block_bytes: int = BLOCK_BYTES
    ) -> Iterator[Block]:
        """A column as blocks; missing values are skipped and counted.

        The end of a text ends its last line, and a list of words is a line.
        """
        name = self.text.name
        if self.is_text:
            require_utf_8(self.text)
        if self.form == _JSON_LINES:
            reader = ValueReader(
                name,
                lambda line: f"{name}:{line}: column {column!r}",
                lambda: self.text.bytes_read,
                block_bytes,
            )
            values = column_values(self._records(), column, name)
            yield from reader.blocks(values, whole_lines=whole_lines)
            return
        with self._explained():
            if self.is_text:
                kind, arrays = "text", self._csv(column)
            else:
                file = ColumnFile(self.form, self.raw, self.text)
                _require_one(column, file.schema.names, name)
                column_type = file.schema.field(column).type
                kind, arrays = arrow_kind(column_type), file.arrays(column)
                if not kind:
                    raise CorpusError(f"column {column!r} of {name} holds {not_text(column_type)}")
            yield from arrow_blocks(
                arrays, kind, name, whole_lines=whole_lines, block_bytes=block_bytes
            )

    def _csv(self, column: str) -> Iterator[tuple[Any, int]]:
        """A column of CSV, with all values as strings."""
        pyarrow, arrow_csv = pyarrow_module(), pyarrow_module("pyarrow.csv")
        delimiter = "\t" if self.form == _TSV else ","
        start = self.text.peek(_HEADER_BYTES).decode("utf-8-sig", "replace")
        if not start:
            return
        rows = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
        _require_one(column, next(filter(None, rows), []), self.text.name)
        reader = arrow_csv.open_csv(
            io.BufferedReader(self.text, BLOCK_BYTES),
            arrow_csv.ReadOptions(block_size=_CSV_BYTES),
            arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            # An empty cell is a missing value, as in the tables such files are made from; NA is a
            # word. Bytes that are not UTF-8 are for the reader of the blocks to replace and count.
            arrow_csv.ConvertOptions(
                include_columns=[column],
                column_types={column: pyarrow.string()},
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                check_utf8=False,
            ),
        )
        for batch in reader:
            yield batch.column(0), self.text.bytes_read

    def _records(self) -> Iterator[tuple[int, dict[str, object]]]:
        """The records of JSON lines, with the numbers of their lines."""
        name, lines = self.text.name, io.BufferedReader(self.text, BLOCK_BYTES)
        for number in count(1):
            line = lines.readline(MOST_RECORD_BYTES)
            if not line:
                return
            if line.isspace():
                continue
            _require_room(line, f"{name}:{number}")
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                line = b""  # a record that is held once may be twice as long
                record = json.loads(text)
                text = ""
            except (ValueError, RecursionError) as error:
                raise CorpusError(f"{name}:{number}: not JSON: {reason(error)}") from error
            if not isinstance(record, dict):
                raise CorpusError(
                    f"{name}:{number}: {described(record)} where a JSON object should be; write "
                    "one a line"
                )
            yield number, record

    def _explained(self) -> AbstractContextManager[None]:
        """What pyarrow cannot read is for the user to fix, so it becomes an error of one line."""
        pyarrow_module()  # or the error that says how to install it
        return library_errors(self.text.name, f"cannot be read as {self.form}", CorpusError)


def stream_blocks(
    raw: BinaryIO, name: str, column: str, *, whole_lines: bool = False
) -> Iterator[Block]:
    """What a stream of bytes holds, as blocks: text or, if a column is named, that of a table."""
    text = UnpackedText(raw, name)
    table = Table.found(raw, text)
    if table is None or table.is_text:
        _require_no_other_kind(text)
    if column:
        if table is None:
            raise CorpusError(
                f"{name} is not a table and has no column {column!r}; tables are Parquet and Arrow "
                "files, and files that end in .csv, .tsv or .jsonl"
            )
        return table.blocks(column, whole_lines=whole_lines)
    if table is not None and not table.is_text:
        raise table.needs_column()
    return text_blocks(text, whole_lines=whole_lines)


def _require_no_other_kind(text: UnpackedText) -> None:
    """Refuse an archive, a picture, ...: read as text it would be trained on."""
    if kind := other_than_text(text.peek(START_BYTES)):
        way_out = kind.as_text or kind.unpacking or _NAME_TEXTS
        raise CorpusError(f"{text.name} is {kind.name}, not text; {way_out}")


def _require_room(line: bytes, where: str) -> None:
    """Refuse a record that takes many times its length in memory, or has no end."""
    if len(line) == MOST_RECORD_BYTES:
        raise CorpusError(
            f"{where}: a record of more than {MOST_RECORD_BYTES >> 20} MB; put one on each line, "
            "or split it"
        )
    if len(line) > BLOCK_BYTES and bytes_of_values(line) > 2 * len(line) + (BLOCK_BYTES << 4):
        raise CorpusError(
            f"{where}: a record of {len(line):,} bytes with too many values to be held in memory; "
            "leave out the columns that are not needed"
        )


def bytes_of_values(line: bytes) -> int:
    """Memory that the values of a JSON record take at most, but for their texts."""
    signs = np.frombuffer(line.replace(b"\\\\", b"").replace(b'\\"', b""), np.uint8)
    # Between quotation marks no character counts; a mark that opens a text is outside.
    is_outside = ~np.logical_xor.accumulate(signs == ord('"')) | (signs == ord('"'))
    return sum(
        int(np.count_nonzero((signs == ord(sign)) & is_outside)) * size
        for sign, size in _VALUE_BYTES.items()
    )


def _require_one(column: str, names: Sequence[str], source: str) -> None:
    if column not in names:
        raise no_such_column(column, names, source)
    if (count := names.count(column)) > 1:
        raise CorpusError(f"{source} has {count} columns {column!r}; rename all but one")
