"""The vectors of a fastText model's words, from its rows and those of their n-grams."""

from typing import Any

import numpy as np

from skipgram.compiling import kernel


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
        Characters of an n-gram, at least and at most.
    composed
        shape (words, embedding_dim), float32: the result.

    """
    words, dim = composed.shape
    buckets = np.uint32(len(rows) - words)
    total = np.empty(dim, np.float64)
    longest_word = 0
    for word in range(words):
        longest_word = max(longest_word, ends[word] - (ends[word - 1] if word else 0))
    marked = np.empty(longest_word + 2, np.uint8)
    for word in range(words):
        start = ends[word - 1] if word else 0
        length = ends[word] - start + 2
        marked[0], marked[length - 1] = ord("<"), ord(">")
        marked[1 : length - 1] = text[start : ends[word]]
        total[:] = rows[word]
        parts = 1
        if word != skips and buckets:
            for begin in range(length):
                if marked[begin] & 0xC0 == 0x80:
                    continue
                value = np.uint32(2166136261)
                end, characters = begin, 0
                while end < length and characters < longest:
                    while True:  # a whole character
                        byte = np.uint32(marked[end])
                        if byte >= np.uint32(0x80):
                            byte |= np.uint32(0xFFFFFF00)
                        value = np.uint32(np.uint32(value ^ byte) * np.uint32(16777619))
                        end += 1
                        if end == length or marked[end] & 0xC0 != 0x80:
                            break
                    characters += 1
                    is_edge = characters == 1 and (begin == 0 or end == length)
                    if characters >= shortest and not is_edge:
                        row = words + np.int64(value % buckets)
                        for column in range(dim):
                            total[column] += rows[row, column]
                        parts += 1
        for column in range(dim):
            composed[word, column] = total[column] / parts
