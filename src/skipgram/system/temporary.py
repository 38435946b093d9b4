"""Temporary names: what has one belongs to nobody once the process that made it has ended.

A file or folder that is being written, or was set aside, has a name that is made from its final
one, and the process that makes it holds a lock on it. The next to write or read there clears away
what nobody holds, or gives it back.
"""

import atexit
import os
import re
import secrets
import shutil
import signal
import stat
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # asked for below

from skipgram.errors import SkipgramError
from skipgram.system.machine import move_to_free
from skipgram.system.signals import ENDINGS

LONGEST_BEGINNING = 50
"""A temporary name begins like the final one, is no longer than names may be, ends at random."""
_RANDOM = "[a-z0-9_]{8}"
OLD = ".old"
"""How the temporary folder's name ends that a result is set aside in."""


def recovered(path: Path) -> Path:
    """The same path, for a reader: what a killed process set aside from it is back.

    Only where the system cannot exchange two folders can a process be killed
    while neither the old nor the new one has the name.
    """
    if os.path.lexists(path):
        return path
    for aside, is_free in _leftovers(path):
        if is_free and aside.suffix == OLD and os.path.lexists(aside / path.name):
            try:
                _clear_away(aside, path)
            except OSError as error:
                raise SkipgramError(
                    f"{path} was moved aside by a process that was killed; move it back from "
                    f"{aside / path.name} ({error.strerror or error})"
                ) from error
            break
    return path


def remove_leftovers(path: Path) -> int:
    """Remove what killed processes left of writing `path`; how many files and folders that were.

    A result that was set aside for a new one gets its name back if the new one never took it. What
    a living process writes is left alone: that process holds a lock on it. Where there are no such
    locks (Windows, some network drives) nothing is removed.
    """
    removed = 0
    for place in dict.fromkeys((path.absolute(), path.resolve())):  # a link, and where it leads
        with suppress(OSError):
            for leftover, is_free in _leftovers(place):
                if is_free:
                    _clear_away(leftover, place)
                    removed += 1
    return removed


def is_being_written(path: Path) -> bool:
    """Whether a living process holds a temporary name of this one."""
    return any(not is_free for _, is_free in _leftovers(path))


def _leftovers(place: Path) -> Iterator[tuple[Path, bool]]:
    """What has a temporary name for a path, and whether no living process holds it.

    What was set aside last comes first. Each is held until the next is asked for.
    """
    pattern = re.compile(f"{re.escape(temporary_prefix(place))}{_RANDOM}({re.escape(OLD)})?")
    found = []
    with suppress(OSError):
        for entry in place.parent.iterdir():
            if pattern.fullmatch(entry.name):
                with suppress(FileNotFoundError):  # another process was faster
                    found.append((entry.lstat().st_mtime, entry))
    for _, leftover in sorted(found, reverse=True):
        with held(leftover, wait=False) as is_free:
            yield leftover, is_free


def temporary_prefix(path: Path) -> str:
    """How the temporary names for a path begin: alike for no other, however long its name is."""
    return f".{path.name[:LONGEST_BEGINNING]}.{zlib.crc32(os.fsencode(path.name)):08x}."


@contextmanager
def temporary(path: Path, *, folder: bool, ending: str = "") -> Iterator[Path]:
    """A new file or folder beside `path`, cleared away at the end if it is still there."""
    while True:
        # The system applies the user's mask: a process may not read it without changing it.
        new = path.with_name(f"{temporary_prefix(path)}{secrets.token_hex(4)}{ending}")
        if os.path.lexists(new):  # another process's, which is not to be settled here
            continue
        with settled(new, partial(_clear_away, new, path)):
            try:
                new.mkdir() if folder else new.touch(exist_ok=False)
            except FileExistsError:
                continue
            with held(new) as is_ours:
                if not is_ours:  # removed by another process, between its making and its lock
                    continue
                yield new
                return


_unsettled: dict[Path, tuple[int, Callable[[], object]]] = {}
"""What is still to be done if a signal interrupts a block that does it: whose, and what."""


@contextmanager
def settled(place: Path, settle: Callable[[], object]) -> Iterator[None]:
    """Call `settle` when the block ends, however it does, and even if a signal interrupts that.

    A signal's exception may arise at any line, between this function's as well.
    So it is called once more when the process ends, unless it came to its end.
    """
    _unsettled[place] = os.getpid(), settle
    try:
        yield
    finally:
        settle()
        _unsettled.pop(place, None)


@atexit.register
def _settle_all() -> None:
    """Do what is left to do, in a process that is ending and from now on ignores signals."""
    if _unsettled and threading.current_thread() is threading.main_thread():
        for number in ENDINGS:
            signal.signal(number, signal.SIG_IGN)
    while _unsettled:
        _, (process, settle) = _unsettled.popitem()
        if process == os.getpid():  # a fork inherits the list, but not the work in it
            with suppress(OSError):
                settle()


@contextmanager
def held(path: Path, *, wait: bool = True, without_locks: bool | None = None) -> Iterator[bool]:
    """Keep others from removing a temporary file or folder; false if it is gone, or held by them.

    The lock is the system's, so it ends with the process, however that ends. Without locks a writer
    goes on, and others do not remove anything, unless `without_locks` says otherwise.
    """
    if without_locks is None:
        without_locks = wait
    if fcntl is None:
        yield without_locks
        return
    descriptor = None
    try:
        descriptor = os.open(path, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        is_ours = os.path.samestat(os.fstat(descriptor), path.lstat())
    except (FileNotFoundError, BlockingIOError):
        is_ours = False
    except OSError:
        is_ours = without_locks
    try:
        yield is_ours
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _clear_away(temporary: Path, path: Path) -> None:
    """Remove what has a temporary name, if it is there; but first give `path` back what it lost."""
    if temporary.suffix == OLD:
        old = temporary / path.name
        if os.path.lexists(old) and not os.path.lexists(path):
            with suppress(FileExistsError):  # a newer one has come
                move_to_free(old, path)
    if temporary.suffix == OLD:
        # Only a whole result may have such a name, and this one will soon be incomplete.
        with suppress(OSError):
            temporary.replace(temporary.with_suffix(""))
        remove(temporary.with_suffix(""))
    remove(temporary)


def remove(path: Path) -> None:
    """Remove a file, link or folder, as far as possible."""
    with suppress(OSError):
        itself = path.lstat()
        if not stat.S_ISDIR(itself.st_mode):
            path.unlink()
            return
        for _ in range(2):  # a signal at the wrong moment becomes an OSError in shutil, and is lost
            with suppress(OSError):
                if os.path.samestat(itself, path.lstat()):  # not what another has put there since
                    shutil.rmtree(path, ignore_errors=True)
