"""Rows in one file and their words in another: NumPy's .npy, and TensorBoard's projector.

NAME.npy             (vocab_size, embedding_dim) numbers
NAME.words           one word per line, in UTF-8
NAME.tsv             one row per line, its numbers separated by tabs
NAME.metadata.tsv    one word per line; or a line of names (word, count), then a line per word

Other tools call the last two vectors.tsv (or tensor.tsv, embeddings.tsv) and
metadata.tsv, or x_vectors.tsv and x_metadata.tsv; these are read too.
"""

import math
import os
import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.system.file_pairs import Pair, finish
from skipgram.system.paths import has_file
from skipgram.untrusted.opening import library_errors, open_regular
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.row_stream import RowBlock, RowStream
from skipgram.vectors.formats.text import (
    BLOCK_BYTES,
    MARK,
    blocks_of,
    first_line,
    require_no_mark,
    whole_lines,
)
from skipgram.vectors.formats.text_rows import is_number, parse_line, require_dim

WORDS, METADATA = ".words", ".metadata.tsv"
_NAMES_OF_ROWS = re.compile(r"(.*?)(vector|tensor|embedding)s?\.tsv", re.IGNORECASE)

_ROWS_AT_ONCE, _NUMBERS_AT_ONCE = 1 << 12, 1 << 20
_NUMPY_START = 12
"""magic, version and length of the header, in bytes"""
_MOST_HEADER_BYTES = 10_000
"""numpy's own limit"""
_MOST_WORDS_BYTES, _MOST_BYTES_A_BYTE = 1 << 25, 16
"""Words may take this many bytes, or this many times what their rows take, if that is more."""
_STAND_IN = b"w\t"
"""Put before a row without a word, so that it can be read as one that has a word."""


