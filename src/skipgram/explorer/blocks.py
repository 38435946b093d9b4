"""Numbers of a page, made a piece at a time: no page is ever whole in memory."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from numpy.typing import NDArray

_ROWS_AT_ONCE = 1 << 13


class Block(NamedTuple):
    """Numbers of a page, made a piece at a time."""

    name: str
    pieces: Callable[[], Iterator[NDArray[Any]]]
    """in the bytes' order of the page, which is little-endian"""


def whole(name: str, numbers: NDArray[Any]) -> Block:
    """Numbers that are there already."""
    return Block(name, lambda: iter([numbers]))


def stretches(rows: int) -> Iterator[slice]:
    """So many rows, some thousand at a time."""
    for start in range(0, rows, _ROWS_AT_ONCE):
        yield slice(start, min(start + _ROWS_AT_ONCE, rows))
