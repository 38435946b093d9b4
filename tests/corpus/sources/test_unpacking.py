"""Unpacking gives every byte of the text, or an error that says where it stopped."""

import bz2
import gzip
import io
import lzma
import os
import sys
import zlib
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.corpora import PACKERS, TEXT, zstd
from skipgram.corpus.sources import unpacking
from skipgram.corpus.sources.unpacking import UnpackedText
from skipgram.errors import CorpusError, MissingExtraError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

MAGIC_BYTES = 10  # as many tell that it is packed

packed = pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)


def small_pieces(piece_bytes: int, text_bytes: int) -> patch:
    """Reads and unpacks in the smallest of steps."""
    return patch.multiple(
        unpacking, _PACKED_BYTES=piece_bytes, _FRAME_BYTES=text_bytes, _TEXT_BYTES=text_bytes
    )


def text_of(content: bytes, size: int = 1 << 20) -> bytes:
    text = UnpackedText(io.BytesIO(content), "a.gz")
    return b"".join(iter(lambda: text.read(size), b""))


def refusal(content: bytes) -> str:
    with pytest.raises(CorpusError) as caught:
        text_of(content)
    return str(caught.value)


# The text


@packed
@law
@given(
    parts=st.lists(st.binary(max_size=40), min_size=1, max_size=3),
    size=st.integers(1, 9),
    piece_bytes=st.integers(1, 9),
    text_bytes=st.integers(1, 9),
)
@example(parts=[b"one", b"", b"two"], size=1, piece_bytes=1, text_bytes=1)
def test_any_streams_one_behind_the_other_give_their_text(
    pack, parts, size, piece_bytes, text_bytes
):
    with small_pieces(piece_bytes, text_bytes):
        assert text_of(b"".join(map(pack, parts)), size) == b"".join(parts)


@law
@given(st.binary().filter(lambda content: content[:3] != b"\x1f\x8b\x08"), st.integers(1, 9))
def test_a_plain_text_is_given_as_it_is(content, size):
    assert text_of(content, size) == content


@packed
def test_a_packed_nothing_is_an_empty_text(pack):
    assert text_of(pack(b"")) == b""


@packed
@law
@given(
    content=st.binary(max_size=40),
    before=st.integers(0, 9),
    size=st.integers(0, 50),
    is_packed=st.booleans(),
)
def test_what_was_peeked_at_is_still_to_be_read(pack, content, before, size, is_packed):
    raw = pack(content) if is_packed else b"x" + content
    whole = content if is_packed else raw
    text = UnpackedText(io.BytesIO(raw), "a.gz")
    begin = text.read(before)
    assert text.peek(size) == whole[len(begin) :][:size]
    assert begin + text.read() == whole


@packed
def test_a_buffered_reader_over_it_gives_the_same_lines(pack):
    text = io.BufferedReader(UnpackedText(io.BytesIO(pack(TEXT)), "a.gz"), 16)
    assert list(text) == TEXT.splitlines(keepends=True)


@packed
def test_it_is_told_how_much_was_read_and_what_it_is_packed_with(pack):
    content = pack(TEXT)
    text = UnpackedText(io.BytesIO(content), "a.gz")
    assert PACKERS[text.packing] is pack
    assert text.read(1) == TEXT[:1]
    assert 0 < text.bytes_read <= len(content)
    text.read()
    assert text.bytes_read == len(content)


@packed
def test_a_pipe_is_unpacked(pack):
    read, write = os.pipe()
    with open(read, "rb", buffering=0) as raw:  # noqa: PTH123  # it is no path
        with open(write, "wb") as pipe:  # noqa: PTH123
            pipe.write(pack(TEXT))
        assert UnpackedText(raw, "pipe").read() == TEXT


@packed
def test_a_bomb_comes_in_pieces(pack):
    most = unpacking._TEXT_BYTES + (32 << 20 if pack is zstd else 0)
    text = UnpackedText(io.BytesIO(pack(bytes(2 * most))), "a.gz")
    sizes = [len(piece) for piece in iter(lambda: text._more(1), b"")]
    assert sum(sizes) == 2 * most
    assert max(sizes) <= most


@pytest.mark.parametrize(
    "content",
    [b"", b"B", b"BZh and more", b"BZh9 and more", b"\x1f\x8bx", b"\xfd7zXZ", b"P*M", b"(\xb5/"],
)
def test_a_text_that_begins_almost_like_a_packed_file_is_read_as_it_is(content):
    assert text_of(content) == content


@pytest.mark.parametrize(
    ("pack", "zeros"), [(gzip.compress, 1), (gzip.compress, 1000), (lzma.compress, 4)]
)
def test_zeros_that_pad_a_packed_file_are_no_part_of_its_text(pack, zeros):
    assert text_of(pack(TEXT) + bytes(zeros)) == TEXT
    assert text_of(pack(b"one ") + bytes(zeros) + pack(b"two") + bytes(zeros)) == b"one two"


