"""From many dimensions to two, so that similar words stay together on paper."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from skipgram.system.extras import requires
from skipgram.vectors.word_vectors import WordVectors

FEWEST_FOR_NEIGHBORHOODS = 8
"""Fewer words have no neighbourhoods to keep: their principal components are enough."""

_LARGEST_PERPLEXITY = 50.0
_LARGEST_EXACT = 250


def project(vectors: WordVectors, words: Sequence[str]) -> NDArray[np.float64]:
    """Two coordinates per word, from the unit vectors of these words alone.

    t-SNE by cosine distance, started from the principal components; for fewer
    than 8 words, the principal components themselves. The same vectors and
    words give the same coordinates. They say which words are neighbours; how
    far apart two distant groups lie means little.

    Returns
    -------
    shape (len(words), 2): mean 0, the widest spread along the first axis.

    Source: van der Maaten & Hinton 2008; Kobak & Berens 2019 for the start.

    """
    unit = vectors.unit[[vectors.vocabulary.id(word) for word in words]].astype(np.float64)
    components = _principal_components(unit)
    if len(words) < FEWEST_FOR_NEIGHBORHOODS:
        return components
    # t-SNE has no orientation; the widest spread is turned to where a page is widest.
    return _principal_components(_neighborhoods(unit, components))


def _neighborhoods(unit: NDArray[np.float64], start: NDArray[np.float64]) -> NDArray[np.float64]:
    """t-SNE's coordinates of rows of length 1: shape (n, 2)."""
    with requires("skipgram[plots]", "pictures need matplotlib and scikit-learn"):
        from sklearn.manifold import TSNE

    n = len(unit)
    # So small a start decides only the arrangement, and leaves the shapes to the gradient.
    scale = 1e-4 / max(start[:, 0].std(), np.finfo(np.float32).tiny)
    places = TSNE(
        metric="cosine",
        # On a small map a neighbourhood is a third of the words, so that groups fill the page.
        perplexity=min(_LARGEST_PERPLEXITY, n / 3),
        init=(scale * start).astype(np.float32),
        # The usual rate, at least 50, and exaggeration, 12, throw a few dozen words about so
        # much that the last bit of a vector decides where they land.
        learning_rate=n / 10,
        early_exaggeration=4.0,
        method="exact" if n <= _LARGEST_EXACT else "barnes_hut",
        random_state=0,
    ).fit_transform(unit)
    return np.asarray(places, np.float64)


def _principal_components(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The first two principal components of rows: shape (n, 2), zeros if there are fewer."""
    components = np.zeros((len(rows), 2))
    if len(rows) == 0:
        return components
    left, lengths, _ = np.linalg.svd(rows - rows.mean(axis=0), full_matrices=False)
    found = (left * lengths)[:, :2]
    # A component's sign is arbitrary: here its largest entry is positive.
    largest = found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])]
    components[:, : found.shape[1]] = found * np.where(largest < 0, -1, 1)
    return components
