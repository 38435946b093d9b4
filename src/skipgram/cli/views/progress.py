"""Terminal progress display: a bar on a terminal, a line now and then elsewhere."""

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from skipgram.cli.views.corpus_summary import corpus_lines
from skipgram.cli.views.escaping import shortened
from skipgram.cli.views.mouth import progress_console
from skipgram.cli.views.spelling import spelled
from skipgram.cli.views.sweeps import SweepsView
from skipgram.cli.views.tables import held_out, learning_rate, rate
from skipgram.cli.views.wording import many
from skipgram.corpus.summary import CacheUsed, CorpusSummary, ReadingProgress
from skipgram.pipeline import Observed
from skipgram.system.closing import Closing
from skipgram.training import events
from skipgram.watching.records import Pace

SECONDS_BETWEEN_LINES = 10.0
_HARDLY_MOVED = 0.9
"""With this share of the loss of vectors of zero left, neighbours are still noise."""
_LOSS_MEMORY = 0.95
"""The loss that is shown is a running mean: a single block's would flicker."""


class RunView(Closing):
    """Shows the events of a run on the standard error stream, so that results stay apart.

    Where that stream breaks, the run goes on in silence.
    """

    def __init__(self, *, quiet: bool = False, console: Console | None = None) -> None:
        self.console = console or progress_console(quiet=quiet)
        detail = TextColumn("{task.fields[detail]}", markup=False)
        self.bar = _bar(self.console, TaskProgressColumn(), detail)
        self._task: TaskID | None = None
        self._stage = ""
        self._stage_began = 0.0
        self._loss = math.nan
        self._pace = Pace()
        self._epoch_losses: dict[int, float] = {}
        self._kept_epochs = math.inf
        """the training of so many epochs is in the vectors"""
        self._pairs = self._all_pairs = self._shortened_pairs = 0
        self._loss_at_zero = math.inf
        self._last_line = time.monotonic()
        self._sweeps = SweepsView(self.say, self._advance, self._finish_task)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def close(self) -> None:
        """Take the bar away."""
        self.bar.stop()

    def say(self, text: str) -> None:
        """One line, wrapped at words only where the terminal asks for it."""
        self.console.print(shortened(text), markup=False, soft_wrap=not self.console.is_terminal)

    def observe(self, event: Observed) -> None:
        """Show an event; for `skipgram.train(..., observe=view.observe)`."""
        match event:
            case ReadingProgress():
                self._show_reading(event)
            case CacheUsed():
                self.say(f"using the encoded corpus in {event.folder}")
            case CorpusSummary():
                self._finish_task()
                for line in corpus_lines(event):
                    self.say(line)
            case events.Compiling():
                self.say("compiling the kernel for these settings ...")
            case events.Compiled():
                fate = "kept for next time" if event.is_kept else "no folder to keep it in"
                self.say(f"compiled the kernel for these settings in {event.seconds:.1f} s; {fate}")
            case events.Started():
                self._loss_at_zero = event.loss_at_zero
                self.say(
                    f"training {many(event.vocab_size, 'word')} for "
                    f"{many(event.epochs, 'epoch')} on {many(event.threads, 'thread')}; needs "
                    f"{event.memory_bytes / 1e6:,.0f} MB"
                )
            case events.Progress():
                self._show_training(event)
            case events.EpochEnd():
                self._end_epoch(event)
            case events.CheckpointSaved():
                self.say(f"checkpoint of {event.pass_name} {event.epoch} in {event.folder}")
            case events.CheckpointFailed():
                self.say(
                    f"no checkpoint of {event.pass_name} {event.epoch}: {event.reason}; training "
                    "continues"
                )
            case events.LogFailed():
                self.say(f"{event.reason}; this log ends here, but the run continues")
            case events.LogCutShort():
                missing = many(event.missing, "record")
                self.say(f"{event.place} lacks the last {missing} of this run")
            case events.Resumed():
                self._pace.resume(event)
                self.say(
                    f"continuing from {event.folder}: {event.pass_name} {event.epoch}, "
                    f"{many(event.tokens_done, 'word')} done"
                )
            case events.StoppedEarly():
                self._kept_epochs = event.best_epoch
                where = "" if event.words is None else f" with the first {event.words:,} words"
                self.say(
                    f"stopped early{where}: the held-out loss has not fallen below the "
                    f"{event.held_out.loss:.3f} of {event.pass_name} {event.best_epoch}, whose "
                    "vectors are kept"
                )
            case events.Finished():
                self._finish(event)
            case events.WordsSpelled():
                self.say(spelled(event))
            case events.SpellingFailed():
                self.say(
                    f"no spelling: {event.reason}. The vectors are saved without it; "
                    "`skipgram spell` can add it later"
                )
            case _:
                self._sweeps.observe(event)

    def _show_reading(self, event: ReadingProgress) -> None:
        if event.stage != self._stage:
            self._stage, self._stage_began = event.stage, time.monotonic()
            self._finish_task()
        seconds = max(time.monotonic() - self._stage_began, 1e-3)
        if event.stage == "reading":
            done = f"{event.bytes_read / 1e6:,.0f} MB, {event.bytes_read / 1e6 / seconds:,.0f} MB/s"
            if not event.bytes_total:  # a pipe, say: nobody knows how much is to come
                done = many(event.tokens, "word")
        else:
            done = rate(event.bytes_read / seconds)
        self._advance(event.stage, event.bytes_read / max(1, event.bytes_total), done)

    def _show_training(self, event: events.Progress) -> None:
        if math.isnan(self._loss):
            self._loss = event.loss
        elif not math.isnan(event.loss):
            self._loss = _LOSS_MEMORY * self._loss + (1 - _LOSS_MEMORY) * event.loss
        detail = (
            f"{rate(self._pace.words_per_second(event))}  loss {self._loss:.3f}  "
            f"rate {learning_rate(event.learning_rate)} "
        )
        self._advance(f"epoch {event.epoch}", event.tokens_done / event.tokens_total, detail)

    def _end_epoch(self, event: events.EpochEnd) -> None:
        self._epoch_losses[event.epoch] = event.loss
        self._pairs = event.pairs
        self._all_pairs += event.pairs
        self._shortened_pairs += event.shortened_pairs
        if event.held_out is not None:
            self.say(f"epoch {event.epoch}: loss {event.loss:.3f}, {held_out(event.held_out)}")

    def _finish(self, event: events.Finished) -> None:
        self._finish_task()
        said = f"trained in {event.seconds:.1f} s, {rate(event.tokens_per_second)}"
        losses = {
            epoch: loss for epoch, loss in self._epoch_losses.items() if epoch <= self._kept_epochs
        }
        if not losses:  # a resumed run that had nothing left to do
            self.say(said)
            return
        last = losses[max(losses)]
        span = f"{losses[1]:.3f} → {last:.3f}" if 1 in losses and len(losses) > 1 else f"{last:.3f}"
        self.say(f"{said}; {many(self._pairs, 'pair')} an epoch, loss {span} nats a pair")
        if self._shortened_pairs:
            self.say(
                f"shortened the steps of {many(self._shortened_pairs, 'pair')} "
                f"({self._shortened_pairs / self._all_pairs:.1%}), which would have been too long "
                "at this learning rate"
            )
        if last > self._loss_at_zero:
            self.say("the loss ended above that of zero vectors: try a smaller --learning-rate")
        elif last > _HARDLY_MOVED * self._loss_at_zero:
            self.say(
                "the vectors have hardly moved from their start: more text, more --epochs, "
                "a larger --learning-rate or --subsample 0 will help"
            )

    def _advance(self, description: str, share: float, detail: str) -> None:
        if self._task is None:
            self._task = self.bar.add_task(description, total=1.0, detail=detail)
        self.bar.update(self._task, description=description, completed=share, detail=detail)
        now = time.monotonic()
        if not self.console.is_terminal and now - self._last_line >= SECONDS_BETWEEN_LINES:
            self._last_line = now
            self.say(f"{description}  {share:4.0%}  {detail}")

    def _finish_task(self) -> None:
        if self._task is not None:
            self.bar.remove_task(self._task)
            self._task = None


def _bar(console: Console, *columns: ProgressColumn) -> Progress:
    """A bar with these columns behind it, which vanishes at the end."""
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        *columns,
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def steps(label: str, unit: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A function to tell how much is done, of how much; the bar vanishes at the end."""
    pace = TextColumn(f"{unit}, {{task.fields[rate]}}", markup=False)
    console = progress_console(quiet=quiet)
    with _bar(console, MofNCompleteColumn(), pace, TimeElapsedColumn()) as bar:
        task = bar.add_task(label, total=None, rate="")

        def tell(done: int, total: int) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f} a second" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield tell
