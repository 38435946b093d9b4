"""Vectors split text as their training did, and understand words as it did."""

import json
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import spelled_vectors, vectors_of
from skipgram.errors import FormatError, SettingsError, UnknownWordError
from skipgram.vectors.formats import native

TEXT = [
    "To New York, and back.",
    "In New York: cafés!",
    "Is it far? It is.",
    "back and far in the city",
    "the far cafés to a city",
] * 9
SMALL = {"embedding_dim": 4, "epochs": 1, "subsample": 0, "min_count": 1, "threads": 1}
PHRASES = {"phrases": 1, "phrase_score": "npmi", "phrase_threshold": 0.95}


def trained(*place: Path, **options) -> skipgram.WordVectors:
    return skipgram.train(iter(TEXT), *place, **SMALL, **{"tokenizer": "words"} | options)


def test_a_text_is_split_as_in_training_with_its_phrases(tmp_path: Path) -> None:
    kept = skipgram.encode(iter(TEXT), tokenizer="words", min_count=1, **PHRASES)
    tokens = [word for sentence in kept.sentences() for word in sentence]
    trained(tmp_path / "vectors", **PHRASES)
    vectors = skipgram.load(tmp_path / "vectors")
    assert vectors.tokenize("\n".join(TEXT)) == tokens
    assert "new_york" in tokens
    assert vectors.tokenize("new. york") == ["new", "york"]  # no phrase reaches over a sentence


def test_vectors_without_settings_split_at_blanks() -> None:
    assert vectors_of({"a": [1.0]}).tokenize("One, two.\nTHREE") == ["One,", "two.", "THREE"]


def test_a_word_unknown_as_it_is_written_is_looked_up_as_the_training_wrote_it() -> None:
    vectors = trained(**PHRASES)
    for asked, form in (("New York", "new_york"), ("CITY", "city"), ("cafe\u0301s", "cafés")):
        assert vectors.training_form(asked) == form
        np.testing.assert_array_equal(vectors[asked], vectors[form])
        found = vectors.most_similar(asked, k=3)
        assert list(found) == list(vectors.most_similar(form, k=3))
        assert found.read_as == {asked: form}
        assert f"looked up in the form of the training: {asked} as {form}" in str(found)
        assert f"{asked} as {form}" in found._repr_html_()
        assert asked not in vectors
    assert vectors.similarity("City", "FAR") == vectors.similarity("city", "far")
    assert vectors.rank("City", "Far") == vectors.rank("city", "far")
    assert vectors.closer_than("City", "Far") == vectors.closer_than("city", "far")
    assert "far" not in [word for word, _ in vectors.most_similar("city", exclude="FAR")]
    assert vectors.most_similar_each(["City", "city"], k=2)[0].read_as == {"City": "city"}


def test_capitals_are_ignored_where_no_word_has_any(tmp_path: Path) -> None:
    lower = skipgram.train(iter(["king queen walking talking"] * 9), **SMALL)
    assert lower.most_similar("King", k=1).read_as == {"King": "king"}
    lower.save(tmp_path / "vectors")
    assert skipgram.load(tmp_path / "vectors").training_form("QUEEN") == "queen"
    spelled = spelled_vectors()
    assert spelled.vocabulary.is_lower_case
    np.testing.assert_array_equal(spelled["HELPINGS"], spelled["helpings"])
    assert spelled.can_spell("Helpings")


def test_a_word_that_is_there_is_never_another() -> None:
    vectors = skipgram.train(iter(["King king queen"] * 9), **SMALL)
    assert vectors.training_form("King") is None
    assert vectors.most_similar("King").read_as == {}
    assert not np.array_equal(vectors["King"], vectors["king"])
    with pytest.raises(UnknownWordError, match=r"did you mean queen\?"):
        vectors["Queen"]  # its training kept capitals


def test_a_form_that_is_unknown_too_stays_unknown() -> None:
    with pytest.raises(UnknownWordError, match="'Atlantis'"):
        trained()["Atlantis"]
    assert trained().training_form("in the city") is None
    assert trained().training_form("\ud800") is None


def test_a_tokenizer_of_ones_own_is_asked_for(tmp_path: Path) -> None:
    trained(tmp_path / "vectors", tokenizer=str.split)
    vectors = skipgram.load(tmp_path / "vectors")
    with pytest.raises(SettingsError, match=r"trained with a tokenizer of your own, a function"):
        vectors.tokenize("a b")
    assert vectors.training_form("TO") is None
    with pytest.raises(UnknownWordError):
        vectors["TO"]


def test_a_tokenizer_of_a_later_version_is_refused() -> None:
    vectors = vectors_of({"a": [1.0]}, about={"settings": {"text": {"tokenizer": "syllables"}}})
    with pytest.raises(SettingsError, match=r"the tokenizer 'syllables', which this skipgram does"):
        vectors.tokenize("a b")
    with pytest.raises(UnknownWordError):
        vectors["b"]


# The folder


def test_phrases_are_in_the_folder_and_only_then(tmp_path: Path) -> None:
    vectors = trained(tmp_path / "with", **PHRASES)
    trained(tmp_path / "without")
    loaded = skipgram.load(tmp_path / "with")
    assert list(loaded.phraser or ()) == list(vectors.phraser or ())
    assert loaded.about == json.loads(json.dumps(vectors.about))
    assert skipgram.load(tmp_path / "without").phraser is None
    versions = [
        json.loads((tmp_path / name / native.SETTINGS).read_text())["format_version"]
        for name in ("with", "without")
    ]
    assert versions == [3, 2]
    for more in (loaded.compact("int8"), loaded.showing("outside"), loaded.with_spelling("2-3")):
        more.save(tmp_path / "more", overwrite=True)
        assert len(skipgram.load(tmp_path / "more").phraser or ()) == len(vectors.phraser or ())
    trained().save(tmp_path / "more", overwrite=True)
    assert not (tmp_path / "more" / "phrases.safetensors").exists()


def test_a_folder_whose_phrases_are_gone_is_refused(tmp_path: Path) -> None:
    trained(tmp_path / "vectors", **PHRASES)
    (tmp_path / "vectors" / "phrases.safetensors").unlink()
    with pytest.raises(FormatError, match=r"phrases.safetensors is missing"):
        skipgram.load(tmp_path / "vectors")


def test_a_phraser_must_be_one() -> None:
    with pytest.raises(SettingsError, match="phraser must be of type Phraser, not 'words'"):
        skipgram.WordVectors(
            skipgram.Vocabulary(["a"], np.array([1])), np.ones((1, 1), np.float32), phraser="words"
        )
