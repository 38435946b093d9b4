"""Which system trains now, and for how long."""

from typing import Any, Self

from skipgram.corpus.summary import CorpusSummary, ReadingProgress, corpus_lines
from skipgram.peers.events import (
    SystemLeftOut,
    TrainingAdvances,
    TrainingBegins,
    TrainingEnds,
)
from skipgram.system.closing import Closing
from skipgram.views.display import Display


class ComparisonView(Closing):
    """Puts the events of a comparison into words, for a display."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._turn = ""

    def __enter__(self) -> Self:
        self._display.__enter__()
        return self

    def close(self) -> None:
        """Take down what is drawn."""
        self._display.close()

    def observe(self, event: Any) -> None:
        """Show an event; for `skipgram.compare_systems(..., observe=view.observe)`."""
        match event:
            case ReadingProgress():
                share = event.bytes_read / event.bytes_total if event.bytes_total else 0.0
                self._display.advance(event.stage, share, f"{event.bytes_read / 1e6:,.0f} MB")
            case CorpusSummary():
                self._display.finish()
                for line in corpus_lines(event):
                    self._display.say(line)
            case TrainingBegins():
                self._turn = f"{event.system}, {event.number} of {event.total}"
                self._display.say(
                    f"training {event.number} of {event.total}: {event.system}, seed {event.seed}"
                )
            case TrainingAdvances():
                self._display.advance(self._turn, event.share, f"{event.seconds:,.0f} s")
            case TrainingEnds():
                self._display.finish()
                self._display.say(
                    f"{event.system} trained in {event.training_seconds:,.1f} s, "
                    f"{event.seconds:,.1f} s with reading"
                )
            case SystemLeftOut():
                self._display.finish()
                self._display.warn(f"{event.system} is left out; {event.reason}")
