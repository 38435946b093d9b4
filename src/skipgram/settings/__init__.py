"""Every setting of a run, with its meaning, range and source.

Reading order: fields, renamed, sections, whose names are this package's; objectives, window_rule,
ngram_range, resolving.
"""

# ruff: noqa: F403, F405  (the names are listed once, here)
from skipgram.settings.sections import *

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
