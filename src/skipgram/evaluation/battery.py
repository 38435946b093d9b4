"""Test sets that are read once and asked of any number of vectors."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, Unpack

from skipgram.errors import SettingsError
from skipgram.evaluation.analogies import (
    FIRST_WORDS,
    GOOGLE_ANALOGIES,
    QuestionSet,
    analogy_score,
    read_questions,
)
from skipgram.evaluation.categories import CategorySet, category_score, read_categories
from skipgram.evaluation.outliers import OutlierSet, outlier_score, read_topics
from skipgram.evaluation.resampling import RESAMPLES
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


class Asked(TypedDict, total=False):
    """What is asked, and how."""

    similarity: Paths
    """files of rated pairs; by default the four in the package"""
    analogies: Paths
    """files of questions, or folders of them; by default Google's"""
    categories: Paths
    """files of words and their categories; by default none"""
    outliers: Paths
    """files of topics with words that do not belong, or folders of them; by default none"""
    first_words: int
    """analogies are asked and answered among as many of the most frequent words"""
    method: str
    """how analogies are answered: 3CosAdd or 3CosMul"""
    spell: bool
    """whether unknown words have the vectors that their spelling gives, but in analogies"""
    resamples: int
    """how often items are drawn again for the intervals; 0 for none"""


@dataclass(frozen=True)
class Battery:
    """Test sets, and how they are asked."""

    rated: tuple[RatedPairs, ...]
    questions: tuple[QuestionSet, ...]
    categories: tuple[CategorySet, ...]
    topics: tuple[OutlierSet, ...]
    first_words: int
    method: str
    spell: bool
    resamples: int

    @classmethod
    def of(cls, **asked: Unpack[Asked]) -> "Battery":
        """Read what is asked.

        Raises
        ------
        FormatError
            If a test set cannot be read.
        SettingsError
            If first_words is below 1, the method is not known or nothing is asked.

        """
        battery = cls(
            tuple(read_pairs(*_named(file)) for file in as_paths(asked.get("similarity", RATED))),
            tuple(
                read_questions(*_named(file))
                for file in as_paths(asked.get("analogies", (GOOGLE_ANALOGIES,)))
            ),
            tuple(read_categories(*_named(file)) for file in as_paths(asked.get("categories", ()))),
            tuple(read_topics(*_named(file)) for file in as_paths(asked.get("outliers", ()))),
            whole_number("first_words", asked.get("first_words", FIRST_WORDS), 1),
            asked.get("method", "3CosAdd"),
            asked.get("spell", False),
            whole_number("resamples", asked.get("resamples", RESAMPLES), 0),
        )
        if not (battery.rated or battery.questions or battery.categories or battery.topics):
            raise SettingsError("no test set is given: similarity, analogies, categories, outliers")
        return battery

    def scores(self, vectors: WordVectors, *, resamples: int | None = None) -> tuple[Score, ...]:
        """The vectors' score on each set; resamples: other than the battery's own."""
        vectors.search.require_finite()
        spell, times = self.spell, self.resamples if resamples is None else resamples
        return (
            *(similarity_score(vectors, of, spell=spell, resamples=times) for of in self.rated),
            *(
                analogy_score(
                    vectors, of, first_words=self.first_words, method=self.method, resamples=times
                )
                for of in self.questions
            ),
            *(category_score(vectors, of, spell=spell, resamples=times) for of in self.categories),
            *(outlier_score(vectors, of, spell=spell, resamples=times) for of in self.topics),
        )


def _named(file: Path) -> tuple[Path, str]:
    return file, _NAMES.get(file, file.stem)
