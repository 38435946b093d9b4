"""What vectors can be asked, against slow loops and against what their authors wrote."""

import os
import pickle
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import SettingsError, UnknownWordError
from skipgram.vectors import queries
from skipgram.vectors.neighbors import (
    NeighborArrays,
)

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=40)

seeds = st.integers(0, 2**32)

PLANE = {"a": [1, 0], "b": [0, 2], "c": [3, 3], "d": [-4, 0], "e": [0, 50]}


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    one, other = one.astype(np.float64), other.astype(np.float64)
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


# Many at once


@law
@given(seeds, st.integers(2, 30), st.integers(1, 6), st.integers(1, 8))
def test_many_words_at_once_are_each_asked_alone(seed, words, columns, k):
    vectors = random_vectors(seed, words, columns)
    together = vectors.most_similar_each(list(vectors.words), k)
    for word, found in zip(vectors.words, together, strict=True):
        alone = vectors.most_similar(word, k=k)
        assert_close(
            [near.similarity for near in found], [near.similarity for near in alone], FLOAT32
        )
        cosines = {other: cosine(vectors[other], vectors[word]) for other in vectors.words}
        assert_close(
            [near.similarity for near in found], [cosines[near.word] for near in found], FLOAT32
        )
        assert word not in {near.word for near in found}


@law
@given(seeds, st.integers(2, 30), st.integers(1, 6), st.integers(1, 40))
def test_answers_as_arrays_are_those_of_the_lists(seed, words, columns, k):
    vectors = random_vectors(seed, words, columns)
    asked = [*vectors.words, vectors["w1"]]
    arrays = vectors.most_similar_each(asked, k, exclude=["w0"], as_arrays=True)
    assert isinstance(arrays, NeighborArrays)
    assert (arrays.ids.dtype, arrays.similarities.dtype) == (np.int64, np.float32)
    assert arrays.ids.shape == arrays.similarities.shape == (len(asked), k)
    np.testing.assert_array_equal(np.isnan(arrays.similarities), arrays.ids == -1)
    for found, ids, similarities in zip(
        vectors.most_similar_each(asked, k, exclude=["w0"]), *arrays, strict=True
    ):
        assert found == [
            (vectors.words[number], similarity)
            for number, similarity in zip(ids.tolist(), similarities.tolist(), strict=True)
            if number >= 0
        ]
        assert (ids[len(found) :] == -1).all(), "what is missing is behind the answers"


@pytest.mark.parametrize("k", [10**15, 10**30])
def test_arrays_that_no_memory_holds_are_refused(k):
    with pytest.raises(SettingsError, match=r"^2 queries with 1,000,.* need more memory than"):
        vectors_of(PLANE).most_similar_each(["a", "b"], k, as_arrays=True)


def test_arrays_name_no_word():
    class NoWords(list):
        def __getitem__(self, number):
            raise AssertionError("a word was asked for")

    vectors = random_vectors(1, 20, 3)
    words = list(vectors.words)
    object.__setattr__(vectors.vocabulary, "words", NoWords(words))
    with pytest.raises(AssertionError, match="a word was asked for"):
        vectors.most_similar_each(words, 3)
    assert vectors.most_similar_each(words, 3, as_arrays=True).ids.shape == (20, 3)


def test_vectors_are_queries_as_words_are():
    vectors = vectors_of(PLANE)
    asked = vectors.most_similar(np.array([0.0, 7]), k=2)
    assert [near.word for near in asked] == ["b", "e"]
    assert vectors.most_similar_each(np.array([[0.0, 7], [-1, 0]]), 1) == [
        [("b", 1.0)],
        [("d", 1.0)],
    ]
    both = vectors.most_similar(["a", np.array([0.0, 1])], k=1)
    assert both[0].word == "c"
    assert vectors.most_similar(np.eye(2), k=1)[0].word == "c"


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (np.ones(3), "a query's vector has shape (3,); expected (2,)"),
        (np.array([np.nan, 1]), "a query's vector holds nan or infinity"),
        (np.array([np.inf, 1]), "a query's vector holds nan or infinity"),
    ],
)
def test_a_vector_that_is_no_query_is_refused(query, text):
    with pytest.raises(SettingsError) as caught:
        vectors_of(PLANE).most_similar(query)
    assert str(caught.value) == text


