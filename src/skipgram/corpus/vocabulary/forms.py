"""Forms of one word that a split at spaces takes for different words: king, King and "king,"."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

MOST_WORDS = 50_000
"""Of these, the most frequent ones, each takes about a microsecond."""
_PUNCTUATION = (
    ".,;:!?\"'()[]{}`*-\u2010\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026«»¡¿。，、！？"
)
_SHOWN, _LONGEST_SHOWN = 4, 40


@dataclass(frozen=True)
class Forms:
    """How many words are forms of others."""

    words: int
    """that were looked at"""
    forms: int
    """of these, with punctuation at an end, or in another case than a word that is there as well"""
    example: str
    """some forms of the most frequent word that has several, or nothing"""


def forms_among(words: Iterable[str], most: int = MOST_WORDS) -> Forms:
    """Look at words, the most frequent ones first.

    >>> forms_among(["king", "King", "king,", "crown", "London", "etc."])
    Forms(words=6, forms=3, example='king King king,')
    """
    by_bare = defaultdict(list)
    looked_at = list(islice(words, most))
    known, forms = set(looked_at), 0
    for word in looked_at:
        inner = word.strip(_PUNCTUATION)
        bare = inner.lower()
        if bare:
            forms += inner != word or (bare != word and bare in known)
            by_bare[bare].append(word)
    short = (bare for bare in by_bare if len(bare) <= _LONGEST_SHOWN)
    several = (by_bare[bare] for bare in short if len(by_bare[bare]) > 2)
    return Forms(len(looked_at), forms, " ".join(next(several, [])[:_SHOWN]))
