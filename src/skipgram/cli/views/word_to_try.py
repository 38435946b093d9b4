"""A word that is worth asking about."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from skipgram.vectors.word_vectors import WordVectors

_MOSTLY_FUNCTION_WORDS, _STILL_FREQUENT = 100, 300
"""Ranks by frequency; words such as "the" and "with" have few neighbours that say anything."""
_LEAST_LETTERS = 4


def word_to_try(vectors: "WordVectors") -> str:
    """A frequent word with meaning: below the most frequent, the one with the longest vector.

    Of equally frequent words those with more meaning, used in fewer contexts, get longer vectors.
    Source: Schakel & Wilson 2015.
    """
    import numpy as np

    ids = vectors.vocabulary.by_count[:_STILL_FREQUENT].tolist()
    words = [number for number in ids if vectors.words[number].isalpha()]
    long = [number for number in words if len(vectors.words[number]) >= _LEAST_LETTERS]
    frequent = {*ids[:_MOSTLY_FUNCTION_WORDS]}
    candidates = [number for number in long if number not in frequent] or long or words or ids
    if not candidates:
        return "WORD"
    lengths = np.linalg.norm(vectors.shown_rows[np.array(candidates)], axis=1)
    word: str = vectors.words[candidates[int(lengths.argmax())]]
    return word
