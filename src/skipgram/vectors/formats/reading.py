"""`skipgram.load`: vectors of any format that is read, recognized by content."""

import re
from collections.abc import Callable
from pathlib import Path

from skipgram.corpus.sources.file_kinds import FileKind, file_kind
from skipgram.errors import FormatError, SettingsError
from skipgram.system.file_pairs import read_pair
from skipgram.system.files import recovered
from skipgram.system.paths import PathLike, as_path
from skipgram.vectors.elsewhere import answers_other_names
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats import native
from skipgram.vectors.formats.assembling import (
    Duplicates,
    ReadingOptions,
    Undecodable,
    gather,
)
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.names import FORMATS, READ
from skipgram.vectors.formats.row_stream import RowStream
from skipgram.vectors.formats.text_rows import is_number
from skipgram.vectors.word_vectors import WordVectors, word_vectors_of

_TABLES = ("parquet", "arrow")
_MAPPED = ("numpy", *_TABLES)
_SNIFFED_BYTES = 1 << 12
_NUMPY, _PARQUET, _ARROW = b"\x93NUMPY", b"PAR1", b"ARROW1"
_HEADER = re.compile(rb"(\xef\xbb\xbf)?[ \t]*\d{1,19}[ \t]+\d{1,19}[ \t\r]*\n")


@answers_other_names
def load(
    path: PathLike,
    *,
    format: str | None = None,
    encoding: str = "utf-8",
    undecodable: Undecodable = "escape",
    duplicates: Duplicates = "error",
    scratch: PathLike | None = None,
    observe: Callable[[int, int], None] | None = None,
) -> WordVectors:
    r"""The vectors in a folder that `train` or `save` wrote, mapped, or in another tool's file.

    Text and binary files may be compressed with gzip, bzip2, xz or Zstandard. `about["read"]`
    says what was done about odd words.

    Parameters
    ----------
    path
        The folder or file.
    format
        One of those that are read; by default it is recognized by content.
    encoding
        Of the words in another tool's file.
    undecodable
        What to do with bytes that are not text in that encoding: `escape`
        writes them as \xe9, `replace` puts U+FFFD in their place, `error`
        stops.
    duplicates
        A word that appears again is an `error`, or the `first` is kept.
    scratch
        A folder for a temporary file that the rows are mapped from, so that
        they take no memory.
    observe
        Called now and then with how many words are read, and of about how many.

    Raises
    ------
    FormatError
        With the file and the place in it, if it is damaged, or of no format
        that is read. Pickles are not: nothing is ever unpickled.
    SettingsError
        If an option has another value, or no file can have such a name.

    """
    path = as_path(path)
    if format is not None and format not in READ:
        raise SettingsError(f"format {format!r} is not one of: {', '.join(READ)}")
    options = ReadingOptions(
        encoding, undecodable, duplicates, None if scratch is None else as_path(scratch), observe
    )
    return word_vectors_of(read_pair(lambda: _load(path, format, options)))


def _load(path: Path, format: str | None, options: ReadingOptions) -> Embedding:
    from skipgram.vectors.formats import paired_files

    if not recovered(path).is_dir():
        paired_files.finish_writing(path)
    is_folder = path.is_dir() or not path.exists()
    if is_folder if format is None else FORMATS[format].is_folder:
        return _load_folder(path, format)
    with BytesOfFile(path) as file:
        return _load_file(path, file, format, options)


def _load_folder(path: Path, format: str | None) -> Embedding:
    from skipgram.vectors.formats import hub

    if format == "hub" or (format is None and hub.is_hub_folder(path)):
        return hub.load(path)
    return native.load(path)


def _load_file(
    path: Path, file: BytesOfFile, format: str | None, options: ReadingOptions
) -> Embedding:
    try:
        return gather(_stream(path, file, format or _sniffed(path, file), options), options)
    except MemoryError as error:
        raise FormatError(f"{path} needs more memory than there is") from error


def _stream(path: Path, file: BytesOfFile, format: str, options: ReadingOptions) -> RowStream:
    from skipgram.vectors.formats import binary, fasttext, paired_files, tables, text

    if format in _MAPPED and file.size is None:
        raise FormatError(
            f"{path} is compressed, and {format} cannot be read compressed; decompress it first"
        )
    if format == "numpy":
        return paired_files.read_numpy(path)
    if format == "projector":
        return paired_files.read_projector(path, file)
    if format in _TABLES:
        return tables.read(path)
    if format == "word2vec-binary":
        return binary.read(file)
    if format == "fasttext":
        return fasttext.read(file, options.encoding)
    return text.read(file, has_header=format == "word2vec-text")


def _sniffed(path: Path, file: BytesOfFile) -> str:
    """The format, by the beginning of the file."""
    from skipgram.vectors.formats import fasttext, paired_files, tables, text

    start = file.peek(_SNIFFED_BYTES)
    if not start:
        raise FormatError(f"{path} is empty")
    if start.startswith(_NUMPY):
        return "numpy"
    if start.startswith((_PARQUET, _ARROW)):
        return "arrow"
    if tables.is_safetensors(start):
        raise FormatError(f"{path} is one file of a folder; give the folder")
    is_fasttext = fasttext.looks_like(start)  # with 640 numbers it looks like a pickle
    if not is_fasttext and (kind := file_kind(start)):
        raise _of_other_kind(path, kind)
    if paired_files.is_projector(path, file):  # whole numbers there may look like a header
        return "projector"
    header = _HEADER.match(start)
    if header:
        return "word2vec-text" if _is_text_row(start[header.end() :]) else "word2vec-binary"
    if is_fasttext:
        return "fasttext"
    text.require_words(file)
    return "glove"


def _of_other_kind(path: Path, kind: FileKind) -> FormatError:
    if kind.runs_code:
        return FormatError(
            f"{path} is {kind.name}, as gensim's and torch's own files are; such files can run "
            "code and are never read. In gensim, save it with "
            "keyed_vectors.save_word2vec_format(name)"
        )
    way_out = kind.unpacking or f"give a file of one of these formats: {', '.join(READ)}"
    return FormatError(f"{path} is {kind.name}, not vectors; {way_out}")


def _is_text_row(start: bytes) -> bool:
    """Whether what follows a header is text: most fields of the line are numbers."""
    fields = start.partition(b"\n")[0].split()[1:]
    numbers = sum(map(is_number, fields))
    return 2 * numbers > len(fields)  # a word may have blanks, and the last field may be cut
