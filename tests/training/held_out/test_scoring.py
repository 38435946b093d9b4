"""Held-out pairs are those of the training's rules, and their scores those of the equations."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import EXACT, assert_close
from helpers.replay import corpus_of, random_lines
from skipgram.equations import noise_distribution
from skipgram.equations.draws import chance_threshold, epoch_key
from skipgram.equations.held_out import expected_negative_sampling, log_prediction
from skipgram.equations.windows import windows
from skipgram.errors import CorpusError, SettingsError
from skipgram.training.events import HeldOutScore
from skipgram.training.held_out import scoring
from skipgram.training.held_out.pairs import EPOCH, HeldOutPairs
from skipgram.training.held_out.scoring import ScoredModel, centers_for, epoch_flop, held_out_score
from skipgram.training.held_out.split import Split
from skipgram.training.parameters import Parameters, aligned_zeros, padded

# Float32 scores of unit-scale vectors, in sums of some thousand words.
FLOAT32_SCORES = 1e-5

K = 5

# The pairs


def drawn_pairs(
    lines: list[list[int]], vocab_size: int, share: float, keep: float = 1.0, **options: Any
) -> HeldOutPairs:
    corpus = corpus_of(lines, vocab_size)
    thresholds = np.full(vocab_size, chance_threshold(keep), np.uint32)
    options = {"window": 3, "seed": 1, "width_is_fixed": False} | options
    return HeldOutPairs.of(corpus, Split.of(corpus, share), thresholds, **options)


def counted(pairs: HeldOutPairs) -> Counter[tuple[int, int]]:
    center_of_entry = np.repeat(pairs.centers, np.diff(pairs.starts))
    return Counter(
        dict(
            zip(
                zip(center_of_entry.tolist(), pairs.outsides.tolist(), strict=True),
                pairs.counts.tolist(),
                strict=True,
            )
        )
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=8),
    window=st.integers(1, 6),
    keep=st.sampled_from([0.3, 0.8, 1.0]),
    width_is_fixed=st.booleans(),
)
def test_the_pairs_are_those_of_the_slow_windows_over_the_held_out_text(
    seed: int, lengths: list[int], window: int, keep: float, width_is_fixed: bool
) -> None:
    corpus = corpus_of(random_lines(seed, 6, [*lengths, 30]), 6)
    split = Split.of(corpus, 0.5)
    thresholds = [chance_threshold(keep)] * 6
    key = epoch_key(seed, EPOCH)
    [(start, stop)] = split.held_out.tolist()
    expected: Counter[tuple[int, int]] = Counter()
    for found in windows(
        corpus.ids,
        split.line_ends,
        thresholds,
        window,
        key,
        width_is_fixed=width_is_fixed,
    ):
        if start <= found.position < stop:
            expected.update((center, found.outside) for center in found.centers)
    drawn = np.array(thresholds, np.uint32)
    if not expected:
        with pytest.raises(CorpusError, match="make a pair"):
            HeldOutPairs.of(corpus, split, drawn, window, seed, width_is_fixed=width_is_fixed)
        return
    pairs = HeldOutPairs.of(corpus, split, drawn, window, seed, width_is_fixed=width_is_fixed)
    assert counted(pairs) == expected
    assert pairs.pairs == expected.total() == pairs.pairs_by_center.sum()
    for i, center in enumerate(pairs.centers.tolist()):
        of_center = sum(count for (c, _), count in expected.items() if c == center)
        assert pairs.pairs_by_center[i] == of_center > 0


@pytest.mark.parametrize("length", [7, 5_000])
def test_no_pair_crosses_from_the_training_into_the_held_out_text(length: int) -> None:
    # Words 0 and 1 are the training's, 2 and 3 the held-out text's.
    corpus = corpus_of([[0] * length] * (5_000 // length), 4)
    split = Split.of(corpus, 0.3)
    ids = np.random.default_rng(0).integers(0, 2, len(corpus), np.int32)
    for start, stop in split.held_out.tolist():
        ids[start:stop] += 2
    corpus = replace(corpus, ids=ids)
    thresholds = np.full(4, chance_threshold(0.6), np.uint32)
    pairs = HeldOutPairs.of(corpus, split, thresholds, 9, 1, width_is_fixed=True)
    assert set(pairs.centers) == set(pairs.outsides) == {2, 3}


def test_of_a_large_held_out_text_the_beginnings_of_all_ranges_are_used() -> None:
    lines = [list(range(start, start + 10)) for start in range(0, 40_000, 10)]
    every = drawn_pairs(lines, 40_000, 0.5)
    some = drawn_pairs(lines, 40_000, 0.5, most_tokens=2_000)
    assert counted(some) <= counted(every)
    assert 0.08 < some.pairs / every.pairs < 0.12
    # A bin a range: word ids are positions here.
    by_range = [np.histogram(p.outsides, 40, (0, 40_000))[0] > 0 for p in (some, every)]
    np.testing.assert_array_equal(*by_range)


def test_wide_windows_use_fewer_tokens() -> None:
    lines = random_lines(2, 50, [20_000])
    narrow = drawn_pairs(lines, 50, 0.5, window=10, width_is_fixed=True)
    thinned = drawn_pairs(lines, 50, 0.5, window=10, width_is_fixed=True, most_pairs=20_000)
    assert thinned.pairs <= 20_000 < narrow.pairs


def test_another_seed_draws_other_pairs_and_the_same_seed_the_same() -> None:
    lines = random_lines(3, 50, [5_000])
    first, again, other = (drawn_pairs(lines, 50, 0.5, 0.5, seed=seed) for seed in (1, 1, 2))
    assert counted(first) == counted(again) != counted(other)


# Their scores


def random_model(vocab_size: int, dtype: Any = np.float64, dim: int = 7) -> ScoredModel:
    V, U = (aligned_zeros(vocab_size, padded(dim), dtype) for _ in range(2))
    random = np.random.default_rng(4)
    for matrix in (V, U):
        matrix[:, :dim] = random.standard_normal((vocab_size, dim))
    noise = noise_distribution(random.integers(1, 1_000, vocab_size), 0.75)
    return ScoredModel.by_negative_sampling(Parameters(V, U, dim), noise, K)


def random_pairs(vocab_size: int, tokens: int = 1_500) -> HeldOutPairs:
    """Of a text in which low ids are frequent: all center words alike would hide their weights."""
    shares = np.random.default_rng(5).random(tokens) ** 3
    return drawn_pairs([(shares * vocab_size).astype(int).tolist()], vocab_size, 0.3)


def every_center(pairs: HeldOutPairs, model: ScoredModel, **options: Any) -> HeldOutScore:
    return held_out_score(pairs, model, draws=len(pairs.centers), seed=0, **options)


def by_the_equations(pairs: HeldOutPairs, model: ScoredModel) -> tuple[float, float]:
    V, U = (np.asarray(m, np.float64) for m in (model.parameters.V, model.parameters.U))
    loss = cross_entropy = 0.0
    for (c, o), count in counted(pairs).items():
        loss += count * expected_negative_sampling(V[c], o, U, model.noise, model.negatives)
        cross_entropy -= count * log_prediction(V[c], U, model.log_offset)[o]
    return loss / pairs.pairs, cross_entropy / pairs.pairs


@pytest.mark.parametrize("vocab_size", [3, 40, 300])
@pytest.mark.parametrize(
    ("dtype", "tolerance"), [(np.float64, EXACT), (np.float32, FLOAT32_SCORES)]
)
def test_the_score_of_all_center_words_is_that_of_the_equations(
    vocab_size: int, dtype: Any, tolerance: float
) -> None:
    pairs, model = random_pairs(vocab_size), random_model(vocab_size, dtype)
    model = replace(model, block_rows=64)  # so that sums go on from block to block
    score = every_center(pairs, model)
    loss, cross_entropy = by_the_equations(pairs, model)
    assert_close(score.loss, loss, tolerance)
    assert_close(score.cross_entropy, cross_entropy, tolerance)
    assert score.loss_standard_error == score.cross_entropy_standard_error == 0.0
    assert (score.centers, score.pairs) == (len(pairs.centers), pairs.pairs)


def test_the_values_of_single_pairs_are_those_of_the_equations_in_their_order() -> None:
    pairs, model = random_pairs(300), random_model(300)
    V, U = model.parameters.V, model.parameters.U
    of_entry = np.repeat(pairs.centers, np.diff(pairs.starts))
    expected = [
        (
            expected_negative_sampling(V[c], o, U, model.noise, model.negatives),
            -log_prediction(V[c], U, model.log_offset)[o],
        )
        for c, o in zip(of_entry, pairs.outsides, strict=True)
    ]
    with ThreadPoolExecutor(2) as pool:
        assert_close(scoring.values_of_all_pairs(pairs, model, pool).T, expected, EXACT)


def test_scores_far_apart_overflow_nothing() -> None:
    pairs, model = random_pairs(40), random_model(40)
    model.parameters.V[:] *= 100  # scores up to about 1,500
    score = every_center(pairs, model)
    assert_close((score.loss, score.cross_entropy), by_the_equations(pairs, model), EXACT)
    assert score.cross_entropy > 100


def test_a_softmax_is_scored_by_its_own_offset() -> None:
    pairs, model = random_pairs(40), random_model(40)
    offset = np.random.default_rng(6).standard_normal(40)
    offset[np.setdiff1d(np.arange(40), pairs.outsides)] = -np.inf
    model = ScoredModel(model.parameters, offset, model.noise, K)
    score = every_center(pairs, model)
    assert_close(score.cross_entropy, by_the_equations(pairs, model)[1], EXACT)


def test_words_that_are_never_predicted_may_fill_a_block() -> None:
    pairs = drawn_pairs([[39, 25, 26, 39] * 50], 40, 0.3)
    model = random_model(40)
    offset = np.where(np.arange(40) < 25, -np.inf, 0.0)
    model = ScoredModel(model.parameters, offset, model.noise, K, block_rows=10)
    score = every_center(pairs, model)
    assert_close(score.cross_entropy, by_the_equations(pairs, model)[1], EXACT)


def test_vectors_of_zero_have_the_loss_and_the_cross_entropy_of_no_knowledge() -> None:
    pairs, model = random_pairs(300), random_model(300)
    model.parameters.U[:] = 0
    score = every_center(pairs, model)
    assert_close(score.loss, (K + 1) * log(2), EXACT)
    expected = -(pairs.counts @ np.log(model.noise[pairs.outsides])) / pairs.pairs
    assert_close(score.cross_entropy, expected, EXACT)
    assert_close(score.perplexity, np.exp(expected), EXACT)


@pytest.mark.parametrize("rest", [1e-6, 1e-30])
def test_a_word_with_nearly_all_of_the_noise_keeps_its_digits(rest: float) -> None:
    pairs, model = random_pairs(3), random_model(3)
    noise = np.array([rest, 1.0 - 3 * rest, 2 * rest])
    model = ScoredModel.by_negative_sampling(model.parameters, noise, K)
    score = every_center(pairs, model)
    assert_close((score.loss, score.cross_entropy), by_the_equations(pairs, model), EXACT)


# Their sampling


def test_the_sampled_score_is_as_far_off_as_its_standard_error_says() -> None:
    pairs, model = random_pairs(300), random_model(300)
    exact = every_center(pairs, model)
    sampled = [held_out_score(pairs, model, draws=60, seed=seed) for seed in range(300)]
    for name in ("loss", "cross_entropy"):
        truth = getattr(exact, name)
        estimates = np.array([getattr(score, name) for score in sampled])
        errors = np.array([getattr(score, f"{name}_standard_error") for score in sampled])
        off = (estimates - truth) / errors
        # A mean of 300 has the standard error 1/√300 = 0.058; a spread, 0.041.
        assert abs(off.mean()) < 4 * 0.058
        assert abs(off.std() - 1) < 4 * 0.041 + 0.02  # with 59 degrees of freedom t is wider
    assert all((score.centers, score.pairs) == (60, pairs.pairs) for score in sampled)


def test_one_seed_draws_the_same_center_words() -> None:
    pairs, model = random_pairs(300), random_model(300)
    scores = [held_out_score(pairs, model, draws=20, seed=seed) for seed in (7, 7, 8)]
    first, again, other = (score.loss for score in scores)
    assert first == again != other


@pytest.mark.parametrize("draws", [100, 10_000])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_gives_the_same_bits(draws: int, threads: int) -> None:
    pairs, model = random_pairs(300), random_model(300, np.float32)
    alone = held_out_score(pairs, model, draws=draws, seed=3)
    with ThreadPoolExecutor(threads) as pool:
        together = held_out_score(pairs, model, draws=draws, seed=3, pool=pool)
    assert replace(together, seconds=0.0) == replace(alone, seconds=0.0)


def test_a_center_words_score_depends_on_no_other_in_its_chunk() -> None:
    pairs, model = random_pairs(300), random_model(300)
    together = scoring.means_of_centers(pairs, model, np.arange(20))
    alone = [scoring.means_of_centers(pairs, model, np.array([i])) for i in range(20)]
    assert_close(np.concatenate(alone), together, EXACT)


@pytest.mark.parametrize("rows", [1, 7, 299, 300])
def test_blocks_of_any_length_give_the_same_score(rows: int) -> None:
    pairs, model = random_pairs(300), random_model(300)
    whole = every_center(pairs, model)
    cut = every_center(pairs, replace(model, block_rows=rows))
    assert_close((cut.loss, cut.cross_entropy), (whole.loss, whole.cross_entropy), EXACT)


def test_a_budget_buys_center_words_by_what_they_cost() -> None:
    budget = epoch_flop(pairs=10**8, negatives=5, padded_dim=112) * scoring.EPOCH_SHARE
    drawn = centers_for(budget, vocab_size=60_000, padded_dim=112)
    assert 1_000 < drawn < 2_000
    assert abs(centers_for(2 * budget, 60_000, 112) - 2 * drawn) <= 1
    assert centers_for(0, 10**7, 112) == scoring.LEAST_DRAWS


# What cannot be scored


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("matrix", ["V", "U"])
def test_vectors_that_are_not_finite_give_a_score_that_is_not_finite(
    number: float, matrix: str
) -> None:
    pairs, model = random_pairs(40), random_model(40, np.float32)
    getattr(model.parameters, matrix)[:, 0] = number
    for draws in (10, 100):
        score = held_out_score(pairs, model, draws=draws, seed=0)
        assert not np.isfinite(score.loss)
        assert not np.isfinite(score.cross_entropy)


def test_a_held_out_word_that_is_never_predicted_is_an_error_and_not_infinity() -> None:
    pairs, model = random_pairs(3), random_model(3)
    model = ScoredModel.by_negative_sampling(model.parameters, np.array([0.5, 0.5, 0.0]), K)
    for score in (every_center, scoring.values_of_all_pairs):
        with pytest.raises(SettingsError, match=r"word of id 2 .* no probability"):
            score(pairs, model)


def test_a_single_draw_of_many_has_no_standard_error_and_is_refused() -> None:
    with pytest.raises(SettingsError, match="draw two or more"):
        held_out_score(random_pairs(40), random_model(40), draws=1, seed=0)


def test_text_whose_lines_are_single_words_has_no_pairs() -> None:
    with pytest.raises(CorpusError, match=r"no two of the 50 held-out tokens make a pair"):
        drawn_pairs([[0]] * 100, 2, 0.5)
