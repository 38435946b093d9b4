"""Names of files, and writing that leaves the whole result or nothing.

A result is written under a temporary name, synced, and renamed.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from skipgram.errors import OutputExistsError, SettingsError, SkipgramError

PathLike = str | os.PathLike[str]

_PREFIX = 60
"""A temporary name begins like the final one, and is no longer than names may be."""


def as_paths(paths: PathLike | Iterable[PathLike]) -> list[Path]:
    """One path or several as a list.

    Raises
    ------
    SettingsError
        If something else is given, a text or a list of words, say.

    """
    one_or_more = [paths] if isinstance(paths, str | os.PathLike) else paths
    try:
        return [Path(path) for path in one_or_more]
    except TypeError:
        raise SettingsError(f"give a path or several, not {repr(paths)[:60]}") from None


def require_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a path where something already is, unless it may be overwritten.

    Refuse also what could not be written in the end: better before the work than after it.
    """
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
    resolved = [path.resolve() for path in results]
    kept = [path.resolve() for path in corpus]
    for path, place in zip(results, resolved, strict=True):
        if resolved.count(place) > 1:
            raise SettingsError(f"{path} is named for two results; give each its own name")
        if any(place in (text, *text.parents) for text in kept):
            raise SettingsError(f"{path} is or holds the corpus, and would replace it")


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes its name only once it is complete and on the disk.

    Raises
    ------
    SkipgramError
        With the system's reason, if it cannot be written.

    """
    with _explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:_PREFIX]}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _give_usual_permissions(Path(name), directory=False)
            Path(name).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
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
        new = Path(tempfile.mkdtemp(prefix=f".{path.name[:_PREFIX]}.", dir=path.parent))
        try:
            yield new
            for part in (*new.rglob("*"), new):
                _give_usual_permissions(part, directory=part.is_dir())
                _sync(part)
            aside = _swap(new, path)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        _sync(path.parent)
        if aside is not None:
            shutil.rmtree(aside.parent, ignore_errors=True)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """A full disk or a missing right is the user's to mend, and so one line of the error family."""
    try:
        yield
    except SkipgramError:
        raise
    except OSError as error:
        raise SkipgramError(f"{path} cannot be written: {error.strerror or error}") from error


def _swap(new: Path, path: Path) -> Path | None:
    """Give a folder its name; where what stood there before is now, if anything did."""
    aside = _set_aside(path)
    try:
        new.replace(path)
    except BaseException:
        if aside is not None:
            aside.replace(path)
            aside.parent.rmdir()
        raise
    return aside


def _set_aside(path: Path) -> Path | None:
    """Move what stands at `path` into a temporary folder beside it, and say where it is now."""
    if not os.path.lexists(path):
        return None
    aside = (
        Path(tempfile.mkdtemp(prefix=f".{path.name[:_PREFIX]}.old.", dir=path.parent)) / path.name
    )
    try:
        path.replace(aside)
    except BaseException:
        aside.parent.rmdir()
        raise
    return aside


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
