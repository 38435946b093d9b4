"""What vectors answer, against cosines worked out one by one in float64."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, SettingsError, SkipgramError, UnknownWordError
from skipgram.vectors.neighbors import Neighbor
from skipgram.vectors.search import RowSearch, unit_rows
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

seeds = st.integers(0, 2**32)
sizes = st.integers(2, 12)
dims = st.integers(1, 5)

# a and b are at right angles, c lies between them, d opposite to a, e far along b.
PLANE = {"a": [1, 0], "b": [0, 2], "c": [3, 3], "d": [-4, 0], "e": [0, 50]}


def plane() -> WordVectors:
    return vectors_of(PLANE)


def cosine(one: np.ndarray, other: np.ndarray) -> float:
    one, other = one.astype(np.float64), other.astype(np.float64)
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


def length_one(row: np.ndarray) -> np.ndarray:
    row = row.astype(np.float64)
    return row / np.sqrt((row**2).sum())


def assert_are_the_nearest(
    found: Sequence[Neighbor], query: np.ndarray, vectors: WordVectors, k: int, given: set[str]
) -> None:
    """Raise unless `found` are the k words of largest cosine, by a loop over all words."""
    cosines = {word: cosine(vectors[word], query) for word in vectors.words if word not in given}
    best = sorted(cosines.values(), reverse=True)[:k]
    assert len({word for word, _ in found}) == len(found) == len(best)
    assert_close([similarity for _, similarity in found], best, FLOAT32)
    # Near ties may change places, so each word is held to its own cosine.
    assert_close([cosines[word] for word, _ in found], best, FLOAT32)


# The container


def test_a_word_has_its_row():
    vectors = plane()
    for number, (word, row) in enumerate(PLANE.items()):
        assert vectors[word].tolist() == vectors.matrix[number].tolist() == row


def test_the_vectors_know_their_words_and_counts():
    vectors = vectors_of(PLANE, counts=[9, 7, 5, 3, 1])
    assert len(vectors) == 5
    assert vectors.embedding_dim == 2
    assert list(vectors.words) == list(PLANE)
    assert vectors.counts.tolist() == [9, 7, 5, 3, 1]
    assert "a" in vectors
    assert "z" not in vectors
    assert repr(vectors) == "<WordVectors: 5 words × 2 numbers>"


def test_an_unknown_word_is_an_error_with_the_nearest_spellings():
    vectors = vectors_of({"king": [1], "kings": [2], "cat": [3]})
    asked = [
        lambda: vectors["kingg"],
        lambda: vectors.similarity("cat", "kingg"),
        lambda: vectors.similarity("kingg", "cat"),
        lambda: vectors.most_similar("kingg"),
        lambda: vectors.most_similar("cat", ["kingg"]),
        lambda: vectors.analogy("cat", "kingg", "king"),
    ]
    for question in asked:
        with pytest.raises(UnknownWordError) as caught:
            question()
        assert str(caught.value) == "'kingg' is not among the 3 words; did you mean king or kings?"


@pytest.mark.parametrize("shown", ["center", "outside", "sum"])
def test_what_is_shown_is_one_matrix_or_their_sum(shown):
    vectors = random_vectors(1, vocab_size=5, embedding_dim=3, shown=shown)
    V, U = vectors.center, vectors.outside
    expected = {"center": V, "outside": U, "sum": V + U}[shown]
    assert_close(vectors.matrix, expected, EXACT)
    assert_close(vectors["w3"], expected[3], EXACT)
    assert_close(np.asarray(vectors), expected, EXACT)
    assert vectors.similarity("w0", "w1") == pytest.approx(
        cosine(expected[0], expected[1]), abs=1e-6
    )


def test_vectors_are_an_array_in_numpy():
    vectors = plane()
    assert np.asarray(vectors) is vectors.matrix
    assert np.shares_memory(np.array(vectors, copy=None), vectors.matrix)
    assert np.asarray(vectors, np.float64).dtype == np.float64
    assert np.asarray(vectors, np.float64).tolist() == vectors.matrix.tolist()


def test_a_copy_of_the_vectors_is_the_callers_own():
    vectors = plane()
    mine = np.array(vectors, copy=True)
    mine[:] = 0
    assert vectors["c"].tolist() == [3, 3]


@pytest.mark.skipif(int(np.__version__.split(".")[0]) < 2, reason="NumPy 1 copies if needed")
def test_vectors_that_may_not_be_copied_are_not():
    vectors = plane()
    assert np.shares_memory(np.array(vectors, copy=False), vectors.matrix)
    with pytest.raises(ValueError, match="copy"):
        np.array(vectors, np.float64, copy=False)


@pytest.mark.parametrize("shown", ["center", "outside", "sum"])
def test_all_arrays_are_read_only(shown):
    vectors = random_vectors(1, vocab_size=4, embedding_dim=3, shown=shown)
    names = ("center", "outside", "noise", "outside_marginal", "counts", "matrix", "unit")
    for array in [*(getattr(vectors, name) for name in names), vectors["w1"], np.asarray(vectors)]:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize(
    ("name", "shape", "text"),
    [
        ("center", (2, 4), "center has shape (2, 4); 3 words need (3, 4)"),
        ("center", (3,), "center has shape (3,); it needs one row per word"),
        ("outside", (3, 5), "outside has shape (3, 5); 3 words need (3, 4)"),
        ("outside", (3,), "outside has shape (3,); 3 words need (3, 4)"),
        ("noise", (2,), "noise has shape (2,); 3 words need (3,)"),
        ("noise", (3, 4), "noise has shape (3, 4); 3 words need (3,)"),
        ("outside_marginal", (3, 1), "outside_marginal has shape (3, 1); 3 words need (3,)"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(name, shape, text):
    arrays = {
        "center": np.zeros((3, 4), np.float32),
        "outside": np.zeros((3, 4), np.float32),
        "noise": np.zeros(3),
        "outside_marginal": np.zeros(3),
        name: np.zeros(shape),
    }
    with pytest.raises(FormatError) as caught:
        WordVectors(Vocabulary(["a", "b", "c"], np.arange(3)), **arrays)
    assert str(caught.value) == text


def test_only_four_things_can_be_shown():
    with pytest.raises(
        SettingsError, match=r"^shown is 'both', not one of: center, outside, sum, spelled$"
    ):
        vectors_of(PLANE, shown="both")


# Unit rows and nearest rows


@law
@given(seeds, sizes, dims, st.integers(-36, 36))
def test_unit_rows_have_length_one_however_long_the_rows_are(seed, rows, columns, exponent):
    matrix = np.random.default_rng(seed).standard_normal((rows, columns)) * 10.0**exponent
    matrix = matrix.astype(np.float32)
    unit = unit_rows(matrix)
    assert unit.dtype == np.float32
    assert_close(unit, [length_one(row) for row in matrix], FLOAT32)


def test_a_row_of_zeros_stays_one():
    assert unit_rows(np.array([[0, 0], [0, -3]], np.float32)).tolist() == [[0, 0], [0, -1]]


@law
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=12), st.integers(0, 14))
def test_equal_cosines_stand_in_the_order_of_their_ids(cosines, k):
    # The first number is 0 for a row of length 1 in every case but that of zeros.
    rows = np.array([[0 if cosine else 1, cosine] for cosine in cosines], np.float32)
    found = RowSearch(rows).nearest(np.array([[0, 2.0]]), max(1, k))
    expected = sorted(range(len(cosines)), key=lambda number: -cosines[number])[: max(1, k)]
    assert found.ids[0, : len(expected)].tolist() == expected
    assert found.similarities[0, : len(expected)].tolist() == [cosines[at] for at in expected]


@law
@given(st.sets(st.integers(0, 5)), st.integers(1, 8))
def test_what_is_not_allowed_is_no_answer(left_out, k):
    rows = np.random.default_rng(1).standard_normal((6, 3)).astype(np.float32)
    allowed = np.array([number not in left_out for number in range(6)])
    found = RowSearch(rows).nearest(np.ones((1, 3)), k, allowed=allowed)
    ids = set(found.ids[0].tolist()) - {-1}
    assert len(ids) == min(k, 6 - len(left_out))
    assert not left_out & ids
    assert np.isfinite(found.similarities[found.ids >= 0]).all()


# Similarity


def test_similarities_in_the_plane():
    vectors = plane()
    assert vectors.similarity("a", "b") == 0
    assert vectors.similarity("a", "d") == -1
    assert vectors.similarity("b", "e") == 1
    assert vectors.similarity("a", "c") == pytest.approx(0.5**0.5, abs=1e-6)


@law
@given(seeds, sizes, dims)
def test_the_similarity_is_the_cosine(seed, words, columns):
    vectors = random_vectors(seed, words, columns)
    for one, other in [("w0", "w1"), ("w1", "w0"), ("w1", "w1")]:
        expected = cosine(vectors[one], vectors[other])
        assert_close(vectors.similarity(one, other), expected, FLOAT32)


def test_no_similarity_is_beyond_one():
    random, beyond = np.random.default_rng(1), 0
    for _ in range(100):
        row = random.standard_normal(3)
        vectors = vectors_of({"one": row, "same": 3 * row, "opposite": -row})
        beyond += vectors.unit[0] @ vectors.unit[1] > 1
        found = dict(vectors.most_similar("one"))
        for similarity in (vectors.similarity("one", "same"), found["same"]):
            assert 1 - 1e-6 < similarity <= 1
        for similarity in (vectors.similarity("one", "opposite"), found["opposite"]):
            assert -1 <= similarity < -1 + 1e-6
    assert beyond  # as float32 rounds, some would have been


# Neighbours


def test_neighbours_in_the_plane():
    neighbors = plane().most_similar("a", k=4)
    assert [word for word, _ in neighbors] == ["c", "b", "e", "d"]
    assert_close([similarity for _, similarity in neighbors], [0.5**0.5, 0, 0, -1], FLOAT32)
    assert isinstance(neighbors[0], Neighbor)
    assert isinstance(neighbors[0].similarity, float)


@law
@given(seeds, sizes, dims, st.integers(1, 15), st.data())
def test_the_neighbours_are_those_of_a_loop_over_all_words(seed, words, columns, k, data):
    vectors = random_vectors(seed, words, columns)
    some = st.lists(st.sampled_from(list(vectors.words)), max_size=3)
    positive, negative = data.draw(some), data.draw(some)
    query = np.zeros(columns)
    for word in positive:
        query += length_one(vectors[word])
    for word in negative:
        query -= length_one(vectors[word])
    if not positive and not negative:
        with pytest.raises(SettingsError, match=r"^no words to find neighbours of$"):
            vectors.most_similar(positive, negative, k)
    elif np.linalg.norm(query) < 1e-5:  # in one dimension all unit vectors are ±1
        with pytest.raises(SkipgramError, match="add up to zero"):
            vectors.most_similar(positive, negative, k)
    elif np.linalg.norm(query) > 1e-2:  # in between, rounding turns the query
        found = vectors.most_similar(positive, negative, k)
        assert_are_the_nearest(found, query, vectors, k, {*positive, *negative})


def test_the_words_of_the_query_are_no_answer():
    words = {word for word, _ in plane().most_similar(["a", "b"], ["d"], k=9)}
    assert words == {"c", "e"}


def test_fewer_come_back_where_there_are_fewer_words():
    assert len(plane().most_similar("a", k=99)) == 4
    assert plane().most_similar(list(PLANE), k=3) == []


@pytest.mark.parametrize("k", [0, -1])
def test_less_than_one_neighbour_is_refused(k):
    with pytest.raises(SettingsError, match=f"^k must be at least 1, not {k}$"):
        plane().most_similar("a", k=k)


def test_a_word_given_twice_counts_twice():
    once, twice = plane().most_similar(["a", "c"], k=9), plane().most_similar(["a", "a", "c"], k=9)
    assert dict(twice)["d"] < dict(once)["d"]
    weighted = 2 * length_one(plane()["a"]) + length_one(plane()["c"])
    assert_are_the_nearest(twice, weighted, plane(), 9, {"a", "c"})
    assert plane().most_similar(["a", "a"]) == plane().most_similar("a")


def test_a_word_both_added_and_subtracted_cancels_out_and_is_no_answer():
    found = plane().most_similar(["a", "b"], ["b"], k=9)
    assert found == [pair for pair in plane().most_similar("a", k=9) if pair.word != "b"]


def test_a_query_that_cancels_out_is_refused_in_any_order():
    vectors = random_vectors(3, vocab_size=6, embedding_dim=7)
    for negative in (["w0", "w1", "w2"], ["w2", "w1", "w0"], ["w1", "w2", "w0"]):
        with pytest.raises(SkipgramError) as caught:
            vectors.most_similar(["w0", "w1", "w2"], negative)
        assert str(caught.value) == "the query's vectors add up to zero, which has no direction"


def test_parallel_vectors_that_cancel_out_but_for_rounding_are_refused():
    vectors = vectors_of({"a": [1.8, 1.3], "b": [5.4, 3.9], "c": [1, 1]})
    assert vectors.unit[0].tolist() != vectors.unit[1].tolist()
    with pytest.raises(SkipgramError, match="add up to zero"):
        vectors.most_similar("a", "b")


def test_a_vector_of_zeros_is_never_an_answer():
    vectors = vectors_of({"a": [1, 0], "zero": [0, 0], "b": [1, 1], "c": [-1, 0.5]})
    for found in (
        vectors.most_similar("a"),
        vectors.most_similar("a", first_words=3, k=1),
        vectors.most_similar("a", combine="multiply"),
        vectors.most_similar_each(["a"] * 20)[19],
        vectors.with_index().most_similar("a", approximate=True),
    ):
        words = [word for word, _ in found]
        assert words == ["b", "c"][: len(words)]
    assert len(vectors.most_similar("a")) == 2
    assert vectors.closer_than("a", "c") == ["b"]
    assert vectors.rank("a", "c") == 2
    assert vectors.similarities("a").tolist() == pytest.approx([1, 0, 0.5**0.5, -(0.8**0.5)])


# Analogies


def test_an_analogy_in_the_plane():
    vectors = vectors_of(
        {
            "man": [1, 0, 0],
            "woman": [1, 1, 0],
            "king": [1, 0, 1],
            "queen": [1, 1, 1],
            "x": [0, 0, 1],
        }
    )
    assert [word for word, _ in vectors.analogy("man", "woman", "king")] == ["queen"]
    assert len(vectors.analogy("man", "woman", "king", k=5)) == 2


@law
@given(seeds, st.integers(4, 12), st.integers(2, 5), st.integers(1, 5), st.data())
def test_an_analogy_is_3cosadd(seed, words, columns, k, data):
    vectors = random_vectors(seed, words, columns)
    a, b, c = (data.draw(st.sampled_from(list(vectors.words))) for _ in range(3))
    query = length_one(vectors[b]) - length_one(vectors[a]) + length_one(vectors[c])
    if np.linalg.norm(query) < 1e-2:
        return
    found = vectors.analogy(a, b, c, k)
    assert_are_the_nearest(found, query, vectors, k, {a, b, c})
    # The same by 3CosAdd as it was written: the largest cos(d, b) − cos(d, a) + cos(d, c).
    sums = {
        d: cosine(vectors[d], vectors[b])
        - cosine(vectors[d], vectors[a])
        + cosine(vectors[d], vectors[c])
        for d in vectors.words
        if d not in {a, b, c}
    }
    if sums:
        assert_close(sums[found[0].word], max(sums.values()), 3 * FLOAT32)


def test_several_words_give_a_row_each_and_iterating_gives_the_words():
    vectors = random_vectors(2, vocab_size=7, embedding_dim=3)
    rows = vectors[["w5", "w0", "w5"]]
    np.testing.assert_array_equal(rows, [vectors["w5"], vectors["w0"], vectors["w5"]])
    assert list(vectors) == list(vectors.words)
    assert [word in vectors for word in vectors] == [True] * 7


def test_the_arrays_that_were_given_stay_writeable():
    matrix = np.ones((2, 3), np.float32)
    share = np.full(2, 0.5)
    counts = np.array([2, 1])
    vectors = WordVectors(Vocabulary(["a", "b"], counts), matrix, matrix, share, share)
    assert not vectors.center.flags.writeable
    assert not vectors.counts.flags.writeable
    assert matrix.flags.writeable
    assert share.flags.writeable
    assert counts.flags.writeable
