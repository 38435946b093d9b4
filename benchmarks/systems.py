"""One training of either system: timed where it trains, its answer checked, its vectors given.

What is timed is training proper, without reading, counting and compiling.
"""

import logging
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import skipgram
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.settings import Settings
from skipgram.training.events import EpochEnd, Finished, Started
from skipgram.training.negative_sampling.trainer import NegativeSamplingTrainer
from skipgram.training.negative_sampling.warming import warm_up
from skipgram.training.noise import Noise
from skipgram.training.parameters import Parameters
from skipgram.vectors.word_vectors import WordVectors

GENSIM_BATCH_WORDS = 10_000
"""Its workers start inside the file: each may read a batch more or less than its part."""
LEARNT = 0.9
"""A training that ends with more of the loss of vectors of zero has learnt nothing."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class Text:
    """One file that both systems read, and the words that both know."""

    file: Path
    corpus: EncodedCorpus

    @classmethod
    def of(cls, file: Path) -> "Text":
        """Read and encoded, with the default of min_count."""
        return cls(file, skipgram.encode(file, progress=False))

    @property
    def tokens(self) -> int:
        """All words of the file, rare ones as well."""
        return self.corpus.summary.tokens

    def vectors(self, matrix: Matrix) -> WordVectors:
        """Vectors by the ids of this vocabulary, whoever trained them."""
        words = len(self.corpus.vocabulary)
        share = np.full(words, 1 / words)
        return WordVectors(self.corpus.vocabulary, matrix, matrix, share, share)


@dataclass(frozen=True)
class Training:
    """What came of it."""

    seconds: float
    words_per_second: float
    """words of the file, rare and subsampled ones as well"""
    vectors: WordVectors
    pairs: int = 0
    """that were trained, over all epochs; 0 where a system does not tell"""


def train_skipgram(text: Text, **values: Any) -> Training:
    """Train with these settings; compiling is over when the clock starts."""
    settings = Settings.of(**values)
    warm_up(settings)
    model, epochs = settings.model, settings.training.epochs
    noise = Noise.of(text.corpus.vocabulary.counts, model.noise_exponent)
    words, seed = len(text.corpus.vocabulary), settings.training.seed
    parameters = Parameters.initial(words, model.embedding_dim, seed)
    loss_at_zero, loss, pairs = math.nan, math.nan, 0
    for event in NegativeSamplingTrainer(text.corpus, noise, parameters, settings):
        match event:
            case Started():
                loss_at_zero = event.loss_at_zero
            case EpochEnd():
                loss, pairs = event.loss, pairs + event.pairs
            case Finished():
                finished = event
    expected = epochs * len(text.corpus)
    if finished.tokens != expected or not loss < LEARNT * loss_at_zero:
        sys.exit(
            f"skipgram trained on {finished.tokens:,} words instead of {expected:,}, or learnt "
            f"nothing: its loss is {loss:.3f} nats a pair, that of zeros {loss_at_zero:.3f}"
        )
    center = np.ascontiguousarray(parameters.center, np.float32)
    speed = epochs * text.tokens / finished.seconds
    return Training(finished.seconds, speed, text.vectors(center), pairs)


def train_gensim(text: Text, **values: Any) -> Training:
    """The same settings for gensim, from the file (its fast path); its own seconds of training."""
    from gensim.models import Word2Vec

    logging.disable(logging.WARNING)  # it warns of what is checked here
    settings = Settings.of(**values)
    epochs = settings.training.epochs
    model = Word2Vec(**gensim_values(settings))
    model.build_vocab(corpus_file=str(text.file))
    started = time.perf_counter()
    _, raw_words = model.train(
        corpus_file=str(text.file),
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=epochs,
    )
    seconds = time.perf_counter() - started
    require_gensim_words(raw_words, text.tokens, settings)
    matrix = np.array([model.wv[word] for word in text.corpus.vocabulary.words], np.float32)
    return Training(seconds, epochs * text.tokens / seconds, text.vectors(matrix))


def gensim_values(settings: Settings) -> dict[str, Any]:
    """Our settings under gensim's names."""
    model, training = settings.model, settings.training
    return {
        "vector_size": model.embedding_dim,
        "window": model.window,
        "negative": model.negatives,
        "ns_exponent": model.noise_exponent,
        "sample": training.subsample,
        "min_count": settings.vocabulary.min_count,
        "sg": 1,
        "alpha": training.learning_rate,
        "epochs": training.epochs,
        "workers": settings.run.threads,
        "seed": training.seed,
    }


def require_gensim_words(found: int, tokens: int, settings: Settings) -> None:
    """It cuts long lines, and trains on less, without a word.

    Where its workers' parts meet, a batch may be read twice, or by neither: a thousandth of
    these texts, at most.
    """
    epochs, workers = settings.training.epochs, settings.run.threads
    expected, overlap = epochs * tokens, epochs * workers * GENSIM_BATCH_WORDS
    if abs(found - expected) > overlap:
        sys.exit(f"gensim trained on {found:,} words instead of {expected:,}")
