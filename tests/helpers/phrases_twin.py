"""The slow twin of phrases, in lists of lines of words, and the way there and back."""

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from skipgram.corpus.phrases.finding import Chunk, PairCounts, Phrases, count_numbers, count_pairs

Lines = list[list[str]]
Pair = tuple[str, str]

END = None
"""Stands for a line's end in a stream of words."""


# The slow twin: lists of lines of words


def twin_pairs(lines: Lines, min_count: int) -> dict[Pair, int]:
    counts = Counter(pair for line in lines for pair in pairwise(line))
    return {pair: count for pair, count in counts.items() if count >= min_count}


def twin_lossy_pairs(lines: Lines, most_pairs: int) -> tuple[dict[Pair, int], int]:
    """(counts, error bound), the least seen half forgotten when there are too many."""
    counts: dict[Pair, int] = {}
    missed: dict[Pair, int] = {}
    bound = 0
    for pair in (pair for line in lines for pair in pairwise(line)):
        if pair not in counts:
            if len(counts) == most_pairs:
                at_most = {known: counts[known] + missed[known] for known in counts}
                bound = sorted(at_most.values(), reverse=True)[most_pairs // 2]
                counts = {known: counts[known] for known in counts if at_most[known] > bound}
            counts[pair], missed[pair] = 0, bound
        counts[pair] += 1
    return counts, bound


def twin_score(score: str, together: int, first: int, second: int, tokens: int, min_count: int):
    if score == "count":
        return Fraction((together - min_count) * tokens, first * second)
    p_ab, p_a, p_b = (Fraction(count, tokens) for count in (together, first, second))
    return (math.log(p_ab) - math.log(p_a) - math.log(p_b)) / -math.log(p_ab)


def twin_phrases(lines: Lines, score: str, threshold: float, min_count: int) -> dict[Pair, float]:
    words = Counter(word for line in lines for word in line)
    scores = {
        (a, b): twin_score(score, count, words[a], words[b], words.total(), min_count)
        for (a, b), count in twin_pairs(lines, min_count).items()
    }
    return {pair: float(value) for pair, value in scores.items() if value > threshold}


def twin_joined(lines: Lines, phrases: set[Pair]) -> Lines:
    joined = []
    for line in lines:
        left, done = list(line), []
        while left:
            if tuple(left[:2]) in phrases:
                done.append("_".join(left[:2]))
                del left[:2]
            else:
                done.append(left.pop(0))
        joined.append(done)
    return joined


# Lines of words into chunks of numbers, and back


def vocabulary(lines: Lines) -> list[str]:
    return list(dict.fromkeys(word for line in lines for word in line))


def stream(lines: Lines, last_line_ends: bool = True) -> list[str | None]:
    flat = [item for line in lines for item in (*line, END)]
    return flat if last_line_ends else flat[:-1]


def in_chunks(items: Sequence[str | None], words: list[str], borders: Sequence[int]) -> list[Chunk]:
    """A stream of words and line ends, cut at the borders."""
    numbers = {word: number for number, word in enumerate(words)}
    chunks = []
    for start, stop in pairwise([0, *sorted(borders), len(items)]):
        tokens: list[int] = []
        ends: list[int] = []
        for item in items[start:stop]:
            if item is END:
                ends.append(len(tokens))
            else:
                tokens.append(numbers[item])
        chunks.append((np.array(tokens, np.int32), np.array(ends, np.int64)))
    return chunks


def whole(lines: Lines) -> list[Chunk]:
    return in_chunks(stream(lines), vocabulary(lines), [])


def in_lines(chunks: Sequence[Chunk], words: Sequence[str]) -> Lines:
    """The lines of a stream of chunks; the last is the open one, if it holds anything."""
    lines: Lines = [[]]
    for numbers, line_ends in chunks:
        assert numbers.dtype == np.int32
        assert line_ends.dtype == np.int64
        for position in range(len(numbers) + 1):
            lines += [[] for end in line_ends.tolist() if end == position]
            if position < len(numbers):
                lines[-1].append(words[numbers[position]])
    return lines if lines[-1] else lines[:-1]


def pairs_of(found: PairCounts | Phrases, words: Sequence[str]) -> list[Pair]:
    return [
        (words[a], words[b])
        for a, b in zip(found.first.tolist(), found.second.tolist(), strict=True)
    ]


def counted(
    chunks: list[Chunk], types: int, *, most_pairs: int = 1000, first_slots: int = 1
) -> PairCounts:
    """All pairs, from a table that must grow."""
    counts = count_numbers(lambda: chunks, types)
    return count_pairs(
        lambda: chunks, counts, min_count=1, most_pairs=most_pairs, first_slots=first_slots
    )


def text(source: str) -> Lines:
    return [line.split() for line in source.split("\n")]


@st.composite
def cut_corpora(draw: st.DrawFn, alphabet: str = "abc") -> tuple[Lines, list[Chunk]]:
    """Lines, and the same in chunks with borders anywhere; the last line may be left open."""
    lines = draw(st.lists(st.lists(st.sampled_from(alphabet), max_size=12), max_size=6))
    # Only an open line that holds something can be seen.
    closed = not (lines and lines[-1]) or draw(st.booleans())
    items = stream(lines, closed)
    borders = draw(st.lists(st.integers(0, len(items)), max_size=6))
    chunks = in_chunks(items, vocabulary(lines), borders)
    for numbers, line_ends in chunks:
        numbers.flags.writeable = draw(st.booleans())
        line_ends.flags.writeable = draw(st.booleans())
    return lines, chunks
