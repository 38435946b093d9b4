"""Two files that belong together, such as rows and their words: replaced as one, known as one.

Both are written into one temporary folder, with a mark that holds the sizes and checksums of the
two. One rename of that folder to its name of a finished pair decides: before it the pair is the old
one, after it the new one. Then the files are moved out of the folder to their places, the mark
last. The next reader or writer first finishes what a killed process left undone.

    NAME                  the main file
    BESIDE                the other, by a name that is made from the first
    .NAME.CHECKSUM.pair   the mark, which stays: JSON
    .NAME.CHECKSUM.new    the folder, while its files are moved out of it

A mark that fits neither file is out of date, because other tools have written them, and means
nothing.
"""

import json
import os
import stat
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from skipgram.errors import FormatError, SkipgramError
from skipgram.system.files import named_at_the_end, sync, synced_file
from skipgram.system.machine import move_to_free
from skipgram.system.paths import explained_write, require_free_file
from skipgram.system.temporary import held, remove, settled, temporary_prefix
from skipgram.untrusted.opening import read_json

_PARTS = "main", "beside"
_MARK = "mark"
_PIECES, _PIECE_BYTES = 256, 1 << 12
_MOST_MARK_BYTES = 1 << 20
LONGEST_WAIT_SECONDS = 10.0
"""A living process moves two files within milliseconds."""
_ASKED_EVERY_SECONDS = 0.005
_TRIES = 3

_Read = TypeVar("_Read")


class PairError(FormatError):
    """Two files that do not belong together, or did not while they were read."""


class _Mark(NamedTuple):
    """What the two files of a pair are."""

    beside: str
    """the second's name"""
    bytes: tuple[int, ...]
    crc32: tuple[int, ...]
    """of all, or of 256 pieces of 4 KB all over the file"""
    replaces: bool
    """whether the two may take the place of others"""


