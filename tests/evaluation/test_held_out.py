"""Held-out text: loss and perplexity against the equations, pair by pair, and the text's pieces."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.comparison import assert_close
from helpers.handmade_vectors import random_vectors, some_vectors
from skipgram.corpus.sources.texts import Texts
from skipgram.equations import keep_probability
from skipgram.equations.held_out import expected_negative_sampling, log_prediction
from skipgram.errors import CorpusError, FormatError, SettingsError
from skipgram.evaluation.held_out import HeldOutScore, held_out_score
from skipgram.settings import OWN
from skipgram.training.held_out.split import Split
from skipgram.vectors.word_vectors import WordVectors

# The score adds up some thousand pairs in another order than the test.
SUMS = 1e-10

VOCAB_SIZE, K, WINDOW, BETA = 9, 4, 3, 0.7


def trained_vectors(
    objective: str = "negative-sampling", vocab_size: int = VOCAB_SIZE, **settings: Any
) -> WordVectors:
    """Random ones in float64, which say that they were trained so."""
    model = {
        "objective": objective,
        "count_power": 1.0,
        "unigram_offset": BETA,
        "negatives": K,
        "window": WINDOW,
        "window_width": "fixed",
        **{name: value for name, value in settings.items() if name != "subsample"},
    }
    made = random_vectors(1, vocab_size, 4)
    center, outside = np.random.default_rng(2).standard_normal((2, vocab_size, 4))
    noise, marginal = np.random.default_rng(3).dirichlet(np.ones(vocab_size), 2)
    about = {
        "settings": {"model": model, "training": {"subsample": settings.get("subsample", 0.0)}}
    }
    return replace(
        made, center=center, outside=outside, noise=noise, outside_marginal=marginal, about=about
    )


def some_lines(lines: int = 12, words: int = 30, seed: int = 5, vocab_size: int = VOCAB_SIZE):
    ids = np.random.default_rng(seed).integers(0, vocab_size, (lines, words))
    return [[f"w{number}" for number in line] for line in ids.tolist()]


def by_the_equations(
    vectors: WordVectors, lines: Sequence[Sequence[str]], weight: Any = lambda distance: 1.0
) -> tuple[float, float]:
    """The two means, pair by pair, with a pair's weight by its distance."""
    model = vectors.about["settings"]["model"]
    is_softmax = model["objective"] == "softmax"
    offset = BETA * np.log(vectors.outside_marginal) if is_softmax else np.log(vectors.noise)
    keep = keep_probability(vectors.counts, vectors.about["settings"]["training"]["subsample"])
    loss = cross_entropy = total = 0.0
    for line in lines:
        ids = [vectors.vocabulary.id(word) for word in line if word in vectors]
        for i, c in enumerate(ids):
            for j in range(max(0, i - WINDOW), min(len(ids), i + WINDOW + 1)):
                if j == i:
                    continue
                v_c, o, count = (
                    vectors.center[c],
                    ids[j],
                    weight(abs(i - j)) * keep[c] * keep[ids[j]],
                )
                of_pair = -log_prediction(v_c, vectors.outside, offset)[o]
                cross_entropy += count * of_pair
                loss += count * (
                    of_pair
                    if is_softmax
                    else expected_negative_sampling(v_c, o, vectors.outside, vectors.noise, K)
                )
                total += count
    return loss / total, np.exp(cross_entropy / total)


def both(score: HeldOutScore) -> list[float | None]:
    return [score.loss, score.perplexity]


# The numbers


@pytest.mark.parametrize(
    "objective", ["negative-sampling", "expected-negative-sampling", "softmax"]
)
def test_loss_and_perplexity_are_those_of_the_equations(objective):
    vectors, lines = trained_vectors(objective), some_lines()
    score = held_out_score(vectors, Texts(lines), "a name")
    assert_close(both(score), by_the_equations(vectors, lines), SUMS)
    assert [measure.name for measure in score.measures] == ["perplexity", "loss"]
    assert (score.name, score.value) == ("a name", score.perplexity)
    assert score.coverage.share == 1.0
    if objective == "softmax":
        assert_close(np.exp(score.loss), score.perplexity, SUMS)


@pytest.mark.parametrize(
    ("settings", "weight"),
    [
        ({"window_width": "random"}, lambda d: (WINDOW - d + 1) / WINDOW),
        ({"window_width": "harmonic"}, lambda d: 1 / d),
        ({"subsample": 0.05, "gaps": "text"}, lambda d: 1.0),
    ],
    ids=["random width", "harmonic width", "subsampled"],
)
def test_pairs_count_as_the_windows_and_the_subsampling_of_the_training_have_them(settings, weight):
    vectors, lines = trained_vectors("softmax", **settings), some_lines()
    score = held_out_score(vectors, Texts(lines))
    assert_close(both(score), by_the_equations(vectors, lines, weight), SUMS)


