"""Sources to numbers of types: block by block on this machine, or part by part on others."""

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import wait
from contextlib import closing, contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoding.spool import Chunk
from skipgram.corpus.encoding.tally import Tally, TextDigest
from skipgram.corpus.sources.blocks import PADDING, Block
from skipgram.corpus.sources.finding import Source
from skipgram.corpus.sources.local import LocalFile
from skipgram.corpus.sources.remote import RemoteFile
from skipgram.corpus.summary import ReadingProgress
from skipgram.corpus.tokens import kernels
from skipgram.corpus.tokens.numbering import ODDS, FrequentTypes, NumberedBlock
from skipgram.corpus.tokens.tokenizing import TokenizedBlock, Tokenizer
from skipgram.corpus.tokens.type_table import TypeTable
from skipgram.errors import SettingsError
from skipgram.settings import TextSettings, VocabularySettings
from skipgram.settings.resolving import TextTokenizer
from skipgram.system.threads import OrderedThreads, in_background

Observer = Callable[[ReadingProgress], None]


class TextPart(NamedTuple):
    """Some sources that follow one another, read on their own."""

    types: NumberedBlock
    tally: Tally
    chunks: Iterable[Chunk]
    """in numbers of the part's types"""
    bytes_read: int


ReadElsewhere = Callable[[Sequence[Source], TextSettings, Callable[[TextPart], None]], None]
"""Has sources read by others, who give the parts in their order to the function."""


class TextReader:
    """Numbers the text of sources, one after the other, and counts what they hold."""

    def __init__(
        self, tokenize: Tokenizer, table: TypeTable, digest: TextDigest | None = None
    ) -> None:
        self.table = table
        self.tally = Tally()
        self._tokenize = tokenize
        self._digest = digest

    def chunks(
        self,
        sources: Sequence[Source],
        work: OrderedThreads,
        observe: Observer = lambda progress: None,
    ) -> Iterator[Chunk]:
        """The numbers of all blocks; table and tally count them on the way."""
        total = sum(source.size_bytes for source in sources)
        before, current = 0, sources[0]
        observe(ReadingProgress(0, total))  # the first block may wait for the compiler
        # Closed here and not by the garbage collector: an error that is kept would keep the file.
        with closing(self._blocks(sources)) as blocks:
            for (source, block, _), tokenized in work.map(self._tokenized, blocks):
                numbered = tokenized.numbered
                line_ends = numbered.line_ends
                if source is not current:
                    before += current.size_bytes
                    current = source
                    line_ends = self._after_open_line(line_ends)
                self.tally.add(block, tokenized)
                if self._digest is not None:
                    self._digest.add(block)
                types = self.table.take(numbered)
                yield Chunk(numbered.numbers, line_ends, types, numbered.frequent)
                observe(ReadingProgress(before + block.bytes_read, total, self.tally.tokens))

    def taken_over(self, part: TextPart) -> Iterator[Chunk]:
        """The same chunks of what others have read."""
        types = self.table.take(part.types)
        for number, chunk in enumerate(part.chunks):
            line_ends = chunk.line_ends
            if number == 0:
                line_ends = self._after_open_line(line_ends)
                self.tally.join(part.tally)
            yield Chunk(chunk.numbers, line_ends, types[chunk.types])

    def end(self) -> Iterator[Chunk]:
        """The end of the last line, if it has none."""
        if self.tally.line_is_open:
            self.tally.end_line()
            nothing = np.zeros(0, np.int32)
            yield Chunk(nothing, np.zeros(1, np.int64), nothing)

    def _after_open_line(self, line_ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """The line ends of a source, and before them that of a line in which another one ended."""
        if not self.tally.line_is_open:
            return line_ends
        self.tally.end_line()
        return np.append(0, line_ends)

    def _blocks(
        self, sources: Sequence[Source]
    ) -> Generator[tuple[Source, Block, FrequentTypes | None]]:
        for source in sources:
            for block in source.blocks(whole_lines=self._tokenize.wants_whole_lines):
                yield source, block, self.table.frequent

    def _tokenized(self, item: tuple[Source, Block, FrequentTypes | None]) -> TokenizedBlock:
        _, block, frequent = item
        return self._tokenize(block, frequent)


PackedTypes = tuple[NDArray[np.uint8], NDArray[np.int32], NDArray[np.int64]]
"""A text that holds types, end to end, their lengths, and their counts."""


def packed_types(table: TypeTable) -> PackedTypes:
    """What another process needs of a table: each process has its own hashes."""
    counts, words = table.counts, table.words
    lengths = words.types[:, kernels.LENGTH].astype(np.int32)
    return words.text[: int(lengths.sum())], lengths, counts


def unpacked_types(
    text: NDArray[np.uint8], lengths: NDArray[np.int32], counts: NDArray[np.int64]
) -> NumberedBlock:
    """The types as those of a block without tokens."""
    # Not to be written to, as other blocks are not, so that kernels are compiled once.
    padded = np.frombuffer(text.tobytes() + PADDING, np.uint8)
    types = np.zeros((len(lengths), 4), np.uint64)
    types[:, kernels.START_OF] = np.cumsum(lengths, dtype=np.int64) - lengths
    types[:, kernels.LENGTH] = lengths
    types[:, kernels.COUNT] = counts
    kernels.enter_keys(padded, types, ODDS)
    nothing = np.empty(0, np.int32), np.empty(0, np.int64)
    return NumberedBlock(*nothing, padded, types, is_ascii=False)


def require_readable_elsewhere(
    sources: Sequence[Source], vocabulary: VocabularySettings, tokenizer: TextTokenizer | None
) -> None:
    """Refuse what the workers of a cluster cannot read as this machine does."""
    others = [
        source
        for source in sources
        if not isinstance(source, LocalFile | RemoteFile)
        or (isinstance(source, LocalFile) and source.is_pipe)
    ]
    if others:
        what = f"{others[0].name} cannot be read by the workers of a cluster, only files can;"
    elif tokenizer is not None:
        what = "a tokenizer of your own cannot be called by the workers of a cluster;"
    elif vocabulary.max_types:
        what = (
            f"max_types {vocabulary.max_types:,} cannot be kept by the workers of a cluster, since "
            "what is forgotten depends on the order of reading; omit it (--max-types), or"
        )
    else:
        return
    way_out = "encode the text first on this machine (skipgram encode), and train on that folder"
    raise SettingsError(f"{what} {way_out}")


@contextmanager
def digest_aside(sources: Sequence[Source]) -> Iterator[Callable[[], str]]:
    """A function that waits for the digest of all text, which a thread of this machine computes."""
    is_over = threading.Event()

    def digest() -> str:
        found = TextDigest()
        for source in sources:
            for block in source.blocks():
                if is_over.is_set():
                    return ""
                found.add(block)
        return found.hexdigest()

    future = in_background(digest, "skipgram-digest")
    try:
        yield future.result
    finally:
        is_over.set()
        wait([future])
