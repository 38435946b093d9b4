"""Loss and exact gradients over any set of center words, block by block, by several threads.

    ∂J/∂v_c = Uᵀ r_c        ∂J/∂U = Σ_c r_c v_cᵀ        r: row_kernels.py

Scores are never held whole: a thread has one block of rows at a time. Blocks are
dealt to a fixed number of lots, each lot sums its blocks in their order, and lots are summed in
theirs, with BLAS at one thread: any number of threads gives the same bits.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.system.blas import one_blas_thread
from skipgram.system.threads import mapped
from skipgram.training.exact.objectives import Objective

LOTS = 8
"""The most threads that can share the work."""
MOST_BLOCK_SCORES, MOST_BLOCK_ROWS = 1 << 24, 512
"""The size of a block: 64 MB in float32; longer ones make the products no faster."""
_ROWS_AT_ONCE = 2048

_Result = TypeVar("_Result")


class Gradients(NamedTuple):
    """The data's part of the objective, without the prior."""

    loss: float
    """Σ n_c loss_c over the center words"""
    center: NDArray[np.floating]
    """by the rows of V that were asked for"""
    outside: NDArray[np.floating]
    """by all of U; overwritten by the next call"""


class CenterGradients(ABC):
    """Whatever computes the loss and the exact gradients of center words."""

    objective: Objective
    pool: Executor | None = None
    """threads of this machine; without them, the caller computes"""

    @abstractmethod
    def of(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> Gradients:
        """At V and U, of these center words: their rows of V, shape (n,)."""

    @abstractmethod
    def loss(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> float:
        """The loss alone."""


@dataclass(eq=False)
class ExactGradients(CenterGradients):
    """On this machine, by the pool's threads; the buffers are kept between calls."""

    objective: Objective
    pool: Executor | None = None
    most_block_rows: int = MOST_BLOCK_ROWS
    _sums: dict[int, NDArray[np.floating]] = field(default_factory=dict)
    _scores: list[NDArray[np.floating]] = field(default_factory=list)
    """buffers not in use: fresh memory costs as much as the pass over it"""

    def of(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> Gradients:
        """At V and U, of these center words: their rows of V, shape (n,)."""
        center = np.empty((len(centers), V.shape[1]), V.dtype)
        lots = _lots(len(centers), len(U), self.most_block_rows)

        def work(number: int) -> float:
            loss, sums = 0.0, self._lot_sums(number, U)
            for place, rows in enumerate(lots[number]):
                chosen = centers[rows]
                v = V[chosen]
                with self._scored(v, U) as scores:
                    part, scale = self.objective.residuals(scores, chosen)
                    loss += float(part.sum())
                    factor = scale.astype(V.dtype)[:, np.newaxis]
                    np.multiply(scores @ U, factor, out=center[rows])
                    v *= factor
                    if place:
                        sums += scores.T @ v
                    else:
                        np.matmul(scores.T, v, out=sums)
            return loss

        losses = self._map(work, range(len(lots)))
        first, *others = (self._sums[number] for number in range(len(lots)))

        def add_up(start: int) -> None:
            rows = slice(start, start + _ROWS_AT_ONCE)
            for other in others:
                first[rows] += other[rows]

        self._map(add_up, range(0, len(U), _ROWS_AT_ONCE))
        return Gradients(sum(losses), center, first)

    def loss(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> float:
        """The loss alone: a third of the work."""
        lots = _lots(len(centers), len(U), self.most_block_rows)

        def work(number: int) -> float:
            total = 0.0
            for rows in lots[number]:
                with self._scored(V[centers[rows]], U) as scores:
                    total += float(self.objective.residuals(scores, centers[rows])[0].sum())
            return total

        return sum(self._map(work, range(len(lots))))

    def _map(self, work: Callable[[int], _Result], numbers: Iterable[int]) -> list[_Result]:
        with one_blas_thread():
            return mapped(self.pool, work, numbers)

    @contextmanager
    def _scored(
        self, v: NDArray[np.floating], U: NDArray[np.floating]
    ) -> Iterator[NDArray[np.floating]]:
        """The scores v Uᵀ, in a buffer that is used again."""
        needed = len(v) * len(U)
        buffer = self._scores.pop() if self._scores else np.empty(needed, v.dtype)
        if buffer.size < needed:
            buffer = np.empty(needed, v.dtype)
        try:
            yield np.matmul(v, U.T, out=buffer[:needed].reshape(len(v), len(U)))
        finally:
            self._scores.append(buffer)

    def _lot_sums(self, number: int, U: NDArray[np.floating]) -> NDArray[np.floating]:
        if number not in self._sums:
            self._sums[number] = np.empty_like(U)
        return self._sums[number]


def _lots(rows: int, outside_words: int, most_block_rows: int) -> list[list[slice]]:
    """Rows in blocks of similar length, dealt to lots."""
    most_rows = max(1, min(most_block_rows, MOST_BLOCK_SCORES // outside_words))
    rounds = -(-rows // (most_rows * LOTS))
    length = max(1, -(-rows // (rounds * LOTS)))
    blocks = [slice(start, min(start + length, rows)) for start in range(0, rows, length)]
    return [blocks[number::LOTS] for number in range(min(LOTS, len(blocks)))]
