"""Vocabularies as files: safetensors, which hold any word, and two kinds of text.

    any name   words, word_ends, counts   safetensors: UTF-8 of all words, end to end, uint8;
                                          where each ends, int64; how often each was seen, int64
    .tsv       word<TAB>count             a line a word
    .txt       word count                 a line a word, as word2vec.c (-save-vocab) and GloVe do

A safetensors file keeps the ids, and shows when it is truncated. A text is sorted by falling count
when it is read, and one that was truncated at the end of a line, or within its last count, looks
like a shorter text to any reader.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import encoded_words, packed_words, unpacked_words
from skipgram.errors import FormatError
from skipgram.system.files import whole_file
from skipgram.system.paths import PathLike, as_path, require_free_file, result_path
from skipgram.system.tensor_file import Expected, map_tensors, read_header, write_tensors
from skipgram.untrusted.opening import is_there, library_errors, open_regular

FORMAT = "skipgram vocabulary"
FORMAT_VERSION = "1"

_TENSORS: dict[str, type[np.generic]] = {
    "words": np.uint8,
    "word_ends": np.int64,
    "counts": np.int64,
}
_MARK = "\ufeff".encode()
_LARGEST = np.iinfo(np.int64).max
_DIGITS = 19
_MOST_LINE_BYTES = 1 << 24
"""A token of a corpus is shorter."""


class _Kind(NamedTuple):
    """A text of words and counts."""

    shown: str
    separator: bytes
    ends: re.Pattern[bytes]
    """what ends a word or a line to tools that read such a file"""


_KINDS = {
    ".tsv": _Kind("word<TAB>count", b"\t", re.compile(rb"[\t\r\n]")),
    ".txt": _Kind("word count", b" ", re.compile(rb"[ \t\r\n\v\f]")),
}


def save(
    words: Sequence[str],
    counts: NDArray[np.int64],
    path: PathLike,
    *,
    overwrite: bool = False,
    keeps: bool = False,
) -> None:
    """Write the format of the path's suffix: see `Vocabulary.save`.

    With `keeps`, a vocabulary whose place has been taken in the meantime is written beside it.
    """
    path = result_path(path)
    if not keeps:
        require_free_file(path, overwrite=overwrite)
    with whole_file(path, overwrite=overwrite, keeps=keeps) as file:
        if path.suffix.lower() in _KINDS:
            file.write(_written_text(words, counts, path))
        else:
            _write_tensors(words, counts, file)


def load(path: PathLike) -> tuple[list[str], NDArray[np.int64]]:
    """The words and counts of a file, in the format of its suffix: see `Vocabulary.load`.

    Counts of a safetensors file may still be below 0.
    """
    path = as_path(path)
    if not is_there(path):
        raise FormatError(f"{path} does not exist; give a file that Vocabulary.save wrote")
    return _read_text(path) if path.suffix.lower() in _KINDS else _read_tensors(path)


def is_vocabulary(path: Path) -> bool:
    """Whether a file says that it is a vocabulary (in safetensors).

    Only a regular file is opened: a pipe can be read only once, and the corpus reader needs it.
    """
    try:
        return path.is_file() and bool(read_header(path).metadata.get("format") == FORMAT)
    except (FormatError, OSError):  # a name that is too long, a text, say
        return False


def _write_tensors(words: Sequence[str], counts: NDArray[np.int64], file: BinaryIO) -> None:
    text, ends = packed_words(words)
    tensors: dict[str, NDArray[Any]] = {"words": text, "word_ends": ends, "counts": counts}
    metadata = {"format": FORMAT, "format_version": FORMAT_VERSION}
    write_tensors(file, tensors, _TENSORS, metadata)


def _read_tensors(path: Path) -> tuple[list[str], NDArray[np.int64]]:
    way_out = f"; a text file's name ends in {' or '.join(_KINDS)}"
    about = read_header(path, f"damaged, truncated or not a {FORMAT}", way_out).metadata
    if about.get("format") != FORMAT:
        raise FormatError(
            f"{path} does not say that it is a {FORMAT}; "
            "for the vocabulary of a folder of vectors, use skipgram.load(folder).vocabulary"
        )
    if (version := about.get("format_version")) != FORMAT_VERSION:
        raise FormatError(
            f"{path}: format version {version}; this skipgram reads version {FORMAT_VERSION}"
        )
    tensors = map_tensors(path, {name: Expected(dtype, 1) for name, dtype in _TENSORS.items()})
    words = unpacked_words(tensors["words"], tensors["word_ends"], path)
    counts = np.array(tensors["counts"])  # in memory: the file may be replaced while they are used
    if len(counts) != len(words):
        raise FormatError(f"{path}: counts has {len(counts):,} numbers for {len(words):,} words")
    return words, counts


def _written_text(words: Sequence[str], counts: NDArray[np.int64], path: Path) -> bytes:
    kind = _KINDS[path.suffix.lower()]
    lines: list[bytes] = []
    for word, count in zip(encoded_words(words), counts.tolist(), strict=True):
        # A mark before the first word would be taken for the file's own.
        if not word or kind.ends.search(word) or (not lines and word.startswith(_MARK)):
            raise FormatError(
                f"{path}: a line {kind.shown!r} cannot hold the word {word.decode()!r:.60}; a "
                ".tsv file can hold spaces, and a file with any other suffix (.safetensors) "
                "every word"
            )
        lines.append(b"%b%b%d\n" % (word, kind.separator, count))
    if not lines:
        raise FormatError(
            f"{path}: an empty text file would not be read back as an empty vocabulary; a file "
            "with any other suffix (.safetensors) would"
        )
    return b"".join(lines)


def _read_text(path: Path) -> tuple[list[str], NDArray[np.int64]]:
    kind = _KINDS[path.suffix.lower()]
    first_lines: dict[str, int] = {}
    counts = array("q")
    for number, line in enumerate(_lines(path), start=1):
        encoded, _, count = line.rpartition(kind.separator)
        try:
            word = encoded.decode()
            if not word or kind.ends.search(encoded):
                raise FormatError(
                    f"{path}:{number}: {line.decode()!r:.60} is not {kind.shown!r}: a .tsv file "
                    "has a tab between the two, a .txt file a space"
                )
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{path}:{number}: not UTF-8 ({error.reason}); convert the file to UTF-8 first "
                "(iconv -t UTF-8)"
            ) from None
        if not count.isdigit() or len(count) > _DIGITS or int(count) > _LARGEST:
            found = count.decode(errors="replace")
            raise FormatError(
                f"{path}:{number}: the count of {word!r:.60} is {found!r:.60}, not a whole "
                f"number from 0 to {_LARGEST:,}"
            )
        if first_lines.setdefault(word, number) != number:
            raise FormatError(
                f"{path}:{number}: the word {word!r:.60} appears twice, first in "
                f"line {first_lines[word]}; add up its counts"
            )
        counts.append(int(count))
    if not first_lines:
        raise FormatError(f"{path} is empty; a vocabulary has a line {kind.shown!r} for each word")
    found_counts = np.array(counts, np.int64)
    order, words = np.argsort(-found_counts, kind="stable"), list(first_lines)
    return [words[place] for place in order.tolist()], found_counts[order]


def _lines(path: Path) -> Iterator[bytes]:
    """The lines without their ends, one at a time, so that nothing but words takes memory."""
    with open_regular(path) as file, library_errors(path):
        number = 0
        while line := file.readline(_MOST_LINE_BYTES):
            number += 1
            if len(line) == _MOST_LINE_BYTES:
                raise FormatError(
                    f"{path}:{number}: a line of more than {_MOST_LINE_BYTES >> 20} MB, too long "
                    "for a word and its count"
                )
            if number == 1:
                line = line.removeprefix(_MARK)
            if line:
                yield line.removesuffix(b"\n").removesuffix(b"\r")
