"""Standard streams that are closed, full or read by nobody.

What is shown on the way (standard error) must not stop a training; an answer
(standard output) that cannot be written is an error.
"""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, cast

from skipgram.errors import SkipgramError
from skipgram.views.streams import SilentOnceBroken


@contextmanager
def standard_streams() -> Iterator[None]:
    """The standard streams as a command needs them, in whatever state they came."""
    _reserve_descriptors()
    before = sys.stdout, sys.stderr
    for stream in before:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a word the terminal cannot show
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        sys.stdout = cast(TextIO, Answers(sys.stdout))
        sys.stderr = cast(TextIO, SilentOnceBroken(sys.stderr or nothing))
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before
            for stream in before:
                SilentOnceBroken(stream or nothing).flush()


def _reserve_descriptors() -> None:
    """Let no file have the number of a closed stream: what a library prints would go into it."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # which takes the lowest free number, this one


class ReaderLeftError(BrokenPipeError):
    """Whoever read the standard output has read enough, which is no error to speak of."""


class Answers:
    """The standard output, which must be written, until its reader leaves."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if self._stream is None:
            raise SkipgramError("the answer cannot be shown: standard output is closed")
        with _told():
            return self._stream.write(text)

    @property
    def encoding(self) -> str:
        """That of the stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()

    def flush(self) -> None:
        if self._stream is not None:
            with _told():
                self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise ReaderLeftError(*error.args) from error
        raise SkipgramError(
            f"standard output cannot be written: {error.strerror or error}"
        ) from error
