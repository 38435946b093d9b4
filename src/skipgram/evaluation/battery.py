"""Test sets that are read once and asked of any number of vectors."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from skipgram.errors import SettingsError, concerning
from skipgram.evaluation.analogies import (
    FIRST_WORDS,
    GOOGLE_ANALOGIES,
    analogy_score,
)
from skipgram.evaluation.analogy_answers import Method, known_method
from skipgram.evaluation.categories import CategorySet, category_score, read_categories
from skipgram.evaluation.outliers import OutlierSet, outlier_score, read_topics
from skipgram.evaluation.questions import QuestionSet, read_questions
from skipgram.evaluation.resampling import RESAMPLES, number_of_draws
from skipgram.evaluation.scores import Score
from skipgram.evaluation.similarity import RatedPairs, read_pairs, similarity_score
from skipgram.system.paths import PathLike, as_paths
from skipgram.vectors.given import whole_number
from skipgram.vectors.word_vectors import WordVectors

_DATA = Path(__file__).parent / "data"
WORDSIM_353 = _DATA / "wordsim353.tsv"
WORDSIM_SIMILARITY = _DATA / "wordsim353_similarity.tsv"
WORDSIM_RELATEDNESS = _DATA / "wordsim353_relatedness.tsv"
MEN = _DATA / "men.tsv"
RATED = (WORDSIM_353, WORDSIM_SIMILARITY, WORDSIM_RELATEDNESS, MEN)
_NAMES = {
    WORDSIM_353: "WordSim-353",
    WORDSIM_SIMILARITY: "WordSim similarity",
    WORDSIM_RELATEDNESS: "WordSim relatedness",
    MEN: "MEN",
    GOOGLE_ANALOGIES: "Google analogies",
}

Paths = PathLike | Iterable[PathLike]
MadeByPeople = RatedPairs | QuestionSet | CategorySet | OutlierSet
Asked = MadeByPeople | Path
"""The latter a held-out text."""


@dataclass(frozen=True)
class Battery:
    """Test sets, and how they are asked."""

    rated: tuple[RatedPairs, ...]
    questions: tuple[QuestionSet, ...]
    categories: tuple[CategorySet, ...]
    topics: tuple[OutlierSet, ...]
    texts: tuple[Path, ...]
    """held-out ones"""
    first_words: int
    method: Method
    spell: bool
    resamples: int

    @classmethod
    def read(
        cls,
        *,
        first_words: int = FIRST_WORDS,
        similarity: Paths = RATED,
        analogies: Paths = (GOOGLE_ANALOGIES,),
        categories: Paths = (),
        outliers: Paths = (),
        held_out: Paths = (),
        method: Method = "3CosAdd",
        spell: bool = False,
        resamples: int = RESAMPLES,
    ) -> "Battery":
        """Read test sets; the parameters are those of `evaluate`."""
        first_words = whole_number("first_words", first_words, 1)
        resamples = number_of_draws(resamples)
        method = known_method(method)
        battery = cls(
            tuple(read_pairs(*named) for named in _named(similarity)),
            tuple(read_questions(*named) for named in _named(analogies)),
            tuple(read_categories(*named) for named in _named(categories)),
            tuple(read_topics(*named) for named in _named(outliers)),
            tuple(as_paths(held_out)),
            first_words,
            method,
            spell,
            resamples,
        )
        if not (battery.sets or battery.texts):
            raise SettingsError(
                "no test set is given: similarity, analogies, categories, outliers or held_out"
            )
        return battery

    @property
    def sets(self) -> tuple[MadeByPeople, ...]:
        """All that people made."""
        return *self.rated, *self.questions, *self.categories, *self.topics

    def scores(
        self,
        vectors: WordVectors,
        *,
        resamples: int | None = None,
        tell: Callable[[int, int], None] = lambda done, total: None,
    ) -> tuple[Score, ...]:
        """The vectors' score on each set.

        resamples: other than the battery's own. tell: called with how many sets are done, of how
        many.
        """
        vectors.search.require_finite()
        if self.texts:
            from skipgram.evaluation.held_out import held_out_score  # loads compiled code
        spell, times = self.spell, self.resamples if resamples is None else resamples

        def score_of(asked: Asked) -> Score:
            match asked:
                case RatedPairs():
                    return similarity_score(vectors, asked, spell=spell, resamples=times)
                case QuestionSet():
                    return analogy_score(
                        vectors,
                        asked,
                        first_words=self.first_words,
                        method=self.method,
                        resamples=times,
                    )
                case CategorySet():
                    return category_score(vectors, asked, spell=spell, resamples=times)
                case OutlierSet():
                    return outlier_score(vectors, asked, spell=spell, resamples=times)
                case Path():
                    with concerning(asked):
                        return held_out_score(vectors, asked, asked.name, resamples=times)

        all_asked: list[Asked] = [*self.sets, *self.texts]
        found: list[Score] = []
        for asked in all_asked:
            tell(len(found), len(all_asked))
            found.append(score_of(asked))
        tell(len(found), len(all_asked))
        return tuple(found)


def _named(files: Paths) -> list[tuple[Path, str]]:
    """Each with its name; with all of its path, if others have the same name."""
    names = [(file, _NAMES.get(file, file.stem)) for file in as_paths(files)]
    times = Counter(name for _, name in names)
    return [(file, name if times[name] == 1 else str(file)) for file, name in names]
