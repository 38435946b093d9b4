"""Hubness: counts of neighbours against all cosines, the moments against SciPy's, and edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import skew

from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError
from skipgram.evaluation.hubness import hubness

law = settings(deadline=None, max_examples=30)

# "hub" is the nearest of all others, and "a" is the hub's.
STAR = {"hub": [1, 0, 0], "a": [3, 1, 0], "b": [3, -1.2, 0], "c": [3, 0, 1.5], "d": [3, 0, -1.6]}


def counts_by_all_cosines(vectors, words: list[str], k: int) -> list[int]:
    unit = np.array([vectors.vector(word) for word in words], np.float64)
    unit /= np.linalg.norm(unit, axis=1, keepdims=True)
    cosines = unit @ unit.T
    np.fill_diagonal(cosines, -np.inf)
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :k]
    return [int((nearest == number).sum()) for number in range(len(words))]


@law
@given(st.integers(0, 2**32), st.integers(2, 60), st.integers(1, 12))
def test_counts_and_moments_are_those_of_all_cosines(seed, size, k):
    vectors = random_vectors(seed, vocab_size=size, embedding_dim=4)
    k = min(k, size - 1)
    found = hubness(vectors, k=k)
    expected = counts_by_all_cosines(vectors, list(vectors), k)
    assert found.counts.tolist() == expected
    assert found.counts.mean() == k
    assert found.anti_hubs == expected.count(0) / size
    if len(set(expected)) > 1:
        assert_close(found.skewness, skew(expected), EXACT)
    else:
        assert found.skewness is None
    assert [count for _, count in found.hubs] == sorted(expected, reverse=True)[:10]


def test_a_hub_by_hand():
    found = hubness(vectors_of(STAR), k=1)
    assert found.counts.tolist() == [4, 1, 0, 0, 0]
    assert found.hubs[:2] == (("hub", 4), ("a", 1))
    assert found.anti_hubs == 0.6
    deviations = np.array([3, 0, -1, -1, -1])
    assert_close(found.skewness, (deviations**3).mean() / (deviations**2).mean() ** 1.5, EXACT)


def test_only_the_most_frequent_words_are_searched_and_are_neighbours():
    vectors = random_vectors(1, 40, 3, counts=list(range(1, 41)))
    found = hubness(vectors, first_words=30, k=5)
    words = [f"w{number}" for number in range(39, 9, -1)]
    assert found.counts.tolist() == counts_by_all_cosines(vectors, words, 5)
    assert (found.words, hubness(vectors, first_words=41).words) == (30, 40)


def test_the_length_of_a_vector_does_not_matter():
    longer = {word: [1e25 * x for x in row] for word, row in STAR.items()}
    assert hubness(vectors_of(longer), k=1).counts.tolist() == [4, 1, 0, 0, 0]


def test_compact_vectors_are_searched_as_they_are():
    vectors = random_vectors(2, vocab_size=50, embedding_dim=4)
    compact = hubness(vectors.compact("float16")).counts
    assert np.abs(compact - hubness(vectors).counts).sum() <= 10


def test_many_dimensions_have_more_hubs_than_few_where_vectors_share_a_direction():
    random = np.random.default_rng(1)
    of_few, of_many = (
        hubness(vectors_of({f"w{row}": random.normal(0.5, 1, dim) for row in range(1_000)}))
        for dim in (3, 200)
    )
    assert of_few.skewness < 0.5 < 2 < of_many.skewness
    assert of_few.anti_hubs < of_many.anti_hubs


def test_equal_vectors_have_neighbours_too_and_none_is_its_own():
    found = hubness(vectors_of({f"w{number}": [1, 2] for number in range(20)}), k=3)
    # Of equal distances the first are taken: w0, w1 and w2, or w3 for one of these.
    assert found.counts.tolist() == [19, 19, 19, 3] + [0] * 16


def test_words_that_are_all_neighbours_alike_have_no_skewness():
    found = hubness(vectors_of({"a": [1, 0], "b": [0, 1]}), k=1)
    assert (found.skewness, found.anti_hubs) == (None, 0.0)
    assert "skewness none" in str(found)


def test_words_whose_vector_is_zero_are_left_out_and_told():
    found = hubness(vectors_of({"zero": [0, 0, 0], **STAR, "nil": [0, 0, 0]}), k=1)
    assert (found.counts.tolist(), found.words, found.zero_words) == ([4, 1, 0, 0, 0], 5, 2)
    assert "words left out whose vector is zero: 2" in str(found)


@pytest.mark.parametrize(("rows", "found"), [({}, "0 words with"), ({"a": [1, 2]}, "1 word with")])
def test_too_few_words_are_an_error_that_counts_them(rows, found):
    vectors = vectors_of(rows | {"zero": [0, 0]})
    with pytest.raises(SettingsError, match=rf"^{found} a vector that is not zero .* k = 1 neigh"):
        hubness(vectors, k=1)


@pytest.mark.parametrize("asked", [{"k": 0}, {"first_words": 0}, {"k": 1.5}])
def test_numbers_that_cannot_be_are_errors(asked):
    with pytest.raises(SettingsError, match=next(iter(asked))):
        hubness(vectors_of(STAR), **asked)


def test_a_number_that_is_not_finite_is_an_error():
    with pytest.raises(FormatError, match="nan or infinite"):
        hubness(vectors_of(STAR | {"bad": [1, np.nan, 0]}), k=1)


def test_what_is_shown_names_the_hubs_and_escapes_them():
    found = hubness(vectors_of({"<b>": [1, 0, 0], **STAR}), k=1)
    assert str(found).startswith("6 words, 1 neighbour each: skewness ")
    assert "hubs: <b> (5), hub (1), a (0)" in str(found)
    assert "&lt;b&gt;" in found._repr_html_()
    assert "counts" not in repr(found)
