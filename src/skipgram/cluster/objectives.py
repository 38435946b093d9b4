"""An objective in a storage, from which each worker reads it once."""

from dataclasses import dataclass
from threading import Lock
from typing import Any

from numpy.typing import NDArray

from skipgram.cluster.storage import Storage, Stored
from skipgram.training.exact.objectives import Objective
from skipgram.training.exact.row_kernels import sampling_rows, softmax_rows
from skipgram.training.exact.targets import Targets

_KERNELS = {"softmax": softmax_rows, "sampling": sampling_rows}
_ARRAYS = ("starts", "outsides", "shares", "center_weights", "outside_weights")


@dataclass(frozen=True)
class StoredObjective:
    """Where the parts of an objective are."""

    arrays: tuple[Stored, ...]
    term: Stored
    floor: float
    kernel: str
    is_centered: bool

    @classmethod
    def of(cls, objective: Objective, storage: Storage) -> "StoredObjective":
        """Write an objective."""
        targets = objective.targets
        kernel = "softmax" if objective.kernel is softmax_rows() else "sampling"
        return cls(
            tuple(storage.write(getattr(targets, name)) for name in _ARRAYS),
            storage.write(objective.term),
            targets.floor,
            kernel,
            objective.is_centered,
        )

    @property
    def nbytes(self) -> int:
        """What a worker holds of it."""
        return sum(stored.nbytes for stored in (*self.arrays, self.term))

    def read(self) -> Objective:
        """The objective."""
        starts, outsides, shares, n, m = (stored.read() for stored in self.arrays)
        targets = Targets(starts, outsides, shares, n, m, self.floor)
        return Objective(targets, _KERNELS[self.kernel](), self.term.read(), self.is_centered)


class Kept:
    """What a worker's process has read last: of each kind, one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: dict[str, tuple[Any, Any]] = {}

    def objective(self, stored: StoredObjective) -> Objective:
        """The objective, read unless it is the last one."""
        found: Objective = self._read("objective", stored)
        return found

    def matrix(self, stored: Stored) -> NDArray[Any]:
        """The same, of a matrix."""
        found: NDArray[Any] = self._read("matrix", stored)
        return found

    def _read(self, kind: str, stored: Any) -> Any:
        with self._lock:  # threads of a worker wait for one to read
            if kind not in self._kept or self._kept[kind][0] != stored:
                self._kept.pop(kind, None)  # its memory goes first
                self._kept[kind] = stored, stored.read()
            return self._kept[kind][1]


KEPT = Kept()
"""Of this process."""