def test_pairs_are_counted():
    score = held_out_score(trained_vectors(), Texts([["w1", "w2"], ["w1", "w2", "w3"], ["w1"]]))
    assert score.pairs == 2 + 6


def test_vectors_of_zero_are_as_good_as_a_guess():
    vectors = trained_vectors("softmax", unigram_offset=0.0)
    vectors = replace(vectors, center=np.zeros_like(vectors.center))
    assert_close(held_out_score(vectors, Texts(some_lines())).perplexity, VOCAB_SIZE, SUMS)


def test_the_model_is_asked_whatever_is_shown():
    vectors, lines = trained_vectors(), some_lines()
    shown = held_out_score(vectors.showing("outside"), Texts(lines))
    assert both(shown) == both(held_out_score(vectors, Texts(lines)))


def test_trained_vectors_score_as_the_training_reported(tmp_path):
    # Lines of one half of the vocabulary or of the other, so that there is something to learn.
    random = np.random.default_rng(1)
    lines = [[f"w{n}" for n in random.integers(0, 20, 8) + 20 * (i % 2)] for i in range(600)]
    encoded = skipgram.encode(Texts(lines), min_count=1)
    vectors = skipgram.train(
        encoded,
        objective="softmax",
        embedding_dim=6,
        holdout=0.1,
        sweeps=3,
        ngrams="none",
        window=2,
    )
    reported = vectors.about["sweeps"][-1]["held_out"]["cross_entropy"]
    held_out = [encoded.slice_tokens(*part) for part in Split.of(encoded, 0.1).held_out.tolist()]
    [score] = [held_out_score(vectors, part) for part in held_out]
    # The training's vectors are scored in float32, and its offset is of the pairs' own shares.
    assert_close(score.loss, reported, 1e-4)


# What is asked


def test_unknown_words_are_left_out_and_windows_close_over_them():
    vectors, lines = trained_vectors(), some_lines()
    with_unknown = [[*line[:7], "unknown", *line[7:], "another"] for line in lines]
    with_unknown.insert(3, ["unknown", "another"])
    score = held_out_score(vectors, Texts(with_unknown))
    assert_close(both(score), by_the_equations(vectors, lines), SUMS)
    known = sum(map(len, lines))
    assert (score.coverage.known, score.coverage.total) == (known, known + 2 * len(lines) + 2)


def test_files_and_encoded_corpora_score_as_texts_do(tmp_path):
    vectors, lines = trained_vectors(), some_lines()
    file = tmp_path / "text.txt"
    file.write_text("\n".join(map(" ".join, lines)))
    expected = both(held_out_score(vectors, Texts(lines)))
    assert both(held_out_score(vectors, file)) == expected
    encoded = skipgram.encode(file, tmp_path / "encoded", min_count=1)
    assert_close(both(held_out_score(vectors, encoded)), expected, SUMS)
    assert_close(both(held_out_score(vectors, tmp_path / "encoded")), expected, SUMS)


def test_an_encoded_corpus_says_how_many_tokens_its_own_vocabulary_left_out():
    lines = [*some_lines(), ["rare"], ["rarer"]]
    encoded = skipgram.encode(Texts(lines), min_count=2)
    score = held_out_score(trained_vectors(), encoded)
    assert (score.coverage.known, score.coverage.total) == (360, 362)


def test_text_is_tokenized_as_that_of_the_training_was():
    vectors = trained_vectors()
    about = {"settings": vectors.about["settings"] | {"text": {"tokenizer": "words"}}}
    score = held_out_score(replace(vectors, about=about), Texts(["W1, w2! W3 w4"]))
    assert (score.coverage.known, score.pairs) == (4, 4.0)


# Pieces


def test_the_interval_is_of_lines_and_holds_the_loss():
    score = held_out_score(trained_vectors(), Texts(some_lines()))
    assert score.outcome.units == 12
    for measure in score.measures:
        assert measure.interval.low < measure.value < measure.interval.high


def test_a_line_drawn_twice_counts_twice():
    vectors, lines = trained_vectors(), some_lines()
    outcome = held_out_score(vectors, Texts(lines)).outcome
    weights = np.zeros((1, 12))
    weights[0, 3], weights[0, 5] = 2, 1
    expected = by_the_equations(vectors, [lines[3], lines[3], lines[5]])
    assert_close(outcome(weights)[::-1, 0], expected, SUMS)
    assert_close(
        outcome.at(np.array([3]))(np.ones((1, 1)))[::-1, 0],
        by_the_equations(vectors, [lines[3]]),
        SUMS,
    )


