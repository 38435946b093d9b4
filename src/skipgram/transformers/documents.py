"""From documents to vectors: the mean of their words' vectors, plain or weighted by SIF."""

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np
import scipy.sparse
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from skipgram.errors import SettingsError, UnknownWordError
from skipgram.settings import TOKENIZERS
from skipgram.settings.given_words import Word, is_word, shown
from skipgram.system.paths import PathLike
from skipgram.vectors.given import words_of
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.tokenizing import tokenizer_of, tokens_of
from skipgram.vectors.word_vectors import WordVectors

Weighting = Literal["mean", "sif"]

_ROUNDING = 1e-6
"""Of float32 rows: a direction with a smaller share than this is none."""


class DocumentVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # it is untyped
    """Documents to rows: the weighted mean of their words' vectors.

    mean: v_d = 1/n Σ_t v_t over the n tokens t of the document that have a vector.
    sif: v_d = 1/n Σ_t a / (a + p_t) v_t with a word's share p of all counts, 0 for spelled ones;
    then the first components that `fit` found in its documents are removed,
    v_d − C^T C v_d.

    Parameters
    ----------
    vectors
        `WordVectors`, or their path.
    weighting
        `mean` or `sif`.
    smoothing
        a, for sif.
    tokenizer
        `whitespace`, `words`, or a function from a text to its tokens; by default
        `vectors.tokenize`, which splits texts as the training did. A document may
        also be a list of tokens.
    remove_components
        How many; by default 1 for sif and 0 for mean.
    spell
        Whether unknown tokens have the vectors that their spelling gives, where the
        vectors `can_spell` them. If not they are left out.

    Attributes
    ----------
    components_
        C, shape (remove_components, embedding_dim), orthonormal.
    unknown_tokens_, spelled_tokens_, documents_without_words_
        In the last transform: tokens without a vector, which are left out; tokens
        with one from their spelling; and documents without a token that has a
        vector, whose rows are zero.

    Source: Arora, Liang & Ma 2017.

    """

    def __init__(
        self,
        vectors: WordVectors | PathLike,
        *,
        weighting: Weighting = "mean",
        smoothing: float = 1e-3,
        tokenizer: str | Callable[[str], Iterable[Word]] | None = None,
        remove_components: int | None = None,
        spell: bool = True,
    ) -> None:
        self.vectors = vectors
        self.weighting = weighting
        self.smoothing = smoothing
        self.tokenizer = tokenizer
        self.remove_components = remove_components
        self.spell = spell

    def fit(self, documents: Iterable[str | Sequence[Word]], y: Any = None) -> "DocumentVectors":
        """Find the components to remove, if any; y is ignored.

        Raises
        ------
        SettingsError
            If a setting is out of range, or the words have no counts for sif.

        """
        documents = _checked_documents(documents)
        self.vectors_ = as_vectors(self.vectors)
        self.weights_ = self._weights(self.vectors_)
        wanted, dim = self._components_to_remove(), self.vectors_.embedding_dim
        self.components_ = np.zeros((0, dim), np.float32)
        if wanted:
            rows = self._means(documents).astype(np.float64)
            _, lengths, directions = np.linalg.svd(rows, full_matrices=False)
            found = int((lengths > _ROUNDING * max(1.0, lengths.max(initial=0))).sum())
            if found < wanted:
                raise SettingsError(
                    f"{wanted} components are to be removed, but the {len(rows):,} documents "
                    f"span {found}; fit on more of them, or set a lower remove_components"
                )
            self.components_ = directions[:wanted].astype(np.float32)
        return self

    def fit_transform(
        self, documents: Iterable[str | Sequence[Word]], y: Any = None, **options: Any
    ) -> NDArray[np.float32]:
        """Fit and transform the same documents, which may be an iterator."""
        documents = list(_checked_documents(documents))
        return self.fit(documents, y).transform(documents)

    def transform(self, documents: Iterable[str | Sequence[Word]]) -> NDArray[np.float32]:
        """A row per document: shape (documents, embedding_dim), float32."""
        check_is_fitted(self)
        rows = self._means(documents)
        removed = (rows @ self.components_.T) @ self.components_
        without: NDArray[np.float32] = (rows - removed).astype(np.float32)
        return without

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """documentvectors0, documentvectors1, ..."""
        check_is_fitted(self)
        names = [f"documentvectors{number}" for number in range(self.vectors_.embedding_dim)]
        return np.array(names, object)

    def _components_to_remove(self) -> int:
        wanted, dim = self.remove_components, self.vectors_.embedding_dim
        if wanted is None:
            return 1 if self.weighting == "sif" else 0
        if not isinstance(wanted, Integral) or not 0 <= wanted < dim:
            raise SettingsError(
                f"remove_components must be a whole number from 0 to {dim - 1}, not {wanted!r}"
            )
        return int(wanted)

    def _weights(self, vectors: WordVectors) -> NDArray[np.float64]:
        """The weight of each word, by id."""
        if self.weighting == "mean":
            return np.ones(len(vectors))
        if self.weighting != "sif":
            raise SettingsError(f"weighting {self.weighting!r} is not one of: mean, sif")
        if not isinstance(self.smoothing, Real) or not 0 < self.smoothing < math.inf:
            raise SettingsError(
                f"smoothing must be a finite number above 0, not {self.smoothing!r}"
            )
        total = vectors.vocabulary.total
        if not total:
            raise SettingsError(
                "sif weighs words by their counts, and these vectors have none, like those of "
                "most other tools; use mean, or vectors with counts"
            )
        weights: NDArray[np.float64] = self.smoothing / (
            self.smoothing + vectors.counts.astype(np.float64) / total
        )
        return weights

    def _means(self, documents: Iterable[str | Sequence[Word]]) -> NDArray[np.float32]:
        tokenize = self._tokenize()
        tokens = [
            _tokens(document, place, tokenize)
            for place, document in enumerate(_checked_documents(documents))
        ]
        flat = [token for document in tokens for token in document]
        ids, spelled = self._ids_of(flat)
        of_document = np.repeat(np.arange(len(tokens)), [len(document) for document in tokens])
        known = ids >= 0
        used, columns = np.unique(ids[known], return_inverse=True)
        weights = np.append(self.weights_, np.ones(len(spelled)))[ids[known]]
        shape = (len(tokens), len(used))
        shares = scipy.sparse.csr_matrix((weights, (of_document[known], columns)), shape)
        lengths = np.bincount(of_document[known], minlength=len(tokens))
        self.unknown_tokens_ = int((~known).sum())
        self.spelled_tokens_ = int((ids >= len(self.vectors_)).sum())
        self.documents_without_words_ = int((lengths == 0).sum())
        own = used[used < len(self.vectors_)]
        rows = np.concatenate([self.vectors_.shown_rows[own], spelled]).astype(np.float64)
        sums = shares @ rows
        means: NDArray[np.float32] = (sums / np.maximum(lengths, 1)[:, None]).astype(np.float32)
        return means

    def _tokenize(self) -> Callable[[str], Iterable[Word]]:
        """From a text to its tokens."""
        asked = self.tokenizer
        if callable(asked):
            return asked
        if asked is None:
            asked = tokenizer_of(self.vectors_.about)
        elif asked not in TOKENIZERS:
            raise SettingsError(
                f"tokenizer {asked!r} is not one of: {', '.join(TOKENIZERS)}, or a function"
            )
        phraser = self.vectors_.phraser
        return lambda text: tokens_of(text, asked, phraser)

    def _ids_of(self, tokens: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Ids of tokens, −1 for one without a vector, and the rows of ids beyond the vocabulary.

        These are of unknown tokens, by spelling.
        """
        vectors, speller = self.vectors_, self.vectors_.speller
        ids = vectors.vocabulary.ids_of(tokens).astype(np.int64)
        spelled: dict[str, NDArray[np.float32]] = {}
        if self.spell and speller is not None:
            unknown = np.flatnonzero(ids < 0).tolist()
            for word in dict.fromkeys(tokens[at] for at in unknown):
                with suppress(UnknownWordError):
                    spelled[word] = speller.vector(vectors.written_form(word))
            numbers = {word: len(vectors) + at for at, word in enumerate(spelled)}
            ids[unknown] = [numbers.get(tokens[at], -1) for at in unknown]
        rows = np.array([*spelled.values()], np.float32)
        return ids, rows.reshape(len(spelled), vectors.embedding_dim)


def _checked_documents(given: Any) -> Iterable[Any]:
    if isinstance(given, str):
        raise SettingsError("give a list of documents, not one text")
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise SettingsError(
            f"give a list of documents, not {repr(given)[:60]} ({type(given).__name__})"
        )
    return given


def _tokens(document: Any, place: int, tokenize: Callable[[str], Iterable[Word]]) -> list[str]:
    """The tokens of a text, or of a list of them."""
    if is_word(document) and not isinstance(document, str):
        raise SettingsError(
            f"document {place} is neither a text nor a list of tokens: {shown(document)}; group "
            "integers into lists, one for each document"
        )
    try:
        tokens = list(tokenize(document)) if isinstance(document, str) else document
    except SettingsError as error:
        raise SettingsError(f"document {place}: {error}") from None
    try:
        return words_of(tokens)
    except SettingsError as error:
        raise SettingsError(
            f"document {place} is neither a text nor a list of tokens: {error}"
        ) from None
