"""Writing that leaves the whole result or nothing.

A result is written under a temporary name, synced, and renamed; the rename
itself refuses what others put there meanwhile. A killed process leaves what has
a temporary name; the next to write there clears it away.
"""

import errno
import io
import os
import re
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # asked for below

from skipgram import machine
from skipgram.errors import OutputExistsError
from skipgram.paths import explained_write

_PREFIX = 50
"""A temporary name begins like the final one, is no longer than names may be, ends at random."""
_RANDOM = "[a-z0-9_]{8}"
_OLD = ".old"
"""How the temporary folder's name ends that a result is set aside in."""


@contextmanager
def whole_file(
    path: Path,
    *,
    overwrite: bool = False,
    keeps: bool = False,
    before_rename: Callable[[], object] | None = None,
) -> Iterator[BinaryIO]:
    """A binary file that takes its name only once it is complete and on the disk.

    A write that failed is raised here in the end, also where a library dropped the error.

    Parameters
    ----------
    path
        The name; the folders above it are made.
    overwrite
        Whether to replace what is there by then.
    keeps
        Whether the result gets another name where its own was taken while it was made.
    before_rename
        Called when it is complete, just before it takes its name.

    Raises
    ------
    OutputExistsError
        If something is there at the end that may not be replaced.
    SkipgramError
        With the system's reason, if it cannot be written.

    """
    with explained_write(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path)
        with _temporary(path, folder=False) as new:
            with io.FileIO(new, "r+") as opened:
                written = _Written(opened)
                with io.BufferedWriter(written) as file:
                    yield file
                if written.failure is not None:
                    raise written.failure
                os.fsync(opened.fileno())
            if before_rename is not None:
                before_rename()
            with _kept_if_refused(new, path, keeps=keeps):
                if overwrite:
                    new.replace(path)
                else:
                    _move_to_free(new, path)
            _sync(path.parent)


@contextmanager
def whole_folder(
    path: Path,
    *,
    overwrite: bool = False,
    keeps: bool = False,
    require_place: Callable[[], object] = lambda: None,
) -> Iterator[Path]:
    """A folder to fill, which takes the place of `path` only once it is complete.

    What was at `path` before is removed only after the new folder has its name.

    Parameters
    ----------
    path
        The name, or a link to it; the folders above it are made.
    overwrite, keeps
        As of `whole_file`.
    require_place
        Asked before what is there is replaced; raises OutputExistsError where it may not be.

    Raises
    ------
    OutputExistsError
        If something is there at the end that may not be replaced.
    SkipgramError
        With the system's reason, if it cannot be written.

    """
    with explained_write(path):
        path = path.resolve()  # the folder that a link leads to, and a name for "."
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path)
        with _temporary(path, folder=True) as new:
            yield new
            for part in (*new.rglob("*"), new):
                _give_usual_permissions(part, new)
                _sync(part)
            with _kept_if_refused(new, path, keeps=keeps):
                if overwrite:
                    require_place()
                    _replace_folder(new, path)
                else:
                    _move_to_free(new, path)
            _sync(path.parent)


def remove_leftovers(path: Path) -> int:
    """Remove what killed processes left of writing `path`; how many files and folders that were.

    A result that was set aside for a new one, which then did not come to take
    its name, is given that name back. What a living process writes is left
    alone: it holds a lock on it. Where there are no such locks (Windows, some
    network drives) nothing is removed.
    """
    removed = 0
    for place in dict.fromkeys((path.absolute(), path.resolve())):  # a link, and where it leads
        pattern = re.compile(f"{re.escape(_temporary_prefix(place))}{_RANDOM}({re.escape(_OLD)})?")
        with suppress(OSError):
            found = [entry for entry in place.parent.iterdir() if pattern.fullmatch(entry.name)]
            # What was set aside last comes first.
            for leftover in sorted(found, key=lambda entry: entry.lstat().st_mtime, reverse=True):
                with _held(leftover, wait=False) as is_ours:
                    if is_ours:
                        _clear_away(leftover, place)
                        removed += 1
    return removed


def _temporary_prefix(path: Path) -> str:
    """How the temporary names for a path begin: alike for no other, however long its name is."""
    return f".{path.name[:_PREFIX]}.{zlib.crc32(os.fsencode(path.name)):08x}."


