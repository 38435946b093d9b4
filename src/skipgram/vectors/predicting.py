"""What vectors predict: the outside words of given center words, with their probabilities.

Each objective fits its own table of scores s_w = u_w·v_c, and so each has its own way back to
P(w | c), exact wherever the fit is:

    softmax                       P(w | c) ∝ exp((s_w + β log p_w) / α)
    expected negative sampling    P(w | c) ∝ (P_n(w) exp(s_w))^(1/α)
    negative sampling             P(w | c) ∝ r_w / (1 + r_w / (1 − P_n(w)))

with the count power α, the unigram offset β, the outside words' shares p, the noise P_n and
r_w = K P_n(w) exp(s_w). The first two are Equation (51) of docs/derivation.md, the third is (52).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.settings import NEGATIVE_SAMPLING, SOFTMAX, ModelSettings
from skipgram.settings.objectives import OWN_SETTINGS
from skipgram.vectors.asked import OnUnknown, Unanswerable, checked_vector, report
from skipgram.vectors.elsewhere import methods_answer_other_names
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.given import Terms, Words, terms_of, whole_number
from skipgram.vectors.neighbors import Notes, Predicted, Predictions
from skipgram.vectors.queries import Queries
from skipgram.vectors.rows import require_finite

_ROWS_AT_ONCE = 1 << 15
"""Of U, which are scored in float64."""
_FITTED_WITH = ("objective", "count_power", "unigram_offset", "negatives")


@methods_answer_other_names
class Predicting(Queries):
    """Vectors with the queries, and what they predict."""

    def predict_outside(
        self,
        words: Terms,
        k: int = 10,
        *,
        first_words: int | None = None,
        exclude: Words = (),
        unknown: OnUnknown = "error",
    ) -> Predictions:
        """The k outside words that are most probable, given center words.

        The model of the training is asked, V and U, whatever matrix is shown: what follows a
        word, what is bought together. The probabilities are those of the objective that trained
        the vectors, in text as training sees it, subsampled; over all words they add up to 1.

        Several words are asked by the mean of their vectors: exp(s_w) is then the geometric mean
        of those of each alone, and so is the distribution, normalised (by plain negative
        sampling only about so). The given words themselves may be among the answers.

        Parameters
        ----------
        words
            Center words, or their vectors of shape (embedding_dim,).
        k
            How many.
        first_words
            Only this many words, the most frequent ones, can be answers; their probabilities
            stay as they are.
        exclude
            Words that cannot be answers.
        unknown
            With `skip`, words that are not in the vocabulary are left out; a UserWarning names
            and counts them.

        Raises
        ------
        UnknownWordError
            If words are not in the vocabulary: it names them, or for one suggests spellings.
        SettingsError
            If k is below 1, or no word is given or left; or if the vectors lack what is needed,
            as those from other tools' files, which have no outside matrix.
        FormatError
            If a number is nan or infinite.

        """
        k = whole_number("k", k, 1)
        model = fitted_model(self)
        center, notes = _mean_center(self, words, unknown)
        probabilities = np.exp(_log_probabilities(self, model, _scores(self, center)))
        allowed = self._allowed(first_words, self._known_ids(exclude))
        if allowed is not None:
            probabilities[~allowed] = 0
        places = _largest(probabilities, k)
        named = map(self.words.__getitem__, places.tolist())
        return Predictions(map(Predicted, named, probabilities[places].tolist()), notes)


def fitted_model(vectors: Embedding) -> ModelSettings:
    """The settings that say what the scores stand for."""
    if vectors.outside is None:
        raise SettingsError(
            "these vectors have no outside matrix, without which no outside words are predicted; "
            "other tools' files have none: train with skipgram, and load the native folder"
        )
    settings = vectors.about.get("settings")
    found = settings.get("model") if isinstance(settings, Mapping) else None
    fitted: dict[str, Any] = {
        name: found[name] for name in _FITTED_WITH if isinstance(found, Mapping) and name in found
    }
    if fitted.get("objective") not in tuple(OWN_SETTINGS) or len(fitted) < len(_FITTED_WITH):
        raise SettingsError(
            "what the scores of these vectors stand for is not known: vectors.about['settings']"
            f"['model'] needs {', '.join(_FITTED_WITH)}, as skipgram.train records them"
        )
    model = ModelSettings(**fitted)
    needed = "noise" if model.objective != SOFTMAX else "outside_marginal"
    if getattr(vectors, needed) is None and (needed == "noise" or model.unigram_offset):
        raise SettingsError(
            f"these vectors have no {needed}, without which the scores that objective "
            f"{model.objective} fits are no probabilities; skipgram.train records it"
        )
    return model


def _mean_center(
    vectors: Embedding, words: Terms, unknown: OnUnknown
) -> tuple[NDArray[np.float64], Notes]:
    """The mean of the words' center vectors, and what is to be said of unknown ones."""
    terms = terms_of(words)
    missing = Unanswerable([], [], len(terms))
    rows: list[NDArray[np.floating]] = []
    notes: list[Notes] = []
    ids = vectors.vocabulary.ids_of([term for term in terms if isinstance(term, str)])
    as_center = replace(vectors, shown="center") if (ids < 0).any() else vectors
    for term in terms:
        if not isinstance(term, str):
            rows.append(checked_vector(term, vectors.embedding_dim))
        elif (number := vectors.vocabulary.find(term)) >= 0:
            rows.append(vectors.center[number])
        elif (form := vectors.training_form(term)) is not None:
            rows.append(vectors.center[vectors.vocabulary.id(form)])
            notes.append(Notes(read_as=((term, form),)))
        else:
            try:
                rows.append(as_center.vector(term))
                notes.append(Notes(spelled=(term,)))
            except UnknownWordError:
                missing.unknown.append(term)
    report(as_center, missing, unknown)
    if not rows:
        raise SettingsError("no center words to predict outside words from")
    mean: NDArray[np.float64] = np.mean(rows, axis=0, dtype=np.float64)
    return mean, Notes.of_all(notes)


