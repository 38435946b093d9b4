"""How the text of vectors was tokenized: new text must be tokenized the same way."""

from typing import Any

import pytest

from helpers.encoding_twin import encoded
from skipgram.corpus.encoding.extending import (
    require_text_settings_of,
    text_settings_of,
    with_text_settings_of,
)
from skipgram.errors import FormatError, SettingsError
from skipgram.settings import Settings, TextSettings


def about(**text: Any) -> dict[str, Any]:
    return {"settings": Settings.of(**text).to_dict()}


def test_the_settings_of_the_text_of_vectors_are_those_they_tell_but_the_column():
    told = text_settings_of(about(tokenizer="words", phrases=2, column="text"))
    assert (told["tokenizer"], told["phrases"]) == ("words", 2)
    assert "column" not in told
    assert Settings.of(**told).text == TextSettings(tokenizer="words", phrases=2)


@pytest.mark.parametrize("told", [{}, {"settings": {}}, {"settings": {"model": {}}}])
def test_vectors_that_tell_nothing_of_their_text_ask_for_nothing(told):
    assert text_settings_of(told) == {}
    assert with_text_settings_of(told, {"tokenizer": "words"}) == {"tokenizer": "words"}
    require_text_settings_of(told, encoded(b"a b\n"))


@pytest.mark.parametrize(
    "told", [{"settings": 3}, {"settings": {"text": {"stems": True}}}, {"settings": {"text": []}}]
)
def test_settings_of_the_text_that_are_unknown_are_an_error(told):
    with pytest.raises(
        FormatError, match=r"this skipgram does not know how the text of the vectors"
    ):
        text_settings_of(told)


def test_new_text_is_tokenized_as_the_vectors_text_was_and_nothing_else_can_be_asked_for():
    told = about(tokenizer="words", undecodable="ignore")
    chosen = with_text_settings_of(
        told, {"tokenizer": "words", "undecodable": "error", "epochs": 2}
    )
    text = Settings.of(**chosen).text
    assert (text.tokenizer, text.undecodable, chosen["epochs"]) == ("words", "error", 2)
    assert with_text_settings_of(told, {})["undecodable"] == "ignore"
    for asked in ("whitespace", str.split):
        with pytest.raises(SettingsError, match="trained with tokenizer 'words', not"):
            with_text_settings_of(told, {"tokenizer": asked})


def test_a_custom_tokenizer_must_be_given_again():
    told = about(tokenizer="own")
    with pytest.raises(SettingsError, match="pass it again"):
        with_text_settings_of(told, {})
    assert with_text_settings_of(told, {"tokenizer": str.split})["tokenizer"] == str.split


def test_an_encoded_corpus_must_have_been_tokenized_as_the_vectors_text_was():
    corpus = encoded(b"a b\n", undecodable="ignore")
    require_text_settings_of(about(), corpus)
    with pytest.raises(SettingsError) as caught:
        require_text_settings_of(about(tokenizer="words"), corpus)
    assert str(caught.value) == (
        "the corpus is encoded with tokenizer 'whitespace', and the vectors were trained with "
        "'words'; encode its text again as theirs was (skipgram encode)"
    )
