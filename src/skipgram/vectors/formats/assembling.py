"""From a file's rows to an embedding: every word is checked, and what is dropped is counted."""

import codecs
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.formats.growing import ROWS_AT_ONCE, GrowingRows
from skipgram.vectors.formats.row_stream import RowBlock, RowStream
from skipgram.vectors.given import is_text_encoding

Undecodable = Literal["escape", "replace", "error"]
Duplicates = Literal["error", "first"]

FIRST_LOOK_BYTES, _LOOKS_APART = 1 << 24, 4
_ROW_BYTES = 16
"""Of a row, in addition to its numbers and its word."""
_HANDLERS = {"escape": "backslashreplace", "replace": "replace", "error": "strict"}


@dataclass(frozen=True)
class ReadingOptions:
    r"""How to read words that other tools wrote.

    encoding: of words. undecodable: bytes that are not text in it are written
    as \xe9 (`escape`), become U+FFFD (`replace`), or are an error. duplicates:
    a word that appears again is an error, or the `first` is kept.
    scratch: a folder where the rows go into a temporary file, not into memory.
    observe: called with how many rows are read, and of about how many.
    """

    encoding: str = "utf-8"
    undecodable: Undecodable = "escape"
    duplicates: Duplicates = "error"
    scratch: Path | None = None
    observe: Callable[[int, int], None] | None = None

    def __post_init__(self) -> None:
        for name, choices in {"undecodable": Undecodable, "duplicates": Duplicates}.items():
            if getattr(self, name) not in get_args(choices):
                raise SettingsError(
                    f"{name} {getattr(self, name)!r} is not one of: {', '.join(get_args(choices))}"
                )
        if not is_text_encoding(self.encoding):
            raise SettingsError(f"there is no text encoding {self.encoding!r}")


@dataclass
class ReadingSummary:
    """What was read, and what was done about its words."""

    file: str
    format: str
    words: int = 0
    undecodable_words: int = 0
    duplicates_dropped: int = 0
    labels_dropped: int = 0


def gather(
    stream: RowStream,
    options: ReadingOptions,
    *,
    first_look_bytes: int = FIRST_LOOK_BYTES,
    rows_at_once: int = ROWS_AT_ONCE,
) -> Embedding:
    """The embedding in a file; `about["read"]` says what was done about its words.

    Words must be text, not empty, and different; numbers finite; rows as many as promised.
    """
    summary = ReadingSummary(stream.name, stream.format, labels_dropped=stream.labels)
    with (
        closing(stream.blocks),
        GrowingRows(stream.embedding_dim, stream.expected, options.scratch) as rows,
    ):
        words, counts = _read_words(stream, options, summary, rows, first_look_bytes)
        if options.duplicates == "error":
            _require_different(stream, words)
        elif len(kept := _firsts(words)) < len(words):
            summary.duplicates_dropped = len(words) - len(kept)
            words, counts = words.take(kept), counts[kept]
            rows.keep(kept, rows_at_once)
        matrix = rows.finished()
    vocabulary = Vocabulary(words, counts)
    vocabulary.require_sound(stream.name)
    summary.words = len(words)
    about = {"read": asdict(summary)}
    return Embedding(vocabulary, matrix, about=about, subwords=stream.subwords)


def _firsts(words: PackedWords) -> NDArray[np.int64]:
    """The numbers of the words without an equal one before them."""
    is_first = np.ones(len(words), bool)
    for _, second in words.twins():
        is_first[second] = False
    return np.flatnonzero(is_first)


def _require_different(stream: RowStream, words: PackedWords) -> None:
    twin = words.first_twin()
    if twin is not None:
        first, second = twin
        raise FormatError(
            f"{stream.place(second)}: the word {words[second]!r:.60} appears twice, first "
            f"at {stream.place(first)}; the first of each can be kept (duplicates: first)"
        )


