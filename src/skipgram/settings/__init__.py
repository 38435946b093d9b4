"""Every setting of a run, with its meaning, range and source.

Reading order: fields, sections, whose names are this package's; objectives, window_rule, resolving.
"""

from skipgram.settings.sections import (
    AUTO as AUTO,
)
from skipgram.settings.sections import (
    EXPECTED_NEGATIVE_SAMPLING as EXPECTED_NEGATIVE_SAMPLING,
)
from skipgram.settings.sections import (
    NEGATIVE_SAMPLING as NEGATIVE_SAMPLING,
)
from skipgram.settings.sections import (
    OBJECTIVES as OBJECTIVES,
)
from skipgram.settings.sections import (
    OWN as OWN,
)
from skipgram.settings.sections import (
    SOFTMAX as SOFTMAX,
)
from skipgram.settings.sections import (
    TOKENIZERS as TOKENIZERS,
)
from skipgram.settings.sections import (
    ModelSettings as ModelSettings,
)
from skipgram.settings.sections import (
    RunSettings as RunSettings,
)
from skipgram.settings.sections import (
    Settings as Settings,
)
from skipgram.settings.sections import (
    SettingValues as SettingValues,
)
from skipgram.settings.sections import (
    TextSettings as TextSettings,
)
from skipgram.settings.sections import (
    TrainingSettings as TrainingSettings,
)
from skipgram.settings.sections import (
    VocabularySettings as VocabularySettings,
)
from skipgram.settings.sections import (
    default as default,
)
from skipgram.settings.sections import (
    describe as describe,
)
from skipgram.settings.sections import (
    kind as kind,
)
