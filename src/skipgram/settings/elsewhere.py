"""Settings by the names that other tools have for them: what to write here, or why there is none.

From gensim, fastText, word2vec.c, GloVe and scikit-learn. Unlike earlier names of ours
(`renamed`) they are refused, since the same name need not mean quite the same.
"""

import re
from dataclasses import fields
from typing import Any

from skipgram.errors import SettingsError, option_of
from skipgram.settings.sections import (
    ModelSettings,
    RunSettings,
    TextSettings,
    TrainingSettings,
    VocabularySettings,
)

CALLED = {
    "embedding_dim": ("vector_size", "size", "dim", "n_components", "embed_dim", "embedding_size"),
    "window": ("ws", "window_size"),
    "epochs": ("epoch", "iter", "n_iter", "max_iter", "num_epochs"),
    "learning_rate": ("alpha", "start_alpha", "lr", "eta"),
    "negatives": ("negative", "neg", "num_negatives"),
    "noise_exponent": ("ns_exponent",),
    "subsample": ("sample", "t"),
    "max_vocabulary": ("max_final_vocab", "max_features", "vocab_size"),
    "max_types": ("max_vocab_size",),
    "min_count": ("min_df",),
    "drop_words": ("stop_words",),
    "threads": ("workers", "thread", "n_jobs", "num_workers"),
    "seed": ("random_state",),
    "continue_from": ("pretrained_vectors",),
}
"""Names elsewhere, by the setting here that takes the same values."""

_NOTES = {
    "learning_rate": "by default 0.035 here, 0.025 in gensim and word2vec.c, 0.05 in fastText",
    "subsample": "by default 1e-4 here and in fastText, 1e-3 in gensim and word2vec.c",
    "max_types": "what is forgotten then is told in the summary",
    "threads": "by default all that the process may use",
}

_NO_CBOW = (
    "every training here is skip-gram (sg=1 in gensim, cbow=0 in word2vec.c); CBOW is planned, "
    "and not here yet; omit it"
)
_NGRAMS = "the lengths of n-grams are one setting here, ngrams (--ngrams): write [--ngrams 3-6]"
_COUNTED = "texts are counted while they are read; omit it"
_NO_SETTING = "this needs no setting here; omit it"
_TOKENIZER = (
    "[--tokenizer words] lower-cases and splits at punctuation; in Python tokenizer may also be a "
    "function from a line to its tokens"
)
_SHOWN = "how a run goes is shown or not by progress in Python, and by --quiet at a shell"
_CORPUS = "the corpus is the first argument, without a name"

