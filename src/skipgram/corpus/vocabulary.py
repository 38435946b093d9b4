"""The vocabulary: which words there are, how often each was seen, and the id of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import CorpusError, FormatError, UnknownWordError, did_you_mean


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words by id, with their counts.

    A word is whatever stands between two blanks: a word of any language, a
    node, an item, a k-mer. Ids fall by count; equal counts stand in the order
    of their first appearance.
    """

    words: Sequence[str]
    counts: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.counts.shape != (len(self.words),):
            raise FormatError(
                f"counts has shape {self.counts.shape}; {len(self.words):,} words ask for "
                f"({len(self.words)},)"
            )
        counts = self.counts.view()  # the caller's own array stays as it is
        counts.flags.writeable = False
        object.__setattr__(self, "counts", counts)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def id(self, word: str) -> int:
        """The id of a word.

        Raises
        ------
        UnknownWordError
            With the nearest spellings, if the word is not in the vocabulary.

        """
        try:
            return self._ids[word]
        except KeyError:
            raise UnknownWordError(
                f"{word!r} is not among the {len(self):,} words{did_you_mean(word, self.words)}"
            ) from None

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: number for number, word in enumerate(self.words)}


def prune(
    types: Sequence[bytes], counts: NDArray[np.int64], min_count: int
) -> tuple[Vocabulary, NDArray[np.int32]]:
    """Keep the types seen at least `min_count` times, by falling count.

    Parameters
    ----------
    types
        All types in the order of their first appearance, in UTF-8.
    counts
        shape (len(types),): how often each was seen.
    min_count
        Types seen less often are dropped.

    Returns
    -------
    The vocabulary, and shape (len(types),): the id of each type in it, or -1
    where it was dropped.

    Raises
    ------
    CorpusError
        If fewer than two words are left: there is nothing to tell apart.

    """
    by_count = np.argsort(-counts, kind="stable")
    kept = by_count[: np.count_nonzero(counts >= min_count)]
    if len(kept) == 0:
        raise CorpusError(
            f"no word is seen {min_count} times or more: the most frequent of {len(types):,} has "
            f"count {int(counts.max(initial=0))}; lower min_count (--min-count) or give "
            "more text"
        )
    if len(kept) == 1:
        raise CorpusError(
            f"only one word, {types[kept[0]].decode()!r}, is seen {min_count} times or more; "
            "vectors need at least two: lower min_count (--min-count) or give more text"
        )
    ids = np.full(len(types), -1, np.int32)
    ids[kept] = np.arange(len(kept), dtype=np.int32)
    words = [types[number].decode() for number in kept]
    return Vocabulary(words, counts[kept]), ids
