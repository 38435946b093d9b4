"""From the settings that were asked for to those of the run.

asked for      by name, all optional; a tokenizer may be a function
the objective  asked for, or implied by a setting that only one has, or `auto`, which the corpus
               decides later; it has its own defaults, and refuses settings of other objectives
the corpus     its settings for text and vocabulary, if it is encoded already
this machine   all threads that the process may use, unless a number is asked for
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, cast

from skipgram.errors import SettingsError
from skipgram.settings.given_words import Word
from skipgram.settings.objectives import objective_of, with_objective
from skipgram.settings.renamed import current_names
from skipgram.settings.sections import AUTO, OWN
from skipgram.settings.whole import Settings, SettingValues

TextTokenizer = Callable[[str], Iterable[Word]]
"""A custom tokenizer: from a line to its tokens."""

_ENCODING = ("text", "vocabulary")
"""The sections of settings that decide how a corpus is encoded."""


class Resolved(NamedTuple):
    """The settings of a run."""

    settings: Settings
    tokenizer: TextTokenizer | None
    """a custom one, which settings cannot hold"""


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
        How many to use if that is not asked for.
    encoded_by
        The settings of the corpus, by section, if it is encoded already.
    objective
        The one that `auto` turned out to be; without it, `auto` may remain.

    """
    asked = cast(SettingValues, current_names(asked, warns=True))
    objective = objective_of(asked) if objective is None else objective
    values = asked if objective == AUTO else with_objective(asked, objective)
    resolved = resolve_values(values, threads)
    if encoded_by is None:
        return resolved
    return resolved._replace(settings=_as_encoded(encoded_by, values, resolved.settings))


def resolve_values(asked: SettingValues, threads: int) -> Resolved:
    """The settings of a run that only reads text, and so has no objective."""
    tokenizer = asked.get("tokenizer")
    if tokenizer == OWN:
        raise SettingsError(
            f"the tokenizer {OWN!r} stands for a function: pass the function itself"
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
    """The settings, with the corpus's own for its encoding; refuse others that were asked for."""
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
    """Whether two settings are equal; JSON turns tuples into lists."""
    if isinstance(one, Iterable) and not isinstance(one, str):
        return list(one) == list(other)
    return bool(one == other)
