"""Settings that had another name before, by which they are still accepted."""

import warnings
from typing import Any

from skipgram.errors import SettingsError, frames_to_the_caller, in_readers_words

RENAMED = {"windows": "gaps"}
"""The names of today, by the earlier ones."""


def current_names(values: Any, *, warns: bool = False) -> dict[str, Any]:
    """A mapping of settings with the names of today; `warns` where a person gave an earlier one."""
    renamed = {}
    for name, value in values.items():
        now = RENAMED.get(name, name)
        if now != name:
            news = f"{name} (--{name}) is now called {now} (--{now})"
            if now in values:
                raise SettingsError(f"{news}; give only the new one")
            if warns:
                warnings.warn(
                    in_readers_words(news), FutureWarning, stacklevel=frames_to_the_caller()
                )
        renamed[now] = value
    return renamed
