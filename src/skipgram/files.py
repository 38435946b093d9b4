"""Names of files, and writing that leaves the whole result or nothing.

A result is written under a temporary name, synced, and renamed. A process that
is killed leaves what has a temporary name; `remove_leftovers` clears it away.
"""

import errno
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # asked for below

from skipgram.errors import OutputExistsError, SettingsError, SkipgramError

PathLike = str | os.PathLike[str]

_PREFIX = 50
"""A temporary name begins like the final one, and is no longer than names may be."""
_RANDOM = "[a-z0-9_]{8}"
"""What `tempfile` makes a name different with."""
_OLD = ".old"
"""How the temporary folder's name ends that a result is set aside in."""


def as_path(path: PathLike) -> Path:
    """A path that the system takes, whether anything is there or not.

    Raises
    ------
    SettingsError
        If something else is given, or no file can have this name: it is too
        long, or has a NUL or half a surrogate pair in it.

    """
    try:
        found = Path(path)
        found.lstat()
    except TypeError:
        raise SettingsError(f"give a path, not {repr(path)[:60]}") from None
    except ValueError as error:
        raise _impossible(path, str(error)) from None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise _impossible(path, str(error.strerror)) from None
    return found


def _impossible(path: PathLike, why: str) -> SettingsError:
    return SettingsError(f"{str(path)!r:.200}: no file can have this name ({why})")


def has_file(path: Path) -> bool:
    """Whether a file is at a path that may be too long for one."""
    try:
        return path.is_file()
    except OSError:
        return False


def as_paths(paths: PathLike | Iterable[PathLike]) -> list[Path]:
    """One path or several as a list.

    Raises
    ------
    SettingsError
        If something else is given, a text or a list of words, say.

    """
    one_or_more = [paths] if isinstance(paths, str | os.PathLike) else paths
    try:
        return [as_path(path) for path in one_or_more]
    except TypeError:
        raise SettingsError(f"give a path or several, not {repr(paths)[:60]}") from None


def require_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a path where something already is, unless it may be overwritten.

    Refuse also what could not be written in the end: better before the work than after it.
    """
    as_path(path)
    with _explained(path), suppress(FileNotFoundError, NotADirectoryError):
        path.lstat()
        if not overwrite:
            raise OutputExistsError(
                f"{path} already exists; choose another name, or allow it to be replaced "
                "(--overwrite)"
            )
    place = nearest_folder(path)
    if not place.is_dir():
        raise SkipgramError(f"{path} cannot be written: {place} is not a folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise SkipgramError(f"{path} cannot be written: no permission to write in {place}")


def nearest_folder(path: Path) -> Path:
    """The folder that a path will be in, or as much of it as there is."""
    return next(place for place in path.absolute().parents if os.path.lexists(place))


def require_apart(results: Sequence[Path], corpus: Sequence[Path]) -> None:
    """Refuse results that would replace each other, or the corpus.

    Raises
    ------
    SettingsError
        If two are the same, or one is the corpus or holds it.

    """
    resolved = [path.resolve() for path in as_paths(results)]
    kept = [path.resolve() for path in as_paths(corpus)]
    for path, place in zip(results, resolved, strict=True):
        if resolved.count(place) > 1:
            raise SettingsError(f"{path} is named for two results; give each its own name")
        if any(place in (text, *text.parents) for text in kept):
            raise SettingsError(f"{path} is or holds the corpus, and would replace it")


@contextmanager
def whole_file(
    path: Path, *, before_rename: Callable[[], object] | None = None
) -> Iterator[BinaryIO]:
    """A binary file that takes its name only once it is complete and on the disk.

    before_rename: called when it is, just before it takes its name.

    Raises
    ------
    SkipgramError
        With the system's reason, if it cannot be written.

    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path, folder=False) as new:
            with new.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _give_usual_permissions(new, directory=False)
            if before_rename is not None:
                before_rename()
            new.replace(path)
        _sync(path.parent)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to fill, which takes the place of `path` only once it is complete.

    What stood at `path` before is removed only after the new folder has its name.

    Raises
    ------
    SkipgramError
        With the system's reason, if it cannot be written.

    """
    with _explained(path):
        path = path.resolve()  # the folder that a link leads to, and a name for "."
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path, folder=True) as new:
            yield new
            for part in (*new.rglob("*"), new):
                _give_usual_permissions(part, directory=part.is_dir())
                _sync(part)
            with _set_aside(path):
                new.replace(path)
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


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """A full disk or a missing right is the user's to mend, and so one line of the error family."""
    try:
        yield
    except SkipgramError:
        raise
    except OSError as error:
        raise SkipgramError(f"{path} cannot be written: {error.strerror or error}") from error


def _temporary_prefix(path: Path) -> str:
    """How the temporary names for a path begin: alike for no other, however long its name is."""
    return f".{path.name[:_PREFIX]}.{zlib.crc32(os.fsencode(path.name)):08x}."


@contextmanager
def _temporary(path: Path, *, folder: bool, ending: str = "") -> Iterator[Path]:
    """A new file or folder beside `path`, cleared away at the end if it is still there."""
    prefix = _temporary_prefix(path)
    while True:
        if folder:
            new = Path(tempfile.mkdtemp(ending, prefix, path.parent))
        else:
            descriptor, name = tempfile.mkstemp(ending, prefix, path.parent)
            os.close(descriptor)
            new = Path(name)
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


def _give_usual_permissions(path: Path, *, directory: bool) -> None:
    """Temporary files are private, and so are some libraries'; the user's mask is to decide."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod((0o777 if directory else 0o666) & ~mask)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
