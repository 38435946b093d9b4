"""The one family of errors: what was asked, what was found, what to do.

The command line turns a `SkipgramError` into one line and exit code 1 (a
`SettingsError` into 2, as any wrong usage). Anything else is a bug and keeps
its traceback.
"""

import difflib
from collections.abc import Iterable, Sequence
from itertools import islice

_COMPARED = 2_000
"""Names that are compared letter by letter, at most: each takes a hundredth of a millisecond."""


class SkipgramError(Exception):
    """Something the user can fix; the message says how."""


class SettingsError(SkipgramError, ValueError):
    """A setting out of range, unknown, or at odds with another."""


class CorpusError(SkipgramError, ValueError):
    """Text that cannot be read, or that leaves nothing to train on."""


class FormatError(SkipgramError, ValueError):
    """A file that is missing, truncated or not what its name says."""


class OutputExistsError(SkipgramError, FileExistsError):
    """A result that would overwrite something, without permission to do so."""


class UnknownWordError(SkipgramError, KeyError):
    """A word outside the vocabulary."""

    def __str__(self) -> str:
        # KeyError would print the message's repr, quotes and all.
        return str(self.args[0])


class MissingExtraError(SkipgramError, ImportError):
    """An optional dependency that is not installed."""


class InterruptedRunError(SkipgramError):
    """The process was asked to end, and its work can be resumed."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number
        """as shells report it: 130 for SIGINT, 143 for SIGTERM"""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """'; did you mean ...?' where known names are near, else nothing: the end of a message."""
    if not isinstance(name, str):
        return ""
    near = difflib.get_close_matches(name, _worth_comparing(name, list(known)), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _worth_comparing(name: str, known: Sequence[str]) -> Sequence[str]:
    """All of a few names; of many, the first that are as long and begin or end alike."""
    if len(known) <= _COMPARED:
        return known
    third = max(1, len(name) // 3)
    shortest, longest = len(name) - 2, len(name) + 2
    begin, end = name[:third], name[-third:]
    alike = (
        other
        for other in known
        if shortest <= len(other) <= longest and (other.startswith(begin) or other.endswith(end))
    )
    return list(islice(alike, _COMPARED))
