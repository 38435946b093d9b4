"""Fields of settings with their meaning, range and source, and the checks of their values."""

import math
from collections.abc import Mapping
from dataclasses import field, fields
from numbers import Integral, Real
from typing import Any

from skipgram.errors import SettingsError, did_you_mean
from skipgram.settings.given_words import listed_words


def setting(
    default: Any,
    meaning: str,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    choices: tuple[str, ...] = (),
    accepted: tuple[str, ...] = (),
    source: str = "",
) -> Any:
    """A field with its meaning, its range (least ≤ value ≤ most, above < value) and its source.

    accepted: values beside the choices that are not offered.
    """
    metadata = {
        "meaning": meaning,
        "least": least,
        "most": most,
        "above": above,
        "choices": choices,
        "accepted": accepted,
        "source": source,
    }
    return field(default=default, metadata=metadata)


class Validated:
    """Checks each field of a settings dataclass by its metadata; NumPy numbers become plain."""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]  # only dataclasses inherit this
            value = _checked(item.name, getattr(self, item.name), item.type, item.metadata)
            object.__setattr__(self, item.name, value)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, with lists for tuples."""
        values = vars(self).items()
        return {name: list(of) if isinstance(of, tuple) else of for name, of in values}


def _checked(name: str, value: Any, kind: Any, limits: Mapping[str, Any]) -> Any:
    """The value as its plain type; the error says what was expected."""
    if kind is bool:
        if not isinstance(value, bool):
            raise SettingsError(f"{name} must be true or false, not {value!r}")
        return value
    if kind is str:
        return _checked_text(name, value, limits["choices"], limits["accepted"])
    if kind == tuple[str, ...]:
        return tuple(dict.fromkeys(listed_words(name, value)))
    if kind == float | None:
        if value is None:
            return None
        kind = float
    if isinstance(value, bool) or not isinstance(value, Integral if kind is int else Real):
        expected = "a whole number" if kind is int else "a number"
        raise SettingsError(f"{name} must be {expected}, not {value!r}")
    try:
        value = kind(value)
    except OverflowError:  # a whole number or a fraction beyond float64
        value = math.inf if value > 0 else -math.inf
    if not -math.inf < value < math.inf:
        raise SettingsError(f"{name} must be finite, not {value}")
    if value <= limits["above"]:
        raise SettingsError(f"{name} must be above {limits['above']}, not {value}")
    if value < limits["least"]:
        raise SettingsError(f"{name} must be at least {limits['least']}, not {value}")
    if value > limits["most"]:
        raise SettingsError(f"{name} must be at most {limits['most']}, not {value}")
    return value


def _checked_text(
    name: str, value: Any, choices: tuple[str, ...], accepted: tuple[str, ...]
) -> str:
    if choices and not (isinstance(value, str) and value in (*choices, *accepted)):
        near = did_you_mean(value, choices)
        raise SettingsError(f"{name} {value!r} is not one of: {', '.join(choices)}{near}")
    if not isinstance(value, str):
        raise SettingsError(f"{name} must be text, not {value!r}")
    return str(value)
