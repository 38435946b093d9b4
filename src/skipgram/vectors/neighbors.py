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
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit = matrix / np.where(lengths > 0, lengths, 1)
    return unit.astype(np.float32, copy=False)


def nearest(
    unit: NDArray[np.float32], query: NDArray[np.floating], k: int, leave_out: Iterable[int] = ()
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The k rows of largest cosine with the query, and those cosines, largest first.

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
    left_out = np.fromiter(leave_out, np.intp)
    scores[left_out] = -np.inf
    k = min(k, len(scores) - len(np.unique(left_out)))
    best = np.argpartition(-scores, k - 1)[:k] if 0 < k < len(scores) else np.arange(len(scores))
    order = np.lexsort((best, -scores[best]))[:k]
    return best[order], scores[best[order]]
