"""Reading gives the text back, byte for byte, in blocks that split nothing."""

import bz2
import gzip
import io
import lzma
import re
import tracemalloc
from itertools import pairwise

import pytest
import zstandard
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skipgram.corpus.sources.blocks import BLOCK_BYTES, PADDING, TextBlock
from skipgram.corpus.sources.reading import Piece, cut_blocks, text_blocks
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

MARK = b"\xef\xbb\xbf"
PACKERS = [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard.compress]
UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")

block_sizes = st.integers(1, 9)
packers = st.sampled_from(PACKERS)

# Any bytes, but often blanks, line ends, whole characters, byte-order marks and halves of them.
parts = st.sampled_from(
    [b" ", b"\n", b"\r", b"\r\n", b"\t", b"ab", "é".encode(), "🐈".encode(), MARK]
)
contents = (
    st.lists(parts | st.binary(max_size=3).map(lambda some: some.replace(b"\0", b"-")))
    .map(b"".join)
    .filter(lambda content: not content.startswith((*UTF_16, b"\x1f\x8b\x08")))
)
lines_of_text = st.lists(st.sampled_from("a é🐈\n\r\u00a0\u2028"), min_size=1).map("".join)


def blocks_of(
    content: bytes, block_bytes: int = BLOCK_BYTES, *, whole_lines: bool = False
) -> list[TextBlock]:
    text = UnpackedText(io.BytesIO(content), "a.txt")
    return list(text_blocks(text, whole_lines=whole_lines, block_bytes=block_bytes))


def contents_of(blocks: list[TextBlock]) -> list[bytes]:
    return [block.text[: block.size] for block in blocks]


def without_mark(content: bytes) -> bytes:
    return content.removeprefix(MARK)


# Blocks


@law
@given(contents, block_sizes, packers, st.booleans())
@example("a é\r\n\r b".encode(), 1, gzip.compress, True)
@example("a é\r\n\r b".encode(), 1, bytes, False)
def test_the_blocks_of_any_text_join_to_the_text(content, block_bytes, pack, whole_lines):
    blocks = blocks_of(pack(content), block_bytes, whole_lines=whole_lines)
    assert b"".join(contents_of(blocks)) == without_mark(content)
    assert all(block.size > 0 for block in blocks)
    assert all(block.text[block.size :] == PADDING for block in blocks)


@law
@given(contents, block_sizes, st.booleans())
def test_the_blocks_tell_their_places_and_which_is_the_last(content, block_bytes, whole_lines):
    blocks = blocks_of(content, block_bytes, whole_lines=whole_lines)
    ends = [block.offset + block.size for block in blocks]
    assert [block.offset for block in blocks] == [0, *ends][: len(blocks)]
    assert [block.is_last for block in blocks] == [False] * (len(blocks) - 1) + [True] * (
        len(blocks) > 0
    )
    assert {block.source for block in blocks} <= {"a.txt"}
    assert sum(block.missing for block in blocks) == 0


@law
@given(contents, block_sizes)
def test_every_block_but_the_last_ends_at_a_blank(content, block_bytes):
    for block in contents_of(blocks_of(content, block_bytes))[:-1]:
        assert block[-1:] in b" \t\n\r\x0b\x0c"


@law
@given(contents, block_sizes, st.booleans())
def test_no_line_end_of_two_bytes_is_split(content, block_bytes, whole_lines):
    blocks = contents_of(blocks_of(content, block_bytes, whole_lines=whole_lines))
    for block, following in pairwise(blocks):
        assert not (block.endswith(b"\r") and following.startswith(b"\n"))


@law
@given(contents, block_sizes)
def test_with_whole_lines_every_block_but_the_last_ends_a_line(content, block_bytes):
    for block in contents_of(blocks_of(content, block_bytes, whole_lines=True))[:-1]:
        assert block[-1:] in b"\n\r"


