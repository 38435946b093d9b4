r"""How sure the mean loss of an epoch is, from how much blocks of text differ.

With L_b the loss of block b over its n_b scored pairs, m = Σ L_b / Σ n_b the mean of B blocks and
e_b = L_b − m n_b what is left of each,

    (standard error of m)² = ½ · B / (B − 1) · Σ_b (e_(b+1) − e_b)² / (Σ_b n_b)²

Neighbouring blocks are compared, so that neither the fall of the loss during the epoch nor slow
changes of the text count as chance. What the text changes from one block to the next does count,
so the true error is smaller, if anything.

Source: von Neumann 1941, "Distribution of the ratio of the mean square successive difference
to the variance"; the ratio's linearisation as in Cochran 1977, chapter 6.
"""

import math
from dataclasses import dataclass

from skipgram.training.negative_sampling.task import Loss

_LEAST_BLOCKS = 10
"""A variance from fewer is itself hardly known."""


@dataclass(frozen=True)
class Spread:
    """Sums of squares and products over neighbouring blocks, of their losses and pairs."""

    blocks: int = 0
    losses: float = 0.0
    products: float = 0.0
    pairs: float = 0.0
    last_loss: float = 0.0
    last_pairs: int = 0

    def after(self, block: Loss) -> "Spread":
        """The sums with one block more."""
        by = block.total - self.last_loss if self.blocks else 0.0
        more = float(block.scored_pairs - self.last_pairs) if self.blocks else 0.0
        return Spread(
            self.blocks + 1,
            self.losses + by * by,
            self.products + by * more,
            self.pairs + more * more,
            block.total,
            block.scored_pairs,
        )

    def standard_error(self, whole: Loss) -> float | None:
        """Of the mean loss of all these blocks together; None if they are too few to tell."""
        if self.blocks < _LEAST_BLOCKS or not whole.scored_pairs:
            return None
        mean = whole.mean
        squares = self.losses - 2 * mean * self.products + mean * mean * self.pairs
        of_sum = max(0.0, squares) / 2 * self.blocks / (self.blocks - 1)
        error = math.sqrt(of_sum) / whole.scored_pairs
        return error if math.isfinite(error) else None
