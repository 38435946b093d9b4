"""Scores and differences as flat records, for files and for other programs; and as a picture."""

from pathlib import Path
from typing import Any

from skipgram.errors import SettingsError
from skipgram.evaluation.comparison import Comparison, SystemScore
from skipgram.evaluation.differences import Difference
from skipgram.evaluation.hubness import Hubness
from skipgram.evaluation.parted import Parts
from skipgram.evaluation.report import Report
from skipgram.evaluation.resampling import CONFIDENCE, Interval
from skipgram.evaluation.scores import Coverage
from skipgram.figures.scores import ScoreRow, draw_scores, require_drawable
from skipgram.system.paths import PathLike, as_path

COLUMNS = (
    "kind", "system", "set", "measure", "part", "value", "low", "high", "confidence", "known",
    "total", "items", "first_words", "in_lower_case", "ignoring_case", "merged", "zero_words",
    "spelled", "repeated", "unreadable_lines", "trainings", "deviation", "against",
    "low_over_seeds", "high_over_seeds", "p_value", "corrected_p_value", "verdict",
)  # fmt: skip
"""Of every record; what does not apply is None."""

Record = dict[str, Any]
_PERPLEXITY = "perplexity"


def records_of(found: Report | Comparison, system: str = "") -> list[Record]:
    """A record a measure; of a comparison those of every system, and then the differences.

    system: the name of the vectors of a report.
    """
    if isinstance(found, Comparison):
        trainings = dict(zip(found.systems, found.trainings, strict=True))
        return [_of_system(score, trainings[score.system]) for score in found.scores] + [
            _of_difference(of) for of in found.differences
        ]
    return [
        _record(
            "score",
            system=system,
            set=score.name,
            measure=measure.name,
            value=measure.value,
            **_ends(measure.interval),
            **_covered(score.coverage),
        )
        for score in found.scores
        for measure in score.measures
    ]


def records_of_parts(found: Parts, system: str = "") -> list[Record]:
    """A record a part of a set; system: the name of the vectors, where scores have none."""
    scores = [
        _record(
            "part",
            system=of.system or system,
            set=of.set_name,
            measure=of.measure.name,
            part=of.part,
            value=of.measure.value,
            known=of.known,
            total=of.total,
            deviation=of.deviation,
            **_ends(of.measure.interval),
        )
        for of in found.scores
    ]
    return scores + [_of_difference(of) for of in found.differences]


def records_of_hubness(found: Hubness, system: str = "") -> list[Record]:
    """Its two numbers, then how often each hub is a neighbour."""
    about = {"system": system, "known": found.words, "zero_words": found.zero_words}
    numbers = {"skewness": found.skewness, "share of nobody's neighbours": found.anti_hubs}
    return [
        _record("hubness", measure=name, value=value, items="words", **about)
        for name, value in numbers.items()
    ] + [
        _record("hub", measure="neighbour of", part=word, value=count, items="words", **about)
        for word, count in found.hubs
    ]


def score_plot(found: Report | Comparison, file: PathLike, title: str = "") -> Path:
    """Draw scores with their intervals into a PNG, SVG or PDF file, and return its path.

    A dot is a score, the line through it its interval of 95 % over other items
    of the kind; the systems of a comparison lie under each other. Of each set
    only the first measure is drawn, and no perplexity, which has another scale.
    Needs matplotlib (`pip install 'skipgram[plots]'`).
    """
    path = as_path(file)
    require_drawable(path)
    if isinstance(found, Comparison):
        rows = [
            ScoreRow(
                of.set_name,
                of.measure,
                of.system,
                of.value,
                *_low_and_high(of.interval),
                of.coverage.known,
                of.coverage.total,
            )
            for of in found.scores
            if of.is_first and of.measure != _PERPLEXITY
        ]
    elif isinstance(found, Report):
        rows = [
            ScoreRow(
                score.name,
                score.measures[0].name,
                "",
                score.value,
                *_low_and_high(score.interval),
                score.coverage.known,
                score.coverage.total,
            )
            for score in found.scores
            if score.measures[0].name != _PERPLEXITY
        ]
    else:
        raise SettingsError(
            "scores to draw must be what evaluate or compare_vectors returned, not "
            f"{type(found).__name__}"
        )
    if not rows:
        raise SettingsError("there is no score to draw on a scale from 0 to 1")
    draw_scores(rows, path, title)
    return path


def _of_system(score: SystemScore, trainings: int) -> Record:
    return _record(
        "score",
        system=score.system,
        set=score.set_name,
        measure=score.measure,
        value=score.value,
        trainings=trainings,
        deviation=score.deviation,
        **_ends(score.interval),
        **_covered(score.coverage),
    )


def _of_difference(of: Difference) -> Record:
    low, high = _low_and_high(of.interval_over_seeds)
    return _record(
        "difference",
        system=of.system,
        against=of.first,
        set=of.set_name,
        measure=of.measure,
        part=of.part or None,
        value=of.value,
        known=of.common,
        low_over_seeds=low,
        high_over_seeds=high,
        p_value=of.p_value,
        corrected_p_value=of.corrected_p_value,
        verdict=of.verdict,
        **_ends(of.interval),
    )


def _record(kind: str, **values: Any) -> Record:
    return dict.fromkeys(COLUMNS) | {"kind": kind} | values


def _ends(interval: Interval | None) -> Record:
    low, high = _low_and_high(interval)
    return {"low": low, "high": high, "confidence": None if interval is None else CONFIDENCE}


def _low_and_high(interval: Interval | None) -> tuple[float | None, float | None]:
    return (None, None) if interval is None else (interval.low, interval.high)


def _covered(of: Coverage) -> Record:
    return {
        "known": of.known,
        "total": of.total,
        "items": of.items,
        "first_words": of.first_words,
        "in_lower_case": of.words_in_lower_case,
        "ignoring_case": of.words_ignoring_case,
        "merged": of.merged,
        "zero_words": len(of.zero_words),
        "spelled": of.words_spelled,
        "repeated": of.repeated,
        "unreadable_lines": of.malformed.lines,
    }
