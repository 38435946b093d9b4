"""The association test against its formula, every partition, and what must hold of any words."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import skipgram
from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError, SkipgramError, UnknownWordError
from skipgram.evaluation.association import Association, association
from skipgram.vectors.neighbors import Notes
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)
seeds = st.integers(0, 2**32)

X, Y = ("w0", "w1", "w2"), ("w3", "w4", "w5")
A, B = ("w6", "w7"), ("w8", "w9", "w10", "w11")

# Half of each list: cosines of 1, 0 and −1 with the axes.
SQUARE = {
    "east": [2, 0],
    "far east": [5, 0],
    "north": [0, 1],
    "far north": [0, 3],
    "a": [1, 0],
    "aa": [4, 0],
    "b": [0, 1],
    "bb": [0, 2],
}
SIDES = ((["east", "far east"], ["north", "far north"]), (["a", "aa"], ["b", "bb"]))


def some_vectors(seed: int) -> WordVectors:
    return random_vectors(seed, vocab_size=12, embedding_dim=3)


def score(vectors: WordVectors, word: str, a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """The formula of s(w), a cosine at a time."""
    to_a = [vectors.similarity(word, other) for other in a]
    to_b = [vectors.similarity(word, other) for other in b]
    return sum(to_a) / len(a) - sum(to_b) / len(b)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


# The numbers


@law
@given(seeds)
def test_the_effect_size_and_the_statistic_are_those_of_the_formula(seed):
    vectors = some_vectors(seed)
    found = association(vectors, (X, Y), (A, B))
    of_x, of_y = ([score(vectors, word, A, B) for word in words] for words in (X, Y))
    squares = sum((value - mean(of_x + of_y)) ** 2 for value in of_x + of_y)
    assert_close(found.statistic, sum(of_x) - sum(of_y), EXACT)
    assert_close(
        found.effect_size, (mean(of_x) - mean(of_y)) / math.sqrt(squares / (6 - 1)), 10 * EXACT
    )
    assert list(found.scores) == [*X, *Y]
    assert_close(list(found.scores.values()), of_x + of_y, EXACT)


@law
@given(seeds)
def test_exact_p_is_the_share_of_all_partitions_tried_one_by_one(seed):
    vectors = some_vectors(seed)
    found = association(vectors, (X, Y), (A, B))
    scores = {word: score(vectors, word, A, B) for word in (*X, *Y)}
    statistics = [
        sum(value if word in part else -value for word, value in scores.items())
        for part in combinations(scores, 3)
    ]
    ours = sum(scores[word] for word in X) - sum(scores[word] for word in Y)
    assert (found.is_exact, found.permutations) == (True, 20)
    assert found.p_value == mean([value >= ours - EXACT for value in statistics])
    assert found.two_sided_p_value == mean(
        [abs(value) >= abs(ours) - EXACT for value in statistics]
    )


def test_an_association_by_hand():
    # s is 1, 1, −1, −1: its standard deviation is √(4/3), and 1 of 6 partitions is as far to
    # this side, 2 to either.
    found = association(vectors_of(SQUARE), *SIDES)
    assert_close(found.effect_size, 2 / math.sqrt(4 / 3), EXACT)
    assert_close(found.statistic, 4.0, EXACT)
    assert found.scores == {"east": 1, "far east": 1, "north": -1, "far north": -1}
    assert (found.p_value, found.two_sided_p_value) == (1 / 6, 2 / 6)


def test_the_largest_effect_is_two_standard_deviations_with_n():
    found = association(vectors_of(SQUARE), *SIDES)
    assert_close(found.effect_size * math.sqrt(4 / 3), 2.0, EXACT)


@law
@given(seeds)
def test_of_lists_of_other_sizes_means_are_compared(seed):
    vectors = some_vectors(seed)
    found = association(vectors, (X[:2], Y), (A, B))
    of_x, of_y = ([score(vectors, word, A, B) for word in words] for words in (X[:2], Y))
    assert_close(found.statistic, mean(of_x) - mean(of_y), EXACT)
    pooled = of_x + of_y
    differences = [
        mean([pooled[place] for place in part])
        - mean([pooled[place] for place in range(5) if place not in part])
        for part in combinations(range(5), 2)
    ]
    assert found.permutations == 10
    assert found.p_value == mean([value >= found.statistic - EXACT for value in differences])
    assert found.two_sided_p_value == mean(
        [abs(value) >= abs(found.statistic) - EXACT for value in differences]
    )
    assert "the target lists' sizes differ" in str(found)


def test_drawn_p_comes_near_the_exact_one_and_repeats_with_its_seed():
    words = [f"w{number}" for number in range(24)]
    vectors = random_vectors(3, vocab_size=24, embedding_dim=4)
    lists = (words[:6], words[6:12]), (words[12:18], words[18:])
    exact = association(vectors, *lists)
    drawn = association(vectors, *lists, permutations=900, seed=2)
    assert (exact.is_exact, exact.permutations) == (True, 924)
    assert (drawn.is_exact, drawn.permutations) == (False, 900)
    # Four standard errors of a share of 900 draws.
    assert abs(drawn.p_value - exact.p_value) < 4 * math.sqrt(0.25 / 900)
    assert abs(drawn.two_sided_p_value - exact.two_sided_p_value) < 4 * math.sqrt(0.25 / 900)
    assert association(vectors, *lists, permutations=900, seed=2) == drawn
    assert association(vectors, *lists, permutations=900, seed=3).p_value != drawn.p_value


def test_the_order_of_the_words_changes_no_number():
    vectors = random_vectors(3, vocab_size=24, embedding_dim=4)
    words = [f"w{number}" for number in range(24)]
    attributes = (words[12:18], words[18:])
    one = association(vectors, (words[:6], words[6:12]), attributes, permutations=50)
    other = association(vectors, (words[5::-1], words[11:5:-1]), attributes, permutations=50)
    assert_close(other.effect_size, one.effect_size, EXACT)
    assert (other.p_value, other.two_sided_p_value) == (one.p_value, one.two_sided_p_value)


def test_p_is_uniform_where_words_and_attributes_have_nothing_to_do_with_each_other():
    words = [f"w{number}" for number in range(16)]
    lists = (words[:4], words[4:8]), (words[8:12], words[12:])
    found = [
        association(random_vectors(seed, vocab_size=16, embedding_dim=5), *lists)
        for seed in range(300)
    ]
    for values in ([each.p_value for each in found], [each.two_sided_p_value for each in found]):
        for level in (0.1, 0.3, 0.5, 0.7, 0.9):
            # Four standard errors of a share of 300, and the step of two in 70 partitions.
            allowed = 4 * math.sqrt(level * (1 - level) / 300) + 2 / 70
            assert abs(np.mean(np.array(values) <= level) - level) < allowed


# What holds of any words


@law
@given(seeds)
def test_another_order_of_the_lists_turns_the_sign(seed):
    vectors = some_vectors(seed)
    one = association(vectors, (X, Y), (A, B))
    for other in (association(vectors, (Y, X), (A, B)), association(vectors, (X, Y), (B, A))):
        assert_close(other.effect_size, -one.effect_size, 10 * EXACT)
        assert_close(other.statistic, -one.statistic, EXACT)
        assert other.two_sided_p_value == one.two_sided_p_value
    both = association(vectors, (Y, X), (B, A))
    assert_close(both.effect_size, one.effect_size, 10 * EXACT)
    assert both.p_value == one.p_value


@law
@given(seeds, st.lists(st.sampled_from([0.25, 0.5, 1, 2, 64]), min_size=12, max_size=12))
def test_the_lengths_of_vectors_change_nothing(seed, factors):
    vectors = some_vectors(seed)
    scaled = dict(zip(vectors.words, vectors.matrix * np.array(factors)[:, None], strict=True))
    one, other = (association(each, (X, Y), (A, B)) for each in (vectors, vectors_of(scaled)))
    assert_close(other.effect_size, one.effect_size, 10 * EXACT)
    assert (other.p_value, other.two_sided_p_value) == (one.p_value, one.two_sided_p_value)


@law
@given(seeds)
def test_the_effect_size_of_lists_of_equal_sizes_is_at_most_two(seed):
    found = association(some_vectors(seed), (X, Y), (A, B))
    assert abs(found.effect_size) <= 2


# The words


def test_words_without_vectors_are_left_out_and_named():
    targets = (["east", "x", "far east"], ["north", "far north", "y", "z"])
    found = association(vectors_of(SQUARE), targets, (["a", "aa"], ["q", "b", "bb"]))
    whole = association(vectors_of(SQUARE), *SIDES)
    assert (found.effect_size, found.p_value) == (whole.effect_size, whole.p_value)
    assert found.targets == (("east", "far east"), ("north", "far north"))
    assert found.attributes == (("a", "aa"), ("b", "bb"))
    assert found.missing_targets == (("x",), ("y", "z"))
    assert found.missing_attributes == ((), ("q",))
    assert (whole.missing_targets, whole.missing_attributes) == (((), ()), ((), ()))


def test_a_word_in_another_form_counts_once_and_is_told():
    targets = (["East", "far east", "east"], ["north", "far north", "north"])
    found = association(vectors_of(SQUARE), targets, SIDES[1])
    assert found.targets == (("East", "far east"), ("north", "far north"))
    assert found.notes == Notes(read_as=(("East", "east"),))
    assert found.scores["East"] == 1


def test_words_are_spelled_only_where_that_is_wanted():
    vectors = spelled_vectors()
    targets = (["walks", "walker", "Walkings"], ["rains", "rained"])
    attributes = (["helping", "opening"], ["starts", "turns"])
    plain = association(vectors, targets, attributes)
    assert plain.missing_targets == (("Walkings",), ())
    spelled = association(vectors, targets, attributes, spell=True)
    assert spelled.missing_targets == ((), ())
    assert spelled.notes == Notes(spelled=("Walkings",))
    expected = score(vectors, "walkings", *map(tuple, attributes))
    assert_close(spelled.scores["Walkings"], expected, EXACT)


def test_lists_may_be_any_iterables_and_vectors_a_path(tmp_path):
    vectors = vectors_of(SQUARE)
    vectors.save(tmp_path / "vectors")
    (x, y), (a, b) = SIDES
    found = association(tmp_path / "vectors", [iter(x), tuple(y)], (np.array(a), dict.fromkeys(b)))
    assert found == association(vectors, *SIDES)


def test_compact_vectors_are_associated_too():
    vectors = some_vectors(1)
    exact, rough = (
        association(each, (X, Y), (A, B)) for each in (vectors, vectors.compact("float16"))
    )
    assert_close(rough.effect_size, exact.effect_size, 0.01)


# What it says


def test_an_association_prints_its_numbers_and_what_was_left_out():
    targets = (["East", "far east", "x\x1b"], ["north", "far north"])
    assert str(association(vectors_of(SQUARE), targets, SIDES[1])) == (
        "effect size d: 1.732\n"
        "statistic: 4.0000\n"
        "p, one-sided: 0.167\n"
        "p, two-sided: 0.333\n"
        "p by 6 partitions (all)\n"
        "targets: 2 and 2 words; attributes: 2 and 2 words\n"
        "missing in the first target list: 1 of 3 words ('x\\x1b')\n"
        "looked up in the form of the training: East as east"
    )


def test_drawn_partitions_are_told_as_such():
    found = skipgram.association(some_vectors(1), (X, Y), (A, B), permutations=19)
    assert "p by 19 partitions (drawn)" in str(found)
    assert "(drawn)" in found._repr_html_()
    assert isinstance(found, Association)


# What cannot be


def refused(kind: type[SkipgramError], *arguments: object, **options: object) -> str:
    rows = SQUARE | {"zero": [0, 0], "west": [-2, 0]}
    with pytest.raises(kind) as caught:
        association(vectors_of(rows), *arguments, **options)
    assert type(caught.value) is kind
    return str(caught.value)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ("ab", "targets must be two lists of words, not 'ab'"),
        (None, "targets must be two lists of words, not None"),
        ({"X": ["east"]}, "targets must be two lists of words, not {'X': ['east']}"),
        ((["east", "north"],), "targets must be two lists of words, not 1"),
        ((["east"], ["north"], ["a"]), "targets must be two lists of words, not 3"),
        (("east", ["north"]), "the first target list must be a list of words, not 'east'"),
        ((["a", "b"], 17), "the second target list must be a list of words, not 17"),
        ((["east", None], ["north"]), "the first target list holds None, which is not a word"),
        (([], ["north", "far north"]), "the first target list needs 2 words, and has 0"),
        ((["east"], ["north", "b"]), "the first target list needs 2 words, and has 1"),
        ((["east", "East"], ["north", "b"]), "the first target list needs 2 words, and has 1"),
    ],
)
def test_targets_that_are_not_two_lists_of_words_are_refused(targets, message):
    assert refused(SettingsError, targets, SIDES[1]).startswith(message)


def test_attributes_that_are_not_two_lists_of_words_are_refused():
    assert refused(SettingsError, SIDES[0], ["a", "b"]) == (
        "the first attribute list must be a list of words, not 'a'"
    )
    assert refused(SettingsError, SIDES[0], (["a", "aa"], ["b"])) == (
        "the second attribute list needs 2 words, and has 1"
    )


def test_a_list_of_which_too_few_words_have_vectors_is_refused_with_the_missing_ones():
    assert refused(UnknownWordError, SIDES[0], (["a", "x", "y"], ["b", "bb"])) == (
        "the first attribute list needs 2 words with vectors, and 1 of 3 has one; missing: 'x', 'y'"
    )
    assert refused(UnknownWordError, (["x", "y"], ["north", "b"]), SIDES[1]) == (
        "the first target list needs 2 words with vectors, and 0 of 2 have one; missing: 'x', 'y'"
    )


@pytest.mark.parametrize(
    ("targets", "attributes", "message"),
    [
        (
            (["east", "north"], ["far east", "North"]),
            SIDES[1],
            "'north' is in the first target list and in the second target list",
        ),
        (
            (["east", "far east", "x"], ["north", "far north", "x"]),
            SIDES[1],
            "'x' is in the first target list and in the second target list",
        ),
        (
            SIDES[0],
            (["a", "aa"], ["b", "a", "bb"]),
            "'a' is in the first attribute list and in the second attribute list",
        ),
        (
            SIDES[0],
            (["a", "aa"], ["b", "bb", "north"]),
            "'north' is in the second target list and in the second attribute list",
        ),
    ],
)
def test_a_word_in_two_lists_is_refused(targets, attributes, message):
    assert refused(SettingsError, targets, attributes) == f"{message}; a word can be in one list"


def test_a_vector_of_zeros_is_refused():
    assert refused(SkipgramError, (["east", "zero"], ["north", "far north"]), SIDES[1]) == (
        "1 of 8 words cannot be compared: 'zero' (a vector of zeros has no direction); omit them"
    )


def test_a_vector_with_nan_is_refused():
    vectors = vectors_of(SQUARE | {"east": [math.nan, 1]})
    with pytest.raises(FormatError, match="the vector of 'east' holds a number that is nan"):
        association(vectors, *SIDES)


def test_target_words_that_are_all_associated_alike_are_refused():
    message = refused(
        SkipgramError, (["east", "far east"], ["a", "aa"]), (["b", "west"], SIDES[0][1])
    )
    assert message == (
        "all 4 target words have the same association, -0.5, so there is no effect to measure; "
        "give other words"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"permutations": 0}, "permutations must be at least 1, not 0"),
        ({"permutations": 1.5}, "permutations must be a whole number, not 1.5"),
        ({"seed": -1}, "seed must be at least 0, not -1"),
    ],
)
def test_numbers_that_cannot_be_are_refused(options, message):
    assert refused(SettingsError, *SIDES, **options) == message


def test_what_is_not_vectors_is_refused():
    with pytest.raises(SettingsError, match="vectors must be WordVectors or a path"):
        association(np.zeros((2, 2)), *SIDES)
