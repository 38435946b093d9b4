"""Text read by the workers of a cluster: each numbers whole files by types of its own.

    workers → storage    a call's files as numbers, block by block; its types, with their counts
    storage → driver     both, call after call in the order of the files

The driver gives the types their numbers in the whole corpus, by first appearance, so the corpus is
that of one machine.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np
from distributed import get_worker
from numpy.typing import NDArray

from skipgram.cluster.connecting import Cluster
from skipgram.cluster.packing import Bundle
from skipgram.cluster.storage import Storage
from skipgram.corpus.encoding.reading import (
    ReadElsewhere,
    TextPart,
    TextReader,
    packed_types,
    unpacked_types,
)
from skipgram.corpus.encoding.spool import Chunk
from skipgram.corpus.encoding.tally import Tally
from skipgram.corpus.sources.finding import Source
from skipgram.corpus.sources.local import LocalFile
from skipgram.corpus.sources.remote import RemoteFile
from skipgram.corpus.tokens.tokenizing import Tokenizer
from skipgram.corpus.tokens.type_table import TypeTable
from skipgram.errors import CorpusError, read_at_a_shell, shell_program
from skipgram.settings import TextSettings
from skipgram.system.threads import OrderedThreads
from skipgram.untrusted.opening import reason

CALLS_OF_A_WORKER = 4
CALL_BYTES = 1 << 26
"""Files of so much together are a call, or a larger one alone."""
_BUNDLE_BYTES = 1 << 24
_NARROW = 1 << 16
_WAY_OUT = (
    "put the text where all machines see it under the same name, or encode it first on this "
    "machine (skipgram encode), and train on that folder"
)


def read_on(cluster: Cluster) -> ReadElsewhere:
    """What `encode_sources` and `prepare` take to have sources read by a cluster."""

    def read(
        sources: Sequence[Source], text: TextSettings, take: Callable[[TextPart], None]
    ) -> None:
        storage, groups = cluster.storage, _groups(sources, cluster.workers)
        arrived: dict[int, _Part] = {}
        taken = 0

        def arrive(part: _Part) -> None:
            nonlocal taken
            arrived[part.number] = part
            while taken in arrived:
                take(_taken_over(arrived.pop(taken), storage))
                taken += 1

        cluster.calls.results(
            _read_sources,
            [(storage, *group, text, shell_program()) for group in enumerate(groups)],
            observe=arrive,
        )

    return read


class _Part(NamedTuple):
    """What a call has read."""

    number: int
    tally: Tally
    types: Bundle
    chunks: list[Bundle]
    """of each some: numbers, line ends and types of the first, those of the second, ..."""
    bytes_read: int


def _groups(sources: Sequence[Source], workers: int) -> list[tuple[Source, ...]]:
    """Sources that follow one another, about as much in each group, some groups for each worker."""
    total = sum(source.size_bytes for source in sources)
    most = min(CALL_BYTES, total // (CALLS_OF_A_WORKER * max(workers, 1)))
    groups: list[tuple[Source, ...]] = []
    size = most
    for source in sources:
        of_source = source.size_bytes or most  # unknown
        found = source.from_anywhere() if isinstance(source, LocalFile) else source
        if groups and size + of_source <= most:
            groups[-1] += (found,)
            size += of_source
        else:
            groups.append((found,))
            size = of_source
    return groups


def _read_sources(
    storage: Storage,
    number: int,
    sources: tuple[Source, ...],
    text: TextSettings,
    program: str | None,
) -> _Part:
    """Sources to numbers of their own types."""
    with ExitStack() as words:
        if program is not None:  # what is wrong with the text is told at the driver's shell
            words.enter_context(read_at_a_shell(program))
        for source in sources:
            _require_seen(source)
        table = TypeTable()
        reader = TextReader(Tokenizer(text.tokenizer, text.undecodable), table)
        with OrderedThreads(1) as alone:
            chunks = list(_bundled(reader.chunks(sources, alone), storage))
        types = Bundle.write(storage, packed_types(table))
        size = sum(source.size_bytes for source in sources)
        return _Part(number, reader.tally, types, chunks, size)


def _require_seen(source: Source) -> None:
    """Refuse a file that this worker does not see, or that is another one here."""
    try:
        if isinstance(source, RemoteFile):
            source.files.info(source.path)
        elif isinstance(source, LocalFile):
            found = (source.place or source.path).stat()
    except Exception as error:  # any type, depending on the library
        raise CorpusError(
            f"the worker {get_worker().address} does not find {source.name}: {reason(error)}; "
            f"{_WAY_OUT}"
        ) from error
    if not isinstance(source, LocalFile):
        return
    if (found.st_size, found.st_mtime_ns) != (source.size_bytes, source.changed_ns):
        raise CorpusError(
            f"{source.name} is another file for the worker {get_worker().address}, of "
            f"{found.st_size:,} bytes where this machine has {source.size_bytes:,}, or changed at "
            f"another time; {_WAY_OUT}"
        )


def _bundled(chunks: Iterator[Chunk], storage: Storage) -> Iterator[Bundle]:
    """Chunks in the storage, many in one file."""
    arrays: list[NDArray[Any]] = []
    for numbers, line_ends, types, frequent in chunks:
        if frequent is not None:  # those of this process alone
            types = np.concatenate([frequent.numbers, types])
        is_narrow = 0 < len(types) <= _NARROW
        arrays += [numbers.astype(np.uint16) if is_narrow else numbers, line_ends, types]
        if sum(array.nbytes for array in arrays) >= _BUNDLE_BYTES:
            yield Bundle.write(storage, arrays)
            arrays = []
    if arrays:
        yield Bundle.write(storage, arrays)


def _taken_over(part: _Part, storage: Storage) -> TextPart:
    """A part; what it takes from the storage is removed there."""
    types = part.types.read()
    storage.remove(part.types.stored)
    chunks = _chunks(part.chunks, storage)
    return TextPart(unpacked_types(*types), part.tally, chunks, part.bytes_read)


def _chunks(bundles: Sequence[Bundle], storage: Storage) -> Iterator[Chunk]:
    for bundle in bundles:
        arrays = iter(bundle.read())
        storage.remove(bundle.stored)
        yield from (Chunk(*arrays_of) for arrays_of in zip(arrays, arrays, arrays, strict=True))
