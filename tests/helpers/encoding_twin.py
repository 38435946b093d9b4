"""Texts in memory, cut wherever a test likes, encoded by the engine and by slow plain Python."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.encoding.encoding import encode_sources
from skipgram.corpus.sources.blocks import BLOCK_BYTES, Block, TextBlock
from skipgram.corpus.sources.finding import Sources
from skipgram.corpus.sources.reading import Piece, cut_blocks
from skipgram.settings import TextSettings, VocabularySettings

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Content:
    """A source of bytes, whatever they are, in blocks of any size."""

    content: bytes
    name: str = "some text"
    block_bytes: int = BLOCK_BYTES
    fingerprint: str | None = None

    @property
    def size_bytes(self) -> int:
        return len(self.content)

    def blocks(self, *, whole_lines: bool = False) -> Iterator[Block]:
        yield from cut(self.content, self.block_bytes, self.name, whole_lines=whole_lines)


def cut(
    content: bytes, block_bytes: int, name: str = "some text", *, whole_lines: bool = False
) -> Iterator[TextBlock]:
    pieces = (
        Piece(content[start : start + block_bytes], min(start + block_bytes, len(content)))
        for start in range(0, len(content), block_bytes)
    )
    return cut_blocks(pieces, name, whole_lines=whole_lines, block_bytes=block_bytes)


def sources_in(*contents: bytes, block_bytes: int = BLOCK_BYTES) -> Sources:
    """Texts called text0, text1, ..."""
    return Sources(
        tuple(
            Content(content, f"text{number}", block_bytes)
            for number, content in enumerate(contents)
        ),
        hidden_files=0,
    )


def encoded(*contents: bytes, block_bytes: int = BLOCK_BYTES, **settings: Any) -> EncodedCorpus:
    """The corpus of some texts; min_count is 1 unless it is given."""
    others = {
        name: settings.pop(name)
        for name in ("tokenizer", "threads", "folder", "scratch", "memory_bytes", "observe")
        if name in settings and (name != "tokenizer" or callable(settings[name]))
    }
    if callable(others.get("tokenizer")):
        settings["tokenizer"] = "own"
    text = {name: settings.pop(name) for name in [*settings] if name in _TEXT}
    return encode_sources(
        sources_in(*contents, block_bytes=block_bytes),
        TextSettings(**text),
        VocabularySettings(**{"min_count": 1} | settings),
        **others,
    )


_TEXT = TextSettings.__dataclass_fields__


def decoded(corpus: EncodedCorpus) -> list[list[str]]:
    """The words of the corpus, line by line."""
    parts = np.split(corpus.ids, corpus.line_ends)
    assert not len(parts.pop())  # the last line ends where the ids end
    return [[corpus.vocabulary.words[number] for number in part] for part in parts]


# The twin in plain Python


def lines_in(content: bytes) -> list[bytes]:
    """The lines of a text; LF, CR LF and CR end one, and so does the text's end."""
    lines = _LINE_ENDS.split(content)
    return lines if lines[-1] else lines[:-1]


def tokens_in(*contents: bytes) -> list[list[bytes]]:
    """Line by line, what stands between two of the six ASCII blanks."""
    return [line.split() for content in contents for line in lines_in(content)]


def words_in(*contents: bytes) -> list[list[str]]:
    """The same of texts in UTF-8."""
    return [[token.decode() for token in line] for line in tokens_in(*contents)]


def kept(in_lines: Sequence[Sequence[str]], min_count: int = 1) -> list[list[str]]:
    """The words that are seen often enough, without the lines that have none of them."""
    counts = Counter(word for line in in_lines for word in line)
    lines = ([word for word in line if counts[word] >= min_count] for line in in_lines)
    return [line for line in lines if line]


def is_trainable(in_lines: Sequence[Sequence[str]]) -> bool:
    """Whether there are two words and a line that holds two."""
    return (
        len({word for line in in_lines for word in line}) > 1
        and max(map(len, in_lines), default=0) > 1
    )


def counts_in(corpus: EncodedCorpus) -> dict[str, int]:
    """The counts of the vocabulary, which must be those of the ids."""
    counts = np.bincount(corpus.ids, minlength=len(corpus.vocabulary))
    np.testing.assert_array_equal(counts, corpus.vocabulary.counts)
    return dict(zip(corpus.vocabulary, corpus.vocabulary.counts.tolist(), strict=True))


def assert_same(one: EncodedCorpus, other: EncodedCorpus) -> None:
    """The same words with the same ids, and the same text."""
    assert list(one.vocabulary) == list(other.vocabulary)
    np.testing.assert_array_equal(one.vocabulary.counts, other.vocabulary.counts)
    np.testing.assert_array_equal(one.ids, other.ids)
    np.testing.assert_array_equal(one.line_ends, other.line_ends)
