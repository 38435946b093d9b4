"""Similarity and analogies in one call."""

import math
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
from skipgram.telling.markup import paragraphs, table
from skipgram.vectors.asked import enumeration
from skipgram.vectors.elsewhere import answers_other_names
from skipgram.vectors.given import whole_number
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Report:
    """The scores on each test set."""

    similarity: tuple[SimilarityScore, ...]
    analogies: tuple[AnalogyScore, ...]

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        return table(HEADINGS, rows_of(self), "lr") + paragraphs(notes_on(self))


HEADINGS = ("", "score", "", "covered")


def rows_of(report: Report) -> list[tuple[str, str, str, str]]:
    """A row a set: its name, the score, what that is, and how much of the set was asked."""
    return [
        (
            score.name,
            _shown(score.correlation),
            "Spearman's ρ",
            f"{score.pairs_known:,} of {score.pairs:,} pairs",
        )
        for score in report.similarity
    ] + [
        (
            answers.name,
            _shown(answers.accuracy),
            "answered correctly",
            f"{answers.questions_known:,} of {answers.questions:,} questions",
        )
        for answers in report.analogies
    ]


def notes_on(report: Report) -> list[str]:
    """How words were looked up, and what was left out."""
    notes = []
    if report.analogies:
        first = report.analogies[0].first_words
        notes.append(f"analogies among the {first:,} most frequent words")
    for score in report.similarity:
        notes += _notes(score, score.pairs_merged, "pairs")
    for answers in report.analogies:
        notes += _notes(answers, answers.questions_merged, "questions")
    return notes


def _notes(score: SimilarityScore | AnalogyScore, merged: int, items: str) -> list[str]:
    counts = {
        "words found only in lower case": score.words_in_lower_case,
        "words found only with case ignored, as the most frequent form": score.words_ignoring_case,
        f"{items} left out whose words differ only in case": merged,
        "words left out whose vector is zero": len(score.zero_words),
    }
    said = [f"{note}: {count:,}" for note, count in counts.items() if count]
    if score.zero_words:
        said[-1] += f" ({enumeration([repr(word) for word in score.zero_words])})"
    if isinstance(score, SimilarityScore) and score.words_spelled:
        said.append(f"unknown words made from their spelling: {score.words_spelled:,}")
    return [f"{score.name}: {'; '.join(said)}"] if said else []


def _shown(score: float) -> str:
    return "none" if math.isnan(score) else f"{score:.3f}"


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
