"""The n-grams of words, by the characters themselves: nothing is hashed, and none collide.

A word is put between < and >, so that an n-gram at either end differs from one inside. The whole
of `<word>` is not among its n-grams: no other word has it. One that occurs twice in a word counts
once. Characters are Unicode code points.

Source: Bojanowski, Grave, Joulin & Mikolov 2017, who hash them.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.settings.ngram_range import NgramRange


def ngrams_of(word: str, range_: NgramRange) -> list[str]:
    """The different n-grams of a word, shortest first."""
    marked = f"<{word}>"
    found = (
        marked[start : start + length]
        for length in range(range_.shortest, range_.longest + 1)
        for start in range(len(marked) - length + 1)
        if length < len(marked)
    )
    return list(dict.fromkeys(found))


def scales_of(ngrams: NDArray[np.integer] | int) -> NDArray[np.float64]:
    """(1 + k)^(−1/2) of words with k n-grams, by which their sums are scaled."""
    return np.asarray((1.0 + ngrams) ** -0.5)


class SharedNgrams(NamedTuple):
    """The n-grams that several words have, and which words those are."""

    ngrams: PackedWords
    starts: NDArray[np.int64]
    """shape (ngrams + 1,): the words of an n-gram are words[starts[g] : starts[g + 1]], rising"""
    words: NDArray[np.int32]


def shared_ngrams(words: Sequence[str], range_: NgramRange, least_words: int = 2) -> SharedNgrams:
    """The n-grams that at least this many words have.

    An n-gram that many words have begins with a shorter one that as many have. So lengths are taken
    in turn, and only positions where that still holds are extended by a character.
    """
    marked = "".join(f"<{word}>" for word in words)
    lengths = np.array([len(word) + 2 for word in words], np.int64)
    _, codes = np.unique(np.frombuffer(marked.encode("utf-32-le"), np.uint32), return_inverse=True)
    codes = codes.astype(np.int64)
    alphabet = int(codes.max(initial=0)) + 1
    word_of = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    ends = np.repeat(np.cumsum(lengths), lengths)
    is_start = np.zeros(len(codes), bool)
    is_start[np.cumsum(lengths) - lengths] = True
    places = np.arange(len(codes))
    prefixes = np.zeros(len(codes), np.int64)  # of no characters: the same for all
    texts: list[str] = []
    counts, holders = [np.zeros(1, np.int64)], [np.zeros(0, np.int32)]
    for length in range(1, range_.longest + 1):
        fits = places + length <= ends[places]
        fits &= ~(is_start[places] & (places + length == ends[places]))
        places, prefixes = places[fits], prefixes[fits]
        keys = prefixes * alphabet + codes[places + length - 1]
        order = np.argsort(keys, kind="stable")  # within an n-gram, places and so words rise
        places, keys = places[order], keys[order]
        is_new = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
        holder = word_of[places]
        is_first = is_new | np.append(True, holder[1:] != holder[:-1])[: len(keys)]
        prefixes = np.cumsum(is_new) - 1
        holders_each = np.bincount(prefixes[is_first], minlength=int(is_new.sum()))
        is_shared = holders_each >= least_words
        kept = is_shared[prefixes]
        if length >= range_.shortest:
            begins = places[is_new][is_shared].tolist()
            texts += [marked[begin : begin + length] for begin in begins]
            counts.append(holders_each[is_shared])
            holders.append(holder[kept & is_first])
        places, prefixes = places[kept], prefixes[kept]
        if not len(places):
            break
    return SharedNgrams(
        PackedWords.of(texts), np.cumsum(np.concatenate(counts)), np.concatenate(holders)
    )
