"""Columns of a user's table, by which the words of a map are coloured.

A table (CSV, TSV or Parquet) has a column called `word`, and any others. Values that are
all numbers stay numbers; others are categories.
"""

import csv
import io
import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, SettingsError, frames_to_the_caller
from skipgram.system.extras import data_module
from skipgram.system.paths import PathLike, as_path
from skipgram.untrusted.opening import library_errors, open_regular, read_whole

WORD = "word"
NUMBERS: Literal["number"] = "number"
CATEGORIES: Literal["category"] = "category"
NO_CATEGORY = 255
MOST_COLUMNS, MOST_CATEGORIES = 32, NO_CATEGORY

_PARQUET = b"PAR1"
_ROWS_AT_ONCE = 1 << 14
_MOST_ROWS = 20_000_000
_LONGEST_VALUE = 200
_LARGEST = float(np.finfo(np.float32).max)

Values = Mapping[str, Any]
"""A value for each of some words."""
Table = Mapping[str, Values]
"""Columns by name."""


@dataclass(frozen=True, eq=False)
class Column:
    """A value for each word that is shown.

    values: shape (words,): float32, nan for none; or uint8, the number of a category, 255 for none.
    """

    name: str
    kind: Literal["number", "category"]
    values: NDArray[np.float32] | NDArray[np.uint8]
    categories: tuple[str, ...] = ()


def table_of(given: PathLike | Table, words: Iterable[str]) -> Table:
    """The columns that were given, or those of a table, for these words."""
    if isinstance(given, Mapping):
        for name, values in given.items():
            if not isinstance(name, str) or not isinstance(values, Mapping):
                raise SettingsError(
                    f"colors must be a table's path, or give for each column's name a value for "
                    f"each word; {name!r:.60} has {type(values).__name__}"
                )
        table: Table = given
    else:
        table = _read(as_path(given), set(words))
    if len(table) > MOST_COLUMNS:
        raise SettingsError(
            f"the table has {len(table):,} columns beside {WORD!r}; a page takes {MOST_COLUMNS}: "
            "leave out what is not to be looked at"
        )
    return table


def columns_of(table: Table, words: Sequence[str]) -> list[Column]:
    """The columns for these words; one with too many different texts is left out, with a warning.

    Raises
    ------
    FormatError
        If the table has none of the words.

    """
    known = [column for name, values in table.items() if (column := _column(name, values, words))]
    if table and not any(word in values for values in table.values() for word in words):
        raise FormatError("the table of colours has none of the words that are shown")
    return known


def _column(name: str, values: Values, words: Sequence[str]) -> Column | None:
    found = [_plain(values.get(word)) for word in words]
    numbers = [_number(value) for value in found]
    if all(number is not None for number in numbers):
        return Column(name, NUMBERS, np.array(numbers, "<f4"))
    texts = ["" if value is None else str(value)[:_LONGEST_VALUE] for value in found]
    categories = sorted({text for text in texts if text})
    if len(categories) > MOST_CATEGORIES:
        warnings.warn(
            f"column {name!r:.60} has {len(categories):,} different texts, and colours can tell "
            f"{MOST_CATEGORIES} apart at most; it is left out",
            UserWarning,
            stacklevel=frames_to_the_caller(),
        )
        return None
    places = {text: place for place, text in enumerate(categories)} | {"": NO_CATEGORY}
    return Column(
        name, CATEGORIES, np.array([places[text] for text in texts], np.uint8), tuple(categories)
    )


def _plain(value: Any) -> Any:
    """A value as Python has it; None where there is none."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is None or value == "" or value != value else value


def _number(value: Any) -> float | None:
    """The number that a value is, nan for none; None if it is a text."""
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isnan(number) or abs(number) < _LARGEST else None


def _read(file: Path, words: set[str]) -> Table:
    with open_regular(file) as opened:
        is_parquet = opened.read(len(_PARQUET)) == _PARQUET
    rows = _parquet_rows(file) if is_parquet else _text_rows(file)
    names = next(rows, None)
    if names is None:
        raise FormatError(f"{file} is empty; a table of colours begins with a line of names")
    if names.count(WORD) != 1 or len(set(names)) < len(names):
        found = ", ".join(repr(name)[:30] for name in names[:10])
        raise FormatError(
            f"{file} has the columns {found}; a table of colours has one called {WORD!r}, and no "
            "two of the same name"
        )
    at = names.index(WORD)
    table: dict[str, dict[str, Any]] = {name: {} for name in names if name != WORD}
    for row in rows:
        word = row[at]
        if word in words:
            for name, value in zip(names, row, strict=True):
                if name != WORD:
                    table[name][word] = value
    return table


def _text_rows(file: Path) -> Iterator[list[Any]]:
    """The rows of a CSV or, by its name or its first line, a TSV; the first is that of names."""
    content = read_whole(file, "a table of colours", or_pipe=False)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FormatError(f"{file}:{line}: byte {error.start:,} is not UTF-8") from None
    first = text.partition("\n")[0]
    is_tsv = file.suffix.lower() == ".tsv" or ("\t" in first and "," not in first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if is_tsv else ",")
    width = None
    try:
        for row in reader:
            if not row:
                continue
            width = len(row) if width is None else width
            if len(row) != width:
                raise FormatError(
                    f"{file}:{reader.line_num}: {len(row):,} values where the first line has "
                    f"{width:,}"
                )
            yield row
    except csv.Error as error:
        raise FormatError(f"{file}:{reader.line_num}: {error}") from None


def _parquet_rows(file: Path) -> Iterator[list[Any]]:
    with library_errors(file):
        pyarrow, parquet = (
            data_module(name, "Parquet files need pyarrow")
            for name in ("pyarrow", "pyarrow.parquet")
        )
        opened = parquet.ParquetFile(file)
        kinds = opened.schema_arrow
        if opened.metadata.num_rows > _MOST_ROWS:
            raise FormatError(
                f"{file} has {opened.metadata.num_rows:,} rows, too many for a table of colours"
            )
        names = [
            name
            for name, kind in zip(kinds.names, kinds.types, strict=True)
            if not pyarrow.types.is_nested(kind)
        ]
        yield names
        for batch in opened.iter_batches(_ROWS_AT_ONCE, columns=names):
            columns = [batch.column(name).to_pylist() for name in names]
            yield from map(list, zip(*columns, strict=True))
