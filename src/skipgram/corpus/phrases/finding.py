"""Words that belong together: "new york" becomes the one token "new_york".

A pair of neighbours is a phrase if it occurs more often than its two words would suggest; a score
says by how much. One pass makes phrases of two words; a second pass, over the joined corpus, makes
longer ones.

A corpus is read here as a stream of chunks that can be started again, since
counting and joining each read all of it. A chunk is (numbers, line_ends):

numbers: shape (n,), int32, the numbers of its words, each below the number of
types.

line_ends: shape (m,), int64, in 0..n and never falling: a line ends after that many of the chunk's
tokens. So 0 ends the line that the previous chunk left open, and n the one that would go on in the
next. Two equal offsets have an empty line between them. Chunks may be empty, lines may extend over
many, and nothing here depends on where the borders are.

Source: Mikolov et al. 2013 (arXiv 1310.4546), section 4, and its program
word2phrase.c. Pairs never reach over a line's end.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skipgram.corpus.phrases import kernels as pairs
from skipgram.corpus.phrases.phraser import JOINT, PhrasePass

Chunk: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int64]]
Chunks: TypeAlias = Callable[[], Iterable[Chunk]]
Score: TypeAlias = Literal["count", "npmi"]

MOST_PAIRS = 50_000_000
"""Different pairs counted at a time. Their table takes 1 GiB, and half as much again while it grows
or when it is full."""

TURNED = secrets.randbits(63)
"""The bits of pairs that are flipped in this process's tables; no result depends on them."""
_FIRST_SLOTS = 1 << 16


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Pairs of neighbours seen at least `min_count` times, rising by (first, second).

    Pair i is (first[i], second[i]), seen counts[i] times; each has shape (pairs,).
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    counts: NDArray[np.int64]
    different_pairs: int
    """pairs in the table at the end, those seen less often included"""
    error_bound: int
    """each count is low by so much at most, and a pair not counted was seen so often at most"""


