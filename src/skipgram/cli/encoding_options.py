"""The options by which a corpus is read and encoded, for every command that does."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.cli.options import sentence
from skipgram.errors import CorpusError
from skipgram.settings import default, describe

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

    Only those that are given reach it, as a mapping of settings: what an
    encoded corpus was made with is then only compared with what was asked for.
    other_defaults: shown instead of the settings' own.
    """

    def decorate(command: Callable[..., None]) -> Any:
        parameters: list[inspect.Parameter] = []
        for parameter in inspect.signature(command).parameters.values():
            if parameter.name == "encoding":
                parameters += [_parameter(name, other_defaults) for name in _KINDS]
            else:
                parameters.append(parameter)

        def run(**values: Any) -> None:
            encoding = {
                name: _words(value) if name in _WORD_LISTS else value
                for name in _KINDS
                if (value := values.pop(name)) is not None
            }
            command(encoding=encoding, **values)

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {item.name: item.annotation for item in parameters}
        # `inspect.signature` looks for it; the types of functions do not know it.
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return run

    return decorate


def _parameter(name: str, other_defaults: dict[str, str]) -> inspect.Parameter:
    is_list = name in _WORD_LISTS
    shown = {**_SHOWN_DEFAULTS, **other_defaults}.get(name, str(default(name)))
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        help=sentence(describe(name) + "; a file of them, between blanks" * is_list),
        show_default=shown or False,
        rich_help_panel="The corpus",
        metavar="FILE" if is_list else None,
    )
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[_KINDS[name] | None, option],
    )


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8-sig").split()
    except OSError as error:
        raise CorpusError(f"{file}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{file}: byte {error.start:,} is not UTF-8") from error