EXPLAINED = {
    "sg": _NO_CBOW,
    "cbow": _NO_CBOW,
    "model": _NO_CBOW,
    "cbow_mean": "this belongs to CBOW, which is not here yet; omit it",
    "hs": "hierarchical softmax is not here; omit hs=0, and instead of hs=1 write "
    "[--objective softmax], which fits the softmax itself",
    "loss": "here it is objective (--objective): negative-sampling for ns, and softmax, which fits "
    "the softmax itself, instead of hs",
    "min_alpha": "the step size falls to 1/10,000 of learning_rate (--learning-rate), unless it "
    "has another schedule (--schedule); omit it",
    "end_alpha": "the step size falls to 1/10,000 of learning_rate (--learning-rate), unless it "
    "has another schedule (--schedule); omit it",
    "min_n": _NGRAMS,
    "max_n": _NGRAMS,
    "bucket": "n-grams are not hashed into buckets here; omit it, or leave rare n-grams out with "
    "ngram_min_words (--ngram-min-words)",
    "word_ngrams": "in fastText this is for classifying texts; to join words that belong together, "
    "write [--phrases 1]",
    "ngram_range": "to join words that belong together, write [--phrases 1]",
    "sorted_vocab": "words are always sorted, the most frequent first; omit it",
    "trim_rule": "list the words in keep_words (--keep-words) and drop_words (--drop-words)",
    "shrink_windows": "here it is window_width (--window-width): write [--window-width random] for "
    "True, which is gensim's default, or [--window-width fixed] for False",
    "batch_words": _NO_SETTING,
    "batch_size": _NO_SETTING,
    "chunksize": _NO_SETTING,
    "queue_factor": _NO_SETTING,
    "report_delay": _NO_SETTING,
    "progress_per": _NO_SETTING,
    "lr_update_rate": _NO_SETTING,
    "null_word": _NO_SETTING,
    "total_examples": _COUNTED,
    "total_words": _COUNTED,
    "total_sentences": _COUNTED,
    "word_count": _COUNTED,
    "corpus_count": _COUNTED,
    "compute_loss": "the loss is always measured; omit it",
    "callbacks": "observe, in Python, is called with every event of a run; log (--log) writes them "
    "to a file",
    "verbose": _SHOWN,
    "debug": _SHOWN,
    "hashfxn": "the vectors before training depend on seed (--seed) alone; omit it",
    "comment": "no comment is kept with the vectors; omit it",
    "binary": "the suffix of export (--export) says it: .bin is binary, .txt is text",
    "update": "give the vectors to go on from as continue_from (--continue), and write "
    "[--add-words] for new words",
    "word_freq": "a vocabulary needs a text here; skipgram.count_words counts one",
    "keep_raw_vocab": "`skipgram vocabulary`, or skipgram.count_words, counts all words",
    "save_vocab": "`skipgram vocabulary`, or skipgram.count_words, counts all words",
    "dry_run": "`skipgram vocabulary`, or skipgram.count_words, counts words without training",
    "threshold": "here it is phrase_threshold (--phrase-threshold), 100 by default, on "
    "word2phrase.c's scale, which is not gensim's",
    "scoring": "here it is phrase_score (--phrase-score): count, which is gensim's default, or "
    "npmi",
    "delimiter": "the words of a phrase are joined with _; omit it",
    "connector_words": "phrases join neighbours only, without words that may stand between; omit "
    "it, or join longer ones with [--phrases 2]",
    "sentences": _CORPUS,
    "documents": _CORPUS,
    "corpus_file": _CORPUS,
    "corpus_iterable": _CORPUS,
    "input": _CORPUS,
    "train": _CORPUS,
    "lowercase": _TOKENIZER,
    "analyzer": _TOKENIZER,
    "preprocessor": _TOKENIZER,
    "token_pattern": _TOKENIZER,
}
"""What to do about names elsewhere that no setting here takes the values of."""

_PARTS = (TextSettings, VocabularySettings, ModelSettings, TrainingSettings, RunSettings)
_HERE = {item.name: item.name for part in _PARTS for item in fields(part)}
_HERE |= {name: here for here, names in CALLED.items() for name in names}
_PLAIN = re.compile(r"[\w.+-]+")


def letters_of(name: str) -> str:
    """A name without what differs between tools: minCount, min_count and -min-count are alike."""
    return re.sub(r"[-_]", "", name).lower()


_BY_LETTERS = {letters_of(name): name for name in (*_HERE, *EXPLAINED)}


def setting_for(name: str) -> str:
    """The setting that takes the values of one elsewhere; empty if none does."""
    return _HERE.get(_BY_LETTERS.get(letters_of(name), ""), "")


def told_of_setting(name: str, value: Any = None) -> str:
    """What to write instead of a setting of another tool, for both readers; empty if it is none.

    value: what it was set to, for the message.
    """
    here = setting_for(name)
    if not here:
        return EXPLAINED.get(_BY_LETTERS.get(letters_of(name), ""), "")
    if here == name:
        return ""
    told = told_of_name(here, value if _takes(here, value) else None)
    return f"{told}; {_NOTES[here]}" if here in _NOTES else told


def told_of_name(here: str, value: Any = None) -> str:
    """What to write instead of another name, with its value if that is plain."""
    option = option_of(here)
    is_plain = value is not None and _PLAIN.fullmatch(str(value))
    return f"write [{option} {value}]" if is_plain else f"here it is {here} ({option})"


def _takes(here: str, value: Any) -> bool:
    """Whether a setting takes a value, which a shell gives as text."""
    for part in _PARTS:
        if any(item.name == here for item in fields(part)):
            try:
                part(**{here: _number_of(value)})
            except SettingsError:
                return False
            return True
    return isinstance(value, str)


def _number_of(value: Any) -> Any:
    """The number that a text stands for, if it stands for one; anything else as it is."""
    for kind in (int, float) if isinstance(value, str) else ():
        try:
            return kind(value)
        except ValueError:
            continue
    return value
