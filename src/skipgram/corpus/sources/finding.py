"""Where a corpus comes from: names of local or remote files, or texts in memory."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from skipgram.corpus.sources.blocks import Block
from skipgram.corpus.sources.local import LocalFile, StandardInput, local_files
from skipgram.corpus.sources.remote import remote_files
from skipgram.corpus.sources.texts import Texts, begun, column_names
from skipgram.corpus.sources.values import described
from skipgram.errors import CorpusError

_STANDARD_INPUT = "-"


class Source(Protocol):
    """A file, or anything else that gives a text or the column of a table."""

    @property
    def name(self) -> str:
        """What messages call it."""

    @property
    def size_bytes(self) -> int:
        """Its size on the disk; 0 if unknown."""

    @property
    def fingerprint(self) -> str | None:
        """A text that changes when the content does; None if it cannot be known."""

    def blocks(self, *, whole_lines: bool = False) -> Iterator[Block]:
        """Its content in blocks; with `whole_lines` no block of text ends inside a line."""


@dataclass(frozen=True)
class Sources:
    """A corpus, before it is read."""

    items: tuple[Source, ...]
    hidden_files: int
    """files and folders left out of the folders that were named: their names begin with a dot"""


def sources_of(corpus: object, *, column: str = "") -> Sources:
    """Where a corpus is read from.

    Parameters
    ----------
    corpus
        A name or a path, or a list, tuple or set of them, or a generator of paths: a file, a folder
        (with all below it, sorted), a pattern (`*`, `?`, `[...]`, and `**` for any folders), a URL
        that fsspec opens, or "-" for the standard input. Or texts: a `Texts`, or any other iterable
        of texts or of lists of words.
    column
        Which column holds the text: then every source must be a table.

    """
    found: list[Source] = []
    hidden_files = 0
    for number, item in enumerate(_items(corpus)):
        if isinstance(item, Texts):
            found.append(replace(item, column=item.column or column))
        elif isinstance(item, str | os.PathLike):
            sources, left_out = _named(item, column)
            found += sources
            hidden_files += left_out
        else:
            raise CorpusError(
                f"item {number} of the corpus is {described(item)}, while the others are file names"
            )
    _require_pipes_once(found)
    return Sources(tuple(found), hidden_files)


def _require_pipes_once(sources: Sequence[Source]) -> None:
    """Refuse a pipe that is named twice: the second reading would find nothing."""
    pipes = [
        source
        for source in sources
        if isinstance(source, StandardInput) or (isinstance(source, LocalFile) and source.is_pipe)
    ]
    places = [os.path.realpath(pipe.path) for pipe in pipes]  # a link leads to the same pipe
    for pipe, place in zip(reversed(pipes), reversed(places), strict=True):
        if (times := places.count(place)) > 1:
            raise CorpusError(
                f"{pipe.name} is named {times} times, and a pipe can be read only once"
            )


def _items(corpus: Any) -> Iterable[Any]:
    """Names of files, and texts."""
    if isinstance(corpus, str | os.PathLike | Texts):
        return [corpus]
    if isinstance(corpus, set | frozenset):
        corpus = sorted(corpus, key=str)  # a set is in another order in each run
    if isinstance(corpus, list | tuple):
        if not corpus:
            raise CorpusError("no corpus: name at least one text file")
        is_names = isinstance(corpus[0], str | os.PathLike | Texts)
        return corpus if is_names else [Texts(corpus)]
    try:
        texts = Texts(corpus)
    except CorpusError:
        raise CorpusError(
            f"no corpus: name text files, or give texts, not {described(corpus)}"
        ) from None
    if column_names(corpus) is not None:
        return [texts]
    first, items = begun(corpus)
    if isinstance(first, os.PathLike):
        return items
    # What can be iterated again stays what it is, such as an Arrow array.
    return [Texts(items) if isinstance(corpus, Iterator) else texts]


def _named(name: str | os.PathLike[str], column: str) -> tuple[Sequence[Source], int]:
    if name == "":
        raise CorpusError("'' names no file; name at least one text file")
    if name == _STANDARD_INPUT:
        return [StandardInput(column)], 0
    if isinstance(name, str) and "://" in name:
        return remote_files(name, column)
    return local_files(name, column)
