"""A text in memory to its lines of tokens, as the reader of a corpus makes them.

For texts that are asked about one at a time. A corpus is read by `tokenizing`, block by block, and
tests hold the two together.
"""

import re
from collections.abc import Iterator

from skipgram.errors import SettingsError

_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_SENTENCE_ENDS = (".", "!", "?")


def lines_of_text(text: str, tokenizer: str) -> Iterator[list[str]]:
    """The tokens of each line; with `words`, of each sentence. Lines without any are left out."""
    _require_text(text)
    lines = _LINE_ENDS.split(text)
    if tokenizer != "words":
        yield from filter(None, map(_split_at_blanks, lines))
        return
    from skipgram.corpus.tokens.words import words  # it needs a library, and time, to load

    for line in words("\n".join([*lines, ""])).split("\n"):
        sentence: list[str] = []
        for token in line.split():
            if token not in _SENTENCE_ENDS:
                sentence.append(token)
            elif sentence:
                yield sentence
                sentence = []
        if sentence:
            yield sentence


def _split_at_blanks(line: str) -> list[str]:
    """The tokens between the six ASCII blanks: `str.split` knows more."""
    if line.isascii() and line.isprintable():
        return line.split()
    return [token.decode() for token in line.encode().split()]


def _require_text(text: str) -> None:
    if not isinstance(text, str):
        raise SettingsError(
            f"{repr(text)[:60]} ({type(text).__name__}) is not a text; a list of tokens needs no "
            "tokenizer"
        )
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise SettingsError(
            f"the text holds {text[error.start]!r}, half a surrogate pair, which UTF-8 cannot "
            "encode; text.encode('utf-8', 'replace').decode() puts a question mark in its place"
        ) from None
