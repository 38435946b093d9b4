"""What a run is asked to be: every setting with its meaning, range and source."""

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
]
