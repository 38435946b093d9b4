"""Texts in memory or from any Python iterable: a corpus that is not in a file."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from skipgram.corpus.sources.blocks import BLOCK_BYTES, Block
from skipgram.corpus.sources.columns import arrow_blocks, arrow_kind, not_text
from skipgram.corpus.sources.values import (
    ValueReader,
    column_values,
    described,
    listed,
    no_such_column,
)
from skipgram.errors import CorpusError

_NAME = "texts in memory"


@dataclass(frozen=True, eq=False)
class Texts:
    r"""Texts, or lists of words, from any iterable.

    A list, a generator, an open text file, a pandas Series, a pyarrow array, a column of a Hugging
    Face dataset: it is read once, and never held in memory as a whole. The line ends of a text
    count, and its own end ends its last line; a list of words is a line, and so is a row of a NumPy
    array. An integer is the word of its decimal digits: 17 is "17". Missing values (None, NaN) are
    skipped and counted.

    Raises
    ------
    CorpusError
        If it is a single text, or not iterable.

    Examples
    --------
    >>> texts = Texts(["the sun and the moon", "the stars"])
    >>> [block.text[: block.size] for block in texts.blocks()]
    [b'the sun and the moon\nthe stars\n']

    """

    texts: Iterable[Any]
    column: str = ""
    """where the texts are in it, if it is a table, a data set or gives records (mappings)"""

    def __post_init__(self) -> None:
        if isinstance(self.texts, str):
            raise CorpusError(
                f"{_NAME}: give a list of texts, Texts([text]); in the single text "
                f"{self.texts[:40]!r} each letter would count as a text"
            )
        if isinstance(self.texts, bytes | bytearray) or not _is_iterable(self.texts):
            raise CorpusError(
                f"{_NAME}: give a list of texts, or any iterable of them, not "
                f"{described(self.texts)}"
            )

    @property
    def name(self) -> str:
        """What messages call it."""
        return _NAME

    @property
    def size_bytes(self) -> int:
        """0: unknown."""
        return 0

    @property
    def fingerprint(self) -> str | None:
        """None: it might give something else the second time."""
        return None

    def blocks(
        self, *, whole_lines: bool = False, block_bytes: int = BLOCK_BYTES
    ) -> Iterator[Block]:
        """The texts as blocks.

        Raises
        ------
        CorpusError
            If it gives nothing, has no such column, or gives something that is
            no text (or no list of words, where the first was one).
        MissingExtraError
            If the texts are Arrow's and pyarrow is not installed.

        """
        texts = _column(self.texts, self.column) if self.column else self.texts
        if type(texts).__module__.startswith("pyarrow") and hasattr(texts, "type"):
            return _of_arrow(texts, whole_lines, block_bytes)
        if (names := column_names(texts)) is not None:
            raise _needs_column(type(texts), names)
        first, items = begun(texts)
        if isinstance(first, Mapping):
            raise _needs_column(type(first), list(first))
        reader = ValueReader(_NAME, lambda number: f"{_NAME}: item {number}", None, block_bytes)
        return reader.blocks(enumerate(items), whole_lines=whole_lines)


def begun(texts: Iterable[Any]) -> tuple[Any, Iterator[Any]]:
    """The first item, and all items from it on."""
    items = _items(texts)
    for first in items:
        return first, chain([first], items)
    raise CorpusError(
        f"{_NAME}: {type(texts).__name__} yielded nothing (perhaps it was exhausted before)"
    )


def column_names(texts: object) -> list[str] | None:
    """The columns of a table or a data set, None for what has no columns."""
    if isinstance(texts, Mapping):
        return list(map(str, texts))
    for attribute in ("column_names", "columns"):
        names = getattr(texts, attribute, None)
        if isinstance(names, Iterable):
            return list(map(str, names))
    return None


def _items(texts: Iterable[Any]) -> Iterator[Any]:
    try:
        yield from texts
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"{_NAME}: {error}; name the file itself, or open it with the right encoding"
        ) from error


def _column(texts: Any, column: str) -> Iterable[Any]:
    names = column_names(texts)
    if names is not None and column not in names:
        raise no_such_column(column, names, _NAME)
    if hasattr(texts, "select_columns"):
        texts = texts.select_columns([column])  # others may be pictures, which take long to unpack
    first, items = begun(texts)
    if isinstance(first, Mapping):
        return (value for _, value in column_values(enumerate(items), column, _NAME))
    if names is None:
        raise CorpusError(f"{_NAME}: item 0 is {described(first)}, which has no column {column!r}")
    found: Iterable[Any] = texts[column]
    return found


def _of_arrow(texts: Any, whole_lines: bool, block_bytes: int) -> Iterator[Block]:
    kind = arrow_kind(texts.type)
    if not kind:
        raise CorpusError(f"{_NAME}: {type(texts).__name__} holds {not_text(texts.type)}")
    if not len(texts):
        begun(texts)
    arrays = getattr(texts, "chunks", [texts])
    return arrow_blocks(
        _with_bytes(arrays), kind, _NAME, whole_lines=whole_lines, block_bytes=block_bytes
    )


def _with_bytes(arrays: Iterable[Any]) -> Iterator[tuple[Any, int]]:
    size = 0
    for array in arrays:
        size += array.nbytes
        yield array, size


def _needs_column(found: type, names: Sequence[object]) -> CorpusError:
    return CorpusError(
        f"{_NAME}: {found.__name__} has the columns {listed(list(map(str, names)))}; say which one "
        "holds the texts (column=)"
    )


def _is_iterable(texts: object) -> bool:
    try:
        iter(texts)  # type: ignore[call-overload]  # that is the question
    except TypeError:
        return column_names(texts) is not None
    return True
