"""A terminal without a screen: what is written to it is kept."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import pytest

pty = pytest.importorskip("pty", reason="terminals as on POSIX systems")


@contextmanager
def terminal_stream(kept: list[bytes]) -> Iterator[TextIO]:
    """A text stream to a terminal, whose bytes are kept as they were written."""
    import termios
    import tty

    ours, theirs = pty.openpty()
    tty.setraw(theirs, termios.TCSANOW)  # line ends stay as they are

    def read() -> None:
        while True:
            try:
                block = os.read(ours, 1 << 16)
            except OSError:  # the other side was closed
                return
            if not block:
                return
            kept.append(block)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        with os.fdopen(theirs, "w", encoding="utf-8") as stream:
            yield stream
    finally:
        reader.join()
        os.close(ours)
