"""Systems judged on the same items, training by training, and how sure their differences are.

What `skipgram.compare_vectors` does, for vectors that are not kept: what each training made of the
items is.
"""

import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

from texts import find

from skipgram.evaluation.analogies import FIRST_WORDS, GOOGLE_ANALOGIES, analogy_score
from skipgram.evaluation.battery import MEN, WORDSIM_353
from skipgram.evaluation.comparing import system_scores
from skipgram.evaluation.comparison import SystemScore
from skipgram.evaluation.differences import Difference, difference_of
from skipgram.evaluation.questions import read_questions
from skipgram.evaluation.resampling import RESAMPLES, shown
from skipgram.evaluation.scores import Score
from skipgram.evaluation.similarity import read_pairs, similarity_score
from skipgram.vectors.word_vectors import WordVectors

Results = dict[str, Score]
"""What one training made of each set."""


def _is_syntactic(section: str) -> bool:
    return section.startswith("gram")


_KINDS: dict[str, Callable[[str], bool]] = {
    "semantic": lambda section: not _is_syntactic(section),
    "syntactic": _is_syntactic,
}
"""Of the sections of Google's analogies."""


class Judge:
    """Test sets, and what trainings made of their items."""

    def __init__(self, data: Path, *, with_men: bool = False, by_kind: bool = False) -> None:
        rated = {"WordSim-353": WORDSIM_353, "SimLex-999": find(data, "SimLex999.tsv")}
        if with_men:
            rated["MEN"] = MEN
        self._rated = [read_pairs(file, name) for name, file in rated.items()]
        questions = read_questions(GOOGLE_ANALOGIES, "analogies")
        self._questions = [questions]
        for kind, is_of_kind in _KINDS.items() if by_kind else ():
            chosen = [of for of in questions.questions if is_of_kind(of.section)]
            self._questions.append(questions._replace(name=kind, questions=chosen, headings=()))

    @property
    def names(self) -> list[str]:
        """Of the sets."""
        return [of.name for of in self._rated] + [of.name for of in self._questions]

    def results(self, vectors: WordVectors) -> Results:
        """Item by item, set by set."""
        scores = [similarity_score(vectors, of, resamples=0) for of in self._rated]
        return {
            score.name: score
            for score in (
                *scores,
                *(
                    analogy_score(vectors, of, first_words=FIRST_WORDS, resamples=0)
                    for of in self._questions
                ),
            )
        }

    def scores(self, results: Results) -> dict[str, float]:
        """The score on each set."""
        return {name: _known(score.value) for name, score in results.items()}

    def mean_scores(self, trainings: Sequence[Results]) -> dict[str, float]:
        """The mean over seeds."""
        return {
            name: statistics.fmean(_known(results[name].value) for results in trainings)
            for name in self.names
        }

    def sure_scores(self, trainings: Sequence[Results]) -> list[SystemScore]:
        """The same with the interval of other items, the spread over seeds and the coverage."""
        return [
            system_scores("", [results[name] for results in trainings], RESAMPLES)[0]
            for name in self.names
        ]

    def differences(
        self, ours: Sequence[Results], theirs: Sequence[Results]
    ) -> dict[str, Difference]:
        """Ours less theirs on each set: the means over seeds, items resampled for both at once."""
        return {
            name: difference_of(
                [results[name] for results in ours],
                [results[name] for results in theirs],
                ("ours", "theirs"),
                RESAMPLES,
            )
            for name in self.names
        }


def told(scores: dict[str, float]) -> str:
    """Scores by name, on one line."""
    return "  ".join(f"{name} {score:.3f}" for name, score in scores.items())


def told_surely(scores: Sequence[SystemScore]) -> str:
    """Scores with intervals, spreads and coverage, a line a set."""
    return "\n".join(
        f"    {of.set_name:12} {shown(of.value)} {of.interval or ''}"
        + ("" if of.deviation is None else f" ± {of.deviation:.3f} over seeds")
        + f", {of.coverage.known:,} of {of.coverage.total:,} {of.coverage.items}"
        for of in scores
    )


def told_difference(of: Difference) -> str:
    """A difference with its interval, that over seeds, and p."""
    value = "none" if of.value is None else f"{of.value:+.3f}".replace("-", "−")
    over_seeds = "" if of.interval_over_seeds is None else f", over seeds {of.interval_over_seeds}"
    p_value = "" if of.p_value is None else f", p {of.p_value:.4f}"
    return f"{value} {of.interval or ''}{over_seeds}{p_value}"


def _known(value: float | None) -> float:
    return float("nan") if value is None else value
