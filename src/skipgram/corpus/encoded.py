"""A corpus as numbers: the ids of its words in order, and where its lines end."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.reading import TextFile
from skipgram.corpus.vocabulary import Vocabulary, prune
from skipgram.errors import CorpusError

_REPLACEMENT = "\ufffd".encode()


@dataclass(frozen=True)
class ReadingProgress:
    """How far the reading of the corpus has come, in bytes of its files as they lie on the disk."""

    bytes_read: int
    bytes_total: int


@dataclass(frozen=True)
class CorpusSummary:
    """What was read, and all that was dropped or replaced on the way."""

    files: int
    lines: int
    empty_lines: int
    longest_line: int
    tokens: int
    types: int
    kept_tokens: int
    kept_types: int
    replaced: int
    """sequences that are not UTF-8, each now U+FFFD"""
    first_replaced: str
    """file and byte (from 0, in the unpacked text) of the first that is not UTF-8, or empty"""
    sha256: str
    """of the text, unpacked"""


@dataclass(frozen=True, eq=False)
class EncodedCorpus:
    """Ids and line ends.

    ids: shape (tokens,), int32; line_ends: shape (lines,), int64, rising, the
    offset after each line's last token. Lines without a kept word have gone.
    """

    ids: NDArray[np.int32]
    line_ends: NDArray[np.int64]
    vocabulary: Vocabulary
    summary: CorpusSummary

    def __len__(self) -> int:
        return len(self.ids)


def encode(
    files: Sequence[TextFile],
    *,
    min_count: int,
    observe: Callable[[ReadingProgress], None] = lambda progress: None,
) -> EncodedCorpus:
    """Read text files once, and number their words.

    A token is what stands between two of the six ASCII blanks, a line ends at
    a line feed, and a file's end ends its last line. Bytes that are not UTF-8
    are replaced by U+FFFD and counted.

    Raises
    ------
    CorpusError
        If a file is damaged, if no two words are seen `min_count` times, or if
        no line holds two of them.

    """
    if not files:
        raise CorpusError("no corpus: name at least one text file")
    bytes_total = sum(file.size_bytes for file in files)
    bytes_before = 0
    reader = _Reader()
    for file in files:
        for block, bytes_read in file.blocks():
            reader.take(block, file.path)
            observe(ReadingProgress(bytes_before + bytes_read, bytes_total))
        reader.end_file()
        bytes_before += file.size_bytes
    return reader.finish(len(files), min_count)


@dataclass
class _Reader:
    """Numbers tokens by first appearance while they are read; the final ids come afterwards."""

    numbers: defaultdict[bytes, int] = field(default_factory=defaultdict)
    chunks: list[NDArray[np.int32]] = field(default_factory=list)
    line_ends: list[int] = field(default_factory=list)
    tokens: int = 0
    file_bytes: int = 0
    line_is_open: bool = False
    replaced: int = 0
    first_replaced: str = ""
    digest: Any = field(default_factory=hashlib.sha256)

    def __post_init__(self) -> None:
        # An unknown token's number is how many types were known before it.
        self.numbers.default_factory = self.numbers.__len__

    def take(self, block: bytes, path: Path) -> None:
        self.digest.update(block)
        text = self._as_utf8(block, path)
        tokens: list[bytes] = []
        *ended, rest = text.split(b"\n")
        for line in ended:
            tokens += line.split()
            self.line_ends.append(self.tokens + len(tokens))
        tokens += rest.split()
        numbers = np.fromiter(map(self.numbers.__getitem__, tokens), np.int32, len(tokens))
        self.chunks.append(numbers)
        self.tokens += len(tokens)
        self.file_bytes += len(block)
        self.line_is_open = bool(rest)

    def end_file(self) -> None:
        if self.line_is_open:
            self.line_ends.append(self.tokens)
        self.line_is_open = False
        self.file_bytes = 0

    def finish(self, files: int, min_count: int) -> EncodedCorpus:
        if self.tokens == 0:
            raise CorpusError("the corpus holds nothing but blanks; there is no text to train on")
        counts = np.zeros(len(self.numbers), np.int64)
        for chunk in self.chunks:
            counts += np.bincount(chunk, minlength=len(counts))
        vocabulary, new_ids = prune(list(self.numbers), counts, min_count)
        all_ends = np.array(self.line_ends, np.int64)
        ids, line_ends = _renumbered(self.chunks, new_ids, all_ends)
        if np.diff(line_ends, prepend=0).max() < 2:
            raise CorpusError(
                f"no line holds two of the {len(vocabulary):,} words kept, so no word has a "
                "neighbour to learn from; put words that belong together on one line"
            )
        lengths = np.diff(all_ends, prepend=0)
        summary = CorpusSummary(
            files=files,
            lines=len(lengths),
            empty_lines=int(np.count_nonzero(lengths == 0)),
            longest_line=int(lengths.max()),
            tokens=self.tokens,
            types=len(new_ids),
            kept_tokens=len(ids),
            kept_types=len(vocabulary),
            replaced=self.replaced,
            first_replaced=self.first_replaced,
            sha256=self.digest.hexdigest(),
        )
        return EncodedCorpus(ids, line_ends, vocabulary, summary)

    def _as_utf8(self, block: bytes, path: Path) -> bytes:
        try:
            block.decode()
        except UnicodeDecodeError as error:
            if not self.first_replaced:
                self.first_replaced = f"{path}: byte {self.file_bytes + error.start:,}"
            text = block.decode(errors="replace").encode()
            self.replaced += text.count(_REPLACEMENT) - block.count(_REPLACEMENT)
            return text
        return block


def _renumbered(
    chunks: list[NDArray[np.int32]], new_ids: NDArray[np.int32], line_ends: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The kept ids of all chunks, and where the lines end among them.

    Chunk by chunk, each let go as soon as it is done: a corpus stands in memory once.
    """
    kept_ids, ends, before, kept_before = [], [], 0, 0
    for place, chunk in enumerate(chunks):
        ids = new_ids[chunk]
        chunks[place] = chunk[:0]
        is_kept = ids >= 0
        inside = line_ends[slice(*np.searchsorted(line_ends, [before, before + len(ids)], "right"))]
        ends.append(kept_before + np.append(0, np.cumsum(is_kept))[inside - before])
        kept_ids.append(ids[is_kept])
        before += len(ids)
        kept_before += len(kept_ids[-1])
    all_ends = np.unique(np.concatenate(ends))
    return np.concatenate(kept_ids), all_ends[all_ends > 0]
