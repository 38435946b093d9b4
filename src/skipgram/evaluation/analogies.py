"""Analogies: is the word nearest to b − a + c the d of "a is to b as c is to d"?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError
from skipgram.evaluation.casing import forms, look_up
from skipgram.untrusted.opening import read_lines
from skipgram.vectors.given import whole_number
from skipgram.vectors.word_vectors import WordVectors

GOOGLE_ANALOGIES = Path(__file__).parent / "data" / "questions-words.txt"
FIRST_WORDS = 30_000
"""The usual restriction, to questions and candidates among the most frequent words."""

QUESTIONS_AT_ONCE = 1024


class Question(NamedTuple):
    """a is to b as c is to d."""

    section: str
    a: str
    b: str
    c: str
    d: str


@dataclass(frozen=True)
class AnalogyScore:
    """The share of the questions asked whose first answer is right."""

    name: str
    accuracy: float
    """in 0..1; nan if no question could be asked"""
    questions_known: int
    """those asked: all four words are among the first words"""
    questions: int
    first_words: int
    """how many of the most frequent words questions and candidates are restricted to; forms
    that differ only in case count separately"""
    by_section: dict[str, tuple[int, int]]
    """right answers and questions asked in each section"""
    words_in_lower_case: int = 0
    """test words found only in lower case"""
    words_ignoring_case: int = 0
    """test words found only with case ignored, as the most frequent form"""
    questions_merged: int = 0
    """left out: two of the words differ only in case, and the first words have one for both"""
    zero_words: tuple[str, ...] = ()
    """words whose questions are left out, because a vector of zeros has no direction"""


def read_questions(file: Path) -> list[Question]:
    """Questions in Google's format: four words per line, sections headed by ": name"."""
    questions, section = [], ""
    for number, line in enumerate(read_lines(file, "a list of questions"), 1):
        words = line.split()
        if line.startswith(":"):
            section = line[1:].strip()
        elif len(words) == 4:
            questions.append(Question(section, *words))
        elif words:
            raise FormatError(f"{file}:{number}: {len(words)} words where four should be")
    if not questions:
        raise FormatError(f"{file} holds no questions")
    return questions


def analogy_score(
    vectors: WordVectors,
    questions: Sequence[Question],
    name: str = "",
    first_words: int = FIRST_WORDS,
    questions_at_once: int = QUESTIONS_AT_ONCE,
) -> AnalogyScore:
    """3CosAdd over the `first_words` most frequent words, the question's three words left out.

    Case is folded in questions and candidates alike: a test word is found as
    `casing` says, no form of the three words is an answer, and every form of d
    is right.

    Source: Mikolov et al. 2013 (arXiv:1301.3781); Levy & Goldberg 2014 for the name.
    """
    first_words = whole_number("first_words", first_words, 1)
    candidates = vectors.vocabulary.by_count[:first_words]
    words = [vectors.words[number] for number in candidates.tolist()]
    vocabulary = Vocabulary(words, vectors.counts[candidates])
    found = look_up((word for question in questions for word in question[1:]), vocabulary)
    unit = vectors.unit[candidates]
    has_direction: NDArray[np.bool_] = np.asarray(unit.any(axis=1))
    zero_words = {word for word, row in found.ids.items() if not has_direction[row]}
    row_of = {word: row for word, row in found.ids.items() if word not in zero_words}
    known = [question for question in questions if all(word in row_of for word in question[1:])]
    apart = [question for question in known if _keeps_apart(question, row_of)]
    asked = np.array([[row_of[word] for word in question[1:]] for question in apart], np.intp)
    asked = asked.reshape(-1, 4)
    group, alike = forms(words)
    answers = _answers(unit, asked, alike, ~has_direction, questions_at_once)
    right = (answers >= 0) & (group[answers] == group[asked[:, 3]])
    by_section: dict[str, tuple[int, int]] = {}
    for question, is_right in zip(apart, right.tolist(), strict=True):
        hits, total = by_section.get(question.section, (0, 0))
        by_section[question.section] = (hits + is_right, total + 1)
    accuracy = float(right.mean()) if apart else float("nan")
    return AnalogyScore(
        name,
        accuracy,
        len(apart),
        len(questions),
        len(candidates),
        by_section,
        found.in_lower_case,
        found.ignoring_case,
        len(known) - len(apart),
        tuple(sorted(zero_words)),
    )


def _keeps_apart(question: Question, row_of: Mapping[str, int]) -> bool:
    """Whether the question's different words are different words of the vocabulary too."""
    words = set(question[1:])
    return len({row_of[word] for word in words}) == len(words)


def _answers(
    unit: NDArray[np.float32],
    asked: NDArray[np.intp],
    forms: NDArray[np.intp],
    is_zero: NDArray[np.bool_],
    at_once: int,
) -> NDArray[np.intp]:
    """The row nearest to b − a + c for each question's rows (a, b, c, d); -1 if none is left.

    No form of a, b or c is an answer, unless it is d: "king King queen Queen" may be asked.
    """
    answers = np.empty(len(asked), np.intp)
    for start in range(0, len(asked), at_once):
        a, b, c, d = asked[start : start + at_once].T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
        rows = np.arange(len(scores))
        of_d = scores[rows, d]
        scores[:, is_zero] = -np.inf
        for word in (a, b, c):
            scores[rows[:, None], forms[word]] = -np.inf
        scores[rows, d] = np.where((d == a) | (d == b) | (d == c), -np.inf, of_d)
        best = scores.argmax(axis=1)
        answers[start : start + len(scores)] = np.where(scores[rows, best] > -np.inf, best, -1)
    return answers
