"""The command line: library calls, whose answers and errors `mouth.py` prints.

Each command imports what it needs inside, so that `--help` and a query do not
wait for a compiler.

Reading order: options, elsewhere, then commands/ and views/.
"""

import signal
import sys
import threading
import warnings
from types import FrameType
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.main import get_command

from skipgram._version import __version__
from skipgram.cli.commands import (
    align,
    compare,
    convert,
    cooccurrence,
    demo,
    encode,
    evaluate,
    explore,
    index,
    info,
    neighbors,
    phrases,
    spell,
    train,
    vocabulary,
)
from skipgram.cli.views.broken_streams import ReaderLeftError, standard_streams
from skipgram.cli.views.invocation import command, program
from skipgram.cli.views.mouth import all_answered, answer, note, note_bug, note_warning
from skipgram.errors import InterruptedRunError, SettingsError, SkipgramError, read_at_a_shell
from skipgram.system.signals import ENDINGS

_OWN_OPTIONS = ("--help", "-h", "--version")


class _Commands(TyperGroup):
    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Choose a command, or say what another tool's is called here."""
        is_known = not args or args[0] in self.commands or args[0] in _OWN_OPTIONS
        if not is_known and not ctx.resilient_parsing:  # that is the shell, completing a word
            from skipgram.cli.elsewhere import require_own_command  # its tables take time to load

            require_own_command(args[0], self.commands)
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find a command, and say what other tools' options are called here."""
        name, found, words = super().resolve_command(ctx, args)
        if found is not None and not ctx.resilient_parsing:
            own = {option for parameter in found.params for option in parameter.opts}
            if any(word.startswith("-") and word.partition("=")[0] not in own for word in words):
                from skipgram.cli.elsewhere import require_own_options

                require_own_options(found, words)
        return name, found, words

    def invoke(self, ctx: Any) -> Any:
        """Run a command; typer would end without a word at a broken pipe, whichever it is."""
        try:
            return super().invoke(ctx)
        except ReaderLeftError:
            raise
        except BrokenPipeError as error:
            raise SkipgramError(
                f"a pipe was closed before everything was written: {error}"
            ) from error


app = typer.Typer(
    name="skipgram",
    cls=_Commands,
    help="Train word vectors on text, look words up in them, and evaluate them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a bug keeps its plain traceback
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(epilog=train.EXAMPLES)(train.train)
app.command()(encode.encode)
app.command()(vocabulary.vocabulary)
app.command()(phrases.phrases)
app.command()(cooccurrence.cooccurrence)
app.command()(neighbors.neighbors)
app.command()(neighbors.similarity)
app.command()(neighbors.analogy)
app.command()(convert.convert)
app.command()(index.index)
app.command()(spell.spell)
app.command()(align.align)
app.command()(info.info)
app.command()(evaluate.evaluate)
app.command()(compare.compare)
app.command()(explore.explore)
app.command()(demo.demo)


def _show_version(wanted: bool) -> None:
    if wanted:
        answer(f"skipgram {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


_UsageError: Any = next(
    kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException"
)
"""What is raised where the command line cannot be understood: typer does not export its base."""
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
        # Not `app()`, which shows errors itself, with whatever was typed in them.
        code = get_command(app)(prog_name="skipgram", standalone_mode=False)
    except _UsageError as error:
        code = _told(error)
    except typer.Abort as error:  # which stands for an EOFError that nobody expected
        raise error.__cause__ or error from None
    if not code:
        all_answered()
    sys.exit(code or 0)


def _told(error: Any) -> int:
    """Say what was typed wrong, and give the exit code."""
    message = error.format_message()
    if type(error).__name__ == "NoArgsIsHelpError":  # the help is all that is told
        for line in message.splitlines():  # none, where rich has shown it already
            note(line)
        return int(error.exit_code)
    stop = "" if message.endswith((".", "?")) else "."
    context = getattr(error, "ctx", None)
    names = context.command_path.split()[1:] if context else []
    note(f"skipgram: {message}{stop} See {command(*names, '--help')}.")
    return int(error.exit_code)


def _note_bug_of_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_type is not SystemExit:
        note_bug(*failed[:3])


def main() -> None:
    """Run the command line: 1 is an error the user can fix, 2 wrong usage, 130 an interrupt."""
    for number in ENDINGS:
        # An interrupt is Python's own; what is ignored (SIGHUP under `nohup`) stays so.
        if number != signal.SIGINT and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _end)
    sys.excepthook = note_bug
    threading.excepthook = _note_bug_of_thread
    with standard_streams(), warnings.catch_warnings(), read_at_a_shell(program()):
        warnings.showwarning = note_warning
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
        note(f"skipgram: {error}")
        _leave(error.exit_code)
    except SkipgramError as error:
        note(f"skipgram: {error}")
        sys.exit(2 if isinstance(error, SettingsError) else 1)
    except MemoryError as error:
        note(f"skipgram: not enough memory{f': {error}' if str(error) else ''}")
        sys.exit(1)
    except OSError as error:  # a full disk behind the output, a name that is too long
        note(f"skipgram: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        note("skipgram: interrupted")
        _leave(_INTERRUPTED)
