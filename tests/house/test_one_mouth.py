"""Nobody goes around the mouths: no other module tells anything by itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import skipgram

PACKAGE = Path(skipgram.__file__).parent
MOUTHS = {
    "cli/views/mouth.py": "prints answers and notes",
    "cli/views/broken_streams.py": "puts streams of its own in the place of the standard ones",
    "views/consoles.py": "makes the consoles that answers and progress are printed on",
    "views/notebook.py": "prints in the cell of a notebook",
    "views/logger.py": "hands what is said of a run to the program's own logging",
    "views/watched.py": "asks whether the standard error stream is a terminal",
    "peers/telling.py": "tells a waiting process how far a training of another package is",
    "cs224n.py": "prints what the course's code prints",
}
PRINTING = {"print", "pprint"}
PRINTING_OF_MODULES = {
    "typer": {"echo", "secho"},
    "click": {"echo", "secho"},
    "rich": {"print", "print_json", "inspect"},
    "traceback": {"print_exc", "print_exception", "print_stack"},
    "pprint": {"pprint", "pp"},
    "csv": {"writer", "DictWriter"},
    "os": {"write"},
}
"""`os.write` knows no streams, but their numbers."""
STREAMS = {"stdout", "stderr", "__stdout__", "__stderr__"}
CONSOLES = {"Console", "VisibleConsole", "get_console"}
BARS = {"Progress", "Live", "Status"}
"""Without a console they make their own."""
NOT_IN_COMMANDS = {"csv", "json", "logging", "click"}
"""Elsewhere they serve files."""


def ways_around(code: str, *, in_cli: bool = True) -> Iterator[str]:
    """What in the code tells something by itself."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in PRINTING | CONSOLES:
                yield name
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), keywords=given) if (
                in_cli and name in BARS and "console" not in {item.arg for item in given}
            ):
                yield f"{name} without a console"
            case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name in STREAMS:
                yield f"sys.{name}"
            case ast.Attribute(value=ast.Name(id=module), attr=name) if (
                name in PRINTING_OF_MODULES.get(module, ())
            ):
                yield f"{module}.{name}"
            case ast.Call(func=ast.Attribute(attr=name)) if name in CONSOLES:
                yield name
            case ast.ClassDef(bases=[ast.Name(id=name), *_]) if name in CONSOLES:
                yield name
            case ast.ImportFrom(module=str(module), names=names):
                yield from _imported(module, {item.name for item in names}, in_cli=in_cli)
            case ast.Import(names=names) if in_cli:
                yield from (item.name for item in names if item.name in NOT_IN_COMMANDS)


def _imported(module: str, names: set[str], *, in_cli: bool) -> Iterator[str]:
    banned = STREAMS if module == "sys" else PRINTING_OF_MODULES.get(module, set())
    yield from (f"{module}.{name}" for name in names & banned)
    if in_cli and module in NOT_IN_COMMANDS:
        yield module


@pytest.mark.parametrize(
    "module", sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))
)
def test_only_the_mouths_tell_anything(module):
    code = (PACKAGE / module).read_text(encoding="utf-8")
    found = list(ways_around(code, in_cli=module.startswith(("cli/", "views/"))))
    if module in MOUTHS:
        assert found, f"{module} tells nothing any more: take it out of this list"
    else:
        assert not found, f"{module} goes around the mouths"


@pytest.mark.parametrize(
    "code",
    [
        "print('a')",
        "import sys; sys.stderr.write('a')",
        "import sys; write = sys.stdout.buffer.write",
        "from sys import stderr",
        "import typer; typer.echo('a')",
        "from typer import secho",
        "from rich import print",
        "import rich; rich.print('a')",
        "from rich.console import Console; Console()",
        "import rich.console; rich.console.Console()",
        "class Own(Console): pass",
        "from rich.progress import Progress; Progress()",
        "import csv",
        "from json import dumps",
        "import os; os.write(2, b'a')",
        "import traceback; traceback.print_exc()",
        "import logging",
    ],
)
def test_a_way_around_is_seen(code):
    assert list(ways_around(code))


def test_what_the_mouth_hands_out_may_be_used():
    code = "bar = Progress(console=console)\nself.console.print('a')\nmouth.answer_json([])"
    assert not list(ways_around(code))
