"""Signals that ask the process to end, put off until what it does is in a safe place."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

ENDINGS = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""Interrupted by a person, ended by the system, and left alone by its terminal."""


@dataclass
class Ending:
    """Whether the process was asked to end."""

    asked_by: signal.Signals | None = None


@contextmanager
def endings_put_off() -> Iterator[Ending]:
    """Take note of the first such signal instead of following it.

    A second interrupt (SIGINT) is a person's who does not want to wait: it ends
    the process as it always would. Others are sent twice by programs, such as
    `timeout`, and change nothing. What the process ignores (as under `nohup`) it
    goes on to ignore. Outside the main thread signals cannot be caught, and
    nothing changes.
    """
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    # None is a handler that was not set in Python, and so could not be given back.
    usual = {
        number: handler
        for number in ENDINGS
        if (handler := signal.getsignal(number)) not in (signal.SIG_IGN, None)
    }

    def take_note(number: int, frame: FrameType | None) -> None:
        if ending.asked_by is None:
            ending.asked_by = signal.Signals(number)
        if signal.SIGINT in usual:
            signal.signal(signal.SIGINT, usual[signal.SIGINT])

    def restore() -> None:
        for number, handler in usual.items():
            signal.signal(number, handler)

    for number in usual:
        signal.signal(number, take_note)
    try:
        yield ending
    finally:
        restore()
