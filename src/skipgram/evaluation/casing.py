"""Test words in a vocabulary, either of which may be in lower case.

Neither side is simply folded. A test word is looked up

1. as it is written,
2. in lower case, as uncased vectors have it,
3. with case ignored on both sides; of several forms the most frequent is taken.

So a cased vocabulary keeps its "Polish" and "polish" apart, and "ATHENS" still
finds "Athens". The words found only by 2 or by 3 are counted.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.vectors.word_vectors import WordVectors


class Found(NamedTuple):
    """The test words that a vocabulary has."""

    ids: dict[str, int]
    in_lower_case: int
    """found only so: the test set was folded"""
    ignoring_case: int
    """found only so: the test set and the vocabulary were folded"""


def look_up(words: Iterable[str], vocabulary: Vocabulary) -> Found:
    """The id of each different test word that the vocabulary has, in any case."""
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


def spelled_forms(words: Iterable[str], vectors: WordVectors) -> dict[str, str]:
    """How each of these unknown words is spelled, if it can be.

    It is spelled as it is written, or in lower case where all words of the vocabulary are.
    """
    if vectors.speller is None:
        return {}
    written = {word: vectors.written_form(word) for word in dict.fromkeys(words)}
    return {
        word: form
        for word, form in written.items()
        if vectors.can_spell(form) and vectors.vector(form).any()
    }


def forms_of(some: NDArray[np.integer], words: Sequence[str]) -> NDArray[np.int32]:
    """The places of all words that differ from some of them in case alone, or not at all.

    some: places in `words`. Shape (some, most forms of one), repeated where there are fewer.
    """
    folded = [words[place].casefold() for place in some.tolist()]
    places: dict[str, list[int]] = {word: [] for word in folded}
    for place, word in enumerate(words):
        if (found := places.get(word.casefold())) is not None:
            found.append(place)
    most = max(map(len, places.values()), default=1)
    alike = [places[word] for word in folded]
    table = [own + own[:1] * (most - len(own)) for own in alike]
    return np.array(table, np.int32).reshape(len(folded), most)


def _known(words: Sequence[str], forms: Sequence[str], vocabulary: Vocabulary) -> dict[str, int]:
    ids = vocabulary.ids_of(forms).tolist()
    return {word: number for word, number in zip(words, ids, strict=True) if number >= 0}


def _most_frequent_forms(folded: set[str], vocabulary: Vocabulary) -> dict[str, int]:
    """The id of the most frequent form of each of these words, given with case folded."""
    best: dict[str, int] = {}
    if not folded:
        return best
    counts = vocabulary.counts
    for number, word in enumerate(vocabulary):
        key = word.casefold()
        if key in folded and (key not in best or counts[number] > counts[best[key]]):
            best[key] = number
    return best
