"""The sections of the settings, by concern: frozen, and validated once.

A field's metadata is the only place that states its meaning, range and source; the command
line's help, the documentation and the error messages read them from here.
"""

from dataclasses import dataclass

from skipgram.errors import SettingsError
from skipgram.settings.fields import Validated, setting
from skipgram.settings.ngram_range import NONE as NO_NGRAMS
from skipgram.settings.ngram_range import NgramRange

NEGATIVE_SAMPLING = "negative-sampling"
SOFTMAX, EXPECTED_NEGATIVE_SAMPLING = "softmax", "expected-negative-sampling"
AUTO = "auto"
OBJECTIVES = (NEGATIVE_SAMPLING, SOFTMAX, EXPECTED_NEGATIVE_SAMPLING, AUTO)
"""What can be trained; the second and third exactly, over all pairs of a corpus at once."""

OWN = "own"
"""Stands for a custom function, which only Python can pass, so help texts leave it out."""
TOKENIZERS = ("whitespace", "words")
"""What a token is."""


@dataclass(frozen=True, kw_only=True)
class TextSettings(Validated):
    """How text becomes tokens."""

    column: str = setting(
        "", "the column that holds the text, for tables: Parquet, Arrow, CSV, TSV and JSON lines"
    )
    tokenizer: str = setting(
        "whitespace",
        "how a line is split, at whitespace or into lower-cased words, sentence by sentence",
        choices=TOKENIZERS,
        accepted=(OWN,),
    )
    undecodable: str = setting(
        "replace",
        "what to do with bytes that are not UTF-8",
        choices=("replace", "ignore", "error"),
    )
    phrases: int = setting(
        0, "passes that join words that belong together, as in new_york", least=0, most=16
    )
    phrase_score: str = setting(
        "count",
        "score by which words are joined, their count relative to chance or their normalised "
        "pointwise mutual information",
        choices=("count", "npmi"),
        source="Mikolov et al. 2013; Bouma 2009",
    )
    phrase_threshold: float | None = setting(
        None,
        "words with a higher score are joined; by default 100 for count and 0.5 for npmi",
        source="word2phrase.c's default",
    )
    phrase_min_count: int = setting(
        5,
        "phrases seen less often are not joined; also the discount in the count score",
        least=1,
        source="word2phrase.c's default",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        threshold = self.phrase_threshold
        if self.phrase_score == "npmi" and threshold is not None and not -1 <= threshold <= 1:
            raise SettingsError(
                f"phrase_threshold must be from -1 to 1 for the score npmi, not {threshold:g}; "
                "phrase_score count takes larger ones (--phrase-score count)"
            )


@dataclass(frozen=True, kw_only=True)
class VocabularySettings(Validated):
    """Which words get a vector."""

    min_count: int = setting(
        5, "words seen less often get no vector", least=1, source="word2vec.c's default"
    )
    max_vocabulary: int = setting(
        0, "keep at most this many words, the most frequent; 0 means no limit", least=0
    )
    keep_words: tuple[str, ...] = setting((), "words that get a vector however rare they are")
    drop_words: tuple[str, ...] = setting((), "words that get no vector")
    max_types: int = setting(
        0,
        "count at most this many types at a time, where memory cannot hold them all; the rarest "
        "are forgotten, and the summary says how far counts may be too low; 0 means no limit",
        least=0,
        most=2**30,
        source="Manku and Motwani 2002, lossy counting",
    )


@dataclass(frozen=True, kw_only=True)
class ModelSettings(Validated):
    """What is trained: the objective and the shape of its parameters."""

    objective: str = setting(
        "auto",
        "the loss to minimise, which auto chooses by the size of the text",
        choices=OBJECTIVES,
    )
    embedding_dim: int = setting(
        100, "dimensions of a vector", least=1, most=4096, source="word2vec.c's default"
    )
    window: int = setting(
        5,
        "most words on each side of the center word",
        least=1,
        most=1000,
        source="word2vec.c's default",
    )
    window_width: str = setting(
        "random",
        "how much of the window is used, a random part of it, all of it, or all of it with an "
        "outside word at distance d counted 1/d",
        choices=("random", "fixed", "harmonic"),
        source="word2vec.c, which draws; Pennington et al. 2014, harmonic",
    )
    gaps: str = setting(
        "closed-up",
        "what becomes of the gaps that subsampled words leave, closed up or as wide as in the text",
        choices=("closed-up", "text"),
        source="word2vec.c, closed-up; Levy and Goldberg 2014, text",
    )
    contexts: str = setting(
        "both",
        "side of the center word on which outside words count",
        choices=("both", "left", "right"),
    )
    negatives: int = setting(
        5, "negatives drawn for each outside word", least=1, most=64, source="Mikolov et al. 2013"
    )
    negatives_shared: bool = setting(
        True,
        "whether the pairs of a window share one draw of negatives; if not, each has its own",
        source="Ji et al. 2016, who share; word2vec.c does not",
    )
    noise_exponent: float = setting(
        0.75,
        "negatives are drawn in proportion to count to this power",
        least=-8,
        most=8,
        source="Mikolov et al. 2013",
    )
    count_power: float = setting(
        0.75,
        "a pair's weight is its expected count to this power; 1 gives the unmodified loss",
        above=0,
        most=2,
        source="by quality on fil8 and Gutenberg",
    )
    unigram_offset: float = setting(
        1.0,
        "weight of the log-unigram offset, which relieves the vectors of a word's frequency; 0 "
        "gives the unmodified loss",
        least=0,
        most=2,
        source="by quality on fil8 and Gutenberg",
    )
    softmax_vocabulary: int = setting(
        0,
        "fit this many words together, the most frequent, and the others to them afterwards; 0 "
        "means all",
        least=0,
    )
    ngrams: str = setting(
        NO_NGRAMS,
        "characters of the n-grams of a word's spelling, as 3-6, or none; vectors are drawn to "
        "what their spelling says, and unknown words get vectors",
        source="Bojanowski et al. 2017, 3 to 6",
    )
    ngram_min_words: int = setting(
        2, "n-grams that fewer words have are left out", least=1, source="by quality on fil8"
    )
    ngram_share: float = setting(
        0.5,
        "how much of what its spelling says is added to a word's vector where vectors are shown; "
        "0 shows the vector alone",
        least=0,
        most=16,
        source="by quality on fil8 and Gutenberg",
    )
    shown: str = setting(
        "center",
        "which vector stands for a word, its center vector, its outside vector or their sum; "
        "both matrices are kept",
        choices=("center", "outside", "sum"),
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        lengths = NgramRange.of(self.ngrams)
        if lengths is None:
            return
        object.__setattr__(self, "ngrams", str(lengths))
        if self.shown != "center":
            raise SettingsError(
                f"ngrams (--ngrams) {self.ngrams} is for center vectors, and shown (--shown) is "
                f"{self.shown}: omit one of the two; `skipgram spell` spells any vectors afterwards"
            )


@dataclass(frozen=True, kw_only=True)
class TrainingSettings(Validated):
    """How it is trained: what changes the result."""

    epochs: int = setting(5, "passes over the corpus", least=1, source="word2vec.c's default")
    sweeps: int = setting(
        16,
        "most passes over all pairs of words from random vectors; a level that begins with fitted "
        "vectors takes a part of them",
        least=1,
        source="by quality on fil8",
    )
    levels: int = setting(
        0,
        "begin with the most frequent words, and fit four times as many from level to level; 1 "
        "sweeps over all words from the start, 0 chooses by the vocabulary",
        least=0,
        most=8,
        source="by quality and time on fil8 and Gutenberg",
    )
    tolerance: float = setting(
        1e-4,
        "sweeps end when one lowers the objective by less than this, in nats a pair, once their "
        "steps have fallen to half; 0 never stops early",
        least=0,
    )
    lots: int = setting(
        8,
        "parts of a group of center words that are computed side by side and added in their order: "
        "the most threads, or workers of a cluster, that can share a sweep; another number changes "
        "the last digits",
        least=1,
        most=4096,
    )
    prior: float = setting(
        10.0,
        "precision of the normal prior on the vectors: prior / 2 times their squares is added to "
        "the loss of all pairs",
        least=0,
        source="by quality on fil8 and Gutenberg",
    )
    ngram_penalty: float = setting(
        0.3,
        "strength of the ridge regression of vectors on n-grams",
        above=0,
        source="by quality on fil8 and Gutenberg",
    )
    subsample: float = setting(
        1e-4,
        "threshold frequency above which words are dropped at random; 0 keeps every word",
        least=0,
        most=1,
        source="Mikolov et al. 2013; 1e-4 by quality on fil8",
    )
    learning_rate: float = setting(
        0.035,
        "step size at the start",
        above=0,
        source="by quality on fil8 and Gutenberg; word2vec.c's default is .025",
    )
    schedule: str = setting(
        "linear",
        "how the step size falls, to 1/10,000 at the end, unless it stays constant",
        choices=("linear", "cosine", "constant"),
        source="word2vec.c, linear; Loshchilov and Hutter 2017, cosine",
    )
    seed: int = setting(
        1,
        "seed of every random draw; with one thread it repeats a run exactly",
        least=0,
        most=2**63 - 1,
    )
    holdout: float = setting(
        0.0,
        "share of the corpus to hold out of the training and score after every epoch",
        least=0,
        most=0.5,
    )
    patience: int = setting(
        0,
        "stop after this many epochs without a better held-out loss, and keep the best vectors; "
        "0 never stops early",
        least=0,
    )
    deterministic: bool = setting(
        False, "give the same bits for any number of threads, on one type of machine"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.patience and not self.holdout:
            raise SettingsError(
                f"patience {self.patience} needs a held-out loss to wait for; hold some of the "
                "corpus out (--holdout 0.01)"
            )


@dataclass(frozen=True, kw_only=True)
class RunSettings(Validated):
    """How this machine is used."""

    threads: int = setting(
        1,
        "threads for reading, where their number changes nothing, and for training, where two "
        "or more give slightly different vectors each time",
        least=1,
        most=1024,
    )
    checkpoint_minutes: float = setting(
        10.0, "minutes between checkpoints, for --resume; 0 writes none", least=0
    )
