"""Arrays that came from elsewhere, checked before any arithmetic or kernel sees them.

A file, a pickle or a caller may give offsets and ids of any value, and a
kernel would follow them out of its arrays. Neighbours are compared, never
subtracted: the difference of two int64 may wrap round to a sound one.
"""

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skipgram.errors import FormatError

AT_ONCE = 1 << 22
"""Entries that are checked at a time, so that a check needs little memory."""


def require_array(array: object, dtype: DTypeLike, where: str) -> None:
    """Refuse what is not an array with one axis and this type of numbers."""
    wanted = np.dtype(dtype)
    if not (isinstance(array, np.ndarray) and array.ndim == 1 and array.dtype == wanted):
        raise FormatError(f"{where}: {_told(array)} where {wanted} with 1 axis should be")


def require_rising(
    offsets: NDArray[np.integer],
    end: int,
    where: str,
    *,
    strictly: bool = False,
    at_once: int = AT_ONCE,
) -> None:
    """Refuse offsets that do not rise from 0 to `end`.

    Parameters
    ----------
    offsets
        shape (pieces,): where each piece ends, counted from where the first begins.
    end
        What the last one must be.
    where
        They lie, for the message.
    strictly
        Whether no piece may be empty.
    at_once
        Entries that are looked at together.

    """
    _require_whole_numbers(offsets, where)
    before = 0
    for start in range(0, len(offsets), at_once):
        part = offsets[start : start + at_once]
        lower = np.empty_like(part)
        lower[0], lower[1:] = before, part[:-1]
        falls = part <= lower if strictly else part < lower
        if falls.any():
            at = start + int(np.argmax(falls))
            raise FormatError(
                f"{where}: entry {at:,} is {int(offsets[at]):,}, after "
                f"{int(lower[at - start]):,}; they must rise to {end:,}"
            )
        before = int(part[-1])
    if before != end:
        raise FormatError(f"{where}: the last entry is {before:,} where {end:,} should be")


def require_ids(ids: NDArray[np.integer], size: int, where: str, *, at_once: int = AT_ONCE) -> None:
    """Refuse ids outside 0..size − 1."""
    _require_whole_numbers(ids, where)
    for start in range(0, len(ids), at_once):
        part = ids[start : start + at_once]
        if part.min() < 0 or part.max() >= size:
            at = start + int(np.argmax((part < 0) | (part >= size)))
            raise FormatError(
                f"{where}: entry {at:,} is {int(ids[at]):,}, which is not an id of the {size:,} "
                "words"
            )


def require_rows(
    starts: NDArray[np.integer],
    columns: NDArray[np.integer],
    size: int,
    where: str,
    *,
    at_once: int = AT_ONCE,
) -> None:
    """Refuse what is not a square sparse matrix (CSR) of rows whose columns rise.

    Parameters
    ----------
    starts
        shape (size + 1,): row r is the entries starts[r] to starts[r + 1].
    columns
        shape (entries,): the column of each entry.
    size
        Rows, and columns.
    where
        They lie, for the message.
    at_once
        Entries that are looked at together.

    """
    _require_whole_numbers(starts, f"{where}: starts")
    if len(starts) != size + 1:
        raise FormatError(f"{where}: starts has {len(starts):,} entries for {size:,} rows")
    if starts[0] != 0:
        raise FormatError(f"{where}: starts begins with {int(starts[0]):,}, not with 0")
    require_rising(starts, len(columns), f"{where}: starts", at_once=at_once)
    require_ids(columns, size, f"{where}: columns", at_once=at_once)
    begins_row = np.zeros(len(columns) + 1, np.bool_)
    begins_row[starts] = True
    for start in range(0, len(columns), at_once):
        stop = min(start + at_once, len(columns))
        first = max(start, 1)
        falls = columns[first:stop] <= columns[first - 1 : stop - 1]
        falls &= ~begins_row[first:stop]
        if falls.any():
            at = first + int(np.argmax(falls))
            raise FormatError(
                f"{where}: entry {at:,} is column {int(columns[at]):,} after "
                f"{int(columns[at - 1]):,}; the columns of a row must rise"
            )


def require_finite(
    numbers: NDArray[np.floating], where: str, *, least: float = -np.inf, at_once: int = AT_ONCE
) -> None:
    """Refuse numbers that are nan, infinite or below `least`.

    numbers: of any shape.
    """
    rows = numbers.reshape(len(numbers), -1) if numbers.size else numbers[:0].reshape(0, 1)
    rows_at_once = max(1, at_once // rows.shape[1])
    for start in range(0, len(rows), rows_at_once):
        part = rows[start : start + rows_at_once]
        is_sound = np.isfinite(part) & (part >= least)
        if not is_sound.all():
            row, column = np.argwhere(~is_sound)[0].tolist()
            raise FormatError(f"{where}: entry {start + row:,} holds {part[row, column]}")


def _require_whole_numbers(array: NDArray[np.integer], where: str) -> None:
    if not (isinstance(array, np.ndarray) and array.ndim == 1 and array.dtype.kind in "iu"):
        raise FormatError(f"{where}: {_told(array)} where whole numbers with 1 axis should be")


def _told(array: object) -> str:
    if isinstance(array, np.ndarray):
        return f"{array.dtype} of shape {array.shape}"
    return type(array).__name__
