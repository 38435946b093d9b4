"""Groups of words that are near each other, named by their most typical words.

k-means on the unit rows, less their mean, and not on the map: what a colour says then holds
for the vectors, and shows where the map tears a group apart.

Source: Lloyd 1982; Arthur & Vassilvitskii 2007, for the start.
"""

import warnings
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.explorer.places import EXTRA, SEED
from skipgram.system.extras import extra_module, requires

NO_CLUSTER = 255
"""Of a word whose vector is zero."""
MOST_CLUSTERS = 24
NAMED_BY = 3

_WORDS_EACH = 30
"""Fewer words than this are not worth a cluster of their own."""
_STEPS = 60
_CANDIDATES = 50
"""The rarest words of a cluster may be its centre, but say nothing to a reader: of so many frequent
words, or a tenth if that is more, the most typical are chosen."""


class Clusters(NamedTuple):
    """Which cluster each row belongs to, and its most typical rows."""

    numbers: NDArray[np.uint8]
    """shape (rows,)"""
    typical: NDArray[np.int32]
    """shape (clusters, 3): the places of rows, the most typical first; −1 where there are fewer"""


def clusters_of(rows: NDArray[np.float32], alike: NDArray[np.integer] | None = None) -> Clusters:
    """The clusters of rows of length 1, whose words come by falling frequency; the largest first.

    The same on each run: the draws are seeded, and the sums on one thread.

    Parameters
    ----------
    rows
        shape (rows, columns).
    alike
        The numbers that clusters of another set gave these words, −1 for none: where they
        can, the clusters keep them, so that colours can be compared.

    """
    wanted = max(1, min(MOST_CLUSTERS, len(rows) // _WORDS_EACH))
    centered = rows - rows.mean(axis=0)
    start = None if alike is None else _means(centered, alike, wanted)
    numbers = np.zeros(len(rows), np.int64) if wanted == 1 else _k_means(centered, wanted, start)
    if start is None:
        numbers = _largest_first(numbers)
    typical = np.full((int(numbers.max()) + 1, NAMED_BY), -1, np.int32)
    for number, places in enumerate(typical):
        chosen = _typical(centered, np.flatnonzero(numbers == number))
        places[: len(chosen)] = chosen
    return Clusters(numbers.astype(np.uint8), typical)


def _k_means(
    rows: NDArray[np.float32], wanted: int, start: NDArray[np.float32] | None
) -> NDArray[np.int64]:
    with requires(EXTRA, "clusters need scikit-learn"):
        from sklearn.cluster import KMeans, kmeans_plusplus
    limits = extra_module("threadpoolctl", EXTRA).threadpool_limits
    with limits(limits=1), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fewer different rows than clusters: some stay empty
        if start is None:
            start, _ = kmeans_plusplus(rows, wanted, random_state=SEED)
        means = KMeans(len(start), init=start, n_init=1, max_iter=_STEPS, random_state=SEED)
        found: NDArray[np.int64] = means.fit_predict(rows).astype(np.int64)
    return found


def _means(
    rows: NDArray[np.float32], alike: NDArray[np.integer], wanted: int
) -> NDArray[np.float32] | None:
    """The mean of each cluster's rows; None if a cluster has too few of them to go by."""
    count = int(alike.max(initial=-1)) + 1
    sizes = np.bincount(alike[alike >= 0], minlength=count)
    if not 1 < count <= wanted or sizes.min() < NAMED_BY:
        return None
    return np.stack([rows[alike == number].mean(axis=0) for number in range(count)])


def _largest_first(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    order = np.argsort(-np.bincount(numbers), kind="stable")
    ranks = np.empty_like(order)
    ranks[order] = np.arange(len(order))
    return ranks[numbers]


def _typical(rows: NDArray[np.float32], members: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rows of a cluster that lie most in the direction of its mean."""
    if not len(members):
        return members
    some = rows[members[: max(_CANDIDATES, len(members) // 10)]].astype(np.float64)
    lengths = np.linalg.norm(some, axis=1)
    toward = some @ rows[members].mean(axis=0, dtype=np.float64)
    cosines = toward / np.where(lengths > 0, lengths, 1)
    return members[np.argsort(-cosines, kind="stable")[:NAMED_BY]]
