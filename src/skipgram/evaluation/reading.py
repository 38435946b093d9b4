"""Lines of published test sets: what cannot be read is counted, and the first shown."""

import csv
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from skipgram.errors import FormatError
from skipgram.evaluation.scores import Malformed
from skipgram.untrusted.opening import read_lines


class Troubles:
    """Malformed lines, while a set is read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found = Malformed()

    @property
    def found(self) -> Malformed:
        """Those so far."""
        return self._found

    def add(self, number: int, line: str, file: Path | None = None) -> None:
        """A line that cannot be read; file: if the set has several."""
        lines, first = self._found
        self._found = Malformed(lines + 1, first or f"{file or self._file}:{number}: {line!r:.60}")

    def told(self, items: Sequence[object], expected: str) -> Malformed:
        """All of them, beside the items that could be read: FormatError if there are none.

        expected: what should be on a line.
        """
        lines, first = self._found
        if items:
            return self._found
        if not lines:
            raise FormatError(f"{self._file} is empty: {expected} should be on each line")
        raise FormatError(f"{first} where {expected} should be; no line could be read")


class RatedLine(NamedTuple):
    """Two words and a number."""

    one: str
    other: str
    rating: float


def rated_lines(file: Path) -> tuple[list[RatedLine], Malformed]:
    """Two words and a rating a line, separated by tabs, commas or spaces; # starts a comment.

    The rating is in the first column after the words that holds a number on the first line that
    has one: SimLex-999 has parts of speech before it, others have single judges behind. A line of
    headings may come first, of which one has "word" in it.
    """
    found: list[RatedLine] = []
    troubles, column = Troubles(file), None
    for place, (number, line, fields) in enumerate(cut_lines(file, "a list of pairs")):
        if column is None:
            column = next((at for at in range(2, len(fields)) if _is_number(fields[at])), None)
            if column is None:
                if place or not _are_headings(fields):
                    troubles.add(number, line)
                continue
        is_whole = len(fields) > column and all(fields[:2]) and _is_number(fields[column])
        if is_whole:
            found.append(RatedLine(fields[0], fields[1], float(fields[column])))
        else:
            troubles.add(number, line)
    return found, troubles.told(found, "word, word and rating (a finite number)")


def cut_lines(file: Path, what: str) -> Iterator[tuple[int, str, list[str]]]:
    """The number, the text and the fields of each line that holds something.

    what: the file should be, with its article.
    """
    separator: str | None = None
    for number, line in enumerate(read_lines(file, what), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if separator is None:
            separator = next((mark for mark in "\t,;" if mark in line), " ")
        if separator == " ":
            yield number, line, line.split()
        else:
            fields = line.split(separator) if separator == "\t" else _quoted(line, separator)
            yield number, line, [field.strip() for field in fields]


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a field longer than csv reads: no word, and no rating
        return []


def _are_headings(fields: Sequence[str]) -> bool:
    return len(fields) > 2 and any("word" in field.lower() for field in fields)


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
