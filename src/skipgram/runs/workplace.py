"""Who does the parts of a run that may be done elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

from skipgram.corpus.cooccurrence.counts import Cooccurrence, count_cooccurrence
from skipgram.corpus.encoding.reading import ReadElsewhere
from skipgram.training.exact.gradients import CenterGradients, local_gradients
from skipgram.training.exact.objectives import Objective


@dataclass(frozen=True)
class Workplace:
    """Who reads, counts pairs and computes gradients: this machine, unless others are given."""

    count: Callable[..., Cooccurrence] = count_cooccurrence
    """counts the pairs; it takes what `count_cooccurrence` takes"""
    gradients_of: Callable[[Objective, int], CenterGradients] = local_gradients
    """what computes the gradients of an objective, in so many lots"""
    read: ReadElsewhere | None = None
    """who numbers the words of sources"""
    is_here: bool = True
    """whether this machine's threads compute the gradients"""
