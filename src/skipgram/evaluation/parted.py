"""Scores and differences of parts of sets, as tables."""

from dataclasses import dataclass

from skipgram.evaluation.differences import Difference, doubts, tables_of
from skipgram.evaluation.parts import PartScore
from skipgram.evaluation.resampling import shown
from skipgram.evaluation.scores import interval_shown, named_once
from skipgram.telling.markup import paragraphs
from skipgram.telling.tables import Table, texts_of


@dataclass(frozen=True, repr=False)
class Parts:
    """Of each part of each set: the scores of every system, and differences from the first."""

    scores: tuple[PartScore, ...]
    differences: tuple[Difference, ...] = ()
    """none of a report, which is of one set of vectors"""

    def tables(self) -> list[Table]:
        """The scores, then the differences of each system; parts without any items are left out."""
        return [self._scores(), *tables_of(self.differences)]

    def notes(self) -> list[str]:
        """How the differences were tested."""
        tested = sum(of.corrected_p_value is not None for of in self.differences)
        notes = [f"of parts: p by Holm's correction for {tested}"] if tested else []
        return notes + doubts(self.differences)

    def __str__(self) -> str:
        return "\n".join([*texts_of(self.tables()), *self.notes()])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return "".join(each.html() for each in self.tables()) + paragraphs(self.notes())

    def _scores(self) -> Table:
        told = [of for of in self.scores if of.known or of.total]
        with_seeds = any(of.deviation is not None for of in told)
        several = len({of.system for of in told}) > 1
        rows: list[tuple[str, ...]] = []
        headings = (
            "",
            *["system"] * several,
            "score",
            "95 % interval",
            *["over seeds"] * with_seeds,
            "items",
        )
        before = ""
        for name, of in named_once(told):
            if name:
                rows.append((name, *[""] * (len(headings) - 1)))
                before = ""
            part, before = "" if of.part == before else f"  {of.part}", of.part
            seeds = "" if of.deviation is None else f"± {shown(of.deviation)}"
            rows.append(
                (
                    part,
                    *[of.system] * several,
                    shown(of.measure.value),
                    interval_shown(of.measure.interval),
                    *[seeds] * with_seeds,
                    f"{of.known:,}" + ("" if of.total is None else f" of {of.total:,}"),
                )
            )
        return Table(headings, rows, "n" + "n" * several + "rl" + "l" * with_seeds + "r")
