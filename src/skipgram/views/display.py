"""Where a run is shown: lines that stay, and how far it has come."""

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager

from skipgram.system.closing import Closing

SECONDS_BETWEEN_LINES = 10.0
"""Where nothing can be drawn, a line now and then says how far the run has come."""


class Display(Closing):
    """Shows lines, and a bar where there can be one."""

    @abstractmethod
    def say(self, text: str) -> None:
        """One line, which stays."""

    def warn(self, text: str) -> None:
        """One line about what went wrong."""
        self.say(text)

    @abstractmethod
    def advance(self, what: str, share: float, detail: str) -> None:
        """Show what is going on, how much of it is done, and how it goes."""

    @abstractmethod
    def finish(self) -> None:
        """What was going on has ended."""

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Leave the screen to others meanwhile."""
        yield


class Unseen(Display):
    """For a run that nobody watches."""

    def say(self, text: str) -> None:
        pass

    def advance(self, what: str, share: float, detail: str) -> None:
        pass

    def finish(self) -> None:
        pass

    def close(self) -> None:
        pass
