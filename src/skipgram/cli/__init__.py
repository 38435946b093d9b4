"""The command line: library calls, and the only place that prints.

A module a command. Each imports what it needs inside the command, so that
`--help` and a query do not wait for a compiler.
"""

import signal
import sys
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from skipgram import __version__
from skipgram.cli import (
    align,
    analogy,
    convert,
    cooccurrence,
    demo,
    encode,
    evaluate,
    index,
    info,
    neighbors,
    similarity,
    train,
    vocabulary,
)
from skipgram.cli.broken_streams import ReaderLeftError, standard_streams
from skipgram.errors import InterruptedRunError, SettingsError, SkipgramError
from skipgram.signals import ENDINGS


class _Commands(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        """Run a command; typer would end without a word at a broken pipe, whichever it is."""
        try:
            return super().invoke(ctx)
        except ReaderLeftError:
            raise
        except BrokenPipeError as error:
            raise SkipgramError(
                f"a pipe lost its reader before all was written: {error}"
            ) from error


app = typer.Typer(
    name="skipgram",
    cls=_Commands,
    help="Skip-gram word vectors: text goes in; vectors, judged and pictured, come out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a bug keeps its plain traceback
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(train.train)
app.command()(encode.encode)
app.command()(vocabulary.vocabulary)
app.command()(cooccurrence.cooccurrence)
app.command()(neighbors.neighbors)
app.command()(similarity.similarity)
app.command()(analogy.analogy)
app.command()(convert.convert)
app.command()(index.index)
app.command()(align.align)
app.command()(info.info)
app.command()(evaluate.evaluate)
app.command()(demo.demo)


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"skipgram {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


_INTERRUPTED = 130
"""The exit code of a process that was interrupted, as shells tell it."""


def _leave(code: int) -> NoReturn:
    """End with this code, however often the process is asked to while it does."""
    for number in ENDINGS:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(code)


def _end(number: int, frame: FrameType | None) -> None:
    """End as an error would, so that what is half-written is cleared away."""
    sys.exit(128 + number)


def _answer() -> None:
    """Run the command and write all of its answer: at Python's end it would be too late to fail."""
    try:
        app()
    except SystemExit as leaving:
        if not leaving.code:
            sys.stdout.flush()
        raise


def main() -> None:
    """Run the command line: 1 is an error the user can mend, 2 wrong usage, 130 an interrupt."""
    for number in ENDINGS:
        # An interrupt is Python's own; what is ignored (SIGHUP under `nohup`) stays so.
        if number != signal.SIGINT and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    with standard_streams():
        _run()


def _run() -> None:
    try:
        _answer()
    except ReaderLeftError:
        sys.exit(1)
    except SystemExit as leaving:
        if leaving.code == _INTERRUPTED:  # an interrupt, which typer turns into this
            _leave(_INTERRUPTED)
        raise
    except InterruptedRunError as error:
        print(f"skipgram: {error}", file=sys.stderr)
        _leave(error.exit_code)
    except SkipgramError as error:
        print(f"skipgram: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except OSError as error:  # a full disk behind the output, a name that is too long
        print(f"skipgram: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        print("skipgram: interrupted", file=sys.stderr)
        _leave(_INTERRUPTED)
