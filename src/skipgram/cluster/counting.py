"""Counts of pairs by a cluster: `count_cooccurrence`, a range of words by each call.

    driver → storage     ids and line ends, once
    storage → workers    the text, chunk by chunk, for each call
    workers → storage    the rows of the call's words, added up over the chunks
    storage → driver     the rows, range after range

Each row is summed in the order of the text and of the chunks, as on one machine, so the counts have
its bits, however many ranges there are.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from distributed import get_worker
from numpy.typing import NDArray

from skipgram.cluster.connecting import Cluster
from skipgram.cluster.packing import PIECE_BYTES, Bundle, Pieces
from skipgram.cluster.storage import Storage, Stored
from skipgram.corpus.cooccurrence.counts import Cooccurrence, Counting, Observer
from skipgram.corpus.cooccurrence.parts import Part, Rows, on_disk, row_sums, spilled
from skipgram.corpus.cooccurrence.rows import CHUNK_TOKENS, Walk, counted_rows, surroundings
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.settings.window_rule import WindowRule
from skipgram.system.threads import OrderedThreads

CALLS_OF_A_WORKER = 4
ROWS_BYTES = 1 << 29
"""What the rows of a call take in one chunk, at most, but for a single longer row."""
_ENTRY_BYTES = 24
"""An outside word and its weight, twice: in blocks, and put together."""
_WORD_BYTES = 64
"""Arrays with a number for each word."""
_STEPS = 1.5
"""A walk may be as many times as long as it is expected to be."""


def count_on_cluster(
    corpus: EncodedCorpus,
    rule: WindowRule,
    cluster: Cluster,
    *,
    ranges: NDArray[np.int64] | None = None,
    line_ends: NDArray[np.int64] | None = None,
    chunk_tokens: int = CHUNK_TOKENS,
    scratch: Path | None = None,
    observe: Observer = lambda event: None,
) -> Cooccurrence:
    """The expected counts of all pairs of a corpus, with the bits of `count_cooccurrence`.

    The parameters are those of that function, but for the cluster instead of threads.
    """
    counting = Counting.of(corpus, rule, ranges, line_ends, chunk_tokens, observe)
    with ExitStack() as left:
        text = _StoredText.of(counting, cluster.storage)
        left.callback(cluster.storage.remove, *text.arrays)
        counted = cluster.calls.results(
            _counted_words,
            [(cluster.storage, text, words) for words in _word_ranges(counting, cluster.workers)],
            observe=lambda answer: counting.progress.add(answer.positions),
        )
    counting.require_pairs(any(answer.entries for answer in counted))
    rows = _taken_over([bundle for answer in counted for bundle in answer.rows], cluster.storage)
    return counting.result(Part.of(rows) if len(counting.chunks) == 1 else on_disk(rows, scratch))


def memory_needed(
    corpus: EncodedCorpus, rule: WindowRule, *, chunk_tokens: int = CHUNK_TOKENS
) -> int:
    """Bytes that one call takes on a worker, at most; one with several threads makes several."""
    tokens, vocab_size = min(len(corpus), chunk_tokens), len(corpus.vocabulary)
    walk = Walk.of(rule, corpus.vocabulary.counts)
    rows = min(ROWS_BYTES, int(_row_bytes(walk, corpus.vocabulary.counts, tokens).sum()))
    row = _ENTRY_BYTES * vocab_size
    of_text = tokens * (4 + 1 + 4) + 16 * min(corpus.lines, tokens)
    piece = 2 * min(4 * len(corpus), PIECE_BYTES)
    return of_text + piece + rows + row + _WORD_BYTES * vocab_size


@dataclass(frozen=True)
class _Chunk:
    """A stretch of the text from which rows are counted, with what windows reach beyond it."""

    begin: int
    end: int
    lines: tuple[int, int]
    """the line ends between these two"""
    ranges: Stored
    """of center words"""

    @classmethod
    def of(cls, counting: Counting, ranges: NDArray[np.int64], storage: Storage) -> "_Chunk":
        ids, line_ends = counting.corpus.ids, counting.line_ends
        begin, end = surroundings(ids, line_ends, ranges, counting.walk)
        first = int(np.searchsorted(line_ends, begin, "right"))
        last = int(np.searchsorted(line_ends, end, "left"))
        return cls(begin, end, (first, last), storage.write(ranges - begin))


@dataclass(frozen=True)
class _StoredText:
    """What all calls are made of."""

    ids: Pieces
    line_ends: Pieces
    keep: Stored
    walk: Walk
    """without its keep probabilities"""
    chunks: tuple[_Chunk, ...]

    @classmethod
    def of(cls, counting: Counting, storage: Storage) -> "_StoredText":
        return cls(
            Pieces.write(storage, counting.corpus.ids),
            Pieces.write(storage, counting.line_ends),
            storage.write(counting.walk.keep),
            counting.walk._replace(keep=np.empty(0)),
            tuple(_Chunk.of(counting, ranges, storage) for ranges in counting.chunks),
        )

    @property
    def arrays(self) -> list[Stored]:
        """All that is in the storage."""
        ranges = [chunk.ranges for chunk in self.chunks]
        return [*self.ids.pieces, *self.line_ends.pieces, self.keep, *ranges]

    def read_walk(self) -> Walk:
        """How to walk."""
        return self.walk._replace(keep=self.keep.read())

    def read(self, chunk: _Chunk) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
        """A chunk as a text of its own: its ids, line ends and ranges."""
        line_ends = np.append(self.line_ends.read(*chunk.lines), chunk.end) - chunk.begin
        return self.ids.read(chunk.begin, chunk.end), line_ends, chunk.ranges.read()


class _Counted(NamedTuple):
    """What a call has counted."""

    rows: list[Bundle]
    entries: int
    positions: int


def _counted_words(storage: Storage, text: _StoredText, words: tuple[int, int]) -> _Counted:
    """The rows of the words from words[0] to words[1]."""
    walk, scratch = text.read_walk(), Path(get_worker().local_directory)
    parts: list[Part] = []
    positions: list[int] = []
    with OrderedThreads(1) as alone:
        for chunk in text.chunks:
            part = counted_rows(
                *text.read(chunk), walk, alone, words=words, observe=positions.append
            )
            parts.append(part if len(text.chunks) == 1 else spilled(part, scratch))
        rows = [Bundle.write(storage, block) for block in row_sums(parts, len(walk.keep), alone)]
    return _Counted(rows, sum(len(part.sums) for part in parts), sum(positions))


def _word_ranges(counting: Counting, workers: int) -> list[tuple[int, int]]:
    """Ranges of words for calls of about the same length that all fit into memory."""
    counts = counting.corpus.vocabulary.counts
    tokens = min(int(np.diff(counting.chunks[0]).sum()), len(counting.corpus))
    cost = np.maximum(
        counts / counts.sum() * CALLS_OF_A_WORKER * max(workers, 1),
        _row_bytes(counting.walk, counts, tokens) / ROWS_BYTES,
    ).cumsum()
    borders = np.searchsorted(cost, np.arange(1, int(cost[-1]) + 1)) + 1
    return list(pairwise(np.unique([0, *borders.clip(max=len(counts)), len(counts)]).tolist()))


def _row_bytes(walk: Walk, counts: NDArray[np.int64], tokens: int) -> NDArray[np.float64]:
    """What each word's row takes while so many tokens are counted, at most."""
    mean_keep = float(walk.keep @ counts) / counts.sum() if walk.closes_up else 1.0
    steps = _STEPS * (walk.goes_left + walk.goes_right) * len(walk.weights) / mean_keep
    entries = np.minimum(counts * min(1.0, tokens / counts.sum()) * steps, float(len(counts)))
    sizes: NDArray[np.float64] = _ENTRY_BYTES * entries
    return sizes


def _taken_over(bundles: list[Bundle], storage: Storage) -> Iterator[Rows]:
    """Blocks of rows, each removed from the storage."""
    for bundle in bundles:
        lengths, outsides, sums = bundle.read()
        storage.remove(bundle.stored)
        yield lengths, outsides, sums
