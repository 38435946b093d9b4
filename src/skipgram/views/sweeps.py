"""What a person likes to see of counting and of sweeps."""

from collections.abc import Callable
from dataclasses import dataclass

from skipgram.corpus.summary import CountingProgress
from skipgram.telling.wording import many
from skipgram.training import events
from skipgram.views.numbers import held_out, rate


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
    _spells = False

    def observe(self, event: object) -> None:
        """Show an event, if it is one of these."""
        match event:
            case CountingProgress():
                share = event.positions / max(1, event.positions_total)
                pace = rate(event.positions / max(event.seconds, 1e-3))
                self.advance("counting pairs", share, pace)
            case events.ObjectiveChosen():
                self.say(f"objective {event.objective}: {event.reason}")
            case events.ClusterWaiting():
                self.say(f"waiting {event.seconds:g} seconds for a worker of the cluster ...")
            case events.StorageLeft():
                self.say(f"warning: {event.storage} was not cleared: {event.reason}")
            case events.ClusterJoined():
                self.say(_cluster(event))
            case events.SweepsStarted():
                self._start(event)
            case events.LevelStarted():
                self._start_level(event)
            case events.SweepProgress():
                where = f" ({self._words:,} words)" if self._levels > 1 else ""
                floor = f" ({self._floor})" if self._floor else ""
                self.advance(
                    f"sweep {event.sweep}{where}",
                    event.share,
                    f"loss {event.loss:.4f}{floor}  step {event.step_length:.2f} ",
                )
            case events.SweepEnd():
                self._end_sweep(event)
            case events.Folding(is_last=False):
                pass
            case events.Folding():
                self.finish()
                self.say(f"fitting the {many(event.words, 'rarer word')} to the others ...")
            case events.SweepsFinished():
                self._finish(event)

    def _start(self, event: events.SweepsStarted) -> None:
        self.finish()
        rest = event.vocab_size - event.words
        then = f", then {many(rest, 'rarer one')} to them" if rest else ""
        drawn = f", drawn to the spelling of {many(event.ngrams, 'n-gram')}" if event.ngrams else ""
        self.say(
            f"training {many(event.words, 'word')} together{then}{drawn}; at most "
            f"{_schedule(event.levels)}, on {many(event.threads, 'thread')}; "
            f"{event.flop / 1e12:,.2g} TFLOP, needs "
            f"{event.memory_bytes / 1e6:,.0f} MB"
        )
        self._levels, self._spells = len(event.levels), event.ngrams > 0

    def _start_level(self, event: events.LevelStarted) -> None:
        self._floor = "" if event.floor is None else f"{event.floor:.4f} at best"
        self._objective_at_start, self._words = event.objective, event.words
        if event.level == self._levels and event.words_without_pair:
            count = event.words_without_pair
            alone = many(
                count,
                "word never has another one in its window, so its vector",
                "words never have another one in their windows, so their vectors",
            )
            are, their = ("is", "its") if count == 1 else ("are", "their")
            without = f"made of {their} spelling alone" if self._spells else "not trained"
            self.say(f"{alone} {are} {without}")

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
        floor = f"; the loss is {self._floor}" if self._floor else ""
        why = ", since more would change little" if event.is_settled else ""
        self.say(
            f"trained in {event.seconds:.1f} s by {many(event.sweeps, 'sweep')}{why}; objective "
            f"(loss plus prior) {span}{event.objective:.4f} nats a pair{floor}"
        )


def _schedule(levels: tuple[tuple[int, int], ...]) -> str:
    """The sweeps of each level."""
    *smaller, (_, last) = levels
    if not smaller:
        return many(last, "sweep")
    before = ", ".join(
        f"{many(sweeps, 'sweep')} over the first {words:,}" for words, sweeps in smaller
    )
    return f"{before}, {many(last, 'sweep')} over all of them"


def _cluster(event: events.ClusterJoined) -> str:
    memory = f", {event.memory_bytes / 1e9:,.1f} GB each" if event.memory_bytes else ""
    return (
        f"on a cluster of {many(event.workers, 'worker')} with {many(event.threads, 'thread')}"
        f"{memory}"
    )
