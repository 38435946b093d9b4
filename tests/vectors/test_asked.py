"""What may be asked about, and what becomes of words that have no answer."""

import numpy as np
import pytest

from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import vectors_of
from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.vectors.neighbors import Neighbors
from skipgram.vectors.subwords.subwords import Subwords

ROWS = {"a": [1, 0], "b": [0, 2], "c": [3, 3], "zero": [0, 0], "naught": [0, 0]}
BATCH = ["a", "nobody", "zero", "b"]
TWO_OF_FOUR = (
    "2 of 4 words cannot be compared: 'nobody' (not in the vocabulary); "
    "'zero' (a vector of zeros has no direction)"
)
SKIP = "; omit them"

QUESTIONS = {
    "most_similar": lambda vectors, **options: vectors.most_similar(BATCH, **options),
    "most_similar_each": lambda vectors, **options: vectors.most_similar_each(BATCH, **options),
    "most_similar_each as arrays": lambda vectors, **options: vectors.most_similar_each(
        BATCH, as_arrays=True, **options
    ),
    "similarity": lambda vectors, **options: vectors.similarity("a", BATCH, **options),
    "similarity_matrix": lambda vectors, **options: vectors.similarity_matrix(
        ["a"], BATCH, **options
    ),
    "similarity_matrix of rows": lambda vectors, **options: vectors.similarity_matrix(
        BATCH, **options
    ),
    "distance": lambda vectors, **options: vectors.distance(BATCH, "a", **options),
    "similarities": lambda vectors, **options: vectors.similarities("a", BATCH, **options),
    "distances": lambda vectors, **options: vectors.distances("a", BATCH, **options),
    "centroid": lambda vectors, **options: vectors.centroid(BATCH, **options),
    "doesnt_match": lambda vectors, **options: vectors.doesnt_match([*BATCH], **options),
}


def skipped():
    """The warning that names what is skipped."""
    return pytest.warns(UserWarning, match="words cannot be compared: ")


every_question = pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)


# The rule: an error that names and counts, or a warning that does and answers for the others


@every_question
def test_words_without_an_answer_are_an_error_that_names_and_counts_them(ask):
    with pytest.raises(UnknownWordError) as caught:
        ask(vectors_of(ROWS))
    assert str(caught.value) == TWO_OF_FOUR + SKIP


@every_question
def test_words_that_are_skipped_are_named_and_counted_in_a_warning_at_the_line_that_asked(ask):
    with skipped() as caught:
        ask(vectors_of(ROWS), unknown="skip")
    assert [str(warning.message) for warning in caught] == [TWO_OF_FOUR]
    assert caught[0].filename == __file__


@every_question
def test_a_word_is_an_error_or_skipped_and_nothing_else(ask):
    with pytest.raises(SettingsError, match=r"^unknown 'ignore' is not one of: error, skip$"):
        ask(vectors_of(ROWS), unknown="ignore")


def test_the_others_are_answered_as_if_they_were_alone():
    vectors = vectors_of(ROWS)
    with pytest.warns(UserWarning, match="2 of 4 words"):
        each = vectors.most_similar_each(BATCH, 2, unknown="skip")
    alone_a, alone_b = vectors.most_similar_each(["a", "b"], 2)
    assert each == [alone_a, Neighbors(), Neighbors(), alone_b], "in the order of the queries"
    assert all(isinstance(found, Neighbors) for found in each)
    with skipped():
        assert vectors.most_similar(BATCH, unknown="skip") == vectors.most_similar(["a", "b"])
    with skipped():
        assert vectors.similarity(BATCH, "c", unknown="skip") == vectors.similarity(["a", "b"], "c")
    with skipped():
        assert_close(vectors.centroid(BATCH, [3, 9, 9, 1], unknown="skip"), [0.75, 0.25], FLOAT32)
    with skipped():
        cosines = vectors.similarities("a", BATCH, unknown="skip")
    np.testing.assert_array_equal(cosines, np.array([1, np.nan, np.nan, 0], np.float32))
    with skipped():
        matrix = vectors.similarity_matrix(BATCH, unknown="skip")
    of_skipped = [np.nan] * 4
    np.testing.assert_array_equal(
        matrix, np.array([cosines, of_skipped, of_skipped, cosines[::-1]], np.float32)
    )
    with skipped():
        arrays = vectors.most_similar_each(BATCH, 2, unknown="skip", as_arrays=True)
    assert arrays.ids.tolist() == [[2, 1], [-1, -1], [-1, -1], [2, 0]]
    with skipped():
        assert vectors.doesnt_match(["c", "zero", "a", "c"], unknown="skip") == "a"


