"""What is counted while a corpus is read, block by block."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.encoding.stream import JoinedPhrases
from skipgram.corpus.sources.blocks import Block, TextBlock
from skipgram.corpus.summary import CorpusSummary
from skipgram.corpus.tokens.tokenizing import TokenizedBlock
from skipgram.corpus.tokens.type_table import TypeTable
from skipgram.corpus.vocabulary.forms import Forms
from skipgram.corpus.vocabulary.pruning import Pruned

_BETWEEN_TOKENS = b"\0"
_LINE_ENDS = b"\n\r"


@dataclass
class LineCounter:
    """Counts the lines of a stream that comes in stretches, which may end anywhere."""

    lines: int = 0
    empty: int = 0
    longest: int = 0
    _open_tokens: int = 0

    def add(self, tokens: int, line_ends: NDArray[np.int64]) -> None:
        """Count a stretch: how many tokens it has, and how many come before each line's end."""
        if len(line_ends):
            lengths = line_ends.copy()
            lengths[1:] -= line_ends[:-1]
            lengths[0] += self._open_tokens
            self.lines += len(lengths)
            self.empty += len(lengths) - int(np.count_nonzero(lengths))
            self.longest = max(self.longest, int(lengths.max()))
            self._open_tokens = tokens - int(line_ends[-1])
        else:
            self._open_tokens += tokens

    def end_line(self) -> None:
        """A line ends here."""
        self.add(0, np.zeros(1, np.int64))

    def join(self, other: "LineCounter") -> None:
        """Count what another one has counted of a text that begins here, with a line."""
        self.lines += other.lines
        self.empty += other.empty
        self.longest = max(self.longest, other.longest)
        self._open_tokens = other._open_tokens


class TextDigest:
    """SHA-256 of a text, block by block."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, block: Block) -> None:
        """Go on with a block; tokens that are given one by one have signs between them."""
        if isinstance(block, TextBlock):
            self._digest.update(memoryview(block.text)[: block.size])
            return
        for line in block.lines:
            self._digest.update(_BETWEEN_TOKENS.join(token.encode() for token in line) + b"\n")

    def hexdigest(self) -> str:
        """Of all so far."""
        return self._digest.hexdigest()


@dataclass
class Tally:
    """Counts what the blocks of a corpus hold, in their order."""

    tokens: int = 0
    left_out: int = 0
    replaced: int = 0
    first_replaced: str = ""
    missing: int = 0
    phrases: int = 0
    joined_tokens: int = 0
    phrase_count_error: int = 0
    line_is_open: bool = False
    """the last block's last line has no end"""
    _text_lines: LineCounter = field(default_factory=LineCounter)
    _stream_lines: LineCounter = field(default_factory=LineCounter)

    def add(self, block: Block, tokenized: TokenizedBlock) -> None:
        """Count a block."""
        self.tokens += len(tokenized.numbered.numbers)
        self.left_out += tokenized.left_out
        self.replaced += tokenized.replaced
        self.first_replaced = self.first_replaced or tokenized.first_replaced
        self.missing += block.missing
        self._text_lines.add(tokenized.text_tokens, tokenized.text_line_ends)
        self._stream_lines.add(len(tokenized.numbered.numbers), tokenized.numbered.line_ends)
        if isinstance(block, TextBlock):
            if block.size:
                self.line_is_open = block.text[block.size - 1] not in _LINE_ENDS
        else:
            self.line_is_open = False

    def join(self, other: "Tally") -> None:
        """Count what was counted of sources that follow, on their own."""
        self.tokens += other.tokens
        self.left_out += other.left_out
        self.replaced += other.replaced
        self.first_replaced = self.first_replaced or other.first_replaced
        self.missing += other.missing
        self._text_lines.join(other._text_lines)
        self._stream_lines.join(other._stream_lines)
        self.line_is_open = other.line_is_open

    def add_phrases(self, joined: JoinedPhrases) -> None:
        """Count what one more pass has joined."""
        self.phrases += joined.types
        self.joined_tokens += joined.tokens
        self.phrase_count_error = max(self.phrase_count_error, joined.count_error)

    def end_line(self) -> None:
        """A source ended within a line, so the line ends there."""
        self._text_lines.end_line()
        self._stream_lines.end_line()
        self.line_is_open = False

    def summary(
        self,
        *,
        sources: int,
        hidden_files: int,
        sha256: str,
        types: int,
        table: TypeTable,
        pruned: Pruned,
        forms: Forms,
    ) -> CorpusSummary:
        """All of it, with what became of the types."""
        rare, surplus, listed = (
            pruned.by_min_count,
            pruned.by_max_vocabulary,
            pruned.by_drop_words,
        )
        return CorpusSummary(
            sources=sources,
            lines=self._text_lines.lines,
            empty_lines=self._text_lines.empty,
            longest_line=self._stream_lines.longest,
            tokens=self.tokens,
            types=types,
            kept_tokens=pruned.tokens,
            kept_types=len(pruned.words),
            replaced=self.replaced,
            first_replaced=self.first_replaced,
            sha256=sha256,
            hidden_files=hidden_files,
            missing_values=self.missing,
            left_out=self.left_out,
            null_bytes=_null_bytes(pruned) if table.holds_null_bytes else 0,
            phrases=self.phrases,
            joined_tokens=self.joined_tokens,
            rare_tokens=rare.tokens,
            rare_types=rare.types,
            surplus_tokens=surplus.tokens,
            surplus_types=surplus.types,
            listed_tokens=listed.tokens,
            listed_types=listed.types,
            unseen_words=pruned.keep_words_unseen,
            unseen_drop_words=pruned.drop_words_unseen,
            forgotten_tokens=table.forgotten_tokens,
            forgotten_types=table.forgotten_types,
            count_error=table.error_bound,
            phrase_count_error=self.phrase_count_error,
            table_bytes=table.nbytes,
            compared_types=forms.words,
            form_types=forms.forms,
            example_of_forms=forms.example,
        )


def _null_bytes(pruned: Pruned) -> int:
    words = zip(pruned.words, pruned.counts.tolist(), strict=True)
    return sum(word.count("\0") * count for word, count in words)