def test_no_queries_have_no_answers():
    assert vectors_of(PLANE).most_similar_each([]) == []
    assert vectors_of(PLANE).most_similar_each([], 3, as_arrays=True).ids.shape == (0, 3)


def test_many_words_may_come_from_an_iterator_and_one_is_one():
    vectors = vectors_of(PLANE)
    assert vectors.most_similar_each(iter(["a", "b"])) == vectors.most_similar_each(["a", "b"])
    assert vectors.most_similar_each("a") == [vectors.most_similar("a")]


def test_k_beyond_the_vocabulary_gives_all_words():
    vectors = vectors_of(PLANE)
    assert len(vectors.most_similar("a", k=10**12)) == 4
    assert [len(found) for found in vectors.most_similar_each(["a", "b"], 10**12)] == [4, 4]


TWO_THAT_OVERLAP = """if True:
    import threading

    import numpy as np
    from threadpoolctl import threadpool_info

    from skipgram.corpus.vocabulary.vocabulary import Vocabulary
    from skipgram.vectors.rows import CompactRows
    from skipgram.vectors.word_vectors import WordVectors

    one_is_in, other_is_in, one_is_done = (threading.Event() for _ in range(3))

    class Meeting(CompactRows):
        '''Rows where the first batch waits for the second to come, and that for its end.'''

        def __getitem__(self, rows):
            is_searched = armed and isinstance(rows, slice)
            if is_searched and not one_is_in.is_set():
                one_is_in.set()
                other_is_in.wait(5)
            elif is_searched and not other_is_in.is_set():
                other_is_in.set()
                one_is_done.wait(5)
            return super().__getitem__(rows)

    def ask():
        vectors.most_similar_each(np.eye(4))

    armed = False
    rows = Meeting.of(np.random.default_rng(1).standard_normal((9, 4)), "float16")
    vectors = WordVectors(Vocabulary([*"abcdefghi"], np.ones(9, np.int64)), rows)
    vectors.most_similar("a")  # works out what is kept
    armed = True
    one, other = threading.Thread(target=ask), threading.Thread(target=ask)
    one.start()
    one_is_in.wait(5)
    other.start()
    one.join()
    one_is_done.set()
    other.join()
    print([pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"])
    """


def test_batches_from_several_threads_leave_blas_its_threads():
    # In a process of its own: once the main thread has set a limit, OpenBLAS heeds no other thread.
    command = [sys.executable, "-c", TWO_THAT_OVERLAP]
    two_threads = os.environ | {"OPENBLAS_NUM_THREADS": "2"}
    seen = subprocess.run(command, check=True, capture_output=True, text=True, env=two_threads)
    assert seen.stdout.strip() == "[2]"


# Filters


def test_answers_are_among_the_first_words_by_count():
    vectors = vectors_of(PLANE, counts=[1, 2, 9, 8, 7])
    assert {near.word for near in vectors.most_similar("a", first_words=3)} == {"c", "d", "e"}
    assert vectors.most_similar("a", k=1, first_words=1)[0].word == "c"
    with pytest.raises(SettingsError, match=r"^first_words must be at least 1, not 0$"):
        vectors.most_similar("a", first_words=0)


@law
@given(seeds, st.integers(1, 30), st.integers(1, 30), st.integers(1, 5))
def test_a_matrix_of_similarities_has_each_pairs_cosine(seed, rows, columns, dim):
    vectors = random_vectors(seed, 30, dim)
    one, other = list(vectors.words)[:rows], list(vectors.words)[-columns:]
    found = vectors.similarity_matrix(one, other)
    assert (found.shape, found.dtype) == ((rows, columns), np.float32)
    for row, word in zip(found, one, strict=True):
        assert_close(row, vectors.similarities(word, other), FLOAT32)
    of_vectors = vectors.similarity_matrix(vectors[one], vectors[other])
    assert_close(of_vectors, found, FLOAT32)
    assert_close(vectors.similarity_matrix(one), vectors.similarity_matrix(one, one), FLOAT32)


def test_a_large_matrix_of_similarities_is_computed_some_rows_at_a_time(monkeypatch):
    vectors = random_vectors(1, vocab_size=30, embedding_dim=4)
    whole = vectors.similarity_matrix(list(vectors.words))
    monkeypatch.setattr(queries, "_ROWS_AT_ONCE", 7)
    assert_close(vectors.similarity_matrix(list(vectors.words)), whole, FLOAT32)
    assert vectors.similarity_matrix([], "w1").shape == (0, 1)


