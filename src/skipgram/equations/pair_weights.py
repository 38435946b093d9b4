"""The expected weight of each pair of words, one pair of positions at a time: the slow twin.

`corpus/cooccurrence/kernels.py` computes the same; the tests hold it to this.
"""

import numpy as np
from numpy.typing import NDArray


def expected_pair_weights(
    ids: NDArray[np.int32],
    line_ends: NDArray[np.int64],
    keep: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    closes_up: bool,
    contexts: str,
    ranges: NDArray[np.int64] | None = None,
    least_reach: float = 0.0,
) -> NDArray[np.float64]:
    """N[c, o] as `corpus/cooccurrence/counts.py` defines it, shape (vocab_size, vocab_size).

    weights: a(1), ..., a(window). ranges: shape (n, 2), the positions that count, or None for all.
    least_reach: pairs whose sum over r is lower are left out, as by a walk that ends early.
    """
    N = np.zeros((len(keep), len(keep)))
    counts = np.zeros(len(ids), bool)
    for start, stop in [[0, len(ids)]] if ranges is None else ranges.tolist():
        counts[start:stop] = True
    first = 0
    for end in line_ends.tolist():
        for i in range(first, end):
            for j in range(i + 1, end):
                if not (counts[i] and counts[j]):
                    continue
                reach = _reach(keep[ids[i + 1 : j]], weights, closes_up=closes_up)
                if reach < least_reach:
                    continue
                weight = keep[ids[i]] * keep[ids[j]] * reach
                if contexts != "left":
                    N[ids[i], ids[j]] += weight
                if contexts != "right":
                    N[ids[j], ids[i]] += weight
        first = end
    return N


def _reach(between: NDArray[np.float64], weights: NDArray[np.float64], *, closes_up: bool) -> float:
    """The weight of a pair over words with these chances to be kept, or over the full text."""
    if not closes_up:
        return float(weights[len(between)]) if len(between) < len(weights) else 0.0
    kept = np.array([1.0])  # kept[r]: the probability that r of the words so far are kept
    for chance in between:
        kept = np.append(kept * (1 - chance), 0.0) + np.append(0.0, kept * chance)
    return float(kept[: len(weights)] @ weights[: len(kept)])
