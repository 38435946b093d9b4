"""The directions of a test set's words: those that the vectors have, and how they were found."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.evaluation.casing import Found, look_up, spelled_forms
from skipgram.vectors.search import unit_row
from skipgram.vectors.word_vectors import WordVectors


class KnownWords(NamedTuple):
    """Test words that have a direction."""

    forms: dict[str, str]
    """what each is in the vectors"""
    units: dict[str, NDArray[np.float64]]
    """the vector of each, at length 1"""
    ids: dict[str, int]
    """-1 for a word that is spelled"""
    found: Found
    zero_words: tuple[str, ...]
    """words left out, because a vector of zeros has no direction"""
    spelled: int

    def unit_rows(self, words: Iterable[str]) -> NDArray[np.float64]:
        """Their vectors, one a row."""
        return np.stack([self.units[word] for word in words])


def known_words(words: Iterable[str], vectors: WordVectors, *, spell: bool) -> KnownWords:
    """Those of the words that are in the vocabulary, as `casing` finds them, or can be spelled."""
    different = list(dict.fromkeys(words))
    found = look_up(different, vectors.vocabulary)
    # Those of zeros are in `found` too, and are not to be spelled instead.
    unknown = [word for word in different if word not in found.ids] if spell else []
    spelled = spelled_forms(unknown, vectors)
    rows = {word: vectors.shown_rows[number] for word, number in found.ids.items()}
    zero_words = tuple(word for word, row in rows.items() if not row.any())
    rows = {word: row for word, row in rows.items() if row.any()}
    forms = {word: vectors.words[found.ids[word]] for word in rows} | spelled
    rows |= {word: vectors.vector(form) for word, form in spelled.items()}
    return KnownWords(
        forms,
        {word: unit_row(np.asarray(row)) for word, row in rows.items()},
        {word: found.ids.get(word, -1) for word in rows},
        found,
        zero_words,
        len(spelled),
    )
