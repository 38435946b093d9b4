"""What systems took, as the cells of a table."""

import statistics
from collections.abc import Sequence

from skipgram.evaluation.records import COLUMNS, Record
from skipgram.peers.running import SystemRuns
from skipgram.settings import Settings
from skipgram.telling.tables import Table
from skipgram.telling.wording import many

_LIKE = 0.05
"""Times that differ by less are told to be alike: a machine's own noise is as large."""
_NGRAMS = "with the n-grams of its words; the vectors of known words are judged"


def table_of(systems: Sequence[SystemRuns]) -> Table:
    """A row a system: its seconds, its words a second, and how many times slower it is."""
    first = next((of for of in systems if of.trainings), None)
    rows = [
        (
            of.name,
            _seconds(of.training_seconds),
            _seconds(of.seconds),
            "" if of.words_per_second is None else f"{of.words_per_second:,.0f}",
            of.why_not or _beside(of, first),
        )
        for of in systems
    ]
    headings = ("", "training", "with reading", "words/s", "beside the first")
    return Table(headings, rows, "nrrrl")


def notes_on(systems: Sequence[SystemRuns], like: Settings, kept: tuple[int, int]) -> list[str]:
    """What was trained on, with what, and how far the seconds can be trusted."""
    tokens, words = kept
    model, training = like.model, like.training
    seeds = max((len(of.trainings) for of in systems), default=0)
    several = f"; medians of {seeds} seeds" if seeds > 1 else ""
    notes = [
        f"all read the same {many(tokens, 'word')}, {words:,} different ones, on "
        f"{many(like.run.threads, 'thread')} each",
        f"seconds by the clock, to which other work on the machine adds{several}",
        "words/s (a second), and beside the first: of training alone, all epochs together",
        f"like settings: {model.embedding_dim} dimensions, window {model.window}, "
        f"{many(model.negatives, 'negative')}, {many(training.epochs, 'epoch')}, subsampling at "
        f"{training.subsample:g}",
        "rates at the start: " + ", ".join(_rates(systems)),
    ]
    trained = [of for of in systems if of.trainings]
    if seeds > 1:
        notes.append(f"training, least to most: {', '.join(map(_spread, trained))}")
    if trained:
        versions = dict.fromkeys((of.name.partition(",")[0], of.version) for of in trained)
        notes.append(f"versions: {', '.join(f'{name} {version}' for name, version in versions)}")
    notes += [
        f"{of.name}: {of.settings['objective']}, which counts pairs of words and passes over them"
        for of in trained
        if of.words is None
    ]
    notes += [f"{of.name}: {_NGRAMS}" for of in trained if of.settings.get("maxn")]
    return notes


def _rates(systems: Sequence[SystemRuns]) -> list[str]:
    names = ("learning_rate", "alpha", "lr")
    return [
        f"{of.name} {rate:g}"
        for of in systems
        if of.trainings and (rate := next((of.settings[n] for n in names if n in of.settings), 0))
    ]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{_short(value)} s"


def _spread(of: SystemRuns) -> str:
    values = [one.training_seconds for one in of.trainings]
    return f"{of.name} {_short(min(values))} to {_short(max(values))} s"


def _short(seconds: float) -> str:
    return f"{seconds:,.2f}" if seconds < 10 else f"{seconds:,.1f}"


def _beside(of: SystemRuns, first: SystemRuns | None) -> str:
    times = None if first is None or of is first else of.times_as_long(first)
    if times is None:
        return ""
    if abs(times - 1) < _LIKE:
        return "as fast"
    return f"{times:,.1f} times slower" if times > 1 else f"{1 / times:,.1f} times faster"


def speed_records(systems: Sequence[SystemRuns]) -> list[Record]:
    """Flat records as of scores, with the seconds of every system; low and high are of its seeds.

    A system that was left out has one with the reason in the place of a verdict.
    """
    found: list[Record] = []
    for of in systems:
        measured = {
            "training seconds": [one.training_seconds for one in of.trainings],
            "seconds with reading": [one.seconds for one in of.trainings],
        }
        for measure, values in measured.items():
            record = dict.fromkeys(COLUMNS) | {"kind": "speed", "system": of.name}
            record |= {"measure": measure, "trainings": len(values), "verdict": of.why_not or None}
            if values:
                record |= {"value": statistics.median(values), "low": min(values)}
                record |= {"high": max(values)}
            found.append(record)
    return found
