"""Blocks of text to blocks of numbers: what a token is, and what happens where text is damaged.

`whitespace` splits at the six ASCII blanks and changes nothing. `words` splits further: no word and
no end of a sentence extends over a blank, so each type of a block is split once, and its
occurrences follow. In the same way each type that is not UTF-8 is repaired once.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.sources.blocks import (
    MOST_SPLIT_BYTES,
    PADDING,
    Block,
    TextBlock,
    TokenBlock,
)
from skipgram.corpus.tokens import kernels
from skipgram.corpus.tokens.numbering import FrequentTypes, NumberedBlock, number_lines, number_text
from skipgram.corpus.tokens.words import words
from skipgram.errors import CorpusError
from skipgram.settings.given_words import as_words, items_of, shown, why_no_word
from skipgram.settings.resolving import TextTokenizer

"""A line of text to its tokens."""

_REPLACEMENT = "\ufffd"
_SENTENCE_ENDS = np.frombuffer(b".!?", np.uint8)
_LINES = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class TokenizedBlock:
    """A numbered block, and what was found in it."""

    numbered: NumberedBlock
    text_tokens: int
    """before they were split into words"""
    text_line_ends: NDArray[np.int64]
    """among those"""
    left_out: int = 0
    """tokens that held no word"""
    replaced: int = 0
    """sequences that are not UTF-8"""
    first_replaced: str = ""
    """where the first of them is"""


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Turns a block into numbers; several threads may share one.

    undecodable: `replace`, `ignore` or `error`, for bytes that are not UTF-8.
    """

    split: str | TextTokenizer = "whitespace"
    undecodable: str = "replace"

    @property
    def wants_whole_lines(self) -> bool:
        """Whether a block must not end within a line."""
        return callable(self.split)

    def __call__(self, block: Block, frequent: FrequentTypes | None = None) -> TokenizedBlock:
        """Number a block's tokens, by the numbers of `frequent` types where they can be used."""
        if isinstance(block, TokenBlock):
            return _numbered_lines(block.lines, block)
        if callable(self.split):
            return self._tokenized_lines(block, self.split)
        splits_words = self.split == "words"
        raw = number_text(block.text, block.size, None if splits_words else frequent)
        replaced, first = self._undecodable(raw, block)
        if not splits_words and not replaced:
            return TokenizedBlock(raw, len(raw.numbers), raw.line_ends)
        if splits_words:
            _require_short(raw, block)
        if raw.frequent is not None:  # none of these types will be left as it is
            raw = number_text(block.text, block.size)
        text = raw.packed().decode(errors=self.undecodable)
        done = TokenizedBlock(
            raw, len(raw.numbers), raw.line_ends, replaced=replaced, first_replaced=first
        )
        return _with_types_split(done, words(text) if splits_words else text, splits_words)

    def _tokenized_lines(self, block: TextBlock, split: TextTokenizer) -> TokenizedBlock:
        raw, replaced, first = block.text[: block.size], 0, ""
        try:
            text = raw.decode()
        except UnicodeDecodeError as error:
            if self.undecodable == "error":
                _refuse(block, error.start, raw[error.start :])
            text = raw.decode(errors=self.undecodable)
            replaced, first = _replacements(raw), _place(block, error.start)
        lines = _LINES.split(text)
        if not lines[-1]:
            del lines[-1]
        done = _numbered_lines([_tokens(split, line, block) for line in lines], block)
        return replace(done, replaced=replaced, first_replaced=first)

    def _undecodable(self, raw: NumberedBlock, block: TextBlock) -> tuple[int, str]:
        """How many sequences of a block are not UTF-8, and where the first of them is."""
        foreign = raw.beyond_ascii()
        packed = raw.packed(foreign)
        try:
            packed.decode()
        except UnicodeDecodeError as error:
            number = foreign[packed.count(b"\n", 0, error.start)]
            inside = error.start - (packed.rfind(b"\n", 0, error.start) + 1)
            first = int(raw.types[number, kernels.START_OF]) + inside
            if self.undecodable == "error":
                _refuse(block, first, packed[error.start : error.end])
        else:
            return 0, ""
        counts = raw.types[foreign, kernels.COUNT].tolist()
        parts = packed.split(b"\n")[:-1]
        replaced = sum(
            _replacements(part) * count for part, count in zip(parts, counts, strict=True)
        )
        return replaced, _place(block, first)


