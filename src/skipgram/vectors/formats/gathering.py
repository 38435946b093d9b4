"""Rows of a file into word vectors: every word is checked, and nothing is lost without a count."""

import codecs
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.packed_words import PackedWords
from skipgram.corpus.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError, SkipgramError
from skipgram.vectors.formats.blocks import Block, RowStream
from skipgram.vectors.word_vectors import WordVectors

Undecodable = Literal["escape", "replace", "error"]
Duplicates = Literal["error", "first"]

_ROWS_AT_ONCE = 1 << 14
_HANDLERS = {"escape": "backslashreplace", "replace": "replace", "error": "strict"}


@dataclass(frozen=True)
class ReadingOptions:
    r"""What to do about words that other tools wrote.

    encoding: of words. undecodable: bytes that are no text in it are written
    as \xe9 (`escape`), become U+FFFD (`replace`), or are an error. duplicates:
    a word that appears again is an error, or the `first` is kept.
    scratch: the rows go into a file there that vanishes with them, not into
    memory. observe: told how many rows are read, of about how many.
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
        try:
            "a".encode(self.encoding)  # which refuses codecs of bytes, such as hex
        except (LookupError, TypeError, ValueError):
            raise SettingsError(f"there is no encoding {self.encoding!r} of text") from None


@dataclass
class ReadingSummary:
    """What was read, and what was done about words on the way."""

    file: str
    format: str
    words: int = 0
    undecodable_words: int = 0
    duplicates_dropped: int = 0
    labels_dropped: int = 0


def gather(stream: RowStream, options: ReadingOptions) -> WordVectors:
    """The vectors of a file; `about["read"]` tells what was done about its words.

    Raises
    ------
    FormatError
        With the file and the line or record: an empty word, one that is not
        text or appears twice, a number that is infinite or nan, fewer or
        more rows than the file promises.

    """
    summary = ReadingSummary(stream.name, stream.format, labels_dropped=stream.labels)
    with _GrowingRows(stream.embedding_dim, stream.expected, options.scratch) as rows:
        words, counts = _read_words(stream, options, summary, rows)
        matrix = rows.finished()
    twins = sorted(words.twins(), key=lambda twin: twin[1])
    if twins:
        if options.duplicates == "error":
            first, second = twins[0]
            raise FormatError(
                f"{stream.place(second)}: the word {words[second]!r:.60} appears twice, first "
                f"at {stream.place(first)}; the first of each can be kept (duplicates: first)"
            )
        kept = np.delete(np.arange(len(words)), [second for _, second in twins])
        words, counts = words.take(kept), counts[kept]
        with _GrowingRows(stream.embedding_dim, len(kept), options.scratch) as rows:
            for start in range(0, len(kept), _ROWS_AT_ONCE):
                rows.append(matrix[kept[start : start + _ROWS_AT_ONCE]])
            matrix = rows.finished()
        summary.duplicates_dropped = len(twins)
    vocabulary = Vocabulary(words, counts)
    vocabulary.require_sound(stream.name)
    summary.words = len(words)
    about = {"read": asdict(summary)}
    return WordVectors(vocabulary, matrix, about=about, subwords=stream.subwords)


def _read_words(
    stream: RowStream, options: ReadingOptions, summary: ReadingSummary, rows: "_GrowingRows"
) -> tuple[PackedWords, NDArray[np.int64]]:
    """All words with their counts; the rows go where they grow."""
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
        if options.observe is not None:
            about_all = stream.promised or stream.expected
            options.observe(rows.length, max(rows.length, about_all))
    if not rows.length:
        raise FormatError(f"{stream.name} holds no word; there is nothing to load")
    if stream.promised not in (None, rows.length):
        raise FormatError(
            f"{stream.name}: the header promises {stream.promised:,} rows, and {rows.length:,} "
            "are there; the file is cut off, or its header is not its own"
        )
    words = PackedWords(np.concatenate(texts), np.concatenate(ends))
    return words, np.concatenate(counts) if counts else np.zeros(len(words), np.int64)


def _require_sound(stream: RowStream, block: Block, before: int) -> None:
    """Refuse empty words and numbers that are none."""
    words = PackedWords(block.text, block.ends)
    words.require_filled(lambda number: stream.place(before + number))
    if not np.isfinite(block.rows).all():
        row, column = np.argwhere(~np.isfinite(block.rows))[0].tolist()
        raise FormatError(
            f"{stream.place(before + row)}: number {column + 1} of {stream.embedding_dim} is "
            f"{block.rows[row, column]}, which a vector cannot contain; mend the file, or take the "
            "row out"
        )


def _decoded(
    stream: RowStream,
    block: Block,
    before: int,
    options: ReadingOptions,
    summary: ReadingSummary,
) -> Block:
    """The block with its words in UTF-8."""
    if codecs.lookup(options.encoding).name == "utf-8" and _is_utf8(block):
        return block
    text = block.text.tobytes()
    decoded = []
    handler = _HANDLERS[options.undecodable]
    start = 0
    for number, end in enumerate(block.ends.tolist()):
        raw = text[start:end]
        start = end
        try:
            word = raw.decode(options.encoding)
        except UnicodeDecodeError as error:
            if options.undecodable == "error":
                raise FormatError(
                    f"{stream.place(before + number)}: the word {raw!r:.60} is not "
                    f"{options.encoding} ({error.reason}); name its encoding, or let such bytes "
                    "be escaped (undecodable: escape)"
                ) from None
            word = raw.decode(options.encoding, errors=handler)
            summary.undecodable_words += 1
        decoded.append(word)
    words = PackedWords.of(decoded)
    return block._replace(text=words.text, ends=words.ends)


def _is_utf8(block: Block) -> bool:
    try:
        PackedWords(block.text, block.ends).require_text("")
    except FormatError:
        return False
    return True


@contextmanager
def _disk_errors(folder: Path | None) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SkipgramError(
            f"rows cannot be kept in a file in {folder}: {error.strerror or error}"
        ) from error


class _GrowingRows:
    """A matrix that grows by rows, in memory or in a file without a name."""

    def __init__(self, columns: int, expected: int, scratch: Path | None) -> None:
        self.length = 0
        self._columns = columns
        self._scratch = scratch
        with _disk_errors(scratch):
            self._file = None if scratch is None else tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115  (it lives as the rows do)
        # The system gives no memory before it is written to.
        self._rows = np.empty((0 if self._file else max(expected, 1), columns), np.float32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()  # what is mapped stays

    def append(self, rows: NDArray[np.float32]) -> None:
        """Put rows behind the others."""
        before, self.length = self.length, self.length + len(rows)
        if self._file is not None:
            with _disk_errors(self._scratch):
                self._file.write(np.ascontiguousarray(rows).data)
            return
        if self.length > len(self._rows):
            larger = np.empty((max(self.length, 2 * len(self._rows)), self._columns), np.float32)
            larger[:before] = self._rows[:before]
            self._rows = larger
        self._rows[before : self.length] = rows

    def finished(self) -> NDArray[np.float32]:
        """All rows."""
        if self._file is None:
            return self._rows[: self.length]
        with _disk_errors(self._scratch):
            self._file.flush()
        shape = (self.length, self._columns)
        return np.memmap(self._file, np.float32, "c", shape=shape).view(np.ndarray)
