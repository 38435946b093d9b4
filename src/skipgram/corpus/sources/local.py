"""Local files: one, those in a folder, those that match a pattern, and what is piped in."""

import glob
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from skipgram.corpus.sources.blocks import Block
from skipgram.corpus.sources.tables import stream_blocks
from skipgram.errors import CorpusError
from skipgram.untrusted.opening import reason

_LONGEST_SHOWN = 400


@dataclass(frozen=True)
class LocalFile:
    """A file on this machine, or a named pipe, as it was found."""

    path: Path
    column: str
    size_bytes: int
    """0 if it is a pipe"""
    fingerprint: str | None
    changed_ns: int
    """when it was changed last"""
    folder: Path | None = None
    """in which it was found, if that is read as a whole"""
    place: Path | None = None
    """where it is for a process in any folder; by default at `path`"""

    @classmethod
    def at(
        cls, path: Path, found: os.stat_result, column: str, folder: Path | None = None
    ) -> "LocalFile":
        """A file that was just found."""
        if not stat.S_ISREG(found.st_mode):
            return cls(path, column, 0, None, 0)
        size, changed_ns = found.st_size, found.st_mtime_ns
        mark = f"{path.absolute()} {size} {changed_ns}"
        return cls(path, column, size, mark, changed_ns, folder)

    @property
    def name(self) -> str:
        """What messages call it."""
        return str(self.path)

    @property
    def is_pipe(self) -> bool:
        """Whether it can be read only once, as a pipe or a device."""
        return self.fingerprint is None

    def from_anywhere(self) -> "LocalFile":
        """The same file for a process in another folder, under the same name."""
        return replace(self, place=self.path.absolute())

    def blocks(self, *, whole_lines: bool = False) -> Iterator[Block]:
        """Its text, or a table's column, as blocks."""
        try:
            raw = (self.place or self.path).open("rb")
        except OSError as error:
            raise CorpusError(f"{self.name}: {reason(error)}") from error
        with raw:
            yield from stream_blocks(raw, self.name, self.column, whole_lines=whole_lines)
            self._require_unchanged(os.fstat(raw.fileno()))

    def _require_unchanged(self, now: os.stat_result) -> None:
        if self.fingerprint is None:
            return
        if (now.st_size, now.st_mtime_ns) != (self.size_bytes, self.changed_ns):
            raise CorpusError(
                f"{self.name} changed while it was read ({self.size_bytes:,} bytes, then "
                f"{now.st_size:,}); start again when nothing is writing to it, or use a copy"
            )


@dataclass(frozen=True)
class StandardInput:
    """What is piped into the process."""

    column: str
    name: str = "standard input"
    size_bytes: int = 0
    fingerprint: str | None = None
    path: Path = Path("/dev/stdin")
    """another way to it"""

    def blocks(self, *, whole_lines: bool = False) -> Iterator[Block]:
        """As a local file's, once."""
        raw = getattr(sys.stdin, "buffer", None)
        if raw is None:
            raise CorpusError("no corpus to read: standard input is closed")
        yield from stream_blocks(raw, self.name, self.column, whole_lines=whole_lines)


def local_files(name: str | os.PathLike[str], column: str) -> tuple[list[LocalFile], int]:
    """The file or the files of the folder with that name, or else those that match it as a pattern.

    And how many hidden files and folders of the folder were left out.
    """
    path = Path(os.fsdecode(name))
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # a ValueError for a name that no file can have
        if isinstance(name, str) and glob.has_magic(name):
            return _matching(name, column)
        raise CorpusError(f"{shown(str(path))}: {reason(error)}{if_texts(str(path))}") from error
    if stat.S_ISDIR(found.st_mode):
        files, hidden = _in_folder(path, column)
        if not files:
            raise CorpusError(f"{path} holds no files{but_hidden(hidden)}")
        return files, hidden
    if stat.S_ISREG(found.st_mode) and found.st_size == 0:
        raise CorpusError(f"{path} is empty; there is no text to train on")
    return [LocalFile.at(path, found, column)], 0


def _in_folder(folder: Path, column: str) -> tuple[list[LocalFile], int]:
    """All files below a folder, sorted, each folder once however many links lead there."""

    def stop(error: OSError) -> None:
        raise CorpusError(f"{error.filename}: {reason(error)}") from error

    paths: list[Path] = []
    seen = set()
    hidden = 0
    for place, folders, names in os.walk(folder, onerror=stop, followlinks=True):
        real = os.path.realpath(place)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        hidden += sum(map(is_hidden, folders + names))
        folders[:] = sorted(name for name in folders if not is_hidden(name))
        paths += [Path(place, name) for name in names if not is_hidden(name)]
    return [_regular(path, column, folder) for path in sorted(paths)], hidden


def _matching(pattern: str, column: str) -> tuple[list[LocalFile], int]:
    """The files that a pattern matches, and those of its folders unless `**` goes into them."""
    files: list[LocalFile] = []
    hidden = 0
    found = glob.glob(pattern, recursive=True)  # noqa: PTH207  # a Path has one folder to begin at
    for path in sorted(map(Path, found)):
        if not path.is_dir():
            files.append(_regular(path, column))
        elif "**" not in pattern:
            more, left_out = _in_folder(path, column)
            files += more
            hidden += left_out
    if not files:
        raise CorpusError(
            f"no file matches {shown(pattern)}{but_hidden(hidden)}{if_texts(pattern)}"
        )
    return files, hidden


def _regular(path: Path, column: str, folder: Path | None = None) -> LocalFile:
    try:
        found = path.stat()
    except OSError as error:
        raise CorpusError(f"{path}: {reason(error)}") from error
    if not stat.S_ISREG(found.st_mode):  # one might wait for ever
        raise CorpusError(f"{path} is not a regular file; to read it anyway, name it explicitly")
    return LocalFile.at(path, found, column, folder)


def is_hidden(name: str) -> bool:
    """Whether it begins with a dot."""
    return name.startswith(".")


def but_hidden(count: int) -> str:
    """The end of a message that nothing was found."""
    return f" but {count:,} hidden, which are skipped" if count else ""


def shown(name: str) -> str:
    """A name, or what was taken for one, for a message of one line."""
    if len(name) <= _LONGEST_SHOWN and name.isprintable():
        return name
    return repr(name[:_LONGEST_SHOWN])


def if_texts(name: str) -> str:
    """What to add if no file has this name and it looks like a text."""
    if len(name.split()) < 2:
        return ""
    return "; if these are texts and not file names, wrap them: skipgram.Texts([...])"
