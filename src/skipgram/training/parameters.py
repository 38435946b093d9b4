"""V and U, laid out for the kernels: rows on cache lines, padded with zeros."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CACHE_LINE_BYTES = 64
ROW_MULTIPLE = 16
"""Rows are padded to a multiple of so many numbers: one cache line of float32."""

_ROWS_AT_ONCE = 1 << 12


@dataclass(frozen=True, eq=False)
class Parameters:
    """The two matrices of a model.

    V: all center vectors, U: all outside vectors, each of shape
    (vocab_size, padded_dim). The padding is zero, and stays zero whatever is
    trained: a column that is zero in both matrices has a zero gradient in
    both.
    """

    V: NDArray[np.floating]
    U: NDArray[np.floating]
    embedding_dim: int

    @classmethod
    def initial(
        cls,
        vocab_size: int,
        embedding_dim: int,
        seed: int,
        dtype: type[np.floating] = np.float32,
    ) -> "Parameters":
        """V uniform in ±1/(2 embedding_dim), U zero, as in word2vec.c."""
        V = aligned_zeros(vocab_size, padded(embedding_dim), dtype)
        U = aligned_zeros(vocab_size, padded(embedding_dim), dtype)
        random = np.random.default_rng(seed)
        for start in range(0, vocab_size, _ROWS_AT_ONCE):
            rows = V[start : start + _ROWS_AT_ONCE, :embedding_dim]
            rows[:] = (random.random(rows.shape, np.float32) - 0.5) / embedding_dim
        return cls(V, U, embedding_dim)

    @property
    def center(self) -> NDArray[np.floating]:
        """Shape (vocab_size, embedding_dim), a view."""
        return self.V[:, : self.embedding_dim]

    @property
    def outside(self) -> NDArray[np.floating]:
        """Shape (vocab_size, embedding_dim), a view."""
        return self.U[:, : self.embedding_dim]


def padded(embedding_dim: int) -> int:
    """The length of a row as it lies in memory."""
    return -(-embedding_dim // ROW_MULTIPLE) * ROW_MULTIPLE


def aligned_zeros(rows: int, columns: int, dtype: type[np.floating]) -> NDArray[np.floating]:
    """A matrix of zeros whose first row starts on a cache line."""
    size = rows * columns * np.dtype(dtype).itemsize
    memory = np.zeros(size + CACHE_LINE_BYTES, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE_BYTES
    return memory[start : start + size].view(dtype).reshape(rows, columns)
