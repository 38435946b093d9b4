"""Remote files: all that fsspec opens, from the web to object stores."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from skipgram.corpus.sources.blocks import Block
from skipgram.corpus.sources.local import (
    LocalFile,
    but_hidden,
    if_texts,
    is_hidden,
    local_files,
    shown,
)
from skipgram.corpus.sources.tables import stream_blocks
from skipgram.errors import CorpusError, SkipgramError
from skipgram.untrusted.opening import reason

_WEB_MARKS = ("ETag", "Content-MD5", "Digest", "Last-Modified")


@dataclass(frozen=True)
class RemoteFile:
    """A file that fsspec opens."""

    name: str
    files: Any
    """the file system it is in"""
    path: str
    column: str
    size_bytes: int
    fingerprint: str | None

    def blocks(self, *, whole_lines: bool = False) -> Iterator[Block]:
        """As a local file's."""
        try:
            raw = self.files.open(self.path, "rb")
        except Exception as error:  # any type, depending on the library
            raise CorpusError(f"{self.name}: {reason(error)}") from error
        with raw:
            yield from stream_blocks(raw, self.name, self.column, whole_lines=whole_lines)


def remote_files(url: str, column: str) -> tuple[list[LocalFile] | list[RemoteFile], int]:
    """As `local_files`, of what fsspec opens."""
    try:
        from fsspec.core import url_to_fs
        from fsspec.implementations.local import (
            LocalFileSystem,
        )

        files, path = url_to_fs(url)
        if not isinstance(files, LocalFileSystem):
            return _remote_files(files, path, url, column)
    except SkipgramError:
        raise
    except Exception as error:  # any type, depending on the library
        raise CorpusError(f"{shown(url)}: {reason(error)}{if_texts(url)}") from error
    return local_files(path, column)


def _remote_files(files: Any, path: str, url: str, column: str) -> tuple[list[RemoteFile], int]:
    # A question mark in a web address begins its query.
    magic = "*[" if url.startswith("http") else "*?["
    is_pattern = any(letter in path for letter in magic) and not files.exists(path)
    found = files.glob(path, detail=True) if is_pattern else {path: files.info(path)}
    # As for local files: a pattern matches hidden files only if it says so, and the folders that it
    # matches are read unless it goes into them itself.
    if is_pattern and "/." not in path:
        found = {place: about for place, about in found.items() if "/." not in place}
    kept, hidden = _kept(files, found, goes_into_folders=not (is_pattern and "**" in path))
    if not kept:
        what = f"no file matches {url}" if is_pattern else f"{url} holds no files"
        raise CorpusError(f"{what}{but_hidden(hidden)}")
    if path in kept and kept[path].get("size") == 0:
        raise CorpusError(f"{url} is empty; there is no text to train on")
    sources = []
    for place, about in kept.items():
        name = url if place == path else files.unstrip_protocol(place)
        mark = mark_of(files, place)
        fingerprint = f"{name} {mark}" if mark else None
        size = about.get("size") or 0  # not all servers say
        sources.append(RemoteFile(name, files, place, column, size, fingerprint))
    return sources, hidden


def mark_of(files: Any, place: str) -> str:
    """A text that changes when a file does, or nothing."""
    if "http" not in files.protocol:
        return str(files.ukey(place))
    # fsspec assumes that files on the web never change; some servers say more.
    about = files.info(place)
    marks = [str(about[name]) for name in _WEB_MARKS if name in about]
    return " ".join([str(about.get("size")), *marks]) if marks else ""


def _kept(
    files: Any, found: dict[str, Any], *, goes_into_folders: bool
) -> tuple[dict[str, Any], int]:
    """Files that were found, those of folders among them, and how many hidden ones were not."""
    kept = {}
    hidden = 0
    for place in sorted(found):
        if found[place]["type"] != "directory":
            kept[place] = found[place]
        elif goes_into_folders:
            below = files.find(place, detail=True)
            for name in sorted(below):
                if any(map(is_hidden, name.removeprefix(place).split("/"))):
                    hidden += 1
                else:
                    kept[name] = below[name]
    return kept, hidden
