"""What vectors predict: distributions that are known, found again from the best scores for them."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import change_settings, inflected_vectors, vectors_of
from skipgram import equations
from skipgram.equations.held_out import log_redrawn_prediction, log_unpowered_prediction
from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.vectors.neighbors import Predicted, Predictions
from skipgram.vectors.subwords.spelling import Spelling
from skipgram.vectors.word_vectors import WordVectors

WORDS = ["the", "owl", "flew", "home", "late"]
N = np.random.default_rng(1).exponential(2.0, (5, 5)) + 0.05
TRUTH = N / N.sum(axis=1, keepdims=True)
NOISE = equations.noise_distribution([50, 20, 10, 5, 2], 0.75)
K = 3


def model_of(objective: str, power: float = 1.0, offset: float = 0.0, K: int = K) -> dict[str, Any]:
    return {
        "objective": objective,
        "count_power": power,
        "unigram_offset": offset,
        "negatives": K,
    }


def fitted_to(scores: np.ndarray, model: dict[str, Any], **options: Any) -> WordVectors:
    """Vectors with these scores, row by center word, as if a training had found them."""
    made = vectors_of(
        dict(zip(WORDS, np.eye(5), strict=True)),
        outside=scores.T,
        about={"settings": {"model": model}},
        **options,
    )
    return replace(made, noise=NOISE)


def by_softmax(power: float, offset: float) -> WordVectors:
    """The best scores, with which the softmax is Equation (44)'s floor."""
    powered = N**power
    shares = powered.sum(axis=0) / powered.sum()
    scores = np.log(powered) - offset * np.log(shares) + np.arange(5)[:, None]
    return replace(fitted_to(scores, model_of("softmax", power, offset)), outside_marginal=shares)


def by_expected_sampling(power: float) -> WordVectors:
    """Equation (33)."""
    q = N**power / (N**power).sum(axis=1, keepdims=True)
    return fitted_to(np.log(q / (K * NOISE)), model_of("expected-negative-sampling", power))


def by_sampling() -> WordVectors:
    """Equation (34)."""
    redrawn = TRUTH @ ((1 - np.eye(5)) / (1 - NOISE)[:, None])
    return fitted_to(np.log(TRUTH / (K * NOISE * redrawn)), model_of("negative-sampling"))


FITS = {
    "softmax": lambda: by_softmax(1.0, 0.0),
    "softmax of powers": lambda: by_softmax(0.75, 0.0),
    "softmax with the offset": lambda: by_softmax(1.0, 1.0),
    "softmax of powers with the offset": lambda: by_softmax(0.75, 1.0),
    "expected negative sampling": lambda: by_expected_sampling(1.0),
    "expected negative sampling of powers": lambda: by_expected_sampling(0.75),
    "negative sampling": by_sampling,
}
each_fit = pytest.mark.parametrize("fit", FITS.values(), ids=FITS)


def distribution(found: Predictions) -> np.ndarray:
    """By the order of WORDS."""
    by_word = dict(found)
    return np.array([by_word[word] for word in WORDS])


# Known distributions


@each_fit
def test_the_best_scores_give_the_distribution_that_they_were_fitted_to(fit):
    for word, truth in zip(WORDS, TRUTH, strict=True):
        found = fit().predict_outside(word)
        assert_close(distribution(found), truth, FLOAT32)
        assert [answer.word for answer in found] == [WORDS[w] for w in np.argsort(-truth)]


def test_no_objective_can_be_taken_for_another():
    for name, fit in FITS.items():
        vectors = fit()
        for other in ("softmax", "negative-sampling", "expected-negative-sampling"):
            model = vectors.about["settings"]["model"]
            if other == model["objective"]:
                continue
            mistaken = replace(
                vectors, about={"settings": {"model": {**model, "objective": other}}}
            )
            off = distribution(mistaken.predict_outside("owl")) - TRUTH[1]
            assert abs(off).max() > 1e-3, (name, other)


