"""Held-out text: how well do vectors predict the words around each word of a text they never saw?

The model that was trained is asked, V and U, and by the numbers that a training with `holdout`
reports: its loss, and the perplexity of its softmax over the whole vocabulary.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence.counts import count_cooccurrence
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.summary import CorpusSummary
from skipgram.evaluation.held_out_text import (
    Pieces,
    checksum,
    encoded_text,
    left_out,
    pieces_of,
)
from skipgram.evaluation.resampling import RESAMPLES, Numbers
from skipgram.evaluation.scores import Coverage, Outcome, Score, measures_of, ranks_of
from skipgram.settings import SOFTMAX, Settings
from skipgram.settings.window_rule import WindowRule
from skipgram.system.machine import usable_threads
from skipgram.training.events import MOST_EXPONENT
from skipgram.training.held_out.pairs import HeldOutPairs
from skipgram.training.held_out.scoring import ScoredModel, values_of_all_pairs
from skipgram.training.parameters import Parameters
from skipgram.vectors.given import whole_number
from skipgram.vectors.predicting import fitted_model
from skipgram.vectors.rows import require_finite
from skipgram.vectors.word_vectors import WordVectors

MOST_TOKENS = 100_000
MOST_STRETCHES = 20
_WORD_BITS = 32


class HeldOutScore(Score):
    """How well vectors predict a text. Lower is better, of both measures."""

    outcome: "PredictedPieces"

    @property
    def loss(self) -> float | None:
        """Mean nats a pair, as the training's own loss; None if no two known words are near."""
        return self.measures[1].value

    @property
    def perplexity(self) -> float | None:
        """As hard as a guess among this many equally likely words."""
        return self.measures[0].value

    @property
    def pairs(self) -> float:
        """How many pairs the means are over, to be expected of the windows."""
        return float(self.outcome.pairs.sum())


@dataclass(frozen=True, eq=False)
class PredictedPieces(Outcome):
    """The losses of all pairs (c, o) of each piece of the text.

    With N_co, how often a pair is to be expected in the windows, and n = Σ N_co:

        loss        1/n Σ N_co loss(c, o)
        perplexity  exp(1/n Σ N_co (−log P̂(o | c)))

    Units are stretches of neighbouring pieces, twenty of the whole text: in running text, pieces
    that follow each other are alike.
    """

    losses: Numbers
    """shape (asked,): Σ N_co loss(c, o) of each piece"""
    cross_entropies: Numbers
    """shape (asked,): Σ N_co (−log P̂(o | c))"""
    pairs: Numbers
    """shape (asked,): Σ N_co"""
    vocabulary: str
    """a checksum: it is easier to guess among fewer words"""

    names: ClassVar = ("perplexity", "loss")
    lower_is_better: ClassVar = True
    has_ranks: ClassVar = False

    @property
    def basis(self) -> str:
        """The vocabulary."""
        return self.vocabulary

    @property
    def units(self) -> int:
        """The stretches that have a pair."""
        return int(self._stretches.max(initial=-1)) + 1

    @cached_property
    def _stretches(self) -> NDArray[np.intp]:
        """The number of each piece's stretch."""
        stretches = np.arange(len(self.asked)) * MOST_STRETCHES // max(1, len(self.asked))
        return np.unique(stretches, return_inverse=True)[1].reshape(-1)

    def at(self, places: NDArray[np.intp]) -> Self:
        return type(self)(
            self.asked[places],
            self.ranks[places],
            self.losses[places],
            self.cross_entropies[places],
            self.pairs[places],
            self.vocabulary,
        )

    def __call__(self, weights: Numbers) -> Numbers:
        weights = weights[:, self._stretches]
        total = weights @ self.pairs
        loss, cross_entropy = (
            weights @ sums / np.where(total > 0, total, np.nan)
            for sums in (self.losses, self.cross_entropies)
        )
        return np.stack([np.exp(np.minimum(cross_entropy, MOST_EXPONENT)), loss])


def held_out_score(
    vectors: WordVectors,
    corpus: Any,
    name: str = "held-out text",
    *,
    column: str = "",
    most_tokens: int = MOST_TOKENS,
    resamples: int = RESAMPLES,
) -> HeldOutScore:
    """Loss and perplexity of a text by the model that the vectors are of.

    Its pairs are those of the training's windows and subsampling, each counted as often as it is
    to be expected: nothing is drawn. With the scores s_w = u_w·v_c, a pair (c, o) has

        cross entropy  −log P̂(o | c),  P̂(w | c) = exp(s_w + b_w) / Σ_x exp(s_x + b_x)
        loss           −log σ(s_o) − K Σ_(w≠o) P_n(w) / (1 − P_n(o)) log σ(−s_w)

    where b = log P_n. A softmax has b = β log p instead, and its loss is the cross entropy. The
    score's loss is the mean over pairs, its perplexity the exponential of the mean cross entropy:
    the numbers that a training with `holdout` reports. (`predict_outside` also undoes the count
    power, and that negatives which hit the outside word are drawn again.)

    Unknown words are left out, as in training: windows close over them. The coverage says how many
    tokens are known. Compare only vectors with the same vocabulary, for it is easier to guess among
    fewer words; and losses only of the same objective and number of negatives. Intervals and
    differences are by pieces of the text (see `held_out_text`), which are the same for all vectors
    whose text was tokenized alike.

    Parameters
    ----------
    vectors
        Of a training here, with their outside matrix.
    corpus
        As for `skipgram.train`: files, texts, or an encoded corpus or its folder, whose rare words
        are then not seen at all. It is tokenized as the training's text was.
    name
        Of the text, in the score.
    column
        Of a table, that holds the text.
    most_tokens
        About so many are scored, from all over a longer text.
    resamples
        For the intervals; 0 for none.

    Raises
    ------
    SettingsError
        If the vectors lack what is needed, such as the outside matrix; if the corpus was encoded
        otherwise than their text, or an outside word has no probability at all.
    CorpusError
        If the text cannot be read, or no line of it holds two words.
    FormatError
        If a number of the vectors is nan or infinite.

    Source: equations (35) and (36) of docs/derivation.md.

    """
    most_tokens = whole_number("most_tokens", most_tokens, 1)
    scored, is_softmax = _scored_model(vectors)
    rule = WindowRule.of(Settings.from_dict(vectors.about["settings"]))
    text = encoded_text(corpus, vectors, column)
    pieces = pieces_of(text, vectors.vocabulary, most_tokens)
    counted = list(_counted(pieces, vectors, rule))
    outcome = _predicted(counted, scored, checksum(vectors.words), is_softmax=is_softmax)
    coverage = Coverage(
        "tokens",
        len(pieces.ids),
        round(pieces.tokens * (1 + left_out(text))),
        replaced=text.summary.replaced,
    )
    return HeldOutScore(name, coverage, measures_of(outcome, resamples), outcome)