def test_vectors_that_know_other_words_have_the_same_pieces():
    lines = some_lines()
    lines[4] = ["w7", "w8"]
    few = held_out_score(trained_vectors(vocab_size=7), Texts(lines))
    every = held_out_score(trained_vectors(), Texts(lines))
    assert every.outcome.asked.tolist() == list(range(12))
    assert few.outcome.asked.tolist() == [0, 1, 2, 3, *range(5, 12)]


def test_many_lines_are_two_hundred_pieces_in_twenty_stretches_and_a_long_line_is_cut():
    many = held_out_score(trained_vectors(), Texts(some_lines(450, 4)), resamples=0)
    assert (len(many.outcome.asked), many.outcome.units, many.coverage.known) == (200, 20, 1_800)
    weights = np.zeros((1, 20))
    weights[0, 7] = 1
    alone = many.outcome.at(np.arange(70, 80))
    assert_close(many.outcome(weights), alone(np.ones((1, alone.units))), SUMS)
    long = held_out_score(trained_vectors(), Texts(some_lines(1, 6_000)), resamples=0)
    assert long.outcome.units == 12
    assert held_out_score(trained_vectors(), Texts(some_lines(1, 400))).interval is None


def test_of_a_long_text_the_beginnings_of_all_pieces_are_scored():
    vectors, lines = trained_vectors(), some_lines(20, 30)
    score = held_out_score(vectors, Texts(lines), most_tokens=200)
    assert score.coverage.total == 200
    assert_close(both(score), by_the_equations(vectors, [line[:10] for line in lines]), SUMS)


# What cannot be scored


@pytest.mark.parametrize("lines", [[["x", "y"], ["z"]], [["w1", "x"]], [["w1", "x"], ["y", "w1"]]])
def test_text_without_a_pair_of_known_words_has_no_score(lines):
    score = held_out_score(trained_vectors(), Texts(lines))
    assert (score.loss, score.perplexity, score.interval, score.pairs) == (None, None, None, 0.0)


def test_a_text_that_is_empty_or_has_one_word_a_line_is_an_error():
    with pytest.raises(CorpusError, match="only whitespace"):
        held_out_score(trained_vectors(), Texts(["  "]))
    with pytest.raises(CorpusError, match="no line holds two of the 2 words"):
        held_out_score(trained_vectors(), Texts([["w1"], ["w2"]]))


def test_vectors_without_an_outside_matrix_are_an_error_that_says_what_to_do():
    vectors = replace(trained_vectors(), outside=None)
    with pytest.raises(SettingsError, match=r"no outside matrix.*train with skipgram"):
        held_out_score(vectors, Texts(some_lines()))


def test_vectors_that_do_not_say_how_they_were_trained_are_an_error():
    with pytest.raises(SettingsError, match=r"what the scores of these vectors stand for"):
        held_out_score(some_vectors(), Texts(some_lines()))


def test_a_tokenizer_of_ones_own_is_an_error_that_asks_for_an_encoded_corpus():
    vectors = trained_vectors()
    about = {"settings": vectors.about["settings"] | {"text": {"tokenizer": OWN}}}
    with pytest.raises(SettingsError, match=r"tokenizer of your own.*skipgram\.encode\("):
        held_out_score(replace(vectors, about=about), Texts(some_lines()))


def test_a_corpus_that_was_encoded_otherwise_is_an_error():
    vectors = trained_vectors()
    about = {"settings": vectors.about["settings"] | {"text": {"tokenizer": "words"}}}
    encoded = skipgram.encode(Texts(some_lines()), min_count=1)
    with pytest.raises(SettingsError, match="encoded with tokenizer 'whitespace'"):
        held_out_score(replace(vectors, about=about), encoded)


@pytest.mark.parametrize("matrix", ["center", "outside"])
def test_a_number_that_is_not_finite_is_an_error_that_names_its_word(matrix):
    vectors = trained_vectors()
    rows = getattr(vectors, matrix).copy()
    rows[3, 1] = np.nan
    with pytest.raises(FormatError, match=f"the {matrix} matrix: number 2 of 4 of the word 'w3'"):
        held_out_score(replace(vectors, **{matrix: rows}), Texts(some_lines()))


def test_an_outside_word_without_any_probability_is_an_error():
    vectors = trained_vectors()
    noise = vectors.noise.copy()
    noise[2] = 0
    with pytest.raises(SettingsError, match=r"the word of id 2 .* no probability"):
        held_out_score(replace(vectors, noise=noise), Texts(some_lines()))
