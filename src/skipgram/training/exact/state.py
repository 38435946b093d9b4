"""How far a training by sweeps has come, as a checkpoint keeps it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.training.events import SweepEnd
from skipgram.training.exact.levels import Level
from skipgram.training.exact.sweeps import Position
from skipgram.training.passes import Best, PassState
from skipgram.untrusted.plain_values import of_plain


@dataclass(frozen=True)
class _Record:
    """All of a state but the matrices."""

    level: int
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
        before, last = len(self.ends) - self.sweep, len(self.ends)
        is_counted = before >= 0 and all(
            end.sweep == number and (end.level == self.level) == (number > before)
            for number, end in enumerate(self.ends, 1)
        )
        is_known = self.best_sweep is None or before < self.best_sweep <= last
        return is_counted and self.shortening > 0 and is_known and math.isfinite(self.seconds)


@dataclass(eq=False)
class SweepState(PassState):
    """With the parameters, all that is needed to resume."""

    level: int = 1
    """of `levels.Level`, from 1"""
    position: Position = field(default_factory=Position)
    """in the level"""
    seconds: float = 0.0
    """of training"""
    ends: list[SweepEnd] = field(default_factory=list)
    is_settled: bool = False
    """a further sweep of the level would lower the objective by less than the tolerance"""
    best: Best | None = None
    """of the level"""
    best_name: ClassVar[str] = "best_sweep"
    TABLE: ClassVar[str] = "table"

    def enter_next_level(self) -> None:
        """Begin anew, with more words."""
        self.level += 1
        self.position, self.is_settled, self.best = Position(), False, None

    def record(self) -> dict[str, Any]:
        """All but the matrices, in plain values."""
        position = self.position
        return asdict(
            _Record(
                self.level,
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
        """Also those of the last sweep that was not undone, and the n-grams' table."""
        position = self.position
        found = {"kept_V": position.V, "kept_U": position.U, **super().matrices()}
        return {**found, self.TABLE: position.table} if len(position.table) else found

    @staticmethod
    def words(record: Mapping[str, Any], levels: Sequence[Level]) -> int:
        """Of the level of a record; ValueError if there is no such level."""
        level = record["level"]
        if not isinstance(level, int) or not 1 <= level <= len(levels):
            raise ValueError(f"level {level} of {len(levels)}")
        return levels[level - 1].words

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
            raise ValueError(
                f"level {found.level}, sweep {found.sweep}, group {found.group}, "
                f"{len(found.ends)} ends"
            )
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
        if cls.TABLE in matrices:
            position.table = matrices[cls.TABLE]
        best = cls.best_of(found.best_sweep, matrices)
        return cls(found.level, position, found.seconds, found.ends, found.is_settled, best)
