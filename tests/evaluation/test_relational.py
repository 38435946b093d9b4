"""The relational inner product against its formula, and the eigenvector of the differences."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import skipgram
from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError, SkipgramError, UnknownWordError
from skipgram.evaluation.relational import RelationalAssociation, relational_association
from skipgram.vectors.neighbors import Notes
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)
seeds = st.integers(0, 2**32)

WORDS = ["w6", "w7", "w8"]
PAIRS = [("w0", "w1"), ("w2", "w3"), ("w4", "w5")]
PLANE = {"x": [3, 1], "y": [1, 1], "w": [2, 5], "long w": [4, 10], "same": [3, 1], "zero": [0, 0]}


def some_vectors(seed: int) -> WordVectors:
    return random_vectors(seed, vocab_size=9, embedding_dim=4)


def rows(vectors: WordVectors, words: list[str]) -> np.ndarray:
    return np.array([vectors.vector(word) for word in words], np.float64)


# The numbers


@law
@given(seeds)
def test_of_one_pair_it_is_the_inner_product_with_the_unit_difference(seed):
    vectors = some_vectors(seed)
    found = relational_association(vectors, WORDS, [("w0", "w1")])
    one, other = rows(vectors, ["w0", "w1"])
    expected = rows(vectors, WORDS) @ (one - other) / np.sqrt(((one - other) ** 2).sum())
    assert list(found.scores) == WORDS
    assert_close(list(found.scores.values()), expected, EXACT)
    assert found.share == pytest.approx(1, abs=EXACT)
    assert found.pairs == (("w0", "w1"),)


def test_an_association_by_hand():
    # x − y is (2, 0), so b is (1, 0): the first number of each vector, whatever its length.
    found = relational_association(vectors_of(PLANE), ["w", "long w"], [("x", "y")])
    assert_close(list(found.scores.values()), [2.0, 4.0], EXACT)
    assert_close(found.direction, [1.0, 0.0], EXACT)


@law
@given(seeds)
def test_of_several_pairs_it_is_along_the_first_component_of_the_uncentred_differences(seed):
    vectors = some_vectors(seed)
    found = relational_association(vectors, WORDS, PAIRS)
    first, second = (rows(vectors, [pair[side] for pair in PAIRS]) for side in (0, 1))
    differences = first - second
    values, axes = np.linalg.eigh(differences.T @ differences)
    assume(values[-1] - values[-2] > 0.1)
    axis = axes[:, -1] * np.sign(differences.sum(axis=0) @ axes[:, -1])
    assume(abs(differences.sum(axis=0) @ axis) > 1e-3)
    assert_close(found.direction, axis, 1e-9)
    assert_close(found.share, values[-1] / values.sum(), EXACT)
    assert_close(list(found.scores.values()), rows(vectors, WORDS) @ axis, 1e-9)


# What holds of any words


@law
@given(seeds, st.integers(-4, 4), st.integers(-4, 4))
def test_it_is_linear_in_the_word(seed, p, q):
    vectors = some_vectors(seed)
    both = p * vectors["w6"] + q * vectors["w7"]
    assume(both.any())
    whole = vectors_of({**dict(zip(vectors.words, vectors.matrix, strict=True)), "both": both})
    found = relational_association(whole, ["w6", "w7", "both"], PAIRS).scores
    assert_close(found["both"], p * found["w6"] + q * found["w7"], FLOAT32)


@law
@given(seeds)
def test_pairs_in_the_other_order_turn_the_sign(seed):
    vectors = some_vectors(seed)
    for pairs in (PAIRS, PAIRS[:1]):
        there = relational_association(vectors, WORDS, pairs)
        back = relational_association(vectors, WORDS, [pair[::-1] for pair in pairs])
        assert_close(back.direction, -there.direction, EXACT)
        assert_close([*back.scores.values()], [-score for score in there.scores.values()], EXACT)


@law
@given(seeds)
def test_of_one_pair_the_first_word_lies_farther_along_by_the_length_of_the_difference(seed):
    vectors = some_vectors(seed)
    scores = relational_association(vectors, ["w0", "w1"], [("w0", "w1")]).scores
    one, other = rows(vectors, ["w0", "w1"])
    assert_close(scores["w0"] - scores["w1"], np.linalg.norm(one - other), EXACT)


def test_the_direction_gives_the_association_of_every_word_and_cannot_be_changed():
    vectors = some_vectors(1)
    found = relational_association(vectors, vectors.words, PAIRS)
    assert_close(vectors.matrix @ found.direction, list(found.scores.values()), FLOAT32)
    with pytest.raises(ValueError, match="read-only"):
        found.direction[0] = 1


def test_the_matrix_that_is_shown_is_taken():
    vectors = some_vectors(1)
    shown = vectors.showing("sum")
    found = relational_association(shown, WORDS, PAIRS).scores
    assert_close(
        [*found.values()],
        rows(shown, WORDS) @ relational_association(shown, WORDS, PAIRS).direction,
        EXACT,
    )
    assert found != relational_association(vectors, WORDS, PAIRS).scores


# The words


def test_words_and_pairs_without_vectors_are_left_out_and_named():
    vectors = some_vectors(1)
    pairs = [("q", "w0"), *PAIRS, ("w0", "r"), ("q", "r")]
    found = relational_association(vectors, ["u", *WORDS, "v"], pairs)
    whole = relational_association(vectors, WORDS, PAIRS)
    assert found.scores == whole.scores
    assert found.missing == ("u", "v")
    assert found.pairs == tuple(PAIRS)
    assert found.missing_pairs == (("q", "w0"), ("w0", "r"), ("q", "r"))
    assert (whole.missing, whole.missing_pairs) == ((), ())


def test_words_in_another_form_are_told():
    found = relational_association(vectors_of(PLANE), ["W", "w"], {"X": "y"})
    assert found.scores["W"] == found.scores["w"]
    assert found.pairs == (("X", "y"),)
    assert found.notes == Notes(read_as=(("W", "w"), ("X", "x")))


def test_words_are_spelled_only_where_that_is_wanted():
    vectors = spelled_vectors()
    pairs = [("walks", "walkings"), ("walks", "rains")]
    plain = relational_association(vectors, ["helpings", "opener"], pairs)
    assert (plain.missing, plain.missing_pairs) == (("helpings",), (("walks", "walkings"),))
    spelled = relational_association(vectors, ["helpings", "opener"], pairs[:1], spell=True)
    assert (spelled.missing, spelled.missing_pairs) == ((), ())
    assert spelled.notes.spelled == ("helpings", "walkings")
    assert_close(spelled.scores["helpings"], vectors["helpings"] @ spelled.direction, FLOAT32)


def test_one_word_may_be_asked_and_vectors_be_a_path_or_compact(tmp_path):
    vectors = some_vectors(1)
    vectors.save(tmp_path / "vectors")
    found = relational_association(tmp_path / "vectors", "w6", PAIRS)
    exact = relational_association(vectors, WORDS, PAIRS)
    assert_close(found.scores["w6"], exact.scores["w6"], EXACT)
    rough = relational_association(vectors.compact("float16"), WORDS, PAIRS)
    assert_close([*rough.scores.values()], [*exact.scores.values()], 0.01)


# What it says


def test_associations_print_as_a_table_with_what_was_left_out():
    found = relational_association(
        vectors_of(PLANE), ["w", "long w", "q\x1b"], [("x", "y"), ("x", "r")]
    )
    assert str(found) == (
        "w         2.000\n"
        "long w    4.000\n"
        "along ('x', 'y')\n"
        "missing: 1 of 3 words ('q\\x1b')\n"
        "missing: 1 of 2 pairs (('x', 'r'))"
    )


def test_of_several_pairs_their_common_share_is_told():
    found = skipgram.relational_association(some_vectors(1), WORDS, PAIRS)
    assert isinstance(found, RelationalAssociation)
    told = f"along ('w0', 'w1'), ('w2', 'w3'), ('w4', 'w5'): {found.share:.0%}".replace("%", " %")
    assert f"{told} of their differences' squared lengths" in str(found)
    assert "squared lengths</p>" in found._repr_html_()


# What cannot be


@pytest.mark.parametrize(
    ("words", "pairs", "kind", "message"),
    [
        ([], [("x", "y")], SettingsError, "no words to associate"),
        (["w"], [], SettingsError, "no pairs to define a relation"),
        (["w"], None, SettingsError, "pairs must be pairs of words, not None"),
        (["w"], ("x", "y"), SettingsError, "['x'] is not a pair of words"),
        (["w"], [("x", "y", "w")], SettingsError, "['x', 'y', 'w'] is not a pair of words"),
        (["w", 0.5], [("x", "y")], SettingsError, "0.5 (float) is not a word"),
        (["w"], [("x", "x")], SettingsError, "('x', 'x') is one word twice; a relation needs two"),
        (["w"], [("X", "x")], SettingsError, "('X', 'x') is one word twice; a relation needs two"),
        (["w"], [("q", "q")], SettingsError, "('q', 'q') is one word twice; a relation needs two"),
        (["q", "r"], [("x", "y")], UnknownWordError, "none of the words has a vector: 'q', 'r'"),
        (
            ["w"],
            [("x", "q"), ("r", "y")],
            UnknownWordError,
            "no pair has two vectors; missing: 'q', 'r'",
        ),
        (
            ["w"],
            [("x", "y"), ("x", "same")],
            SkipgramError,
            "('x', 'same') have the same vector: their difference has no direction",
        ),
        (["zero"], [("x", "y")], SkipgramError, "'zero' cannot be compared: a vector of zeros"),
        (["w"], [("x", "zero")], SkipgramError, "'zero' cannot be compared: a vector of zeros"),
        (
            ["w"],
            [("x", "y"), ("y", "x")],
            SkipgramError,
            "the pairs' differences cancel out, so neither side is the first; check the order",
        ),
    ],
)
def test_what_defines_no_association_is_refused(words, pairs, kind, message):
    with pytest.raises(kind) as caught:
        relational_association(vectors_of(PLANE), words, pairs)
    assert type(caught.value) is kind
    assert str(caught.value).startswith(message)


def test_pairs_whose_order_is_chance_are_refused():
    with pytest.raises(SettingsError, match=r"is a set, in which no word is the first$"):
        relational_association(vectors_of(PLANE), ["w"], [{"x", "y"}])


def test_differences_as_long_along_two_axes_are_refused():
    vectors = vectors_of({"a": [1, 0], "b": [0, 1], "c": [0, 0.5], "d": [0.5, 0], "e": [1, 1]})
    with pytest.raises(SkipgramError, match=r"have no first principal component: .* or one$"):
        relational_association(vectors, "e", [("e", "a"), ("e", "b")])


def test_a_vector_with_nan_is_refused():
    vectors = vectors_of(PLANE | {"w": [np.nan, 1]})
    with pytest.raises(FormatError, match="the vector of 'w' holds a number that is nan"):
        relational_association(vectors, "w", [("x", "y")])
