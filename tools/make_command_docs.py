"""Write docs/commands.md from the command line's own declarations, or check that it is up to date.

python tools/make_command_docs.py [--check]
"""

import sys
from pathlib import Path
from typing import Any

from typer.main import get_command

from skipgram.cli import app

DOCUMENT = Path(__file__).parents[1] / "docs" / "commands.md"
HEAD = """<!-- Made by `python tools/make_command_docs.py`; do not edit it by hand. -->

# Commands

What `skipgram COMMAND --help` says, on one page.

Results go to the standard output, progress to the standard error stream. An error that you can
mend is one line, with exit code 1; wrong usage gives 2, an interrupt 130.
`skipgram --install-completion` teaches your shell the commands and their options.
"""


def commands() -> dict[str, Any]:
    """The commands by name, in the order of the help."""
    group: Any = get_command(app)
    return dict(group.commands)


def section(name: str, command: Any) -> str:
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    options = [
        item
        for item in command.params
        if item.param_type_name == "option" and not getattr(item, "hidden", False)
    ]
    usage = " ".join(["skipgram", name, *(_label(item) for item in arguments)])
    rows = [
        f"| `{_label(item)}` | {item.help} | {_default(item)} |" for item in arguments + options
    ]
    head = [f"## skipgram {name}\n", f"{command.help}\n", f"    {usage} [OPTIONS]\n"]
    examples = [_as_code(line) for line in (command.epilog or "").split("\n\n") if line]
    return "\n".join([*head, *examples, "| | | default |", "|---|---|---|", *rows, ""])


def _as_code(line: str) -> str:
    return f"    {line}\n" if line.startswith("skipgram ") else f"{line}\n"


def _label(item: Any) -> str:
    if item.param_type_name == "argument":
        return str(item.metavar or item.name.upper()) + (" ..." if item.nargs == -1 else "")
    return ", ".join(sorted(item.opts, key=len, reverse=True))


def _default(item: Any) -> str:
    if item.required:
        return "required"
    value = getattr(item, "default", None)
    if isinstance(item.show_default, str):
        value = item.show_default
    if value is None or isinstance(value, bool):
        return ""
    is_told = " " in str(value)  # in words, so nothing to type
    return str(value) if is_told else f"`{value}`"


def document() -> str:
    return "\n".join([HEAD, *(section(name, command) for name, command in commands().items())])


def main() -> None:
    made = document()
    if "--check" in sys.argv:
        if not DOCUMENT.exists() or DOCUMENT.read_text(encoding="utf-8") != made:
            sys.exit(f"{DOCUMENT} is out of date: run python tools/make_command_docs.py")
        print(f"{DOCUMENT.name} is up to date")
    else:
        DOCUMENT.write_text(made, encoding="utf-8")


if __name__ == "__main__":
    main()
