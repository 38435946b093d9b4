"""Analogies: is the word nearest to b − a + c the d of "a is to b as c is to d"?"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation.sets import lines_of
from skipgram.vectors.word_vectors import WordVectors

GOOGLE_ANALOGIES = Path(__file__).parent / "data" / "questions-words.txt"
FIRST_WORDS = 30_000
"""The usual restriction: questions and candidates among the most frequent words."""

_QUESTIONS_AT_ONCE = 1024


class Question(NamedTuple):
    """a is to b as c is to d."""

    section: str
    a: str
    b: str
    c: str
    d: str


@dataclass(frozen=True)
class AnalogyScore:
    """The share of answered questions whose first answer is right."""

    name: str
    accuracy: float
    """in 0..1; nan where no question could be asked"""
    questions_known: int
    """whose four words are all among the first words"""
    questions: int
    first_words: int
    """questions and candidates are restricted to so many words, the most frequent ones"""
    by_section: dict[str, tuple[int, int]]
    """right and asked, a section"""


def read_questions(file: Path) -> list[Question]:
    """Questions in Google's format: four words a line, sections headed by ": name".

    Words are lower-cased.

    Raises
    ------
    FormatError
        For a line of another form, with its number.

    """
    questions, section = [], ""
    for number, line in enumerate(lines_of(file), 1):
        words = line.lower().split()
        if line.startswith(":"):
            section = line[1:].strip()
        elif len(words) == 4:
            questions.append(Question(section, *words))
        elif words:
            raise FormatError(f"{file}:{number}: {len(words)} words where four should stand")
    if not questions:
        raise FormatError(f"{file} holds no question")
    return questions


def analogy_score(
    vectors: WordVectors,
    questions: Sequence[Question],
    name: str = "",
    first_words: int = FIRST_WORDS,
) -> AnalogyScore:
    """3CosAdd over the `first_words` words of largest count, the question's three words left out.

    Source: Mikolov et al. 2013 (arXiv:1301.3781); Levy & Goldberg 2014 for the name.
    """
    if first_words < 1:
        raise SettingsError(f"first_words must be at least 1, not {first_words}")
    candidates = vectors.vocabulary.by_count[:first_words]
    place = {vectors.words[number]: row for row, number in enumerate(candidates)}
    known = [question for question in questions if all(word in place for word in question[1:])]
    unit = vectors.unit[candidates]
    asked = np.array([[place[word] for word in question[1:]] for question in known], np.intp)
    right = _answers(unit, asked) == asked[:, 3] if known else np.zeros(0, bool)
    by_section: dict[str, tuple[int, int]] = {}
    for question, is_right in zip(known, right.tolist(), strict=True):
        hits, total = by_section.get(question.section, (0, 0))
        by_section[question.section] = (hits + is_right, total + 1)
    accuracy = float(right.mean()) if known else float("nan")
    return AnalogyScore(name, accuracy, len(known), len(questions), len(candidates), by_section)


def _answers(unit: NDArray[np.float32], asked: NDArray[np.intp]) -> NDArray[np.intp]:
    """The row nearest to b − a + c for each question's rows (a, b, c, d); -1 if none is left."""
    answers = np.empty(len(asked), np.intp)
    for start in range(0, len(asked), _QUESTIONS_AT_ONCE):
        a, b, c = asked[start : start + _QUESTIONS_AT_ONCE, :3].T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
        rows = np.arange(len(scores))
        for word in (a, b, c):
            scores[rows, word] = -np.inf
        best = scores.argmax(axis=1)
        answers[start : start + len(scores)] = np.where(scores[rows, best] > -np.inf, best, -1)
    return answers