@contextmanager
def _temporary(path: Path, *, folder: bool, ending: str = "") -> Iterator[Path]:
    """A new file or folder beside `path`, cleared away at the end if it is still there."""
    while True:
        # The system applies the user's mask: a process may not read it without changing it.
        new = path.with_name(f"{_temporary_prefix(path)}{secrets.token_hex(4)}{ending}")
        try:
            new.mkdir() if folder else new.touch(exist_ok=False)
        except FileExistsError:
            continue
        with _held(new) as is_ours:
            if not is_ours:  # removed by another process, between its making and its lock
                continue
            try:
                yield new
            finally:
                _clear_away(new, path)
            return


@contextmanager
def _held(path: Path, *, wait: bool = True) -> Iterator[bool]:
    """Keep others from removing a temporary file or folder; false if it is gone, or held by them.

    The lock is the system's, so it ends with the process, however that ends.
    Where there are no locks a writer goes on without, and nobody else removes.
    """
    if fcntl is None:
        yield wait
        return
    descriptor = None
    try:
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        is_ours = False
    except OSError:
        is_ours = wait
    try:
        yield is_ours
    finally:
        if descriptor is not None:
            os.close(descriptor)


class _Written(io.RawIOBase):
    """A file to write that remembers a failure, and that no library can write past.

    Some write from C++ and lose errors when they close, others take the
    descriptor of a file that has one (NumPy's `tofile`), and do the same.
    """

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def write(self, data: Any, /) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            self.failure = self.failure or error
            raise


@contextmanager
def _kept_if_refused(new: Path, path: Path, *, keeps: bool) -> Iterator[None]:
    """Give a finished result another name where its own was taken while it was made."""
    try:
        yield
    except FileExistsError as error:
        told = str(error)
        if not isinstance(error, OutputExistsError):
            told = f"another process has written {path} in the meantime; choose another name"
        if keeps:
            told += f"; this run's result is kept in {_moved_beside(new, path)}"
        raise OutputExistsError(told) from error


def _moved_beside(new: Path, path: Path) -> Path:
    """Where a result went whose place is taken: a number in its name tells the two apart."""
    ending = "".join(path.suffixes)
    beginning = path.name.removesuffix(ending)[:_PREFIX]
    for number in count(2):
        with suppress(FileExistsError):
            beside = path.with_name(f"{beginning}-{number}{ending}")
            _move_to_free(new, beside)
            break
    return beside


def _move_to_free(new: Path, path: Path) -> None:
    """Rename; FileExistsError if anything is at `path`, whoever put it there, and when."""
    if machine.rename_to_free(new, path):
        return
    if os.name == "nt":
        new.rename(path)  # which refuses there
        return
    if new.is_dir():
        _move_folder(new, path)  # which replaces an empty folder at most
        return
    try:
        os.link(new, path)  # the temporary name is cleared away in any case
    except FileExistsError:
        raise
    except OSError:  # a disk without links: an empty file claims the name
        path.touch(exist_ok=False)
        new.replace(path)


def _replace_folder(new: Path, path: Path) -> None:
    """Rename to where another folder may be, in one step where the system has one.

    What was there is then at `new`, or gone.
    """
    if os.path.lexists(path) and machine.exchange(new, path):
        return
    with _set_aside(path):
        _move_folder(new, path)


def _move_folder(new: Path, path: Path) -> None:
    try:
        new.replace(path)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.ENOTDIR):
            raise
        raise FileExistsError(error.errno, error.strerror, error.filename) from None


@contextmanager
def _set_aside(path: Path) -> Iterator[None]:
    """Move what stands at `path` out of the way of what the block brings, and then remove it."""
    if not os.path.lexists(path):
        yield
        return
    with _temporary(path, folder=True, ending=_OLD) as aside:
        path.replace(aside / path.name)
        yield


def _clear_away(temporary: Path, path: Path) -> None:
    """Remove what has a temporary name, if it is there; but first give `path` back what it lost."""
    if temporary.suffix == _OLD:
        old = temporary / path.name
        if os.path.lexists(old) and not os.path.lexists(path):
            old.replace(path)
    with suppress(OSError):
        if temporary.suffix == _OLD:
            # Only a whole result may stand under such a name, and this one will soon be none.
            temporary = temporary.replace(temporary.with_suffix(""))
        if temporary.is_dir():
            shutil.rmtree(temporary, ignore_errors=True)
        else:
            temporary.unlink(missing_ok=True)


def _give_usual_permissions(part: Path, folder: Path) -> None:
    """Some libraries make private files; the user's mask, as the folder has it, is to decide."""
    allowed = folder.stat().st_mode & 0o777
    part.chmod(allowed if part.is_dir() else allowed & 0o666)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