@law
@given(contents, block_sizes)
def test_the_lines_of_the_blocks_are_those_of_the_text(content, block_bytes):
    def lines(text: bytes) -> list[bytes]:
        return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)

    blocks = contents_of(blocks_of(content, block_bytes, whole_lines=True))
    assert [line for block in blocks for line in lines(block)] == lines(without_mark(content))


@law
@given(contents, block_sizes, st.booleans())
def test_no_token_is_split(content, block_bytes, whole_lines):
    blocks = contents_of(blocks_of(content, block_bytes, whole_lines=whole_lines))
    assert [token for block in blocks for token in block.split()] == without_mark(content).split()


@law
@given(lines_of_text, block_sizes, st.booleans())
def test_no_character_is_split(text, block_bytes, whole_lines):
    blocks = contents_of(blocks_of(text.encode(), block_bytes, whole_lines=whole_lines))
    assert "".join(block.decode() for block in blocks) == text


@law
@given(contents.filter(lambda content: not content.startswith(MARK)), block_sizes, packers)
def test_what_is_read_so_far_grows_to_the_size_of_the_file(content, block_bytes, pack):
    packed = pack(content)
    read = [block.bytes_read for block in blocks_of(packed, block_bytes)]
    assert read == sorted(read)
    assert read[-1:] == ([len(packed)] if content else [])


@law
@given(st.lists(contents), block_sizes, st.booleans())
def test_pieces_cut_anywhere_are_cut_anew(texts, block_bytes, whole_lines):
    content = b"".join(texts)
    pieces = [Piece(text, place, place % 2) for place, text in enumerate(texts)]
    blocks = list(cut_blocks(pieces, "a", whole_lines=whole_lines, block_bytes=block_bytes))
    assert b"".join(contents_of(blocks)) == content
    assert [token for text in contents_of(blocks) for token in text.split()] == content.split()
    assert sum(block.missing for block in blocks) == len(texts) // 2
    assert [block.is_last for block in blocks][-1:] == [True][: len(blocks)]


@pytest.mark.parametrize("blank", [b" ", b"\t", b"\n", b"\r", b"\x0b", b"\x0c"])
def test_a_block_may_end_at_each_of_the_six_blanks(blank):
    assert contents_of(blocks_of(b"abcd" + blank + b"ef", 2)) == [b"abcd" + blank, b"ef"]


@pytest.mark.parametrize("block_bytes", [2, 3, 4])
def test_a_line_end_of_two_bytes_between_two_pieces_is_left_whole(block_bytes):
    content = b"abcd\r\nefgh\r\nijkl"
    for whole_lines in (False, True):
        blocks = contents_of(blocks_of(content, block_bytes, whole_lines=whole_lines))
        assert b"".join(blocks) == content
        assert all(block.endswith(b"\r\n") for block in blocks[:-1])


def test_a_carriage_return_alone_ends_a_line_too():
    content = b"ab cd\ref gh\rij"
    blocks = contents_of(blocks_of(content, 6, whole_lines=True))
    assert blocks == [b"ab cd\r", b"ef gh\r", b"ij"]


def test_a_long_text_comes_in_more_than_one_block():
    content = b"word " * BLOCK_BYTES
    blocks = blocks_of(content)
    assert b"".join(contents_of(blocks)) == content
    assert len(blocks) == 5
    assert max(block.size for block in blocks) < 1.01 * BLOCK_BYTES


@pytest.mark.parametrize("pack", PACKERS[:2])
@pytest.mark.parametrize("whole_lines", [False, True])
def test_a_token_longer_than_many_blocks_stays_whole(pack, whole_lines):
    content = b"a\n" + b"x" * 100_000 + b"\nb\n" + b"y" * 10_000
    blocks = contents_of(blocks_of(pack(content), 10, whole_lines=whole_lines))
    assert [token for block in blocks for token in block.split()] == content.split()


