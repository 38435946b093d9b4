"""Similarity and analogies in one call."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from skipgram.evaluation.analogies import (
    FIRST_WORDS,
    GOOGLE_ANALOGIES,
    AnalogyScore,
    analogy_score,
    read_questions,
)
from skipgram.evaluation.similarity import (
    WORDSIM_353,
    SimilarityScore,
    read_pairs,
    similarity_score,
)
from skipgram.system.paths import PathLike, as_paths
from skipgram.vectors.elsewhere import answers_other_names
from skipgram.vectors.given import whole_number
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Report:
    """The scores on each test set."""

    similarity: tuple[SimilarityScore, ...]
    analogies: tuple[AnalogyScore, ...]


@answers_other_names
def evaluate(
    vectors: WordVectors | PathLike,
    first_words: int = FIRST_WORDS,
    similarity: PathLike | Iterable[PathLike] = (WORDSIM_353,),
    analogies: PathLike | Iterable[PathLike] = (GOOGLE_ANALOGIES,),
    *,
    spell: bool = False,
) -> Report:
    """Score vectors, or those at a path, by default on the two test sets in the package.

    Similarity is over all words, analogies over the `first_words` most frequent
    ones. Items with an unknown word are left out, and counted. Words are looked
    up as they are written, then in lower case, then with case ignored; those
    found only in another case are counted. With `spell`, unknown words of
    similarity have the vectors that their spelling gives, and are counted; scores
    are then comparable only to others over all pairs. Analogies are asked of known
    words only.

    Raises
    ------
    FormatError
        If a test set or the vectors cannot be read.
    SettingsError
        If first_words is below 1, or `vectors` is neither vectors nor a path.

    """
    vectors = as_vectors(vectors)
    first_words = whole_number("first_words", first_words, 1)
    vectors.search.require_finite()
    return Report(
        tuple(
            similarity_score(vectors, read_pairs(file), _name(file), spell=spell)
            for file in as_paths(similarity)
        ),
        tuple(
            analogy_score(vectors, read_questions(file), _name(file), first_words)
            for file in as_paths(analogies)
        ),
    )


def _name(file: Path) -> str:
    return _KNOWN_NAMES.get(file, file.stem)


_KNOWN_NAMES = {WORDSIM_353: "WordSim-353", GOOGLE_ANALOGIES: "Google analogies"}