def _scores(vectors: Embedding, center: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores U v_c of all outside words: shape (vocab_size,)."""
    outside = vectors.outside
    assert outside is not None  # fitted_model requires it
    scores = np.empty(len(outside))
    for start in range(0, len(scores), _ROWS_AT_ONCE):
        stretch = slice(start, start + _ROWS_AT_ONCE)
        scores[stretch] = np.asarray(outside[stretch], np.float64) @ center
    if not np.isfinite(scores).all():
        require_finite(vectors.center, vectors.words, "the center matrix")
        require_finite(outside, vectors.words, "the outside matrix")
        raise FormatError("the scores of the outside words are too large for float64")
    return scores


def _log_probabilities(
    vectors: Embedding, model: ModelSettings, scores: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The logarithm of P(w | c) of each word w, by the objective that fitted the scores."""
    from skipgram.equations import log_softmax  # other queries need none of it

    if model.objective == SOFTMAX:
        beta = model.unigram_offset
        offset = beta * _log(vectors.outside_marginal) if beta else 0.0
        weights = (scores + offset) / model.count_power
    elif model.objective == NEGATIVE_SAMPLING:
        ratio = np.log(model.negatives) + _log(vectors.noise) + scores
        with np.errstate(invalid="ignore"):  # where there is no noise at all
            weights = ratio - np.logaddexp(0, ratio - _log(_noise_beside(vectors.noise)))
    else:
        weights = (_log(vectors.noise) + scores) / model.count_power
    if not np.isfinite(weights).any():
        raise FormatError("by their noise, these vectors give no outside word any probability")
    logarithms: NDArray[np.float64] = log_softmax(weights)
    return logarithms


def _noise_beside(noise: Any) -> NDArray[np.float64]:
    """1 − P_n(w), exact also where one word is nearly all of the noise."""
    beside: NDArray[np.float64] = 1.0 - noise
    top = int(np.argmax(noise))
    beside[top] = noise[:top].sum() + noise[top + 1 :].sum()
    return beside


def _log(shares: Any) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):  # log 0 = −∞ is intended: such a word is never predicted
        logarithms: NDArray[np.float64] = np.log(shares)
    return logarithms


def _largest(numbers: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """The places of the k largest numbers above 0, largest first; equal ones by place."""
    places = np.flatnonzero(numbers > 0)
    found = numbers[places]
    if len(places) > k:
        is_large = found >= np.partition(found, -k)[-k]
        places, found = places[is_large], found[is_large]
    order: NDArray[np.int64] = places[np.lexsort((places, -found))[:k]]
    return order
