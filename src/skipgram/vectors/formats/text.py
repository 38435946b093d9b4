"""Vectors in text: word2vec's and fastText's .vec with a header line, GloVe's without.

    word2vec, fastText   "vocab_size embedding_dim", then a line per word
    GloVe                a line per word

A line is a word, a blank or tab, and the numbers, separated by blanks; a blank or
carriage return at its end is padding. Only a line feed ends a line, and only
blanks and tabs end a word: other Unicode white space may be part of one.
"""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, how_to_train_on
from skipgram.system.machine import usable_threads
from skipgram.system.threads import OrderedThreads
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.row_stream import RowBlock, RowStream
from skipgram.vectors.formats.text_rows import (
    LONGEST_WORD_BYTES,
    PADDING,
    Header,
    are_numbers_of_rows,
    count_numbers,
    first_field,
    is_header_row,
    is_prose,
    parse_header,
    parse_line,
    quoted,
    require_dim,
)

BLOCK_BYTES = 1 << 21
_LONGEST_LINE_BYTES = 1 << 27
_LONGEST_NUMBER_BYTES = 1 << 7
"""More than any tool writes: a line longer than words and numbers make it is not kept."""
_SAMPLED_BYTES = 1 << 16
MARK = "\ufeff".encode()
"""What some Windows tools put before UTF-8."""
_END = b"\n"
_Parsed = tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]
"""rows, where words begin and end, which lines are odd"""
_LEAST_NUMBER_BYTES = 2
"""A blank and a digit."""


def require_no_mark(word: str, place: Path) -> None:
    """Refuse a first word whose beginning readers would skip as a byte-order mark."""
    if word.encode().startswith(MARK):
        raise FormatError(
            f"{place}: the first word, {word!r:.60}, begins with U+FEFF, which readers skip as a "
            "byte-order mark; the native folder and word2vec-text can hold it"
        )


def first_line(file: BytesOfFile) -> bytes:
    """The first line, without moving on, but for a byte-order mark before it."""
    if file.position == 0 and file.peek(len(MARK)) == MARK:
        file.some(len(MARK))
    size = 1 << 12
    while True:
        ahead = file.peek(size)
        if _END in ahead or len(ahead) < size:
            return ahead.partition(_END)[0]
        if size > _LONGEST_LINE_BYTES:
            raise _too_long(file, "byte 0", _LONGEST_LINE_BYTES)
        size = min(4 * size, _LONGEST_LINE_BYTES + 1)


def _first_row(file: BytesOfFile) -> bytes:
    """The first line of a file without a header; it must not be empty."""
    line = first_line(file)
    if file.peek(1) and not line.strip(PADDING):
        raise FormatError(
            f"{file.name}:1: the first line is empty, where a word and its numbers should be; "
            "remove it"
        )
    return line


def require_words(file: BytesOfFile) -> None:
    """Refuse prose, rows without words, and a table with a header row, going by the first lines.

    Any text without word2vec's header is taken for GloVe's, and so each row's
    first number would become its word.
    """
    if is_prose(file.peek(_SAMPLED_BYTES)):
        raise FormatError(
            f"{file.name} looks like text, not like vectors; train on it first:  "
            f"{how_to_train_on(file.name)}"
        )
    line = _first_row(file)
    if is_header_row(line):
        raise FormatError(
            f"{file.name}:1: {quoted(line)} looks like a table's header row; write the file "
            "without it, or name the format if it is a word with its numbers (format: glove)"
        )
    # The last line may be cut off.
    lines = [line, *file.peek(_SAMPLED_BYTES).split(_END)[1:-1]]
    words = [word for word in map(first_field, lines) if word]
    if words and are_numbers_of_rows(words):
        raise FormatError(
            f"{file.name}:1: rows begin with a number ({words[0].decode()!r:.40}), not with a "
            "word; put the words into a file beside it (docs/formats.md: numpy, projector), or "
            "name the format if these numbers are the words (format: glove)"
        )


def read(file: BytesOfFile, *, has_header: bool, block_bytes: int = BLOCK_BYTES) -> RowStream:
    """The rows of a text, read in blocks of about `block_bytes`."""
    if not has_header:
        line = _first_row(file)
        dim = count_numbers(line)
        if not dim:
            raise FormatError(
                f"{file.name}:1: {quoted(line)} is not a word followed by numbers; the file is "
                "empty, has a header row, or is not a text file of vectors"
            )
        require_dim(f"{file.name}:1", dim)
        return _stream(file, "glove", dim, block_bytes, first_line_number=1)
    line = first_line(file)
    header = parse_header(line)
    if header is None:
        raise FormatError(
            f"{file.name}:1: {quoted(line)} is not a header of two whole numbers; without a "
            "header, the format is glove"
        )
    require_room(file, header, 2 + _LEAST_NUMBER_BYTES * header.embedding_dim)
    require_dim(f"{file.name}:1", header.embedding_dim)
    file.exactly(min(len(line) + 1, len(file.peek(len(line) + 1))), "the header")
    return _stream(
        file,
        "word2vec-text",
        header.embedding_dim,
        block_bytes,
        first_line_number=2,
        promised=header.vocab_size,
    )


