"""All settings of a run, by section and by their flat names; saved with every model."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any, Self, TypedDict, Unpack

from skipgram.errors import SettingsError, did_you_mean
from skipgram.settings.elsewhere import told_of_setting
from skipgram.settings.given_words import Word
from skipgram.settings.ngram_range import NONE as NO_NGRAMS
from skipgram.settings.renamed import current_names
from skipgram.settings.sections import (
    EXPECTED_NEGATIVE_SAMPLING,
    SOFTMAX,
    ModelSettings,
    RunSettings,
    TextSettings,
    TrainingSettings,
    VocabularySettings,
)


class SettingValues(TypedDict, total=False):
    """The flat names of all settings, for keyword arguments; their meanings are below."""

    column: str
    tokenizer: str | Callable[[str], Iterable[Word]]
    undecodable: str
    phrases: int
    phrase_score: str
    phrase_threshold: float | None
    phrase_min_count: int
    min_count: int
    max_vocabulary: int
    keep_words: Collection[Word]
    drop_words: Collection[Word]
    max_types: int
    objective: str
    embedding_dim: int
    window: int
    window_width: str
    gaps: str
    contexts: str
    negatives: int
    negatives_shared: bool
    noise_exponent: float
    count_power: float
    unigram_offset: float
    softmax_vocabulary: int
    ngrams: str
    ngram_min_words: int
    ngram_share: float
    shown: str
    epochs: int
    sweeps: int
    levels: int
    tolerance: float
    lots: int
    prior: float
    ngram_penalty: float
    subsample: float
    learning_rate: float
    schedule: str
    seed: int
    holdout: float
    patience: int
    deterministic: bool
    threads: int
    checkpoint_minutes: float


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of a run."""

    text: TextSettings = field(default_factory=TextSettings)
    vocabulary: VocabularySettings = field(default_factory=VocabularySettings)
    model: ModelSettings = field(default_factory=ModelSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)
    run: RunSettings = field(default_factory=RunSettings)

    def __post_init__(self) -> None:
        by_sweeps = self.model.objective in (SOFTMAX, EXPECTED_NEGATIVE_SAMPLING)
        if by_sweeps and self.model.ngrams != NO_NGRAMS and not self.training.prior:
            raise SettingsError(
                f"ngrams (--ngrams) {self.model.ngrams} gives the prior its mean, and prior "
                "(--prior) 0 leaves no prior: omit one of the two"
            )

    @classmethod
    def of(cls, **values: Unpack[SettingValues]) -> Self:
        """Settings from flat names: `Settings.of(embedding_dim=50, epochs=10)`.

        Raises
        ------
        SettingsError
            For a value out of range, and for an unknown name, with the nearest known one, or
            with the name here of another tool's setting.

        """
        home = {item.name: section for section, part in _PARTS.items() for item in fields(part)}
        sections: dict[str, dict[str, Any]] = {section: {} for section in _PARTS}
        current = current_names(values, warns=True)
        unknown = [
            f"unknown setting {name!r}{_meant(name, value, home)}"
            for name, value in current.items()
            if name not in home
        ]
        if unknown:
            raise SettingsError("; ".join(unknown))
        for name, value in current.items():
            sections[home[name]][name] = value
        return cls.from_dict(sections)

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Plain nested values, equal to what JSON or TOML gives back."""
        return {section: getattr(self, section).to_dict() for section in _PARTS}

    @classmethod
    def from_dict(cls, values: Mapping[str, Mapping[str, Any]]) -> Self:
        """The inverse of `to_dict`; unknown sections and names are errors."""
        values = {
            section: current_names(given) if isinstance(given, Mapping) else given
            for section, given in values.items()
        }
        for section, given in values.items():
            if section not in _PARTS:
                raise SettingsError(f"unknown section {section!r}{did_you_mean(section, _PARTS)}")
            if not isinstance(given, Mapping):
                raise SettingsError(f"section {section!r} must hold settings, not {given!r}")
            known = [item.name for item in fields(_PARTS[section])]
            for name in given:
                if name not in known:
                    raise SettingsError(
                        f"unknown setting {name!r} in section {section!r}"
                        f"{did_you_mean(name, known)}"
                    )
        return cls(**{section: _PARTS[section](**given) for section, given in values.items()})


def _meant(name: str, value: Any, known: Iterable[str]) -> str:
    """What to write instead of an unknown name, to end a message with."""
    told = told_of_setting(name, value)
    return f": {told}" if told else did_you_mean(name, known)


_PARTS: dict[str, type[Any]] = {
    "text": TextSettings,
    "vocabulary": VocabularySettings,
    "model": ModelSettings,
    "training": TrainingSettings,
    "run": RunSettings,
}


def describe(name: str) -> str:
    """A setting's meaning in one line, as the help shows it."""
    metadata = _field(name).metadata
    choices = ", ".join(metadata["choices"])
    return f"{metadata['meaning']}: {choices}" if choices else str(metadata["meaning"])


def default(name: str) -> Any:
    """A setting's default."""
    return _field(name).default


def kind(name: str) -> Any:
    """A setting's type."""
    return _field(name).type


def _field(name: str) -> Field[Any]:
    return next(item for part in _PARTS.values() for item in fields(part) if item.name == name)
