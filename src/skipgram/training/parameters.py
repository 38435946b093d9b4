"""V and U, laid out for the kernels: rows of whole vectors, padded with zeros."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError

CACHE_LINE_BYTES = 64
ROW_MULTIPLE = 8
"""Rows are padded to a multiple of this: the most numbers that a kernel's vector holds."""

NUMBERS_AT_ONCE = 1 << 19
"""Processed at a time: some MB."""


@dataclass(frozen=True, eq=False)
class Parameters:
    """The two matrices of a model.

    V: all center vectors, U: all outside vectors, each of shape
    (vocab_size, padded_dim). The padding is zero, and training keeps it so: a
    column that is zero in both matrices has a zero gradient in both. The methods
    need a few MB on top of the matrices.
    """

    V: NDArray[np.floating]
    U: NDArray[np.floating]
    embedding_dim: int
    numbers_at_once: int = NUMBERS_AT_ONCE

    @classmethod
    def initial(
        cls,
        vocab_size: int,
        embedding_dim: int,
        seed: int,
        dtype: type[np.floating] = np.float32,
        numbers_at_once: int = NUMBERS_AT_ONCE,
    ) -> "Parameters":
        """V uniform in ±1/(2 embedding_dim), U zero, as in word2vec.c."""
        parameters = cls.zeros(vocab_size, embedding_dim, dtype, numbers_at_once)
        random = np.random.default_rng(seed)
        for chunk in parameters._chunks(parameters.V):
            rows = parameters.center[chunk]
            rows[:] = (random.random(rows.shape, np.float32) - 0.5) / embedding_dim
        return parameters

    @classmethod
    def zeros(
        cls,
        vocab_size: int,
        embedding_dim: int,
        dtype: type[np.floating] = np.float32,
        numbers_at_once: int = NUMBERS_AT_ONCE,
    ) -> "Parameters":
        """V and U zero."""
        shape = vocab_size, padded(embedding_dim)
        V, U = (aligned_zeros(*shape, dtype) for _ in range(2))
        return cls(V, U, embedding_dim, numbers_at_once)

    @classmethod
    def normal(
        cls,
        vocab_size: int,
        embedding_dim: int,
        seed: int,
        dtype: type[np.floating] = np.float32,
        deviation: float = 0.1,
    ) -> "Parameters":
        """V and U normal about zero, from which sweeps start: both must differ from zero."""
        parameters = cls.zeros(vocab_size, embedding_dim, dtype)
        random = np.random.default_rng(seed)
        for matrix in (parameters.center, parameters.outside):
            for chunk in parameters._chunks(matrix):
                rows = matrix[chunk]
                rows[:] = deviation * random.standard_normal(rows.shape, np.float32)
        return parameters

    def begin_with(self, center: NDArray[np.floating], outside: NDArray[np.floating]) -> None:
        """Take the first rows from earlier vectors; the rest stay.

        center, outside: shape (words, embedding_dim), of as many words or fewer;
        they may be mapped files, and are read some rows at a time.
        """
        words = len(self.V)
        if center.ndim != 2 or center.shape != outside.shape or len(center) > words:
            raise FormatError(
                f"center has shape {center.shape} and outside {outside.shape}; both need one "
                f"row per word, for {words:,} words at most"
            )
        filled = ("center", center, self.center), ("outside", outside, self.outside)
        for name, known, matrix in filled:
            for chunk in self._chunks(known):
                _require_finite_rows(known[chunk], name, chunk.start)
                matrix[chunk] = known[chunk]

    def of_rows(self, chosen: NDArray[np.int64]) -> "Parameters":
        """A copy of the parameters of some words."""
        part = Parameters.zeros(len(chosen), self.embedding_dim, self.V.dtype.type)
        part.V[:], part.U[:] = self.V[chosen], self.U[chosen]
        return part

    @property
    def center(self) -> NDArray[np.floating]:
        """Shape (vocab_size, embedding_dim), a view."""
        return self.V[:, : self.embedding_dim]

    @property
    def outside(self) -> NDArray[np.floating]:
        """Shape (vocab_size, embedding_dim), a view."""
        return self.U[:, : self.embedding_dim]

    def compacted(self) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """`center` and `outside`, contiguous, in the same memory: rows move over the padding.

        This uses the parameters up: they are left without a row, and earlier views of V or U
        hold numbers of other rows.
        """
        center, outside = (self._moved_together(rows) for rows in (self.V, self.U))
        # Later uses fail, rather than find other words' numbers.
        object.__setattr__(self, "V", self.V[:0])
        object.__setattr__(self, "U", self.U[:0])
        return center, outside

    def first_not_finite(self) -> int | None:
        """The lowest id of a word with a number in V or U that is infinite or nan, if there is one.

        One pass over the memory: a chunk's sum is finite only if all of its
        numbers are.
        """
        for chunk in self._chunks(self.V):
            V, U = self.V[chunk], self.U[chunk]
            with np.errstate(over="ignore", invalid="ignore"):
                if np.isfinite(V.sum()) and np.isfinite(U.sum()):
                    continue
            # Finite numbers may have a sum that is not, so look at each.
            is_finite = np.isfinite(V).all(axis=1) & np.isfinite(U).all(axis=1)
            if not is_finite.all():
                return int(chunk.start + is_finite.argmin())
        return None

    def is_finite(self) -> bool:
        """Whether no number is infinite or nan."""
        return self.first_not_finite() is None

    def _chunks(self, matrix: NDArray[np.floating]) -> Iterator[slice]:
        """All rows of a matrix, some MB at a time."""
        rows = max(1, self.numbers_at_once // max(1, matrix.shape[1]))
        for start in range(0, len(matrix), rows):
            yield slice(start, min(start + rows, len(matrix)))

    def _moved_together(self, matrix: NDArray[np.floating]) -> NDArray[np.floating]:
        """The rows without their padding, contiguous from the start of the matrix."""
        numbers, dim = matrix.reshape(-1), self.embedding_dim
        for chunk in self._chunks(matrix):
            # A chunk never moves beyond its own start, so none is overwritten before it is moved.
            place = numbers[chunk.start * dim : chunk.stop * dim]
            place.reshape(-1, dim)[:] = matrix[chunk, :dim]
        return numbers[: len(matrix) * dim].reshape(len(matrix), dim)


def _require_finite_rows(rows: NDArray[np.floating], name: str, start: int) -> None:
    """Refuse what no step could repair: one such number spreads to all vectors."""
    is_finite = np.isfinite(rows).all(axis=1)
    if not is_finite.all():
        row = int(np.argmin(is_finite))
        number = next(number for number in rows[row].tolist() if not math.isfinite(number))
        raise FormatError(
            f"{name}: row {start + row:,} (from 0) holds {number}, which is not finite; the "
            "vectors are damaged and cannot be trained further"
        )


def padded(embedding_dim: int) -> int:
    """The length of a row in memory."""
    return -(-embedding_dim // ROW_MULTIPLE) * ROW_MULTIPLE


def aligned_zeros(rows: int, columns: int, dtype: type[np.floating]) -> NDArray[np.floating]:
    """A matrix of zeros whose first row starts on a cache line."""
    size = rows * columns * np.dtype(dtype).itemsize
    memory = np.zeros(size + CACHE_LINE_BYTES, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE_BYTES
    return memory[start : start + size].view(dtype).reshape(rows, columns)
