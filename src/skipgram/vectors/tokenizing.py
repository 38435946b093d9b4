"""Text and words as the training saw them: the tokenizer and the phrases that vectors know."""

from collections.abc import Mapping
from typing import Any

from skipgram.corpus.phrases.phraser import Phraser
from skipgram.corpus.tokens.lines_of_text import lines_of_text
from skipgram.errors import SettingsError
from skipgram.settings import OWN, TOKENIZERS, default


def tokenizer_of(about: Mapping[str, Any]) -> str:
    """How the training split its text; at whitespace, if the vectors do not say."""
    found: Any = about
    for name in ("settings", "text", "tokenizer"):
        found = found.get(name) if isinstance(found, Mapping) else None
    return str(default("tokenizer")) if found is None else str(found)


def tokens_of(text: str, tokenizer: str, phraser: Phraser | None) -> list[str]:
    """A text's tokens, with phrases joined; none of them reaches over a line's end."""
    _require_known(tokenizer)
    lines = lines_of_text(text, tokenizer)
    if phraser is not None:
        lines = map(phraser.join, lines)
    return [token for line in lines for token in line]


def form_of(word: str, tokenizer: str, phraser: Phraser | None) -> str | None:
    """The one token that the tokenizer makes of a word, if it makes one, and another."""
    if tokenizer not in TOKENIZERS:
        return None
    try:
        tokens = tokens_of(word, tokenizer, phraser)
    except SettingsError:  # half a surrogate pair
        return None
    return tokens[0] if len(tokens) == 1 and tokens[0] != word else None


def _require_known(tokenizer: str) -> None:
    """Refuse a tokenizer that is not here."""
    if tokenizer == OWN:
        raise SettingsError(
            "these vectors were trained with a tokenizer of your own, a function, which a folder "
            "cannot hold: call it yourself, and give lists of tokens (phraser.join joins phrases)"
        )
    if tokenizer not in TOKENIZERS:
        raise SettingsError(
            f"these vectors were trained with the tokenizer {tokenizer!r:.40}, which this skipgram "
            f"does not have; it has {', '.join(TOKENIZERS)}"
        )