def test_a_line_longer_than_memory_may_hold_comes_in_blocks():
    line = b"ab " * 10_000
    pieces = (Piece(line, 0) for _ in range(1000))
    tracemalloc.start()
    sizes = [block.size for block in cut_blocks(pieces, "a", block_bytes=len(line))]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == 1000 * len(line)
    assert most < 10 * len(line)


def test_values_that_are_missing_are_counted_even_without_any_text():
    blocks = list(cut_blocks([Piece(b"", 0, 3), Piece(b"", 0, 4)], "a"))
    assert [(block.size, block.missing, block.is_last) for block in blocks] == [(0, 7, True)]


def test_an_empty_text_has_no_blocks():
    assert blocks_of(b"") == blocks_of(gzip.compress(b"")) == blocks_of(MARK) == []


def test_one_line_without_an_end_is_read():
    assert contents_of(blocks_of(b"no line end", 4)) == [b"no ", b"line ", b"end"]


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 4, 1000])
@pytest.mark.parametrize("pack", PACKERS)
def test_one_byte_order_mark_before_the_text_is_left_out(block_bytes, pack):
    def text_of(content: bytes) -> bytes:
        return b"".join(contents_of(blocks_of(pack(content), block_bytes)))

    assert text_of(MARK + b"word " + MARK + b"word") == b"word " + MARK + b"word"
    assert text_of(MARK + MARK + b"word") == MARK + b"word"
    assert text_of(MARK) == b""


# Other encodings


@pytest.mark.parametrize("pack", PACKERS)
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_and_utf_32_are_refused_by_name_with_the_way_out(encoding, pack):
    name = encoding[:6].upper()
    with pytest.raises(CorpusError) as caught:
        blocks_of(pack("\ufeffsun moon".encode(encoding)))
    assert str(caught.value) == (
        f"a.txt is {name}; convert it to UTF-8 first (iconv -f {name} -t UTF-8)"
    )


@pytest.mark.parametrize("content", [bytes(64), bytes(range(8)) * 9 + bytes(64), b"\0\1\2\3" * 99])
def test_what_is_no_text_in_any_encoding_is_not_taken_for_utf_16(content):
    with pytest.raises(CorpusError) as caught:
        blocks_of(content)
    zeros = content.count(0)
    assert str(caught.value) == (
        f"a.txt: byte 0 is NUL, as {zeros} of the first {len(content)} are: this is not text"
    )


def test_utf_16_that_is_cut_within_a_character_is_known():
    with pytest.raises(CorpusError, match="this looks like UTF-16LE; convert it to UTF-8 first"):
        blocks_of(("sun " * 2047 + "\U0001f31e\U0001f31e moon").encode("utf-16-le"))


@pytest.mark.parametrize(
    ("encoding", "zeros", "first"),
    [("utf-16-le", 8, 1), ("utf-16-be", 8, 0), ("utf-32-le", 24, 1), ("utf-32-be", 24, 0)],
)
def test_utf_16_and_utf_32_without_a_mark_are_known_by_their_zeros(encoding, zeros, first):
    name = encoding.replace("-le", "LE").replace("-be", "BE").upper()
    content = "sun moon".encode(encoding)
    with pytest.raises(CorpusError) as caught:
        blocks_of(content)
    assert str(caught.value) == (
        f"a.txt: byte {first} is NUL, as {zeros} of the first {len(content)} are: this looks like "
        f"{name}; convert it to UTF-8 first (iconv -f {name} -t UTF-8)"
    )


@pytest.mark.parametrize(
    "content", [b"\0", b"a\0b", b"sun\0 moon\0 and stars", b"x" * 4096 + bytes(9999)]
)
def test_single_zeros_are_left_alone(content):
    assert b"".join(contents_of(blocks_of(content))) == content


def test_what_is_not_utf_8_is_left_as_it_is():
    assert contents_of(blocks_of(b"sun \xff\xfe moon")) == [b"sun \xff\xfe moon"]
