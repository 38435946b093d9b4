"""`skipgram ...` in forks of one process that has imported and compiled what commands need.

A fork has the streams it is given and comes to its end as any process of Python does, so that what
is flushed, said and returned at the end can be seen, without a second of imports each time.
"""

import contextlib
import gc
import io
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

CLOSED = ""
STDIN, STDOUT, STDERR = range(3)


class ForkedCommands:
    """A process that runs commands in forks of itself, in one folder.

    It runs some commands itself at first: these are warm for every fork.
    """

    def __init__(self, folder: Path, warm: Sequence[str]):
        self._folder, self._warm = folder, warm

    def __enter__(self) -> Self:
        # A stream without a buffer has nothing left to write when Python ends.
        others = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", __file__, *self._warm],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=others | {"TERM": "xterm-256color"},
        )
        return self

    def __exit__(self, *error: object) -> None:
        self._process.communicate()

    def begin(self, arguments: str, streams: Mapping[int, str]) -> None:
        """Run `skipgram arguments`, with a file (or CLOSED) in the place of each stream."""
        assert self._process.stdin is not None
        print(json.dumps([arguments, dict(streams)]), file=self._process.stdin, flush=True)

    def exit_code(self) -> int:
        """That of the command which was begun, once it has ended."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def run(self, arguments: str, streams: Mapping[int, str]) -> tuple[int, str, str]:
        """The exit code of a command, and what it wrote to the streams that were not given."""
        with tempfile.TemporaryDirectory() as place:
            out, err = Path(place) / "out", Path(place) / "err"
            out.touch()
            err.touch()
            files = {STDIN: os.devnull, STDOUT: str(out), STDERR: str(err)}
            self.begin(arguments, {**files, **streams})
            return self.exit_code(), out.read_text(), err.read_text()


def _serve() -> None:
    for request in sys.stdin:
        arguments, streams = json.loads(request)
        if not os.fork():
            for number, file in sorted(streams.items()):
                _redirect(int(number), file)
            sys.stdin, sys.stdout, sys.stderr = _as_python_opens_them()
            _run(arguments)
            return
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.wait()[1])}\n")
        sys.stdout.flush()


def _redirect(number: int, file: str) -> None:
    os.close(number)
    if file == CLOSED:
        return
    flags = os.O_RDONLY if number == STDIN else os.O_WRONLY | os.O_CREAT
    opened = os.open(file, flags | os.O_NOCTTY)
    if opened != number:  # a stream before it is closed
        os.dup2(opened, number)
        os.close(opened)
    os.set_inheritable(number, True)


def _as_python_opens_them() -> list[Any]:
    """New streams, or None for one that is closed, in the ways that Python opens its own."""
    opened: list[Any] = []
    for number, mode in ((STDIN, "r"), (STDOUT, "w"), (STDERR, "w")):
        try:
            opened.append(open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
        except OSError:
            opened.append(None)
    if opened[STDERR]:
        opened[STDERR].reconfigure(errors="backslashreplace", line_buffering=True)
    return opened


def _run(arguments: str) -> None:
    sys.argv = ["skipgram", *arguments.split()]
    runpy.run_module("skipgram", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    for command in sys.argv[1:]:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            contextlib.suppress(SystemExit),
        ):
            _run(command)
    gc.freeze()  # else each fork looks through all that was imported when it ends
    _serve()
