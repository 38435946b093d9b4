"""Every setting of a run, with its meaning, range and source.

Reading order: fields, sections, whose names are this package's; objectives, window_rule, resolving.
"""

from skipgram.settings.sections import (
    AUTO,
    EXPECTED_NEGATIVE_SAMPLING,
    NEGATIVE_SAMPLING,
    OBJECTIVES,
    OWN,
    SOFTMAX,
    TOKENIZERS,
    ModelSettings,
    RunSettings,
    Settings,
    SettingValues,
    TextSettings,
    TrainingSettings,
    VocabularySettings,
    default,
    describe,
    kind,
)

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
