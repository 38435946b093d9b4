"""A line of text as a word and its numbers: what the formats mean, a line at a time.

This is the slow twin of `text_kernels`, and reads the lines left to it. A word
ends at the first blank or tab; but if more fields than numbers follow, and the
one before the numbers is not a number, they belong to the word, as in ". . ." in
GloVe's larger files.
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
"""Of a row, in numbers; no vectors have nearly as many."""
_NOT_FINITE = re.compile(rb"[+-]?(nan(\(\w*\))?|inf|infinity)", re.IGNORECASE)
_SEPARATED = re.compile(rb"[^\s,;]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
"""What no text has, but a binary file soon has."""
_FIELD = re.compile(rb"[^ \t]+")
_BLANKS = b" \t"
PADDING = b" \t\r"
"""What may follow the last number."""
LONGEST_WORD_BYTES = 1 << 16
"""More than any tool writes."""
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


def require_dim(place: str, dim: int) -> None:
    """Refuse rows of more numbers than any vectors have, before memory is allocated for one."""
    if dim > LARGEST_DIM:
        raise FormatError(
            f"{place}: rows of {dim:,} numbers; vectors of up to {LARGEST_DIM:,} are read"
        )


def count_numbers(line: bytes) -> int:
    """How many numbers a row has, going by the first line of a file without a header; 0 for no row.

    Counting stops beyond what any row has, so that the result is too large as well.
    """
    count = 0
    for field in islice(_fields(line), 1, LARGEST_DIM + 2):
        count = count + 1 if is_number(field.group()) else 0
    return count


def parse_line(line: bytes, dim: int, place: str) -> tuple[int, NDArray[np.float32]]:
    """Where the word of a line ends, and the numbers after it; FormatError for any other line.

    line: without its line feed. dim: how many numbers there should be. place: for errors.
    """
    if not line.strip(PADDING):
        raise FormatError(f"{place}: an empty line where a word and {dim} numbers should be")
    if line.startswith((b" ", b"\t")):
        raise FormatError(f"{place}: the word is empty: the line begins with a space")
    # Fields are counted and iterated over, never kept: a row may have a million.
    of_word = sum(1 for _ in _fields(line)) - dim
    fields = _fields(line)
    before = deque(islice(fields, max(0, of_word)), maxlen=1)
    if of_word < 1 or (of_word > 1 and is_number(before[0].group())):
        found = sum(is_number(field.group()) for field in islice(_fields(line), 1, None))
        raise FormatError(f"{place}: {found} numbers where {dim} should be ({quoted(line)})")
    row = np.empty(dim, np.float32)
    word = line
    with np.errstate(over="ignore"):
        for column, field in enumerate(fields):
            if not is_number(field.group()):
                raise FormatError(
                    f"{place}: number {column + 1} of {dim} is {quoted(field.group())}, which is "
                    "not a number"
                )
            if not column:
                word = line[: field.start()].rstrip(_BLANKS)
            row[column] = float(field.group().partition(b"(")[0])  # C also writes "nan(...)"
    return len(word), row


def first_field(line: bytes) -> bytes:
    """The first field of a line, empty if there is none."""
    field = next(_fields(line), None)
    return b"" if field is None else field.group()


def _fields(line: bytes) -> Iterator[re.Match[bytes]]:
    """The fields of a line, separated by blanks and tabs."""
    return _FIELD.finditer(line.rstrip(PADDING))


def is_number(field: bytes) -> bool:
    """Whether a field is a number as Python writes it, including nan and infinity."""
    return bool(_NUMBER.fullmatch(field) or _NOT_FINITE.fullmatch(field))


def is_header_row(line: bytes) -> bool:
    """Whether a line is a table's header as pandas writes it: a name or nothing, then 0, 1, 2, ...

    A row of vectors could hold these numbers too. If blanks separate them, as in
    rows, the line is a header only if its name cannot be a word.
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
    """Whether a line is 0, 1, 2, ..., columns - 1; no field is kept."""
    at = 0
    for number in range(columns):
        field = b"%d" % number + separator
        if not line.startswith(field if number < columns - 1 else field[:-1], at):
            return False
        at += len(field)
    return at == len(line) + 1


def are_numbers_of_rows(words: list[bytes]) -> bool:
    """Whether what should be words are the first numbers of rows.

    Ids of items and nodes are numbers too, but whole ones.
    """
    return all(map(is_number, words)) and any(
        _NUMBER.fullmatch(word) and not word.lstrip(b"+-").isdigit() for word in words
    )


def is_prose(text: bytes) -> bool:
    """Whether a file that begins like this is text to train on: most lines are mostly words.

    A row ends in numbers, whether blanks or commas separate them; the last one may be cut off here.
    An endless word is neither.
    """
    if _CONTROL.search(text):
        return False
    if len(text) >= LONGEST_WORD_BYTES and len(text.split(None, 1)) == 1:
        return False
    lines = [fields for line in text.split(b"\n") if (fields := _SEPARATED.findall(line))]
    of_words = sum(
        not is_number(fields[-1]) and 2 * sum(map(is_number, fields)) < len(fields)
        for fields in lines
    )
    return 2 * of_words > len(lines)


def quoted(line: bytes) -> str:
    """The beginning of a line, in quotes, for messages."""
    line = line.rstrip(b"\r")
    text = line[:_SHOWN_BYTES].decode(errors="backslashreplace")
    return f"{text!r}{'...' if len(line) > _SHOWN_BYTES else ''}"