def test_excluded_words_are_no_answer_and_unknown_ones_no_matter():
    vectors = vectors_of(PLANE)
    found = vectors.most_similar("a", k=9, exclude=["c", "nobody"])
    assert [near.word for near in found] == ["b", "e", "d"]
    assert [near.word for near in vectors.most_similar("a", k=9, exclude="c")] == ["b", "e", "d"]
    both = vectors.most_similar_each(["a", "b"], 9, exclude=["c"], first_words=4)
    assert [{near.word for near in found} for found in both] == [{"b", "d"}, {"a", "d"}]


def test_many_answers_to_many_queries_are_found_a_few_queries_at_a_time(monkeypatch):
    vectors = random_vectors(1, vocab_size=30, embedding_dim=4)
    together = vectors.most_similar_each(list(vectors.words), 99, exclude=["w3", "w4"])
    monkeypatch.setattr(queries, "_ANSWERS_AT_ONCE", 70)  # two queries of 33
    for found, few in zip(
        together,
        vectors.most_similar_each(list(vectors.words), 99, exclude=["w3", "w4"]),
        strict=True,
    ):
        assert len(found) in (27, 28)
        assert [near.word for near in found] == [near.word for near in few]
        assert not {"w3", "w4"} & {near.word for near in found}


# 3CosMul


@law
@given(seeds, st.integers(4, 15), st.integers(2, 5), st.integers(1, 5))
def test_an_analogy_by_products_is_3cosmul(seed, words, columns, k):
    vectors = random_vectors(seed, words, columns)
    a, b, c = "w0", "w1", "w2"
    scores = {
        d: (1 + cosine(vectors[d], vectors[b]))
        / 2
        * (1 + cosine(vectors[d], vectors[c]))
        / 2
        / ((1 + cosine(vectors[d], vectors[a])) / 2 + 0.001)
        for d in vectors.words
        if d not in {a, b, c}
    }
    found = vectors.analogy(a, b, c, k, combine="multiply")
    best = sorted(scores.values(), reverse=True)[:k]
    # Dividing by as little as .001 makes a rounding a thousand times as large.
    assert_close([near.similarity for near in found], best, 1000 * FLOAT32)
    assert_close([scores[near.word] for near in found], best, 1000 * FLOAT32)


def test_3cosmul_asks_all_words_exactly():
    vectors = vectors_of(PLANE)
    assert {near.word for near in vectors.most_similar("a", combine="multiply", first_words=2)} == {
        "b"
    }
    with pytest.raises(SettingsError, match="3CosMul compares all words"):
        vectors.most_similar("a", combine="multiply", approximate=True)
    with pytest.raises(SettingsError, match="combine 'max' is not one of: add, multiply"):
        vectors.most_similar("a", combine="max")


# Cosines


@law
@given(seeds, st.integers(2, 9), st.integers(1, 5))
def test_similarities_and_distances_are_cosines_with_all_words_or_some(seed, words, columns):
    vectors = random_vectors(seed, words, columns)
    expected = [cosine(vectors["w1"], vectors[word]) for word in vectors.words]
    assert_close(vectors.similarities("w1"), expected, FLOAT32)
    assert_close(vectors.distances("w1"), 1 - np.array(expected), FLOAT32)
    assert_close(vectors.similarities("w1", ["w1", "w0"]), [expected[1], expected[0]], FLOAT32)
    assert_close(vectors.distances("w1", ["w0"]), [1 - expected[0]], FLOAT32)
    assert_close(vectors.distance("w1", "w0"), 1 - expected[0], FLOAT32)


