"""Trainings that ask for spelling: what they show, keep, and tell."""

import lzma
from itertools import islice
from typing import Any

import numpy as np
import pytest

import skipgram
from skipgram.errors import SettingsError, UnknownWordError
from skipgram.system import machine
from skipgram.training.events import SpellingFailed, SweepsStarted, WordsSpelled
from skipgram.vectors import respelling
from skipgram.vectors.subwords.spelling import Spelling

SMALL: dict[str, Any] = {"embedding_dim": 16, "threads": 1, "min_count": 3, "ngram_penalty": 1.0}
"""Of so small a text n-grams say something with a larger penalty only."""
BY_SWEEPS = {**SMALL, "objective": "softmax"}
BY_EPOCHS = {**SMALL, "objective": "negative-sampling"}
MORE: dict[str, Any] = {"negative-sampling": {"epochs": 30, "learning_rate": 0.1}}
WAYS = [
    "softmax",
    pytest.param("expected-negative-sampling", marks=pytest.mark.slow),
    "negative-sampling",
]


@pytest.fixture(scope="module", name="text")
def a_text() -> list[str]:
    """Of real words, whose spelling says something."""
    with lzma.open(skipgram.demo_corpus(), "rt", encoding="utf-8") as lines:
        return [line.rstrip() for line in islice(lines, 4000)]


def trained(text: list[str], **values: Any) -> tuple[skipgram.WordVectors, list[Any]]:
    told: list[Any] = []
    vectors = skipgram.train(skipgram.Texts(text), observe=told.append, **values)
    return vectors, [event for event in told if isinstance(event, WordsSpelled | SpellingFailed)]


@pytest.mark.parametrize("objective", WAYS)
def test_a_training_shows_what_spelling_says_and_keeps_the_vectors_alone(text, objective, tmp_path):
    vectors, (told,) = trained(
        text,
        objective=objective,
        ngrams="3-5",
        output=tmp_path / "v",
        **SMALL,
        **MORE.get(objective, {}),
    )
    spelling = vectors.subwords
    assert isinstance(spelling, Spelling)
    assert told == WordsSpelled(
        len(spelling.ngrams), told.words_without, spelling.explained, spelling.share
    )
    assert vectors.shown == "spelled"
    said = np.array([
        spelling.vector(word) / (1 + spelling.share)
        if spelling.can_spell(word) else np.zeros(16)
        for word in vectors.words
    ])  # fmt: skip
    expected = np.asarray(vectors.center) + spelling.share * said
    np.testing.assert_allclose(vectors.matrix, expected, atol=2e-5)
    loaded = skipgram.load(tmp_path / "v")
    np.testing.assert_array_equal(loaded.matrix, vectors.matrix)
    np.testing.assert_array_equal(loaded.center, vectors.center)
    unseen = vectors.words[40] + "ing"
    assert unseen not in loaded
    assert loaded.can_spell(unseen)
    np.testing.assert_array_equal(loaded[unseen], vectors[unseen])


def test_negative_sampling_is_spelled_afterwards(text):
    plain, _ = trained(text, **BY_EPOCHS)
    spelled, _ = trained(text, ngrams="3-6", **BY_EPOCHS)
    again = plain.with_spelling("3-6", share=spelled.subwords.share, penalty=1.0, threads=1)
    np.testing.assert_array_equal(spelled.center, plain.center)
    np.testing.assert_array_equal(spelled.matrix, again.matrix)


def test_spelling_changes_the_vectors_that_sweeps_find(text):
    plain, none = trained(text, ngrams="none", **BY_SWEEPS)
    spelled, _ = trained(text, ngrams="3-6", **BY_SWEEPS)
    assert not none
    assert plain.shown == "center"
    assert np.abs(plain.center - spelled.center).max() > 0.01


def test_names_that_say_nothing_are_left_out_of_what_is_shown(text):
    names: dict[str, str] = {}
    random = np.random.default_rng(1)
    codes = iter(random.permutation(10**6).tolist())
    renamed = [
        " ".join(names.setdefault(word, f"{next(codes):06}") for word in line.split())
        for line in text
    ]
    vectors, (told,) = trained(renamed, ngrams="3-6", **BY_SWEEPS)
    assert told.share == 0
    assert told.explained < 0.02
    assert vectors.shown == "center"
    with pytest.raises(UnknownWordError):
        vectors["123456789"]


def test_words_that_share_nothing_are_trained_without_spelling():
    lines = ["aaaa bbbb cccc dddd eeee ffff"] * 40
    vectors, (told,) = trained(lines, ngrams="3-6", **BY_SWEEPS)
    assert isinstance(told, SpellingFailed)
    assert told.reason == "no 2 words share an n-gram of 3-6 characters"
    assert vectors.shown == "center"
    assert vectors.subwords is None


def test_vectors_are_not_lost_where_memory_does_not_suffice_for_their_spelling(
    text, monkeypatch, tmp_path
):
    monkeypatch.setattr(respelling, "available_memory_bytes", lambda: 1000)
    vectors, (told,) = trained(text, ngrams="3-6", output=tmp_path / "v", **BY_EPOCHS)
    assert isinstance(told, SpellingFailed)
    assert "GB are free" in told.reason
    assert vectors.shown == "center"
    assert len(skipgram.load(tmp_path / "v")) == len(vectors)


def test_the_memory_of_spelling_is_counted_before_a_training_starts(text):
    needed = []
    for ngrams in ("none", "3-6"):
        skipgram.train(
            skipgram.Texts(text[:500]), ngrams=ngrams, **BY_SWEEPS,
            observe=lambda event: needed.append(event.memory_bytes)
            if isinstance(event, SweepsStarted) else None,
        )  # fmt: skip
    assert needed[1] > needed[0]
    assert machine.available_memory_bytes() is None or needed[1] < 10**10


@pytest.mark.parametrize("objective", WAYS)
def test_a_continued_training_keeps_to_the_ngrams_of_the_vectors(text, objective):
    first, _ = trained(text[:2000], objective=objective, ngrams="3-5", **SMALL)
    more, (told,) = trained(
        text[2000:], objective=objective, continue_from=first, add_words=True, **SMALL
    )
    assert more.subwords.lengths == (3, 5)
    assert isinstance(told, WordsSpelled)
    assert len(more) > len(first)
    assert len(more.subwords.ngrams) > len(first.subwords.ngrams)


@pytest.mark.parametrize("other", ["3-6", "none"])
def test_a_continued_training_with_other_ngrams_is_refused(text, other):
    first, _ = trained(text[:500], ngrams="3-5", **BY_SWEEPS)
    with pytest.raises(SettingsError) as caught:
        trained(text[500:], continue_from=first, ngrams=other, **BY_SWEEPS)
    assert str(caught.value) == (
        f"the earlier vectors know n-grams of 3-5 characters, not {other}; omit ngrams"
    )


@pytest.mark.parametrize("shown", ["outside", "sum"])
def test_outside_vectors_and_sums_are_spelled_afterwards_only(text, shown):
    with pytest.raises(SettingsError, match="`skipgram spell` spells any vectors afterwards"):
        trained(text, ngrams="3-6", shown=shown, **BY_SWEEPS)
    vectors, _ = trained(text[:1000], shown=shown, **SMALL)
    spelled = vectors.with_spelling()
    assert spelled.subwords.matrix == shown
