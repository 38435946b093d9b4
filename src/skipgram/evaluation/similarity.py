"""Word similarity: do cosines rank pairs of words as people do?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import spearmanr

from skipgram.errors import FormatError
from skipgram.evaluation.casing import look_up, spelled_forms
from skipgram.untrusted.opening import read_lines
from skipgram.vectors.word_vectors import WordVectors

WORDSIM_353 = Path(__file__).parent / "data" / "wordsim353.tsv"


class RatedPair(NamedTuple):
    """Two words and people's mean rating of their similarity."""

    one: str
    other: str
    rating: float


@dataclass(frozen=True)
class SimilarityScore:
    """Spearman's rank correlation of cosines and ratings, over the pairs whose words are known."""

    name: str
    correlation: float
    """in −1..1; nan if fewer than three pairs are known, or all rank alike"""
    pairs_known: int
    """those that could be compared, and are scored"""
    pairs: int
    words_in_lower_case: int = 0
    """test words found only in lower case"""
    words_ignoring_case: int = 0
    """test words found only with case ignored, as the vocabulary's most frequent form"""
    pairs_merged: int = 0
    """left out: the two words differ only in case, and the vocabulary has one for both"""
    zero_words: tuple[str, ...] = ()
    """words whose pairs are left out, because a vector of zeros has no direction"""
    words_spelled: int = 0
    """test words that are not in the vocabulary, and whose vectors were made from their spelling"""


def read_pairs(file: Path) -> list[RatedPair]:
    """Rated pairs, one per line: word, word, rating, tab-separated; # starts a comment."""
    pairs = []
    for number, line in enumerate(read_lines(file, "a list of pairs"), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            one, other, rating = map(str.strip, line.split("\t"))
            pairs.append(RatedPair(one, other, _finite(rating)))
        except ValueError:
            raise FormatError(
                f"{file}:{number}: {line!r:.60} where word, word and rating should be, separated "
                "by tabs"
            ) from None
    if not pairs:
        raise FormatError(f"{file} holds no pairs")
    return pairs


def similarity_score(
    vectors: WordVectors, pairs: Sequence[RatedPair], name: str = "", *, spell: bool = False
) -> SimilarityScore:
    """Rank correlation over the pairs both of whose words are in the vocabulary: see `casing`.

    With `spell` a word that is not there may have a vector from its spelling.
    """
    words = [word for pair in pairs for word in pair[:2]]
    found = look_up(words, vectors.vocabulary)
    zero_words = [
        word for word, number in found.ids.items() if not vectors.shown_rows[number].any()
    ]
    forms = {word: vectors.words[number] for word, number in found.ids.items()}
    spelled = spelled_forms([word for word in words if word not in forms], vectors) if spell else {}
    forms |= spelled
    for word in zero_words:
        del forms[word]
    known, merged = [], 0
    for pair in pairs:
        if pair.one not in forms or pair.other not in forms:
            continue
        one, other = forms[pair.one], forms[pair.other]
        if one == other and pair.one != pair.other:
            merged += 1
        else:
            known.append(RatedPair(one, other, pair.rating))
    correlation = np.nan
    cosines = [vectors.similarity(pair.one, pair.other) for pair in known]
    ratings = [pair.rating for pair in known]
    if len(known) >= 3 and len(set(cosines)) > 1 and len(set(ratings)) > 1:
        correlation = spearmanr(cosines, ratings).statistic
    return SimilarityScore(
        name,
        float(correlation),
        len(known),
        len(pairs),
        found.in_lower_case,
        found.ignoring_case,
        merged,
        tuple(zero_words),
        len(spelled),
    )


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value
