"""The door for files that came from elsewhere: what a path names is opened only if it has an end.

A path may lead to a device without an end, a pipe that nobody writes to, or a
file of any size, and a library may raise anything about a damaged one.
So every file that is not a corpus's text is read through here, which gives
its bytes or a one-line `FormatError`.
"""

import errno
import json
import math
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import numpy as np
from numpy.typing import DTypeLike, NDArray

from skipgram.errors import FormatError, SkipgramError
from skipgram.untrusted.mapping import private_map

MOST_SETTINGS_BYTES = 1 << 26
"""A settings file of ours has a few KB, and a line for each epoch or sweep."""
MOST_LIST_BYTES = 1 << 28
"""A list of words, pairs or questions that somebody made has a few MB."""

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
_PACKINGS = {
    b"\x1f\x8b": ("gzip", "gunzip"),
    b"BZh": ("bzip2", "bunzip2"),
    b"\xfd7zXZ\x00": ("xz", "unxz"),
    b"\x28\xb5\x2f\xfd": ("Zstandard", "unzstd"),
}
"""By their first bytes; for the message alone, since a text may begin with some of them."""
_OPEN_ALREADY = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
_READ_BYTES = 1 << 20
_LONGEST_REASON = 200
_BINARY = getattr(os, "O_BINARY", 0)
"""Windows reads text otherwise."""


def open_regular(path: Path, *, or_pipe: bool = False) -> BinaryIO:
    """Open a regular file to read its bytes, without waiting for anybody.

    or_pipe: also take a pipe of this process, as a shell's `<(...)` gives one.
    """
    try:
        # Without O_NONBLOCK, opening a named pipe would wait until somebody writes to it.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | _BINARY)
    except (OSError, ValueError) as error:
        _refuse(path, error)
    found = os.fstat(descriptor).st_mode
    is_pipe = or_pipe and stat.S_ISFIFO(found) and _is_open_already(path)
    if not (stat.S_ISREG(found) or is_pipe):
        os.close(descriptor)
        kind = _KINDS.get(stat.S_IFMT(found), "something else")
        raise FormatError(f"{path} is {kind}, not a regular file")
    if is_pipe:
        os.set_blocking(descriptor, True)
    return os.fdopen(descriptor, "rb")


