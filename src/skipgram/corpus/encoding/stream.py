"""All tokens of a corpus on their way from the numbers of types to the ids of words."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoded import IDS, LINE_ENDS
from skipgram.corpus.encoding.spool import (
    MEMORY_BYTES,
    Chunk,
    Lookup,
    PlacedArray,
    Spool,
    disk_errors,
)
from skipgram.corpus.phrases import finding as phrases
from skipgram.corpus.summary import ReadingProgress
from skipgram.corpus.tokens import kernels
from skipgram.corpus.tokens.type_table import TypeBytes
from skipgram.corpus.vocabulary.pruning import Pruned
from skipgram.errors import CorpusError
from skipgram.settings import TextSettings
from skipgram.system.threads import OrderedThreads

_GLOBAL = np.zeros(0, np.int32)
"""A chunk's types where its numbers are those of the whole corpus."""
_DEFAULT_THRESHOLDS = {"count": 100.0, "npmi": 0.5}


class JoinedPhrases(NamedTuple):
    """What one pass has joined."""

    types: int
    """phrases that occur"""
    tokens: int
    """taken up by them: two became one"""
    count_error: int
    """no pair was counted too low by more"""


class TokenStream:
    """The numbers of all tokens, and the words and counts that they stand for."""

    def __init__(
        self,
        spool: Spool,
        words: TypeBytes,
        counts: NDArray[np.int64],
        observe: Callable[[ReadingProgress], None],
    ) -> None:
        self.spool = spool
        self.words = words
        self.counts = counts
        self._observe = observe

    def join_phrases(self, text: TextSettings) -> JoinedPhrases:
        """Join what belongs together, once over the whole stream."""
        threshold = text.phrase_threshold
        found = phrases.find_phrases(
            self._chunks,
            self.counts,
            score="npmi" if text.phrase_score == "npmi" else "count",
            threshold=_DEFAULT_THRESHOLDS[text.phrase_score] if threshold is None else threshold,
            min_count=text.phrase_min_count,
        )
        words, tokens = list(self.words), int(self.counts.sum())
        types = len(words)
        becomes = _settled(words, phrases.joined_words(words, found))
        counts = np.zeros(len(words), np.int64)
        with Spool(self.spool.folder) as joined:
            for numbers, line_ends in phrases.join(self._chunks, found, types):
                settled = becomes[numbers]
                counts += np.bincount(settled, minlength=len(words))
                joined.append(Chunk(settled, line_ends, _GLOBAL))
            self.spool.exchange(joined)
        self.words, self.counts = TypeBytes.of(words), counts
        return JoinedPhrases(
            types=int(np.count_nonzero(counts[np.unique(becomes[types:])])),
            tokens=tokens - int(counts.sum()),
            count_error=found.error_bound,
        )

    def _chunks(self) -> Iterator[phrases.Chunk]:
        done, total = 0, int(self.counts.sum())
        same = Lookup(np.arange(len(self.words), dtype=np.int32))
        for chunk in self.spool:
            numbers = same(chunk)[chunk.numbers]
            yield numbers, chunk.line_ends
            done += len(numbers)
            self._observe(ReadingProgress(done, total, done, "joining phrases"))

    def numbered(
        self,
        becomes: Lookup,
        pruned: Pruned,
        work: OrderedThreads,
        folder: Path | None,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The ids of the words that were kept, and where the lines end among them.

        becomes: one more than a type's id, 0 if it is dropped. The arrays lie in
        the folder, or in memory, or if they are large in files without a name.

        Raises
        ------
        CorpusError
            If no line holds two words.

        """

        def renumber(chunk: Chunk) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
            kept = np.empty(len(chunk.numbers), np.int32)
            ends = np.empty_like(chunk.line_ends)
            tokens = kernels.renumber(chunk.numbers, chunk.line_ends, becomes(chunk), kept, ends)
            return kept[:tokens], ends

        total = pruned.tokens
        is_small = folder is None and 4 * total <= MEMORY_BYTES
        place = folder or self.spool.folder
        last_end = tokens = lines = longest = 0
        with ExitStack() as stack:
            ids, line_ends = (
                stack.enter_context(_place(name, kind, folder, self.spool.folder, is_small))
                for name, kind in ((IDS, "<i4"), (LINE_ENDS, "<i8"))
            )

            def write(array: PlacedArray, part: NDArray[Any], start: int) -> None:
                with disk_errors(place):
                    array.put(part, start)

            with work.aside() as aside:
                for _, (kept, ends) in work.map(renumber, self.spool):
                    ends, longest_here = _filled_lines(ends + tokens, last_end)
                    aside(write, ids, kept, tokens)
                    aside(write, line_ends, ends, lines)
                    tokens += len(kept)
                    lines += len(ends)
                    longest = max(longest, longest_here)
                    last_end = int(ends[-1]) if len(ends) else last_end
                    self._observe(ReadingProgress(tokens, total, tokens, "numbering"))
            if longest < 2:
                raise _too_short(pruned)
            with disk_errors(place):
                return ids.whole(tokens), line_ends.whole(lines)


def _too_short(pruned: Pruned) -> CorpusError:
    """The error for lines of one word each."""
    kept = len(pruned.words)
    ways = [*pruned.ways_to_keep_more, "put words that belong together on one line"]
    return CorpusError(
        f"no line holds two of the {kept:,} word{'s' * (kept != 1)} kept, so no word has a "
        f"neighbour to learn from; {', or '.join(ways)}"
    )


def _settled(words: list[bytes], joined: list[bytes]) -> NDArray[np.int32]:
    """Append the joined words that are new; the number of each word that a pass may leave.

    The text may have held "new_york" before, and a later pass may make one phrase in two ways.
    """
    number_of = {word: number for number, word in enumerate(words)}
    becomes = np.arange(len(words) + len(joined), dtype=np.int32)
    for place, word in enumerate(joined, start=len(words)):
        becomes[place] = number_of.setdefault(word, len(words))
        if becomes[place] == len(words):
            words.append(word)
    return becomes


def _filled_lines(ends: NDArray[np.int64], last_end: int) -> tuple[NDArray[np.int64], int]:
    """The ends of the lines that are not empty, and the length of the longest."""
    if not len(ends):
        return ends, 0
    lengths = ends.copy()
    lengths[1:] -= ends[:-1]
    lengths[0] -= last_end
    return ends[lengths > 0], int(lengths.max())


@contextmanager
def _place(
    name: str, kind: str, folder: Path | None, scratch: Path | None, in_memory: bool
) -> Iterator[PlacedArray]:
    """Room for an array: a file that stays, one without a name, or memory."""
    if in_memory:
        yield PlacedArray(None, kind)
        return
    with disk_errors(folder or scratch):
        file: Any = (
            tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115  (closed below)
            if folder is None
            else (folder / name).open("w+b")
        )
    with file:
        yield PlacedArray(file, kind)
