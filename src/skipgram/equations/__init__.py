"""The mathematics, slow and right: a function for each equation; also the tests' oracles.

Reading order: pairs, whose names are this package's; corpora, held_out, stability; then what the
draws of a training are: draws, windows, pair_weights.
"""

from skipgram.equations import pairs
from skipgram.equations.pairs import *  # noqa: F403  (all that its __all__ names)

__all__ = pairs.__all__