def is_there(path: Path) -> bool:
    """Whether there is anything at a path; false for a name that nothing can have."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _refuse(path: Path, error: OSError | ValueError) -> NoReturn:
    if isinstance(error, FileNotFoundError):
        raise FormatError(f"{path} does not exist") from None
    if isinstance(error, OSError) and error.errno == errno.ENXIO:
        raise FormatError(f"{path} is a socket, not a regular file") from None
    raise FormatError(f"{path} cannot be read: {reason(error)}") from error


def _is_open_already(path: Path) -> bool:
    """Whether it is an unnamed pipe, whose writer has opened it already."""
    return str(path).startswith(_OPEN_ALREADY) or not os.path.lexists(os.path.realpath(path))


def read_whole(
    path: Path, what: str, *, most_bytes: int = MOST_LIST_BYTES, or_pipe: bool = False
) -> bytes:
    """All bytes of a file that may not be larger than what such a file can be.

    Parameters
    ----------
    path
        Of the file.
    what
        What it should be, with its article: for the message if it is too large.
    most_bytes
        It may have.
    or_pipe
        As of `open_regular`.

    """
    with open_regular(path, or_pipe=or_pipe) as file, library_errors(path):
        found = bytearray()
        while len(found) <= most_bytes and (piece := file.read(_READ_BYTES)):
            found += piece
        if len(found) > most_bytes:
            raise FormatError(f"{path} has more than {most_bytes >> 20:,} MB, too many for {what}")
        return bytes(found)


def read_lines(path: Path, what: str, *, most_bytes: int = MOST_LIST_BYTES) -> list[str]:
    r"""The lines of a short UTF-8 text or an open pipe, without its mark and their \n or \r\n.

    A text without any \n may have \r alone, as old Macs wrote it.
    """
    content = read_whole(path, what, most_bytes=most_bytes, or_pipe=True)
    end = "\n" if b"\n" in content else "\r"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        for start, (kind, tool) in _PACKINGS.items():
            if content.startswith(start):
                raise FormatError(
                    f"{path} is compressed ({kind}): {what} should be plain text; unpack it "
                    f"first ({tool})"
                ) from None
        line = content.count(end.encode(), 0, error.start) + 1
        raise FormatError(
            f"{path}:{line}: byte {error.start:,} is not UTF-8 ({error.reason}); convert the "
            "file to UTF-8 first (iconv -t UTF-8)"
        ) from None
    lines = text.split(end)
    if not lines[-1]:
        lines.pop()
    return [line.removesuffix("\r") for line in lines]


def read_json(path: Path, what: str, *, most_bytes: int = MOST_SETTINGS_BYTES) -> dict[str, Any]:
    """The names and values of a JSON file."""
    content = read_whole(path, what, most_bytes=most_bytes)
    try:
        found = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError, MemoryError) as error:
        raise FormatError(f"{path} is not {what}: {reason(error)}") from None
    if not isinstance(found, dict):
        raise FormatError(f"{path} is not {what}: it is not a JSON object")
    return found


def require_format(
    about: Mapping[str, Any], form: str, version: int, file: Path, way_out: str
) -> None:
    """Refuse what says that it has another format, or another version."""
    if (found := about.get("format")) != form:
        raise FormatError(f"{file}: its format is {found!r:.60}, not {form!r}")
    if (found := about.get("format_version")) != version:
        raise FormatError(
            f"{file}: format version {found!r:.60}; this skipgram reads version {version}; "
            f"{way_out}"
        )


def map_numbers(
    path: Path, dtype: DTypeLike, shape: tuple[int, ...], *, offset: int = 0, is_all: bool = False
) -> NDArray[Any]:
    """Numbers of a regular file, read when they are looked at.

    Writable to numpy, so that kernels are compiled once for both kinds of
    array; what one wrote would stay in memory and never reach the file.

    Parameters
    ----------
    path
        Of the file.
    dtype
        Of the numbers.
    shape
        Of the array; the file must be long enough.
    offset
        In bytes, of the first number.
    is_all
        Whether nothing may follow them.

    """
    # Python's integers, which do not overflow on any header.
    needed = offset + np.dtype(dtype).itemsize * math.prod(map(int, shape))
    with open_regular(path) as file:
        there = os.fstat(file.fileno()).st_size
        if min((offset, *shape)) < 0 or needed > there or (is_all and needed != there):
            raise FormatError(f"{path} has {there:,} bytes where {needed:,} should be")
        with library_errors(path):
            return private_map(file, dtype, shape, offset)


@contextmanager
def library_errors(
    path: Path | str,
    problem: str = "is damaged or cannot be read",
    kind: type[SkipgramError] = FormatError,
) -> Iterator[None]:
    """Turn anything a library raises about a file into our error, which names the file.

    problem: what is wrong with the file, for the message.
    """
    try:
        yield
    except SkipgramError:
        raise
    except MemoryError as error:
        raise kind(f"{path} needs more memory than there is") from error
    except Exception as error:  # libraries raise anything over a damaged file
        raise kind(f"{path} {problem}: {reason(error)}") from error


def reason(error: Exception) -> str:
    """An error's own words in one line, without its number and its file."""
    words = getattr(error, "strerror", None)
    if not words and isinstance(error, FileNotFoundError):
        words = "No such file"  # some libraries give its name and no reason
    found = " ".join(str(words or error).split()) or type(error).__name__
    return found if len(found) <= _LONGEST_REASON else f"{found[:_LONGEST_REASON]}..."
