"""The score of analogies against a loop over every word, and the set in the package."""

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation.analogies import (
    GOOGLE_ANALOGIES,
    AnalogyScore,
    Question,
    analogy_score,
    read_questions,
)
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


def answer_by_loop(vectors: WordVectors, question: Question, candidates: list[str]) -> str:
    """The candidate with the largest cos(d, b) − cos(d, a) + cos(d, c) in float64.

    "nothing" if no candidate is left, "unclear" if float32 could not tell the best two apart.
    """

    def unit(word: str) -> np.ndarray:
        row = vectors[word].astype(np.float64)
        return row / np.linalg.norm(row)

    _, a, b, c, _ = question
    query = unit(b) - unit(a) + unit(c)
    scores = {word: unit(word) @ query for word in candidates if word not in {a, b, c}}
    best = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if len(best) == 2 and scores[best[0]] - scores[best[1]] < FLOAT32:
        return "unclear"
    return best[0] if best else "nothing"


# The score


def test_a_cube_answers_its_analogies():
    score = analogy_score(vectors_of(CUBE), [SEX, PLURAL], "cube")
    assert score == AnalogyScore("cube", 1.0, 2, 2, 8, {"sex": (1, 1), "plural": (1, 1)})


def test_a_wrong_answer_and_an_unknown_word_are_counted_by_section():
    score = analogy_score(vectors_of(CUBE), [SEX, PLURAL, WRONG, UNKNOWN])
    assert_close(score.accuracy, 2 / 3, EXACT)
    assert (score.questions_known, score.questions) == (3, 4)
    assert score.by_section == {"sex": (1, 1), "plural": (1, 2)}


def test_the_words_of_a_question_are_no_answer():
    # Nearest to b − a + c is b itself here, as so often; it may not be answered.
    vectors = vectors_of({"a": [1, 0.1], "b": [0, 1], "c": [1, 0], "d": [1, 3]})
    assert analogy_score(vectors, [Question("", "a", "b", "c", "d")]).accuracy == 1
    assert analogy_score(vectors, [Question("", "a", "b", "c", "b")]).accuracy == 0


def test_where_no_word_is_left_no_answer_is_right():
    vectors = vectors_of({"a": [1, 0], "b": [0, 1], "c": [1, 1]})
    assert analogy_score(vectors, [Question("", "a", "b", "c", "a")]).accuracy == 0


@pytest.mark.parametrize("word", ["a", "b", "c", "d"])
def test_a_question_is_known_only_with_all_four_words(word):
    words = {name: [number, 1] for number, name in enumerate("abcd") if name != word}
    score = analogy_score(vectors_of(words | {"x": [9, 1]}), [Question("", *"abcd")])
    assert (score.questions_known, score.by_section) == (0, {})
    assert math.isnan(score.accuracy)


@law
@given(st.integers(0, 2**32), st.integers(4, 12), st.integers(1, 14), st.data())
def test_the_score_is_that_of_a_loop_over_all_candidates(seed, vocab_size, first_words, data):
    counts = data.draw(st.lists(st.integers(1, 5), min_size=vocab_size, max_size=vocab_size))
    vectors = random_vectors(seed, vocab_size, embedding_dim=4, counts=counts)
    name = st.sampled_from(list(vectors.words))
    drawn = st.builds(Question, st.sampled_from(["one", "two"]), name, name, name, name)
    questions = data.draw(st.lists(drawn, max_size=20))
    by_count = sorted(vectors.words, key=lambda word: -vectors.counts[vectors.vocabulary.id(word)])
    candidates = by_count[:first_words]
    asked = [question for question in questions if set(question[1:]) <= set(candidates)]
    answers = [answer_by_loop(vectors, question, candidates) for question in asked]
    assume("unclear" not in answers)
    right = [answer == question.d for answer, question in zip(answers, asked, strict=True)]
    score = analogy_score(vectors, questions, "", first_words)
    assert (score.questions_known, score.questions) == (len(asked), len(questions))
    assert score.first_words == len(candidates)
    if asked:
        assert_close(score.accuracy, sum(right) / len(right), EXACT)
    else:
        assert math.isnan(score.accuracy)
    hits, total = Counter[str](), Counter[str]()
    for question, is_right in zip(asked, right, strict=True):
        hits[question.section] += is_right
        total[question.section] += 1
    assert score.by_section == {section: (hits[section], total[section]) for section in total}


@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_the_score_does_not_hang_on_how_many_questions_are_asked_at_once(at_once):
    vectors = random_vectors(1, vocab_size=30, embedding_dim=3)
    names = np.random.default_rng(2).choice(vectors.words, (200, 3)).tolist()
    right = [
        Question("", *abc, vectors.analogy(*abc)[0].word) for abc in names if len(set(abc)) == 3
    ]
    wrong = [question._replace(d=question.a) for question in right[:50]]
    score = analogy_score(vectors, [*right, *wrong], questions_at_once=at_once)
    assert_close(score.accuracy, len(right) / (len(right) + 50), EXACT)


# The restriction to the first words


def test_the_first_words_are_those_of_largest_count_whatever_their_ids():
    counts = dict.fromkeys(CUBE, 1) | dict.fromkeys(["man", "woman", "king", "queen"], 9)
    vectors = vectors_of(dict(reversed(CUBE.items())), counts=list(reversed(counts.values())))
    score = analogy_score(vectors, [SEX, PLURAL], first_words=4)
    assert (score.accuracy, score.questions_known) == (1.0, 1)
    assert score.by_section == {"sex": (1, 1)}


def test_candidates_beyond_the_first_words_are_no_answer():
    # "rare" lies nearer to the query than "queen" does.
    vectors = vectors_of(CUBE | {"rare": [1.01, 1, -1.01], "queen": [2, 1, -1]})
    assert analogy_score(vectors, [SEX], first_words=9).accuracy == 0
    assert analogy_score(vectors, [SEX], first_words=8).accuracy == 1


