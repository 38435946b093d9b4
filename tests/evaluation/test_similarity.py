"""The score of similarity against Spearman's definition."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr

from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import (
    inflected_vectors,
    random_vectors,
    spelled_vectors,
    vectors_of,
)
from skipgram.evaluation.casing import spelled_forms
from skipgram.evaluation.similarity import (
    RatedCosines,
    RatedPair,
    RatedPairs,
    SimilarityScore,
    similarity_score,
)
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

# The cosine with "x" falls from a to e.
FAN = {
    "x": [1, 0],
    "a": [10, 1],
    "b": [3, 1],
    "c": [1, 1],
    "d": [0, 1],
    "e": [-1, 1],
}


def pairs_of(**ratings: float) -> list[RatedPair]:
    return [RatedPair("x", word, rating) for word, rating in ratings.items()]


def score_of(vectors: WordVectors, pairs: Sequence[RatedPair], **options: Any) -> SimilarityScore:
    return similarity_score(vectors, RatedPairs("a name", pairs), resamples=0, **options)


def correlation(**ratings: float) -> float:
    return score_of(vectors_of(FAN), pairs_of(**ratings)).correlation


def rank(value: float, values: list[float]) -> float:
    """Its place among the values from 1, the mean place where several are equal."""
    below = sum(other < value for other in values)
    equal = sum(other == value for other in values)
    return below + (equal + 1) / 2


def spearman(one: list[float], other: list[float]) -> float:
    """Pearson's correlation of the ranks, written out."""
    x, y = [rank(value, one) for value in one], [rank(value, other) for value in other]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    products = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    squares_x = sum((a - mean_x) ** 2 for a in x)
    squares_y = sum((b - mean_y) ** 2 for b in y)
    return products / math.sqrt(squares_x * squares_y)


# The score


def test_the_same_order_scores_one_and_the_opposite_order_minus_one():
    assert_close(correlation(a=9, b=8, c=7, d=1, e=0), 1.0, EXACT)
    assert_close(correlation(a=0, b=1, c=2, d=3, e=99), -1.0, EXACT)


def test_cosines_that_differ_by_rounding_alone_have_no_score():
    random = np.random.default_rng(1)
    vectors = vectors_of({f"w{n}": random.standard_normal(7) for n in range(20)})
    pairs = [RatedPair(word, word, float(n % 5)) for n, word in enumerate(vectors)]
    score = score_of(vectors, pairs)
    assert (score.correlation, score.pearson) == (None, None)


def test_a_score_by_hand():
    # Ranks 5 4 3 2 1 against 5 3 4 2 1: 1 − 6 · (1 + 1) / (5 · 24).
    assert_close(correlation(a=9, b=7, c=8, d=2, e=1), 0.9, EXACT)


def test_a_score_by_hand_where_two_ratings_are_equal():
    # Ranks 3 2 1 against 2.5 2.5 1: 1.5 / √(2 · 1.5).
    assert_close(correlation(a=5, b=5, c=1), 1.5 / math.sqrt(3), EXACT)


@law
@given(
    st.integers(0, 2**32),
    st.lists(st.tuples(st.integers(0, 5), st.integers(6, 11), st.integers(0, 4)), min_size=3),
)
def test_the_score_is_the_correlation_of_ranks(seed, drawn):
    vectors = random_vectors(seed, vocab_size=12, embedding_dim=3)
    pairs = [RatedPair(f"w{one}", f"w{other}", rating) for one, other, rating in drawn]
    cosines = [vectors.similarity(pair.one, pair.other) for pair in pairs]
    ratings = [pair.rating for pair in pairs]
    score = score_of(vectors, pairs)
    assert (score.name, score.pairs_known, score.pairs) == ("a name", len(pairs), len(pairs))
    if len(set(cosines)) > 1 and len(set(ratings)) > 1:
        assert_close(score.correlation, spearman(cosines, ratings), EXACT)
    else:
        assert score.correlation is None