@each_fit
def test_probabilities_are_those_of_the_equations(fit):
    random = np.random.default_rng(2)
    vectors = replace(
        fit(),
        center=random.standard_normal((5, 4)).astype(np.float32),
        outside=random.standard_normal((5, 4)).astype(np.float32),
    )
    model = vectors.about["settings"]["model"]
    for word, v_c in zip(WORDS, vectors.center.astype(np.float64), strict=True):
        U = vectors.outside.astype(np.float64)
        if model["objective"] == "negative-sampling":
            expected = log_redrawn_prediction(v_c, U, NOISE, K)
        else:
            is_softmax = model["objective"] == "softmax"
            of_words = model["unigram_offset"] * np.log(vectors.outside_marginal)
            offset = of_words if is_softmax else np.log(NOISE)
            expected = log_unpowered_prediction(v_c, U, offset, model["count_power"])
        assert_close(distribution(vectors.predict_outside(word)), np.exp(expected), EXACT)


def test_noise_that_is_nearly_all_one_word_keeps_its_digits():
    truth, beside = np.array([0.7, 0.1, 0.1, 0.05, 0.05]), 1e-18
    noise = np.array([1.0, *[beside / 4] * 4])
    others = np.array([beside, *[1.0] * 4])  # 1 − P_n
    redrawn = (1 - np.eye(5)) @ (truth / others)
    scores = np.log(truth / (K * noise * redrawn))
    made = fitted_to(np.tile(scores, (5, 1)), model_of("negative-sampling"))
    found = replace(made, noise=noise).predict_outside("owl")
    assert_close(distribution(found), truth, FLOAT32)


@pytest.mark.parametrize("fit", [by_softmax, by_expected_sampling], ids=["softmax", "expected"])
def test_several_words_have_the_geometric_mean_of_their_distributions(fit):
    vectors = fit(*[0.75] * (2 if fit is by_softmax else 1))
    mean = np.exp(np.log(TRUTH[[1, 2, 2]]).mean(axis=0))
    found = vectors.predict_outside(["owl", "flew", "flew"])
    assert_close(distribution(found), mean / mean.sum(), FLOAT32)
    vectors_asked = vectors.predict_outside(vectors.center[[1, 2, 2]])
    assert_close(distribution(vectors_asked), distribution(found), EXACT)


# Trained on a corpus

TEXT = "a b a c a d a b b c d a b d c a c a b d b a a c\n" * 40


def empirical(corpus: Path, **options: Any) -> tuple[list[str], np.ndarray]:
    counts = skipgram.cooccurrence(corpus, min_count=1, subsample=0.0, **options)
    matrix = counts.matrix.toarray()
    return list(counts.vocabulary.words), matrix / matrix.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    "settings",
    [
        {"objective": "softmax"},
        {"objective": "softmax", "count_power": 1.0, "unigram_offset": 0.0},
        {"objective": "softmax", "count_power": 0.5},
        {"objective": "expected-negative-sampling"},
        {"objective": "expected-negative-sampling", "count_power": 1.0, "negatives": 2},
    ],
    ids=str,
)
def test_sweeps_that_have_settled_predict_what_was_counted(tmp_path, settings):
    corpus = tmp_path / "corpus.txt"
    corpus.write_text(TEXT)
    window = {"window": 2, "window_width": "harmonic"}
    vectors = skipgram.train(
        corpus,
        **settings,
        **window,
        min_count=1,
        subsample=0.0,
        embedding_dim=8,
        prior=1e-3,
        sweeps=300,
        tolerance=0.0,
        ngrams="none",
        threads=1,
    )
    words, truth = empirical(corpus, **window)
    for word, expected in zip(words, truth, strict=True):
        found = dict(vectors.predict_outside(word))
        assert_close([found[w] for w in words], expected, 2e-3, relative=False)


def test_negative_sampling_that_has_settled_predicts_what_was_counted(tmp_path):
    corpus = tmp_path / "corpus.txt"
    corpus.write_text(TEXT)
    window = {"window": 2, "window_width": "fixed"}
    vectors = skipgram.train(
        corpus,
        **window,
        objective="negative-sampling",
        min_count=1,
        subsample=0.0,
        embedding_dim=8,
        epochs=300,
        learning_rate=0.05,
        threads=1,
    )
    words, truth = empirical(corpus, **window)
    for word, expected in zip(words, truth, strict=True):
        found = dict(vectors.predict_outside(word))
        # Draws of pairs and negatives leave some noise.
        assert_close([found[w] for w in words], expected, 0.02, relative=False)
        odds = np.exp(vectors.outside @ vectors.center[vectors.vocabulary.id(word)]) * vectors.noise
        by_odds = dict(zip(vectors.words, odds / odds.sum(), strict=True))
        assert max(abs(by_odds[w] - p) for w, p in zip(words, expected, strict=True)) > 0.03