def test_a_vocabulary_smaller_than_the_first_words_is_used_whole():
    assert analogy_score(vectors_of(CUBE), [SEX], first_words=30_000).first_words == 8


@pytest.mark.parametrize("first_words", [0, -1])
def test_at_least_one_word_must_be_first(first_words):
    with pytest.raises(SettingsError, match=f"^first_words must be at least 1, not {first_words}$"):
        analogy_score(vectors_of(CUBE), [SEX], first_words=first_words)


# Case, and vectors of zeros


def test_uncased_vectors_answer_a_cased_set_as_they_answer_it_in_lower_case():
    questions = [SEX, PLURAL, WRONG, UNKNOWN]
    cased = [Question(of[0], *(word.capitalize() for word in of[1:])) for of in questions]
    lower, upper = (analogy_score(vectors_of(CUBE), of) for of in (questions, cased))
    assert upper.words_in_lower_case == 7
    assert replace(upper, words_in_lower_case=0) == lower


def test_cased_vectors_are_asked_for_the_words_as_they_are_written():
    capital = {word.capitalize(): row for word, row in CUBE.items()}
    junk = {word: [5, -3, 1] for word in CUBE}
    question = Question("", "Man", "Woman", "King", "Queen")
    score = analogy_score(vectors_of(junk | capital), [question])
    assert (score.accuracy, score.words_in_lower_case, score.words_ignoring_case) == (1, 0, 0)


def test_a_question_in_lower_case_finds_the_most_frequent_form_among_the_first_words():
    rows = {word.capitalize(): row for word, row in CUBE.items()}
    rows = {**rows, "KING": [9, 9, -9], "king": [-9, 9, 9]}
    vectors = vectors_of(rows)
    score = analogy_score(vectors, [SEX], first_words=9)  # KING is rarer, king not among them
    assert (score.accuracy, score.words_ignoring_case) == (1, 4)


def test_another_form_of_a_questions_words_is_no_answer_and_any_form_of_d_is_right():
    # Nearest to the query is KING, then QUEEN.
    rows = CUBE | {"queen": [1, 0.2, -1], "KING": [1, 1, -1], "QUEEN": [1, 0.9, -1]}
    assert analogy_score(vectors_of(rows), [SEX]).accuracy == 1


def test_a_question_about_case_may_be_asked_of_cased_vectors_only():
    rows = {"king": [1, 0, 0], "King": [1, 0, 1], "queen": [0, 1, 0], "Queen": [0, 1, 1]}
    question = Question("case", "king", "King", "queen", "Queen")
    score = analogy_score(vectors_of(rows), [question])
    assert (score.accuracy, score.questions_merged) == (1, 0)
    score = analogy_score(vectors_of(CUBE), [question, SEX])
    assert (score.questions_known, score.questions_merged, score.questions) == (1, 1, 2)


def test_a_vector_of_zeros_is_neither_asked_nor_an_answer():
    rows = CUBE | {"naught": [0, 0, 0]}
    question = Question("", "man", "woman", "king", "naught")
    score = analogy_score(vectors_of(rows), [question, SEX])
    assert (score.questions_known, score.zero_words) == (1, ("naught",))
    # All that is left beside the zero vector points away from the query.
    rows = {"a": [1, 0], "b": [1, 0], "c": [1, 0], "naught": [0, 0], "d": [-1, 0]}
    assert analogy_score(vectors_of(rows), [Question("", *"abcd")]).accuracy == 1


# The files


def write(folder: Path, content: str) -> Path:
    (folder / "questions.txt").write_bytes(content.encode())
    return folder / "questions.txt"


def test_questions_are_read_as_they_are_written_under_their_section(tmp_path):
    file = write(
        tmp_path, "a b c d\n: Capitals of the world \r\nAthens Greece  OSLO\tNorway\n\n:x\n"
    )
    assert read_questions(file) == [
        ("", "a", "b", "c", "d"),
        ("Capitals of the world", "Athens", "Greece", "OSLO", "Norway"),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_section(tmp_path):
    assert read_questions(write(tmp_path, "\ufeff: one\na b c d\n"))[0].section == "one"


@pytest.mark.parametrize(("line", "words"), [("a b c", 3), ("a b c d e", 5), ("a", 1)])
def test_a_malformed_line_is_an_error_with_file_and_line(tmp_path, line, words):
    file = write(tmp_path, f": one\x0b\n\na b c d\n{line}\n")
    with pytest.raises(FormatError) as caught:
        read_questions(file)
    assert str(caught.value) == f"{file}:4: {words} words where four should be"


def test_a_file_without_questions_is_an_error(tmp_path):
    file = write(tmp_path, ": one\n\n: two\n")
    with pytest.raises(FormatError, match=f"^{file} holds no questions$"):
        read_questions(file)


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(FormatError, match=f"^{tmp_path}/none does not exist$"):
        read_questions(tmp_path / "none")


# The set in the package


def test_google_s_analogies_are_19544_questions_in_14_sections():
    questions = read_questions(GOOGLE_ANALOGIES)
    sections = Counter(question.section for question in questions)
    assert len(questions) == 19_544
    assert len(sections) == 14
    assert sections["capital-common-countries"] == 506
    assert sections["capital-world"] == 4524
    assert sections["gram9-plural-verbs"] == 870
    assert questions[0] == Question(
        "capital-common-countries", *["Athens", "Greece", "Baghdad", "Iraq"]
    )
    assert all(
        len({word.casefold() for word in question[1:]}) == len(set(question[1:]))
        for question in questions
    ), "no question is about case, so uncased vectors can be asked all of them"
