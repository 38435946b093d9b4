"""What a comparison reports while systems are trained, one after another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingBegins:
    """It is the turn of a system."""

    system: str
    seed: int
    number: int
    """of this training, from 1"""
    total: int
    """trainings that were planned"""


@dataclass(frozen=True)
class TrainingAdvances:
    """Some more of the current training is done."""

    system: str
    share: float
    """from 0 to 1, of the training itself"""
    seconds: float
    """since its turn began"""


@dataclass(frozen=True)
class TrainingEnds:
    """A system is trained, and has given its vectors."""

    system: str
    training_seconds: float
    seconds: float
    """from the file of text to the vectors"""


@dataclass(frozen=True)
class SystemLeftOut:
    """A system is not trained, or not any more."""

    system: str
    reason: str


SystemEvent = TrainingBegins | TrainingAdvances | TrainingEnds | SystemLeftOut
