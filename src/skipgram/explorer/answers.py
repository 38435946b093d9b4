"""Neighbours for a page that asks for them: understood, bounded, many answered at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.explorer.layout import ShownWords
from skipgram.vectors.asked import known_terms, sum_of_units

MOST_NEIGHBORS = 200
MOST_WORDS = 50
LONGEST_WORD = 500
"""Characters; no vocabulary that people read has longer words."""

_USUAL = 15
_NUMBERS = ("set", "k")
_WORDS = ("word", "plus", "minus")


class Asked(NamedTuple):
    """A sum of words whose neighbours are wanted."""

    set: int
    plus: tuple[str, ...]
    minus: tuple[str, ...]
    k: int


class Found(NamedTuple):
    """The same, looked up."""

    unit: NDArray[np.float64]
    """shape (dim,): the sum of the words' unit vectors, which is not zero"""
    own: frozenset[int]
    """the ids of its words, which are no neighbours"""
    k: int


def asked_in(given: Sequence[tuple[str, str]], sets: int) -> Asked:
    """What the names and values of an address ask for.

    Raises
    ------
    SettingsError
        If it is anything but a question of moderate size.

    """
    of_name: Mapping[str, list[str]] = {name: [] for name in (*_NUMBERS, *_WORDS)}
    for name, value in given:
        if name not in of_name:
            raise SettingsError(f"{name!r:.60} is not one of: {', '.join(of_name)}")
        of_name[name].append(value)
    number = _whole(of_name["set"], "set", 0, 0, sets - 1)
    k = _whole(of_name["k"], "k", _USUAL, 1, MOST_NEIGHBORS)
    plus, minus = (*of_name["word"], *of_name["plus"]), tuple(of_name["minus"])
    if not 0 < len(plus) + len(minus) <= MOST_WORDS:
        raise SettingsError(
            f"give 1 to {MOST_WORDS} words (word, plus, minus), not {len(plus) + len(minus):,}"
        )
    for word in (*plus, *minus):
        if not 0 < len(word) <= LONGEST_WORD:
            raise SettingsError(f"a word has 1 to {LONGEST_WORD} characters, not {len(word):,}")
    return Asked(number, plus, minus, k)


def looked_up(sets: Sequence[ShownWords], asked: Asked) -> Found:
    """The sum that is asked for.

    Raises
    ------
    UnknownWordError
        If words have no vector: for one it suggests spellings.
    SkipgramError
        If a vector is zero, or the vectors cancel out.

    """
    vectors = sets[asked.set].vectors
    added, taken = (known_terms(vectors, list(words)) for words in (asked.plus, asked.minus))
    own = frozenset(term.id for term in (*added, *taken)) - {-1}
    return Found(sum_of_units(added, taken), own, asked.k)


def neighbors_of_each(shown: ShownWords, asked: Sequence[Found]) -> list[list[tuple[str, float]]]:
    """For each question its neighbours among the words that are shown: found in one search."""
    wanted = max(found.k + len(found.own) for found in asked)
    queries = np.stack([found.unit for found in asked])
    nearest = shown.nearest(queries, min(wanted, len(shown.vectors)))
    words = shown.vectors.words
    answers = []
    for found, ids, cosines in zip(
        asked, nearest.ids.tolist(), nearest.similarities.tolist(), strict=True
    ):
        pairs = [
            (number, cosine)
            for number, cosine in zip(ids, cosines, strict=True)
            if number >= 0 and number not in found.own
        ]
        answers.append([(words[number], cosine) for number, cosine in pairs[: found.k]])
    return answers


def _whole(values: Sequence[str], name: str, usual: int, least: int, most: int) -> int:
    if not values:
        return usual
    (text, *more) = values
    # Python's own reading takes other scripts' digits, blanks and underscores.
    is_plain = text.isascii() and text.isdigit() and len(text) <= len(str(most))
    if more or not is_plain or not least <= int(text) <= most:
        raise SettingsError(f"{name} is a whole number from {least} to {most}, given once")
    return int(text)
