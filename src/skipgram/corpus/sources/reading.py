"""Text into blocks of whole tokens: it keeps its order, and its bytes."""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from skipgram.corpus.sources.blocks import (
    BLOCK_BYTES,
    MOST_LINE_BYTES,
    MOST_TOKEN_BYTES,
    PADDING,
    TextBlock,
)
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.errors import CorpusError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FOREIGN_MARKS = {  # the longer first: they begin alike
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_START_BYTES = 4096
_ODD_CATEGORIES = ("Cc", "Cn", "Co", "Cs")
_MOST_ODD = 0.05

_BLANKS = b" \t\n\x0b\x0c"  # and "\r", but for that one must know what follows
_LINE_FEED = b"\n"
_TAIL_BYTES = 4096


class Piece(NamedTuple):
    """A stretch of text as it comes, cut anywhere."""

    text: bytes
    bytes_read: int
    """of the source as it lies on the disk, up to its end"""
    missing: int = 0
    """values skipped since the piece before it"""


def text_blocks(
    text: UnpackedText, *, whole_lines: bool = False, block_bytes: int = BLOCK_BYTES
) -> Iterator[TextBlock]:
    """The blocks of a text; with `whole_lines` each but the last ends at a line's end.

    A UTF-8 byte-order mark before the text is left out. Blocks are somewhat
    larger than `block_bytes`, or as large as a token (with `whole_lines`, a
    line) that is longer.
    """
    require_utf_8(text)
    if text.peek(len(_BYTE_ORDER_MARK)) == _BYTE_ORDER_MARK:
        text.read(len(_BYTE_ORDER_MARK))
    read = iter(lambda: text.read(block_bytes), b"")
    pieces = (Piece(piece, text.bytes_read) for piece in read)
    yield from cut_blocks(pieces, text.name, whole_lines=whole_lines, block_bytes=block_bytes)


def cut_blocks(
    pieces: Iterable[Piece],
    source: str,
    *,
    whole_lines: bool = False,
    block_bytes: int = BLOCK_BYTES,
) -> Iterator[TextBlock]:
    """The pieces cut again, so that no border splits a token, a character or a line end.

    The newest piece is held back until another comes. So what follows it is known, and which block
    is the last. Each byte is looked at once and copied once, however long the tokens are.
    """
    ends = _LINE_FEED if whole_lines else _BLANKS
    most_bytes = (MOST_LINE_BYTES if whole_lines else MOST_TOKEN_BYTES) + 2 * block_bytes
    older: list[bytes | memoryview] = []
    """not yet yielded, and without a place to cut (or not yet searched for one)"""
    newest = b""
    held_bytes = offset = bytes_read = missing = 0
    for text, read, passed_over in pieces:
        for start in range(0, len(text), block_bytes):
            piece = text[start : start + block_bytes]
            if held_bytes >= block_bytes and (end := _last_end(newest, ends, piece[:1])):
                begin, rest = memoryview(newest)[:end], memoryview(newest)[end:]
                block = b"".join([*older, begin, PADDING])
                size = len(block) - len(PADDING)
                yield TextBlock(block, size, source, offset, False, bytes_read, missing)
                older = [rest]
                held_bytes = len(rest)
                offset += size
                missing = 0
            elif held_bytes > most_bytes:
                raise _endless(source, offset, whole_lines=whole_lines)
            else:
                older.append(newest)
            newest = piece
            held_bytes += len(piece)
        bytes_read = read
        missing += passed_over
    if held_bytes or missing:
        block = b"".join([*older, newest, PADDING])
        yield TextBlock(block, held_bytes, source, offset, True, bytes_read, missing)


def _endless(source: str, offset: int, *, whole_lines: bool) -> CorpusError:
    most, what, end = (
        (MOST_LINE_BYTES, "lines", "a line break")
        if whole_lines
        else (MOST_TOKEN_BYTES, "words", "whitespace")
    )
    return CorpusError(
        f"{source}: at least {most >> 20} MB without {end} from byte {offset:,} on; check that "
        f"this is text, and split it into {what}"
    )


def _last_end(piece: bytes, ends: bytes, following: bytes) -> int:
    """Where a piece may be cut: after the last of the `ends` in it, or 0.

    Without any, a carriage return will do (so old Macintoshes end lines), if no
    line feed follows: the two are one line end.
    """
    # The last few bytes nearly always hold one, and searching them for each costs next to nothing.
    for begin in (max(len(piece) - _TAIL_BYTES, 0), 0):
        if end := 1 + max(piece.rfind(blank, begin) for blank in ends):
            return end
    return 1 + piece.rfind(b"\r", 0, len(piece) - (following == _LINE_FEED))


def require_utf_8(text: UnpackedText) -> None:
    """Refuse UTF-16 and UTF-32, which zeros give away where there is no mark.

    Other bytes that are not UTF-8 are for the reader of the blocks to replace and count.
    """
    start = text.peek(_START_BYTES)
    for mark, encoding in _FOREIGN_MARKS.items():
        if start.startswith(mark):
            raise CorpusError(f"{text.name} is {encoding}; {_way_out(encoding)}")
    zeros = start.count(0)
    if zeros > 1 and zeros >= len(start) / 4:
        encoding = "UTF-32" if zeros > len(start) / 2 else "UTF-16"
        encoding += "LE" if start[1::2].count(0) > zeros / 2 else "BE"
        diagnosis = "this is not text"
        if _may_be(start, encoding):
            diagnosis = f"this looks like {encoding}; {_way_out(encoding)}"
        raise CorpusError(
            f"{text.name}: byte {start.index(0):,} is NUL, as {zeros:,} of the first "
            f"{len(start):,} are: {diagnosis}"
        )


def _may_be(start: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding: almost all its characters are assigned."""
    characters = start[: len(start) // 4 * 4].decode(encoding, "replace")
    odd = sum(unicodedata.category(c) in _ODD_CATEGORIES and not c.isspace() for c in characters)
    return odd + characters.count("\ufffd") <= 1 + _MOST_ODD * len(characters)


def _way_out(encoding: str) -> str:
    return f"convert it to UTF-8 first (iconv -f {encoding} -t UTF-8)"
