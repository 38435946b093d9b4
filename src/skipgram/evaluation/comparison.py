"""What a comparison of systems found: scores, differences and verdicts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from skipgram.evaluation.battery import Battery
from skipgram.evaluation.resampling import CONFIDENCE, NO_INTERVAL, Interval, shown
from skipgram.evaluation.scores import Coverage, covered, interval_shown
from skipgram.telling.escaping import visible
from skipgram.telling.markup import paragraphs, table
from skipgram.telling.wording import in_columns

Verdict = Literal["better", "worse", "not distinguishable", "none"]
SCORE_HEADINGS = ("", "", "score", "95 % interval", "over seeds", "covered")


@dataclass(frozen=True)
class SystemScore:
    """One measure of one system on one set."""

    system: str
    set_name: str
    measure: str
    value: float | None
    """the mean over its trainings, each over the items it knows"""
    interval: Interval | None
    """of other items"""
    by_training: tuple[float | None, ...]
    deviation: float | None
    """standard deviation over trainings; None for one"""
    coverage: Coverage
    """of its first training"""
    is_first: bool = True
    """the measure by which systems are compared on this set"""


@dataclass(frozen=True)
class Difference:
    """A set's first measure of one system less that of the first, over the items both know."""

    system: str
    first: str
    set_name: str
    measure: str
    value: float | None
    """None if they have no item in common, or predict a text from other vocabularies"""
    interval: Interval | None
    """of other items"""
    interval_over_seeds: Interval | None
    """of other trainings; None unless both systems come with several"""
    p_value: float | None
    """of no difference: the larger one of both kinds of luck"""
    corrected_p_value: float | None
    """by Holm, for all differences of the comparison"""
    common: int
    """items that all trainings of both know"""
    lower_is_better: bool = False

    @property
    def verdict(self) -> Verdict:
        """At a level of 5 %, after correction."""
        if self.value is None:
            return "none"
        if self.corrected_p_value is None or self.corrected_p_value > 1 - CONFIDENCE:
            return "not distinguishable"
        return "better" if (self.value < 0) == self.lower_is_better else "worse"


Row = TypeVar("Row", SystemScore, Difference)


@dataclass(frozen=True)
class Comparison:
    """Several systems on several test sets."""

    systems: tuple[str, ...]
    """the first is the one that the others are compared with"""
    trainings: tuple[int, ...]
    """of each system"""
    scores: tuple[SystemScore, ...]
    differences: tuple[Difference, ...]
    battery: Battery

    def score_rows(self) -> list[tuple[str, ...]]:
        """A row a set and system under `SCORE_HEADINGS`: the set's first measure."""
        return [
            (
                name,
                of.system,
                shown(of.value),
                interval_shown(of.interval),
                "" if of.deviation is None else f"± {shown(of.deviation)}",
                covered(of.coverage),
            )
            for name, of in _named_once(of for of in self.scores if of.is_first)
        ]

    @property
    def difference_headings(self) -> tuple[str, ...]:
        """Of `difference_rows`."""
        return "", f"against {self.systems[0]}", "difference", "95 % interval", "p", "", "common"

    def difference_rows(self) -> list[tuple[str, ...]]:
        """A row a set and system, under `difference_headings`."""
        return [
            (
                name,
                of.system,
                _signed(of.value),
                interval_shown(of.interval),
                "" if of.corrected_p_value is None else _p_shown(of.corrected_p_value),
                _told(of),
                f"{of.common:,}",
            )
            for name, of in _named_once(self.differences)
        ]

    def notes(self) -> list[str]:
        """How to read the tables, and what was left out."""
        measures = dict.fromkeys(of.measure for of in self.scores if of.is_first)
        said = [f"scores: {', '.join(measures)}"]
        if self.battery.questions:
            said.append(
                f"analogies by {self.battery.method} among the {self.battery.first_words:,} most "
                "frequent words of each vocabulary"
            )
        if any(of.value is not None and of.interval is None for of in self.scores):
            said.append(NO_INTERVAL)
        if self.differences:
            tested = sum(of.corrected_p_value is not None for of in self.differences)
            said.append(
                "differences: over the items that both know; "
                + (f"p by Holm's correction for {tested}; " if tested else "")
                + "better and worse at 5 %"
            )
            if any(of.lower_is_better for of in self.differences):
                said.append("of a text, lower is better, and common counts its lines or pieces")
            if min(self.trainings) < 2:
                said.append(
                    "one training of a system: how much is luck of its seed cannot be told; give "
                    "several that differ in their seed"
                )
        first = self.scores[0].system if self.scores else ""
        notes = dict.fromkeys(
            (of.set_name, of.system, "; ".join(of.coverage.notes())) for of in self.scores
        )
        is_alike = len({(name, text) for name, _, text in notes}) == len({n for n, *_ in notes})
        for name, system, text in notes:
            if text and (system == first or not is_alike):
                said.append(f"{name}: {text}" if is_alike else f"{name}, {system}: {text}")
        return said

    def __str__(self) -> str:
        told = [in_columns(SCORE_HEADINGS, self.score_rows(), "llrlll")]
        if self.differences:
            rows = self.difference_rows()
            told += ["", in_columns(self.difference_headings, rows, "llrlrlr")]
        return "\n".join([*told, *map(visible, self.notes())])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return (
            table(SCORE_HEADINGS, self.score_rows(), "llrlrl")
            + (
                table(self.difference_headings, self.difference_rows(), "llrlrlr")
                if self.differences
                else ""
            )
            + paragraphs(self.notes())
        )


def _told(of: Difference) -> str:
    if of.value is not None:
        return of.verdict if of.corrected_p_value is not None else "not tested"
    return "not comparable" if of.common else "nothing in common"


def _signed(difference: float | None) -> str:
    return ("+" if difference is not None and difference >= 0 else "") + shown(difference)


def _p_shown(p_value: float) -> str:
    return "< .001" if p_value < 0.001 else f"{p_value:.3f}"


def _named_once(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Each with the name of its set, if that is another one than before."""
    before = ""
    for row in rows:
        yield row.set_name if row.set_name != before else "", row
        before = row.set_name
