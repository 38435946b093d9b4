"""What the demo shows: sixty words for its map, and queries for its vectors.

All the words are in the vocabulary of `skipgram.demo_corpus()`.
"""

from collections.abc import Mapping, Sequence

DEMO_GROUPS: Mapping[str, Sequence[str]] = {
    "birds": ("robin", "finch", "hawk", "owl", "swan", "heron", "gull", "pigeon"),
    "trees": ("oak", "pine", "maple", "birch", "willow", "cedar", "spruce", "poplar"),
    "kitchen": ("bread", "cheese", "butter", "soup", "sauce", "cake", "salad", "pudding"),
    "instruments": ("violin", "piano", "flute", "guitar", "drum", "clarinet", "harp", "cello"),
    "body": ("artery", "kidney", "liver", "lung", "stomach", "muscle", "nerve"),
    "elements": ("hydrogen", "oxygen", "nitrogen", "carbon", "chlorine", "sulfur", "sodium"),
    "court": ("judge", "trial", "jury", "lawyer", "witness", "verdict", "defendant"),
    "sea": ("ship", "boat", "sail", "mast", "deck", "anchor", "keel"),
}
"""Words by topic."""

DEMO_QUERIES: Sequence[str] = (
    "king",
    "poem",
    "rain",
    "wine",
    "telescope",
    "silk",
    "mathematics",
    "bicycle",
)
"""Words whose nearest neighbours are worth reading."""

DEMO_ANALOGIES: Sequence[tuple[str, str, str, str]] = (
    ("barley", "beer", "grape", "wine"),
    ("sheep", "flock", "cattle", "herd"),
    ("mathematics", "mathematician", "astronomy", "astronomer"),
)
"""(a, b, c, d): a is to b as c is to d. After ten epochs d is the first answer, for every seed
tried, and never simply the word nearest to c."""
