"""What trainings by epochs and by sweeps share: pauses, patience and the best pass.

A trainer is an iterator of events and prints nothing. Once it has paused on request, its state and
parameters are all that is needed to resume it.
"""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.errors import SkipgramError
from skipgram.settings import Settings
from skipgram.system.threads import ThreadPool, thread_pool
from skipgram.training.events import EpochEnd, Event, HeldOutScore, Paused, StoppedEarly, SweepEnd
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters


@dataclass(eq=False)
class Best:
    """The matrices of the pass with the lowest held-out loss."""

    number: int
    """of the pass, from 1"""
    V: NDArray[np.floating]
    U: NDArray[np.floating]


class PassState(ABC):
    """How far a training has come: plain values, and matrices of the shape of V and U."""

    seconds: float
    """of training"""
    ends: Sequence[EpochEnd] | Sequence[SweepEnd]
    """of all passes so far"""
    best: Best | None
    best_name: ClassVar[str]
    """what a record calls the number of the best pass"""

    @abstractmethod
    def record(self) -> dict[str, Any]:
        """All but the matrices, in values for JSON."""

    @classmethod
    @abstractmethod
    def of_record(
        cls, record: Mapping[str, Any], matrices: Mapping[str, NDArray[Any]], tokens: int
    ) -> Self:
        """The inverse of `record` and `matrices`, for a corpus with this number of tokens.

        Raises a ValueError, KeyError or the like if there is no such state.
        """

    def matrices(self) -> dict[str, NDArray[np.floating]]:
        """The matrices of the best pass by name, if there is one."""
        return {} if self.best is None else {"best_V": self.best.V, "best_U": self.best.U}

    @classmethod
    def matrix_names(cls, record: Mapping[str, Any]) -> tuple[str, ...]:
        """The names of the matrices that belong to a record."""
        return () if record[cls.best_name] is None else ("best_V", "best_U")

    @property
    def best_number(self) -> int | None:
        """The best pass, from 1, if passes are compared."""
        return None if self.best is None else self.best.number

    @staticmethod
    def best_of(number: int | None, matrices: Mapping[str, NDArray[Any]]) -> Best | None:
        """The best pass of a record."""
        return None if number is None else Best(number, matrices["best_V"], matrices["best_U"])


_State = TypeVar("_State", bound=PassState)


class PassTrainer(ABC, Generic[_State]):
    """A training that can pause, and that ends once the held-out loss has not fallen for a while.

    Iterate over it: training happens between the events, and ends with the
    iteration. A trainer trains once.
    """

    corpus: EncodedCorpus
    noise: Noise
    parameters: Parameters
    settings: Settings
    state: _State
    pass_name: ClassVar[str]
    _is_to_pause = False

    def __iter__(self) -> Generator[Event | Paused]:
        with thread_pool(self.settings.run.threads, "skipgram") as pool:
            yield from self._begin(pool)
            while not self._is_done():
                yield from self._pass(pool)
            yield from self._back_to_best()
            yield from self._finish(pool)

    @abstractmethod
    def _begin(self, pool: ThreadPool) -> Iterator[Event]:
        """Before the first pass."""

    @abstractmethod
    def _is_done(self) -> bool:
        """Whether no further pass is wanted."""

    @abstractmethod
    def _pass(self, pool: ThreadPool) -> Iterator[Event | Paused]:
        """The rest of a pass, with its end."""

    @abstractmethod
    def _finish(self, pool: ThreadPool) -> Iterator[Event]:
        """After the last pass."""

    @property
    def pass_number(self) -> int:
        """The current pass, from 1."""
        return len(self.state.ends) + 1

    @property
    @abstractmethod
    def pass_share(self) -> float:
        """How much of the current pass is done, from 0 to 1."""

    @property
    @abstractmethod
    def tokens_done(self) -> int:
        """Over all passes."""

    @property
    def has_begun(self) -> bool:
        """Whether anything is trained already."""
        return bool(self.state.ends) or self.pass_share > 0

    def pause(self) -> None:
        """Ask the threads to pause; the event `Paused` comes once they have.

        Until the next event is requested, `state` and `parameters` then belong together, and
        are finite. After the last pass there is no such event.
        """
        self._is_to_pause = True

    def _begins_pause(self) -> bool:
        """Whether a pause was asked for, and begins now."""
        is_to_pause, self._is_to_pause = self._is_to_pause, False
        return is_to_pause

    def _keep_if_best(self, score: HeldOutScore | None) -> None:
        """Copy the matrices of the last pass, if training may return to them."""
        if score is None or not self.settings.training.patience:
            return
        state, V, U = self.state, self.parameters.V, self.parameters.U
        if state.best is None:
            state.best = Best(len(state.ends), V.copy(), U.copy())
        elif score.loss < self._score_of(state.best).loss:
            state.best.number, state.best.V[:], state.best.U[:] = len(state.ends), V, U

    def _has_waited_enough(self) -> bool:
        best, patience = self.state.best, self.settings.training.patience
        return best is not None and len(self.state.ends) - best.number >= patience

    def _back_to_best(self, words: int | None = None) -> Iterator[StoppedEarly]:
        best = self.state.best
        if best is not None and best.number < len(self.state.ends):
            self.parameters.V[:], self.parameters.U[:] = best.V, best.U
            yield StoppedEarly(best.number, self._score_of(best), self.pass_name, words)

    def _score_of(self, best: Best) -> HeldOutScore:
        score = self.state.ends[best.number - 1].held_out
        assert score is not None  # only passes with a score become the best
        return score

    def _require_finite(self, parameters: Parameters) -> None:
        if not parameters.is_finite():
            raise self._not_finite()

    @abstractmethod
    def _not_finite(self) -> SkipgramError:
        """The error for vectors that no further step could repair."""
