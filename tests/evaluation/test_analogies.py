"""The score of analogies against a loop over every word, and how words are found."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.errors import SettingsError
from skipgram.evaluation.analogies import AnalogyScore, analogy_score
from skipgram.evaluation.questions import Question, QuestionSet
from skipgram.evaluation.scores import Malformed
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

# A cube: one axis a sex, one a rank, one a number.
CUBE = {
    "man": [-1, -1, -1],
    "woman": [1, -1, -1],
    "king": [-1, 1, -1],
    "queen": [1, 1, -1],
    "men": [-1, -1, 1],
    "women": [1, -1, 1],
    "kings": [-1, 1, 1],
    "queens": [1, 1, 1],
}
SEX = Question("sex", "man", "woman", "king", "queen")
PLURAL = Question("plural", "man", "men", "queen", "queens")
WRONG = Question("plural", "man", "men", "queen", "kings")
UNKNOWN = Question("plural", "man", "men", "cat", "cats")


def score_of(
    vectors: WordVectors, questions: list[Question], name: str = "", **options: Any
) -> AnalogyScore:
    return analogy_score(vectors, QuestionSet(name, questions), **options)


def answer_by_loop(
    vectors: WordVectors, question: Question, candidates: list[str], method: str = "3CosAdd"
) -> str:
    """The candidate with the largest cos(d, b) − cos(d, a) + cos(d, c), or product, in float64.

    "nothing" if no candidate is left, "unclear" if float32 could not tell the best two apart.
    """

    def score(word: str) -> float:
        to_a, to_b, to_c = (unit(word) @ unit(term) for term in (a, b, c))
        if method == "3CosAdd":
            return to_b - to_a + to_c
        return (1 + to_b) / 2 * (1 + to_c) / 2 / ((1 + to_a) / 2 + 0.001)

    def unit(word: str) -> np.ndarray:
        row = vectors[word].astype(np.float64)
        return row / np.linalg.norm(row)

    a, b, c = question[1:4]
    scores = {word: score(word) for word in candidates if word not in {a, b, c}}
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if len(best) == 2 and scores[best[0]] - scores[best[1]] < FLOAT32 * (1 + scores[best[1]]):
        return "unclear"
    return best[0] if best else "nothing"


# The score


def test_a_cube_answers_its_analogies():
    score = score_of(vectors_of(CUBE), [SEX, PLURAL], "cube")
    assert (score.name, score.accuracy, score.first_words) == ("cube", 1.0, 8)
    assert (score.questions_known, score.questions) == (2, 2)
    assert score.by_section == {"sex": (1, 1), "plural": (1, 1)}


def test_a_wrong_answer_and_an_unknown_word_are_counted_by_section():
    score = score_of(vectors_of(CUBE), [SEX, PLURAL, WRONG, UNKNOWN])
    assert_close(score.accuracy, 2 / 3, EXACT)
    assert (score.questions_known, score.questions) == (3, 4)
    assert score.by_section == {"sex": (1, 1), "plural": (1, 2)}


def test_the_words_of_a_question_are_no_answer():
    # Nearest to b − a + c is b itself here, as so often; it may not be answered.
    vectors = vectors_of({"a": [1, 0.1], "b": [0, 1], "c": [1, 0], "d": [1, 3]})
    assert score_of(vectors, [Question("", "a", "b", "c", "d")]).accuracy == 1
    assert score_of(vectors, [Question("", "a", "b", "c", "b")]).accuracy == 0


def test_where_no_word_is_left_no_answer_is_right():
    vectors = vectors_of({"a": [1, 0], "b": [0, 1], "c": [1, 1]})
    assert score_of(vectors, [Question("", "a", "b", "c", "a")]).accuracy == 0


@pytest.mark.parametrize("word", ["a", "b", "c", "d"])
def test_a_question_is_known_only_with_all_four_words(word):
    words = {name: [number, 1] for number, name in enumerate("abcd") if name != word}
    score = score_of(vectors_of(words | {"x": [9, 1]}), [Question("", *"abcd")])
    assert (score.questions_known, score.by_section) == (0, {"": (0, 0)})
    assert (score.accuracy, score.interval) == (None, None)


@law
@given(
    st.integers(0, 2**32),
    st.integers(4, 12),
    st.integers(1, 14),
    st.sampled_from(["3CosAdd", "3CosMul"]),
    st.data(),
)
def test_the_score_is_that_of_a_loop_over_all_candidates(
    seed, vocab_size, first_words, method, data
):
    counts = data.draw(st.lists(st.integers(1, 5), min_size=vocab_size, max_size=vocab_size))
    vectors = random_vectors(seed, vocab_size, embedding_dim=4, counts=counts)
    name = st.sampled_from(list(vectors.words))
    others = st.lists(name, max_size=2).map(tuple)
    drawn = st.builds(Question, st.sampled_from(["one", "two"]), name, name, name, name, others)
    questions = data.draw(st.lists(drawn, max_size=20))
    by_count = sorted(vectors.words, key=lambda word: -vectors.counts[vectors.vocabulary.id(word)])
    candidates = by_count[:first_words]
    asked = [
        question
        for question in questions
        if set(question[1:4]) <= set(candidates) and set(question.answers) & set(candidates)
    ]
    answers = [answer_by_loop(vectors, question, candidates, method) for question in asked]
    assume("unclear" not in answers)
    right = [answer in question.answers for answer, question in zip(answers, asked, strict=True)]
    score = score_of(vectors, questions, first_words=first_words, method=method)
    assert (score.questions_known, score.questions) == (len(asked), len(questions))
    assert score.first_words == len(candidates)
    if asked:
        assert_close(score.accuracy, sum(right) / len(right), EXACT)
    else:
        assert score.accuracy is None
    hits, total = Counter[str](), Counter[str]()
    for question, is_right in zip(asked, right, strict=True):
        hits[question.section] += is_right
        total[question.section] += 1
    sections = {question.section for question in questions}
    assert score.by_section == {section: (hits[section], total[section]) for section in sections}


def test_any_of_several_right_answers_counts_and_one_of_them_must_be_known():
    vectors = vectors_of(CUBE)
    cats = Question("", "man", "woman", "king", "cat", ("queen", "dog"))
    assert score_of(vectors, [cats]).by_section == {"": (1, 1)}
    assert score_of(vectors, [cats._replace(also_right=("kings",))]).by_section == {"": (0, 1)}
    assert score_of(vectors, [cats._replace(also_right=("dog",))]).by_section == {"": (0, 0)}


def test_a_section_is_told_though_none_of_its_questions_can_be_asked():
    score = score_of(vectors_of(CUBE), [Question("cats", *"abcd"), SEX])
    assert score.by_section == {"cats": (0, 0), "sex": (1, 1)}
    empty = analogy_score(vectors_of(CUBE), QuestionSet("", [SEX], headings=("none", "sex")))
    assert empty.by_section == {"none": (0, 0), "sex": (1, 1)}


def test_the_two_methods_may_answer_differently():
    # d is nearly opposite to b, which a product forgives less than a sum.
    rows = {"a": [0, 0, 1], "b": [1, 0, 0], "c": [0, 1, 0], "d": [-2, 1, 0], "e": [-1, 0, 2]}
    vectors = vectors_of(rows)
    assert score_of(vectors, [Question("", *"abcd")], method="3CosAdd").accuracy == 1
    assert score_of(vectors, [Question("", *"abce")], method="3CosMul").accuracy == 1


@pytest.mark.parametrize(("angle", "answer"), [(0.006, "e"), (0.01, "d")])
def test_of_products_the_epsilon_is_a_thousandth_of_cosines_moved_to_0_to_1(angle, answer):
    # d is opposite to a: (1/2)² / ε. e is nearer to b and c, and leaves a at ε + angle² / 4.
    rows = {"a": [-1, 0], "b": [0, 1], "c": [0, 2], "d": [1, 0]}
    vectors = vectors_of(rows | {"e": [np.cos(angle), np.sin(angle)]})
    assert score_of(vectors, [Question("", *"abc", answer)], method="3CosMul").accuracy == 1


def test_an_unknown_method_is_an_error():
    message = "^method is '3CosDiv', not one of: 3CosAdd, 3CosMul$"
    with pytest.raises(SettingsError, match=message):
        score_of(vectors_of(CUBE), [SEX], method="3CosDiv")


def test_a_pair_of_words_is_one_in_its_section_and_another_in_another():
    questions = [SEX, SEX._replace(section="other"), SEX._replace(d="kings"), PLURAL]
    pairs = score_of(vectors_of(CUBE), questions).outcome.pairs
    assert pairs.tolist() == [[0, 1], [2, 3], [0, 4], [5, 6]]


def test_the_set_says_what_could_not_be_read_and_what_is_there_twice():
    malformed = Malformed(2, "a file:3: 'x'")
    coverage = analogy_score(vectors_of(CUBE), QuestionSet("", [SEX, SEX], malformed)).coverage
    assert (coverage.known, coverage.repeated, coverage.malformed) == (2, 1, malformed)


# The restriction to the first words


def test_the_first_words_are_those_of_largest_count_whatever_their_ids():
    counts = dict.fromkeys(CUBE, 1) | dict.fromkeys(["man", "woman", "king", "queen"], 9)
    vectors = vectors_of(dict(reversed(CUBE.items())), counts=list(reversed(counts.values())))
    score = score_of(vectors, [SEX, PLURAL], first_words=4)
    assert (score.accuracy, score.questions_known) == (1.0, 1)
    assert score.by_section == {"sex": (1, 1), "plural": (0, 0)}


def test_candidates_beyond_the_first_words_are_no_answer():
    # "rare" lies nearer to the query than "queen" does.
    vectors = vectors_of(CUBE | {"rare": [1.01, 1, -1.01], "queen": [2, 1, -1]})
    assert score_of(vectors, [SEX], first_words=9).accuracy == 0
    assert score_of(vectors, [SEX], first_words=8).accuracy == 1


def test_a_vocabulary_smaller_than_the_first_words_is_used_whole():
    assert score_of(vectors_of(CUBE), [SEX], first_words=30_000).first_words == 8


@pytest.mark.parametrize("first_words", [0, -1])
def test_at_least_one_word_must_be_first(first_words):
    with pytest.raises(SettingsError, match=f"^first_words must be at least 1, not {first_words}$"):
        score_of(vectors_of(CUBE), [SEX], first_words=first_words)


# Case, and vectors of zeros


def test_uncased_vectors_answer_a_cased_set_as_they_answer_it_in_lower_case():
    questions = [SEX, PLURAL, WRONG, UNKNOWN]
    cased = [Question(of[0], *(word.capitalize() for word in of[1:5])) for of in questions]
    lower, upper = (score_of(vectors_of(CUBE), of) for of in (questions, cased))
    assert upper.coverage.words_in_lower_case == 7
    assert replace(upper, coverage=replace(upper.coverage, words_in_lower_case=0)) == lower


def test_cased_vectors_are_asked_for_the_words_as_they_are_written():
    capital = {word.capitalize(): row for word, row in CUBE.items()}
    junk = {word: [5, -3, 1] for word in CUBE}
    question = Question("", "Man", "Woman", "King", "Queen")
    score = score_of(vectors_of(junk | capital), [question])
    assert (
        score.accuracy,
        score.coverage.words_in_lower_case,
        score.coverage.words_ignoring_case,
    ) == (1, 0, 0)


def test_a_question_in_lower_case_finds_the_most_frequent_form_among_the_first_words():
    rows = {word.capitalize(): row for word, row in CUBE.items()}
    rows = {**rows, "KING": [9, 9, -9], "king": [-9, 9, 9]}
    vectors = vectors_of(rows)
    score = score_of(vectors, [SEX], first_words=9)  # KING is rarer, king not among them
    assert (score.accuracy, score.coverage.words_ignoring_case) == (1, 4)


def test_another_form_of_a_questions_words_is_no_answer_and_any_form_of_d_is_right():
    # Nearest to the query is KING, then QUEEN.
    rows = CUBE | {"queen": [1, 0.2, -1], "KING": [1, 1, -1], "QUEEN": [1, 0.9, -1]}
    assert score_of(vectors_of(rows), [SEX]).accuracy == 1


def test_a_question_about_case_may_be_asked_of_cased_vectors_only():
    rows = {"king": [1, 0, 0], "King": [1, 0, 1], "queen": [0, 1, 0], "Queen": [0, 1, 1]}
    question = Question("case", "king", "King", "queen", "Queen")
    score = score_of(vectors_of(rows), [question])
    assert (score.accuracy, score.coverage.merged) == (1, 0)
    score = score_of(vectors_of(CUBE), [question, SEX])
    assert (score.questions_known, score.coverage.merged, score.questions) == (1, 1, 2)


def test_a_right_answer_that_is_one_of_the_questions_words_in_another_case_is_not_asked_for():
    question = Question("", "man", "woman", "king", "King")
    score = score_of(vectors_of(CUBE), [question])
    assert (score.questions_known, score.coverage.merged) == (0, 1)
    score = score_of(vectors_of(CUBE), [question._replace(also_right=("queen",))])
    assert (score.accuracy, score.coverage.merged) == (1, 0)


def test_a_vector_of_zeros_is_neither_asked_nor_an_answer():
    rows = CUBE | {"naught": [0, 0, 0]}
    question = Question("", "man", "woman", "king", "naught")
    score = score_of(vectors_of(rows), [question, SEX])
    assert (score.questions_known, score.coverage.zero_words) == (1, ("naught",))
    assert score_of(vectors_of({"naught": [0, 0, 0]} | CUBE), [SEX, PLURAL]).accuracy == 1
    # All that is left beside the zero vector points away from the query.
    rows = {"a": [1, 0], "b": [1, 0], "c": [1, 0], "naught": [0, 0], "d": [-1, 0]}
    assert score_of(vectors_of(rows), [Question("", *"abcd")]).accuracy == 1
