"""Loss and exact gradients by a cluster: `training.exact.gradients`, lot by lot on its workers.

    driver → storage     U, and the group's rows of V
    storage → workers    U once for each worker, of V the rows of a lot
    worker → worker      each lot's gradient by U, in slices of rows; a slice is added in lot order
    workers → driver     the slices, and each lot's gradients by its rows of V

Small groups stay with the driver. A group is a transaction: the driver has nothing of it before all
is there, and what is lost on the way is computed again.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.cluster.calls import StuckError
from skipgram.cluster.connecting import Cluster
from skipgram.cluster.memory import require_room_for_lots
from skipgram.cluster.objectives import KEPT, StoredObjective
from skipgram.cluster.storage import Stored
from skipgram.cluster.traffic import slices_of
from skipgram.errors import ClusterError
from skipgram.system.blas import one_blas_thread
from skipgram.training.exact.gradients import (
    LOTS,
    MOST_BLOCK_ROWS,
    CenterGradients,
    ExactGradients,
    Gradients,
    Lot,
    LotGradients,
    Scores,
    lot_gradients,
    lot_loss,
    lots_of,
)
from skipgram.training.exact.objectives import Objective

TRIES = 4
FLOP_OF_A_NUMBER = 6
"""Per number of a pair of words: a score and two gradients, 2 each."""
LEAST_FLOP = 1e10
"""The driver computes smaller groups itself, a tenth of a second's work: handing it out takes as
long, and the bits are the same."""
_SCORES = Scores()
"""Buffers of a worker's process."""


