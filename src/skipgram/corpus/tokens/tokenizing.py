"""Blocks of text to blocks of numbers: what a token is, and what becomes of bytes that are no text.

`whitespace` takes what stands between two of the six ASCII blanks, untouched.
`words` looks into it: no word and no sentence's end reaches over a blank, so it
is enough to take apart each type of a block once, and every occurrence follows.
The same holds for the mending of what is not UTF-8.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.sources.blocks import (
    MOST_APART_BYTES,
    PADDING,
    Block,
    TextBlock,
    TokenBlock,
)
from skipgram.corpus.tokens import kernels
from skipgram.corpus.tokens.numbering import FrequentTypes, NumberedBlock, number_lines, number_text
from skipgram.corpus.tokens.words import words
from skipgram.errors import CorpusError

TextTokenizer = Callable[[str], Iterable[str]]
"""A line of text to its tokens."""

_REPLACEMENT = "\ufffd"
_SENTENCE_ENDS = np.frombuffer(b".!?", np.uint8)
_LINES = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class TokenizedBlock:
    """A numbered block, and what was met on the way."""

    numbered: NumberedBlock
    text_tokens: int
    """before they were taken apart"""
    text_line_ends: NDArray[np.int64]
    """among those"""
    left_out: int = 0
    """tokens in which there was no word"""
    replaced: int = 0
    """sequences that are not UTF-8"""
    first_replaced: str = ""
    """where the first of them stands"""


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
        """Number a block's tokens, those of `frequent` types as these if that is any use."""
        if isinstance(block, TokenBlock):
            return _numbered_lines(block.lines, block)
        if callable(self.split):
            return self._tokenized_lines(block, self.split)
        takes_apart = self.split == "words"
        raw = number_text(block.text, block.size, None if takes_apart else frequent)
        replaced, first = self._undecodable(raw, block)
        if not takes_apart and not replaced:
            return TokenizedBlock(raw, len(raw.numbers), raw.line_ends)
        if takes_apart:
            _require_short(raw, block)
        if raw.frequent is not None:  # of types that will be others, none is known
            raw = number_text(block.text, block.size)
        text = raw.packed().decode(errors=self.undecodable)
        done = TokenizedBlock(
            raw, len(raw.numbers), raw.line_ends, replaced=replaced, first_replaced=first
        )
        return _taken_apart(done, words(text) if takes_apart else text, takes_apart)

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
        """How many sequences of a block are not UTF-8, and where the first of them stands."""
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
    """Refuse to take apart what may have a million parts."""
    lengths = raw.types[:, kernels.LENGTH]
    if lengths.max(initial=0) > MOST_APART_BYTES:
        first = int(raw.types[lengths.argmax(), kernels.START_OF])
        raise CorpusError(
            f"{_place(block, first)} begins {int(lengths.max()):,} bytes without a blank, and "
            f"tokenizer words takes {MOST_APART_BYTES >> 20} MB apart at most; look whether this "
            "is text, and divide it into lines"
        )


def _replacements(part: bytes) -> int:
    """How many sequences of it are not UTF-8."""
    return part.decode(errors="replace").count(_REPLACEMENT) - part.count(_REPLACEMENT.encode())


def _place(block: TextBlock, byte: int) -> str:
    return f"{block.source}: byte {block.offset + byte:,}"


def _refuse(block: TextBlock, byte: int, found: bytes) -> NoReturn:
    raise CorpusError(
        f"{_place(block, byte)} is not UTF-8 ({found[:1].hex()}); turn the text into UTF-8 "
        "(iconv), or let such bytes be replaced (--undecodable replace)"
    )


def _taken_apart(done: TokenizedBlock, text: str, ends_sentences: bool) -> TokenizedBlock:
    """Each type becomes what stands in its line of the text: tokens, and ends of sentences."""
    old = done.numbered
    packed = text.encode()
    new = number_text(packed + PADDING, len(packed))
    becomes = np.arange(len(new.types), dtype=np.int32)
    types = new.types
    if ends_sentences:
        is_end = (types[:, kernels.LENGTH] == 1) & np.isin(types[:, kernels.KEY], _SENTENCE_ENDS)
        becomes = (np.cumsum(~is_end) - 1).astype(np.int32)
        becomes[is_end] = kernels.LINE_END
        types = types[~is_end]
    parts, part_ends = becomes[new.numbers], new.line_ends
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
        if not isinstance(tokens, str):
            return list(tokens)
    except Exception as error:
        error.add_note(f"while the tokenizer took {line[:60]!r} of {block.source} apart")
        raise
    raise CorpusError(f"the tokenizer gave the text {tokens!r:.60}, not a list of tokens")


def _numbered_lines(lines: Sequence[Sequence[str]], block: Block) -> TokenizedBlock:
    encoded: list[list[bytes]] = []
    for number, line in enumerate(lines):
        try:
            encoded.append([token.encode() for token in line if token != ""])
        except AttributeError:
            strange = next(token for token in line if not isinstance(token, str))
            raise CorpusError(
                f"{block.source}: the token {strange!r:.60} is {type(strange).__name__}, not text"
            ) from None
        except UnicodeEncodeError as error:
            raise CorpusError(
                f"{block.source}: line {number + 1:,} of a block holds half a surrogate pair, "
                f"{error.object[error.start]!r}, which is not a string"
            ) from None
    numbered = number_lines(encoded)
    left_out = sum(map(len, lines)) - len(numbered.numbers)
    return TokenizedBlock(numbered, len(numbered.numbers), numbered.line_ends, left_out)
