"""What trainings in passes share, epochs of steps or sweeps: rests, patience and the best pass."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.training.events import EpochEnd, HeldOutScore, StoppedEarly, SweepEnd
from skipgram.training.parameters import Parameters


@dataclass(eq=False)
class Best:
    """The matrices of the pass with the lowest held-out loss."""

    number: int
    """of the pass, from 1"""
    V: NDArray[np.floating]
    U: NDArray[np.floating]

    def matrices(self) -> dict[str, NDArray[np.floating]]:
        """By the names that they have in a checkpoint."""
        return {"best_V": self.V, "best_U": self.U}


class _State(Protocol):
    best: Best | None


_S = TypeVar("_S", bound=_State)


class PassTrainer(ABC, Generic[_S]):
    """A training that can rest, and that ends once the held-out loss has not fallen for a while."""

    state: _S
    parameters: Parameters
    settings: Settings
    pass_name: ClassVar[str]
    _is_to_pause = False

    @property
    @abstractmethod
    def ends(self) -> Sequence[EpochEnd] | Sequence[SweepEnd]:
        """Of all passes so far."""

    @property
    def pass_number(self) -> int:
        """The pass that is going on, from 1."""
        return len(self.ends) + 1

    def pause(self) -> None:
        """Let the threads come to rest; the event `Paused` tells when they have.

        Until the next event is asked for, `state` and `parameters` then belong together, and
        are finite. After the last pass there is no such event.
        """
        self._is_to_pause = True

    def _is_to_rest(self) -> bool:
        """Whether a rest was asked for, and now begins."""
        is_to_pause, self._is_to_pause = self._is_to_pause, False
        return is_to_pause

    def _keep_if_best(self, score: HeldOutScore | None) -> None:
        """Copy the matrices as the last pass left them, if patience may go back to them."""
        if score is None or not self.settings.training.patience:
            return
        best, V, U = self.state.best, self.parameters.V, self.parameters.U
        if best is None:
            self.state.best = Best(len(self.ends), V.copy(), U.copy())
        elif score.loss < self._score_of(best).loss:
            best.number, best.V[:], best.U[:] = len(self.ends), V, U

    def _has_waited_enough(self) -> bool:
        best = self.state.best
        return best is not None and len(self.ends) - best.number >= self.settings.training.patience

    def _back_to_best(self) -> Iterator[StoppedEarly]:
        best = self.state.best
        if best is not None and best.number < len(self.ends):
            self.parameters.V[:], self.parameters.U[:] = best.V, best.U
            yield StoppedEarly(best.number, self._score_of(best), self.pass_name)

    def _score_of(self, best: Best) -> HeldOutScore:
        score = self.ends[best.number - 1].held_out
        assert score is not None  # only passes with a score become the best
        return score

    def _require_finite(self, parameters: Parameters) -> None:
        if not parameters.is_finite():
            raise self._not_finite()

    @abstractmethod
    def _not_finite(self) -> SkipgramError:
        """What to say of vectors that no further step could mend."""
