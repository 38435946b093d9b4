"""What the native folder says of spelling: n-grams with their vectors, and how they are used.

In spelling.safetensors:

    ngrams          (bytes,) uint8: all n-grams in UTF-8, end to end
    ngram_ends      (n-grams,) int64: where each ends
    ngram_index     (n-grams,) int64: see `PackedWords`
    table           (n-grams, embedding_dim), of the types that other rows have
    table_scales    (n-grams,) float32, with int8

and in settings.json, as `spelling`, what stands in `_SETTINGS`.
"""

import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.errors import FormatError, SettingsError
from skipgram.settings.ngram_range import NgramRange
from skipgram.system.tensor_file import Expected
from skipgram.vectors.rows import CompactRows, Rows
from skipgram.vectors.subwords.spelling import Spelling

FILE = "spelling.safetensors"
ROWS = Expected((np.float32, np.float16, np.int8), 2)
EXPECTED = {
    "ngrams": Expected(np.uint8, 1),
    "ngram_ends": Expected(np.int64, 1),
    "ngram_index": Expected(np.int64, 1),
    "table": ROWS,
    "table_scales": Expected(np.float32, 1, is_optional=True),
}
_CHECKSUM = "ngrams_crc32"
_SETTINGS = ("ngrams", "share", "matrix", "explained", _CHECKSUM)


def tensors_of(spelling: Spelling) -> dict[str, NDArray[Any]]:
    """What the file holds, by name."""
    ngrams = spelling.ngrams
    return {
        "ngrams": ngrams.text,
        "ngram_ends": ngrams.ends,
        "ngram_index": ngrams.word_index,
        **tensors_of_rows("table", spelling.table),
    }


def settings_of(spelling: Spelling) -> dict[str, Any]:
    """What the settings of the folder say of it."""
    return {
        "ngrams": str(spelling.lengths),
        "share": spelling.share,
        "matrix": spelling.matrix,
        "explained": spelling.explained,
        _CHECKSUM: checksum(spelling.ngrams),
    }


def spelling_of(
    tensors: dict[str, NDArray[Any]], settings: Any, file: Path, settings_file: Path
) -> Spelling:
    """The n-grams and their vectors, mapped and checked."""
    if not isinstance(settings, dict) or set(settings) != set(_SETTINGS):
        raise FormatError(
            f"{settings_file}: spelling is {settings!r:.60}, not {', '.join(_SETTINGS)}"
        )
    where = f"{file}: of n-grams"
    ngrams = PackedWords(tensors["ngrams"], tensors["ngram_ends"], tensors["ngram_index"], where)
    ngrams.require_text(where)
    ngrams.require_index(where)
    if settings[_CHECKSUM] != checksum(ngrams):
        raise FormatError(
            f"{file}: its n-grams or their index are damaged: they are not what was written"
        )
    try:
        table = rows_of("table", tensors)
    except FormatError as error:
        raise FormatError(f"{file}: table: {error}") from None
    try:
        lengths: Any = NgramRange.of(settings["ngrams"])  # none at all are refused below
        told = (settings[name] for name in ("share", "matrix", "explained"))
        return Spelling(ngrams, table, lengths, *told)
    except SettingsError as error:
        raise FormatError(f"{settings_file}: spelling is {settings!r:.60}: {error}") from None
    except FormatError as error:
        raise FormatError(f"{file}: {error}") from None


def checksum(words: PackedWords) -> int:
    """CRC-32 of words and all that they are looked up by."""
    crc = 0
    for tensor in (words.text, words.ends, words.word_index):
        crc = zlib.crc32(np.ascontiguousarray(tensor).data, crc)
    return crc


def tensors_of_rows(name: str, rows: Rows | None) -> dict[str, NDArray[Any]]:
    """The tensors that rows are written as."""
    if rows is None:
        return {}
    if isinstance(rows, CompactRows):
        scales = {} if rows.scales is None else {f"{name}_scales": rows.scales}
        return {name: rows.numbers, **scales}
    return {name: rows}


def rows_of(name: str, tensors: dict[str, NDArray[Any]]) -> Rows:
    """The rows that tensors hold."""
    numbers, scales = tensors[name], tensors.get(f"{name}_scales")
    if numbers.dtype == np.float32 and scales is None:
        return numbers
    return CompactRows(numbers, scales)