def test_pairs_with_an_unknown_word_are_left_out_and_counted():
    known = pairs_of(a=9, b=7, c=8, d=2, e=1)
    unknown = [RatedPair("x", "z", 0), RatedPair("z", "a", 10), RatedPair("z", "y", 5)]
    score = score_of(vectors_of(FAN), [*unknown, *known, *unknown])
    assert (score.pairs_known, score.pairs) == (5, 11)
    assert_close(score.correlation, 0.9, EXACT)


def test_cased_vectors_are_asked_for_the_words_as_they_are_written():
    capitals = {word.upper(): row for word, row in FAN.items()}
    vectors = vectors_of({word: [1, 0] for word in FAN} | capitals)
    pairs = [
        RatedPair("X", word, rating) for word, rating in {"A": 9, "B": 8, "C": 3, "D": 1}.items()
    ]
    score = score_of(vectors, pairs)
    assert (score.coverage.words_in_lower_case, score.coverage.words_ignoring_case) == (0, 0)
    assert_close(score.correlation, 1.0, EXACT)


def test_uncased_vectors_are_asked_in_lower_case():
    pairs = [
        RatedPair("X", word, rating) for word, rating in {"A": 9, "B": 8, "C": 3, "D": 1}.items()
    ]
    score = score_of(vectors_of(FAN), pairs)
    assert (
        score.pairs_known,
        score.coverage.words_in_lower_case,
        score.coverage.words_ignoring_case,
    ) == (4, 5, 0)
    assert_close(score.correlation, 1.0, EXACT)


def test_a_set_in_lower_case_finds_the_most_frequent_form_of_cased_vectors():
    forms = {"Word": [1, 0], "WORD": [0, 1], "wOrd": [-1, 0]}
    rows = {**FAN, **forms, "Straße": [1, 1]}
    pairs = [*pairs_of(a=9, b=8, word=7), RatedPair("x", "strasse", 6)]
    for most in ("Word", "WORD"):
        counts = [9 if word == most else 1 for word in rows]
        score = score_of(vectors_of(rows, counts=counts), pairs)
        assert (score.pairs_known, score.coverage.words_ignoring_case) == (4, 2)
        cosines = [vectors_of(rows).similarity("x", word) for word in ("a", "b", most, "Straße")]
        assert_close(score.correlation, spearman(cosines, [9, 8, 7, 6]), EXACT)


def test_a_pair_that_differs_in_case_alone_is_rated_by_cased_vectors_and_left_out_by_others():
    pairs = [*pairs_of(a=9, b=7, d=1), RatedPair("Polish", "polish", 2), RatedPair("a", "a", 10)]
    cased = FAN | {"Polish": [1, 0], "polish": [0, 1]}
    score = score_of(vectors_of(cased), pairs)
    assert (score.pairs_known, score.coverage.merged, score.coverage.words_in_lower_case) == (
        5,
        0,
        0,
    )
    score = score_of(vectors_of(FAN | {"polish": [0, 1]}), pairs)
    assert (score.pairs_known, score.coverage.merged, score.coverage.words_in_lower_case) == (
        4,
        1,
        1,
    )
    assert_close(score.correlation, 1.0, EXACT)


def test_pairs_with_a_vector_of_zeros_are_left_out_and_its_word_is_named():
    pairs = pairs_of(a=9, b=7, d=1, zero=3)
    score = score_of(vectors_of(FAN | {"zero": [0, 0]}), [*pairs, RatedPair("zero", "x", 3)])
    assert (score.pairs_known, score.pairs, score.coverage.zero_words) == (3, 5, ("zero",))
    assert_close(score.correlation, 1.0, EXACT)


@pytest.mark.parametrize("known", [0, 1, 2])
def test_fewer_than_three_known_pairs_have_no_score(known):
    score = score_of(vectors_of(FAN), pairs_of(a=3, b=2, z=1, y=4)[2 - known : 4 - known])
    assert score.correlation is None
    assert score.pairs_known == known


@pytest.mark.parametrize("ratings", [{"a": 1, "b": 1, "c": 1}, {"y": 1, "z": 2, "w": 3}])
def test_pairs_that_all_rank_alike_have_no_score_and_no_warning(ratings):
    vectors = vectors_of(FAN | {"y": [0, 1], "z": [0, 2], "w": [0, 3]})
    score = score_of(vectors, pairs_of(**ratings))
    assert score.correlation is None
    assert score.pairs_known == 3


