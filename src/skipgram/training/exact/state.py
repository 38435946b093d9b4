"""How far a training by sweeps has come, as a checkpoint keeps it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.training.events import SweepEnd
from skipgram.training.exact.sweeps import Position


@dataclass(eq=False)
class Best:
    """The matrices of the sweep with the lowest held-out loss."""

    sweep: int
    """from 1"""
    V: NDArray[np.floating]
    U: NDArray[np.floating]


@dataclass(eq=False)
class SweepState:
    """With the parameters, all that it takes to go on."""

    position: Position = field(default_factory=Position)
    seconds: float = 0.0
    """of training"""
    ends: list[SweepEnd] = field(default_factory=list)
    is_settled: bool = False
    """no further sweep would lower the objective by as much as is asked for"""
    best: Best | None = None

    def record(self) -> dict[str, Any]:
        """All but the matrices, in plain values."""
        position = self.position
        return {
            "sweep": position.sweep,
            "group": position.group,
            "running": position.running,
            "pairs": position.pairs,
            "shortening": position.shortening,
            "objective": position.objective,
            "seconds": self.seconds,
            "ends": [asdict(end) for end in self.ends],
            "is_settled": self.is_settled,
            "best_sweep": None if self.best is None else self.best.sweep,
        }

    def matrices(self) -> dict[str, NDArray[np.floating]]:
        """Those of the last sweep that stayed, and of the best one where there is one."""
        kept = {"kept_V": self.position.V, "kept_U": self.position.U}
        return kept if self.best is None else {**kept, "best_V": self.best.V, "best_U": self.best.U}

    @classmethod
    def matrix_names(cls, record: Mapping[str, Any]) -> tuple[str, ...]:
        """Of `matrices`, for a record."""
        best = () if record["best_sweep"] is None else ("best_V", "best_U")
        return ("kept_V", "kept_U", *best)

    @classmethod
    def of_record(
        cls, record: Mapping[str, Any], matrices: Mapping[str, NDArray[Any]], tokens: int
    ) -> "SweepState":
        """The inverse of `record` and `matrices`; ValueError if it is none."""
        ends = [SweepEnd.of_record(values) for values in record["ends"]]
        position = Position(
            int(record["sweep"]),
            int(record["group"]),
            float(record["running"]),
            float(record["pairs"]),
            float(record["shortening"]),
            float(record["objective"]),
            matrices["kept_V"],
            matrices["kept_U"],
        )
        if len(ends) != position.sweep or position.group < 0:
            raise ValueError(f"sweep {position.sweep}, group {position.group}, {len(ends)} ends")
        best = None
        if record["best_sweep"] is not None:
            best = Best(record["best_sweep"], matrices["best_V"], matrices["best_U"])
        return cls(position, float(record["seconds"]), ends, bool(record["is_settled"]), best)
