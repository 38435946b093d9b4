"""Arguments and options that several commands share, and options made from settings."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from skipgram.errors import FormatError
from skipgram.settings import (
    SOFTMAX,
    TextSettings,
    VocabularySettings,
    default,
    describe,
    kind,
)
from skipgram.settings.objectives import OTHER_DEFAULTS
from skipgram.settings.renamed import RENAMED
from skipgram.settings.window_rule import WindowRule
from skipgram.system.machine import require_room

_Number = TypeVar("_Number", int, float)

Corpus = Annotated[
    list[str],
    typer.Argument(
        metavar="CORPUS",
        help="Text files, plain or compressed (gzip, bzip2, xz, Zstandard); folders of them; "
        "patterns such as 'books/*.txt'; - for standard input; URLs; tables, with --column. "
        "`train` and `vocabulary` also take the folder that `encode` wrote.",
    ),
]
Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        help="A folder that `skipgram train` wrote, or another tool's file of vectors.",
    ),
]


class NotANumberError(typer.BadParameter):
    """What was given for an option that takes a number."""

    def format_message(self) -> str:
        """The option, what it must be, and what was given."""
        names: list[str] = self.param.opts if self.param else ["it"]
        return f"{max(names, key=len)} {self.message}"


def _number(text: Any) -> float:
    return _read(float, text, "a number")


def _whole_number(text: Any) -> int:
    return _read(int, text, "a whole number")


def _read(kind: Callable[[Any], _Number], text: Any, expected: str) -> _Number:
    try:
        return kind(text)
    except ValueError:
        # Python's words, as for a setting that is given there.
        raise NotANumberError(f"must be {expected}, not {text!r:.60}") from None


_BY_KIND: dict[Any, dict[str, Any]] = {
    int: {"parser": _whole_number, "metavar": "<int>"},
    float: {"parser": _number, "metavar": "<float>"},
    Path: {"metavar": "FILE"},
}
"""How options of these types are read and shown."""
_BY_KIND[float | None] = _BY_KIND[float]


def whole_number(*names: str, help: str, **options: Any) -> Any:
    """An option that takes a whole number."""
    options |= _BY_KIND[int]
    return typer.Option(*names, help=help, **options)


def number(*names: str, help: str, **options: Any) -> Any:
    """An option that takes a number."""
    options |= _BY_KIND[float]
    return typer.Option(*names, help=help, **options)


Count = Annotated[int, whole_number("-k", "--count", help="Number of answers.")]
FirstWords = Annotated[
    int,
    whole_number(help="Ask and answer analogies among this many of the most frequent words only."),
]
Phraser = Annotated[
    Path | None,
    typer.Option(
        "--phraser",
        metavar="DIR",
        rich_help_panel="Text",
        help="Join the phrases that these vectors, or this encoded corpus, were made with, "
        "instead of finding some.",
    ),
]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace existing output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


IN_FILES, BY_SWEEPS, TO_GO_ON = "Files", "Training by sweeps", "Continuing"
ON_CLUSTER = "On a cluster"
"""Panels of the help, with options of settings and others."""
_PANELS = {
    "Text": ("column", "undecodable", "phrase_score", "phrase_threshold", "phrase_min_count"),
    "Vocabulary": ("max_vocabulary", "keep_words", "drop_words", "max_types"),
    "Pairs": ("window_width", "gaps", "contexts", "subsample"),
    "Training by epochs": (
        "learning_rate",
        "schedule",
        "negatives",
        "negatives_shared",
        "noise_exponent",
        "deterministic",
    ),
    BY_SWEEPS: (
        "sweeps",
        "levels",
        "tolerance",
        "lots",
        "prior",
        "count_power",
        "unigram_offset",
        "softmax_vocabulary",
    ),
    "Spelling": ("ngrams", "ngram_min_words", "ngram_penalty", "ngram_share"),
    "Held-out text": ("holdout", "patience"),
    "Result": ("seed", "shown"),
    TO_GO_ON: ("checkpoint_minutes",),
}
_OF_READING = ("Text", "Vocabulary")
_PANEL_OF = {name: panel for panel, names in _PANELS.items() for name in names}
"""What has no panel here stands in the first one: the options that people use first."""


def takes_settings(
    parameter: str,
    names: Sequence[str],
    *,
    kinds: Mapping[str, Any] | None = None,
    shown: Mapping[str, str],
    more_help: Mapping[str, str] | None = None,
    read: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Callable[[Callable[..., None]], Any]:
    """Give a command an option for each of some settings, in the place of one parameter.

    Only those that are given reach it, as a mapping of settings: the others are
    the settings' own to choose, or that of what the command is given.

    Parameters: names: of the settings, in the order of the help; kinds: types of options that are
    not the settings' own; shown: defaults to tell instead of the settings' own; more_help: what to
    add to their meanings; read: what makes the setting of the option's value.
    """
    more_help, read = more_help or {}, read or {}
    kinds = {name: kind(name) for name in names} | dict(kinds or {})
    earlier = {name: kinds[now] for name, now in RENAMED.items() if now in names}
    kinds |= earlier

    def option(name: str) -> inspect.Parameter:
        flag = f"--{name.replace('_', '-')}"
        if name in earlier:
            made = typer.Option(flag, hidden=True, **_BY_KIND.get(kinds[name], {}))
        else:
            made = typer.Option(
                flag,
                help=sentence(describe(name) + more_help.get(name, "")),
                show_default=shown.get(name, str(default(name))) or False,
                rich_help_panel=_PANEL_OF.get(name),
                **_BY_KIND.get(kinds[name], {}),
            )
        return inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[kinds[name] | None, made],
        )

    def decorate(command: Callable[..., None]) -> Any:
        parameters: list[inspect.Parameter] = []
        for declared in inspect.signature(command).parameters.values():
            of_settings = [option(name) for name in (*names, *earlier)]
            parameters += of_settings if declared.name == parameter else [declared]

        def run(**values: Any) -> None:
            given = {
                name: read[name](value) if name in read else value
                for name in (*names, *earlier)
                if (value := values.pop(name)) is not None
            }
            command(**{parameter: given}, **values)

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {item.name: item.annotation for item in parameters}
        # `inspect.signature` looks for it; the types of functions do not know it.
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # typer reads it
        return run

    return decorate


def sentence(meaning: str) -> str:
    """A meaning with a capital letter and a full stop; UTF-8 and CSV stay as they are."""
    return f"{meaning[0].upper()}{meaning[1:]}."


class YesOrNo(StrEnum):
    """A choice that is written out."""

    YES = "yes"
    NO = "no"


_BY_SWEEPS = OTHER_DEFAULTS[SOFTMAX]
_TRAINING = (
    *("objective", "embedding_dim", "window", "epochs"),
    *(name for panel, names in _PANELS.items() if panel not in _OF_READING for name in names),
)


def takes_training_options(command: Callable[..., None]) -> Any:
    """Give a command an option for each setting of a training, in the place of `training`."""
    shown = {
        "embedding_dim": f"{default('embedding_dim')}, or that of --continue",
        "negatives_shared": "yes",
        "deterministic": "",
        **{name: f"{default(name)}, or {of} by sweeps" for name, of in _BY_SWEEPS.items()},
    }
    read = {"negatives_shared": lambda value: value == YesOrNo.YES}
    kinds = {"negatives_shared": YesOrNo}
    return takes_settings("training", _TRAINING, kinds=kinds, shown=shown, read=read)(command)


def takes_counting_options(command: Callable[..., None]) -> Any:
    """Give a command an option for each setting of counting, in the place of `counting`."""
    shown = {name: str(of) for name, of in _BY_SWEEPS.items()}
    return takes_settings("counting", WindowRule.names(), shown=shown)(command)


_ENCODING = (
    *(item.name for item in fields(TextSettings)),
    *(item.name for item in fields(VocabularySettings)),
    "threads",
)
_SHOWN_DEFAULTS = {
    "column": "",
    "phrase_threshold": "",
    "keep_words": "",
    "drop_words": "",
    "threads": "all available",
}
_WORD_LISTS = ("keep_words", "drop_words")
_OUTPUTS = ("output", "log", "tensorboard")


def takes_encoding_options(**other_defaults: str) -> Callable[[Callable[..., None]], Any]:
    """Give a command these options in the place of its parameter `encoding`.

    What an encoded corpus was made with is then only compared with what was asked for.
    other_defaults: shown instead of the settings' own.
    """
    with_settings = takes_settings(
        "encoding",
        _ENCODING,
        kinds=dict.fromkeys(_WORD_LISTS, Path),
        shown={**_SHOWN_DEFAULTS, **other_defaults},
        more_help=dict.fromkeys(_WORD_LISTS, "; a file of them, separated by whitespace"),
        read=dict.fromkeys(_WORD_LISTS, _words),
    )

    def decorate(command: Callable[..., None]) -> Any:
        run = with_settings(command)

        @wraps(run)
        def run_apart(**values: Any) -> None:
            require_room()
            _require_lists_apart(values)
            run(**values)

        return run_apart

    return decorate


def _require_lists_apart(values: Mapping[str, Any]) -> None:
    """Refuse an output that is one of the lists: only here it is known where their words lie."""
    from skipgram.system.paths import require_apart

    lists = [values[name] for name in _WORD_LISTS if values[name] is not None]
    outputs = [*(values.get("export") or ()), *map(values.get, _OUTPUTS)]
    if lists:
        require_apart([path for path in outputs if path is not None], lists)


def _words(file: Path) -> list[str]:
    from skipgram.untrusted.opening import MOST_SETTINGS_BYTES, read_lines

    lines = read_lines(file, "a list of words", most_bytes=MOST_SETTINGS_BYTES)
    words = [word for line in lines for word in line.split()]
    if not words:
        raise FormatError(f"{file} holds no words; omit the option, or list some")
    return words
