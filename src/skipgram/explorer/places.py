"""Places in the plane: near each other for words whose vectors are near each other.

t-SNE on each word's exact nearest neighbours, started from the principal components. It
says which words are neighbours; how far apart two distant groups lie means little.

openTSNE does the work: it takes neighbours that are found already, and its gradient is the
same to the last bit on each run and on any number of threads. UMAP's is not, unless it
runs on one thread. Another processor, whose linear algebra rounds otherwise, may give
another map.

Source: van der Maaten & Hinton 2008; Linderman et al. 2019, for the interpolated gradient;
Kobak & Berens 2019, for the start.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.explorer.progress import LayoutProgress, Observer
from skipgram.system.blas import one_blas_thread
from skipgram.system.extras import requires
from skipgram.system.machine import usable_threads
from skipgram.vectors.search import RowSearch

EXTRA = "skipgram[explore]"
SEED = 0
FEWEST_FOR_NEIGHBORHOODS = 8
"""Fewer words have no neighbourhoods to keep: their principal components are enough."""

_FEW = 1_000
"""Fewer words are laid out faster by a tree (Barnes-Hut) than by a grid, and by one thread."""
_ROWS_AT_ONCE = 1 << 12
_STEPS_BETWEEN_REPORTS = 25
_START_SPREAD = 1e-4
"""So small a start decides only the arrangement, and leaves the shapes to the gradient."""


class Steps(NamedTuple):
    """How long the places are improved, and how many neighbours a word has then."""

    gathering: int = 250
    """steps that pull neighbours together twelve times as hard"""
    settling: int = 500
    from_given_places: int = 250
    """of words whose places are given, which only settle"""
    perplexity: float = 30.0
    """about how many neighbours count; three times as many are looked at"""
    mean_of: int = 5
    """nearest words with a place, whose mean is the place of a word without one"""


STEPS = Steps()


def neighbor_places(
    rows: NDArray[np.float32],
    start: NDArray[np.float64] | None = None,
    *,
    steps: Steps = STEPS,
    threads: int | None = None,
    observe: Observer,
) -> NDArray[np.float32]:
    """A place for each row: shape (rows, 2); on average (0, 0), or where the start is.

    Parameters
    ----------
    rows
        Of length 1, shape (rows, columns).
    start
        Where they lie to begin with, on the scale of the result; by default
        the principal components decide.
    steps
        How long, and among how many neighbours.
    threads
        By default all that the process may use. Their number changes nothing.
    observe
        Told how far it has come.

    """
    if len(rows) < FEWEST_FOR_NEIGHBORHOODS:
        return principal_components(rows).astype(np.float32)
    is_small = len(rows) < _FEW
    threads = 1 if is_small else threads or usable_threads()
    perplexity = min(steps.perplexity, (len(rows) - 1) / 3)
    # The packages are asked for before the neighbours are, which take longest to find.
    tsne = _tsne()
    near, distances = _neighbors(rows, int(3 * perplexity), threads, observe)
    affinities = tsne.affinity.PerplexityBasedNN(
        knn_index=tsne.nearest_neighbors.PrecomputedNeighbors(near, distances),
        perplexity=perplexity,
        n_jobs=threads,
        random_state=SEED,
    )
    phases = [(steps.from_given_places, 1.0, 0.8)]
    if start is None:
        start = principal_components(rows)
        start *= _START_SPREAD / max(start[:, 0].std(), np.finfo(np.float32).tiny)
        phases = [(steps.gathering, 12.0, 0.5), (steps.settling, 1.0, 0.8)]
    places = tsne.TSNEEmbedding(
        np.ascontiguousarray(start, np.float64),
        affinities,
        negative_gradient_method="bh" if is_small else "fft",
        n_jobs=threads,
        random_state=SEED,
    )
    total = sum(number for number, _, _ in phases)
    done = 0
    for number, exaggeration, momentum in phases:
        places.optimize(
            number,
            inplace=True,
            exaggeration=exaggeration,
            momentum=momentum,
            learning_rate="auto",
            callbacks=_reporter(done, total, observe),
            callbacks_every_iters=_STEPS_BETWEEN_REPORTS,
        )
        done += number
    # Each step moves the mean to (0, 0), away from where given places have it.
    centre = 0.0 if len(phases) > 1 else start.mean(axis=0)
    return (np.asarray(places, np.float64) + centre).astype(np.float32)


def principal_components(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """The first two principal components of rows: shape (rows, 2), zeros if there are fewer."""
    components = np.zeros((len(rows), 2))
    with one_blas_thread():  # sums depend on their number, and the map on the last bit of a sum
        wide = np.asarray(rows, np.float64)
        wide = wide - wide.mean(axis=0)
        _, directions = np.linalg.eigh(wide.T @ wide)
        chosen = directions[:, ::-1][:, :2]
        # A component's sign is arbitrary: here its largest number is positive.
        largest = chosen[np.abs(chosen).argmax(axis=0), np.arange(chosen.shape[1])]
        components[:, : chosen.shape[1]] = wide @ (chosen * np.where(largest < 0, -1, 1))
    return components


class Beside(NamedTuple):
    """Where rows without a place of their own lie, and the row with one that is nearest."""

    places: NDArray[np.float32]
    """shape (rows, 2)"""
    nearest: NDArray[np.int64]
    """shape (rows,)"""


def places_beside(
    rows: Callable[[slice], NDArray[np.floating]],
    count: int,
    known: NDArray[np.float32],
    places: NDArray[np.floating],
    *,
    mean_of: int = STEPS.mean_of,
    observe: Observer,
) -> Beside:
    """Places of other rows: each the mean of those of its nearest rows that have one.

    Parameters
    ----------
    rows
        Gives a stretch of them, none zero.
    count
        How many there are.
    known, places
        The rows that have a place, of length 1, and their places.
    mean_of
        How many of these are averaged.
    observe
        Told how far it has come.

    """
    found = Beside(np.empty((count, 2), np.float32), np.empty(count, np.int64))
    search = RowSearch(known)
    k = min(mean_of, len(known))
    for start in range(0, count, _ROWS_AT_ONCE):
        stretch = slice(start, min(start + _ROWS_AT_ONCE, count))
        near = search.nearest(rows(stretch), k).ids
        found.places[stretch] = places[near].mean(axis=1)
        found.nearest[stretch] = near[:, 0]
        observe(LayoutProgress("placing other words", stretch.stop, count))
    return found


def _neighbors(
    rows: NDArray[np.float32], k: int, threads: int, observe: Observer
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k nearest other rows of each, and their distances: shape (rows, k)."""
    near, distances = np.empty((len(rows), k), np.int64), np.empty((len(rows), k))
    search = RowSearch(rows)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        stretch = slice(start, min(start + _ROWS_AT_ONCE, len(rows)))
        found = search.nearest(rows[stretch], k + 1, threads=threads)
        # Among equal rows the row itself may be any, or have been crowded out.
        is_other = found.ids != np.arange(stretch.start, stretch.stop)[:, None]
        order = np.argsort(~is_other, axis=1, kind="stable")[:, :k]
        near[stretch] = np.take_along_axis(found.ids, order, 1)
        cosines = np.take_along_axis(found.similarities, order, 1).astype(np.float64)
        distances[stretch] = np.sqrt(np.maximum(0, 2 - 2 * cosines))
        observe(LayoutProgress("finding neighbours", stretch.stop, len(rows)))
    return near, distances


def _reporter(
    before: int, total: int, observe: Observer
) -> Callable[[int, float, NDArray[np.floating]], None]:
    def report(step: int, error: float, places: NDArray[np.floating]) -> None:
        observe(LayoutProgress("laying out the map", before + step, total, "steps"))

    return report


def _tsne() -> Any:
    with requires(EXTRA, "the map needs openTSNE"):
        import openTSNE
        import openTSNE.affinity
        import openTSNE.nearest_neighbors
    return openTSNE
