"""A run as a command shows it."""

from skipgram.views.run_view import RunView
from skipgram.views.terminal import TerminalDisplay


def shell_view(*, quiet: bool = False) -> RunView:
    """Shows the events of a run on the standard error stream."""
    return RunView(TerminalDisplay(quiet=quiet))
