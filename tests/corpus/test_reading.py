"""Reading gives the file back, byte for byte, in blocks that split nothing."""

import bz2
import gzip
import lzma
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skipgram.corpus import reading
from skipgram.corpus.reading import TextFile
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

MARK = b"\xef\xbb\xbf"
PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}
TEXT = "the quick brown fox jumps over the lazy dog, straße 🐈\n".encode() * 30

packed = pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
block_sizes = st.integers(1, 9)

# Any bytes, but often blanks, whole characters, byte-order marks and halves of them.
pieces = st.sampled_from([b" ", b"\n", b"\t", b"\r\n", b"ab", "é".encode(), "🐈".encode(), MARK])
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
contents = (
    st.lists(pieces | st.binary(max_size=3), min_size=1)
    .map(b"".join)
    .filter(lambda content: content and not content.startswith(UTF_16))
)
plain = contents.filter(lambda content: not content.startswith(b"\x1f\x8b\x08"))
texts = st.lists(st.sampled_from("a é🐈\n\u00a0\u2028"), min_size=1).map("".join)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write over and over."""
    return tmp_path_factory.mktemp("reading") / "text.txt"


def blocks_of(place: Path, content: bytes, block_bytes: int = 1 << 20) -> list[tuple[bytes, int]]:
    place.write_bytes(content)
    with patch.object(reading, "BLOCK_BYTES", block_bytes):
        return list(TextFile.at(place).blocks())


def text_of(place: Path, content: bytes, block_bytes: int = 1 << 20) -> bytes:
    return b"".join(block for block, _ in blocks_of(place, content, block_bytes))


def without_mark(content: bytes) -> bytes:
    return content.removeprefix(MARK)


# Blocks


@law
@given(plain, block_sizes)
def test_the_blocks_of_any_file_join_to_the_file(place, content, block_bytes):
    assert text_of(place, content, block_bytes) == without_mark(content)


@law
@given(plain, block_sizes)
def test_every_block_but_the_last_ends_at_a_blank(place, content, block_bytes):
    blocks = [block for block, _ in blocks_of(place, content, block_bytes)]
    assert all(block for block in blocks)
    assert all(block[-1:].isspace() for block in blocks[:-1])


@law
@given(plain, block_sizes)
def test_no_token_is_split(place, content, block_bytes):
    tokens = [
        token for block, _ in blocks_of(place, content, block_bytes) for token in block.split()
    ]
    assert tokens == without_mark(content).split()


@law
@given(texts, block_sizes)
def test_no_character_is_split(place, text, block_bytes):
    blocks = [block.decode() for block, _ in blocks_of(place, text.encode(), block_bytes)]
    assert "".join(blocks) == text


@law
@given(plain, block_sizes)
def test_what_is_read_so_far_grows_to_the_size_of_the_file(place, content, block_bytes):
    read = [so_far for _, so_far in blocks_of(place, content, block_bytes)]
    assert read == sorted(read)
    assert read[-1:] == ([len(content)] if without_mark(content) else [])


@pytest.mark.parametrize("blank", [b" ", b"\t", b"\n", b"\r", b"\x0b", b"\x0c"])
def test_a_block_may_end_at_each_of_the_six_blanks(place, blank):
    blocks = [block for block, _ in blocks_of(place, b"abcd" + blank + b"ef", 2)]
    assert blocks == [b"abcd" + blank, b"ef"]


def test_a_long_text_comes_in_more_than_one_block(place):
    content = b"word " * reading.BLOCK_BYTES
    blocks = [block for block, _ in blocks_of(place, content, reading.BLOCK_BYTES)]
    assert b"".join(blocks) == content
    assert len(blocks) == 5


def test_a_token_longer_than_a_block_stays_whole(place):
    content = b"a " + b"x" * 1000 + b" b"
    blocks = [block for block, _ in blocks_of(place, content, 10)]
    assert [token for block in blocks for token in block.split()] == content.split()


def test_one_line_without_an_end_is_read(place):
    assert text_of(place, b"no line end", 4) == b"no line end"


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 4, 1000])
def test_one_byte_order_mark_before_the_text_is_left_out(place, block_bytes):
    assert (
        text_of(place, MARK + b"word " + MARK + b"word", block_bytes) == b"word " + MARK + b"word"
    )
    assert text_of(place, MARK + MARK + b"word", block_bytes) == MARK + b"word"
    assert text_of(place, MARK, block_bytes) == b""


# Packed files


@packed
@law
@given(content=contents, block_bytes=block_sizes)
def test_a_packed_file_is_known_by_its_content_whatever_its_name(place, pack, content, block_bytes):
    blocks = blocks_of(place, pack(content), block_bytes)
    assert b"".join(block for block, _ in blocks) == without_mark(content)
    assert all(0 < so_far <= place.stat().st_size for _, so_far in blocks)


@packed
def test_packed_files_one_behind_the_other_are_read_as_one(place, pack):
    assert text_of(place, pack(b"one ") + pack(b"two")) == b"one two"


@packed
def test_a_name_does_not_make_a_packed_file(tmp_path, pack):
    for name in ("text.gz", "text.bz2", "text.xz"):
        assert text_of(tmp_path / name, b"plain text") == b"plain text"


@packed
def test_a_packed_file_cut_off_anywhere_is_an_error_that_names_it(place, pack):
    whole = pack(TEXT)
    for length in range(10, len(whole)):  # ten bytes tell that it is packed
        with pytest.raises(CorpusError) as caught:
            text_of(place, whole[:length])
        assert str(caught.value).startswith(f"{place}: ")
        assert len(str(caught.value)) > len(f"{place}: ")


@packed
def test_a_damaged_packed_file_gives_its_text_or_an_error_that_names_it(place, pack):
    whole = pack(TEXT)
    found = []
    for position in range(10, len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        try:
            found.append(text_of(place, bytes(damaged)))
        except CorpusError as error:
            found.append(str(error).split(": ")[0].encode())
    refusal = str(place).encode()
    assert set(found) <= {TEXT, refusal}
    assert found.count(refusal) > len(found) // 2


@pytest.mark.parametrize("content", [b"BZh and more", b"BZh9 and more", b"\x1f\x8bx", b"\xfd7zXZ"])
def test_a_text_that_begins_almost_like_a_packed_file_is_read_as_it_is(place, content):
    assert text_of(place, content) == content


def test_zstandard_is_refused_by_name(place):
    with pytest.raises(CorpusError) as caught:
        text_of(place, b"\x28\xb5\x2f\xfd" + b"\x00" * 20)
    assert str(caught.value) == f"{place} is packed with Zstandard; unpack it first (zstd -d)"


# What is no text file


def test_an_empty_file_is_an_error(tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(CorpusError) as caught:
        TextFile.at(tmp_path / "empty")
    assert str(caught.value) == f"{tmp_path}/empty is empty; there is no text to train on"


def test_a_folder_is_an_error_that_says_what_to_name_instead(tmp_path):
    with pytest.raises(CorpusError) as caught:
        TextFile.at(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is a folder; name the text files in it, as in {tmp_path}/*.txt"
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere", "No such file or directory"),
        ("file/below", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("nul\0", "embedded null"),
    ],
)
def test_a_missing_file_is_an_error_that_names_it_and_says_why(tmp_path, name, reason):
    (tmp_path / "file").write_text("x")
    with pytest.raises(CorpusError) as caught:
        TextFile.at(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ")
    assert reason in str(caught.value)


def test_a_file_that_may_not_be_read_is_an_error_that_names_it(place, monkeypatch):
    place.write_bytes(b"text")
    file = TextFile.at(place)

    def refusing(*_: object) -> None:  # root may read anything
        raise PermissionError(13, "Permission denied", str(place))

    monkeypatch.setattr(Path, "open", refusing)
    with pytest.raises(CorpusError) as caught:
        next(file.blocks())
    assert str(caught.value) == f"{place}: Permission denied"


# Pipes


def as_they_are(content: bytes) -> bytes:
    return content


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.parametrize("pack", [as_they_are, *PACKERS.values()], ids=["plain", *PACKERS])
def test_a_named_pipe_is_read_to_its_end(tmp_path, pack: Callable[[bytes], bytes]):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[pack(MARK + TEXT)], daemon=True)
    writer.start()
    assert b"".join(block for block, _ in TextFile.at(pipe).blocks()) == TEXT
    writer.join()


@pytest.mark.skipif(not Path("/dev/stdin").exists(), reason="no /dev/stdin on this system")
def test_the_standard_input_is_read_to_its_end():
    code = """
import sys
from pathlib import Path
from skipgram.corpus.reading import TextFile
for block, _ in TextFile.at(Path("/dev/stdin")).blocks():
    sys.stdout.buffer.write(block)
"""
    run = [sys.executable, "-c", code]
    assert subprocess.run(run, input=TEXT, check=True, capture_output=True).stdout == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_refused_by_name_with_the_way_out(tmp_path, encoding):
    file = tmp_path / "text.txt"
    file.write_bytes("\ufeffsun moon".encode(encoding))
    with pytest.raises(CorpusError, match=r"text\.txt is UTF-16; turn it into UTF-8 first"):
        list(TextFile.at(file).blocks())
