"""A text in memory is split as the text of a corpus is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.encoding_twin import decoded, encoded
from skipgram.corpus.tokens.lines_of_text import lines_of_text
from skipgram.errors import CorpusError, SettingsError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=200)
pieces = st.sampled_from(
    [
        *("a", "B", "b", "'", "\u2019", ".", "!", "?", "\n", "\r", "\r\n", " ", "\t", "\v", "\f"),
        *("é", "e\u0301", "Σ", "İ", "\x00", "\x1c", "\x85", "\xa0", "\u2028", "\u200c", "東", "🐈"),
    ]
)
texts = st.lists(pieces, max_size=30).map("".join)


@law
@given(texts, st.sampled_from(["whitespace", "words"]))
@example("\xa0\r\r\n b", "whitespace")
@example("Σ. 'a' ... b!", "words")
def test_its_lines_are_those_of_the_encoding(text: str, tokenizer: str) -> None:
    ours = list(lines_of_text(text, tokenizer))
    try:
        # One word more on each line: a corpus of single words is refused.
        corpus = encoded(text.encode() + b"\nx y\n", tokenizer=tokenizer)
    except CorpusError as error:
        pytest.fail(str(error))
    assert ours == decoded(corpus)[:-1]


@pytest.mark.parametrize("given", [b"text", None, 3, ["a", "b"]])
def test_what_is_not_a_text_is_refused(given) -> None:
    with pytest.raises(SettingsError, match="is not a text"):
        list(lines_of_text(given, "words"))


@pytest.mark.parametrize("tokenizer", ["whitespace", "words"])
def test_half_a_surrogate_pair_is_refused(tokenizer: str) -> None:
    with pytest.raises(SettingsError, match="half a surrogate pair"):
        list(lines_of_text("a \ud800", tokenizer))
