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
from skipgram.system.paths import require_free_file
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats import hub, native, paired_files, tables, word2vec
from skipgram.vectors.formats.names import FORMATS, SUFFIXES, WITHOUT_SUFFIX, WRITTEN
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
_FOLDERS: dict[str, Any] = {"native": native, "hub": hub}
_BUFFER_BYTES = 1 << 20


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

    The suffix gives the format, and no suffix the native folder. A name that ends in
    .gz, .bz2, .xz or .zst asks for a compressed file; the suffix before it counts. `observe`
    is called now and then with how many words are written, and of how many. With `keeps`, if
    the place was taken in the meantime the file is written beside it. FormatError if the format
    cannot hold a word, or a number is nan or infinite.
    """
    format = format_for(file, format)
    all_rows = [vectors.center, vectors.outside, vectors.spelled]
    written = all_rows if format == "native" else [vectors.shown_rows]
    for rows in written:
        if rows is not None:
            require_finite(rows, vectors.words, f"{file} is not written")
    if format in _FOLDERS:
        _FOLDERS[format].save(vectors, file, overwrite=overwrite, keeps=keeps)
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
    """The format that a name or else a suffix asks for; no suffix asks for the native folder."""
    if format is not None and format not in WRITTEN:
        told = "is only read; these are written" if format in FORMATS else "is not one of"
        raise SettingsError(f"format {format!r} {told}: {', '.join(WRITTEN)}")
    is_packed = file.suffix.lower() in _PACKERS
    suffix = (Path(file.stem) if is_packed else file).suffix.lower()
    if format is None:
        if suffix and suffix not in SUFFIXES:
            raise SettingsError(
                f"no format has the suffix {suffix!r} of {file}; the known suffixes are: "
                f"{', '.join(SUFFIXES)}, and a name without one is the native folder; or name a "
                f"format: {', '.join(WRITTEN)}"
            )
        format = SUFFIXES.get(suffix, WITHOUT_SUFFIX)
    if is_packed and not FORMATS[format].packs:
        raise SettingsError(f"{file}: {format} is not compressed as a whole; omit {file.suffix}")
    return format


def is_folder(file: Path, format: str | None = None) -> bool:
    """Whether what an export writes there is a folder."""
    return FORMATS[format_for(file, format)].is_folder


def files_of(file: Path, format: str | None = None) -> list[Path]:
    """All that an export writes: the file or folder, and any file beside it."""
    format = format_for(file, format)
    beside = _FILES[format].beside if format in _FILES else None
    return [file] if beside is None else [file, beside[0](file)]


def require_place(file: Path, format: str | None = None, *, overwrite: bool) -> None:
    """Refuse an export that could not be written, or would replace what it must not."""
    format = format_for(file, format)
    if format in _FOLDERS:
        _FOLDERS[format].require_place(file, overwrite=overwrite)
        return
    places = files_of(file, format)
    if len(places) > 1:
        finish(file, places[1:])
    for place in places:
        require_free_file(place, overwrite=overwrite)


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
