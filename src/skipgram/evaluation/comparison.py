"""What a comparison of systems found: scores, differences and verdicts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from skipgram.evaluation.battery import Battery
from skipgram.evaluation.differences import Difference, Judged, differences, doubts, tables_of
from skipgram.evaluation.parted import Parts
from skipgram.evaluation.parts import (
    BORDERS,
    Part,
    frequency_bands,
    part_scores,
    sections_of,
)
from skipgram.evaluation.resampling import (
    NO_INTERVAL,
    NO_SCORE,
    RESAMPLES,
    Interval,
    number_of_draws,
    shown,
)
from skipgram.evaluation.scores import Coverage, Score, covered, interval_shown, named_once, policy
from skipgram.telling.escaping import visible
from skipgram.telling.markup import paragraphs
from skipgram.telling.tables import Table, texts_of


@dataclass(frozen=True)
class SystemScore:
    """One measure of one system on one set."""

    system: str
    set_name: str
    measure: str
    value: float | None
    """the mean over its trainings, over the items that all of them know"""
    interval: Interval | None
    """of other items"""
    by_training: tuple[float | None, ...]
    """over the same items"""
    deviation: float | None
    """standard deviation over trainings; None for one"""
    coverage: Coverage
    """of its first training, as far as the others know the items too"""
    is_first: bool = True
    """the measure by which systems are compared on this set"""


@dataclass(frozen=True, repr=False)
class Comparison:
    """Several systems on several test sets."""

    systems: tuple[str, ...]
    """the first is the one that the others are compared with"""
    trainings: tuple[int, ...]
    """of each system"""
    scores: tuple[SystemScore, ...]
    differences: tuple[Difference, ...]
    battery: Battery
    judged: tuple[Judged, ...] = field(compare=False)
    """set by set"""

    def by_frequency(
        self, borders: Sequence[int] = BORDERS, *, resamples: int = RESAMPLES
    ) -> Parts:
        """Scores and differences in bands of ranks by frequency, 1 being the most frequent word.

        An item is in the band of its rarest word, by the counts of the first system's first
        training. borders: the last rank of each band but the last. Differences are corrected for
        each other, apart from those of whole sets.
        """
        return self._by(lambda score: frequency_bands(score, borders), resamples)

    def by_section(self, *, resamples: int = RESAMPLES) -> Parts:
        """Accuracies and their differences in each section of each set of analogies.

        Differences are corrected for each other, apart from those of whole sets.
        """
        return self._by(sections_of, resamples)

    def tables(self) -> list[Table]:
        """The scores, then a table of the differences of each other system."""
        return [self._scores(), *tables_of(self.differences)]

    def notes(self) -> list[str]:
        """How to read the tables, and what was left out."""
        measures = dict.fromkeys(of.measure for of in self.scores if of.is_first)
        said = [f"scores: {', '.join(measures)}"]
        if self.battery.questions:
            said.append(
                f"analogies by {self.battery.method} among the {self.battery.first_words:,} most "
                "frequent words of each vocabulary"
            )
        if any(of.value is None for of in self.scores):
            said.append(NO_SCORE)
        if any(of.value is not None and of.interval is None for of in self.scores):
            said.append(NO_INTERVAL)
        if self.differences:
            tested = sum(of.corrected_p_value is not None for of in self.differences)
            said.append(
                "differences: over the items that both know; "
                + (f"p by Holm's correction for {tested}; " if tested else "")
                + "better and worse at 5 %"
            )
            said += doubts(self.differences)
            if any(of.lower_is_better for of in self.differences):
                said.append("of a text, lower is better, and common counts its lines or pieces")
            if self._knows_different_items():
                said.append(
                    "systems that do not know the same items are scored over other ones: compare "
                    "them by their differences"
                )
            if min(self.trainings) < 2:
                said.append(
                    "one training of a system: how much is luck of its seed cannot be told; give "
                    "several that differ in their seed"
                )
        said += policy(of.coverage for of in self.scores)
        for name in dict.fromkeys(of.set_name for of in self.scores):
            systems: dict[str, dict[str, None]] = {}
            for of in self.scores:
                if of.set_name == name:
                    systems.setdefault("; ".join(of.coverage.notes()), {})[of.system] = None
            for text, which in systems.items():
                whose = f", {', '.join(which)}" if len(systems) > 1 else ""
                said += [f"{name}{whose}: {text}"] if text else []
        return said

    def __str__(self) -> str:
        return "\n".join([*texts_of(self.tables()), *map(visible, self.notes())])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return "".join(each.html() for each in self.tables()) + paragraphs(self.notes())

    def _by(self, parts_of: Callable[[Score], Sequence[Part]], resamples: int) -> Parts:
        number_of_draws(resamples)
        found = [
            score
            for of_set in self.judged
            for score in part_scores(of_set, parts_of(of_set[self.systems[0]][0]), resamples)
        ]
        return Parts(tuple(found), differences(self.judged, resamples, parts_of))

    def _knows_different_items(self) -> bool:
        known = {(of.system, of.set_name): of.coverage.known for of in self.scores}
        return any(
            of.common < max(known[system, of.set_name] for system in (of.system, of.first))
            for of in self.differences
            if not of.lower_is_better  # of a text: tokens are known, and pieces are compared
        )

    def _scores(self) -> Table:
        """A row a set and system, by the set's first measure."""
        with_seeds = max(self.trainings) > 1
        rows = [
            (
                name,
                of.system,
                shown(of.value),
                interval_shown(of.interval),
                *(["" if of.deviation is None else f"± {shown(of.deviation)}"] * with_seeds),
                covered(of.coverage),
            )
            for name, of in named_once([of for of in self.scores if of.is_first])
        ]
        seeds = ["over seeds"] * with_seeds
        return Table(
            ("", "", "score", "95 % interval", *seeds, "covered"),
            rows,
            "nnrl" + "l" * with_seeds + "l",
        )
