"""The one family of errors: what was asked, what was found, what to do.

The command line turns a `SkipgramError` into one line and exit code 1 (a
`SettingsError` into 2, as any wrong usage). Anything else is a bug and keeps
its traceback.
"""

import difflib
from collections.abc import Iterable


class SkipgramError(Exception):
    """Something the user can mend; the message says how."""


class SettingsError(SkipgramError, ValueError):
    """A setting out of range, unknown, or at odds with another."""


class CorpusError(SkipgramError, ValueError):
    """Text that cannot be read, or that leaves nothing to train on."""


class FormatError(SkipgramError, ValueError):
    """A file that is missing, truncated or not what its name says."""


class OutputExistsError(SkipgramError, FileExistsError):
    """A result that would overwrite something, without leave to do so."""


class UnknownWordError(SkipgramError, KeyError):
    """A word outside the vocabulary."""

    def __str__(self) -> str:
        # KeyError would print the message's repr, quotes and all.
        return str(self.args[0])


class MissingExtraError(SkipgramError, ImportError):
    """An optional dependency that is not installed."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """'; did you mean ...?' where known names are near, else nothing: the end of a message."""
    near = difflib.get_close_matches(name, list(known), n=3)
    return f"; did you mean {' or '.join(near)}?" if near else ""
