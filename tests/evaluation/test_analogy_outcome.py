"""What became of questions, scored again with weights, and how wide intervals are."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors
from skipgram.evaluation.analogies import analogy_score
from skipgram.evaluation.analogy_outcome import Answered
from skipgram.evaluation.questions import Question, QuestionSet
from skipgram.evaluation.resampling import estimates

law = settings(deadline=None, max_examples=50)


def crossed(
    random: np.random.Generator, pairs: int, sections: int = 1, effect: float = 1.5
) -> Answered:
    """Each pair meets all others of its section; some pairs are easier than others."""
    ease = random.standard_normal(pairs * sections) * effect
    met = np.array(
        [
            (section * pairs + one, section * pairs + other)
            for section in range(sections)
            for one in range(pairs)
            for other in range(pairs)
            if one != other
        ]
    )
    chance = 1 / (1 + np.exp(-ease[met].sum(axis=1)))
    return outcome_of(random.random(len(met)) < chance, met, met[:, 0] // pairs)


def outcome_of(is_right: np.ndarray, pairs: np.ndarray, sections: np.ndarray) -> Answered:
    asked = np.arange(len(pairs))
    return Answered(asked, asked + 1, is_right, np.array(pairs), np.array(sections))


def test_the_outcome_with_weights_of_one_is_the_accuracy():
    vectors = random_vectors(1, vocab_size=40, embedding_dim=3)
    random = np.random.default_rng(2)
    for questions in (5, 400):  # of few questions none share their pairs
        words = [f"w{n}" for n in range(40)]
        drawn = [random.choice(12, 2, replace=False) for _ in range(questions)]
        pairs = [[(words[2 * one], words[2 * one + 1]) for one in both] for both in drawn]
        set_ = [
            Question("", *ab, *cd)._replace(d=vectors.analogy(*ab, cd[0])[0].word)
            if place % 2
            else Question("", *ab, *cd)
            for place, (ab, cd) in enumerate(pairs)
        ]
        score = analogy_score(vectors, QuestionSet("", set_), resamples=0)
        assert 0 < score.accuracy < 1
        outcome = score.outcome
        ones = np.ones((1, outcome.units))
        assert_close(outcome(ones), [[score.accuracy]], EXACT)


@law
@given(st.integers(0, 2**32), st.integers(2, 9), st.integers(1, 3), st.integers(1, 4))
def test_a_question_counts_as_often_as_the_product_of_its_pairs(seed, pairs, sections, draws):
    random = np.random.default_rng(seed)
    outcome = crossed(random, pairs, sections)
    some = outcome.at(np.flatnonzero(random.random(len(outcome.asked)) < 0.9))
    weights = random.integers(0, 3, (draws, some.units)).astype(float)
    if some.draws_pairs:
        _, places = np.unique(some.pairs, return_inverse=True)
        of_questions = weights[:, places.reshape(-1, 2)].prod(axis=2)
    else:
        of_questions = weights
    assume(some.units)
    total = of_questions.sum(axis=1)
    expected = np.where(total, (of_questions * some.is_right).sum(axis=1) / np.maximum(total, 1), 7)
    assert_close(np.nan_to_num(some(weights), nan=7), expected[None], EXACT)


def test_pairs_are_drawn_where_questions_share_them_each_from_its_section():
    outcome = crossed(np.random.default_rng(1), pairs=5, sections=2)
    assert (outcome.draws_pairs, outcome.units) == (True, 10)
    assert outcome.strata.tolist() == [0] * 5 + [1] * 5


def test_questions_are_drawn_where_hardly_any_pair_is_in_two():
    # Eight questions, of which the first two share a pair; then as many with four pairs.
    apart = np.arange(16).reshape(8, 2)
    apart[1, 0] = 0
    outcome = outcome_of(np.arange(8) % 2 == 0, apart, np.arange(8) // 4)
    assert (outcome.draws_pairs, outcome.units) == (False, 8)
    assert outcome.strata.tolist() == [0] * 8, "of sections of four, which are drawn as one"
    many = outcome_of(np.arange(40) % 2 == 0, np.arange(80).reshape(40, 2), np.arange(40) // 20)
    assert many.strata.tolist() == [0] * 20 + [1] * 20
    assert outcome_of(np.arange(8) % 2 == 0, apart % 4, np.zeros(8, int)).draws_pairs


@pytest.mark.slow
@pytest.mark.parametrize("meetings", [2, 4, 8])
def test_intervals_hold_the_truth_where_few_questions_share_a_pair(meetings):
    # Sixty pairs, and a part of all questions that they could make: as in a band of rare words.
    rounds, held, pairs = 500, 0, 60
    for seed in range(rounds):
        random = np.random.default_rng(seed)
        ease = random.standard_normal(pairs)
        met = np.array([random.choice(pairs, 2, False) for _ in range(pairs * meetings // 2)])
        chance = 1 / (1 + np.exp(-ease[met].sum(axis=1)))
        outcome = outcome_of(random.random(len(met)) < chance, met, np.zeros(len(met), int))
        held += 0.5 in estimates(outcome, 400, seed=seed)[0].interval
    assert held / rounds >= 0.93


def test_a_draw_without_a_question_has_no_score():
    outcome = crossed(np.random.default_rng(1), pairs=6)
    assert np.isnan(outcome(np.eye(6))).all(), "no pair is asked about itself"


def test_no_questions_have_no_units():
    outcome = crossed(np.random.default_rng(1), pairs=6).at(np.empty(0, np.intp))
    assert (outcome.units, len(outcome.strata)) == (0, 0)


def test_questions_that_are_left_keep_their_pairs():
    outcome = crossed(np.random.default_rng(1), pairs=8)
    without = np.flatnonzero((outcome.pairs != 3).all(axis=1))
    some = outcome.at(without)
    assert some.units == 7
    weights = np.ones((1, 8))
    weights[0, 3] = 0
    assert_close(some(np.ones((1, 7))), outcome(weights), EXACT)


@pytest.mark.parametrize("is_right", [True, False])
def test_answers_that_are_all_alike_have_no_interval(is_right):
    outcome = crossed(np.random.default_rng(1), pairs=12)
    alike = outcome_of(np.full(len(outcome.asked), is_right), outcome.pairs, outcome.sections)
    (estimate,) = estimates(alike, resamples=100)
    assert (estimate.value, estimate.interval) == (float(is_right), None)


def width(outcome: Answered) -> float:
    interval = estimates(outcome, resamples=400)[0].interval
    return interval.high - interval.low


def test_intervals_hold_the_truth_where_pairs_have_effects_and_those_of_questions_do_not():
    # 80 sets of 20 pairs; over many more sets about half of all answers are right.
    random = np.random.default_rng(1)
    held, held_by_questions, ratios = 0, 0, []
    for _ in range(80):
        outcome = crossed(random, pairs=20)
        apart = outcome_of(
            outcome.is_right, np.arange(2 * len(outcome.asked)).reshape(-1, 2), outcome.sections
        )
        held += 0.5 in estimates(outcome, resamples=400)[0].interval
        held_by_questions += 0.5 in estimates(apart, resamples=400)[0].interval
        ratios.append(width(outcome) / width(apart))
    assert held >= 70, "of 80, as 95 % intervals"
    assert held_by_questions < 50
    assert min(ratios) > 1.5


def test_a_rank_is_that_of_the_rarest_word_with_the_easiest_answer():
    vectors = random_vectors(1, vocab_size=9, embedding_dim=3)
    questions = [
        Question("", "w0", "w1", "w2", "w3"),
        Question("", "w4", "w1", "w2", "w3"),
        Question("", "w0", "w1", "w2", "w8", ("w5", "w7")),
        Question("", "w0", "w1", "w2", "unknown", ("w7",)),
    ]
    outcome = analogy_score(vectors, QuestionSet("", questions), resamples=0).outcome
    assert outcome.ranks.tolist() == [4, 5, 6, 8]


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [20, 45])
def test_intervals_hold_the_truth_95_times_in_a_hundred(pairs):
    # The chance of two pairs is half in truth, whatever their ease: it lies evenly about 0.
    rounds, held = 2_000, 0
    for seed in range(rounds):
        outcome = crossed(np.random.default_rng(seed), pairs, sections=2, effect=1.0)
        held += 0.5 in estimates(outcome, 1_000, seed=seed)[0].interval
    assert abs(held / rounds - 0.95) <= 0.02