@contextmanager
def whole_pair(
    main: Path,
    beside: Callable[[Path], Path],
    *,
    overwrite: bool = False,
    keeps: bool = False,
) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Two binary files that take their names together, once both are complete and on the disk.

    Parameters
    ----------
    main
        The name of the first.
    beside
        Gives that of the second, in the same folder.
    overwrite, keeps
        As of `whole_file`.

    """

    def take(new: Path, place: Path, overwrite: bool = False) -> None:
        _take_names(new, place, beside(place), overwrite=overwrite)

    with (
        explained_write(main),
        named_at_the_end(main, take, folder=True, overwrite=overwrite, keeps=keeps) as new,
    ):
        for part in _PARTS:
            (new / part).touch()
        with synced_file(new / "main") as one, synced_file(new / "beside") as other:
            yield one, other


def _take_names(new: Path, main: Path, beside: Path, *, overwrite: bool) -> None:
    """Give a complete pair its names, or FileExistsError and leave it and them as they were."""
    sizes, checksums = zip(*map(_signature_of, (new / part for part in _PARTS)), strict=True)
    mark = _Mark(beside.name, sizes, checksums, overwrite)
    (new / _MARK).unlink(missing_ok=True)  # of a place that was refused
    (new / _MARK).touch()
    with synced_file(new / _MARK) as file:
        file.write(json.dumps(mark._asdict()).encode() + b"\n")
    sync(new)
    ready, itself = _ready(main), new.stat()

    def settle() -> None:
        with suppress(FileNotFoundError):
            if os.path.samestat(itself, ready.lstat()):
                _finish(ready, main, [beside])

    with settled(ready, settle):
        while True:
            finish(main, [beside])
            for place in (main, beside):
                require_free_file(place, overwrite=overwrite)
            with suppress(FileExistsError):  # another process is doing the same
                move_to_free(new, ready)
                break
        sync(main.parent)
        try:
            _move_out(ready, main, beside, replaces=overwrite)
        except FileExistsError:
            move_to_free(ready, new)
            raise
        _leave_mark(ready, main)


def finish(
    main: Path, beside_names: Sequence[Path], longest_wait_seconds: float = LONGEST_WAIT_SECONDS
) -> None:
    """Finish a pair whose writer was killed after its deciding rename.

    Parameters
    ----------
    main
        The name of the first file.
    beside_names
        The names that the second may have.
    longest_wait_seconds
        For another process that is at work on the pair.

    """
    ready, began = _ready(main), time.monotonic()
    with suppress(FileNotFoundError):
        if not stat.S_ISDIR(ready.lstat().st_mode):
            remove(ready)  # not one of ours
    while os.path.lexists(ready):
        is_late = time.monotonic() - began > longest_wait_seconds
        with held(ready, wait=False, without_locks=is_late) as is_free:
            if is_free:
                _finish(ready, main, beside_names)
                return
        if is_late:
            raise SkipgramError(f"{main} is being written by another process; try again later")
        time.sleep(_ASKED_EVERY_SECONDS)


def _finish(ready: Path, main: Path, beside_names: Sequence[Path]) -> None:
    if not os.path.lexists(ready):
        return
    try:
        mark = _read_mark(ready / _MARK)
        beside = next((place for place in beside_names if mark and place.name == mark.beside), None)
        if mark is not None and beside is not None:
            with suppress(FileExistsError):  # somebody has come in between
                _move_out(ready, main, beside, replaces=mark.replaces)
            if not os.path.lexists(ready / "main"):
                _leave_mark(ready, main)
    except OSError as error:
        raise SkipgramError(
            f"{main} was being written by a process that was killed, and the rest of its work "
            f"cannot be done here ({error.strerror or error}); open it once where it is writable"
        ) from error
    remove(ready)
    if os.path.lexists(ready):
        raise SkipgramError(f"{ready} is in the way of {main}; remove it")


def _move_out(ready: Path, main: Path, beside: Path, *, replaces: bool) -> None:
    """Move both files to their places, or FileExistsError and neither."""
    places = dict(zip(_PARTS, (main, beside), strict=True))
    moved: list[str] = []
    for part, place in places.items():
        try:
            if _is_file(ready / part) and _move(ready / part, place, replaces=replaces):
                moved.append(part)
        except FileExistsError:
            for one in moved:
                places[one].replace(ready / one)
            raise


def _move(source: Path, place: Path, *, replaces: bool) -> bool:
    if replaces:
        source.replace(place)
        return True
    if not _is_same_file(source, place):
        move_to_free(source, place)
    source.unlink(missing_ok=True)  # where a second name was given instead of another
    return True


def _leave_mark(ready: Path, main: Path) -> None:
    """The last step but one: from now on the files are known as a pair."""
    sync(main.parent)
    (ready / _MARK).replace(_mark_place(main))
    sync(main.parent)
    remove(ready)


class PairMovedError(PairError):
    """A pair that was replaced while it was read."""


def read_pair(read: Callable[[], _Read]) -> _Read:
    """What is read from two files, tried again while other processes replace them."""
    began, tries_left = time.monotonic(), _TRIES
    while True:
        try:
            return read()
        except PairMovedError:
            if time.monotonic() - began > LONGEST_WAIT_SECONDS:
                raise
        except PairError:  # the first may have been opened before the mark was looked at
            tries_left -= 1
            if not tries_left:
                raise


class Pair:
    """A pair that is being read: what its mark says, before the first file is looked into."""

    def __init__(self, main: Path, beside: Path) -> None:
        self._main, self._beside = main, beside
        self._mark = _read_mark(_mark_place(main))

    def require(self, main: int, beside: int) -> None:
        """Raise PairError if the open files, of these descriptors, do not belong together.

        They do not if one of them is as the mark says, and the other is not. It
        may also be that the pair was replaced while they were opened.
        """
        is_moving = os.path.lexists(_ready(self._main))
        mark = _read_mark(_mark_place(self._main))
        if is_moving or mark != self._mark:
            raise PairMovedError(
                f"{self._main} was replaced by another process while it was read; read it again"
            )
        if mark is None or mark.beside != self._beside.name:
            return
        signatures = zip(mark.bytes, mark.crc32, strict=True)
        fits = [
            _signature(file) == one for file, one in zip((main, beside), signatures, strict=True)
        ]
        if any(fits) and not all(fits):
            known, other = (self._main, self._beside)[:: 1 if fits[0] else -1]
            raise PairError(
                f"{other} does not belong to {known}: the two were written together, and {other} "
                f"was replaced or changed since; write both again, or remove "
                f"{_mark_place(self._main)} if that is intended"
            )


def _read_mark(file: Path) -> _Mark | None:
    if not os.path.lexists(file):
        return None
    try:
        found = read_json(file, "the mark of a pair of files", most_bytes=_MOST_MARK_BYTES)
    except FormatError as error:
        if not os.path.lexists(file):  # another process has just moved it
            return None
        raise PairError(str(error)) from None
    try:
        mark = _Mark(
            str(found["beside"]), tuple(found["bytes"]), tuple(found["crc32"]), found["replaces"]
        )
        (_, _), (_, _) = mark.bytes, mark.crc32
    except (KeyError, TypeError, ValueError):
        raise PairError(f"{file} is not the mark of a pair of files; remove it") from None
    return mark


def _signature_of(path: Path) -> tuple[int, int]:
    with path.open("rb") as file:
        return _signature(file.fileno())


def _signature(descriptor: int) -> tuple[int, int]:
    """A file's size, and a checksum of all of it, or of pieces all over it and its end."""
    size = os.fstat(descriptor).st_size
    step = max(_PIECE_BYTES, size // _PIECES)
    before, checksum = os.lseek(descriptor, 0, os.SEEK_CUR), 0
    try:
        for start in (*range(0, size, step), max(0, size - _PIECE_BYTES)):
            os.lseek(descriptor, start, os.SEEK_SET)
            checksum = zlib.crc32(os.read(descriptor, _PIECE_BYTES), checksum)
    finally:
        os.lseek(descriptor, before, os.SEEK_SET)
    return size, checksum


def _is_same_file(one: Path, other: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(one.lstat(), other.lstat())
    return False


def _is_file(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def _ready(main: Path) -> Path:
    return main.parent / f"{temporary_prefix(main)}new"


def _mark_place(main: Path) -> Path:
    return main.parent / f"{temporary_prefix(main)}pair"
