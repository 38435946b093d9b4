"""From counts to vectors: exact training on the items that occur together in documents."""

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, check_non_negative, validate_data

from skipgram.corpus.cooccurrence.counts import Cooccurrence
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, SettingsError, SkipgramError
from skipgram.settings import SOFTMAX, Settings
from skipgram.system.threads import thread_pool
from skipgram.training.exact.gradients import ExactGradients
from skipgram.training.exact.problem import Problem
from skipgram.training.exact.sweeps import Sweeps
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters

_LARGEST_SEED = 2**31 - 1


class CountEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]  # they are untyped
    """A matrix of counts, documents by items, to dense rows.

    `fit` gives each item (a word, a product, a node) a vector v by the exact
    softmax over the items of a document: item j is a center, another item k an
    outside word, and the pair counts

        N_jk = Σ_d x_dj x_dk / Σ_l x_dl,   j ≠ k,

    so that a document's weight is its number of tokens. `transform` gives a
    document the mean of its items' vectors, Σ_j x_dj v_j / Σ_j x_dj, and a
    document without items a row of zeros.

    Parameters
    ----------
    n_components
        How many numbers a vector has.
    sweeps
        Passes over all pairs.
    prior
        λ of the prior ½ λ |v|² that keeps vectors short: about how many pairs
        an item needs before its vector means something.
    unigram_offset
        1 takes items' overall frequency out of the vectors, 0 leaves it in.
    random_state
        For the initial vectors, and for the order within sweeps.

    Attributes
    ----------
    components_
        v of each item: shape (n_features, n_components), float32.
    objective_
        In nats per pair, prior included: before the first sweep, and after each.

    """

    def __init__(
        self,
        n_components: int = 50,
        *,
        sweeps: int = 16,
        prior: float = 1.0,
        unigram_offset: float = 1.0,
        random_state: Any = None,
    ) -> None:
        self.n_components = n_components
        self.sweeps = sweeps
        self.prior = prior
        self.unigram_offset = unigram_offset
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> "CountEmbedding":
        """Train the items' vectors; y is ignored.

        Raises
        ------
        ValueError
            If a count is negative, or no two items ever occur together.

        """
        X = self._checked(X, reset=True)
        seed = int(check_random_state(self.random_state).randint(_LARGEST_SEED))
        try:
            settings = Settings.of(
                objective=SOFTMAX,
                embedding_dim=self.n_components,
                sweeps=self.sweeps,
                prior=self.prior,
                unigram_offset=self.unigram_offset,
                seed=seed,
            )
        except SettingsError as error:
            raise SettingsError(str(error).replace("embedding_dim", "n_components")) from None
        counts = pair_counts(X)
        if not counts.matrix.nnz:
            raise ValueError(
                f"no two of the items ever occur together (n_features = {X.shape[1]}, "
                f"n_samples = {X.shape[0]}), so there is nothing to train on"
            )
        parameters, self.objective_ = fitted(counts, settings)
        self.components_ = np.array(parameters.center, np.float32)
        return self

    def transform(self, X: Any) -> NDArray[np.float32]:
        """A row per document: shape (n_samples, n_components), float32."""
        check_is_fitted(self)
        X = self._checked(X, reset=False)
        totals = np.asarray(X.sum(axis=1)).ravel()
        sums = X @ self.components_.astype(np.float64)
        means: NDArray[np.float32] = (sums / np.where(totals > 0, totals, 1)[:, None]).astype(
            np.float32
        )
        return means

    @property
    def _n_features_out(self) -> int:
        return int(self.components_.shape[1])

    def _checked(self, X: Any, *, reset: bool) -> scipy.sparse.csr_matrix:
        X = validate_data(self, X, accept_sparse="csr", dtype=np.float64, reset=reset)
        check_non_negative(X, type(self).__name__)
        return scipy.sparse.csr_matrix(X)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        tags.transformer_tags.preserves_dtype = []  # rows are float32, as vectors are
        return tags


def pair_counts(X: scipy.sparse.csr_matrix) -> Cooccurrence:
    """N, with the items' numbers as their names."""
    totals = np.asarray(X.sum(axis=1)).ravel()
    shares = scipy.sparse.diags(1 / np.where(totals > 0, totals, 1)) @ X
    together = scipy.sparse.csr_matrix(X.T @ shares)
    together.setdiag(0)
    together.eliminate_zeros()
    together.sort_indices()
    counts = np.rint(np.asarray(X.sum(axis=0)).ravel()).astype(np.int64)
    vocabulary = Vocabulary([str(number) for number in range(X.shape[1])], counts)
    longest = int(np.diff(X.indptr).max(initial=1))
    return Cooccurrence(together, vocabulary, longest, "fixed", "text", "both", 0.0)


def fitted(counts: Cooccurrence, settings: Settings) -> tuple[Parameters, list[float]]:
    """The parameters by the exact softmax, and the objective in nats per pair around each sweep.

    Words without a pair have vectors of zeros. Counts without any pair are a CorpusError.
    """
    words, training = len(counts.vocabulary), settings.training
    if not counts.matrix.nnz:
        raise CorpusError(f"no two of the {words:,} words ever occur together")
    # A softmax draws no negatives: any noise will do.
    no_noise = Noise.of(np.ones(words, np.int64), exponent=1.0)
    problem = Problem.of(counts, no_noise, settings)
    start = Parameters.normal(words, settings.model.embedding_dim, training.seed)
    start.V[problem.objective.targets.center_weights == 0] = 0
    gradients = ExactGradients(problem.objective)
    sweeps = Sweeps(gradients, start, training.prior, training.sweeps, training.seed)
    with thread_pool(settings.run.threads, "skipgram") as pool:
        gradients.pool = sweeps.pool = pool
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
