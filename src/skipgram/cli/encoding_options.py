"""The options by which a corpus is read and encoded, for every command that does."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import takes_settings
from skipgram.errors import CorpusError

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


def takes_encoding_options(**other_defaults: str) -> Callable[[Callable[..., None]], Any]:
    """Give a command these options in the place of its parameter `encoding`.

    What an encoded corpus was made with is then only compared with what was asked for.
    other_defaults: shown instead of the settings' own.
    """
    return takes_settings(
        "encoding",
        _KINDS,
        shown={**_SHOWN_DEFAULTS, **other_defaults},
        panel="The corpus",
        more_help=dict.fromkeys(_WORD_LISTS, "; a file of them, between blanks"),
        read=dict.fromkeys(_WORD_LISTS, _words),
    )


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").split()
    except OSError as error:
        raise CorpusError(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file}: byte {error.start:,} is not UTF-8") from error
