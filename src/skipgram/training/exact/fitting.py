"""The vectors of a matrix of counts, without a corpus: all sweeps in one go."""

import numpy as np

from skipgram.corpus.cooccurrence import Cooccurrence
from skipgram.errors import CorpusError, SkipgramError
from skipgram.parallel import thread_pool
from skipgram.settings import Settings
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.sweeps import Sweeps
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters


def fitted(counts: Cooccurrence, settings: Settings) -> tuple[Parameters, list[float]]:
    """By the softmax: the parameters, and the objective in nats a pair before and after each sweep.

    Words without a pair have vectors of zeros.

    Raises
    ------
    CorpusError
        If no two words ever stand together.

    """
    words, training = len(counts.vocabulary), settings.training
    if not counts.matrix.nnz:
        raise CorpusError(f"no two of the {words:,} words ever stand together")
    # A softmax draws no negatives: any noise will do.
    no_noise = Noise.of(np.ones(words, np.int64), exponent=1.0)
    problem = Problem.of(counts, no_noise, settings)
    start = Parameters.normal(words, settings.model.embedding_dim, training.seed)
    start.V[problem.objective.targets.center_weights == 0] = 0
    gradients = ExactGradients(problem.objective)
    sweeps = Sweeps(gradients, start, training.prior, training.sweeps, training.seed)
    with thread_pool(settings.run.threads, "skipgram") as pool:
        gradients.pool = pool
        objectives = [sweeps.begin()]
        for _ in range(training.sweeps):
            for _ in range(sweeps.groups):
                sweeps.next_group()
            objectives.append(sweeps.end_sweep().objective)
    if not start.is_finite():
        raise SkipgramError(
            f"the vectors are no longer finite: prior {training.prior:g} is too small for these "
            "counts"
        )
    pairs = problem.objective.targets.pairs
    return start, [objective / pairs for objective in objectives]
