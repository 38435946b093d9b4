"""The one family of errors: each says what was asked, what was found, and what to do.

The command line turns a `SkipgramError` into one line and exit code 1 (2 for a
`SettingsError`, as for any wrong usage). Anything else is a bug and keeps its
traceback.
"""

import difflib
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from shlex import quote
from types import FrameType

_PACKAGE = __name__.partition(".")[0]
_NEAR = 3
_COMPARED = 2_000
"""The most names compared letter by letter; each takes a hundredth of a millisecond."""

_PYTHON_NAMES = {
    "continue": "continue_from",
    "count": "k",
    "min-words": "least_words",
    "peer": "peers",
    "yes": "may_take_long",
}
"""Options that have another name in Python."""
_SWITCHES = (
    "add-words",
    "approximate",
    "cache",
    "cluster-unlike",
    "deterministic",
    "overwrite",
    "resume",
    "yes",
)
"""Options without a value."""
_OPTION = re.compile(
    r"'[^'\s]*'|\"[^\"\s]*\""  # a quoted word of the user's, which stays as it is
    r"|(?:\b(?P<word>\w+) )?\((?P<option>--[a-z-]+)(?: (?P<value>[^()\s]+))?\)"
    r"|\[(?P<bare>--[a-z-]+)(?: (?P<bare_value>[^\]\s]+))?\]"
)

_NUMBER = re.compile(r"\d*\.?\d*(e[-+]?\d+)?")

_program: str | None = None
"""How the reader's shell runs the command line; None for a reader in Python."""


@contextmanager
def read_at_a_shell(program: str = "skipgram") -> Iterator[None]:
    """Make messages name options and commands as a shell takes them, not as Python does."""
    global _program
    before, _program = _program, program
    try:
        yield
    finally:
        _program = before


def shell_program() -> str | None:
    """How the reader's shell runs the command line; None for a reader in Python."""
    return _program


def how_to_train_on(file: object) -> str:
    """What its reader types to train on a file."""
    if _program is None:
        return f'skipgram.train({str(file)!r}, "vectors")'
    return f"{_program} train {quote(str(file))} -o vectors"


def in_readers_words(message: str) -> str:
    """A message that names options as its reader types them.

    Messages are written for both readers: "raise min_count (--min-count)" becomes "raise min_count"
    in Python and "raise --min-count" at a shell. With no name before it, "(--resume)" becomes
    "(resume=True)" in Python. Square brackets are dropped: "[--resume]" becomes "resume=True".
    Words in quotes are the user's, and stay.
    """
    return _OPTION.sub(_in_python if _program is None else _at_a_shell, message)


def _at_a_shell(found: re.Match[str]) -> str:
    word, option, value, bare, bare_value = found.groups()
    if not (option or bare):
        return found[0]
    if bare:
        return " ".join(filter(None, (bare, bare_value)))
    return option if word == _python_name(option) and value is None else found[0]


def _in_python(found: re.Match[str]) -> str:
    word, option, value, bare, bare_value = found.groups()
    if not (option or bare):
        return found[0]
    name, value = _python_name(bare or option), bare_value or value
    if word == name and value is None:
        return name
    if value is not None:
        is_text = not (value.isupper() or _NUMBER.fullmatch(value))
        argument = f'{name}="{value}"' if is_text else f"{name}={value}"
    else:
        is_switch = (bare or option).removeprefix("--") in _SWITCHES
        argument = f"{name}=True" if is_switch else name
    if bare:
        return argument
    return f"{word} ({argument})" if word else f"({argument})"


def _python_name(option: str) -> str:
    option = option.removeprefix("--")
    return _PYTHON_NAMES.get(option, option.replace("-", "_"))


def option_of(name: str) -> str:
    """The option that has this name in Python."""
    options = {of: option for option, of in _PYTHON_NAMES.items()}
    return f"--{options.get(name, name.replace('_', '-'))}"


class SkipgramError(Exception):
    """Something the user can fix; the message says how."""

    def __init__(self, message: str = "") -> None:
        super().__init__(in_readers_words(message))


@contextmanager
def concerning(what: object) -> Iterator[None]:
    """Errors that begin with what they are about, unless they name it."""
    try:
        yield
    except SkipgramError as error:
        if str(what) not in str(error):
            error.args = (f"{what}: {error}", *error.args[1:])
        raise


class SettingsError(SkipgramError, ValueError):
    """A setting out of range, unknown, or at odds with another."""


class CorpusError(SkipgramError, ValueError):
    """Text that cannot be read, or that leaves nothing to train on."""


class FormatError(SkipgramError, ValueError):
    """A file that is missing, truncated or not what its name says."""


class OutputExistsError(SkipgramError, FileExistsError):
    """A result that would overwrite something, without permission to do so."""


class UnknownWordError(SkipgramError, KeyError):
    """A word outside the vocabulary; or several of them."""

    def __init__(self, message: str, suggestions: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.suggestions = tuple(suggestions)
        """known words that are spelled like it, the nearest first; none for several words"""

    def __str__(self) -> str:
        # KeyError would print the message's repr, quotes and all.
        return str(self.args[0])


class MissingExtraError(SkipgramError, ImportError):
    """An optional dependency that is not installed."""


class ClusterError(SkipgramError, RuntimeError):
    """A cluster that cannot be reached, lacks something, or has failed for good."""


class InterruptedRunError(SkipgramError):
    """The process was asked to stop, and its work can be resumed."""

    def __init__(self, message: str, signal_number: int) -> None:
        super().__init__(message)
        self.exit_code = 128 + signal_number
        """as shells report it: 130 for SIGINT, 143 for SIGTERM"""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """'; did you mean ...?', to end a message with, or nothing if no known name is close."""
    return asked_for(similar_names(name, known))


def similar_names(name: object, known: Iterable[str]) -> list[str]:
    """The known names that are spelled most like this one."""
    if not isinstance(name, str):
        return []
    names = list(known)
    near = [form for form in _other_forms(name) if form in names]
    near += difflib.get_close_matches(name, _worth_comparing(name, names), n=_NEAR)
    return list(dict.fromkeys(near))[:_NEAR]


def asked_for(near: Sequence[str]) -> str:
    """'; did you mean ...?', or nothing."""
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _other_forms(name: str) -> list[str]:
    """In another case, another Unicode normal form, the plural in s or without it."""
    forms = [name.lower(), name.capitalize(), name.upper()]
    forms += [unicodedata.normalize(form, name) for form in ("NFC", "NFD", "NFKC")]
    forms += [f"{name}s", name.removesuffix("s")]
    return [form for form in dict.fromkeys(forms) if form not in (name, "")]


def _worth_comparing(name: str, known: Sequence[str]) -> Sequence[str]:
    """All names if they are few, else the first of like length that begin or end the same."""
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


def frames_to_the_caller() -> int:
    """How many frames lie between the warning and the caller's line outside the package."""
    frame, count = sys._getframe(1), 1
    while frame.f_back is not None and _module_of(frame).startswith(f"{_PACKAGE}."):
        frame, count = frame.f_back, count + 1
    return count


def _module_of(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))  # code run by `exec` may have none
