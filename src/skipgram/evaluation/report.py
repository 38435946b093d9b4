"""The first judgement: the two sets that come with the package, in one call."""

from dataclasses import dataclass

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
from skipgram.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Report:
    """How vectors do on WordSim-353 and on Google's analogies."""

    similarity: SimilarityScore
    analogies: AnalogyScore


def evaluate(vectors: WordVectors, first_words: int = FIRST_WORDS) -> Report:
    """Score vectors on the sets that come with the package.

    WordSim-353 over all words; the analogies over the `first_words` most
    frequent ones. Items with an unknown word are left out, and counted.
    """
    return Report(
        similarity_score(vectors, read_pairs(WORDSIM_353), "WordSim-353"),
        analogy_score(vectors, read_questions(GOOGLE_ANALOGIES), "Google analogies", first_words),
    )