def _stream(
    file: BytesOfFile,
    format: str,
    dim: int,
    block_bytes: int,
    *,
    first_line_number: int,
    promised: int | None = None,
) -> RowStream:
    def place(row: int) -> str:
        return f"{file.name}:{row + first_line_number}"

    # Slightly too many, since the words of the first rows are short.
    ahead = file.peek(_SAMPLED_BYTES)
    size = file.size or 0
    expected = size * ahead.count(_END) // max(1, len(ahead)) + 1
    most = size // (_LEAST_NUMBER_BYTES * max(1, dim)) + 1
    blocks = blocks_of(whole_lines(file, block_bytes, dim), dim, place)
    return RowStream(
        file.name,
        format,
        dim,
        blocks,
        place,
        promised,
        expected=min(expected, most),
        is_packed=file.size is None,
    )


def require_room(file: BytesOfFile, header: Header, least_row_bytes: int) -> None:
    """Refuse a header that promises more than a file of this size can hold."""
    least = header.vocab_size * least_row_bytes - 1  # the last line may lack its end
    if file.size is not None and least > file.size:
        raise FormatError(
            f"{file.name}:1: the header promises {header.vocab_size:,} rows of "
            f"{header.embedding_dim:,} numbers, at least {least:,} bytes, and the file has "
            f"{file.size:,}"
        )


def blocks_of(
    texts: Iterator[NDArray[np.uint8]],
    dim: int,
    place: Callable[[int], str],
    parse: Callable[[bytes, int, str], tuple[int, NDArray[np.float32]]] = parse_line,
) -> Generator[RowBlock]:
    """Words and rows of texts that consist of whole lines.

    place: of a record, for errors. parse: for lines that are not plain; see `parse_line`.
    """
    before = 0
    with OrderedThreads(usable_threads()) as workers:
        parsed = workers.map(lambda text: _parsed(text, dim), texts)
        for text, (rows, begins, ends, is_odd) in parsed:
            # The last line may be too short for a row, and then parsing it raises.
            for row in np.flatnonzero(is_odd).tolist():
                line = text[begins[row] : ends[row]].tobytes()
                word_bytes, rows[row] = parse(line, dim, place(before + row))
                ends[row] = begins[row] + word_bytes
            yield packed(text, begins, ends, rows)
            before += len(rows)


def _parsed(text: NDArray[np.uint8], dim: int) -> _Parsed:
    from skipgram.vectors.formats.text_kernels import parse_lines

    lines = int(np.count_nonzero(text == _END[0])) + int(text[-1] != _END[0])
    # The text has no room for more rows, however many lines are empty.
    most = min(lines, (len(text) + 1) // (2 + _LEAST_NUMBER_BYTES * dim))
    rows = np.empty((most, dim), np.float32)
    begins, ends = np.empty((2, most + 1), np.int32)
    is_odd = np.empty(most + 1, bool)
    found = parse_lines(text, dim, rows, begins, ends, is_odd)
    return rows[:found], begins[:found], ends[:found], is_odd[:found]


def packed(
    text: NDArray[np.uint8],
    begins: NDArray[np.integer],
    ends: NDArray[np.integer],
    rows: NDArray[np.float32],
) -> RowBlock:
    """A block with the words that a text has from `begins` to `ends`."""
    from skipgram.vectors.formats.text_kernels import pack

    packed_ends = np.cumsum(ends - begins, dtype=np.int64)
    words = np.empty(packed_ends[-1] if len(packed_ends) else 0, np.uint8)
    pack(text, begins, ends, words)
    return RowBlock(words, packed_ends, rows)


def whole_lines(file: BytesOfFile, block_bytes: int, dim: int) -> Iterator[NDArray[np.uint8]]:
    """The rest of a text in blocks of about `block_bytes` that consist of whole lines.

    dim: how many numbers a line has.
    """
    longest = LONGEST_WORD_BYTES + dim * _LONGEST_NUMBER_BYTES
    pieces: list[bytes] = []
    size = of_last_line = 0
    while piece := file.some():
        pieces.append(piece)
        size += len(piece)
        cut = piece.rfind(_END) + 1
        of_last_line = len(piece) - cut if cut else of_last_line + len(piece)
        if of_last_line > longest:
            raise _too_long(file, f"byte {file.position - of_last_line:,}", longest)
        if size >= block_bytes and cut:
            yield np.frombuffer(b"".join([*pieces[:-1], piece[:cut]]), np.uint8)
            pieces, size = [piece[cut:]], of_last_line
    if size:
        yield np.frombuffer(b"".join(pieces), np.uint8)


def _too_long(file: BytesOfFile, where: str, longest: int) -> FormatError:
    return FormatError(
        f"{file.name}, {where}: a line of more than {longest:,} bytes; this is not a text file "
        "of vectors"
    )
