"""Writing that leaves the whole result or nothing.

A result is written under a temporary name, synced, and renamed; the rename
itself refuses what others put there meanwhile. A killed process leaves what has
a temporary name; the next to write there clears it away. `file_pairs` does the
same for two files that belong together.
"""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

from skipgram.errors import OutputExistsError, SkipgramError
from skipgram.system import machine
from skipgram.system.machine import move_folder, move_to_free
from skipgram.system.paths import explained_write
from skipgram.system.temporary import LONGEST_BEGINNING, OLD, temporary
from skipgram.system.temporary import recovered as recovered
from skipgram.system.temporary import remove_leftovers as remove_leftovers

_MOST_TRIES = 100
"""To replace a folder that others replace at the same time."""


@contextmanager
def whole_file(
    path: Path,
    *,
    overwrite: bool = False,
    keeps: bool = False,
) -> Iterator[BinaryIO]:
    """A binary file that takes its name only once it is complete and on the disk.

    A write that failed is raised at the end, even if a library dropped the error.

    If something may not be replaced at the end, it is an OutputExistsError; if the result cannot be
    written, a SkipgramError with the system's reason.

    Parameters
    ----------
    path
        The name; the folders above it are made.
    overwrite
        Whether to replace what is there by then.
    keeps
        Whether the result gets another name if its own was taken while it was made.

    """
    take = _taking(Path.replace)
    with (
        explained_write(path),
        named_at_the_end(path, take, folder=False, overwrite=overwrite, keeps=keeps) as new,
        synced_file(new) as file,
    ):
        yield file


@contextmanager
def named_at_the_end(
    path: Path, take: Callable[..., None], *, folder: bool, overwrite: bool, keeps: bool
) -> Iterator[Path]:
    """A new file or folder beside `path`, which gets its name once the block has ended well.

    take: gives what is new a place: (new, place, overwrite=False); or FileExistsError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    with temporary(path, folder=folder) as new:
        yield new
        with _kept_if_refused(path, partial(take, new) if keeps else None):
            take(new, path, overwrite)


def _taking(replace: Callable[[Path, Path], object]) -> Callable[..., None]:
    """What gives a file or folder its place, and waits until the name is on the disk."""

    def take(new: Path, place: Path, overwrite: bool = False) -> None:
        (replace if overwrite else move_to_free)(new, place)
        sync(place.parent)

    return take


@contextmanager
def synced_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there, to write; on the disk at the end, or the error that a library lost."""
    with io.FileIO(path, "r+") as opened:
        written = WrittenFile(opened)
        with io.BufferedWriter(written) as file:
            yield file
        if written.failure is not None:
            raise written.failure
        os.fsync(opened.fileno())


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

    """
    take = _taking(partial(_replace_folder, require_place=require_place))
    with explained_write(path):
        path = path.resolve()  # the folder that a link leads to, and a name for "."
        with named_at_the_end(path, take, folder=True, overwrite=overwrite, keeps=keeps) as new:
            yield new
            for part in (*new.rglob("*"), new):
                _give_usual_permissions(part, new)
                sync(part)


class WrittenFile(io.RawIOBase):
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
def _kept_if_refused(path: Path, keep: Callable[[Path], object] | None) -> Iterator[None]:
    """Give a finished result another name if its own was taken while it was made.

    keep: moves it to a name that it is given, or raises FileExistsError; None for a
    result that is not kept.
    """
    try:
        yield
    except FileExistsError as error:
        message = str(error)
        if not isinstance(error, OutputExistsError):
            message = f"another process wrote {path} in the meantime; choose another name"
        if keep is not None:
            message += f"; this run's result is kept in {_moved_beside(path, keep)}"
        raise OutputExistsError(message) from error


def _moved_beside(path: Path, keep: Callable[[Path], object]) -> Path:
    """Where a result went whose place was taken: its name gets a number."""
    ending = "".join(path.suffixes)
    beginning = path.name.removesuffix(ending)[:LONGEST_BEGINNING]
    for number in count(2):
        with suppress(FileExistsError):
            beside = path.with_name(f"{beginning}-{number}{ending}")
            keep(beside)
            break
    return beside


def _replace_folder(new: Path, path: Path, require_place: Callable[[], object]) -> None:
    """Rename to where another folder may be, in one step where the system has one.

    What was there is then at `new`, or gone. If several do this at once, the last one wins.
    """
    for tries_left in reversed(range(_MOST_TRIES)):
        require_place()
        try:
            if os.path.lexists(path) and machine.exchange(new, path):
                return
            with _set_aside(path):
                move_folder(new, path)
        except (FileNotFoundError, FileExistsError):  # another process has moved or brought one
            if not tries_left:
                raise
        else:
            return


@contextmanager
def _set_aside(path: Path) -> Iterator[None]:
    """Move what is at `path` out of the way of what the block puts there, and then remove it."""
    if not os.path.lexists(path):
        yield
        return
    with temporary(path, folder=True, ending=OLD) as aside:
        path.replace(aside / path.name)
        yield


def _give_usual_permissions(part: Path, folder: Path) -> None:
    """Some libraries make private files; the user's mask, as the folder has it, is to decide."""
    allowed = folder.stat().st_mode & 0o777
    part.chmod(allowed if part.is_dir() else allowed & 0o666)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """A full disk or a missing folder is for the user to fix, so it becomes one line."""
    with explained_write(path):
        try:
            yield
        except FileNotFoundError as error:
            raise SkipgramError(
                f"{path} cannot be written: there is no folder {path.parent}; make it first"
            ) from error
