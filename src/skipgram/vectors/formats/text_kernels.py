"""Rows of text into numbers: the fast twin of `text_rows.parse_line`, for plain lines.

A number is its digits, as one whole number m, times a power of ten. If m is
below 2^53 and the power at most 22, both are exact in float64, and so their
product or quotient is rounded only once: it is what Python's `float` gives
(Clinger 1990). With more digits, or powers up to 38, the relative error is below
2^-50; if everything within that range rounds to the same float32, that is the
right one. Anything else is left to the slow twin.
"""

from typing import Any

import numpy as np

from skipgram.kernels.compiling import inlined, kernel

_EXACT_POWER, _LARGEST_POWER = 22, 38
_POWERS = np.array([float(f"1e{power}") for power in range(_LARGEST_POWER + 1)])
_EXACT_DIGITS = 1 << 53
_MOST_DIGITS = 18
"""This many always fit into 63 bits."""
_ERROR = 2.0**-50
_BLANK, _TAB, _END, _RETURN = 32, 9, 10, 13
_ZERO, _NINE, _DOT, _PLUS, _MINUS, _E, _e = 48, 57, 46, 43, 45, 69, 101


@inlined
def _is_blank(byte: Any) -> Any:
    return byte in (_BLANK, _TAB)


@inlined
def _read_number(block: Any, at: Any, end: Any) -> Any:
    """(number, where it ends), which is at `at` if it is not plain."""
    start = at
    is_negative = False
    if at < end and (block[at] == _MINUS or block[at] == _PLUS):
        is_negative = block[at] == _MINUS
        at += 1
    digits = np.int64(0)
    used, power, seen = 0, 0, 0
    is_exact = True
    after_dot = False
    while at < end:
        byte = block[at]
        if byte == _DOT and not after_dot:
            after_dot = True
        elif _ZERO <= byte <= _NINE:
            seen += 1
            if used < _MOST_DIGITS:
                digits = digits * 10 + np.int64(byte - _ZERO)
                if digits:
                    used += 1
                if after_dot:
                    power -= 1
            else:
                is_exact = False  # the digit is dropped, and replaced by a power of ten
                if not after_dot:
                    power += 1
        else:
            break
        at += 1
    if not seen:
        return 0.0, start
    if at < end and (block[at] == _E or block[at] == _e):
        at += 1
        exponent, is_below = 0, False
        if at < end and (block[at] == _MINUS or block[at] == _PLUS):
            is_below = block[at] == _MINUS
            at += 1
        first = at
        while at < end and _ZERO <= block[at] <= _NINE and at < first + 4:
            exponent = exponent * 10 + int(block[at] - _ZERO)
            at += 1
        if at == first:
            return 0.0, start
        power += -exponent if is_below else exponent
    if at < end and not _is_blank(block[at]):
        return 0.0, start
    if digits == 0:
        return -0.0 if is_negative else 0.0, at
    size = -power if power < 0 else power
    if size > _LARGEST_POWER:
        return 0.0, start
    value = float(digits)
    value = value / _POWERS[size] if power < 0 else value * _POWERS[size]
    if not is_exact or digits >= _EXACT_DIGITS or size > _EXACT_POWER:
        below, above = np.float32(value * (1 - _ERROR)), np.float32(value * (1 + _ERROR))
        if below != above:
            return 0.0, start
    return -value if is_negative else value, at


@kernel
def parse_lines(block: Any, dim: int, rows: Any, begins: Any, ends: Any, is_odd: Any) -> int:
    """Fill a row per line; return how many lines, up to the first that is too short for a row.

    Parameters
    ----------
    block
        shape (bytes,), uint8: whole lines, each ended by a line feed, except
        perhaps the last.
    dim
        How many numbers follow a line's word.
    rows
        shape (lines, dim), float32: the result; a line that is too short needs no row.
    begins, ends
        shape (lines,): where each line's word begins and ends; for an odd
        line, where the line does.
    is_odd
        shape (lines,), bool: the lines left to the slow twin.

    """
    size = len(block)
    at, line = 0, 0
    while at < size:
        end = at
        begin = at
        while end < size and block[end] != _END:
            end += 1
        if end - begin < 1 + 2 * dim:  # after the word, a blank and a digit for each number
            begins[line], ends[line], is_odd[line] = begin, end, True
            return line + 1
        following = end + 1
        stop = end
        while stop > begin and (_is_blank(block[stop - 1]) or block[stop - 1] == _RETURN):
            stop -= 1
        while at < stop and not _is_blank(block[at]):
            at += 1
        begins[line], ends[line] = begin, at
        fits = at > begin
        for column in range(dim):
            while at < stop and _is_blank(block[at]):
                at += 1
            value, after = _read_number(block, at, stop)
            if after == at:
                fits = False
                break
            rows[line, column] = value
            at = after
        is_odd[line] = not fits or at != stop
        if is_odd[line]:
            begins[line], ends[line] = begin, end
        line += 1
        at = following
    return line


@kernel
def parse_records(
    block: Any, dim: int, longest_word: int, rows: Any, begins: Any, ends: Any
) -> tuple[int, int]:
    """The whole binary records in a block: (how many, the bytes they take).

    A record is a word, a blank, dim float32; line feeds before a word are not
    part of it. The second number is -1 if a word ends more than `longest_word`
    bytes after the record before it.
    See `parse_lines` for the rest; begins and ends may be too short for all.
    """
    size = len(block)
    at, record = 0, 0
    row_bytes = 4 * dim
    values = rows.view(np.uint8)
    while record < len(begins):
        begin = at
        while begin < size and block[begin] == _END:
            begin += 1
        end = begin
        while end < size and block[end] != _BLANK:
            end += 1
        if end - at > longest_word:
            return record, -1
        if end + 1 + row_bytes > size:
            break
        begins[record], ends[record] = begin, end
        for byte in range(row_bytes):
            values[record, byte] = block[end + 1 + byte]
        at = end + 1 + row_bytes
        record += 1
    return record, at


@kernel
def pack(block: Any, begins: Any, ends: Any, text: Any) -> None:
    """Copy parts of a block, end to end, into `text`."""
    place = 0
    for stretch in range(len(begins)):
        for at in range(begins[stretch], ends[stretch]):
            text[place] = block[at]
            place += 1
