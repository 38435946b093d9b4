"""Vectors that are trained further keep their words, ids and counts, and gain what is new."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.small_trainings import SMALL, two_topics
from skipgram.errors import OutputExistsError, SettingsError

HARDLY: dict[str, Any] = SMALL | {"learning_rate": 1e-30, "epochs": 1}
"""A training that changes next to nothing."""
NEW = "sky0 sky1 cloud rain\ncloud rain sky2\n" * 50


@pytest.fixture
def before(tmp_path: Path) -> Path:
    text = tmp_path / "before.txt"
    text.write_text(two_topics())
    skipgram.train(text, tmp_path / "before", **SMALL)
    return tmp_path / "before"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "new.txt"
    file.write_text(NEW)
    return file


def further(text: Any, before: Any, *output: Path, **values: Any) -> skipgram.WordVectors:
    chosen = {name: value for name, value in HARDLY.items() if name != "embedding_dim"} | values
    return skipgram.train(text, *output, continue_from=before, **chosen)


@pytest.mark.parametrize("adds_words", [False, True])
def test_words_keep_their_ids_and_vectors_and_their_counts_are_added_up(
    before: Path, text: Path, adds_words: bool
) -> None:
    old = skipgram.load(before)
    vectors = further(text, before, add_words=adds_words)
    known = len(old)
    assert list(vectors.words[:known]) == list(old.words)
    np.testing.assert_array_equal(vectors.center[:known], old.center)
    np.testing.assert_array_equal(vectors.outside[:known], old.outside)
    added = {"sky0": 50, "sky1": 50, "sky2": 50}
    for number, word in enumerate(old.words):
        assert vectors.counts[number] == old.counts[number] + added.get(word, 0)
    assert sorted(vectors.words[known:]) == (["cloud", "rain"] if adds_words else [])
    if adds_words:
        assert vectors.counts[known:].tolist() == [100, 100]


def test_a_larger_rate_moves_them(before: Path, text: Path) -> None:
    moved = further(text, before, learning_rate=0.1)
    assert np.abs(moved.center - skipgram.load(before).center).max() > 1e-3


def test_vectors_in_memory_can_be_trained_further_and_stay_as_they_are(
    before: Path, text: Path
) -> None:
    old = skipgram.load(before)
    center = old.center.copy()
    one, other = (further(text, of, learning_rate=0.1) for of in (before, old))
    np.testing.assert_array_equal(one.center, other.center)
    np.testing.assert_array_equal(old.center, center)


def test_an_encoded_corpus_can_be_the_new_text(before: Path, text: Path, tmp_path: Path) -> None:
    # Encoded by itself it has other ids, and no word that is rarer than its own min_count.
    skipgram.encode(text, tmp_path / "new.corpus", min_count=1)
    for adds_words in (False, True):
        read = further(text, before, add_words=adds_words, learning_rate=0.1)
        taken = further(
            tmp_path / "new.corpus", before, add_words=adds_words, learning_rate=0.1, seed=1
        )
        assert sorted(read.words) == sorted(taken.words)
        assert dict(zip(read.words, read.counts.tolist(), strict=True)) == dict(
            zip(taken.words, taken.counts.tolist(), strict=True)
        )
        np.testing.assert_array_equal(read["sky0"], taken["sky0"])


def test_a_continued_training_can_be_interrupted_and_resumed(
    before: Path, text: Path, tmp_path: Path
) -> None:
    values = {"learning_rate": 0.1, "epochs": 4, "add_words": True}
    whole = further(text, before, **values)

    def stop(event: Any) -> None:
        if isinstance(event, skipgram.training.events.EpochEnd):
            raise KeyboardInterrupt

    output = tmp_path / "after"
    with pytest.raises(KeyboardInterrupt):
        further(text, before, output, observe=stop, checkpoint_minutes=1e-9, **values)
    resumed = further(text, before, output, resume=True, **values)
    np.testing.assert_array_equal(resumed.center, whole.center)


def test_vectors_can_be_replaced_by_their_continuation_where_that_is_said(
    before: Path, text: Path
) -> None:
    old = skipgram.load(before)  # mapped from the files that are replaced
    center = old.center.copy()
    expected = further(text, before, learning_rate=0.1)
    with pytest.raises(OutputExistsError, match="before already exists"):
        further(text, before, before, learning_rate=0.1)
    further(text, before, before, learning_rate=0.1, overwrite=True)
    np.testing.assert_array_equal(skipgram.load(before).center, expected.center)
    np.testing.assert_array_equal(old.center, center)


def test_another_size_is_refused_and_the_same_is_not(before: Path, text: Path) -> None:
    with pytest.raises(SettingsError, match="earlier vectors have 16 numbers, not 17"):
        further(text, before, embedding_dim=17)
    assert further(text, before, embedding_dim=16).embedding_dim == 16


def test_words_cannot_be_added_to_nothing(text: Path) -> None:
    with pytest.raises(SettingsError, match=r"continue_from=DIR.*omit add_words"):
        skipgram.train(text, add_words=True, **SMALL)


PHRASES: dict[str, Any] = {"phrases": 1, "phrase_score": "npmi", "phrase_threshold": 0.95}
"""Words that are seen only together."""


def test_new_text_has_the_phrases_of_the_old_and_no_others(tmp_path: Path) -> None:
    old = ["to new york", "in new york", "in it", "it to", "moon in it to"] * 9
    new = ["in new york", "to old moon", "in old moon"] * 9
    first = skipgram.train(iter(old), tmp_path / "first", **SMALL, **PHRASES)
    assert first.phraser is not None
    assert "new_york" in list(map(str, first.phraser))
    second = further(iter(new), tmp_path / "first", add_words=True)
    assert "old_moon" not in second.words
    assert second.counts[second.vocabulary.id("new_york")] == 27
    assert list(second.phraser or ()) == list(first.phraser)


def test_an_encoded_text_brings_its_own_phrases_along(tmp_path: Path) -> None:
    old = ["to new york", "in new york", "in it", "it to", "moon in it to"] * 9
    new = ["in new york", "to old moon", "in old moon", "old it"] * 9
    first = skipgram.train(iter(old), tmp_path / "first", **SMALL, **PHRASES)
    encoded = skipgram.encode(iter(new), min_count=1, **PHRASES)
    second = further(encoded, tmp_path / "first", add_words=True)
    assert first.phraser is not None
    assert encoded.phraser is not None
    found = [str(phrase) for phrase in second.phraser or ()]
    assert found == list(dict.fromkeys(map(str, [*first.phraser, *encoded.phraser])))
    with pytest.raises(SettingsError, match=r"the earlier vectors were trained with phrases of"):
        further(iter(new), tmp_path / "first", phraser=encoded)
    with pytest.raises(SettingsError, match=r"the corpus is encoded with phrases of its own"):
        skipgram.train(encoded, phraser=first, **SMALL)
