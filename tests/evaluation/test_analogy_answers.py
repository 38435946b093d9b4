"""The search for answers: compiled, in NumPy, word by word, and as gensim has it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.handmade_vectors import vectors_of
from skipgram.evaluation import analogies, analogy_answers, analogy_kernels
from skipgram.evaluation.analogies import analogy_score
from skipgram.evaluation.analogy_answers import Asked, Method, Sizes, best_answers
from skipgram.evaluation.questions import Question, QuestionSet, read_questions
from skipgram.vectors.search import RowSearch
from skipgram.vectors.word_vectors import WordVectors

law = settings(deadline=None, max_examples=60)
METHODS: tuple[Method, ...] = ("3CosAdd", "3CosMul")
COMPILED, PLAIN = 0, 1 << 62
EPSILON = np.float32(0.001)


def answers_one_by_one(
    cosines: np.ndarray, terms: np.ndarray, left_out: np.ndarray, first: int, method: Method
) -> Iterator[tuple[float, int]]:
    """The best score and candidate of each question, in float32: the definition, in a loop."""
    for (a, b, c), out in zip(cosines[terms], left_out, strict=True):
        best, answer = np.float32(-np.inf), -1
        for place, (to_a, to_b, to_c) in enumerate(zip(a, b, c, strict=True), first):
            score = to_b - to_a + to_c if method == "3CosAdd" else to_b * to_c / (to_a + EPSILON)
            if place not in out and score > best:
                best, answer = score, place
        yield float(best), answer


@st.composite
def blocks(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cosines with many equal ones, questions, and what is no answer to them."""
    words, candidates = draw(st.integers(1, 5)), draw(st.integers(1, 40))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    cosines = random.choice(np.linspace(0, 1, draw(st.integers(2, 50))), (words, candidates))
    questions = draw(st.integers(0, 300))
    terms = random.integers(0, words, (questions, 3))
    left_out = random.integers(0, candidates, (questions, draw(st.sampled_from([3, 6, 200]))))
    return cosines.astype(np.float32), terms.astype(np.int32), left_out.astype(np.int32)


@pytest.mark.parametrize("method", METHODS)
@law
@given(blocks(), st.integers(1, 41))
def test_compiled_code_and_numpy_find_what_a_loop_over_all_finds(method, block, cut):
    cosines, terms, left_out = block
    expected = list(answers_one_by_one(cosines, terms, left_out, 0, method))
    for improve in (getattr(of, IMPROVING[method]) for of in (analogy_answers, analogy_kernels)):
        best = np.full(len(terms), -np.inf, np.float32)
        answers = np.full(len(terms), -1, np.int32)
        for start in range(0, cosines.shape[1], cut):
            part = np.ascontiguousarray(cosines[:, start : start + cut])
            more = () if method == "3CosAdd" else (EPSILON,)
            improve(part, terms, left_out, start, best, answers, *more)
        assert list(zip(best.tolist(), answers.tolist(), strict=True)) == expected


IMPROVING = {"3CosAdd": "improve_by_sum", "3CosMul": "improve_by_product"}


def drawn(seed: int, questions: int = 300) -> tuple[RowSearch, Asked]:
    random = np.random.default_rng(seed)
    rows = random.standard_normal((500, 6)).astype(np.float32)
    terms = random.integers(0, 500, (questions, 3)).astype(np.int32)
    return RowSearch(rows), Asked(terms, terms)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("worth_loading", [COMPILED, PLAIN])
@pytest.mark.parametrize("questions_at_once", [1, 7, 1000])
@pytest.mark.parametrize("cosines", [1, 1 << 16])
def test_the_answers_do_not_hang_on_how_much_is_asked_at_once(
    method, worth_loading, questions_at_once, cosines
):
    search, asked = drawn(1)
    sizes = Sizes(questions_at_once, 1024, cosines, worth_loading)
    found = best_answers(search, np.arange(500), asked, method, sizes)
    np.testing.assert_array_equal(found, best_answers(search, np.arange(500), asked, method))


