"""Vectors into other tools' formats, given by name or by the file's suffix."""

import bz2
import gzip
import io
import lzma
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from skipgram.errors import SettingsError
from skipgram.system.extras import data_module
from skipgram.system.file_pairs import finish, whole_pair
from skipgram.system.files import whole_file
from skipgram.system.paths import require_free, require_free_file
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats import hub, native, paired_files, tables, word2vec
from skipgram.vectors.formats.names import SUFFIXES, WRITTEN
from skipgram.vectors.rows import require_finite


class _Format(NamedTuple):
    """A format with one file, or with another beside it."""

    write: Callable[[Embedding, BinaryIO, Callable[[int], None]], None]
    """calls its last argument with how many words are written, now and then"""
    holds: Callable[[Embedding, Path], None] | None = None
    """raises if the format cannot hold a word"""
    beside: tuple[Callable[[Path], Path], Callable[[Embedding, BinaryIO], None]] | None = None
    """where the other file is, and what writes it"""


_FILES = {
    "word2vec-text": _Format(word2vec.write_text, word2vec.require_words),
    "word2vec-binary": _Format(word2vec.write_binary, word2vec.require_words),
    "glove": _Format(word2vec.write_glove, word2vec.require_glove_words),
    "numpy": _Format(
        paired_files.write_numpy,
        paired_files.require_lines,
        (paired_files.words_file, paired_files.write_words),
    ),
    "parquet": _Format(tables.write_parquet),
    "arrow": _Format(tables.write_arrow),
    "projector": _Format(
        paired_files.write_projector,
        paired_files.require_cells,
        (paired_files.metadata_file, paired_files.write_metadata),
    ),
}
_FOLDERS = {"native": native.save, "hub": hub.save}
_BUFFER_BYTES = 1 << 20
_NOT_PACKED = ("numpy", "parquet", "arrow", "projector")
"""Formats that are mapped, compressed already, or of two files."""


def export(
    vectors: Embedding,
    file: Path,
    format: str | None = None,
    *,
    overwrite: bool = False,
    keeps: bool = False,
    observe: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write the shown vectors, whole or not at all.

    A name that ends in .gz, .bz2, .xz or .zst asks for a compressed file; the
    suffix before it gives the format. `observe` is called now and then with how
    many words are written, and of how many. With `keeps`, if the place was taken
    in the meantime the file is written beside it. FormatError if the format cannot
    hold a word, or a number is nan or infinite.
    """
    format = format_for(file, format)
    all_rows = [vectors.center, vectors.outside, vectors.spelled]
    written = all_rows if format == "native" else [vectors.shown_rows]
    for rows in written:
        if rows is not None:
            require_finite(rows, vectors.words, f"{file} is not written")
    if format in _FOLDERS:
        _FOLDERS[format](vectors, file, overwrite=overwrite)
        return
    writer = _FILES[format]
    if not keeps:
        require_place(file, format, overwrite=overwrite)
    if writer.holds is not None:
        writer.holds(vectors, file)

    def report(done: int) -> None:
        observe(done, len(vectors))

    if writer.beside is not None:
        name, write = writer.beside
        with whole_pair(file, name, overwrite=overwrite, keeps=keeps) as (main, beside):
            write(vectors, beside)
            writer.write(vectors, main, report)
        return
    with (
        whole_file(file, overwrite=overwrite, keeps=keeps) as opened,
        _packed(file, opened) as stream,
    ):
        writer.write(vectors, stream, report)


def format_for(file: Path, format: str | None = None) -> str:
    """The format that a name or else a suffix asks for."""
    if format is not None and format not in WRITTEN:
        raise SettingsError(f"format {format!r} is not one of: {', '.join(WRITTEN)}")
    is_packed = file.suffix.lower() in _PACKERS
    suffix = (Path(file.stem) if is_packed else file).suffix.lower()
    if format is None:
        if suffix not in SUFFIXES:
            raise SettingsError(
                f"no format has the suffix {suffix!r} of {file}; the known suffixes are: "
                f"{', '.join(SUFFIXES)}; or name a format: {', '.join(WRITTEN)}"
            )
        format = SUFFIXES[suffix]
    if is_packed and (format in _NOT_PACKED or format in _FOLDERS):
        raise SettingsError(f"{file}: {format} is not compressed as a whole; omit {file.suffix}")
    return format


def files_of(file: Path, format: str | None = None) -> list[Path]:
    """All that an export writes: the file or folder, and any file beside it."""
    format = format_for(file, format)
    beside = _FILES[format].beside if format in _FILES else None
    return [file] if beside is None else [file, beside[0](file)]


def require_place(file: Path, format: str | None = None, *, overwrite: bool) -> None:
    """Refuse an export that could not be written, or would replace what it must not."""
    format = format_for(file, format)
    require = require_free if format in _FOLDERS else require_free_file
    places = files_of(file, format)
    if len(places) > 1:
        finish(file, places[1:])
    for place in places:
        require(place, overwrite=overwrite)


@contextmanager
def _packed(file: Path, opened: BinaryIO) -> Iterator[BinaryIO]:
    packer = _PACKERS.get(file.suffix.lower())
    if packer is None:
        yield opened
        return
    with packer(opened) as packed, io.BufferedWriter(packed, _BUFFER_BYTES) as stream:
        yield stream


def _zstandard(opened: BinaryIO) -> Any:
    zstandard = data_module("zstandard", "Zstandard files need zstandard")
    return zstandard.ZstdCompressor().stream_writer(opened, closefd=False)


_PACKERS: dict[str, Callable[[BinaryIO], Any]] = {
    # Without a time and a name, so that the same vectors give the same bytes.
    ".gz": lambda opened: gzip.GzipFile("", "wb", compresslevel=6, fileobj=opened, mtime=0),
    ".bz2": partial(bz2.BZ2File, mode="wb"),
    ".xz": partial(lzma.LZMAFile, mode="wb"),
    ".zst": _zstandard,
}
