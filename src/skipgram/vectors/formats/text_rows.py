"""A line of text as a word and its numbers: what the formats mean, a line at a time.

This is the slow twin of `text_kernels`, and reads what that leaves to it. A
word ends at the first blank or tab; but where more fields than numbers follow,
and what stands before the numbers is none itself, it is the word's own, as in
". . ." of GloVe's larger files.
"""

import re
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError

_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_NOT_FINITE = re.compile(rb"[+-]?(nan(\(\w*\))?|inf|infinity)", re.IGNORECASE)
_FIELD = re.compile(rb"[^ \t]+")
_BLANKS = b" \t"
_PADDING = b" \t\r"
"""What may stand behind the last number."""
_SHOWN_BYTES = 60


class Header(NamedTuple):
    """What the first line promises."""

    vocab_size: int
    embedding_dim: int


def parse_header(line: bytes) -> Header | None:
    """The two whole numbers of a header line; None if it is not one."""
    fields = line.split()
    if len(fields) != 2 or not all(field.isdigit() and len(field) < 20 for field in fields):
        return None
    return Header(*map(int, fields))


def count_numbers(line: bytes) -> int:
    """How many numbers a row has, by a line without a header before it; 0 for no row."""
    fields = fields_of(line)[1:]
    for count, field in enumerate(reversed(fields)):
        if not is_number(field):
            return count
    return len(fields)


def parse_line(line: bytes, dim: int, place: str) -> tuple[int, NDArray[np.float32]]:
    """Where the word of a line ends, and the numbers behind it.

    Parameters
    ----------
    line
        Without its line feed.
    dim
        How many numbers there should be.
    place
        The file and the line, for errors.

    Raises
    ------
    FormatError
        If the line is anything else.

    """
    padded = line.rstrip(_PADDING)
    fields = list(_FIELD.finditer(padded))
    if not padded:
        raise FormatError(f"{place}: an empty line where a word and {dim} numbers should be")
    if fields[0].start() > 0:
        raise FormatError(f"{place}: the word is empty: the line begins with a blank")
    numbers = fields[len(fields) - dim :] if len(fields) > dim else fields[1:]
    before = fields[1 : len(fields) - dim]
    if len(numbers) < dim or (before and is_number(before[-1].group())):
        found = sum(is_number(field.group()) for field in fields[1:])
        raise FormatError(f"{place}: {found} numbers where {dim} should be{_shown(line)}")
    values = np.empty(dim, np.float64)
    for column, field in enumerate(numbers):
        if not is_number(field.group()):
            raise FormatError(
                f"{place}: number {column + 1} of {dim} is {field.group()!r:.40}, which is not a "
                "number"
            )
        values[column] = float(field.group())
    with np.errstate(over="ignore"):
        row = values.astype(np.float32)
    word = line[: numbers[0].start()].rstrip(_BLANKS)
    return len(word), row


def fields_of(line: bytes) -> list[bytes]:
    """What stands between blanks and tabs."""
    return _FIELD.findall(line.rstrip(_PADDING))


def is_number(field: bytes) -> bool:
    """Whether a field is a number as Python writes them, nan and infinities included."""
    return bool(_NUMBER.fullmatch(field) or _NOT_FINITE.fullmatch(field))


def is_header_row(line: bytes) -> bool:
    """Whether a line is a table's header: a name or nothing, and the numbers of its columns.

    pandas writes it so; columns are divided by tabs. A row of vectors that looks
    like this has the numbers 0, 1, 2, ..., written as whole ones.
    """
    name, *columns = line.rstrip(b"\r").split(b"\t")
    counted = [b"%d" % number for number in range(len(columns))]
    return columns == counted and (len(columns) > 1 or name in (b"", b"word"))


def are_numbers_of_rows(words: list[bytes]) -> bool:
    """Whether what stands in the places of words is rows' own numbers.

    Ids of items and nodes are numbers as well, but whole ones.
    """
    return all(map(is_number, words)) and any(
        _NUMBER.fullmatch(word) and not word.lstrip(b"+-").isdigit() for word in words
    )


def _shown(line: bytes) -> str:
    text = line[:_SHOWN_BYTES].decode(errors="backslashreplace")
    return f" ({text!r}{'...' if len(line) > _SHOWN_BYTES else ''})"