@pytest.mark.parametrize("threads", [1, 3, 16])
def test_the_answers_do_not_hang_on_threads_and_of_equal_ones_the_first_is_taken(
    monkeypatch, threads
):
    monkeypatch.setattr(analogy_answers, "usable_threads", lambda: threads)
    rows = np.tile(np.eye(4, dtype=np.float32), (200, 1))  # each row 200 times
    terms = np.array([[0, 1, 2], [3, 0, 0]], np.int32)
    asked = Asked(terms, np.arange(8, dtype=np.int32)[None].repeat(2, axis=0))
    sizes = Sizes(cosines=1)
    # b and c are equally near to b − a + c; after the first eight rows comes another b.
    assert best_answers(RowSearch(rows), np.arange(800), asked, sizes=sizes).tolist() == [9, 8]


def test_where_all_are_left_out_there_is_no_answer():
    search, asked = drawn(1, questions=4)
    everything = np.arange(3, dtype=np.int32)[None].repeat(4, axis=0)
    some = Asked(asked.terms % 3, everything)
    for worth_loading in (COMPILED, PLAIN):
        found = best_answers(search, np.arange(3), some, sizes=Sizes(worth_loading=worth_loading))
        assert found.tolist() == [-1] * 4


def test_nothing_is_asked_of_nothing():
    search, _ = drawn(1)
    none = Asked(np.empty((0, 3), np.int32), np.empty((0, 3), np.int32))
    assert len(best_answers(search, np.arange(0), none)) == 0


# Gensim


def clustered(seed: int) -> tuple[WordVectors, QuestionSet]:
    """Sections whose pairs differ by about the same vector, among other words."""
    random = np.random.default_rng(seed)
    rows: dict[str, Any] = {f"other{n}": random.standard_normal(20) for n in range(600)}
    questions = []
    for section in ("capitals", "plurals", "opposites"):
        step = random.standard_normal(20)
        pairs = [(f"{section}{n}", f"of-{section}{n}") for n in range(15)]
        for one, other in pairs:
            rows[one] = random.standard_normal(20)
            rows[other] = rows[one] + step + random.standard_normal(20) * 0.8
        pairs.append((pairs[0][0], "unknown"))
        questions += [Question(section, *a, *c) for a in pairs for c in pairs if a[0] != c[0]]
    return vectors_of(rows), QuestionSet("", questions)


def write(question_set: QuestionSet, file: Path) -> Path:
    lines = []
    for section in question_set.sections:
        lines.append(f": {section}")
        lines += [" ".join(of[1:5]) for of in question_set.questions if of.section == section]
    file.write_text("\n".join(lines))
    return file


@pytest.mark.parametrize("worth_loading", [COMPILED, PLAIN])
@pytest.mark.parametrize("first_words", [300, 100_000])
def test_accuracies_are_gensim_s(tmp_path, monkeypatch, worth_loading, first_words):
    pytest.importorskip("gensim")
    with_sizes = partial(best_answers, sizes=Sizes(worth_loading=worth_loading))
    monkeypatch.setattr(analogies, "best_answers", with_sizes)
    vectors, question_set = clustered(1)
    file = write(question_set, tmp_path / "questions.txt")
    assert read_questions(file).questions == question_set.questions
    _, sections = vectors.to_gensim().evaluate_word_analogies(str(file), first_words)
    score = analogy_score(vectors, question_set, first_words=first_words, resamples=0)
    assert score.by_section == {
        of["section"]: (len(of["correct"]), len(of["correct"]) + len(of["incorrect"]))
        for of in sections[:-1]
    }
    if first_words > 300:
        assert 0.1 < score.accuracy < 0.9


@pytest.mark.parametrize("worth_loading", [COMPILED, PLAIN])
def test_products_are_gensim_s(monkeypatch, worth_loading):
    # Its evaluation only adds, whatever it is asked for; and its ε is another.
    pytest.importorskip("gensim")
    monkeypatch.setattr(analogy_answers, "EPSILON", 1e-6)
    vectors, question_set = clustered(2)
    keyed = vectors.to_gensim()
    questions = [of for of in question_set.questions if of.d != "unknown" and of.b != "unknown"]
    number = {word: place for place, word in enumerate(vectors.words)}
    terms = np.array([[number[word] for word in of[1:4]] for of in questions], np.int32)
    sizes = Sizes(worth_loading=worth_loading)
    ids = np.arange(len(vectors.words))
    found = best_answers(vectors.search, ids, Asked(terms, terms), "3CosMul", sizes)
    for (_, a, b, c, *_), answer in zip(questions, found.tolist(), strict=True):
        expected = keyed.most_similar_cosmul(positive=[b, c], negative=[a], topn=1)
        assert vectors.words[answer] == expected[0][0]
