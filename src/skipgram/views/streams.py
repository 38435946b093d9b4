"""Standard streams that break: what is shown on the way must not stop a training."""

import os
from contextlib import suppress
from typing import Any, TextIO


class SilentOnceBroken:
    """A text stream to print on, which falls silent when it cannot be written.

    Its reader may have ended, its terminal may have been closed, its disk may
    be full: what is shown on the way is not worth the work.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_broken = False

    @property
    def encoding(self) -> str:
        """That of the stream."""
        return self._stream.encoding or "utf-8"

    def isatty(self) -> bool:
        return not self._stream.closed and self._stream.isatty()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        if not (self.is_broken or self._stream.closed):
            try:
                self._stream.write(text)
            except OSError:
                self._silence()
        return len(text)

    def flush(self) -> None:
        if not (self.is_broken or self._stream.closed):
            try:
                self._stream.flush()
            except OSError:
                self._silence()

    def _silence(self) -> None:
        self.is_broken = True
        # What the stream still holds is written when Python ends; were that to fail too, a good
        # training would end with exit code 120.
        with suppress(OSError):
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)
