"""Rows of vectors: float32, or compact ones that become float32 when they are read."""

from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skipgram.errors import FormatError, SettingsError
from skipgram.untrusted import soundness

Precision = Literal["float32", "float16", "int8"]
"""How the numbers of a vector are stored."""

_LARGEST = 127
"""Of int8; −128 is left out, so that the range is symmetric about zero."""
_ROWS_AT_ONCE = 1 << 16


class CompactRows:
    """Rows in half or a quarter of the memory: float16, or int8 with a scale for each row.

    A row is its numbers times its scale: x ≈ s n with s = max |x| / 127, so that
    no number is off by more than s / 2. float16 has no scale, and 11 bits of
    precision from 6e-5 to 65,504.

    numbers: shape (rows, columns). scales: shape (rows,), for int8, none of
    them below 0. Anything else raises FormatError.
    """

    ndim = 2

    def __init__(
        self, numbers: NDArray[np.float16] | NDArray[np.int8], scales: NDArray[np.float32] | None
    ) -> None:
        for name, array, axes in (("numbers", numbers, 2), ("scales", scales, 1)):
            if array is not None and not (isinstance(array, np.ndarray) and array.ndim == axes):
                found = getattr(array, "shape", type(array).__name__)
                raise FormatError(f"{name} should be an array with {axes} axes, found {found}")
        if (numbers.dtype == np.int8) is not (scales is not None):
            raise FormatError(
                f"numbers of {numbers.dtype} {'need' if scales is None else 'have no'} scales"
            )
        if numbers.dtype not in (np.int8, np.float16):
            raise FormatError(f"compact rows are float16 or int8, not {numbers.dtype}")
        if scales is not None:
            if scales.shape != numbers.shape[:1] or scales.dtype != np.float32:
                raise FormatError(
                    f"scales has shape {scales.shape} of {scales.dtype}; {len(numbers):,} rows "
                    f"need ({len(numbers)},) of float32"
                )
            soundness.require_finite(scales, "scales", least=0)
        self.numbers, self.scales = numbers.view(), scales if scales is None else scales.view()
        for array in (self.numbers, self.scales):
            if array is not None:
                array.flags.writeable = False

    def __setstate__(self, state: dict[str, Any]) -> None:
        CompactRows.__init__(self, state["numbers"], state["scales"])  # with the same checks

    @classmethod
    def of(cls, rows: "Rows", precision: Precision) -> "CompactRows":
        """The rows, each number rounded to that precision."""
        numbers = np.empty(rows.shape, precision)
        scales = np.ones(len(rows), np.float32) if precision == "int8" else None
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            stretch = slice(start, start + _ROWS_AT_ONCE)
            block = np.asarray(rows[stretch], np.float64)
            if scales is None:
                with np.errstate(over="ignore"):
                    numbers[stretch] = block
                _require_finite(numbers[stretch], start, precision)
            else:
                _require_finite(block, start, precision)
                largest = np.abs(block).max(axis=1, initial=0)
                # The numbers fit the scale as it is stored, rounded to float32.
                scales[stretch] = np.where(largest > 0, largest / _LARGEST, 1)
                steps = block / scales[stretch, None].astype(np.float64)
                numbers[stretch] = np.rint(steps).clip(-_LARGEST, _LARGEST)
        return cls(numbers, scales)

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.numbers.shape

    @property
    def precision(self) -> str:
        """How the numbers are stored."""
        return str(self.numbers.dtype)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: Any) -> NDArray[np.float32]:
        """One row or several, by number, slice or list, in float32."""
        numbers: NDArray[np.float32] = self.numbers[rows].astype(np.float32)
        if self.scales is not None:
            numbers *= self.scales[rows, ..., None]
        return numbers

    def __array__(
        self, dtype: DTypeLike | None = None, copy: bool | None = None
    ) -> NDArray[np.floating]:
        if copy is False:
            raise ValueError("compact rows become an array only by copying them")
        return self[:].astype(dtype or np.float32, copy=False)


def _require_finite(block: NDArray[np.floating], first: int, precision: str) -> None:
    is_finite = np.isfinite(block).all(axis=1)
    if not is_finite.all():
        raise FormatError(
            f"row {first + int(np.argmin(is_finite)):,} has a number that {precision} cannot "
            "hold; keep float32, or scale the vectors down"
        )


Rows = NDArray[np.float32] | CompactRows


def require_finite(rows: Rows, words: Sequence[str], where: str) -> None:
    """Raise FormatError, beginning with `where`, with the first number that is nan or infinite."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        block = rows[start : start + _ROWS_AT_ONCE]
        if not np.isfinite(block).all():
            row, column = np.argwhere(~np.isfinite(block))[0].tolist()
            raise FormatError(
                f"{where}: number {column + 1} of {block.shape[1]} of the word "
                f"{words[start + row]!r:.60} is {block[row, column]}; fix the vectors, or remove "
                "the word"
            )


def precision_of(rows: Rows) -> str:
    """How the numbers of the rows are stored."""
    return rows.precision if isinstance(rows, CompactRows) else str(rows.dtype)


def with_precision(rows: Rows, precision: Precision) -> Rows:
    """The rows in that precision; what an earlier rounding lost does not come back."""
    if precision not in get_args(Precision):
        raise SettingsError(
            f"precision {precision!r} is not one of: {', '.join(get_args(Precision))}"
        )
    if precision_of(rows) == precision:
        return rows
    return np.asarray(rows) if precision == "float32" else CompactRows.of(rows, precision)
