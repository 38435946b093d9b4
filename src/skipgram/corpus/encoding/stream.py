"""All tokens of a corpus on their way from the numbers of types to the ids of words."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoding.placed import placed_corpus, renumbered
from skipgram.corpus.encoding.spool import Chunk, Lookup, Spool
from skipgram.corpus.phrases import finding as phrases
from skipgram.corpus.phrases.phraser import PhrasePass
from skipgram.corpus.summary import ReadingProgress
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
    """that they saved: two became one"""
    count_error: int
    """by how much a pair's count may be too low"""
    phrases: PhrasePass
    """all that were looked for"""


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
        """Find what belongs together and join it, once over the whole stream."""
        threshold = text.phrase_threshold
        found = phrases.find_phrases(
            self._chunks,
            self.counts,
            score="npmi" if text.phrase_score == "npmi" else "count",
            threshold=_DEFAULT_THRESHOLDS[text.phrase_score] if threshold is None else threshold,
            min_count=text.phrase_min_count,
        )
        return self._joined(found, phrases.by_words(found, self.words))

    def join_known(self, known: PhrasePass) -> JoinedPhrases:
        """Join what is known to belong together, once over the whole stream."""
        return self._joined(phrases.by_numbers(known, self.words), known)

    def _joined(self, found: phrases.Phrases, told: PhrasePass) -> JoinedPhrases:
        words, tokens = list(self.words), int(self.counts.sum())
        types = len(words)
        numbers_left = _numbers_left(words, phrases.joined_words(words, found))
        counts = np.zeros(len(words), np.int64)
        with Spool(self.spool.folder, self.spool.memory_bytes) as joined:
            for numbers, line_ends in phrases.join(self._chunks, found, types):
                settled = numbers_left[numbers]
                counts += np.bincount(settled, minlength=len(words))
                joined.append(Chunk(settled, line_ends, _GLOBAL))
            self.spool.exchange(joined)
        self.words, self.counts = TypeBytes.of(words), counts
        return JoinedPhrases(
            types=int(np.count_nonzero(counts[np.unique(numbers_left[types:])])),
            tokens=tokens - int(counts.sum()),
            count_error=found.error_bound,
            phrases=told,
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
        ids_from_1: Lookup,
        pruned: Pruned,
        work: OrderedThreads,
        folder: Path | None,
    ) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The ids of the words that were kept, and where the lines end among them.

        ids_from_1: each type's id plus 1, or 0 if it is dropped. The arrays lie in
        the folder, or in memory, or if they are large in files without a name.
        """

        def kept(chunk: Chunk) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
            return renumbered(chunk.numbers, chunk.line_ends, ids_from_1(chunk))

        total = pruned.tokens
        is_small = folder is None and 4 * total <= self.spool.memory_bytes
        with placed_corpus(folder, self.spool.folder, in_memory=is_small) as placed:
            with work.aside() as aside:
                for _, stretch in work.map(kept, self.spool):
                    placed.put(*stretch, aside)
                    done = placed.tokens
                    self._observe(ReadingProgress(done, total, done, "numbering"))
            if placed.longest < 2:
                raise _too_short(pruned)
            return placed.whole()


def _too_short(pruned: Pruned) -> CorpusError:
    """The error for lines of one word each."""
    kept = len(pruned.words)
    ways = [*pruned.ways_to_keep_more, "put words that belong together on one line"]
    return CorpusError(
        f"no line holds two of the {kept:,} word{'s' * (kept != 1)} kept, so no word has a "
        f"neighbour to learn from; {', or '.join(ways)}"
    )


def _numbers_left(words: list[bytes], joined: list[bytes]) -> NDArray[np.int32]:
    """Append the joined words that are new; the number of every word that the pass may leave.

    The text may have held "new_york" before, and a later pass may make one phrase in two ways.
    """
    number_of = {word: number for number, word in enumerate(words)}
    numbers = np.arange(len(words) + len(joined), dtype=np.int32)
    for place, word in enumerate(joined, start=len(words)):
        numbers[place] = number_of.setdefault(word, len(words))
        if numbers[place] == len(words):
            words.append(word)
    return numbers
