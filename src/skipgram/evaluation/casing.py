"""Test words among the words of a vocabulary, of which either may be in lower case.

No side is folded alone. A test word is looked up

1. as it is written,
2. in lower case, as uncased vectors have it,
3. with case ignored on both sides; of several forms the most frequent one.

So a cased vocabulary answers for its own "Polish" and "polish", and "ATHENS"
still finds "Athens". How many words were found only by 2 or 3 is counted.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.vocabulary import Vocabulary


class Found(NamedTuple):
    """The test words that a vocabulary has."""

    ids: dict[str, int]
    in_lower_case: int
    """words found only so: the test set was folded"""
    ignoring_case: int
    """words found only so: the test set and the vocabulary were folded"""


def look_up(words: Iterable[str], vocabulary: Vocabulary) -> Found:
    """The id of each different test word that the vocabulary has, in some case."""
    different = list(dict.fromkeys(words))
    exact = _known(different, different, vocabulary)
    left = [word for word in different if word not in exact]
    lower = _known(left, [word.lower() for word in left], vocabulary)
    left = [word for word in left if word not in lower]
    most_frequent = _most_frequent_forms({word.casefold() for word in left}, vocabulary)
    folded = {
        word: most_frequent[word.casefold()] for word in left if word.casefold() in most_frequent
    }
    return Found(exact | lower | folded, len(lower), len(folded))


def forms(words: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which words differ in case alone.

    Returns
    -------
    shape (words,): a number for each word, the same for all its forms; and
    shape (words, most forms of a word): the places of its forms, itself among
    them, repeated where there are fewer.

    """
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(word.casefold(), []).append(place)
    group, alike = np.empty(len(words), np.intp), list(places.values())
    of_group = np.empty((len(alike), max(map(len, alike), default=1)), np.intp)
    for number, some in enumerate(alike):
        group[some] = number
        of_group[number] = some[0]
        of_group[number, : len(some)] = some
    return group, of_group[group]


def _known(words: Sequence[str], forms: Sequence[str], vocabulary: Vocabulary) -> dict[str, int]:
    ids = vocabulary.ids_of(forms).tolist()
    return {word: number for word, number in zip(words, ids, strict=True) if number >= 0}


def _most_frequent_forms(folded: set[str], vocabulary: Vocabulary) -> dict[str, int]:
    """The id of the most frequent word that is each of these with its case ignored."""
    best: dict[str, int] = {}
    if not folded:
        return best
    counts = vocabulary.counts
    for number, word in enumerate(vocabulary):
        key = word.casefold()
        if key in folded and (key not in best or counts[number] > counts[best[key]]):
            best[key] = number
    return best
