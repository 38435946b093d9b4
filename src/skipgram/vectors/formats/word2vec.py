"""word2vec's two formats and GloVe's, written.

Text: a line "vocab_size embedding_dim", then a line for each word: the word, a
blank, and the numbers, separated by blanks, each with the fewest digits that
give the same float32. GloVe: the same without the first line. Binary: the same
first line, then a record for each word: the word in UTF-8, a blank,
embedding_dim little-endian float32, and a line feed, as the original tool writes
it. Rows are sorted by falling count, as tools that read "the first N words"
expect, and by id if counts are equal. None of these formats can hold a word with
one of the six ASCII blanks in it. `report` is called with the number of words written.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats.text import require_no_mark

_ROWS_AT_ONCE = 1 << 12


def require_words(vectors: Embedding, file: Path) -> None:
    """Raise FormatError for a word that is empty or contains a blank and could not be read back."""
    for word in vectors.words:
        if word.encode().split() != [word.encode()]:
            raise FormatError(
                f"{file}: word2vec's formats cannot hold {word!r}, because it is empty or "
                "contains whitespace; the native folder can"
            )


def require_glove_words(vectors: Embedding, file: Path) -> None:
    """As `require_words`, for a text that begins with a word."""
    require_words(vectors, file)
    for number in vectors.vocabulary.by_count[:1]:
        require_no_mark(vectors.words[number], file)


def write_text(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write word2vec's text, which is fastText's .vec as well."""
    _write_header(vectors, file)
    write_glove(vectors, file, report)


def write_glove(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write GloVe's text."""
    for words, rows in _by_falling_count(vectors, report):
        lines = map(" ".join, rows.astype(str).tolist())
        file.write(
            "".join(f"{word} {line}\n" for word, line in zip(words, lines, strict=True)).encode()
        )


def write_binary(vectors: Embedding, file: BinaryIO, report: Callable[[int], None]) -> None:
    """Write word2vec's binary."""
    _write_header(vectors, file)
    for words, rows in _by_falling_count(vectors, report):
        for word, row in zip(words, rows.astype("<f4"), strict=True):
            file.write(word.encode() + b" " + row.tobytes() + b"\n")


def _write_header(vectors: Embedding, file: BinaryIO) -> None:
    file.write(f"{len(vectors)} {vectors.embedding_dim}\n".encode())


def _by_falling_count(
    vectors: Embedding, report: Callable[[int], None]
) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
    """Words and rows. Ids need not follow the counts, as after training further."""
    order = vectors.vocabulary.by_count
    for start in range(0, len(order), _ROWS_AT_ONCE):
        numbers = order[start : start + _ROWS_AT_ONCE]
        yield [vectors.words[number] for number in numbers], vectors.shown_rows[numbers]
        report(start + len(numbers))
