"""Arguments and options that several commands share, and options made from settings."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from skipgram.settings import default, describe

Folder = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        help="A folder that `skipgram train` wrote, or another tool's file of vectors.",
    ),
]
Count = Annotated[int, typer.Option("-k", "--count", help="How many answers.")]
FirstWords = Annotated[
    int,
    typer.Option(help="Ask and answer analogies among so many words only, the most frequent."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def takes_settings(
    parameter: str,
    kinds: Mapping[str, Any],
    *,
    shown: Mapping[str, str],
    panel: str | None = None,
    more_help: Mapping[str, str] | None = None,
    read: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Callable[[Callable[..., None]], Any]:
    """Give a command an option for each of some settings, in the place of one parameter.

    Only those that are given reach it, as a mapping of settings: the others are
    the settings' own to choose, or that of what the command is given.

    Parameters: kinds: the type of each option by the setting's name; shown: defaults to tell
    instead of the settings' own; more_help: what to add to their meanings; read: what makes the
    setting of the option's value.
    """
    more_help, read = more_help or {}, read or {}

    def option(name: str) -> inspect.Parameter:
        told = shown.get(name, str(default(name)))
        made = typer.Option(
            f"--{name.replace('_', '-')}",
            help=sentence(describe(name) + more_help.get(name, "")),
            show_default=told or False,
            rich_help_panel=panel,
            metavar="FILE" if kinds[name] is Path else None,
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
            of_settings = [option(name) for name in kinds]
            parameters += of_settings if declared.name == parameter else [declared]

        def run(**values: Any) -> None:
            given = {
                name: read[name](value) if name in read else value
                for name in kinds
                if (value := values.pop(name)) is not None
            }
            command(**{parameter: given}, **values)

        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__annotations__ = {item.name: item.annotation for item in parameters}
        # `inspect.signature` looks for it; the types of functions do not know it.
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        return run

    return decorate


def sentence(meaning: str) -> str:
    """A meaning with a capital letter and a full stop; UTF-8 and CSV stay as they are."""
    return f"{meaning[0].upper()}{meaning[1:]}."