@dataclass(frozen=True, eq=False)
class Phrases:
    """Pairs that are phrases, by falling score, equal ones rising by (first, second).

    Phrase i is the word of number first[i] and then that of second[i]; each array
    has shape (phrases,).
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    scores: NDArray[np.float64]
    counts: NDArray[np.int64]
    different_pairs: int
    """the pairs among which they were found"""
    error_bound: int
    """each count is low by so much at most; 0: all counts are exact"""

    def __len__(self) -> int:
        return len(self.first)


def count_score(
    count_ab: ArrayLike, count_a: ArrayLike, count_b: ArrayLike, *, tokens: int, discount: float
) -> NDArray[np.float64]:
    """(count_ab − discount) · tokens / (count_a · count_b)

    Without the discount, by how much more often a and b are neighbours than they
    would be if words followed each other at random. The discount keeps pairs
    low that are seen a few times only. The counts may be arrays.

    Source: Mikolov et al. 2013, equation (6); the factor `tokens`, which makes
    a threshold independent of the corpus's size, as in word2phrase.c. (gensim
    uses the size of its table of words and pairs instead.)

    >>> float(count_score(25, 50, 100, tokens=10_000, discount=5))
    40.0
    """
    n_ab, n_a, n_b = (np.asarray(count, np.float64) for count in (count_ab, count_a, count_b))
    return np.asarray((n_ab - discount) * tokens / (n_a * n_b), np.float64)


def npmi_score(
    count_ab: ArrayLike, count_a: ArrayLike, count_b: ArrayLike, *, tokens: int
) -> NDArray[np.float64]:
    """ln(p_ab / (p_a p_b)) / −ln p_ab, with p = count / tokens

    Normalised pointwise mutual information, in −1..1: 1 for words seen only
    together, 0 for independent ones. Of a pair that is every token it is 1, its
    limit. The counts, all at least 1, may be arrays.

    Source: Bouma 2009, "Normalized (Pointwise) Mutual Information in Collocation
    Extraction".

    >>> float(npmi_score(10, 10, 100, tokens=1000).round(12))
    0.5
    """
    n_ab, n_a, n_b = (np.asarray(count, np.float64) for count in (count_ab, count_a, count_b))
    information = np.asarray(np.log(n_ab * tokens / (n_a * n_b)))
    most = np.asarray(-np.log(n_ab / tokens))
    score: NDArray[np.float64] = np.ones_like(information)
    np.divide(information, most, out=score, where=most > 0)
    return score


def count_numbers(chunks: Chunks, types: int) -> NDArray[np.int64]:
    """How often each number occurs, shape (types,)."""
    counts = np.zeros(types, np.int64)
    for numbers, _ in chunks():
        found = np.bincount(numbers)
        counts[: len(found)] += found
    return counts


def count_pairs(
    chunks: Chunks,
    counts: NDArray[np.int64],
    *,
    min_count: int,
    most_pairs: int = MOST_PAIRS,
    first_slots: int = _FIRST_SLOTS,
) -> PairCounts:
    """How often words stand next to each other on a line; "a a a" holds (a, a) twice.

    Only pairs whose words are both seen `min_count` times are counted. No pair is lost by that:
    count_ab is at most the smaller of count_a and count_b.

    The counts are exact until `most_pairs` different pairs have been seen. From then on the pairs
    seen least often are forgotten whenever there is no room left, and `error_bound` says what that
    may have cost. A count is never too high.

    counts: shape (types,), of the words. min_count, most_pairs: at least 1.
    first_slots: of the table at the start, a power of two.
    """
    is_frequent = counts >= min_count
    table, missed = np.zeros((first_slots, 2), np.int64), np.zeros(0, np.int64)
    last, different, bound = pairs.NONE, 0, 0
    for numbers, line_ends in chunks():
        last, table, missed, different, bound = pairs.count_pairs(
            _settled(numbers, np.int32),
            _settled(line_ends, np.int64),
            is_frequent,
            most_pairs,
            last,
            table,
            missed,
            different,
            bound,
            TURNED,
        )
    found = table[table[:, 1] >= min_count]
    found[:, 0] ^= TURNED
    found = found[np.argsort(found[:, 0])]
    first, second = found[:, 0] >> 32, found[:, 0] & 0xFFFFFFFF
    return PairCounts(
        first.astype(np.int32), second.astype(np.int32), found[:, 1].copy(), different, bound
    )


def find_phrases(
    chunks: Chunks,
    counts: NDArray[np.int64],
    *,
    score: Score,
    threshold: float,
    min_count: int,
    most_pairs: int = MOST_PAIRS,
) -> Phrases:
    """The pairs seen at least `min_count` times whose score is above the threshold.

    Where `most_pairs` made counts inexact they are low, and both scores rise with
    count_ab: phrases may be missing then, but what is found is a phrase.

    Parameters
    ----------
    chunks, counts
        The corpus, and how often each of its words is seen, shape (types,).
    score
        "count", `count_score` with `min_count` for the discount, as in
        word2phrase.c; or "npmi", `npmi_score`.
    threshold
        word2phrase.c takes 100 for its score; "npmi" is at most 1.
    min_count, most_pairs
        See `count_pairs`.

    """
    found = count_pairs(chunks, counts, min_count=min_count, most_pairs=most_pairs)
    count_a, count_b, tokens = counts[found.first], counts[found.second], int(counts.sum())
    if score == "count":
        scores = count_score(found.counts, count_a, count_b, tokens=tokens, discount=min_count)
    else:
        scores = npmi_score(found.counts, count_a, count_b, tokens=tokens)
    (chosen,) = np.nonzero(scores > threshold)
    chosen = chosen[np.argsort(-scores[chosen], kind="stable")]
    return Phrases(
        found.first[chosen],
        found.second[chosen],
        scores[chosen],
        found.counts[chosen],
        found.different_pairs,
        found.error_bound,
    )


def join(chunks: Chunks, phrases: Phrases, types: int) -> Iterator[Chunk]:
    """The corpus with phrase i as the one token of number types + i.

    Each line is read from left to right, and a token that was joined is not
    joined again: of "a b c" with the phrases (a, b) and (b, c) the first is made.
    All lines stay, the empty ones too. A chunk's last token may move into the
    next chunk, or into an extra one at the end.
    """
    begins_phrase = np.zeros(types, np.bool_)
    begins_phrase[phrases.first] = True
    table = pairs.phrase_table(
        _settled(phrases.first, np.int32), _settled(phrases.second, np.int32), TURNED
    )
    last = pairs.NONE
    for numbers, line_ends in chunks():
        joined, joined_ends, last = pairs.join_pairs(
            _settled(numbers, np.int32),
            _settled(line_ends, np.int64),
            begins_phrase,
            table,
            last,
            TURNED,
        )
        yield joined, joined_ends
    if last != pairs.NONE:
        yield np.array([last], np.int32), np.zeros(0, np.int64)


def joined_words(words: Sequence[bytes], phrases: Phrases) -> list[bytes]:
    """The words of the numbers types, types + 1, ... of a joined corpus: a + b"_" + b.

    They need not be new: the corpus may have held "new_york" before, and a later
    pass may make "a_b_c" both of "a_b" "c" and of "a" "b_c".
    """
    joint = JOINT.encode()
    return [
        words[first] + joint + words[second]
        for first, second in zip(phrases.first.tolist(), phrases.second.tolist(), strict=True)
    ]


def by_words(phrases: Phrases, words: Sequence[bytes]) -> PhrasePass:
    """The phrases of numbered words, by the words themselves."""
    used = np.union1d(phrases.first, phrases.second).tolist()
    names = {number: words[number].decode() for number in used}
    return PhrasePass(
        [names[number] for number in phrases.first.tolist()],
        [names[number] for number in phrases.second.tolist()],
        phrases.counts,
        phrases.scores,
    )


def by_numbers(known: PhrasePass, words: Iterable[bytes]) -> Phrases:
    """The known phrases whose words are both among these, by their numbers here."""
    number_of = {word: number for number, word in enumerate(words)}
    first, second = (
        np.array([number_of.get(word.encode(), -1) for word in part], np.int32)
        for part in (known.firsts, known.seconds)
    )
    here = np.flatnonzero((first >= 0) & (second >= 0))
    return Phrases(first[here], second[here], known.scores[here], known.counts[here], len(here), 0)


def _settled(array: NDArray[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """A read-only view, or a copy where it must be: one kind of array, so one compiled kernel."""
    view = np.require(array, dtype, ["C", "A", "E"]).view()
    view.flags.writeable = False
    return view
