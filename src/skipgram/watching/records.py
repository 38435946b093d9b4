"""Events as flat records: plain named fields, and not more often than anyone reads them."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from statistics import fmean

from skipgram.corpus.summary import CacheUsed, CorpusSummary, CountingProgress, ReadingProgress
from skipgram.training import events


class Pace:
    """Words per second since this session began.

    A resumed training counts the words and seconds of all its sessions, and
    earlier ones may have run on other machines.
    """

    def __init__(self) -> None:
        self._words, self._seconds = 0, 0.0
        """in earlier sessions"""

    def resume(self, event: events.Resumed) -> None:
        """Count from where this session began."""
        self._words, self._seconds = event.tokens_done, event.seconds

    def words_per_second(self, event: events.Progress) -> float:
        """The pace up to this event."""
        seconds = event.seconds - self._seconds
        return (event.tokens_done - self._words) / seconds if seconds > 0 else 0.0


Observed = ReadingProgress | CorpusSummary | CacheUsed | CountingProgress | events.Event
"""What a run reports while it goes on."""
Record = dict[str, str | int | float | None]
"""Fields by name, always with "event"; None stands for a number that is not finite."""

SECONDS_BETWEEN_RECORDS = 1.0


class Records:
    """Turns the events of one run into records, with about one of progress per second.

    The last progress before any other event always becomes a record, so that an
    epoch's progress reaches its end. The loss of a record is the mean of the
    losses since the last one. A `step` is the number of words trained so far,
    over all epochs, of the corpus as encoded.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due = -math.inf
        self._waiting: events.Progress | None = None
        self._losses: list[float] = []
        self._pace = Pace()
        self._step = 0

    def of(self, event: Observed) -> Iterator[Record]:
        """The records to write after this event: none, one or two."""
        if isinstance(event, events.Progress):
            self._waiting = event
            if not math.isnan(event.loss):
                self._losses.append(event.loss)
            if self._clock() >= self._due:
                yield self._progress(event)
            return
        if self._waiting is not None:
            yield self._progress(self._waiting)
        if isinstance(event, events.Resumed):
            self._step = event.tokens_done
            self._pace.resume(event)
        record = _record(event, self._step)
        if record is not None:
            yield _finite(record)

    def _progress(self, event: events.Progress) -> Record:
        loss = fmean(self._losses) if self._losses else math.nan
        self._due = self._clock() + SECONDS_BETWEEN_RECORDS
        self._waiting, self._losses, self._step = None, [], event.tokens_done
        return _finite(
            {
                "event": "progress",
                "step": event.tokens_done,
                "epoch": event.epoch,
                "words": event.tokens_done,
                "words_total": event.tokens_total,
                "loss": loss,
                "learning_rate": event.learning_rate,
                "words_per_second": self._pace.words_per_second(event),
                "seconds": event.seconds,
            }
        )


def _record(event: Observed, step: int) -> Record | None:
    """The record of any event except the training's progress, for which see `Records`."""
    match event:
        case CorpusSummary():
            return {"event": "corpus", **asdict(event)}
        case CacheUsed():
            return {"event": "cache_used", **asdict(event)}
        case events.Compiled():
            return {"event": "compiled", **asdict(event)}
        case events.Started():
            own = _fields(event, "epochs", "threads", "memory_bytes", "loss_at_zero")
            corpus: Record = {"vocab_size": event.vocab_size, "words": event.tokens}
            return {"event": "started", **corpus, **own}
        case events.Resumed():
            return {"event": "resumed", "step": step, "epoch": event.epoch, "folder": event.folder}
        case events.EpochEnd():
            pairs = ("scored_pairs", "pairs", "shortened_pairs")
            own = _fields(event, "epoch", "loss", "loss_standard_error", *pairs, "seconds")
            return {"event": "epoch_end", "step": step, **own, **_held_out(event.held_out)}
        case events.CheckpointSaved():
            own = _fields(event, "epoch", "folder", "seconds")
            return {"event": "checkpoint", "step": event.tokens_done, **own}
        case events.CheckpointFailed():
            own = _fields(event, "epoch", "folder", "reason")
            return {"event": "checkpoint_failed", "step": event.tokens_done, **own}
        case events.LogFailed():
            return {"event": "log_failed", "step": step, **asdict(event)}
        case events.LogCutShort():
            return {"event": "log_cut_short", **asdict(event)}
        case events.StoppedEarly():
            own = {"step": step, "best_epoch": event.best_epoch}
            level = {} if event.words is None else {"words": event.words}
            return {"event": "stopped_early", **own, **level, **_held_out(event.held_out)}
        case events.Finished():
            own = {"words_per_second": event.tokens_per_second, "seconds": event.seconds}
            return {"event": "finished", "step": step, "words": event.tokens, **own}
        case events.WordsSpelled():
            return {"event": "words_spelled", **asdict(event)}
        case events.SpellingFailed():
            return {"event": "spelling_failed", **asdict(event)}
        case _:
            return _record_of_sweeps(event, step)


def _record_of_sweeps(event: Observed, step: int) -> Record | None:
    match event:
        case events.ObjectiveChosen():
            return {"event": "objective_chosen", **asdict(event)}
        case events.ClusterWaiting():
            return {"event": "cluster_waiting", **asdict(event)}
        case events.StorageLeft():
            return {"event": "storage_left", **asdict(event)}
        case events.ClusterJoined():
            return {"event": "cluster_joined", **asdict(event)}
        case events.SweepsStarted():
            return {"event": "sweeps_started", **asdict(event)}
        case events.LevelStarted():
            return {"event": "level_started", **asdict(event)}
        case events.SweepEnd():
            own = _fields(
                event, "sweep", "level", "words", "objective", "raised_to", "step_length", "seconds"
            )
            score = _held_out(event.held_out)
            return {"event": "sweep_end", "step": event.sweep, **own, **score}
        case events.SweepsFinished():
            return {"event": "sweeps_finished", "step": event.sweeps, **asdict(event)}
        case _:  # progress of reading, compiling and counting is not recorded
            return None


def _fields(event: Observed, *names: str) -> Record:
    return {name: getattr(event, name) for name in names}


def _held_out(score: events.HeldOutScore | None) -> Record:
    if score is None:
        return {}
    fields = {**asdict(score), "perplexity": score.perplexity}
    return {f"held_out_{name}": value for name, value in fields.items()}


def _finite(record: Record) -> Record:
    """The record with None for nan and infinity, which JSON cannot express."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in record.items()
    }
