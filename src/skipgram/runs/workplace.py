"""Who does the parts of a run that may be done elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.training.exact.gradients import CenterGradients, local_gradients
from skipgram.training.exact.objectives import Objective


@dataclass(frozen=True)
class Workplace:
    """This machine, unless others are given."""

    count: Callable[..., Cooccurrence] = count_cooccurrence
    """counts the pairs; it takes what `count_cooccurrence` takes"""
    gradients_of: Callable[[Objective, int], CenterGradients] = local_gradients
    """what computes the gradients of an objective, in so many lots"""
    is_here: bool = True
    """whether this machine's threads compute the gradients"""
