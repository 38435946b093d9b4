"""All systems trained on one text: one after another, seed by seed, so that none has a better hour.

Speeds of one run can be compared; those of two, or of a machine that does other work meanwhile,
say little.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from skipgram.errors import InterruptedRunError, SkipgramError
from skipgram.peers.events import (
    SystemEvent,
    SystemLeftOut,
    TrainingAdvances,
    TrainingBegins,
    TrainingEnds,
)
from skipgram.peers.keeping import Keeping
from skipgram.peers.systems import System, Trained
from skipgram.peers.text import OneText
from skipgram.settings import Settings


@dataclass(frozen=True)
class SystemRuns:
    """What one system did, seed by seed; or why it did nothing."""

    name: str
    version: str
    settings: dict[str, Any] = field(default_factory=dict)
    """under the system's own names"""
    trainings: tuple[Trained, ...] = ()
    words: int | None = None
    """that a training passes over, all epochs together; None where it counts pairs instead"""
    why_not: str = ""
    """in one line, where there is no training"""

    @property
    def training_seconds(self) -> float | None:
        """The median over seeds: from the text as the system holds it to the vectors."""
        return _median([one.training_seconds for one in self.trainings])

    @property
    def seconds(self) -> float | None:
        """The median over seeds: from the file of text to the vectors."""
        return _median([one.seconds for one in self.trainings])

    @property
    def words_per_second(self) -> float | None:
        """Of training alone."""
        seconds = self.training_seconds
        return None if self.words is None or not seconds else self.words / seconds

    def times_as_long(self, first: "SystemRuns") -> float | None:
        """How many times the training seconds of another system: the median over seeds."""
        pairs = zip(self.trainings, first.trainings, strict=False)
        return _median(
            [one.training_seconds / other.training_seconds for one, other in pairs]
            if first.trainings
            else []
        )


def train_all(
    systems: Sequence[System],
    text: OneText,
    like: Settings,
    seeds: Sequence[int],
    observe: Callable[[SystemEvent], None],
    keeping: Keeping | None = None,
) -> tuple[SystemRuns, ...]:
    """Every system with every seed; one that is not there, or fails, does not stop the others.

    keeping: where the vectors of each training go as soon as they are there.
    """
    why_not: dict[str, str] = {}
    trained: dict[str, list[Trained]] = {system.name: [] for system in systems}
    for system in systems:
        if system.to_install:
            reason = f"not installed: pip install {system.to_install}"
            _leave_out(system, reason, why_not, observe)
    number, total = 0, len(seeds) * (len(systems) - len(why_not))
    for seed in seeds:
        for system in systems:
            if system.name in why_not:
                continue
            number += 1
            observe(TrainingBegins(system.name, seed, number, total))
            try:
                found = system.train(text, like, seed, _advancing(system, observe))
            except InterruptedRunError:
                raise
            except (SkipgramError, MemoryError, OSError) as error:
                _leave_out(system, _reason(error), why_not, observe)
                continue
            if keeping is not None:
                keeping.keep(system.name, found)
            trained[system.name].append(found)
            observe(TrainingEnds(system.name, found.training_seconds, found.seconds))
    words = like.training.epochs * text.tokens
    return tuple(
        SystemRuns(
            system.name,
            "" if system.to_install else system.version,
            system.settings(like),
            () if system.name in why_not else tuple(trained[system.name]),
            words if system.has_epochs else None,
            why_not.get(system.name, ""),
        )
        for system in systems
    )


def _advancing(system: System, observe: Callable[[SystemEvent], None]) -> Callable[[float], None]:
    began = time.monotonic()
    return lambda share: observe(
        TrainingAdvances(system.name, min(1.0, share), time.monotonic() - began)
    )


def _leave_out(
    system: System,
    reason: str,
    why_not: dict[str, str],
    observe: Callable[[SystemEvent], None],
) -> None:
    why_not[system.name] = reason
    observe(SystemLeftOut(system.name, reason))


def _reason(error: Exception) -> str:
    words = " ".join(str(error).split())
    if isinstance(error, MemoryError):
        return f"not enough memory{f': {words}' if words else ''}"
    return f"failed: {words or type(error).__name__}"


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None
