"""Commands as this reader can type them: with the name by which the program was started."""

import os
import shlex
import shutil
import sys
from pathlib import Path

_NAME = "skipgram"


def command(*words: object) -> str:
    """The command line that runs the program with these words."""
    return f"{program()} {shlex.join(map(str, words))}"


def program() -> str:
    """How the program was started: by its name where that finds it, else by its path."""
    started_as = Path(sys.argv[0])
    if started_as.parts[-2:] == (_NAME, "__main__.py"):
        return f"{shlex.quote(sys.orig_argv[0])} -m {_NAME}"
    if started_as.stem != _NAME or _is_on_the_path(started_as):
        return _NAME
    return shlex.quote(str(started_as))


def _is_on_the_path(program: Path) -> bool:
    """Whether a shell that is given the bare name runs this very program."""
    if program.parent == Path() and os.sep not in sys.argv[0]:
        return True
    found = shutil.which(_NAME)
    # Folders are compared, since the name has lost its .exe on Windows.
    return found is not None and _are_same(Path(found).parent, program.parent)


def _are_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False
