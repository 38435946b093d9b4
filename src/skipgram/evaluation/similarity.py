"""Word similarity: do cosines rank pairs of words as people do?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.stats import spearmanr

from skipgram.errors import FormatError
from skipgram.evaluation.sets import lines_of
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
    """in −1..1; nan where fewer than three pairs are known, or all rank alike"""
    pairs_known: int
    pairs: int


def read_pairs(file: Path) -> list[RatedPair]:
    """Rated pairs, a line each: word, word, rating, tab-separated; # starts a comment.

    Words are lower-cased.

    Raises
    ------
    FormatError
        For a line of another form, with its number.

    """
    pairs = []
    for number, line in enumerate(lines_of(file), 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            one, other, rating = map(str.strip, line.lower().split("\t"))
            pairs.append(RatedPair(one, other, _finite(rating)))
        except ValueError:
            raise FormatError(
                f"{file}:{number}: {line!r} where word, word and rating should stand, "
                "separated by tabs"
            ) from None
    if not pairs:
        raise FormatError(f"{file} holds no pair")
    return pairs


def similarity_score(
    vectors: WordVectors, pairs: Sequence[RatedPair], name: str = ""
) -> SimilarityScore:
    """Rank correlation over the pairs both of whose words are in the vocabulary."""
    known = [pair for pair in pairs if pair.one in vectors and pair.other in vectors]
    correlation = np.nan
    cosines = [vectors.similarity(pair.one, pair.other) for pair in known]
    ratings = [pair.rating for pair in known]
    if len(known) >= 3 and len(set(cosines)) > 1 and len(set(ratings)) > 1:
        correlation = spearmanr(cosines, ratings).statistic
    return SimilarityScore(name, float(correlation), len(known), len(pairs))


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value
