"""Loss and exact gradients over any set of center words, block by block, by several threads.

    ∂J/∂v_c = Uᵀ r_c        ∂J/∂U = Σ_c r_c v_cᵀ        r: row_kernels.py

Scores are never held whole: a thread has one block of rows at a time. Blocks are
dealt to lots, each lot sums its blocks in their order, and lots are summed in
theirs, with BLAS at one thread: any number of threads gives the same bits, and so does any number
of machines, since a lot depends on nothing but V, U and the objective.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.settings import default
from skipgram.system.blas import one_blas_thread
from skipgram.system.threads import mapped
from skipgram.training.exact.objectives import Objective

LOTS = int(default("lots"))
"""The most threads that can share the work, unless a run's settings say otherwise."""
MOST_BLOCK_SCORES, MOST_BLOCK_ROWS = 1 << 24, 512
"""The size of a block: 64 MB in float32; longer ones make the products no faster."""
_ROWS_AT_ONCE = 2048

_Item = TypeVar("_Item")
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

    def close(self) -> None:  # noqa: B027  (most have nothing to let go of)
        """Let go of what was set up for the objective; called before that of the next level."""


@dataclass(frozen=True)
class Lot:
    """Blocks of center words that are summed in their order."""

    rows: NDArray[np.int64]
    """shape (n,): the places of all blocks' words among the center words, block after block"""
    lengths: tuple[int, ...]
    """of the blocks"""

    @property
    def blocks(self) -> Iterator[slice]:
        """Each block's part of `rows`."""
        start = 0
        for length in self.lengths:
            yield slice(start, start + length)
            start += length


def lots_of(rows: int, outside_words: int, lots: int, most_block_rows: int) -> list[Lot]:
    """Rows in blocks of similar length, dealt to at most `lots` lots."""
    most_rows = max(1, min(most_block_rows, MOST_BLOCK_SCORES // outside_words))
    rounds = -(-rows // (most_rows * lots))
    length = max(1, -(-rows // (rounds * lots)))
    blocks = [np.arange(start, min(start + length, rows)) for start in range(0, rows, length)]
    dealt = (blocks[number::lots] for number in range(min(lots, len(blocks))))
    return [Lot(np.concatenate(own), tuple(map(len, own))) for own in dealt]


@dataclass(eq=False)
class Scores:
    """Buffers for the scores of a block: fresh memory costs as much as the pass over it."""

    _free: list[NDArray[np.floating]] = field(default_factory=list)

    @contextmanager
    def of(
        self, v: NDArray[np.floating], U: NDArray[np.floating]
    ) -> Iterator[NDArray[np.floating]]:
        """The scores v Uᵀ, in a buffer that is used again."""
        needed = len(v) * len(U)
        buffer = self._free.pop() if self._free else np.empty(needed, v.dtype)
        if buffer.size < needed or buffer.dtype != v.dtype:
            buffer = np.empty(needed, v.dtype)
        try:
            yield np.matmul(v, U.T, out=buffer[:needed].reshape(len(v), len(U)))
        finally:
            self._free.append(buffer)


class LotGradients(NamedTuple):
    """What a lot gives: the loss, the gradients by its rows of V, and its part of those by U."""

    loss: float
    center: NDArray[np.floating]
    outside: NDArray[np.floating]


def lot_gradients(
    objective: Objective,
    v: NDArray[np.floating],
    U: NDArray[np.floating],
    centers: NDArray[np.int64],
    lot: Lot,
    scores: Scores,
    sums: NDArray[np.floating],
) -> LotGradients:
    """The sums of one lot.

    v: the lot's rows of V, shape (n, dim), overwritten. centers: which words they are. sums: a
    buffer of U's shape, for the gradients by U.
    """
    loss, center = 0.0, np.empty_like(v)
    for number, block in enumerate(lot.blocks):
        of_block, chosen = v[block], centers[block]
        with scores.of(of_block, U) as residuals:
            part, scale = objective.residuals(residuals, chosen)
            loss += float(part.sum())
            factor = scale.astype(v.dtype)[:, np.newaxis]
            np.multiply(residuals @ U, factor, out=center[block])
            of_block *= factor
            if number:
                sums += residuals.T @ of_block
            else:
                np.matmul(residuals.T, of_block, out=sums)
    return LotGradients(loss, center, sums)


def lot_loss(
    objective: Objective,
    v: NDArray[np.floating],
    U: NDArray[np.floating],
    centers: NDArray[np.int64],
    lot: Lot,
    scores: Scores,
) -> float:
    """The loss of one lot alone: a third of the work. The parameters are those above."""
    total = 0.0
    for block in lot.blocks:
        with scores.of(v[block], U) as of_block:
            total += float(objective.residuals(of_block, centers[block])[0].sum())
    return total


@dataclass(eq=False)
class ExactGradients(CenterGradients):
    """On this machine, by the pool's threads; the buffers are kept between calls."""

    objective: Objective
    pool: Executor | None = None
    lots: int = LOTS
    most_block_rows: int = MOST_BLOCK_ROWS
    _sums: dict[int, NDArray[np.floating]] = field(default_factory=dict)
    _scores: Scores = field(default_factory=Scores)

    def of(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> Gradients:
        """At V and U, of these center words: their rows of V, shape (n,)."""
        center = np.empty((len(centers), V.shape[1]), V.dtype)
        lots = self._lots(centers, U)

        def work(number: int) -> float:
            lot = lots[number]
            chosen, sums = centers[lot.rows], self._lot_sums(number, U)
            found = lot_gradients(self.objective, V[chosen], U, chosen, lot, self._scores, sums)
            center[lot.rows] = found.center
            return found.loss

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

        def work(lot: Lot) -> float:
            chosen = centers[lot.rows]
            return lot_loss(self.objective, V[chosen], U, chosen, lot, self._scores)

        return sum(self._map(work, self._lots(centers, U)))

    def _lots(self, centers: NDArray[np.int64], U: NDArray[np.floating]) -> list[Lot]:
        return lots_of(len(centers), len(U), self.lots, self.most_block_rows)

    def _map(self, work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
        with one_blas_thread():
            return mapped(self.pool, work, items)

    def _lot_sums(self, number: int, U: NDArray[np.floating]) -> NDArray[np.floating]:
        if number not in self._sums:
            self._sums[number] = np.empty_like(U)
        return self._sums[number]


def local_gradients(objective: Objective, lots: int) -> ExactGradients:
    """Those of this machine."""
    return ExactGradients(objective, lots=lots)
