"""Every setting of a run, with its meaning, range and source.

Reading order: given_words, fields, ngram_range, renamed, sections, elsewhere and whole, of which
sections' and whole's names are this package's; objectives, window_rule, resolving.
"""

# ruff: noqa: F403, F405  (the names are listed once, here)
from skipgram.settings.sections import *
from skipgram.settings.whole import *

__all__ = [
    "AUTO",
    "EXPECTED_NEGATIVE_SAMPLING",
    "NEGATIVE_SAMPLING",
    "OBJECTIVES",
    "OWN",
    "SOFTMAX",
    "TOKENIZERS",
    "ModelSettings",
    "RunSettings",
    "SettingValues",
    "Settings",
    "TextSettings",
    "TrainingSettings",
    "VocabularySettings",
    "default",
    "describe",
    "kind",
]
