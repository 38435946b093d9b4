"""What a Parquet file says about its columns and pages, checked before any of them is unpacked.

A few kilobytes of Parquet may hold gigabytes of rows, or only claim to. pyarrow
allocates what is claimed, and may end the process when asked about a damaged
footer.

Footer and page headers are structs in Thrift's compact protocol; these fields
are read:

    footer         4 row groups, a list:  1 columns, a list:  3 about it, see `_Chunk`
                                          3 rows
    page header    1 kind, 2 bytes unpacked, 3 bytes packed, 5, 7, 8 by kind:  1 values, 2 (of 8: 4)
                                                                               encoding

Source: https://github.com/apache/parquet-format, parquet.thrift; Thrift's
"Compact protocol encoding".
"""

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from skipgram.errors import FormatError
from skipgram.untrusted.opening import library_errors, open_regular

_MAGIC = b"PAR1"
_MOST_BYTES = 1 << 24
_HEADER_BYTES = 1 << 12, 1 << 22
"""of a page: nearly always enough, and at most"""
_MOST_TIMES = 1 << 15
"""Zstandard, which compresses best, can put 128 KB into four bytes."""
_LEAST_BYTES = 2
"""A number or a text takes this much at least."""
_MOST_DEPTH = 16
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_DICTIONARY_PAGE = 2
_PLAIN = 0
_VALUES, _ENCODING = -1, -2
"""Keys for a page, in addition to the numbers of its header's fields."""
_OF_PAGES = {
    (5, 1): _VALUES,
    (5, 2): _ENCODING,
    (7, 1): _VALUES,
    (8, 1): _VALUES,
    (8, 4): _ENCODING,
}
"""Where they are in the header."""


class _Chunk(NamedTuple):
    """A column of a row group: fields 5, 7, 9 and 11 of its metadata."""

    values: int = 0
    size: int = 0
    data: int = 0
    dictionary: int = 0


_CHUNK_FIELDS = {5: "values", 7: "size", 9: "data", 11: "dictionary"}


class PageSummary(NamedTuple):
    """What the pages of some columns say."""

    values_per_row: int
    """of the first column: about how many, in the row group with the most"""
    plain: frozenset[int]
    """the columns whose values are written one by one, so that unpacked pages are as large"""


