"""The values of a column, or of anything iterable, into blocks.

A value is a text, whose end ends its last line, or a list of words (texts or
integers), which is a line. Which of the two, the first value decides.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from numbers import Real
from typing import Any

from skipgram.corpus.sources.blocks import BLOCK_BYTES, Block, TokenBlock
from skipgram.corpus.sources.reading import Piece, cut_blocks
from skipgram.errors import CorpusError, did_you_mean
from skipgram.settings.given_words import as_words, is_missing, items_of, why_no_word

GROUP_NUMBERS = (
    "group the numbers into lists, one for each sequence (a basket, a session, a walk), or make "
    "them text"
)
_NAMES_SHOWN = 20
_RECORDS_SEARCHED = 1000
"""This many may lack a column at the beginning before it is taken to be misspelled."""


@dataclass(frozen=True)
class ValueReader:
    """Python values, in their order."""

    source: str
    place: Callable[[int], str]
    """how a message about the value of this number begins"""
    bytes_read: Callable[[], int] | None = None
    """of the source as it lies on the disk; None to count the bytes of the text"""
    block_bytes: int = BLOCK_BYTES

    def blocks(
        self, numbered: Iterable[tuple[int, object]], *, whole_lines: bool
    ) -> Iterator[Block]:
        """The values as blocks; missing ones (None, NaN) are skipped and counted."""
        values = ((number, _plain(value)) for number, value in numbered)
        missing = 0
        for number, value in values:
            if not is_missing(value):
                everything = chain([(number, value)], values)
                if isinstance(value, str):
                    yield from self._cut(self._pieces(everything, missing), whole_lines)
                elif _is_list(value):
                    yield from self._token_blocks(everything, missing)
                else:
                    raise self._wrong(number, value, "neither text nor a list of words")
                return
            missing += 1
        yield from self._cut([Piece(b"", 0, missing)], whole_lines)

    def _cut(self, pieces: Iterable[Piece], whole_lines: bool) -> Iterator[Block]:
        return cut_blocks(
            pieces, self.source, whole_lines=whole_lines, block_bytes=self.block_bytes
        )

    def _pieces(self, values: Iterable[tuple[int, object]], missing: int) -> Iterator[Piece]:
        texts: list[bytes] = []
        size = size_before = 0
        for number, value in values:
            if isinstance(value, str):
                text = self._encoded(number, value)
                texts.append(text)
                if not text.endswith(b"\n"):
                    texts.append(b"\n")
                size += len(text) + 1
            elif is_missing(value):
                missing += 1
            else:
                raise self._wrong(number, value, "not text")
            if size >= self.block_bytes:
                size_before += size
                yield Piece(b"".join(texts), self._bytes_read(size_before), missing)
                texts.clear()
                size = missing = 0
        yield Piece(b"".join(texts), self._bytes_read(size_before + size), missing)

    def _token_blocks(
        self, values: Iterable[tuple[int, object]], missing: int
    ) -> Iterator[TokenBlock]:
        lines: list[list[str]] = []
        lines_before = size = size_before = 0
        for number, value in values:
            if is_missing(value):
                missing += 1
            elif not _is_list(value):
                raise self._wrong(number, value, "not a list of words")
            else:
                tokens, passed_over = self._tokens(number, value)
                missing += passed_over
                lines.append(tokens)
                size += len(tokens) + len(self._encoded(number, "".join(tokens)))
            if size >= self.block_bytes:
                size_before += size
                read = self._bytes_read(size_before)
                yield TokenBlock(lines, self.source, lines_before, read, missing)
                lines_before += len(lines)
                lines = []
                size = missing = 0
        if lines or missing:
            read = self._bytes_read(size_before + size)
            yield TokenBlock(lines, self.source, lines_before, read, missing)

    def _tokens(self, number: int, value: Any) -> tuple[list[str], int]:
        """A line's words, and how many are missing among them."""
        words = items_of(value)
        kinds = set(map(type, words))
        if kinds <= {str}:  # nearly always, and quick to check
            return words, 0
        plain = words
        if kinds != {int}:
            plain = [word for word in map(_plain, words) if not is_missing(word)]
        found = as_words(plain, lambda word: self._wrong(number, word, why_no_word(word), "holds"))
        return found, len(words) - len(plain)

    def _encoded(self, number: int, text: str) -> bytes:
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            raise CorpusError(
                f"{self.place(number)} holds {text[error.start]!r}, half a surrogate pair, which "
                "UTF-8 cannot encode; text.encode('utf-8', 'replace').decode() puts a question "
                "mark in its place"
            ) from None

    def _wrong(self, number: int, value: object, wanted: str, verb: str = "is") -> CorpusError:
        advice = f"; {GROUP_NUMBERS}" if verb == "is" and _is_number(value) else ""
        return CorpusError(f"{self.place(number)} {verb} {described(value)}, {wanted}{advice}")

    def _bytes_read(self, text_bytes: int) -> int:
        return text_bytes if self.bytes_read is None else self.bytes_read()


def _plain(value: Any) -> Any:
    """The value that pyarrow wraps."""
    unwrap = None if type(value) is str else getattr(value, "as_py", None)
    return value if unwrap is None else unwrap()


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _is_list(value: object) -> bool:
    if isinstance(value, Sequence):
        return not isinstance(value, bytes | bytearray | memoryview | str)
    return getattr(value, "ndim", 0) == 1  # an array


def column_values(
    records: Iterable[tuple[int, Mapping[str, object]]], column: str, source: str
) -> Iterator[tuple[int, object]]:
    """One column of numbered records, None where a record lacks it.

    If the first thousand records lack it, or all of them, it is taken to be misspelled.
    """
    names: dict[str, None] = {}
    count = 0
    is_found = False
    for number, record in records:
        count += 1
        is_found = is_found or column in record
        if not is_found:
            names |= dict.fromkeys(record)
            if count == _RECORDS_SEARCHED:
                raise no_such_column(column, names, source)
        yield number, record.get(column)
    if count and not is_found:
        raise no_such_column(column, names, source)


def no_such_column(column: str, names: Iterable[object], source: str) -> CorpusError:
    """The error for a column that is missing."""
    known = list(map(str, names))
    hint = did_you_mean(column, known)
    return CorpusError(f"{source} has no column {column!r}; it has {listed(known)}{hint}")


def described(value: object) -> str:
    """A value's type and how it begins, for a message."""
    return f"{type(value).__name__} {' '.join(repr(value).split())[:60]}"


def listed(names: Sequence[str]) -> str:
    """Names for a message, not too many of them."""
    more = len(names) - _NAMES_SHOWN
    shown = ", ".join(names[:_NAMES_SHOWN]) or "none"
    return f"{shown} and {more:,} more" if more > 0 else shown
