"""Scores of frequent and of rare words."""

import numpy as np

from helpers.handmade_vectors import random_vectors, spelled_vectors
from skipgram.evaluation.bands import bands
from skipgram.evaluation.scores import NOT_KNOWN, ranks_of
from skipgram.evaluation.similarity import RatedPair, RatedPairs, similarity_score


def test_every_item_is_in_the_band_of_its_rarest_word():
    vectors = random_vectors(1, vocab_size=40, embedding_dim=5)
    random = np.random.default_rng(1)
    ends = random.integers(0, 40, (300, 2))
    pairs = [RatedPair(f"w{a}", f"w{b}", float(random.integers(9))) for a, b in ends]
    score = similarity_score(vectors, RatedPairs("a set", pairs), resamples=0)
    found = bands(score, (10, 20), resamples=0)
    rarest = ends.max(axis=1) + 1
    expected = [(rarest <= 10).sum(), ((rarest > 10) & (rarest <= 20)).sum(), (rarest > 20).sum()]
    assert [band.known for band in found] == expected
    assert [band.name for band in found] == ["1 to 10", "11 to 20", "beyond 20"]
    first = [pair for pair, rank in zip(pairs, rarest, strict=True) if rank <= 10]
    alone = similarity_score(vectors, RatedPairs("", first), resamples=0)
    assert found[0].measure == alone.measures[0]


def test_a_band_without_an_item_has_no_score():
    vectors = random_vectors(1, vocab_size=20, embedding_dim=5)
    pairs = [RatedPair(f"w{number}", "w15", number) for number in range(10)]
    few, more, none = bands(similarity_score(vectors, RatedPairs("", pairs)), (10, 16))
    assert (few.known, few.measure.value) == (0, None)
    assert (more.known, more.measure.value is None) == (10, False)
    assert (none.known, none.measure.value) == (0, None)


def test_spelled_words_are_in_the_last_band():
    pairs = [RatedPair("walk", "walks", 3.0), RatedPair("walk", "helpings", 1.0)]
    score = similarity_score(spelled_vectors(), RatedPairs("", pairs), spell=True)
    assert [band.known for band in bands(score, (1_000,))] == [1, 1]
    assert score.outcome.ranks[1] == NOT_KNOWN


def test_ranks_follow_counts_and_not_ids():
    by_count = np.array([2, 0, 1])
    ids = np.array([[0, 2], [1, 1], [2, -1]])
    assert ranks_of(ids, by_count).tolist() == [2, 3, NOT_KNOWN]
    assert ranks_of(np.empty((0, 2), int), by_count).tolist() == []