# What may be asked


def test_whatever_is_shown_the_model_of_the_training_answers():
    vectors = by_sampling()
    for shown in ("outside", "sum"):
        assert vectors.showing(shown).predict_outside("owl") == vectors.predict_outside("owl")
    half = vectors.compact("float16").predict_outside("owl")
    assert_close(distribution(half), TRUTH[1], 1e-2)


def test_answers_are_the_most_probable_ones_that_are_allowed():
    vectors = by_softmax(0.75, 1.0)
    all_words = vectors.predict_outside("owl")
    assert sum(answer.probability for answer in all_words) == pytest.approx(1)
    assert vectors.predict_outside("owl", k=2) == all_words[:2]
    assert all_words.number == "probability"
    frequent = vectors.predict_outside("owl", first_words=3)
    assert frequent == [answer for answer in all_words if answer.word in WORDS[:3]]
    without = vectors.predict_outside("owl", exclude=["the", "nobody"])
    assert without == [answer for answer in all_words if answer.word != "the"]
    assert "owl" in dict(all_words), "the words that are asked may be answers"


def test_equal_probabilities_are_in_the_order_of_ids():
    vectors = replace(
        fitted_to(np.zeros((5, 5)), model_of("negative-sampling")), noise=np.full(5, 0.2)
    )
    assert vectors.predict_outside("late", k=3) == [
        (word, pytest.approx(0.2)) for word in WORDS[:3]
    ]


def test_a_word_that_is_never_noise_is_never_predicted():
    vectors = replace(by_sampling(), noise=np.array([0.5, 0.5, 0, 0, 0]))
    assert {answer.word for answer in vectors.predict_outside("owl")} == {"the", "owl"}
    with pytest.raises(FormatError, match="give no outside word any probability"):
        replace(by_sampling(), noise=np.zeros(5)).predict_outside("owl")


def test_predictions_print_as_a_table_and_show_as_one_in_a_notebook():
    found = Predictions([Predicted("owl", 0.25), Predicted("x<y", 0.0012)])
    assert str(found) == "owl  0.2500\nx<y  0.0012"
    assert ">probability</th>" in found._repr_html_()
    assert ">x&lt;y</td>" in found._repr_html_()


def test_unknown_words_are_an_error_or_skipped():
    vectors = by_sampling()
    with pytest.raises(UnknownWordError, match=r"'owls' is not among .*owl"):
        vectors.predict_outside("owls")
    with pytest.raises(UnknownWordError, match=r"^2 of 3 words .* 'x', 'y'"):
        vectors.predict_outside(["x", "owl", "y"])
    with pytest.warns(UserWarning, match=r"^2 of 3 words .* 'x', 'y'"):
        found = vectors.predict_outside(["x", "owl", "y"], unknown="skip")
    assert found == vectors.predict_outside("owl")
    with (
        pytest.warns(UserWarning, match="1 of 1 words"),
        pytest.raises(SettingsError, match=r"^no center words to predict"),
    ):
        vectors.predict_outside("x", unknown="skip")
    with pytest.raises(SettingsError, match=r"^no center words to predict"):
        vectors.predict_outside([])
    with pytest.raises(SettingsError, match=r"^k must be at least 1, not 0$"):
        vectors.predict_outside("owl", k=0)


def test_a_vector_of_zeros_is_a_center_word_like_others():
    vectors = by_softmax(1.0, 1.0)
    found = vectors.predict_outside(np.zeros(5))
    assert_close(distribution(found), vectors.outside_marginal, FLOAT32)
    with pytest.raises(SettingsError, match=r"shape \(3,\); expected \(5,\)"):
        vectors.predict_outside(np.zeros(3))


