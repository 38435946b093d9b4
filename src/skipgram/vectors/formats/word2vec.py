"""word2vec's two formats, written.

Text: a line "vocab_size embedding_dim", then a line a word: the word, a blank,
the numbers, blank-separated, each in the fewest digits that give the float32
back. Binary: the same first line, then a record a word: the word in UTF-8, a
blank, embedding_dim little-endian float32, and a line feed, as the original
tool writes it. Rows stand by falling count, as the tools that read "the first
N words" expect; equal counts stand by id. Neither format can hold a word with
one of the six ASCII blanks in it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, SettingsError
from skipgram.files import require_free, whole_file
from skipgram.vectors.word_vectors import WordVectors


def export(vectors: WordVectors, file: Path, *, overwrite: bool = False) -> None:
    """Write the shown vectors in the format of the file's suffix, whole or not at all.

    Raises
    ------
    SettingsError
        If no format goes by that suffix.
    OutputExistsError
        If the file exists and `overwrite` is false.
    FormatError
        If a word is empty or holds a blank: nothing could read it back.

    """
    write = writer_for(file)
    require_free(file, overwrite=overwrite)
    for word in vectors.words:
        if word.encode().split() != [word.encode()]:
            raise FormatError(
                f"{file}: word2vec's formats cannot hold {word!r}, empty or with a blank in it; "
                "the native folder can"
            )
    with whole_file(file) as opened:
        opened.write(f"{len(vectors)} {vectors.embedding_dim}\n".encode())
        write(vectors, opened)


def writer_for(file: Path) -> Callable[[WordVectors, BinaryIO], None]:
    """The writer of the format that goes by this suffix."""
    try:
        return _WRITERS[file.suffix.lower()]
    except KeyError:
        known = ", ".join(_WRITERS)
        raise SettingsError(
            f"no format goes by the suffix {file.suffix!r} of {file}; known are: {known}"
        ) from None


def _by_falling_count(vectors: WordVectors) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Words and rows. Ids need not fall by count where vectors were trained further."""
    for number in vectors.vocabulary.by_count.tolist():
        yield vectors.words[number], vectors.matrix[number]


def _write_text(vectors: WordVectors, file: BinaryIO) -> None:
    for word, row in _by_falling_count(vectors):
        file.write(f"{word} {' '.join(row.astype(str).tolist())}\n".encode())


def _write_binary(vectors: WordVectors, file: BinaryIO) -> None:
    for word, row in _by_falling_count(vectors):
        file.write(word.encode() + b" " + row.astype("<f4").tobytes() + b"\n")


_WRITERS = {".txt": _write_text, ".vec": _write_text, ".bin": _write_binary}
