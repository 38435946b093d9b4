"""Names of files: which are possible, which are free, and which would replace what is read."""

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from skipgram.errors import OutputExistsError, SettingsError, SkipgramError
from skipgram.system.temporary import remove_leftovers

PathLike = str | os.PathLike[str]


def as_path(path: PathLike) -> Path:
    """A path that the system takes, whether anything is there or not."""
    if not is_path(path):
        raise SettingsError(f"give a path, not {repr(path)[:60]}")
    if not isinstance(os.fspath(path), str):
        raise SettingsError(f"{repr(path)[:60]} is a path of bytes; give its text (os.fsdecode)")
    found = Path(path)
    if "\0" in str(found):
        raise _impossible(path, "it holds a NUL character")
    try:
        found.lstat()
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
    """One path or several as a list."""
    return list(map(as_path, _listed(paths)))


def result_paths(paths: PathLike | Iterable[PathLike]) -> list[Path]:
    """The paths of one result or several, each as `result_path`."""
    return list(map(result_path, _listed(paths)))


def _listed(paths: PathLike | Iterable[PathLike]) -> list[PathLike]:
    one_or_more = [paths] if isinstance(paths, str | os.PathLike) else paths
    found = list(one_or_more) if isinstance(one_or_more, Iterable) else []
    if not isinstance(one_or_more, Iterable) or not all(map(is_path, found)):
        raise SettingsError(f"give a path or several, not {repr(paths)[:60]}")
    return found


def is_path(given: object) -> bool:
    """Whether a path was given."""
    return isinstance(given, str | os.PathLike)


def result_path(given: PathLike) -> Path:
    """The path of a result, with a name from which other names can be made.

    For `.` and `..` it is the name of the folder that they lead to.
    """
    path = as_path(given)
    if os.fspath(given) and path.name in ("", ".."):
        path = path.resolve()
    if not path.name:
        raise SettingsError(f"{os.fspath(given)!r} cannot be an output; give a file or folder name")
    return path


def require_free_file(path: Path, *, overwrite: bool) -> None:
    """As `require_free`, of a file: it never replaces a folder."""
    require_free(path, overwrite=overwrite)
    if path.is_dir():
        raise OutputExistsError(f"{path} is a folder; give the name of a file")


def require_free(path: Path, *, overwrite: bool) -> None:
    """Refuse a path where something already is, unless it may be overwritten.

    Refuse also what could not be written in the end: better before the work than after it.
    """
    remove_leftovers(as_path(path))  # also where the place is refused then
    with explained_write(path), suppress(FileNotFoundError, NotADirectoryError):
        path.lstat()
        if not overwrite:
            raise OutputExistsError(
                f"{path} already exists; choose another name, or allow it to be replaced "
                "(--overwrite)"
            )
        if path.is_dir() and _holds_this_process(path):
            raise OutputExistsError(
                f"{path} is the current folder or contains it, so it is not replaced; change to "
                "another folder first, or choose another name"
            )
    place = nearest_folder(path)
    if not place.is_dir():
        raise SkipgramError(f"{path} cannot be written: {place} is not a folder")
    if not os.access(place, os.W_OK | os.X_OK):
        raise SkipgramError(f"{path} cannot be written: no permission to write in {place}")


def require_free_folder(folder: Path, is_ours: Callable[[str], bool], *, overwrite: bool) -> None:
    """As `require_free`, of a folder: it never replaces one that holds anything but our files.

    is_ours: whether a file's name is that of one of ours.
    """
    require_free(folder, overwrite=overwrite)
    if folder.exists() and not folder.is_dir():
        raise OutputExistsError(f"{folder} is a file; choose another name")
    require_no_strays(folder, is_ours)


def require_no_strays(folder: Path, is_ours: Callable[[str], bool], among: str = "") -> None:
    """Refuse to replace a folder that holds other files; `among` says beside which of ours."""
    names = [file.name for file in folder.iterdir()] if folder.is_dir() else []
    if strays := sorted(name for name in names if not is_ours(name)):
        raise OutputExistsError(
            f"{folder} holds {strays[0]}{among}, which would be lost; move it away or choose "
            "another name"
        )


def _holds_this_process(folder: Path) -> bool:
    """Whether this process, and the shell that started it, are in a folder or below it."""
    try:
        here = Path.cwd()
    except FileNotFoundError:  # it was removed
        return False
    return folder.resolve() in (here, *here.parents)


def nearest_folder(path: Path) -> Path:
    """The folder that a path will be in, or as much of it as there is."""
    path = path.absolute()
    return next(filter(os.path.lexists, path.parents), path)  # a root is in none but itself


def require_apart(results: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Refuse results that would replace each other or an input, or lie in a folder of inputs."""
    places = [path.resolve() for path in as_paths(results)]
    read = {path.resolve(): path for path in as_paths(inputs)}
    read_files = set(map(_file_number, inputs)) - {None}
    above = {folder: path for place, path in read.items() for folder in place.parents}
    for path, place in zip(results, places, strict=True):
        if places.count(place) > 1:
            raise SettingsError(f"{path} is named for two outputs; give each its own name")
        if place in read or _file_number(path) in read_files:
            raise SettingsError(
                f"{path} is an input and would be overwritten; choose another output"
            )
        if place in above:
            raise SettingsError(
                f"{path} holds {above[place]}, which is an input and would be replaced; choose "
                "another output"
            )
        if folder := next(filter(read.__contains__, place.parents), None):
            raise SettingsError(
                f"{path} is inside {read[folder]}, which is an input folder; choose an output "
                "outside it"
            )


def is_same_place(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file or folder, or would."""
    number = _file_number(one)
    is_same_file = number is not None and number == _file_number(other)
    return is_same_file or one.resolve() == other.resolve()


def _file_number(path: Path) -> tuple[int, int] | None:
    """The same for all names of a file; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def explained_write(path: Path) -> Iterator[None]:
    """A full disk or a missing right is for the user to fix, so it becomes an error of one line."""
    try:
        yield
    except SkipgramError:
        raise
    except OSError as error:
        raise SkipgramError(f"{path} cannot be written: {error.strerror or error}") from error
