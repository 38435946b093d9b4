"""The mathematics, slow and right: a function for each equation, and the oracles of the tests.

Reading order: pairs, whose names are this package's; corpora, spelling, held_out,
stability; then the draws of a training: draws, windows, pair_weights.
"""

from skipgram.equations import pairs
from skipgram.equations.pairs import *  # noqa: F403  (everything in its __all__)

__all__ = pairs.__all__
