"""How two systems differ on one set, and whether that is luck: of the items, or of the seeds."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from skipgram.evaluation.paired import Less, each_alone, on_common_items
from skipgram.evaluation.parts import Part
from skipgram.evaluation.resampling import CONFIDENCE, Interval, estimates, shown
from skipgram.evaluation.scores import Score, interval_shown, named_once
from skipgram.evaluation.significance import holm, p_of_both, welch
from skipgram.telling.tables import Table

Judged = Mapping[str, Sequence[Score]]
"""Of one set: by the name of each system, the score of each of its trainings."""
Verdict = Literal["better", "worse", "not distinguishable", "none"]


@dataclass(frozen=True)
class Difference:
    """A set's first measure of one system less that of the first, over the items both know."""

    system: str
    first: str
    set_name: str
    measure: str
    value: float | None
    """None if they have no item in common, too few for a score or none that differ, or predict a
    text from other vocabularies"""
    interval: Interval | None
    """of other items"""
    interval_over_seeds: Interval | None
    """of other trainings; None unless both systems come with several"""
    p_value: float | None
    """of no difference by both kinds of luck, each alone and together"""
    corrected_p_value: float | None
    """by Holm, for all differences of the comparison"""
    common: int
    """items that all trainings of both know"""
    lower_is_better: bool = False
    part: str = ""
    """of the set, as "1,001 to 5,000" or "family"; empty for the whole"""
    why_none: str = ""
    """where there is no value"""

    @property
    def verdict(self) -> Verdict:
        """At a level of 5 %, after correction."""
        if self.value is None:
            return "none"
        if self.corrected_p_value is None or self.corrected_p_value > 1 - CONFIDENCE:
            return "not distinguishable"
        return "better" if (self.value < 0) == self.lower_is_better else "worse"


def difference_of(
    ours: Sequence[Score],
    theirs: Sequence[Score],
    names: tuple[str, str],
    resamples: int,
    part: Part | None = None,
) -> Difference:
    """Of one set's first measure, or a part's, by all trainings of two systems."""
    outcomes = on_common_items([score.outcome for score in (*ours, *theirs)])
    if part is not None:
        outcomes = [of.among(part.items) for of in outcomes]
    one, other = outcomes[: len(ours)], outcomes[len(ours) :]
    about = *names, ours[0].name, ours[0].measures[0].name
    value, interval, over_seeds, p_value = None, None, None, None
    why_none = ""
    if not outcomes[0].units:
        why_none = "nothing in common"
    elif len({of.basis for of in outcomes}) > 1:
        why_none = "other vocabularies"
    else:
        by_items = estimates(Less(one, other), resamples)[0]
        value, interval = by_items.value, by_items.interval
        over_seeds = welch(each_alone(one)[0], each_alone(other)[0])
        if outcomes[0].items_tell:
            p_value = p_of_both(by_items, outcomes[0].units, over_seeds)
        elif over_seeds is not None:
            p_value = over_seeds.p_value
        why_none = "no score" if value is None else ""
    return Difference(
        *about,
        value,
        interval,
        None if over_seeds is None else over_seeds.interval,
        p_value,
        None,
        len(outcomes[0].asked),
        outcomes[0].lower_is_better,
        "" if part is None else part.name,
        why_none,
    )


def differences(
    by_set: Sequence[Judged],
    resamples: int,
    parts_of: Callable[[Score], Sequence[Part | None]] = lambda score: [None],
) -> tuple[Difference, ...]:
    """Of every system from the first, with Holm's correction for all of them.

    parts_of: the parts of each set, as the first training of the first system sees them; by default
    the whole.
    """
    first, *others = by_set[0]
    return _corrected(
        [
            difference_of(scores[other], scores[first], (other, first), resamples, part)
            for other in others
            for scores in by_set
            for part in parts_of(scores[first][0])
        ]
    )


def _corrected(found: Sequence[Difference]) -> tuple[Difference, ...]:
    tested = [place for place, of in enumerate(found) if of.p_value is not None]
    p_values = holm([of.p_value for of in found if of.p_value is not None])
    corrected_p_values = dict(zip(tested, p_values, strict=True))
    return tuple(
        replace(of, corrected_p_value=corrected_p_values.get(place))
        for place, of in enumerate(found)
    )


def tables_of(found: Sequence[Difference]) -> list[Table]:
    """A table of the differences of each system from the first: better, worse, and by how much.

    Where differences are of parts, each set has a row of its own above them.
    """
    return [
        Table(
            ("", "verdict", "by", "95 % interval", "p", "common"),
            list(_difference_rows(of_system)),
            "nlrlrr",
            f"{system} against {of_system[0].first}",
        )
        for system in dict.fromkeys(of.system for of in found)
        if (of_system := [of for of in found if of.system == system and (of.common or not of.part)])
    ]


def doubts(found: Sequence[Difference]) -> list[str]:
    """Why there is no verdict where an interval leaves out 0, if there is such a difference."""
    if any(
        of.interval is not None and 0 not in of.interval and of.verdict == "not distinguishable"
        for of in found
    ):
        return [
            "intervals are of other items alone: where one leaves out 0 without a verdict, other "
            "seeds or the number of differences may explain it"
        ]
    return []


def _difference_rows(found: Sequence[Difference]) -> Iterator[tuple[str, ...]]:
    for name, of in named_once(found):
        if of.part and name:
            yield name, *[""] * 5
        yield (
            f"  {of.part}" if of.part else of.set_name,
            _told(of),
            _signed(of.value),
            interval_shown(of.interval),
            "" if of.corrected_p_value is None else _p_shown(of.corrected_p_value),
            f"{of.common:,}",
        )


def _told(of: Difference) -> str:
    if of.value is None:
        return of.why_none
    return of.verdict if of.corrected_p_value is not None else "not tested"


def _signed(difference: float | None) -> str:
    return ("+" if difference is not None and difference >= 0 else "") + shown(difference)


def _p_shown(p_value: float) -> str:
    return "< .001" if p_value < 0.001 else f"{p_value:.3f}"