@dataclass(eq=False)
class ClusterGradients(CenterGradients):
    """By the workers of a cluster, with the bits of `ExactGradients` for the same lots."""

    objective: Objective
    cluster: Cluster
    lots: int = LOTS
    most_block_rows: int = MOST_BLOCK_ROWS
    pool: Executor | None = None
    _has_room: bool = False

    @cached_property
    def _stored(self) -> StoredObjective:
        return StoredObjective.of(self.objective, self.cluster.storage)

    @cached_property
    def _here(self) -> ExactGradients:
        return ExactGradients(self.objective, self.pool, self.lots, self.most_block_rows)

    def _require_room(self, U: NDArray[np.floating]) -> None:
        """Once, before the first group."""
        if not self._has_room:
            row_bytes = U.strides[0]
            require_room_for_lots(self.cluster, self._stored.nbytes, len(U), row_bytes, self.lots)
            self._has_room = True

    def _is_small(self, U: NDArray[np.floating], centers: NDArray[np.int64]) -> bool:
        return FLOP_OF_A_NUMBER * len(centers) * U.size < LEAST_FLOP

    def of(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> Gradients:
        """At V and U, of these center words: their rows of V, shape (n,)."""
        if self._is_small(U, centers):
            return self._here.of(V, U, centers)
        self._require_room(U)
        with self._given(V, U, centers) as given:
            for _ in range(TRIES):
                try:
                    return self._added_up(given, len(centers), U)
                except StuckError:  # a worker that holds some lots is gone, or does not answer
                    continue
        raise ClusterError(
            f"the gradients of a group were lost {TRIES} times on their way between workers: see "
            "whether they reach each other, or raise the deadline (--cluster-deadline)"
        )

    def loss(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> float:
        """The loss alone: a third of the work."""
        if self._is_small(U, centers):
            return self._here.loss(V, U, centers)
        with self._given(V, U, centers) as given:
            return float(sum(self.cluster.calls.results(_loss_of_lot, given.calls)))

    def close(self) -> None:
        """Discard what the workers have read."""
        if "_stored" not in self.__dict__:
            return
        self.cluster.storage.remove(*self._stored.arrays, self._stored.term)

    @contextmanager
    def _given(
        self, V: NDArray[np.floating], U: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> Iterator["_Given"]:
        """What the workers need for these center words, in the storage."""
        storage = self.cluster.storage
        lots = lots_of(len(centers), len(U), self.lots, self.most_block_rows)
        order = np.concatenate([lot.rows for lot in lots])
        chosen = centers[order]
        stored = storage.write(U), storage.write(V[chosen]), storage.write(chosen)
        try:
            yield _Given(self._stored, *stored, lots)
        finally:
            storage.remove(*stored)

    def _added_up(self, given: "_Given", rows: int, U: NDArray[np.floating]) -> Gradients:
        calls = self.cluster.calls
        lots = calls.held(_gradients_of_lot, given.calls)
        numbers = calls.by_worker(lots)
        held = {worker: [lots[number] for number in own] for worker, own in numbers.items()}
        order = [number for own in numbers.values() for number in own]
        count = min(slices_of(U.nbytes, len(lots), len(held)), len(U))
        borders = np.linspace(0, len(U), count + 1).astype(int)
        slices = [slice(first, last) for first, last in pairwise(borders.tolist())]
        sums = [
            [calls.on(worker, _slices_of, part, *own) for worker, own in held.items()]
            for part in slices
        ]
        found = calls.results(
            _called,
            [
                *((_without_outside, *own) for own in held.values()),
                *((_sum_of_slices, order, *of) for of in sums),
            ],
            near=[*held, *islice(held, len(slices))],
        )
        heads = dict(zip(order, chain.from_iterable(found[: len(held)]), strict=True))
        center = np.empty((rows, U.shape[1]), U.dtype)
        for number, lot in enumerate(given.lots):
            center[lot.rows] = heads[number][1]
        loss = sum(heads[number][0] for number in range(len(lots)))
        return Gradients(loss, center, np.concatenate(found[len(held) :]))


@dataclass(frozen=True)
class _Given:
    """What the lots of a group are computed from."""

    objective: StoredObjective
    U: Stored
    V: Stored
    """the group's rows, lot after lot"""
    centers: Stored
    lots: list[Lot]

    @property
    def calls(self) -> list[tuple[Any, ...]]:
        """The arguments for each lot."""
        ends = np.cumsum([0, *(len(lot.rows) for lot in self.lots)]).tolist()
        return [
            (self.objective, self.U, self.V, self.centers, rows, lot.lengths)
            for rows, lot in zip(pairwise(ends), self.lots, strict=True)
        ]


def _gradients_of_lot(*given: Any) -> LotGradients:
    objective, v, U, centers, lot = _read(*given)
    with one_blas_thread():
        return lot_gradients(objective, v, U, centers, lot, _SCORES, np.empty_like(U))


def _loss_of_lot(*given: Any) -> float:
    objective, v, U, centers, lot = _read(*given)
    with one_blas_thread():
        return lot_loss(objective, v, U, centers, lot, _SCORES)


def _read(
    objective: StoredObjective,
    U: Stored,
    V: Stored,
    centers: Stored,
    rows: tuple[int, int],
    lengths: tuple[int, ...],
) -> tuple[Objective, NDArray[Any], NDArray[Any], NDArray[np.int64], Lot]:
    lot = Lot(np.arange(rows[1] - rows[0]), lengths)
    return (
        KEPT.objective(objective),
        V.read(*rows),
        KEPT.matrix(U),
        centers.read(*rows),
        lot,
    )


def _called(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def _without_outside(*lots: LotGradients) -> list[tuple[float, NDArray[np.floating]]]:
    return [(lot.loss, lot.center) for lot in lots]


def _slices_of(rows: slice, *lots: LotGradients) -> list[NDArray[np.floating]]:
    return [lot.outside[rows] for lot in lots]


def _sum_of_slices(
    order: list[int], *of_workers: list[NDArray[np.floating]]
) -> NDArray[np.floating]:
    """In lot order, as one machine adds them up; order: the number of each slice's lot."""
    slices = dict(zip(order, chain.from_iterable(of_workers), strict=True))
    total = slices[0].copy()
    for number in range(1, len(slices)):
        total += slices[number]
    return total
