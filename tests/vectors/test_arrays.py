"""Vectors from words and arrays: what other programs hold, or what is refused of it."""

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors
from skipgram.errors import FormatError, SettingsError
from skipgram.vectors.word_vectors import WordVectors

ROWS = [[1, 2], [3, 4], [5, 6]]
WORDS = ["owl", "new york", "straße"]


@pytest.mark.parametrize("dtype", ["float32", "float64", "float16", "int8", "uint64", ">f8"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_numbers_of_any_kind_become_float32(dtype, order):
    vectors = WordVectors.from_arrays(WORDS, np.array(ROWS, dtype, order=order))
    assert vectors.center.dtype == np.float32
    assert vectors.center.flags.c_contiguous
    assert vectors.matrix.tolist() == ROWS
    assert list(vectors.words) == WORDS
    assert vectors.counts.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "words",
    [tuple(WORDS), np.array(WORDS), np.array(WORDS, object), (word for word in WORDS)],
    ids=["tuple", "array", "objects", "generator"],
)
def test_words_are_any_sequence_of_text_and_rows_may_be_lists(words):
    vectors = WordVectors.from_arrays(words, ROWS, [3, 2, 1])
    assert list(vectors.words) == WORDS
    assert all(type(word) is str for word in vectors.words)
    assert vectors["straße"].tolist() == [5, 6]
    assert vectors.counts.tolist() == [3, 2, 1]


def test_a_frame_of_pandas_is_words_and_rows():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(ROWS, index=WORDS, dtype=float)
    vectors = WordVectors.from_arrays(frame.index, frame, pandas.Series([3, 2, 1]))
    assert vectors["new york"].tolist() == [3, 4]
    assert vectors.counts.tolist() == [3, 2, 1]


def test_what_was_given_is_copied():
    rows, counts = np.array(ROWS, np.float32), np.array([3, 2, 1])
    vectors = WordVectors.from_arrays(WORDS, rows, counts)
    rows[:] = 0
    assert vectors.matrix.tolist() == ROWS
    with pytest.raises(ValueError, match="read-only"):
        vectors.center[0, 0] = 1


def test_they_are_asked_saved_and_loaded_like_others(tmp_path):
    given = random_vectors(1, 20, 4)
    vectors = WordVectors.from_arrays(given.words, given.center, given.counts)
    assert vectors.most_similar("w3") == given.most_similar("w3")
    vectors.save(tmp_path / "vectors")
    loaded = skipgram.load(tmp_path / "vectors")
    np.testing.assert_array_equal(loaded.matrix, given.matrix)
    assert loaded.counts.tolist() == given.counts.tolist()


@pytest.mark.parametrize(
    ("words", "rows", "counts", "text"),
    [
        (WORDS[:2], ROWS, None, "the matrix: 2 words for rows of shape (3, 2); it needs two axes"),
        ([], ROWS, None, "the matrix: 0 words for rows of shape (3, 2)"),
        (WORDS, [1.0, 2.0, 3.0], None, "the matrix: 3 words for rows of shape (3,); it needs two"),
        (WORDS, np.zeros((3, 2, 2)), None, "the matrix: 3 words for rows of shape (3, 2, 2)"),
        (WORDS, np.zeros((3, 0)), None, "the matrix: 3 words for rows of shape (3, 0)"),
        (WORDS, None, None, "the matrix: 3 words for rows of shape ()"),
        (WORDS, [[1, 2], [3], [4]], None, "the matrix: the rows are not numbers: "),
        (WORDS, [["1"], ["2"], ["3"]], None, "the matrix: the rows are not numbers: they are of"),
        (WORDS, np.zeros((3, 2), bool), None, "the matrix: the rows are not numbers: they are of"),
        (WORDS, np.zeros((3, 2), complex), None, "the matrix: rows of complex numbers; take"),
        (
            WORDS,
            [[1, 2], [3, np.nan], [5, 6]],
            None,
            "the matrix: number 2 of 2 of the word 'new york' is nan; fix the vectors",
        ),
        (WORDS, [[1e39, 2], [3, 4], [5, 6]], None, "the matrix: number 1 of 2 of the word 'owl'"),
        (["a", "b", "a"], ROWS, None, "the words: the word 'a' appears twice"),
        (["a", "", "b"], ROWS, None, "word 2 of 3: the word is empty"),
        (WORDS, ROWS, [1, 2], "3 words and 2 counts; give one for each"),
        (WORDS, ROWS, [1, 2, 0.5], "the count of 'straße' is 0.5, not a whole number"),
        (WORDS, ROWS, [1, -2, 0], "the count of 'new york' is -2; counts are from 0 to"),
        (WORDS, ROWS, np.array([1, -2, 0]), "vocabulary: 'new york' has count -2, below 0"),
        (WORDS, ROWS, np.ones(3), "counts are float64 of shape (3,); 3 words need whole numbers"),
    ],
)
def test_what_makes_no_vectors_is_refused_with_what_is_wrong(words, rows, counts, text):
    with pytest.raises(FormatError) as caught:
        WordVectors.from_arrays(words, rows, counts)
    assert str(caught.value).startswith(text)


@pytest.mark.parametrize("words", [[b"owl", "a", "b"], ["owl", None, "b"], None])
def test_words_that_are_not_text_are_refused(words):
    with pytest.raises(SettingsError, match="a word is text"):
        WordVectors.from_arrays(words, ROWS)
