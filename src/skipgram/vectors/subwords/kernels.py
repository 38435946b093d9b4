"""The vectors of a fastText model's words, from its rows and those of their n-grams."""

from typing import Any

import numpy as np

from skipgram.kernels.compiling import inlined, kernel

_CONTINUES, _CONTINUATION = 0b1100_0000, 0b1000_0000
_OFFSET, _PRIME, _SIGN = np.uint32(2166136261), np.uint32(16777619), np.uint32(0x80)
_NEGATIVE = np.uint32(0xFFFFFF00)


@inlined
def _hash_character(marked: Any, at: Any, length: Any, value: Any) -> Any:
    """(the hash with one more character, where that character ends)."""
    while True:
        byte = np.uint32(marked[at])
        if byte >= _SIGN:
            byte |= _NEGATIVE
        value = np.uint32(np.uint32(value ^ byte) * _PRIME)
        at += 1
        if at == length or marked[at] & _CONTINUES != _CONTINUATION:
            return value, at


@inlined
def _add_ngrams(
    marked: Any, length: Any, rows: Any, words: Any, shortest: Any, longest: Any, total: Any
) -> Any:
    """Add the row of each n-gram of a marked word to `total`; return how many there are."""
    buckets = np.uint32(len(rows) - words)
    parts = 0
    for begin in range(length):
        if marked[begin] & _CONTINUES == _CONTINUATION:
            continue
        value, end, characters = _OFFSET, begin, 0
        while end < length and characters < longest:
            value, end = _hash_character(marked, end, length, value)
            characters += 1
            is_edge = characters == 1 and (begin == 0 or end == length)
            if characters >= shortest and not is_edge:
                row = words + np.int64(value % buckets)
                for column in range(len(total)):
                    total[column] += rows[row, column]
                parts += 1
    return parts


@kernel
def compose(
    text: Any, ends: Any, skips: int, rows: Any, shortest: int, longest: int, composed: Any
) -> None:
    """The mean of each word's own row and those of its n-grams: see `Subwords`.

    Parameters
    ----------
    text, ends
        Words in UTF-8, end to end, and where each ends.
    skips
        The id of the word without n-grams, or -1.
    rows
        shape (words + buckets, embedding_dim), float32: words' own rows first.
    shortest, longest
        The fewest and the most characters of an n-gram.
    composed
        shape (words, embedding_dim), float32: the result.

    """
    words, dim = composed.shape
    total = np.empty(dim, np.float64)
    longest_word, start = 0, 0
    for word in range(words):
        longest_word = max(longest_word, ends[word] - start)
        start = ends[word]
    marked = np.empty(longest_word + 2, np.uint8)
    start = 0
    for word in range(words):
        length = ends[word] - start + 2
        marked[0], marked[length - 1] = ord("<"), ord(">")
        marked[1 : length - 1] = text[start : ends[word]]
        start = ends[word]
        total[:] = rows[word]
        parts = 1
        if word != skips and len(rows) > words:
            parts += _add_ngrams(marked, length, rows, words, shortest, longest, total)
        for column in range(dim):
            composed[word, column] = total[column] / parts
