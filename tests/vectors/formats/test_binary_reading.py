"""word2vec's binary format: records with and without a line feed, and every way to be damaged."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import skipgram
from helpers import reference_readers
from skipgram.errors import FormatError
from skipgram.vectors.formats import binary
from skipgram.vectors.formats.assembling import ReadingOptions, gather
from skipgram.vectors.formats.byte_reader import BytesOfFile

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=60)

ROWS = np.arange(6, dtype="<f4").reshape(3, 2)


def records(words: list[bytes], rows: np.ndarray, end: bytes = b"\n", before: bytes = b"") -> bytes:
    """A file as the original tool writes it, or with another end of a record."""
    head = b"%d %d\n" % rows.shape
    return head + b"".join(
        before + word + b" " + row.tobytes() + end for word, row in zip(words, rows, strict=True)
    )


def write(folder: Path, content: bytes) -> Path:
    file = folder / "vectors.bin"
    file.write_bytes(content)
    return file


def refusal(folder: Path, content: bytes, **options: str) -> str:
    """The text of the error, behind the file's name."""
    file = write(folder, content)
    with pytest.raises(FormatError) as caught:
        skipgram.load(file, **options)
    return str(caught.value).removeprefix(str(file))


@pytest.mark.parametrize("end", [b"\n", b""], ids=["as the original tool", "as gensim"])
def test_records_are_read_with_and_without_a_line_feed_behind_them(tmp_path, end):
    vectors = skipgram.load(write(tmp_path, records([b"a", "é".encode(), b"c"], ROWS, end)))
    assert vectors.about["read"]["format"] == "word2vec-binary"
    assert list(vectors.words) == ["a", "é", "c"]
    assert vectors.matrix.tolist() == ROWS.tolist()


@law
@given(
    st.lists(
        st.binary(min_size=1, max_size=4).filter(lambda word: not set(word) & set(b" \n")),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 9),
    st.sampled_from([b"\n", b""]),
    st.integers(0, 2**32),
    st.integers(1, 50),
)
@example([b"a", b"bc", b"def"], 2, b"\n", 0, 1)
@example([b"a", b"bc", b"def"], 2, b"", 0, 1)
def test_a_binary_file_is_read_as_the_reference_does_whatever_its_blocks(
    tmp_path_factory, words, dim, end, seed, block_bytes
):
    rows = np.random.default_rng(seed).standard_normal((len(words), dim)).astype("<f4")
    content = records(words, rows, end)
    file = write(tmp_path_factory.getbasetemp(), content)
    expected, matrix = reference_readers.read_binary(content)
    with BytesOfFile(file) as opened:
        stream = binary.read(opened, block_bytes=block_bytes)
        vectors = gather(stream, ReadingOptions(duplicates="first"))
    firsts = [at for at, word in enumerate(expected) if expected.index(word) == at]
    assert list(vectors.words) == [expected[at] for at in firsts]
    assert vectors.matrix.tobytes() == matrix[firsts].tobytes() == rows[firsts].tobytes()


WHOLE = records([b"a", b"b", b"c"], ROWS)


@pytest.mark.parametrize("end", range(len(WHOLE)))
def test_a_file_cut_off_anywhere_is_refused(tmp_path, end):
    if end == len(WHOLE) - 1:  # the line feed behind the last record alone
        assert len(skipgram.load(write(tmp_path, WHOLE[:end]))) == 3
    else:
        assert refusal(tmp_path, WHOLE[:end], format="word2vec-binary")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (WHOLE[:-4] + b"", ", record 3: the file ends there, and its header promises 3 records"),
        (WHOLE + b"\n\n\nmore", ": more data follows the 3 records that its header promises"),
        (WHOLE + b"more", ": more data follows the 3 records that its header promises"),
        (b"1000000000000 2\n" + WHOLE[4:], ":1: the header promises 1,000,000,000,000 rows of 2"),
        (b"3 1000000000000\n" + WHOLE[4:], ":1: rows of 1,000,000,000,000 numbers; vectors of"),
        (b"3 0\n" + WHOLE[4:], ": rows of 0 numbers are not vectors"),
        (b"three 2\n", ": b'three 2' is not a header of word2vec's binary format"),
        (b"3" * 99, ", byte 0: no header line that ends within 64 bytes"),
        (records([b"a", b"", b"c"], ROWS), ", record 2: the word is empty"),
        (
            records([b"a", b"b", b"a"], ROWS),
            ", record 3: the word 'a' appears twice, first at",
        ),
        (
            records([b"a", b"b", b"c"], np.array([[1, 2], [3, np.nan], [5, 6]], "<f4")),
            ", record 2: number 2 of 2 is nan, which a vector cannot contain",
        ),
        (
            b"1 2\n" + b"x" * (1 << 17),
            ", record 1: no space ends its word within 65,536 bytes",
        ),
        (
            records([b"a", b"b"], ROWS[:2], b"\n" * (9 << 20)),
            ", record 2: no space ends its word within 65,536 bytes",
        ),
        (
            b"2 2\n" + b"\n" * (9 << 20) + records([b"a", b"b"], ROWS[:2])[4:],
            ", record 1: no space ends its word within 65,536 bytes",
        ),
    ],
)
def test_a_bad_binary_file_is_refused_with_its_record(tmp_path, content, text):
    told = refusal(tmp_path, content, format="word2vec-binary")
    assert told.startswith(text), told


def test_line_feeds_before_words_and_at_the_end_are_part_of_no_word(tmp_path):
    content = records([b"a", b"b", b"c"], ROWS, b"\n" * 1000, before=b"\n" * 1000)
    assert list(skipgram.load(write(tmp_path, content)).words) == ["a", "b", "c"]
    content = records([b"a", b"b", b"c"], ROWS) + b"\n" * (9 << 20)
    assert list(skipgram.load(write(tmp_path, content)).words) == ["a", "b", "c"]


def test_words_that_are_no_utf8_are_kept_escaped_and_counted(tmp_path):
    content = records([b"caf\xe9", b"b", b"c"], ROWS)
    vectors = skipgram.load(write(tmp_path, content))
    assert list(vectors.words) == ["caf\\xe9", "b", "c"]
    assert vectors.about["read"]["undecodable_words"] == 1
    assert skipgram.load(tmp_path / "vectors.bin", encoding="latin-1").words[0] == "café"
