"""What a person likes to see of counting and of sweeps."""

from collections.abc import Callable
from dataclasses import dataclass

from skipgram.cli.views.tables import held_out, rate
from skipgram.corpus.summary import CountingProgress
from skipgram.training import events


@dataclass
class SweepsView:
    """Shows the events of sweeps; a part of a run's view, which says and draws."""

    say: Callable[[str], None]
    advance: Callable[[str, float, str], None]
    """what is going on, which share of it is through, and how it goes"""
    finish: Callable[[], None]
    _floor: str = ""
    _objective_at_start: float | None = None
    _levels = 1
    _words = 0

    def observe(self, event: object) -> None:
        """Show an event, if it is one of these."""
        match event:
            case CountingProgress():
                share = event.positions / max(1, event.positions_total)
                pace = rate(event.positions / max(event.seconds, 1e-3))
                self.advance("counting pairs", share, pace)
            case events.ObjectiveChosen():
                self.say(f"objective {event.objective}: {event.reason}")
            case events.SweepsStarted():
                self._start(event)
            case events.LevelStarted():
                self._start_level(event)
            case events.SweepProgress():
                where = f" ({self._words:,} words)" if self._levels > 1 else ""
                self.advance(
                    f"sweep {event.sweep}{where}",
                    event.share,
                    f"loss {event.loss:.4f}{self._floor}  step {event.step_length:.2f} ",
                )
            case events.SweepEnd():
                self._end_sweep(event)
            case events.Folding(is_last=False):
                pass
            case events.Folding():
                self.finish()
                self.say(f"fitting the {event.words:,} rarer words to the others ...")
            case events.SweepsFinished():
                self._finish(event)

    def _start(self, event: events.SweepsStarted) -> None:
        self.finish()
        rest = event.vocab_size - event.words
        then = f", then {rest:,} rarer ones to them" if rest else ""
        self.say(
            f"training {event.words:,} words together{then}; at most {_schedule(event.levels)}, "
            f"{event.threads} threads; {event.flop / 1e12:,.2g} TFLOP, needs "
            f"{event.memory_bytes / 1e6:,.0f} MB"
        )
        self._levels = len(event.levels)

    def _start_level(self, event: events.LevelStarted) -> None:
        self._floor = "" if event.floor is None else f", floor {event.floor:.4f}"
        self._objective_at_start, self._words = event.objective, event.words
        if event.level == self._levels and event.words_without_pair:
            self.say(
                f"words without a pair, whose vectors do not change: {event.words_without_pair:,}"
            )

    def _end_sweep(self, event: events.SweepEnd) -> None:
        if event.raised_to is not None:
            self.say(
                f"sweep {event.sweep} raised the objective to {event.raised_to:.4f} and was "
                "undone; steps are shorter from now on"
            )
        if event.held_out is not None:
            said = f"sweep {event.sweep}: objective {event.objective:.4f}"
            self.say(f"{said}, {held_out(event.held_out)}")

    def _finish(self, event: events.SweepsFinished) -> None:
        self.finish()
        before = self._objective_at_start
        span = "" if before is None else f"{before:.4f} → "
        why = ", since more would change little" if event.is_settled else ""
        self.say(
            f"trained in {event.seconds:.1f} s by {event.sweeps} sweeps{why}; objective "
            f"{span}{event.objective:.4f} nats a pair, prior included{self._floor}"
        )


def _schedule(levels: tuple[tuple[int, int], ...]) -> str:
    """The sweeps of each level."""
    (words, sweeps), *others = levels
    if not others:
        return f"{sweeps} sweeps"
    *between, (_, last) = others
    said = "".join(f", {sweeps} over {words:,}" for words, sweeps in between)
    return f"{sweeps} sweeps over the first {words:,} words{said}, {last} over all of these"
