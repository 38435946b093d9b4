"""How far a set of vectors is spread out: whether neighbours mean anything yet."""

import numpy as np

from skipgram.vectors.embedding import Embedding
from skipgram.vectors.search import unit_rows

MOST_WORDS = 2_000
ALIKE = 0.9
"""A mean cosine above this is that of a training that has hardly begun: vectors that had learned
something had .0 to .65, and ones whose neighbours were noise .99 (novels, Wikipedia, a dictionary,
each by epochs and by sweeps)."""


def mean_cosine(embedding: Embedding, most_words: int = MOST_WORDS) -> float:
    """The mean cosine of two different words, among the most frequent; 0 for fewer than two."""
    words = embedding.vocabulary.by_count[:most_words]
    count = len(words)
    if count < 2:
        return 0.0
    units = unit_rows(np.asarray(embedding.matrix[words], np.float64))
    total = units.sum(axis=0)
    same = np.einsum("ij,ij->", units, units)  # less than `count` where a vector is zero
    return float((total @ total - same) / (count * (count - 1)))
