"""Which settings belong to which objective, and which objective `auto` stands for."""

from collections.abc import Mapping
from typing import Any, cast

from skipgram.errors import SettingsError
from skipgram.settings.ngram_range import NONE as NO_NGRAMS
from skipgram.settings.sections import (
    AUTO,
    EXPECTED_NEGATIVE_SAMPLING,
    NEGATIVE_SAMPLING,
    SOFTMAX,
)
from skipgram.settings.whole import Settings, SettingValues, default

BY_EPOCHS = ("epochs", "learning_rate", "schedule", "negatives_shared", "deterministic")
BY_SWEEPS = (
    "sweeps",
    "levels",
    "tolerance",
    "lots",
    "prior",
    "count_power",
    "gaps",
    "contexts",
)
OWN_SETTINGS: dict[str, tuple[str, ...]] = {
    NEGATIVE_SAMPLING: (*BY_EPOCHS, "negatives", "noise_exponent"),
    SOFTMAX: (*BY_SWEEPS, "unigram_offset", "softmax_vocabulary"),
    EXPECTED_NEGATIVE_SAMPLING: (*BY_SWEEPS, "negatives", "noise_exponent"),
}
"""Settings that only some objectives have."""

OTHER_DEFAULTS: dict[str, SettingValues] = {
    SOFTMAX: {"window": 8, "window_width": "harmonic", "ngrams": "3-6"},
    EXPECTED_NEGATIVE_SAMPLING: {"window": 8, "window_width": "harmonic", "ngrams": "3-6"},
}
"""Defaults that differ by objective (DESIGN.md)."""

_INSTEAD = {
    "epochs": "its passes are sweeps (--sweeps)",
    "learning_rate": "its steps need none",
    "schedule": "its steps have their own",
    "deterministic": "it always gives the same bits for any number of threads",
    "negatives": "it has no negatives",
    "sweeps": "its passes are epochs (--epochs)",
}


def is_exact(settings: Settings) -> bool:
    """Whether all pairs of the corpus are fitted at once, by sweeps."""
    return settings.model.objective in (SOFTMAX, EXPECTED_NEGATIVE_SAMPLING)


def objective_of(given: SettingValues) -> str:
    """The objective that settings ask for; with `auto`, the one they belong to, if any."""
    objective = str(given.get("objective", default("objective")))
    if objective != AUTO:
        return objective
    for candidate in (NEGATIVE_SAMPLING, SOFTMAX, EXPECTED_NEGATIVE_SAMPLING):
        if any(_owners(name) for name in given) and not foreign_settings(given, candidate):
            return candidate
    return AUTO


def with_objective(given: SettingValues, objective: str) -> SettingValues:
    """The given settings with this objective's own defaults."""
    if objective not in OWN_SETTINGS:  # checked with the other values
        return given
    foreign = foreign_settings(given, objective)
    if foreign:
        name = foreign[0]
        reason = _INSTEAD.get(name, f"it belongs to {' and '.join(_owners(name))}")
        raise SettingsError(
            f"{name} (--{name.replace('_', '-')}) is not a setting of objective {objective}: "
            f"{reason}; omit it, or choose another objective (--objective)"
        )
    own = dict(OTHER_DEFAULTS.get(objective, {}))
    if given.get("shown", "center") != "center" or given.get("prior") == 0:
        own.pop("ngrams", None)  # spelling is of center vectors, and gives the prior its mean
    values: Mapping[str, Any] = {**own, **given, "objective": objective}
    if objective == NEGATIVE_SAMPLING and values.get("window_width") == "harmonic":
        raise SettingsError(
            "window_width (--window-width) harmonic weighs pairs, and negative sampling draws "
            "them: choose random or fixed, or objective softmax (--objective)"
        )
    return cast(SettingValues, values)


def foreign_settings(given: Mapping[str, Any], objective: str) -> list[str]:
    """The names of given settings that only other objectives have."""
    own = OWN_SETTINGS[objective]
    return [name for name in given if name not in own and _owners(name)]


_OFF_AT_ZERO = (
    "phrases",
    "max_vocabulary",
    "max_types",
    "softmax_vocabulary",
    "levels",
    "holdout",
    "patience",
)
_ONLY_WITH = {
    "ngram_min_words": "ngrams",
    "ngram_share": "ngrams",
    "ngram_penalty": "ngrams",
    "phrase_score": "phrases",
    "phrase_threshold": "phrases",
    "phrase_min_count": "phrases",
    "patience": "holdout",
}


def in_force(settings: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The settings, by section, that had an effect on a run.

    This leaves out those of other objectives, limits that are off, and empty ones, but keeps
    names that this version does not know.
    """
    values = {name: value for section in settings.values() for name, value in section.items()}
    objective = values.get("objective")
    is_known = isinstance(objective, str) and objective in OWN_SETTINGS
    foreign = foreign_settings(values, str(objective)) if is_known else []
    off = {name for name in _OFF_AT_ZERO if not values.get(name)}
    off |= {"ngrams"} if values.get("ngrams") == NO_NGRAMS else set()
    off |= {name for name, other in _ONLY_WITH.items() if other in off}
    return {
        section: {
            name: value
            for name, value in found.items()
            if name not in off and name not in foreign and value not in ("", None, [], ())
        }
        for section, found in settings.items()
    }


def _owners(name: str) -> list[str]:
    return [objective for objective, names in OWN_SETTINGS.items() if name in names]
