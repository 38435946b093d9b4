"""A corpus in pieces, on their way to numbers: whole tokens, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

BLOCK_BYTES = 1 << 20
MOST_TOKEN_BYTES = 1 << 23
"""Without a blank: no word of any language, node, item or sequence is as long."""
MOST_SPLIT_BYTES = 1 << 20
"""The same where it is split into words, which takes many times its length in memory."""
MOST_RECORD_BYTES = 12 << 20
"""Of JSON, which takes eight times its length in memory where its characters have four bytes."""
MOST_LINE_BYTES = 1 << 27
"""Where a line must be taken as a whole."""
PADDING = b" " * 128
"""Behind a block's text, so that a kernel may look at whole registers of it."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A stretch of a source's text that ends at a blank or at the source's end.

    So no border splits a token, a UTF-8 sequence or a line end of two bytes.
    """

    text: bytes
    """`size` bytes of text, then `PADDING`"""
    size: int
    source: str
    """its name in messages"""
    offset: int
    """of the first byte in the source's text, unpacked and without a byte-order mark"""
    is_last: bool
    """nothing of the source follows: an open line ends here"""
    bytes_read: int
    """of the source as it lies on the disk, so far"""
    missing: int = 0
    """values that a column does not have, passed over in this block"""


@dataclass(frozen=True, slots=True)
class TokenBlock:
    """Lines whose tokens are given one by one; a token may be any string."""

    lines: Sequence[Sequence[str]]
    source: str
    offset: int
    """the number of the first line in the source, from 0"""
    bytes_read: int
    missing: int = 0


Block = TextBlock | TokenBlock