def test_the_score_is_a_plain_number():
    assert type(score_of(vectors_of(FAN), pairs_of(a=1, b=2, c=3)).correlation) is float


# Words by their spelling


def test_unknown_words_are_left_out_unless_they_are_to_be_spelled_and_then_counted():
    vectors = spelled_vectors()
    pairs = [
        RatedPair("walk", "walks", 3.0),
        RatedPair("Helpings", "helping", 2.0),
        RatedPair("helpings", "rains", 1.0),
        RatedPair("walk", "rains", 1.5),
        RatedPair("walk", "xyzzy", 0.0),
    ]
    plain = score_of(vectors, pairs)
    assert (plain.pairs_known, plain.coverage.words_spelled) == (2, 0)
    spelled = score_of(vectors, pairs, spell=True)
    assert (spelled.pairs_known, spelled.pairs, spelled.coverage.words_spelled) == (4, 5, 2)
    cosines = [
        vectors.similarity(*pair)
        for pair in [("walk", "walks"), ("helpings", "helping"), ("helpings", "rains")]
    ]
    cosines.append(vectors.similarity("walk", "rains"))
    assert_close(spelled.correlation, spearmanr(cosines, [3.0, 2.0, 1.0, 1.5]).statistic, EXACT)


def test_words_are_spelled_as_written_where_the_vocabulary_has_capitals():
    rows = dict(zip(inflected_vectors().words, inflected_vectors().center, strict=True))
    rows = {**rows, "Walkman": np.ones(5)}
    vectors = vectors_of(rows).with_spelling(penalty=0.1, threads=1)
    pairs = [RatedPair("Walkings", "walk", 1.0)] * 3
    assert score_of(vectors, pairs, spell=True).coverage.words_spelled == 1
    assert spelled_forms(["Walkings"], vectors) == {"Walkings": "Walkings"}
    assert spelled_forms(["Walkings"], spelled_vectors()) == {"Walkings": "walkings"}
    assert spelled_forms(["walkings"], inflected_vectors()) == {}


# Draws


@law
@given(st.integers(0, 2**32), st.integers(3, 40), st.integers(1, 6))
def test_the_measures_of_drawn_pairs_are_those_of_scipy(seed, pairs, values):
    random = np.random.default_rng(seed)
    cosines = random.standard_normal(pairs).round(1)
    ratings = random.integers(0, values + 1, pairs).astype(float)
    places = np.arange(pairs)
    outcome = RatedCosines(places, places, cosines, ratings)
    drawn = random.integers(0, pairs, (5, pairs))
    weights = np.stack([np.bincount(some, minlength=pairs) for some in drawn]).astype(float)
    found = outcome(weights)
    for number, some in enumerate(drawn):
        one, other = cosines[some], ratings[some]
        if len(set(one)) > 1 and len(set(other)) > 1:
            expected = spearmanr(one, other).statistic, pearsonr(one, other).statistic
            assert_close(found[:, number], expected, EXACT)
        else:
            assert np.isnan(found[:, number]).all()


def test_repeated_pairs_count_each_time_and_are_told():
    pairs = [*pairs_of(a=9, b=7, c=8), RatedPair("a", "x", 5)]
    score = score_of(vectors_of(FAN), pairs)
    assert (score.pairs_known, score.coverage.repeated) == (4, 1)


def test_a_part_of_the_pairs_scores_as_if_it_were_the_set():
    pairs = pairs_of(a=9, b=7, c=8, d=2, e=1)
    part = score_of(vectors_of(FAN), pairs).outcome.among(np.array([0, 2, 3, 99]))
    whole = score_of(vectors_of(FAN), [pairs[0], pairs[2], pairs[3]])
    ones = np.ones((1, 3))
    assert_close(part(ones), whole.outcome(ones), EXACT)
    assert part.ranks.tolist() == [2, 4, 5]
