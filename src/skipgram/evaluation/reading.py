"""Published test sets as files and lines: what cannot be read is counted, and the first shown."""

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from statistics import mode
from typing import NamedTuple

from skipgram.errors import FormatError
from skipgram.evaluation.scores import Malformed
from skipgram.untrusted.opening import read_lines

MOST_RATING = 1e100
"""The squares of larger ones overflow."""
_MARKS = "\t,;"
_LOOKED_AT = 1_000
"""As many lines tell how a file is laid out."""

_UNNUMBERED = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_OF_WORDS = {"word", "words", "w", "noun", "verb", "adjective", "term", "concept", "lemma"}
_OF_WORDS_TOO = {"first", "second", "one", "two", "other", "a", "b", "the"}
_OF_RATINGS = {"human", "gold", "mean", "average", "avg"}
"""Rather than others: single judges may stand before their mean."""
_OF_RATINGS_TOO = {"score", "rating", "similarity", "relatedness"}
_OF_NUMBERS = {"unnamed", "index", "idx", "id"}
"""pandas writes "Unnamed: 0" for an index that it has read as a column."""


class Troubles:
    """Malformed lines, while a set is read."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found = Malformed()

    @property
    def found(self) -> Malformed:
        """Those so far."""
        return self._found

    def add(
        self, number: int, line: str, file: Path | None = None, *, why: str = "", lines: int = 1
    ) -> None:
        """A line that cannot be read.

        file: if the set has several. why: if the line does not show it. lines: if with it others
        cannot be read.
        """
        shown = f"{file or self._file}:{number}: {line!r:.60}"
        self._add(f"{shown} ({why})" if why else shown, lines)

    def add_empty(self, file: Path, lines: int = 0) -> None:
        """A file that should hold something: it counts as a line, or as its empty ones."""
        self._add(f"{file}: an empty file", max(lines, 1))

    def _add(self, shown: str, lines: int) -> None:
        self._found = Malformed(self._found.lines + lines, self._found.first or shown)

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


def text_files(folder: Path) -> dict[Path, str]:
    """The .txt files in a folder and below, in their order, and what each is called.

    That is its name without the suffix; of files that share it, the path below the folder.
    """
    files = [
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() == ".txt"
        and not path.is_dir()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]
    names = [_names(path.relative_to(folder)) for path in files]
    times = Counter(chain.from_iterable(names))
    return {
        path: next(name for name in of_path if times[name] == 1)
        for path, of_path in zip(files, names, strict=True)
    }


def _names(path: Path) -> list[str]:
    """From the shortest to that which no other file has."""
    names = (path.stem, path.with_suffix("").as_posix(), path.as_posix())
    return list(dict.fromkeys(names))


class RatedLine(NamedTuple):
    """Two words and a number."""

    one: str
    other: str
    rating: float


def rated_lines(file: Path) -> tuple[list[RatedLine], Malformed]:
    """Two words and a rating a line, separated by tabs, commas, semicolons or spaces.

    # starts a comment. A line of headings may come first, and may name the columns: of words, such
    as "word1" or "noun 2", and of the rating, such as "score" or "Human (mean)". Otherwise the
    words come first, or behind a running number, and the rating is in the first column after them
    that holds a number on the first line that has one: SimLex-999 has parts of speech before it,
    others have single judges behind. Ratings may have decimal commas.
    """
    troubles, found = Troubles(file), []
    lines = cut_lines(file, "a list of pairs", _may_be_rated)
    first = list(islice(lines, _LOOKED_AT))
    columns = _columns(first)
    for line in chain(first[columns.headings :], lines):
        rated = columns.rated(line.fields)
        if rated is None:
            troubles.add(line.number, line.text)
        else:
            found.append(rated)
    return found, troubles.told(found, "word, word and rating (a finite number)")


class CutLine(NamedTuple):
    """A line that holds something."""

    number: int
    """in its file, from 1"""
    text: str
    fields: list[str]
    separator: str


def cut_lines(
    file: Path, what: str, is_whole: Callable[[Sequence[str]], bool]
) -> Iterator[CutLine]:
    """The lines of a file that hold something, # comments left out, in their fields.

    Fields are separated by what makes most lines whole. Blanks are asked last: between other marks
    they may be part of a word.

    Parameters
    ----------
    file
        Or an open pipe.
    what
        It should be, with its article.
    is_whole
        Whether the fields of a line may be all that should be there.

    """
    lines = [
        (number, line)
        for number, line in enumerate(read_lines(file, what), 1)
        if line.strip() and not line.startswith("#")
    ]
    separator = _separator([line for _, line in lines[:_LOOKED_AT]], is_whole)
    for number, line in lines:
        yield CutLine(number, line, _fields(line, separator), separator)


def _separator(lines: Sequence[str], is_whole: Callable[[Sequence[str]], bool]) -> str:
    times = {
        mark: sum(_parts(mark, line) and is_whole(_fields(line, mark)) for line in lines)
        for mark in (*_MARKS, " ")
    }
    if any(times.values()):
        # Where words hold blanks, these may make lines whole that are not.
        is_marked = any(2 * times[mark] >= len(lines) for mark in _MARKS)
        return max(_MARKS if is_marked else times, key=times.__getitem__)
    return next((mark for mark in _MARKS if mark in "".join(lines[:1])), " ")


def _parts(mark: str, line: str) -> bool:
    """Whether a mark separates something: commas between digits alone are those of decimals."""
    return mark in line and (mark != "," or re.search(r"(?<!\d),|,(?!\d)", line) is not None)


def _fields(line: str, separator: str) -> list[str]:
    if separator == " ":
        return line.split()
    fields = line.split(separator) if separator == "\t" else _quoted(line, separator)
    return [field.strip() for field in fields]


def _quoted(line: str, separator: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a field longer than csv reads: no word, and no rating
        return []


def _may_be_rated(fields: Sequence[str]) -> bool:
    numbers = sum(map(_is_number, fields))
    return numbers > 0 and sum(map(bool, fields)) - numbers >= 2


class _Columns(NamedTuple):
    """Where a line has its words and its rating."""

    words: tuple[int, int] = (0, 1)
    rating: int | None = None
    headings: int = 0
    """lines of them"""
    is_numbered: bool = False
    """whether a running number comes first, without which a line is none"""

    def rated(self, fields: Sequence[str]) -> RatedLine | None:
        """What a line says; None if it is not all there."""
        if self.rating is None or len(fields) <= max(*self.words, self.rating):
            return None
        one, other = (fields[column] for column in self.words)
        rating = _number(fields[self.rating])
        if not (one and other) or rating is None or (self.is_numbered and not _counts(fields)):
            return None
        return RatedLine(one, other, rating)


def _columns(lines: Sequence[CutLine]) -> _Columns:
    """Of a file that begins so."""
    rows = [line.fields for line in lines]
    if (named := _named(rows)) is not None:
        return named
    is_numbered = _are_numbered(rows)
    start = int(is_numbered)
    rating = next(
        (
            at
            for row in rows
            if not is_numbered or _counts(row)
            for at in range(start + 2, len(row))
            if _is_number(row[at])
        ),
        None,
    )
    first = rows[0] if rows else []
    is_headed = (
        len(first) > 2
        and any("word" in field.lower() for field in first)
        and not any(map(_is_number, first[start + 2 :]))
    )
    return _Columns((start, start + 1), rating, int(is_headed), is_numbered)


def _named(rows: Sequence[Sequence[str]]) -> _Columns | None:
    """The columns that headings name; None without headings, or if they do not fit the lines.

    Words are in the first two that are named for words alone, as "noun1", or else contain "word".
    """
    if len(rows) < 2 or mode(map(len, rows[1:])) != len(rows[0]):
        return None
    headings, lines = rows[0], rows[1:]
    of_all = range(len(headings))
    parts = [{part.lower() for part in _UNNUMBERED.findall(heading)} for heading in headings]
    exact = [
        at for at in of_all if parts[at] & _OF_WORDS and parts[at] <= _OF_WORDS | _OF_WORDS_TOO
    ]
    words = exact if len(exact) > 1 else [at for at in of_all if "word" in headings[at].lower()]
    texts = [at for at in words if _first_number(lines[:1], [at]) is None]
    words = texts if len(texts) > 1 else words
    ratings = _OF_RATINGS | _OF_RATINGS_TOO
    named = [at for at in of_all if parts[at] and parts[at] <= ratings]
    # Single judges may have numbers for names; and "word" may be part of words that are rated.
    if len(words) < 2 or (not named and any(map(_is_number, headings))):
        return None
    one, other, *_ = words
    others = [
        at
        for at in (*of_all[other + 1 :], *of_all[:other])
        if at not in words and headings[at] and not parts[at] & _OF_NUMBERS
    ]
    tiers = [at for at in named if parts[at] & _OF_RATINGS], named, others
    for columns in tiers:
        if (rating := _first_number(lines, columns)) is not None:
            return _Columns((one, other), rating, headings=1)
    return None


def _are_numbered(rows: Sequence[Sequence[str]]) -> bool:
    """Whether most lines that could be rated begin with numbers of their own, and words follow.

    Lines that were left out or put in another order keep their numbers, so these need not rise;
    and some words may be numbers too.
    """
    rated = [row for row in rows if all(row[:2]) and any(map(_is_number, row[2:]))]
    numbers = [row[0] for row in rated if _counts(row)]
    are_words_between = [
        _counts(row) and not any(map(_is_number, row[1:3])) and any(map(_is_number, row[3:]))
        for row in rated
    ]
    return len(set(numbers)) == len(numbers) and 2 * sum(are_words_between) > len(rated)


def _counts(fields: Sequence[str]) -> bool:
    return bool(fields) and fields[0].isdecimal()


def _first_number(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> int | None:
    """The first of columns that holds a number on the first line where one does."""
    for row in rows:
        for column in columns:
            if column < len(row) and _is_number(row[column]):
                return column
    return None


def _is_number(text: str) -> bool:
    return _number(text) is not None


def _number(text: str) -> float | None:
    """What a rating may be, with a decimal point or comma; None for other text."""
    if text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.fabs(found) <= MOST_RATING else None  # not nan
