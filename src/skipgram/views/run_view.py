"""What is said of a run while it goes on, and how far it has come."""

import math
import time
from typing import Self

from skipgram.corpus.summary import CacheUsed, CorpusSummary, ReadingProgress, corpus_lines
from skipgram.errors import in_readers_words
from skipgram.explorer.progress import LayoutNote, LayoutProgress
from skipgram.system.closing import Closing
from skipgram.telling.wording import many
from skipgram.training import events
from skipgram.views.display import Display
from skipgram.views.numbers import held_out, learning_rate, rate, training_loss
from skipgram.views.spelling import spelled
from skipgram.views.sweeps import SweepsView
from skipgram.watching.records import Observed, Pace

_HARDLY_MOVED = 0.9
"""With this share of the loss of vectors of zero left, neighbours are still noise."""
_LOSS_MEMORY = 0.95
"""The loss that is shown is a running mean: a single block's would flicker."""


class RunView(Closing):
    """Puts the events of a run into words, for a display."""

    def __init__(self, display: Display) -> None:
        self._display = display
        self._stage = ""
        self._stage_began = 0.0
        self._loss = math.nan
        self._pace = Pace()
        self._epochs: dict[int, events.EpochEnd] = {}
        self._kept_epochs = math.inf
        """the training of so many epochs is in the vectors"""
        self._loss_at_zero = math.inf
        self._sweeps = SweepsView(display.say, display.advance, display.finish)

    def __enter__(self) -> Self:
        self._display.__enter__()
        return self

    def close(self) -> None:
        """Take down what is drawn."""
        self._display.close()

    def say(self, text: str) -> None:
        """One line."""
        self._display.say(text)

    def observe(self, event: Observed | LayoutProgress | LayoutNote) -> None:
        """Show an event; for `skipgram.train(..., observe=view.observe)`."""
        match event:
            case ReadingProgress():
                self._show_reading(event)
            case CacheUsed():
                self.say(f"using the encoded corpus in {event.folder}")
            case CorpusSummary():
                self._display.finish()
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
                self._display.warn(
                    f"no checkpoint of {event.pass_name} {event.epoch}: {event.reason}; training "
                    "continues"
                )
            case events.LogFailed():
                self._display.warn(f"{event.reason}; this log ends here, but the run continues")
            case events.LogCutShort():
                missing = many(event.missing, "record")
                self._display.warn(f"{event.place} lacks the last {missing} of this run")
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
                self._display.warn(
                    f"no spelling: {event.reason}. The vectors are without it; "
                    "vectors.with_spelling(), or `skipgram spell`, can add it later"
                )
            case LayoutProgress():
                detail = f"{event.done:,} of {event.total:,} {event.unit}"
                self._display.advance(event.stage, event.done / max(1, event.total), detail)
                if event.done >= event.total:
                    self._display.finish()
            case LayoutNote():
                self._display.warn(event.text)
            case _:
                self._sweeps.observe(event)

    def _show_reading(self, event: ReadingProgress) -> None:
        if event.stage != self._stage:
            self._stage, self._stage_began = event.stage, time.monotonic()
            self._display.finish()
        seconds = max(time.monotonic() - self._stage_began, 1e-3)
        if event.stage == "reading":
            done = f"{event.bytes_read / 1e6:,.0f} MB, {event.bytes_read / 1e6 / seconds:,.0f} MB/s"
            if not event.bytes_total:  # a pipe, say: nobody knows how much is to come
                done = many(event.tokens, "word")
        else:
            done = rate(event.bytes_read / seconds)
        self._display.advance(event.stage, event.bytes_read / max(1, event.bytes_total), done)

    def _show_training(self, event: events.Progress) -> None:
        if math.isnan(self._loss):
            self._loss = event.loss
        elif not math.isnan(event.loss):
            self._loss = _LOSS_MEMORY * self._loss + (1 - _LOSS_MEMORY) * event.loss
        detail = (
            f"{rate(self._pace.words_per_second(event))}  loss {self._loss:.3f}  "
            f"rate {learning_rate(event.learning_rate)} "
        )
        share = event.tokens_done / event.tokens_total
        self._display.advance(f"epoch {event.epoch}", share, detail)

    def _end_epoch(self, event: events.EpochEnd) -> None:
        self._epochs[event.epoch] = event
        if event.held_out is not None:
            self.say(f"epoch {event.epoch}: loss {event.loss:.3f}, {held_out(event.held_out)}")

    def _finish(self, event: events.Finished) -> None:
        self._display.finish()
        said = f"trained in {event.seconds:.1f} s, {rate(event.tokens_per_second)}"
        kept = [end for epoch, end in self._epochs.items() if epoch <= self._kept_epochs]
        if not kept:  # a resumed run that had nothing left to do
            self.say(said)
            return
        last = kept[-1]
        losses = training_loss(self._epochs.get(1, last), last)
        self.say(f"{said}; {many(last.pairs, 'pair')} an epoch, {losses}")
        self._say_what_was_shortened()
        self._warn_of_loss(last.loss)

    def _say_what_was_shortened(self) -> None:
        shortened = sum(end.shortened_pairs for end in self._epochs.values())
        if shortened:
            pairs = sum(end.pairs for end in self._epochs.values())
            self.say(
                f"shortened the steps of {many(shortened, 'pair')} ({shortened / pairs:.1%}), "
                "which would have been too long at this learning rate"
            )

    def _warn_of_loss(self, loss: float) -> None:
        if loss > self._loss_at_zero:
            self._display.warn(
                in_readers_words(
                    "the loss ended above that of zero vectors: try a smaller learning_rate "
                    "(--learning-rate)"
                )
            )
        elif loss > _HARDLY_MOVED * self._loss_at_zero:
            self._display.warn(
                in_readers_words(
                    "the vectors have hardly moved from their start: more text, more epochs "
                    "(--epochs), a larger learning_rate (--learning-rate) or [--subsample 0] "
                    "will help"
                )
            )