def look_through(path: Path, leaf: int, others: Collection[int] = ()) -> PageSummary:
    """What a file says about a column and some others; FormatError if it cannot be true.

    leaf, others: columns' numbers, as Parquet counts them: of nested columns only the leaves.
    """
    most, plain = 0, {leaf, *others}
    with open_regular(path) as file, library_errors(path):
        size = os.fstat(file.fileno()).st_size
        file.seek(max(0, size - 8))
        ending = file.read(8)
        length = int.from_bytes(ending[:4], "little")
        if ending[4:] != _MAGIC or not 0 < length <= min(size - 8, _MOST_BYTES):
            raise FormatError(f"{path} is damaged: no footer of Parquet is at its end")
        file.seek(size - 8 - length)
        footer = _Compact(file.read(length))
        for rows, chunks in _row_groups(footer, {leaf, *others}):
            for number, chunk in chunks.items():
                if not _are_plain(file, chunk):
                    plain.discard(number)
                if number == leaf and rows > 0:
                    most = max(most, -(-chunk.values // rows))
    return PageSummary(most, frozenset(plain))


def _row_groups(
    footer: "_Compact", leaves: Collection[int]
) -> Iterator[tuple[int, dict[int, _Chunk]]]:
    """The rows of each row group, and some of its columns."""
    for field, kind in footer.fields():
        if (field, kind) != (4, _LIST):
            footer.skip(kind)
            continue
        for _ in range(footer.items()[0]):
            rows, chunks = 0, {}
            for of_group, its_kind in footer.fields():
                if (of_group, its_kind) == (1, _LIST):
                    for column in range(footer.items()[0]):
                        chunk = _chunk(footer)
                        if column in leaves:
                            chunks[column] = chunk
                elif (of_group, its_kind) == (3, _I64):
                    rows = footer.number()
                else:
                    footer.skip(its_kind)
            yield rows, chunks


def _chunk(footer: "_Compact") -> _Chunk:
    found = {}
    for field, kind in footer.fields():
        if (field, kind) != (3, _STRUCT):
            footer.skip(kind)
            continue
        for of_column, its_kind in footer.fields():
            if of_column in _CHUNK_FIELDS and its_kind == _I64:
                found[_CHUNK_FIELDS[of_column]] = footer.number()
            else:
                footer.skip(its_kind)
    return _Chunk(**found)


def _are_plain(file: BinaryIO, chunk: _Chunk) -> bool:
    """Whether all pages hold values one by one.

    A page that claims more bytes, or a dictionary more values, than fit is refused.
    """
    is_plain = True
    at = chunk.dictionary if 0 < chunk.dictionary < chunk.data else chunk.data
    end, seen = at + chunk.size, 0
    while at < end and seen < chunk.values:
        header, of_header = _page_header(file, at)
        unpacked, packed, values = header.get(2, 0), header.get(3, 0), header.get(_VALUES, 0)
        is_plain &= header.get(_ENCODING) == _PLAIN
        if min(unpacked, packed, values) < 0 or unpacked > _MOST_TIMES * (packed + 1):
            raise ValueError(f"its page at byte {at:,} has {packed:,} bytes for {unpacked:,}")
        if header.get(1) == _DICTIONARY_PAGE:
            if values * _LEAST_BYTES > unpacked:
                raise ValueError(
                    f"its dictionary at byte {at:,} has {unpacked:,} bytes for {values:,} values"
                )
        else:
            seen += values
        at += of_header + packed
    return is_plain


def _page_header(file: BinaryIO, at: int) -> tuple[dict[int, int], int]:
    """The numbers in a page's header, by field and by `_OF_PAGES`; and the header's length."""
    for size in _HEADER_BYTES:
        file.seek(at)
        header = _Compact(file.read(size))
        try:
            found = {}
            for field, kind in header.fields():
                if kind == _I32:
                    found[field] = header.number()
                elif kind == _STRUCT and field in (5, 7, 8):
                    for of_kind, its_kind in header.fields():
                        if its_kind == _I32 and (field, of_kind) in _OF_PAGES:
                            found[_OF_PAGES[field, of_kind]] = header.number()
                        else:
                            header.skip(its_kind)
                else:
                    header.skip(kind)
        except EOFError:
            continue
        return found, header.at
    raise ValueError(f"its page at byte {at:,} has no header")


class _Compact:
    """Content in Thrift's compact protocol, read from the start."""

    def __init__(self, content: bytes) -> None:
        self._content, self.at = content, 0

    def fields(self) -> Iterator[tuple[int, int]]:
        """The number and kind of each field of a struct; the caller reads or skips its value."""
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self.number()
            yield field, head & 15

    def items(self) -> tuple[int, int]:
        """How many items a list has, and of what kind."""
        head = self._byte()
        size = head >> 4
        return (self._unsigned() if size == 15 else size), head & 15

    def number(self) -> int:
        """A whole number: 0, −1, 1, −2, ... are written as 0, 1, 2, 3, ..."""
        unsigned = self._unsigned()
        return unsigned >> 1 ^ -(unsigned & 1)

    def skip(self, kind: int, depth: int = 0) -> None:
        """Skip a field's value."""
        if depth > _MOST_DEPTH:
            raise ValueError("it is nested too deep")
        if kind in (_BYTE, _DOUBLE):
            self.at += 1 if kind == _BYTE else 8
        elif _I16 <= kind <= _I64:
            self._unsigned()
        elif kind == _BINARY:
            length = self._unsigned()
            self.at += length
        elif kind in (_LIST, _SET):
            size, of_items = self.items()
            for _ in range(size):
                self._skip_item(of_items, depth)
        elif kind == _MAP:
            size = self._unsigned()
            kinds = self._byte() if size else 0
            for _ in range(size):
                self._skip_item(kinds >> 4, depth)
                self._skip_item(kinds & 15, depth)
        elif kind == _STRUCT:
            for _, of_field in self.fields():
                self.skip(of_field, depth + 1)
        elif kind not in (_TRUE, _FALSE):  # these kinds are the value
            raise ValueError(f"it has a field of kind {kind}")

    def _skip_item(self, kind: int, depth: int) -> None:
        """Skip an item of a list or map, where a boolean takes a byte."""
        self.skip(_BYTE if kind in (_TRUE, _FALSE) else kind, depth + 1)
        if self.at > len(self._content):
            raise EOFError("it is cut off")

    def _byte(self) -> int:
        if self.at >= len(self._content):
            raise EOFError("it is cut off")
        self.at += 1
        return self._content[self.at - 1]

    def _unsigned(self) -> int:
        """Seven bits per byte, the lowest first."""
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value
            if shift > 63:
                raise ValueError("it has a number of more than 64 bits")