def _scored_model(vectors: WordVectors) -> tuple[ScoredModel, bool]:
    """The model with its offset and noise, and whether its loss is a softmax's."""
    model = fitted_model(vectors)
    assert vectors.outside is not None  # fitted_model requires it
    require_finite(vectors.center, vectors.words, "the center matrix")
    require_finite(vectors.outside, vectors.words, "the outside matrix")
    V, U = np.asarray(vectors.center), np.asarray(vectors.outside)
    parameters = Parameters(V, U, vectors.embedding_dim)
    if model.objective != SOFTMAX:
        assert vectors.noise is not None
        return ScoredModel.by_negative_sampling(parameters, vectors.noise, model.negatives), False
    offset = np.zeros(len(vectors))
    if model.unigram_offset:
        with np.errstate(divide="ignore"):  # log 0 = −∞ is intended: such a word is not predicted
            offset = model.unigram_offset * np.log(np.asarray(vectors.outside_marginal))
    no_noise = np.full(len(vectors), 1 / len(vectors))  # of a loss that is not asked for
    return ScoredModel(parameters, offset, no_noise, 1), True


class _Counted(NamedTuple):
    """The pairs of a piece."""

    piece: int
    rarest: int
    """rank of its rarest word"""
    pairs: NDArray[np.int64]
    """center · 2³² + outside"""
    counts: Numbers


def _counted(pieces: Pieces, vectors: WordVectors, rule: WindowRule) -> Iterator[_Counted]:
    """The expected counts of each piece that has a pair."""
    if not len(pieces.ids):
        return
    nothing_read = CorpusSummary(0, 0, 0, 0, 0, 0, 0, 0, 0, "", "")
    corpus = EncodedCorpus(pieces.ids, pieces.line_ends, vectors.vocabulary, nothing_read)
    ranks = ranks_of(pieces.ids[:, None], vectors.vocabulary.by_count)
    ends = np.append(0, pieces.line_ends)
    for number, (start, stop) in enumerate(pieces.ranges.tolist()):
        inside = ends[slice(*np.searchsorted(ends, [start, stop + 1]))]
        if np.diff(inside).max(initial=0) < 2:
            continue
        found = count_cooccurrence(corpus, rule, ranges=np.array([[start, stop]])).matrix.tocoo()
        pairs = (found.row.astype(np.int64) << _WORD_BITS) | found.col
        yield _Counted(number, int(ranks[start:stop].max()), pairs, found.data)


def _predicted(
    counted: list[_Counted], model: ScoredModel, vocabulary: str, *, is_softmax: bool
) -> PredictedPieces:
    """The sums of each piece; each different pair of the text is scored once."""
    numbers = np.array([piece.piece for piece in counted], np.intp)
    rarest = np.array([piece.rarest for piece in counted], np.int64)
    if not counted:
        nothing = np.empty(0)
        return PredictedPieces(numbers, rarest, nothing, nothing, nothing, vocabulary)
    all_counts = np.concatenate([piece.counts for piece in counted])
    every = np.concatenate([piece.pairs for piece in counted])
    pairs, place = np.unique(every, return_inverse=True)
    centers, starts = np.unique(pairs >> _WORD_BITS, return_index=True)
    held_out = HeldOutPairs(
        centers,
        np.append(starts, len(pairs)),
        (pairs & ((1 << _WORD_BITS) - 1)).astype(np.int32),
        np.bincount(place.reshape(-1), all_counts),
    )
    with ThreadPoolExecutor(usable_threads()) as pool:
        loss, cross_entropy = values_of_all_pairs(held_out, model, pool)
    begins = np.append(0, np.cumsum([len(piece.pairs) for piece in counted])[:-1])
    of_loss, of_cross_entropy = (
        np.add.reduceat(all_counts * values[place.reshape(-1)], begins)
        for values in (cross_entropy if is_softmax else loss, cross_entropy)
    )
    of_pairs = np.add.reduceat(all_counts, begins)
    return PredictedPieces(numbers, rarest, of_loss, of_cross_entropy, of_pairs, vocabulary)