def read_numpy(path: Path, *, rows_at_once: int = _ROWS_AT_ONCE) -> RowStream:
    """The rows of an .npy file, mapped, and the words of the .words file beside it."""
    beside = words_file(path)
    pair = Pair(path, beside)
    with open_regular(path) as file:
        matrix = _mapped(path, file)
        words = _lines(beside, path, pair, file.fileno(), len(matrix))
    if len(words) != len(matrix):
        raise FormatError(f"{beside}: {len(words):,} words for the {len(matrix):,} rows of {path}")

    def blocks() -> Generator[RowBlock]:
        step = max(1, min(rows_at_once, _NUMBERS_AT_ONCE // max(1, matrix.shape[1])))
        for start in range(0, len(words), step):
            some = words[start : start + step]
            with np.errstate(over="ignore"):
                rows = np.ascontiguousarray(matrix[start : start + len(some)], np.float32)
            yield _block(some, rows)

    return RowStream(
        str(path),
        "numpy",
        matrix.shape[1],
        blocks(),
        lambda row: f"{beside}:{row + 1}",
        expected=len(words),
    )


def _mapped(path: Path, file: BinaryIO) -> NDArray[Any]:
    """The rows of an open .npy file."""
    with library_errors(path):  # numpy parses the header as Python source
        start = file.read(_NUMPY_START)
        major, length = start[6:7], int.from_bytes(start[8:], "little")
        is_known = major in (b"\1", b"\2") and start[7:8] == b"\0"
        if not is_known or (length & 0xFFFF if major == b"\1" else length) > _MOST_HEADER_BYTES:
            raise FormatError(f"{path} is damaged, or of a version of .npy that is not read")
        file.seek(0)
        np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0
        if major == b"\2":
            read = np.lib.format.read_array_header_2_0
        shape, is_by_column, dtype = read(file)
        if len(shape) != 2 or dtype.kind not in "fiu" or not shape[1]:
            raise FormatError(
                f"{path}: {dtype} of shape {shape}; one row of numbers per word is needed"
            )
        begin, there = file.tell(), os.fstat(file.fileno()).st_size
        if (needed := begin + dtype.itemsize * math.prod(shape)) > there:
            raise FormatError(f"{path} has {there:,} bytes where {needed:,} should be")
        if not shape[0]:
            return np.zeros(shape, dtype)
        return np.memmap(file, dtype, "r", begin, shape, "F" if is_by_column else "C")


def is_projector(path: Path, file: BytesOfFile) -> bool:
    """Whether a file is a projector's: rows without words, and the words in a file beside it."""
    if path.suffix != ".tsv":
        return False
    row = first_line(file)
    has_numbers_alone = _are_numbers(row.rstrip(b"\r"))
    if has_file(metadata_file(path)):
        return has_numbers_alone or b"\t" in row
    return has_numbers_alone and has_file(_words_of_rows(path))


def read_projector(path: Path, file: BytesOfFile, *, block_bytes: int = BLOCK_BYTES) -> RowStream:
    """The rows of a projector's .tsv file, and the words of the .metadata.tsv file beside it."""
    beside = _words_of_rows(path)
    words, counts, first = _read_metadata(beside, path, file)
    dim = first_line(file).count(b"\t") + 1
    require_dim(f"{file.name}:1", dim)

    def blocks() -> Generator[RowBlock]:
        at = 0
        place = f"{path}:{{}}".format
        for block in blocks_of(
            _with_stand_ins(whole_lines(file, block_bytes, dim)),
            dim,
            lambda row: place(row + 1),
            _parse_row,
        ):
            some = words[at : at + len(block.rows)]
            if len(some) < len(block.rows):
                raise FormatError(f"{beside}: {len(words):,} words, and {path} has more rows")
            of_words = None if counts is None else counts[at : at + len(some)]
            yield _block(some, block.rows)._replace(counts=of_words)
            at += len(some)

    return RowStream(
        str(path),
        "projector",
        dim,
        blocks(),
        lambda row: f"{beside}:{row + first}",
        len(words),
    )


def _are_numbers(row: bytes) -> bool:
    """Whether every cell is a number; cells are not kept, as there may be millions."""
    start = 0
    while (end := row.find(b"\t", start)) >= 0:
        if not is_number(row[start:end]):
            return False
        start = end + 1
    return is_number(row[start:])


def _with_stand_ins(blocks: Iterator[NDArray[np.uint8]]) -> Iterator[NDArray[np.uint8]]:
    for block in blocks:
        text = block.tobytes()
        ending = b"\n" if text.endswith(b"\n") else b""
        rows = text.removesuffix(ending).replace(b"\n", b"\n" + _STAND_IN)
        yield np.frombuffer(_STAND_IN + rows + ending, np.uint8)


def _parse_row(line: bytes, dim: int, place: str) -> tuple[int, NDArray[np.float32]]:
    """As `parse_line`, for a row after a stand-in: only numbers may follow."""
    try:
        word_bytes, row = parse_line(line, dim, place)
    except FormatError:
        word_bytes = 0
    if word_bytes != len(_STAND_IN) - 1:
        shown = line.removeprefix(_STAND_IN)[:60].decode(errors="backslashreplace")
        raise FormatError(f"{place}: {shown!r} is not {dim} numbers separated by tabs")
    return word_bytes, row


def finish_writing(path: Path) -> None:
    """Finish what a killed process left unfinished of the pair with this first file."""
    finish(path, [words_file(path), metadata_file(path)])


def words_file(path: Path) -> Path:
    """Where the words of an .npy file are."""
    return path.with_suffix(WORDS)


def metadata_file(path: Path) -> Path:
    """Where the words of a projector's .tsv file are written."""
    return path.with_name(path.name.removesuffix(".tsv") + METADATA)


def _words_of_rows(path: Path) -> Path:
    """Where the words of a projector's .tsv file are, whichever tool wrote it."""
    own, named = metadata_file(path), _NAMES_OF_ROWS.fullmatch(path.name)
    if named is None or has_file(own):
        return own
    others = path.with_name(f"{named[1]}metadata.tsv")
    return others if has_file(others) else own


def _read_metadata(
    path: Path, rows: Path, file: BytesOfFile
) -> tuple[list[bytes], NDArray[np.int64] | None, int]:
    """The words, their counts if there are any, and the line of the first word."""
    # A row has at least a digit and a line end, and the metadata has a line of names.
    most = None if file.size is None else file.size // 2 + 2
    lines = _lines(path, rows, Pair(rows, path), file.fileno(), most)
    if b"\t" not in lines[0]:
        if odd := next((at for at, line in enumerate(lines, start=1) if b"\t" in line), None):
            raise FormatError(f"{path}:{odd}: several cells, and the first line has one")
        return lines, None, 1
    names = lines[0].split(b"\t")
    cells = [line.split(b"\t") for line in lines[1:]]
    for number, row in enumerate(cells, start=2):
        if len(row) != len(names):
            raise FormatError(f"{path}:{number}: {len(row)} cells where {len(names)} should be")
    if b"count" not in names:
        return [row[0] for row in cells], None, 2
    column = names.index(b"count")
    for number, row in enumerate(cells, start=2):
        if not row[column].isdigit() or len(row[column]) > 18:
            raise FormatError(
                f"{path}:{number}: the count is {row[column]!r:.40}, not a whole number"
            )
    return [row[0] for row in cells], np.array([int(row[column]) for row in cells], np.int64), 2


def _lines(path: Path, rows: Path, pair: Pair, opened: int, most: int | None) -> list[bytes]:
    """The lines of the file that holds the words of `rows`.

    opened: the descriptor of the rows. most: how many rows there can be.
    """
    if not has_file(path):
        raise FormatError(
            f"{path} does not exist; it should hold the words of {rows}, one a line (if writing "
            "the two was interrupted, write them again)"
        )
    most_bytes = max(_MOST_WORDS_BYTES, _MOST_BYTES_A_BYTE * os.fstat(opened).st_size)
    text = bytearray()
    with BytesOfFile(path) as file:
        while piece := file.some():
            text += piece
            if len(text) > most_bytes:  # it was compressed a thousandfold
                raise FormatError(f"{path} has more than {most_bytes:,} bytes, too many for {rows}")
        pair.require(opened, file.fileno())
    words = bytes(text).removeprefix(MARK).removesuffix(b"\n")
    if most is not None and (found := words.count(b"\n") + 1) > most:
        raise FormatError(f"{path}: {found:,} words for the {most:,} rows of {rows}")
    return [line.removesuffix(b"\r") for line in words.split(b"\n")]


def _block(words: list[bytes], rows: NDArray[np.float32]) -> RowBlock:
    ends = np.cumsum([len(word) for word in words])
    return RowBlock(np.frombuffer(b"".join(words), np.uint8), ends, rows)


def write_numpy(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write the matrix, in the order of the ids."""
    rows = vectors.shown_rows
    header = {"descr": "<f4", "fortran_order": False, "shape": tuple(rows.shape)}
    np.lib.format.write_array_header_1_0(file, header)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        block = np.ascontiguousarray(rows[start : start + _ROWS_AT_ONCE], "<f4")
        file.write(block.data)
        report(start + len(block))


def write_words(vectors: Embedding, file: BinaryIO) -> None:
    """Write the .words file of an .npy file."""
    for word in vectors.words:
        file.write(word.encode() + b"\n")


def write_projector(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write one row per line, in the order of the ids."""
    for start in range(0, len(vectors), _ROWS_AT_ONCE):
        block = vectors.shown_rows[start : start + _ROWS_AT_ONCE]
        for row in block.astype(str).tolist():
            file.write("\t".join(row).encode() + b"\n")
        report(start + len(block))


def write_metadata(vectors: Embedding, file: BinaryIO) -> None:
    """Write the .metadata.tsv file of a projector's .tsv file: word and count."""
    file.write(b"word\tcount\n")
    for word, count in zip(vectors.words, vectors.counts.tolist(), strict=True):
        file.write(f"{word}\t{count}\n".encode())


def require_lines(vectors: Embedding, path: Path) -> None:
    """Raise FormatError for a word that a line of a .words file cannot hold."""
    _require(vectors, path, "\n\r")
    for word in vectors.words[:1]:
        require_no_mark(word, path)


def require_cells(vectors: Embedding, path: Path) -> None:
    """Raise FormatError for a word that a cell of a .tsv file cannot hold."""
    _require(vectors, path, "\t\n\r")


def _require(vectors: Embedding, path: Path, ends: str) -> None:
    for word in vectors.words:
        if not word or any(end in word for end in ends):
            raise FormatError(
                f"{path}: a line cannot hold the word {word!r:.60}; the native folder can"
            )
