"""A line of text as a word and its numbers: what the formats mean, a line at a time.

This is the slow twin of `text_kernels`, and reads what that leaves to it. A
word ends at the first blank or tab; but where more fields than numbers follow,
and what stands before the numbers is none itself, it is the word's own, as in
". . ." of GloVe's larger files.
"""

import re
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError

_NUMBER = re.compile(rb"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LARGEST_DIM = 1 << 20
"""Numbers of a row; no vectors have nearly as many."""
_NOT_FINITE = re.compile(rb"[+-]?(nan(\(\w*\))?|inf|infinity)", re.IGNORECASE)
_FIELD = re.compile(rb"[^ \t]+")
_BLANKS = b" \t"
PADDING = b" \t\r"
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
    """How many numbers a row has, by a line without a header before it; 0 for no row.

    Of more fields than any row has no more are looked at, and so it is too many as well.
    """
    count = 0
    for field in islice(_fields(line), 1, LARGEST_DIM + 2):
        count = count + 1 if is_number(field.group()) else 0
    return count


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

    """
    if not line.strip(PADDING):
        raise FormatError(f"{place}: an empty line where a word and {dim} numbers should be")
    if line.startswith((b" ", b"\t")):
        raise FormatError(f"{place}: the word is empty: the line begins with a blank")
    # Fields are counted and gone through, never kept: a row may have a million.
    of_word = sum(1 for _ in _fields(line)) - dim
    fields = _fields(line)
    before = deque(islice(fields, max(0, of_word)), maxlen=1)
    if of_word < 1 or (of_word > 1 and is_number(before[0].group())):
        found = sum(is_number(field.group()) for field in islice(_fields(line), 1, None))
        raise FormatError(f"{place}: {found} numbers where {dim} should be{_shown(line)}")
    row = np.empty(dim, np.float32)
    word = line
    with np.errstate(over="ignore"):
        for column, field in enumerate(fields):
            if not is_number(field.group()):
                raise FormatError(
                    f"{place}: number {column + 1} of {dim} is {field.group()!r:.40}, which is "
                    "not a number"
                )
            if not column:
                word = line[: field.start()].rstrip(_BLANKS)
            row[column] = float(field.group().partition(b"(")[0])  # C writes "nan(...)" as well
    return len(word), row


def first_field(line: bytes) -> bytes:
    """The first that stands between blanks and tabs; nothing where nothing does."""
    field = next(_fields(line), None)
    return b"" if field is None else field.group()


def _fields(line: bytes) -> Iterator[re.Match[bytes]]:
    """What stands between blanks and tabs."""
    return _FIELD.finditer(line.rstrip(PADDING))


def is_number(field: bytes) -> bool:
    """Whether a field is a number as Python writes them, nan and infinities included."""
    return bool(_NUMBER.fullmatch(field) or _NOT_FINITE.fullmatch(field))


def is_header_row(line: bytes) -> bool:
    """Whether a line is a table's header: a name or nothing, and the numbers of its columns.

    pandas writes it so. A row of vectors that looks like this has the numbers
    0, 1, 2, ..., written as whole ones. Divided by blanks, as rows are, it is a
    header only where its name can be no word.
    """
    for separator in (b"\t", b" "):
        name, _, rest = line.rstrip(b"\r").partition(separator)
        columns = rest.count(separator) + 1
        is_unnamed = name in (b"", b'""', b"word")
        if not (is_unnamed or (separator == b"\t" and columns > 1)) or columns > LARGEST_DIM:
            continue
        if _are_counted(rest, separator, columns):
            return True
    return False


def _are_counted(line: bytes, separator: bytes, columns: int) -> bool:
    """Whether a line is the numbers 0, 1, 2, ... of so many columns; none is kept."""
    at = 0
    for number in range(columns):
        told = b"%d" % number + separator
        if not line.startswith(told if number < columns - 1 else told[:-1], at):
            return False
        at += len(told)
    return at == len(line) + 1


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