def test_the_centroid_is_the_mean_of_unit_vectors():
    vectors = vectors_of(PLANE)
    assert_close(vectors.centroid(["a", "b"]), [0.5, 0.5], FLOAT32)
    assert_close(vectors.centroid(["a", "e"], weights=[3, 1]), [0.75, 0.25], FLOAT32)
    assert_close(vectors.centroid("e"), [0, 1], FLOAT32)
    assert_close(vectors.similarity(["a", "b"], "c"), 1, FLOAT32)
    assert_close(vectors.similarity(["a", "b"], ["d"]), -(0.5**0.5), FLOAT32)
    with pytest.raises(SettingsError, match=r"^1 weights for 2 words$"):
        vectors.centroid(["a", "b"], weights=[1])
    for weights in ([1, -1], [float("nan"), 1], [float("inf"), 1]):
        with pytest.raises(
            SettingsError, match=r"^weights add up to .*; for a mean their sum must not be 0"
        ):
            vectors.centroid(["a", "b"], weights=weights)
    with pytest.raises(SettingsError, match=r"^no words to take a centroid of$"):
        vectors.centroid([])
    with pytest.raises(SettingsError, match=r"^no words to compare$"):
        vectors.similarity([], "a")


@law
@given(seeds, st.integers(3, 12), st.integers(2, 5))
def test_what_is_closer_and_its_rank_go_by_cosine(seed, words, columns):
    vectors = random_vectors(seed, words, columns)
    cosines = {word: cosine(vectors["w0"], vectors[word]) for word in vectors.words}
    if len({round(value, 5) for value in cosines.values()}) < words:
        return
    ordered = sorted(set(vectors.words) - {"w0"}, key=lambda word: -cosines[word])
    for place, word in enumerate(ordered):
        assert vectors.closer_than("w0", word) == ordered[:place]
        assert vectors.rank("w0", word) == place + 1


def test_the_word_that_does_not_match_is_farthest_from_the_centroid():
    vectors = vectors_of({"one": [1, 0.1], "two": [1, 0], "three": [1, -0.1], "odd": [0.2, 1]})
    assert vectors.doesnt_match(["one", "odd", "two", "three"]) == "odd"
    for words in (["one"], "one", []):
        with pytest.raises(SettingsError, match="give two or more"):
            vectors.doesnt_match(words)
    with pytest.raises(UnknownWordError, match="'nobody'"):
        vectors.doesnt_match(["one", "nobody"])


def test_an_index_that_is_not_there_is_told_with_how_to_build_it():
    with pytest.raises(
        SettingsError, match=r"build one: vectors.with_index\(\), or `skipgram index"
    ):
        vectors_of(PLANE).most_similar("a", approximate=True)


# Words by their spelling


def test_answers_say_which_words_of_the_query_were_spelled():
    vectors = spelled_vectors()
    assert vectors.most_similar("walks").spelled == ()
    found = vectors.most_similar(["walks", "helpings"], ["painty"], k=2)
    assert found.spelled == ("helpings", "painty")
    assert str(found).splitlines()[-1] == (
        "not in the vocabulary; vectors made from the spelling: helpings, painty"
    )
    assert "made from the spelling: helpings, painty</p>" in found._repr_html_()
    assert pickle.loads(pickle.dumps(found)).spelled == found.spelled
    each = vectors.most_similar_each(["walks", "helpings", vectors["walks"]], k=2)
    assert [answer.spelled for answer in each] == [(), ("helpings",), ()]
    assert each[1] == vectors.most_similar("helpings", k=2)
    assert vectors.most_similar("helpings", combine="multiply").spelled == ("helpings",)
    assert vectors.analogy("walk", "walks", "helpings").spelled == ("helpings",)


def test_every_query_takes_a_spelled_word():
    vectors = spelled_vectors()
    row = vectors["helpings"]
    assert vectors.similarity("helpings", "help") == pytest.approx(
        vectors.similarity(row, "help"), abs=1e-6
    )
    assert_close(vectors.similarities("helpings"), vectors.similarities(row), FLOAT32)
    assert_close(vectors[["walks", "helpings"]], np.stack([vectors["walks"], row]), FLOAT32)
    assert vectors.doesnt_match(["helping", "helpings", "rains"]) == "rains"


def test_words_that_cannot_be_spelled_are_unknown_among_those_that_can():
    vectors = spelled_vectors()
    with pytest.raises(UnknownWordError, match="2 of 4 words cannot be compared: 'xyz', 'qqq'"):
        vectors.most_similar(["walks", "helpings", "xyz", "qqq"])
    with pytest.warns(UserWarning, match="1 of 2 words cannot be compared: 'xyz'"):
        assert vectors.most_similar(["helpings", "xyz"], unknown="skip").spelled == ("helpings",)
