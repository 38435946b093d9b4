"""Vocabularies as files: safetensors, which hold any word, and two kinds of text.

    any name   words, word_ends, counts   safetensors: UTF-8 of all words, end to end, uint8;
                                          where each ends, int64; how often each was seen, int64
    .tsv       word<TAB>count             a line a word
    .txt       word count                 a line a word, as word2vec.c (-save-vocab) and GloVe do

The safetensors file keeps the ids, and notices when it is cut. A text is put
in order by falling count when it is read, and one that was cut at the end of a
line, or within its last count, is a shorter text to any reader.
"""

import json
import re
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from skipgram.corpus.packed_words import encoded_words, packed_words, unpacked_words
from skipgram.corpus.tensor_file import write_tensors
from skipgram.corpus.vocabulary import Vocabulary
from skipgram.errors import FormatError
from skipgram.files import whole_file
from skipgram.paths import PathLike, as_path, require_free_file, result_path

FORMAT = "skipgram vocabulary"
_MOST_HEADER_BYTES = 1 << 16
FORMAT_VERSION = "1"

_TENSORS: dict[str, type[np.generic]] = {
    "words": np.uint8,
    "word_ends": np.int64,
    "counts": np.int64,
}
_MARK = "\ufeff".encode()
_LARGEST = np.iinfo(np.int64).max
_DIGITS = 19


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
    vocabulary: Vocabulary, path: PathLike, *, overwrite: bool = False, keeps: bool = False
) -> None:
    """Write the format that goes by the path's suffix: see `Vocabulary.save`.

    With `keeps` a vocabulary whose place was taken since it was asked for is written beside it.
    """
    path = result_path(path)
    if not keeps:
        require_free_file(path, overwrite=overwrite)
    with whole_file(path, overwrite=overwrite, keeps=keeps) as file:
        if path.suffix.lower() in _KINDS:
            file.write(_written_text(vocabulary, path))
        else:
            _write_tensors(vocabulary, file)


def load(path: PathLike) -> Vocabulary:
    """Read the format that goes by the path's suffix: see `Vocabulary.load`."""
    path = as_path(path)
    if not path.is_file():
        found = "is not a regular file" if path.exists() else "does not exist"
        raise FormatError(f"{path} {found}; give a file that Vocabulary.save wrote")
    try:
        return _read_text(path) if path.suffix.lower() in _KINDS else _read_tensors(path)
    except OSError as error:
        raise FormatError(f"{path} cannot be read: {error.strerror or error}") from error


def is_vocabulary(path: Path) -> bool:
    """Whether a file says of itself that it is a vocabulary (of the safetensors kind).

    Only a regular file is looked into: a pipe gives its bytes once, to whoever reads the corpus.
    """
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            # A safetensors file begins with the length of its header, which is JSON.
            length = int.from_bytes(file.read(8), "little")
            header = file.read(length) if 0 < length <= _MOST_HEADER_BYTES else b""
        about = json.loads(header).get("__metadata__", {})
    except (OSError, ValueError, AttributeError):
        return False
    return isinstance(about, dict) and about.get("format") == FORMAT


def _write_tensors(vocabulary: Vocabulary, file: BinaryIO) -> None:
    words, ends = packed_words(vocabulary.words)
    tensors: dict[str, NDArray[Any]] = {
        "words": words,
        "word_ends": ends,
        "counts": vocabulary.counts,
    }
    metadata = {"format": FORMAT, "format_version": FORMAT_VERSION}
    write_tensors(file, tensors, _TENSORS, metadata)


def _read_tensors(path: Path) -> Vocabulary:
    try:
        with safe_open(path, "numpy") as file:
            about = file.metadata() or {}
            if about.get("format") != FORMAT:
                raise FormatError(
                    f"{path} does not say that it is a {FORMAT}; "
                    "skipgram.load reads a folder of vectors, and `.vocabulary` is theirs"
                )
            if about.get("format_version") != FORMAT_VERSION:
                raise FormatError(
                    f"{path}: format version {about.get('format_version')}; this skipgram reads "
                    f"version {FORMAT_VERSION}"
                )
            found = set(file.keys()) & set(_TENSORS)
            tensors = {name: file.get_tensor(name) for name in found}
    except (SafetensorError, OSError) as error:
        raise FormatError(
            f"{path} is damaged, truncated or no {FORMAT}: {error}; the name of a text ends in "
            f"{' or '.join(_KINDS)}"
        ) from None
    except (TypeError, AttributeError) as error:  # the library, of types that NumPy does not have
        raise FormatError(f"{path}: {error}") from None
    for name, dtype in _TENSORS.items():
        tensor = tensors.get(name)
        if tensor is None or tensor.dtype != dtype or tensor.ndim != 1:
            shown = "nothing" if tensor is None else f"{tensor.dtype} of shape {tensor.shape}"
            raise FormatError(
                f"{path}: {name} should be {np.dtype(dtype)} with 1 axis, found {shown}"
            )
    words, counts = unpacked_words(tensors["words"], tensors["word_ends"], path), tensors["counts"]
    if len(counts) != len(words):
        raise FormatError(f"{path}: counts has {len(counts):,} numbers for {len(words):,} words")
    vocabulary = Vocabulary(words, counts)
    vocabulary.require_counts(path)
    return vocabulary


def _written_text(vocabulary: Vocabulary, path: Path) -> bytes:
    kind = _KINDS[path.suffix.lower()]
    lines: list[bytes] = []
    for word, count in zip(
        encoded_words(vocabulary.words), vocabulary.counts.tolist(), strict=True
    ):
        # A mark before the first word would be taken for the file's own.
        if not word or kind.ends.search(word) or (not lines and word.startswith(_MARK)):
            raise FormatError(
                f"{path}: a line {kind.shown!r} cannot hold the word {word.decode()!r:.60}; a "
                ".tsv file holds blanks, and one of any other name (.safetensors) every word"
            )
        lines.append(b"%b%b%d\n" % (word, kind.separator, count))
    if not lines:
        raise FormatError(
            f"{path}: an empty text would not be read as a vocabulary of no words; a file of any "
            "other name (.safetensors) is"
        )
    return b"".join(lines)


def _read_text(path: Path) -> Vocabulary:
    kind = _KINDS[path.suffix.lower()]
    lines = path.read_bytes().removeprefix(_MARK).removesuffix(b"\n").split(b"\n")
    if lines == [b""]:
        raise FormatError(f"{path} is empty; a vocabulary has a line {kind.shown!r} for each word")
    first_lines: dict[str, int] = {}
    counts = np.zeros(len(lines), np.int64)
    for number, line in enumerate(lines, start=1):
        encoded, _, count = line.removesuffix(b"\r").rpartition(kind.separator)
        try:
            word = encoded.decode()
            if not word or kind.ends.search(encoded):
                raise FormatError(
                    f"{path}:{number}: {line.decode()!r:.60} is not {kind.shown!r}: a .tsv file "
                    "has a tab between the two, a .txt file a blank"
                )
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{path}:{number}: not UTF-8 ({error.reason}); turn the file into UTF-8 first "
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
                f"line {first_lines[word]}; add its counts up"
            )
        counts[number - 1] = int(count)
    order, words = np.argsort(-counts, kind="stable"), list(first_lines)
    return Vocabulary([words[place] for place in order.tolist()], counts[order])
