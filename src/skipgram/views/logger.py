"""A run's milestones for Python's `logging`, under the name "skipgram".

What is said of a run is an INFO, what went wrong in it a WARNING; how far it has come is none.
A program that sets up no logging gets nothing of it.
"""

import logging
import sys
from typing import Self

from skipgram.telling.escaping import shortened
from skipgram.views.display import Display

_LOGGER = logging.getLogger("skipgram")
_LOGGER.addHandler(logging.NullHandler())  # else Python itself would print the warnings


class LoggedDisplay(Display):
    """Logs what another display shows.

    Where the program's own handler prints a line on a standard stream, the other
    display does not show it again.
    """

    def __init__(self, shown: Display) -> None:
        self._shown = shown
        levels = (logging.INFO, logging.WARNING)
        self._is_printed = {level: _is_printed(level) for level in levels}

    def __enter__(self) -> Self:
        self._shown.__enter__()
        return self

    def close(self) -> None:
        self._shown.close()

    def say(self, text: str) -> None:
        self._tell(logging.INFO, text)

    def warn(self, text: str) -> None:
        self._tell(logging.WARNING, text)

    def advance(self, what: str, share: float, detail: str) -> None:
        self._shown.advance(what, share, detail)

    def finish(self) -> None:
        self._shown.finish()

    def _tell(self, level: int, text: str) -> None:
        if self._is_printed[level]:
            with self._shown.lifted():
                _LOGGER.log(level, "%s", shortened(text))
            return
        _LOGGER.log(level, "%s", shortened(text))
        self._shown.say(text)


def _is_printed(level: int) -> bool:
    """Whether a handler of the program writes such lines to a standard stream."""
    streams = [stream for stream in (sys.stdout, sys.stderr) if stream is not None]
    logger: logging.Logger | None = _LOGGER
    while logger is not None:
        for handler in logger.handlers:
            if handler.level <= level and getattr(handler, "stream", None) in streams:
                return _LOGGER.isEnabledFor(level)
        logger = logger.parent if logger.propagate else None
    return False