def _read_words(
    stream: RowStream,
    options: ReadingOptions,
    summary: ReadingSummary,
    rows: GrowingRows,
    next_look: int,
) -> tuple[PackedWords, NDArray[np.int64]]:
    """All words with their counts; the rows are added to `rows`."""
    texts: list[NDArray[np.uint8]] = []
    ends: list[NDArray[np.int64]] = []
    counts: list[NDArray[np.int64]] = []
    size = 0
    for read in stream.blocks:
        _require_sound(stream, read, rows.length)
        block = _decoded(stream, read, rows.length, options, summary)
        rows.append(block.rows)
        texts.append(block.text)
        ends.append(block.ends + size)
        size += len(block.text)
        if block.counts is not None:
            counts.append(block.counts)
        # A small packed file may hold gigabytes of rows, but hardly with different words: they are
        # compared whenever there are four times as many, not only at the end.
        held = size + rows.length * (4 * stream.embedding_dim + _ROW_BYTES)
        if stream.is_packed and held > next_look and options.duplicates == "error":
            next_look = _LOOKS_APART * held
            words = PackedWords(np.concatenate(texts), np.concatenate(ends))
            texts, ends = [words.text], [words.ends]
            _require_different(stream, words)
        if options.observe is not None:
            about_all = stream.promised or stream.expected
            options.observe(rows.length, max(rows.length, about_all))
    if not rows.length:
        raise FormatError(f"{stream.name} holds no words; there is nothing to load")
    if stream.promised not in (None, rows.length):
        raise FormatError(
            f"{stream.name}: the header promises {stream.promised:,} rows, but {rows.length:,} "
            "are there; the file is truncated, or its header is wrong"
        )
    words = PackedWords(np.concatenate(texts), np.concatenate(ends))
    return words, np.concatenate(counts) if counts else np.zeros(len(words), np.int64)


def _require_sound(stream: RowStream, block: RowBlock, before: int) -> None:
    """Refuse empty words and numbers that are not finite."""
    words = PackedWords(block.text, block.ends)
    words.require_filled(lambda number: stream.place(before + number))
    if not np.isfinite(block.rows).all():
        row, column = np.argwhere(~np.isfinite(block.rows))[0].tolist()
        raise FormatError(
            f"{stream.place(before + row)}: number {column + 1} of {stream.embedding_dim} is "
            f"{block.rows[row, column]}, which a vector cannot contain; fix the file, or remove "
            "the row"
        )


def _decoded(
    stream: RowStream,
    block: RowBlock,
    before: int,
    options: ReadingOptions,
    summary: ReadingSummary,
) -> RowBlock:
    """The block with its words in UTF-8."""
    if codecs.lookup(options.encoding).name == "utf-8" and _is_utf8(block):
        return block
    text, decoded = block.text.tobytes(), bytearray()
    ends = np.empty(len(block.ends), np.int64)
    start = 0
    for number in range(len(ends)):  # not as a list, in which a word of one byte takes a hundred
        end = block.ends.item(number)
        try:
            word = _decoded_word(text[start:end], options, summary)
        except FormatError as error:
            raise FormatError(f"{stream.place(before + number)}: {error}") from None
        decoded += word
        start, ends[number] = end, len(decoded)
    return block._replace(text=np.frombuffer(decoded, np.uint8), ends=ends)


def _decoded_word(raw: bytes, options: ReadingOptions, summary: ReadingSummary) -> bytes:
    """A word in UTF-8."""
    try:
        word = raw.decode(options.encoding)
    except UnicodeDecodeError as error:
        if options.undecodable == "error":
            raise FormatError(
                f"the word {raw!r:.60} is not {options.encoding} ({error.reason}); name the "
                "right encoding, or escape such bytes (undecodable: escape)"
            ) from None
        word = raw.decode(options.encoding, errors=_HANDLERS[options.undecodable])
        summary.undecodable_words += 1
    if not word:
        raise FormatError("the word is empty")
    try:
        return word.encode()
    except UnicodeEncodeError:  # some encodings can write half a surrogate pair
        raise FormatError(
            f"the word {word!r:.60} holds half a surrogate pair, which is not a character; name "
            "the right encoding"
        ) from None


def _is_utf8(block: RowBlock) -> bool:
    try:
        PackedWords(block.text, block.ends).require_text("")
    except FormatError:
        return False
    return True