def _require_short(raw: NumberedBlock, block: TextBlock) -> None:
    """Refuse a token that may have a million parts."""
    lengths = raw.types[:, kernels.LENGTH]
    if lengths.max(initial=0) > MOST_SPLIT_BYTES:
        first = int(raw.types[lengths.argmax(), kernels.START_OF])
        raise CorpusError(
            f"{_place(block, first)} begins {int(lengths.max()):,} bytes without whitespace, and "
            f"the tokenizer `words` splits {MOST_SPLIT_BYTES >> 20} MB at most; check that this "
            "is text, and split it into lines"
        )


def _replacements(part: bytes) -> int:
    """How many sequences of it are not UTF-8."""
    return part.decode(errors="replace").count(_REPLACEMENT) - part.count(_REPLACEMENT.encode())


def _place(block: TextBlock, byte: int) -> str:
    return f"{block.source}: byte {block.offset + byte:,}"


def _refuse(block: TextBlock, byte: int, found: bytes) -> NoReturn:
    raise CorpusError(
        f"{_place(block, byte)} is not UTF-8 ({found[:1].hex()}); convert the text to UTF-8 "
        "(iconv), or replace such bytes (--undecodable replace)"
    )


def _with_types_split(done: TokenizedBlock, text: str, ends_sentences: bool) -> TokenizedBlock:
    """Each type becomes what is in its line of the text: tokens, and ends of sentences."""
    old = done.numbered
    packed = text.encode()
    new = number_text(packed + PADDING, len(packed))
    number_of_part = np.arange(len(new.types), dtype=np.int32)
    types = new.types
    if ends_sentences:
        is_end = (types[:, kernels.LENGTH] == 1) & np.isin(types[:, kernels.KEY], _SENTENCE_ENDS)
        number_of_part = (np.cumsum(~is_end) - 1).astype(np.int32)
        number_of_part[is_end] = kernels.LINE_END
        types = types[~is_end]
    parts, part_ends = number_of_part[new.numbers], new.line_ends
    lengths = np.diff(part_ends, prepend=0)
    old_counts = old.types[:, kernels.COUNT].astype(np.int64)
    occurrences = np.repeat(old_counts, lengths)
    is_token = parts >= 0
    counts = np.bincount(parts[is_token], occurrences[is_token], minlength=len(types))
    types = types.copy()
    types[:, kernels.COUNT] = counts.astype(np.uint64)
    numbers = np.empty(int(occurrences[is_token].sum()), np.int32)
    line_ends = np.empty(len(old.line_ends) + int(occurrences[~is_token].sum()), np.int64)
    tokens, lines = kernels.rewrite(
        old.numbers, old.line_ends, parts, part_ends, numbers, line_ends
    )
    tokens_before = np.append(0, np.cumsum(is_token))
    is_left_out = tokens_before[part_ends] == tokens_before[part_ends - lengths]
    left_out = int(old_counts[is_left_out].sum())
    numbered = NumberedBlock(numbers[:tokens], line_ends[:lines], new.text, types, new.is_ascii)
    return replace(done, numbered=numbered, left_out=left_out)


def _tokens(split: TextTokenizer, line: str, block: TextBlock) -> list[str]:
    try:
        tokens = split(line)
        found = tokens if isinstance(tokens, str) else items_of(tokens)
    except Exception as error:  # any error of a custom tokenizer, with its place
        error.add_note(f"while the tokenizer split {line[:60]!r} of {block.source}")
        raise
    if isinstance(found, str):
        raise CorpusError(f"the tokenizer gave the text {found!r:.60}, not a list of tokens")
    return as_words(found, lambda token: _no_token(token, block))


def _no_token(token: object, block: TextBlock) -> CorpusError:
    return CorpusError(f"{block.source}: the token {shown(token)} is {why_no_word(token)}")


def _numbered_lines(lines: Sequence[Sequence[str]], block: Block) -> TokenizedBlock:
    encoded: list[list[bytes]] = []
    for number, line in enumerate(lines):
        try:
            encoded.append([token.encode() for token in line if token != ""])
        except UnicodeEncodeError as error:
            raise CorpusError(
                f"{block.source}: line {number + 1:,} of a block holds half a surrogate pair, "
                f"{error.object[error.start]!r}, which is not a string"
            ) from None
    numbered = number_lines(encoded)
    left_out = sum(map(len, lines)) - len(numbered.numbers)
    return TokenizedBlock(numbered, len(numbered.numbers), numbered.line_ends, left_out)
