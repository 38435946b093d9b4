"""An option that takes a number says so, by its name, where it is given something else."""

import inspect
import types
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, get_args

import pytest

from helpers.command_line import run
from skipgram.cli import app
from skipgram.errors import SettingsError
from skipgram.settings import Settings, kind


def numeric_options() -> Iterator[tuple[str, str, str]]:
    """Each command, each of its options that takes a number, and what that must be."""
    for command in app.registered_commands:
        assert command.callback is not None
        for parameter in inspect.signature(command.callback).parameters.values():
            annotation: Any = parameter.annotation
            plain = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
            kinds = get_args(plain) if isinstance(plain, types.UnionType) else (plain,)
            for numeric, expected in ((int, "a whole number"), (float, "a number")):
                if numeric in kinds:
                    flag = f"--{parameter.name.replace('_', '-')}"
                    yield command.callback.__name__, flag, expected


OPTIONS = list(numeric_options())


def test_there_are_numeric_options_of_both_kinds_in_many_commands():
    assert len(OPTIONS) > 40
    assert {expected for *_, expected in OPTIONS} == {"a whole number", "a number"}
    assert {"train", "neighbors", "align", "index", "evaluate"} <= {name for name, *_ in OPTIONS}


@pytest.mark.parametrize(("command", "flag", "expected"), OPTIONS)
def test_an_option_that_takes_a_number_names_itself_and_what_was_given(
    command, flag, expected, monkeypatch, capsys
):
    assert run(monkeypatch, command, flag, "twenty") == 2
    assert capsys.readouterr().err == (
        f"skipgram: {flag} must be {expected}, not 'twenty'. See skipgram {command} --help.\n"
    )


@pytest.mark.parametrize("short", [["-k", "ten"], ["-kten"]])
def test_a_short_option_is_told_by_its_long_name(short, monkeypatch, capsys):
    assert run(monkeypatch, "neighbors", "vectors", "word", *short) == 2
    assert "skipgram: --count must be a whole number, not 'ten'." in capsys.readouterr().err


@pytest.mark.parametrize("given", ["5.0", "1e3", "", "five", "9" * 5_000])
def test_what_is_no_whole_number_is_quoted_and_not_at_length(given, monkeypatch, capsys):
    assert run(monkeypatch, "train", "--epochs", given) == 2
    noted = capsys.readouterr().err
    assert noted.startswith(f"skipgram: --epochs must be a whole number, not '{given[:59]}")
    assert len(noted) < 160


@pytest.mark.parametrize(
    "name",
    [
        item.name
        for part in fields(Settings)
        for item in fields(part.default_factory)  # type: ignore[arg-type]
        if kind(item.name) in (int, float, float | None)
    ],
)
def test_in_python_the_same_is_said_by_the_arguments_name(name):
    expected = "a whole number" if kind(name) is int else "a number"
    with pytest.raises(SettingsError, match=f"^{name} must be {expected}, not 'twenty'$"):
        Settings.of(**{name: "twenty"})
