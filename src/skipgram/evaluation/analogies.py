"""Analogies: is the word nearest to b − a + c the d of "a is to b as c is to d"?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.evaluation.analogy_answers import Asked, Method, Places, best_answers, known_method
from skipgram.evaluation.analogy_outcome import Answered
from skipgram.evaluation.casing import Found, forms_of, look_up
from skipgram.evaluation.questions import Question, QuestionSet
from skipgram.evaluation.resampling import RESAMPLES
from skipgram.evaluation.scores import Coverage, Score, measures_of, repeats
from skipgram.vectors.given import whole_number
from skipgram.vectors.word_vectors import WordVectors

GOOGLE_ANALOGIES = Path(__file__).parent / "data" / "questions-words.txt"
FIRST_WORDS = 30_000
"""The usual restriction, to questions and candidates among the most frequent words."""


@dataclass(frozen=True)
class AnalogyScore(Score):
    """The share of the questions asked whose first answer is right."""

    outcome: Answered = field(repr=False, compare=False)
    sections: tuple[str, ...]
    """of the set, some of which may have no questions"""
    section_of: NDArray[np.intp] = field(repr=False, compare=False)
    """shape (questions,): the place in `sections` of each question of the set, asked or not"""
    method: Method = "3CosAdd"

    @property
    def by_section(self) -> dict[str, tuple[int, int]]:
        """Right answers and questions asked in each section of the set."""
        of_asked = self.section_of[self.outcome.asked]
        right = np.bincount(of_asked[self.outcome.is_right], minlength=len(self.sections))
        asked = np.bincount(of_asked, minlength=len(self.sections))
        return dict(
            zip(self.sections, zip(right.tolist(), asked.tolist(), strict=True), strict=True)
        )

    @property
    def accuracy(self) -> float | None:
        """In 0..1; None if no question could be asked."""
        return self.measures[0].value

    @property
    def questions_known(self) -> int:
        """Those asked: a, b, c and a right answer are among the first words."""
        return self.coverage.known

    @property
    def questions(self) -> int:
        """All of the set."""
        return self.coverage.total

    @property
    def first_words(self) -> int:
        """How many of the most frequent words questions and candidates are restricted to.

        Forms that differ only in case count separately.
        """
        return self.coverage.first_words or 0


def analogy_score(
    vectors: WordVectors,
    question_set: QuestionSet,
    *,
    first_words: int = FIRST_WORDS,
    method: Method = "3CosAdd",
    resamples: int = RESAMPLES,
) -> AnalogyScore:
    """Answers among the `first_words` most frequent words, the question's three words left out.

    Case is folded in questions and candidates alike: a test word is found as
    `casing` says, no form of the three words is an answer, and every form of d
    is right.
    """
    first_words = whole_number("first_words", first_words, 1)
    method = known_method(method)
    questions = question_set.questions
    candidates = _Candidates.of(vectors, first_words, questions)
    numbered, merged = _numbered(questions, candidates.place_of)
    asked = [number for number, *_ in numbered]
    answers = _Answers.of(numbered, candidates.words)
    found = best_answers(vectors.search, candidates.ids, answers.asked, method)
    sections = {section: number for number, section in enumerate(question_set.sections)}
    section_of = np.array([sections[question.section] for question in questions], np.intp)
    outcome = Answered(
        np.array(asked, np.intp),
        candidates.ranks_of(answers),
        answers.are_right(found),
        _pairs_of(questions)[asked],
        section_of[asked],
    )
    coverage = Coverage(
        "questions",
        len(asked),
        len(questions),
        first_words=candidates.first_words,
        words_in_lower_case=candidates.found.in_lower_case,
        words_ignoring_case=candidates.found.ignoring_case,
        merged=merged,
        zero_words=candidates.zero_words,
        repeated=repeats(questions),
        malformed=question_set.malformed,
    )
    return AnalogyScore(
        question_set.name,
        coverage,
        measures_of(outcome, resamples),
        outcome,
        tuple(sections),
        section_of,
        method,
    )


class _Candidates(NamedTuple):
    """Words that may be answers: those among the first words whose vectors have a direction."""

    ids: NDArray[np.integer]
    """by falling frequency"""
    words: list[str]
    ranks: NDArray[np.int64]
    found: Found
    place_of: dict[str, int]
    """of the test words that are among them"""
    zero_words: tuple[str, ...]
    first_words: int

    @classmethod
    def of(
        cls, vectors: WordVectors, first_words: int, questions: Sequence[Question]
    ) -> "_Candidates":
        first = vectors.vocabulary.by_count[:first_words]
        words = [vectors.words[number] for number in first.tolist()]
        tested = (word for question in questions for word in (*question[1:4], *question.answers))
        found = look_up(tested, Vocabulary(words, vectors.counts[first]))
        has_direction = vectors.search.inverse_lengths[first] > 0
        places = np.where(has_direction, np.cumsum(has_direction) - 1, -1).tolist()
        place_of = {word: places[row] for word, row in found.ids.items()}
        return cls(
            first[has_direction],
            [word for word, place in zip(words, places, strict=True) if place >= 0],
            np.flatnonzero(has_direction) + 1,
            found,
            {word: place for word, place in place_of.items() if place >= 0},
            tuple(sorted(word for word, place in place_of.items() if place < 0)),
            len(first),
        )

    def ranks_of(self, answers: "_Answers") -> NDArray[np.int64]:
        """Of the rarest word of each question, whose answer is the most frequent right one."""
        most = np.iinfo(np.int32).max
        easiest = np.where(answers.right < 0, most, answers.right).min(axis=1, initial=most)
        rarest = np.maximum(answers.asked.terms.max(axis=1), easiest)
        return np.asarray(self.ranks[rarest])


class _Numbered(NamedTuple):
    """A question that can be asked."""

    number: int
    terms: tuple[int, int, int]
    right: list[int]


def _numbered(
    questions: Sequence[Question], place_of: Mapping[str, int]
) -> tuple[list[_Numbered], int]:
    """Those whose words are known, as candidates; and how many more there are, but merged.

    Merged are those whose different words are one word of the vocabulary.
    """
    asked, merged = [], 0
    for number, question in enumerate(questions):
        words = question[1:4]
        known = [word for word in question.answers if word in place_of]
        if not known or not all(word in place_of for word in words):
            continue
        a, b, c = (place_of[word] for word in words)
        right = [
            place_of[word] for word in known if word in words or place_of[word] not in {a, b, c}
        ]
        if right and len({a, b, c}) == len(set(words)):
            asked.append(_Numbered(number, (a, b, c), right))
        else:
            merged += 1
    return asked, merged


class _Answers(NamedTuple):
    """What is asked, and what would be right."""

    asked: Asked
    right: Places
    """shape (asked, most right answers of one), -1 where there are fewer"""
    forms_of_right: Places
    """shape (asked, n): all forms of these, repeated"""

    @classmethod
    def of(cls, numbered: Sequence[_Numbered], words: Sequence[str]) -> "_Answers":
        terms = np.array([of.terms for of in numbered], np.int32).reshape(-1, 3)
        most = max((len(of.right) for of in numbered), default=1)
        padded = [of.right + [-1] * (most - len(of.right)) for of in numbered]
        right = np.array(padded, np.int32).reshape(-1, most)
        known = np.unique(np.concatenate([terms.ravel(), right[right >= 0]]))
        forms = forms_of(known, words)
        columns = forms.shape[1]
        left_out = forms[np.searchsorted(known, terms)].reshape(-1, 3 * columns)
        for answer in right.T[..., None]:
            # A form of a, b or c may be d: "king King queen Queen" can be asked.
            may_answer = (left_out == answer) & ~(terms == answer).any(axis=1, keepdims=True)
            left_out = np.where(may_answer, terms[:, :1], left_out)
        # In the place of a missing answer stands the first.
        alike = forms[np.searchsorted(known, np.where(right < 0, right[:, :1], right))]
        return cls(Asked(terms, left_out), right, alike.reshape(-1, most * columns))

    def are_right(self, answers: Places) -> NDArray[np.bool_]:
        """Of each answer, whether it is a form of a right one."""
        return np.asarray((self.forms_of_right == answers[:, None]).any(axis=1))


def _pairs_of(questions: Sequence[Question]) -> NDArray[np.intp]:
    """A number for each pair of words of a section: shape (questions, 2)."""
    numbers: dict[tuple[str, str, str], int] = {}
    pairs = [
        numbers.setdefault((section, *pair), len(numbers))
        for section, a, b, c, d, _ in questions
        for pair in ((a, b), (c, d))
    ]
    return np.array(pairs, np.intp).reshape(-1, 2)