def test_frames_that_zstandard_is_to_skip_are_skipped():
    skipped = b"\x50\x2a\x4d\x18" + (3).to_bytes(4, "little") + b"abc"
    assert text_of(skipped + zstd(b"one ") + skipped + zstd(b"two") + skipped) == b"one two"


# Damage


@packed
def test_a_packed_file_cut_off_anywhere_is_an_error_that_says_where(pack):
    whole = pack(TEXT)
    for length in range(MAGIC_BYTES, len(whole)):
        assert refusal(whole[:length]).startswith(
            f"a.gz: damaged or cut off at byte {length:,} (after "
        )


@packed
def test_a_second_stream_cut_off_anywhere_is_an_error(pack):
    first, second = pack(TEXT), pack(b"more")
    for length in range(1, len(second)):
        place = len(first) + length
        assert f"damaged or cut off at byte {place:,} " in refusal(first + second[:length])


@packed
@law
@given(garbage=st.binary(min_size=1, max_size=20).filter(lambda garbage: garbage.strip(b"\0")))
def test_whatever_follows_a_packed_text_is_an_error(pack, garbage):
    refusal(pack(TEXT) + garbage)


@pytest.mark.parametrize(("pack", "zeros"), [(bz2.compress, 1), (lzma.compress, 3), (zstd, 4)])
def test_zeros_that_are_no_padding_are_an_error(pack, zeros):
    refusal(pack(TEXT) + bytes(zeros))


@packed
def test_garbage_behind_a_packed_text_is_an_error_that_says_where_it_begins(pack):
    whole = pack(TEXT)
    message = refusal(whole + b"and so on and so forth")
    assert message.startswith(
        f"a.gz: damaged or cut off at byte {len(whole):,} (after {len(TEXT):,} bytes of its text): "
        "after a complete "
    )


@packed
def test_a_damaged_byte_leaves_the_text_or_is_an_error(pack):
    whole = pack(TEXT)
    found = []
    for position in range(MAGIC_BYTES, len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        try:
            found.append(text_of(bytes(damaged)))
        except CorpusError as error:
            assert str(error).startswith("a.gz: damaged or cut off at byte ")  # noqa: PT017
    assert set(found) <= {TEXT}
    assert len(found) < (len(whole) - MAGIC_BYTES) / 2


def test_a_cut_off_file_is_told_in_one_line():
    whole = gzip.compress(TEXT)
    assert refusal(whole[:-3]) == (
        f"a.gz: damaged or cut off at byte {len(whole) - 3:,} (after {len(TEXT):,} bytes of its "
        "text): it ends inside a gzip stream"
    )


def test_a_raw_stream_that_fails_is_an_error_that_says_where():
    class Failing(io.BytesIO):
        def read1(self, size=-1, /):
            if self.tell() >= 1000:
                raise OSError(5, "Input/output error")
            return super().read1(size)

    text = UnpackedText(Failing(b"x" * 1000), "far.txt")
    assert text.read(1000) == b"x" * MAGIC_BYTES
    assert text.read(990) == b"x" * 990
    with pytest.raises(CorpusError) as caught:
        text.read(1)
    assert str(caught.value) == ("far.txt: cannot be read beyond byte 1,000: Input/output error")


def test_no_more_is_waited_for_than_a_pipe_has():
    """A read that waited for a whole block would heed no signal that came in between."""
    reading, writing = os.pipe()
    with open(reading, "rb") as raw, open(writing, "wb", buffering=0) as pipe:  # noqa: PTH123
        pipe.write(b"the first words, and no end")
        text = UnpackedText(raw, "a pipe")
        assert text.read(1 << 20) + text.read(1 << 20) == b"the first words, and no end"


def test_a_pipe_that_does_not_wait_is_not_taken_for_one_that_has_ended():
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    with open(reading, "rb") as raw, open(writing, "wb", buffering=0) as pipe:  # noqa: PTH123
        pipe.write(b"the first words, and more to come")
        text = UnpackedText(raw, "a pipe")
        text.peek(len(b"the first words, and more to come"))
        assert text.read(1 << 20) == b"the first words, and more to come"
        with pytest.raises(CorpusError, match="a non-blocking stream has no data yet"):
            text.read(1)


def test_a_stream_that_does_not_wait_is_an_error_and_not_an_end():
    class Empty:
        def read(self, size, /):
            return None

    with pytest.raises(CorpusError, match="has no data yet"):
        UnpackedText(Empty(), "pipe")


def test_without_zstandard_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtraError) as caught:
        text_of(zstd(TEXT))
    assert str(caught.value) == (
        "Zstandard files need zstandard; the module zstandard is not installed: "
        "pip install 'skipgram[data]'"
    )
    assert text_of(gzip.compress(TEXT)) == TEXT


def test_a_stream_stays_open_when_its_text_is_closed():
    raw = io.BytesIO(zlib.compress(TEXT, wbits=31))
    UnpackedText(raw, "a.gz").close()
    assert not raw.closed
