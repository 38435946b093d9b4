"""From what a run is asked for to the settings that it has.

asked for      by name, all of them optional; a tokenizer may be a function
the objective  asked for, or told by what only one of them has, or `auto`, which the corpus
decides later; it brings defaults of its own, and refuses what others have
the corpus     where it is encoded already, its text and vocabulary are what they are
this machine   all threads that the process may use, unless others are asked for
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from skipgram.errors import SettingsError
from skipgram.settings.objectives import objective_of, with_objective
from skipgram.settings.renamed import current_names
from skipgram.settings.sections import AUTO, OWN, Settings, SettingValues

TextTokenizer = Callable[[str], Iterable[str]]
"""A custom tokenizer: from a line to its tokens."""

_ENCODING = ("text", "vocabulary")
"""The sections of settings by which a corpus is encoded."""


class Resolved(NamedTuple):
    """The settings of a run."""

    settings: Settings
    tokenizer: TextTokenizer | None
    """a custom one, which no settings can hold"""


def resolve(
    asked: SettingValues,
    threads: int,
    *,
    encoded_by: Mapping[str, Mapping[str, Any]] | None = None,
    objective: str | None = None,
) -> Resolved:
    """The settings of a run that trains or counts pairs.

    Parameters
    ----------
    asked
        What was asked for, by name.
    threads
        Those that the process may use.
    encoded_by
        The settings of the corpus, by sections, if it is encoded already.
    objective
        The one that is settled, whatever was asked for; otherwise it may stay `auto`.

    Raises
    ------
    SettingsError
        For a value out of range, an unknown name, a setting that only other
        objectives have, or one by which the corpus was not encoded.

    """
    asked = cast(SettingValues, current_names(asked, warns=True))
    objective = objective_of(asked) if objective is None else objective
    values = asked if objective == AUTO else with_objective(asked, objective)
    resolved = resolve_values(values, threads)
    if encoded_by is None:
        return resolved
    return resolved._replace(settings=_as_encoded(encoded_by, values, resolved.settings))


def resolve_values(asked: SettingValues, threads: int) -> Resolved:
    """The settings of a run that only reads text, which has no objective."""
    tokenizer = asked.get("tokenizer")
    if tokenizer == OWN:
        raise SettingsError(
            f"the tokenizer {OWN!r} stands for a function: give the function itself"
        )
    values = asked.copy()
    values.setdefault("threads", threads)
    custom = tokenizer if callable(tokenizer) else None
    if custom is not None:
        values["tokenizer"] = OWN
    return Resolved(Settings.of(**values), custom)


def _as_encoded(
    encoded_by: Mapping[str, Mapping[str, Any]], asked: Mapping[str, Any], settings: Settings
) -> Settings:
    """The settings with those by which the corpus is encoded; refuse others that were asked for."""
    wanted = settings.to_dict()
    found = dict(wanted)
    for section in _ENCODING:
        known = encoded_by.get(section, {})
        for name, value in wanted[section].items():
            if name in asked and name in known and not _alike(value, known[name]):
                raise SettingsError(
                    f"the corpus is encoded with {name} {known[name]!r}, not {value!r}; encode it "
                    f"again, or omit {name}"
                )
        found[section] = {**wanted[section], **known}
    return Settings.from_dict(found)


def _alike(one: Any, other: Any) -> bool:
    """Whether two settings are; JSON makes lists of tuples."""
    if isinstance(one, Iterable) and not isinstance(one, str):
        return list(one) == list(other)
    return bool(one == other)
