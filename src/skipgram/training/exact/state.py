"""How far a training by sweeps has come, as a checkpoint keeps it."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.training.events import SweepEnd
from skipgram.training.exact.sweeps import Position
from skipgram.training.passes import Best, PassState
from skipgram.untrusted.plain_values import of_plain


@dataclass(frozen=True)
class _Record:
    """All of a state but the matrices."""

    sweep: int
    group: int
    running: float
    pairs: float
    shortening: float
    objective: float
    seconds: float
    ends: list[SweepEnd]
    is_settled: bool
    best_sweep: int | None

    def is_possible(self) -> bool:
        """Whether its parts fit together."""
        is_known = self.best_sweep is None or 1 <= self.best_sweep <= self.sweep
        is_timed = math.isfinite(self.seconds)
        return len(self.ends) == self.sweep and self.shortening > 0 and is_known and is_timed


@dataclass(eq=False)
class SweepState(PassState):
    """With the parameters, all that is needed to resume."""

    position: Position = field(default_factory=Position)
    seconds: float = 0.0
    """of training"""
    ends: list[SweepEnd] = field(default_factory=list)
    is_settled: bool = False
    """a further sweep would lower the objective by less than the tolerance"""
    best: Best | None = None
    best_name: ClassVar[str] = "best_sweep"

    def record(self) -> dict[str, Any]:
        """All but the matrices, in plain values."""
        position = self.position
        return asdict(
            _Record(
                position.sweep,
                position.group,
                position.running,
                position.pairs,
                position.shortening,
                position.objective,
                self.seconds,
                self.ends,
                self.is_settled,
                self.best_number,
            )
        )

    def matrices(self) -> dict[str, NDArray[np.floating]]:
        """Also those of the last sweep that was not undone."""
        return {"kept_V": self.position.V, "kept_U": self.position.U, **super().matrices()}

    @classmethod
    def matrix_names(cls, record: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of the matrices that belong to a record."""
        return ("kept_V", "kept_U", *super().matrix_names(record))

    @classmethod
    def of_record(
        cls, record: Mapping[str, Any], matrices: Mapping[str, NDArray[Any]], tokens: int
    ) -> Self:
        """The inverse of `record` and `matrices`; ValueError if the parts do not fit together."""
        found = of_plain(_Record, record)
        if not found.is_possible():
            raise ValueError(f"sweep {found.sweep}, group {found.group}, {len(found.ends)} ends")
        position = Position(
            found.sweep,
            found.group,
            found.running,
            found.pairs,
            found.shortening,
            found.objective,
            matrices["kept_V"],
            matrices["kept_U"],
        )
        best = cls.best_of(found.best_sweep, matrices)
        return cls(position, found.seconds, found.ends, found.is_settled, best)
