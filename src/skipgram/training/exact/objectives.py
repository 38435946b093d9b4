"""The two losses that can be fitted to all pairs of a corpus at once.

    softmax                         −Σ_o q_co log softmax(U v_c + β log p)_o
    expected negative sampling      −Σ_o q_co log σ(s_co) − K Σ_w P_n(w) log σ(−s_cw),  s = U v_c

in nats a pair, each weighted by n_c and summed over the center words c. The second is the mean of
negative sampling's loss over noise that is drawn independently of o.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.training.exact.row_kernels import sampling_rows, softmax_rows
from skipgram.training.exact.targets import Targets


@dataclass(frozen=True, eq=False)
class Objective:
    """A loss of rows of scores.

    term: shape (outside words,): the softmax's offset b = β log p, or the noise
    K P_n. is_centered: whether adding one vector to all rows of U changes
    nothing, as with the softmax; the curvature then has no part along the mean.
    """

    targets: Targets
    kernel: Any
    term: NDArray[np.floating]
    is_centered: bool

    @classmethod
    def softmax(cls, targets: Targets, unigram_offset: float) -> "Objective":
        """With the unigram offset β; at 0 it is exactly the naive softmax."""
        offset = unigram_offset * np.log(targets.outside_shares)
        return cls(targets, softmax_rows(), offset.astype(targets.shares.dtype), True)

    @classmethod
    def expected_negative_sampling(
        cls, targets: Targets, noise: NDArray[np.float64], negatives: int
    ) -> "Objective":
        """Negative sampling without a draw."""
        term = (negatives * noise).astype(targets.shares.dtype)
        return cls(targets, sampling_rows(), term, False)

    def residuals(
        self, scores: NDArray[np.floating], centers: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The weighted losses of center words; their scores become residuals up to a scale.

        Parameters: scores of shape (n, outside words), contiguous, overwritten.
        Returns: n_c loss_c, and the scale of each row, both of shape (n,).
        """
        targets = self.targets
        losses, scale = np.empty(len(centers)), np.empty(len(centers))
        self.kernel(
            scores,
            centers,
            self.term,
            targets.starts,
            targets.outsides,
            targets.shares,
            targets.center_weights,
            losses,
            scale,
        )
        return targets.center_weights[centers] * losses, scale
