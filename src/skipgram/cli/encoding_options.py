"""The options by which a corpus is read and encoded, for every command that does."""

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import takes_settings
from skipgram.errors import FormatError
from skipgram.machine import require_room

Corpus = Annotated[
    list[str],
    typer.Argument(
        metavar="CORPUS",
        help="Text files, packed (gzip, bzip2, xz, Zstandard) or not; folders of them; patterns as "
        "in 'books/*.txt'; - for the standard input; URLs; tables, with --column. `train` and "
        "`vocabulary` also take the folder that `encode` wrote.",
    ),
]

_KINDS: dict[str, Any] = {
    "column": str,
    "tokenizer": str,
    "undecodable": str,
    "phrases": int,
    "phrase_score": str,
    "phrase_threshold": float,
    "phrase_min_count": int,
    "min_count": int,
    "max_vocabulary": int,
    "keep_words": Path,
    "drop_words": Path,
    "max_types": int,
    "threads": int,
}
_SHOWN_DEFAULTS = {
    "column": "",
    "phrase_threshold": "",
    "keep_words": "",
    "drop_words": "",
    "threads": "all that it may use",
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
        _KINDS,
        shown={**_SHOWN_DEFAULTS, **other_defaults},
        panel="The corpus",
        more_help=dict.fromkeys(_WORD_LISTS, "; a file of them, between blanks"),
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
    from skipgram.paths import require_apart

    lists = [values[name] for name in _WORD_LISTS if values[name] is not None]
    outputs = [*(values.get("export") or ()), *map(values.get, _OUTPUTS)]
    if lists:
        require_apart([path for path in outputs if path is not None], lists)


def _words(file: Path) -> list[str]:
    from skipgram.opening import MOST_SETTINGS_BYTES, read_lines

    lines = read_lines(file, "a list of words", most_bytes=MOST_SETTINGS_BYTES)
    words = [word for line in lines for word in line.split()]
    if not words:
        raise FormatError(f"{file} holds no words; leave the option away, or list some")
    return words
