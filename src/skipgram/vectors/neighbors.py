"""Nearest words by cosine: exact, by one product with the matrix of unit rows."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Neighbor(NamedTuple):
    """A word, and the cosine of its vector and the query's, in −1..1."""

    word: str
    similarity: float


def unit_rows(matrix: NDArray[np.floating]) -> NDArray[np.float32]:
    """Rows scaled to length 1, in float32; a row of zeros stays one.

    Parameters
    ----------
    matrix
        shape (vocab_size, embedding_dim).

    """
    # In float64, or the squares of very large or small numbers would not fit.
    lengths = np.sqrt(np.einsum("ij,ij->i", matrix, matrix, dtype=np.float64))
    lengths[lengths == 0] = 1
    unit = np.empty(matrix.shape, np.float32)
    np.divide(matrix, lengths[:, None], out=unit, casting="same_kind")
    return unit


def nearest(
    unit: NDArray[np.float32], query: NDArray[np.floating], k: int, leave_out: Iterable[int] = ()
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The k rows of largest cosine with the query, and those cosines in −1..1, largest first.

    Equal cosines stand in the order of their ids.

    Parameters
    ----------
    unit
        shape (vocab_size, embedding_dim), rows of length 1.
    query
        shape (embedding_dim,), of any length but 0.
    k
        how many; fewer are returned where there are fewer rows.
    leave_out
        ids that may not be an answer.

    """
    scores = unit @ (query / np.linalg.norm(query)).astype(np.float32)
    left_out = np.fromiter(set(leave_out), np.intp)
    scores[left_out] = -np.inf
    k = min(k, len(scores) - len(left_out))
    if k < 1:
        return np.empty(0, np.intp), np.empty(0, np.float32)
    # All that tie with the k-th are sorted, so that of equal ones the first stay.
    best = np.flatnonzero(scores >= np.partition(scores, -k)[-k])
    best = best[np.lexsort((best, -scores[best]))[:k]]
    return best, scores[best].clip(-1, 1)