def test_where_all_are_skipped_there_is_nothing_to_ask():
    vectors = vectors_of(ROWS)
    with pytest.warns(UserWarning, match="1 of 1 words"):
        assert vectors.most_similar_each(["nobody"], unknown="skip") == [Neighbors()]
    for ask, text in (
        (lambda: vectors.most_similar(["zero", "nobody"], unknown="skip"), "no words to find"),
        (lambda: vectors.similarity(["zero"], "a", unknown="skip"), "no words to compare"),
        (lambda: vectors.centroid(["nobody"], unknown="skip"), "no words to take a centroid of"),
        (lambda: vectors.doesnt_match(["a", "zero"], unknown="skip"), "give two or more"),
    ):
        with pytest.raises(SettingsError, match=text), skipped():
            ask()


def test_of_many_words_five_are_named_once_each_and_all_are_counted():
    vectors = vectors_of(ROWS)
    with pytest.raises(UnknownWordError) as caught:
        vectors.most_similar_each(["a", *"stuvwxyz", "z"])
    assert str(caught.value) == (
        "9 of 10 words cannot be compared: 's', 't', 'u', 'v', 'w' and 3 more (not in the "
        "vocabulary)" + SKIP
    )


@pytest.mark.parametrize(
    "ask",
    [
        lambda vectors: vectors.most_similar("zero"),
        lambda vectors: vectors.most_similar("a", "zero"),
        lambda vectors: vectors.most_similar_each(["zero"]),
        lambda vectors: vectors.analogy("zero", "a", "b"),
        lambda vectors: vectors.similarity("a", "zero"),
        lambda vectors: vectors.similarities("zero"),
        lambda vectors: vectors.distances("a", ["zero"]),
    ],
)
def test_a_word_whose_vector_is_zero_is_an_error_that_names_it(ask):
    with pytest.raises(SkipgramError) as caught:
        ask(vectors_of(ROWS))
    assert str(caught.value) == "'zero' cannot be compared: a vector of zeros has no direction"


def test_zero_vectors_are_named_by_their_place():
    vectors = vectors_of(ROWS)
    with pytest.raises(SkipgramError, match=r"^vector 0 cannot be compared: a vector of zeros"):
        vectors.most_similar(np.zeros(2))
    with pytest.raises(
        SkipgramError, match=r"^2 of 3 words cannot be compared: vector 0, vector 2 "
    ):
        vectors.most_similar_each(np.array([[0.0, 0], [1, 0], [0, 0]]))
    for ask in (vectors.closer_than, vectors.rank):
        for words in (("a", "zero"), ("zero", "a")):
            with pytest.raises(SkipgramError, match=r"'zero' \(a vector of zeros has no direction"):
                ask(*words)


def test_vectors_that_add_up_to_zero_have_no_direction():
    vectors = vectors_of({"a": [1, 0], "minus": [-2, 0], "b": [0, 1]})
    for ask in (
        lambda: vectors.most_similar(["a", "minus"]),
        lambda: vectors.similarity(["a", "minus"], "b"),
        lambda: vectors.similarities(["a", "minus"]),
    ):
        with pytest.raises(SkipgramError, match=r"^the query's vectors add up to zero, which has"):
            ask()


def test_an_analogy_skips_none_of_its_words():
    with pytest.raises(SettingsError, match="an analogy needs all of its words"):
        vectors_of(ROWS).analogy("a", "b", "nobody", unknown="skip")


def test_a_word_without_a_subword_is_unknown_and_one_with_some_is_not():
    subwords = Subwords(np.array([[1.0, 2], [3, 5]], np.float32), 3, 6)
    vectors = vectors_of(ROWS, subwords=subwords)
    assert vectors.most_similar_each(["a", "nobody"])[1]
    with pytest.raises(UnknownWordError, match="has no part of 3 to 6 characters"):
        vectors.most_similar_each(["a", ""])
    with pytest.warns(UserWarning, match="1 of 2 words cannot be compared: ''"):
        assert vectors.most_similar_each(["a", ""], unknown="skip")[1] == []


def test_of_several_vectors_all_unknown_words_are_named():
    vectors = vectors_of(ROWS)
    with pytest.raises(UnknownWordError) as caught:
        vectors[["a", "x", "y", "x"]]
    assert str(caught.value) == "3 of 4 words are not in the vocabulary: 'x', 'y'"
    with pytest.raises(UnknownWordError, match=r"^'x' is not among the 5 words$"):
        vectors[["a", "x"]]
    assert vectors[["zero"]].tolist() == [[0, 0]]


def test_a_word_that_is_excluded_need_not_be_known():
    assert vectors_of(ROWS).most_similar("a", k=1, exclude=["nobody", "c"])[0].word == "b"
