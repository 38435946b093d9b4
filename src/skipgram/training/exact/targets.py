"""What is fitted exactly: for each center word, the shares of its outside words."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

ENTRIES_AT_ONCE = 1 << 18
"""More take three times as long: what is computed of them is then fresh memory each time."""
_TINY = np.finfo(np.float64).tiny


@dataclass(frozen=True, eq=False)
class Targets:
    """Counts to a power, row by row.

    N_co^α is the weight of a pair, n_c = Σ_o N_co^α the weight of its center
    word, m_o = Σ_c N_co^α the weight of its outside word, and
    q_co = N_co^α / n_c the share to be predicted.

    starts: shape (words + 1,), int64; outsides and shares: shape (entries,), the
    outside words of center c, rising, and their q, from starts[c] to
    starts[c + 1]. center_weights, outside_weights: n and m, shape (words,) and
    (outside words,), float64.
    """

    starts: NDArray[np.int64]
    outsides: NDArray[np.int32]
    shares: NDArray[np.floating]
    center_weights: NDArray[np.float64]
    outside_weights: NDArray[np.float64]
    floor: float
    """Σ n_c H(q_c) / Σ n_c in nats a pair: the lowest loss of any model of P(o | c)"""

    @classmethod
    def of(
        cls,
        counts: scipy.sparse.csr_matrix,
        power: float,
        dtype: type[np.floating] = np.float32,
        entries_at_once: int = ENTRIES_AT_ONCE,
    ) -> "Targets":
        """The targets of counts, shape (center words, outside words), with sorted indices."""
        starts = counts.indptr.astype(np.int64)
        centers = len(starts) - 1
        shares = np.empty(len(counts.data), dtype)
        n, m = np.zeros(centers), np.zeros(counts.shape[1])
        entropy = 0.0
        # Some whole rows at a time: counts may be mapped, and larger than memory.
        row = 0
        while row < centers:
            stop = int(np.searchsorted(starts, starts[row] + entries_at_once, "right")) - 1
            stop = min(centers, max(row + 1, stop))
            entries = slice(starts[row], starts[stop])
            weights = np.asarray(counts.data[entries], np.float64) ** power
            inside = starts[row : stop + 1] - starts[row]
            sums = np.add.reduceat(np.append(weights, 0.0), inside[:-1])
            sums[inside[:-1] == inside[1:]] = 0.0  # reduceat gives an empty row the next number
            n[row:stop] = sums
            m += np.bincount(counts.indices[entries], weights, len(m))
            of_rows = np.repeat(sums, np.diff(inside))
            q = weights / np.where(of_rows > 0.0, of_rows, 1.0)
            entropy -= float(weights @ np.log(np.maximum(q, _TINY)))  # 0 log 0 is 0
            shares[entries] = q
            row = stop
        return cls(starts, counts.indices, shares, n, m, entropy / n.sum())

    @property
    def pairs(self) -> float:
        """The weight of all pairs."""
        return float(self.center_weights.sum())

    @property
    def outside_shares(self) -> NDArray[np.float64]:
        """P = m / Σ m; an outside word without a pair counts as half the rarest one."""
        m = self.outside_weights.copy()
        m[m == 0.0] = 0.5 * m[m > 0.0].min()
        shares: NDArray[np.float64] = m / m.sum()
        return shares

    @property
    def words_without_pair(self) -> int:
        """Center words that never occur with an outside word."""
        return int(np.count_nonzero(self.center_weights == 0.0))
