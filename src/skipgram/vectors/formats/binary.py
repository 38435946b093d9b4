"""word2vec's binary format.

A line "vocab_size embedding_dim", then a record for each word: the word, a
blank, embedding_dim little-endian float32. The original tool ends each record
with a line feed, gensim does not; both are read.
"""

from collections.abc import Generator

import numpy as np

from skipgram.errors import FormatError
from skipgram.vectors.formats.byte_reader import BytesOfFile
from skipgram.vectors.formats.row_stream import RowBlock, RowStream
from skipgram.vectors.formats.text import packed, require_room
from skipgram.vectors.formats.text_rows import parse_header, require_dim

_BLOCK_BYTES = 1 << 22
_LONGEST_HEADER_BYTES = 64
_LONGEST_WORD_BYTES = 1 << 16


def read(file: BytesOfFile, *, block_bytes: int = _BLOCK_BYTES) -> RowStream:
    """The rows of a binary file, read in blocks of about `block_bytes`."""
    line = file.until(b"\n", _LONGEST_HEADER_BYTES, "header line")
    header = parse_header(line)
    if header is None:
        raise FormatError(
            f"{file.name}: {line!r} is not a header of word2vec's binary format: two whole numbers"
        )
    require_dim(f"{file.name}:1", header.embedding_dim)
    require_room(file, header, 2 + 4 * header.embedding_dim)
    return RowStream(
        file.name,
        "word2vec-binary",
        header.embedding_dim,
        _blocks(file, *header, block_bytes),
        lambda row: f"{file.name}, record {row + 1}",
        header.vocab_size,
        expected=0 if file.size is None else header.vocab_size,
        is_packed=file.size is None,
    )


def _blocks(file: BytesOfFile, promised: int, dim: int, block_bytes: int) -> Generator[RowBlock]:
    from skipgram.vectors.formats.text_kernels import parse_records

    row_bytes = 4 * dim
    left, rest, is_over = promised, b"", False
    while left and not is_over:
        pieces, size = [rest], len(rest)
        # More than what is left over, so that each round makes progress, and twice as much, so
        # that the time for copying it stays proportional to the file.
        wanted = max(block_bytes, 2 * size)
        while size < wanted and (piece := file.some()):
            pieces.append(piece)
            size += len(piece)
        is_over = size < wanted
        block = np.frombuffer(b"".join(pieces), np.uint8)
        most = min(left, size // (row_bytes + 1))
        rows = np.empty((most, dim), np.float32)
        begins, ends = np.empty((2, most), np.int64)
        records, used = parse_records(block, dim, _LONGEST_WORD_BYTES, rows, begins, ends)
        if used < 0:
            raise FormatError(
                f"{file.name}, record {promised - left + records + 1}: no space ends its word "
                f"within {_LONGEST_WORD_BYTES:,} bytes; the file is damaged, or of another format"
            )
        yield packed(block, begins[:records], ends[:records], rows[:records])
        left -= records
        rest = block[used:].tobytes()
    if left:
        raise FormatError(
            f"{file.name}, record {promised - left + 1}: the file ends there, and its header "
            f"promises {promised:,} records"
        )
    while not (rest := rest.lstrip(b"\n")) and (piece := file.some()):
        rest = piece
    if rest:
        raise FormatError(
            f"{file.name}: more data follows the {promised:,} records that its header promises"
        )