@pytest.mark.parametrize("shown", ["center", "spelled"])
def test_an_unknown_word_is_spelled_as_a_center_word(shown):
    about = {"settings": {"model": model_of("negative-sampling")}}
    vectors = inflected_vectors(about=about).with_spelling(penalty=0.1, threads=1).showing(shown)
    spelling = vectors.subwords
    assert isinstance(spelling, Spelling)
    found = vectors.predict_outside(["walks", "helpings"], k=3)
    assert found.spelled == ("helpings",)
    rows = [
        vectors.center[vectors.vocabulary.id("walks")],
        replace(spelling, share=0.0).vector("helpings"),
    ]
    assert vectors.predict_outside(np.mean(rows, axis=0, dtype=np.float64), k=3) == found
    assert str(found).splitlines()[-1].endswith("made from the spelling: helpings")


def test_a_spelling_of_another_matrix_makes_no_center_word():
    about = {"settings": {"model": model_of("negative-sampling")}}
    inflected = inflected_vectors(about=about)
    of_outside = replace(inflected, center=inflected.outside, outside=inflected.center)
    vectors = of_outside.showing("outside").with_spelling(penalty=0.1, threads=1)
    assert vectors.can_spell("helpings")
    with pytest.raises(UnknownWordError, match="'helpings' is not among"):
        vectors.predict_outside("helpings")


# What cannot be asked


def test_vectors_without_an_outside_matrix_say_so():
    with pytest.raises(SettingsError, match=r"^these vectors have no outside matrix, without"):
        replace(by_sampling(), outside=None).predict_outside("owl")


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"settings": None},
        {"settings": {"model": 3}},
        {"settings": {"model": model_of("auto")}},
        {"settings": {"model": model_of(["softmax"])}},
        {"settings": {"model": {"objective": "softmax", "count_power": 1.0}}},
    ],
)
def test_vectors_that_do_not_say_what_trained_them_are_refused(about):
    with pytest.raises(SettingsError, match=r"^what the scores of these vectors stand for"):
        replace(by_sampling(), about=about).predict_outside("owl")


@pytest.mark.parametrize(
    "bad", [{"count_power": 0.0}, {"negatives": "x"}, {"unigram_offset": None}]
)
def test_settings_that_cannot_be_are_refused(bad):
    about = {"settings": {"model": {**model_of("softmax"), **bad}}}
    with pytest.raises(SettingsError, match=next(iter(bad))):
        replace(by_sampling(), about=about).predict_outside("owl")


@pytest.mark.parametrize(
    ("fit", "name"),
    [
        (by_sampling, "noise"),
        (lambda: by_expected_sampling(1.0), "noise"),
        (lambda: by_softmax(1.0, 1.0), "outside_marginal"),
    ],
)
def test_vectors_that_lack_a_distribution_name_it(fit, name):
    with pytest.raises(SettingsError, match=rf"^these vectors have no {name}, without which"):
        replace(fit(), **{name: None}).predict_outside("owl")


def test_the_plain_softmax_needs_no_distribution():
    vectors = replace(by_softmax(0.75, 0.0), noise=None, outside_marginal=None)
    assert_close(distribution(vectors.predict_outside("owl")), TRUTH[1], FLOAT32)


@pytest.mark.parametrize("matrix", ["center", "outside"])
def test_a_number_that_is_not_finite_is_told_with_its_word(matrix):
    vectors = by_sampling()
    rows = getattr(vectors, matrix).copy()
    rows[1, 1] = np.nan
    with pytest.raises(
        FormatError, match=rf"^the {matrix} matrix: number 2 of 5 of the word 'owl'"
    ):
        replace(vectors, **{matrix: rows}).predict_outside("owl")


def test_a_folder_answers_as_the_training_did(tmp_path):
    by_sampling().save(tmp_path / "vectors")
    loaded = skipgram.load(tmp_path / "vectors")
    assert loaded.predict_outside("owl") == by_sampling().predict_outside("owl")
    change_settings(tmp_path / "vectors", settings=None)
    with pytest.raises(SettingsError, match=re.escape("vectors.about['settings']")):
        skipgram.load(tmp_path / "vectors").predict_outside("owl")
