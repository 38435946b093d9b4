"""One set of vectors, judged on every test set in one call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from skipgram.evaluation.analogies import FIRST_WORDS, GOOGLE_ANALOGIES, AnalogyScore
from skipgram.evaluation.analogy_answers import Method
from skipgram.evaluation.battery import RATED, Battery, Paths
from skipgram.evaluation.categories import CategoryScore
from skipgram.evaluation.outliers import OutlierScore
from skipgram.evaluation.parted import Parts
from skipgram.evaluation.parts import (
    BORDERS,
    Part,
    frequency_bands,
    part_scores,
    sections_of,
)
from skipgram.evaluation.resampling import NO_INTERVAL, NO_SCORE, RESAMPLES, number_of_draws, shown
from skipgram.evaluation.scores import Measure, Score, covered, interval_shown, policy
from skipgram.evaluation.similarity import SimilarityScore
from skipgram.system.paths import PathLike
from skipgram.telling.escaping import visible
from skipgram.telling.markup import paragraphs
from skipgram.telling.tables import Table
from skipgram.vectors.elsewhere import answers_other_names
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from skipgram.evaluation.held_out import HeldOutScore

Kind = TypeVar("Kind", bound=Score)


@dataclass(frozen=True, repr=False)
class Report:
    """The score on each test set."""

    scores: tuple[Score, ...]

    @property
    def similarity(self) -> tuple[SimilarityScore, ...]:
        """How well cosines follow people's ratings of pairs of words."""
        return self._of(SimilarityScore)

    @property
    def analogies(self) -> tuple[AnalogyScore, ...]:
        """How many questions are answered: a is to b as c is to ..."""
        return self._of(AnalogyScore)

    @property
    def categories(self) -> tuple[CategoryScore, ...]:
        """How well clusters of words follow people's categories."""
        return self._of(CategoryScore)

    @property
    def outliers(self) -> tuple[OutlierScore, ...]:
        """How often the word that does not belong is found."""
        return self._of(OutlierScore)

    @property
    def held_out(self) -> tuple["HeldOutScore", ...]:
        """How well texts are predicted that the vectors were not trained on; lower is better."""
        from skipgram.evaluation.held_out import HeldOutScore  # loads compiled code

        return self._of(HeldOutScore)

    def by_frequency(
        self, borders: Sequence[int] = BORDERS, *, resamples: int = RESAMPLES
    ) -> Parts:
        """Each set's first measure in bands of ranks by frequency, from 1, the most frequent, on.

        An item is in the band of its rarest word; spelled words are in the last. borders: the last
        rank of each band but the last.
        """
        return self._by(lambda score: frequency_bands(score, borders), resamples)

    def by_section(self, *, resamples: int = RESAMPLES) -> Parts:
        """The accuracy in each section of each set of analogies, also in those without questions.

        Of Google's, "all semantic" and "all syntactic" come last.
        """
        return self._by(sections_of, resamples)

    def tables(self) -> list[Table]:
        """One: a row a measure."""
        rows = [
            (
                score.name if first else "",
                shown(measure.value),
                interval_shown(measure.interval),
                measure.name,
                covered(score.coverage) if first else "",
            )
            for score in self.scores
            for first, measure in _first_marked(score.measures)
        ]
        return [Table(("", "score", "95 % interval", "", "covered"), rows, "nrlll")]

    def notes(self) -> list[str]:
        """What answers are restricted to, how words were looked up, and what was left out."""
        notes = []
        if self.analogies:
            asked = self.analogies[0]
            first = asked.coverage.first_words
            notes.append(f"analogies by {asked.method} among the {first:,} most frequent words")
        if any(score.value is None for score in self.scores):
            notes.append(NO_SCORE)
        if any(score.value is not None and score.interval is None for score in self.scores):
            notes.append(NO_INTERVAL)
        notes += policy(score.coverage for score in self.scores)
        for score in self.scores:
            said = "; ".join(score.coverage.notes())
            notes += [f"{score.name}: {said}"] if said else []
        return notes

    def _of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        return tuple(score for score in self.scores if isinstance(score, kind))

    def _by(self, parts_of: Callable[[Score], Sequence[Part]], resamples: int) -> Parts:
        number_of_draws(resamples)
        return Parts(
            tuple(
                one
                for score in self.scores
                for one in part_scores({"": [score]}, parts_of(score), resamples)
            )
        )

    def __str__(self) -> str:
        (scores,) = self.tables()
        return "\n".join([str(scores), *map(visible, self.notes())])

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        (scores,) = self.tables()
        return scores.html() + paragraphs(self.notes())


def _first_marked(measures: Sequence[Measure]) -> list[tuple[bool, Measure]]:
    return [(not number, measure) for number, measure in enumerate(measures)]


@answers_other_names
def evaluate(
    vectors: WordVectors | PathLike,
    first_words: int = FIRST_WORDS,
    similarity: Paths = RATED,
    analogies: Paths = (GOOGLE_ANALOGIES,),
    *,
    categories: Paths = (),
    outliers: Paths = (),
    held_out: Paths = (),
    method: Method = "3CosAdd",
    spell: bool = False,
    resamples: int = RESAMPLES,
) -> Report:
    """Score vectors, or those at a path, by default on the five test sets in the package.

    Items with an unknown word are left out, and counted. Words are looked up as
    they are written, then in lower case, then with case ignored; those found
    only in another case are counted. The interval of a score is that of other
    items of the same kind (BCa, drawn 2,000 times); it says nothing of other
    trainings, which `compare_vectors` sees.

    Parameters
    ----------
    vectors
        Or their path.
    first_words
        Analogies are asked and answered among so many of the most frequent words only; everything
        else is over all words.
    similarity
        Files of rated pairs instead of the four in the package: word, word and rating a line.
    analogies
        Files of questions instead of Google's, or files and folders of BATS.
    categories
        Files with a word and its category a line.
    outliers
        Files or folders of topics, each with the words that do not belong.
    held_out
        Files of text that the vectors were not trained on: how well do they predict it?
    method
        How analogies are answered: 3CosAdd or 3CosMul.
    spell
        Give unknown words the vectors that their spelling gives, and count
        them; scores are then comparable only to others over all items.
        Analogies are asked of known words only.
    resamples
        How often items are drawn for the intervals; 0 for none.

    Raises
    ------
    FormatError
        If a test set or the vectors cannot be read.
    SettingsError
        If first_words is below 1, the method is not known, or `vectors` is
        neither vectors nor a path.

    """
    battery = Battery.read(
        first_words=first_words,
        similarity=similarity,
        analogies=analogies,
        categories=categories,
        outliers=outliers,
        held_out=held_out,
        method=method,
        spell=spell,
        resamples=resamples,
    )
    return Report(battery.scores(as_vectors(vectors)))
