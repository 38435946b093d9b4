"""Encoding keeps every word that is seen often enough, line by line, and counts all the rest."""

import gzip
import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from skipgram.corpus.old_reading import TextFile

from skipgram.corpus import old_reading as reading
from skipgram.corpus.encoded import CorpusSummary, EncodedCorpus, ReadingProgress, encode
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

# Words with blanks that do not part words: only the six of ASCII do.
words = st.sampled_from(["a", "b", "c", "é", "🐈", "a\u00a0b", "\u2028", "\x85", "\x1c", "\u3000"])
blanks = st.text(" \t\r\x0b\x0c", min_size=1, max_size=2)
lines = st.lists(words, max_size=4)


@st.composite
def drawn_files(draw: st.DrawFn) -> list[tuple[bytes, list[list[str]]]]:
    """Files, each as its bytes and its lines of words; the last line end may be missing."""
    files = []
    for _ in range(draw(st.integers(1, 3))):
        text, in_lines = "", draw(st.lists(lines, min_size=1, max_size=5))
        for line in in_lines:
            text += draw(st.just("") | blanks)
            text += "".join(word + draw(blanks) for word in line[:-1])
            text += "".join(line[-1:]) + draw(st.just("") | blanks) + "\n"
        if in_lines[-1] and draw(st.booleans()):
            text = text[:-1]
        files.append((text.encode(), in_lines))
    return files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files to write over and over."""
    return tmp_path_factory.mktemp("encoded")


def encoded(
    folder: Path, *contents: bytes, min_count: int = 1, block_bytes: int = 1 << 20
) -> EncodedCorpus:
    """The corpus of some files, "file0", "file1", ..."""
    files = []
    for number, content in enumerate(contents):
        place = folder / f"file{number}"
        place.write_bytes(content)
        files.append(TextFile.at(place))
    with patch.object(reading, "BLOCK_BYTES", block_bytes):
        return encode(files, min_count=min_count)


def decoded(corpus: EncodedCorpus) -> list[list[str]]:
    """The words of the corpus, line by line."""
    parts = np.split(corpus.ids, corpus.line_ends)
    assert not len(parts.pop())  # the last line ends where the ids end
    return [[corpus.vocabulary.words[number] for number in part] for part in parts]


def expected(in_lines: Sequence[Sequence[str]], min_count: int) -> list[list[str]]:
    """The words that are seen often enough, without the lines that have none of them."""
    counts = Counter(word for line in in_lines for word in line)
    kept = ([word for word in line if counts[word] >= min_count] for line in in_lines)
    return [line for line in kept if line]


# What is kept


@law
@given(drawn_files(), st.integers(1, 3), st.integers(1, 8))
def test_the_corpus_decodes_to_the_words_kept_line_by_line(folder, files, min_count, block_bytes):
    in_lines = [line for _, part in files for line in part]
    kept = expected(in_lines, min_count)
    contents = [content for content, _ in files]
    if max(map(len, kept), default=0) < 2 or len({word for line in kept for word in line}) < 2:
        with pytest.raises(CorpusError):
            encoded(folder, *contents, min_count=min_count, block_bytes=block_bytes)
        return
    corpus = encoded(folder, *contents, min_count=min_count, block_bytes=block_bytes)
    assert decoded(corpus) == kept
    assert (corpus.ids.dtype, corpus.line_ends.dtype) == (np.int32, np.int64)
    assert len(corpus) == sum(map(len, kept))
    counts = Counter(word for line in kept for word in line)
    assert dict(zip(corpus.vocabulary, corpus.vocabulary.counts, strict=True)) == counts
    assert corpus.summary == CorpusSummary(
        files=len(files),
        lines=len(in_lines),
        empty_lines=sum(not line for line in in_lines),
        longest_line=max(map(len, in_lines)),
        tokens=sum(map(len, in_lines)),
        types=len({word for line in in_lines for word in line}),
        kept_tokens=sum(counts.values()),
        kept_types=len(counts),
        replaced=0,
        first_replaced="",
        sha256=hashlib.sha256(b"".join(contents)).hexdigest(),
    )


def test_the_summary_of_a_corpus_by_hand(folder):
    text = b"a b a\n\n  \nc a b\n d\na e\n"
    corpus = encoded(folder, text, min_count=2)
    assert decoded(corpus) == [["a", "b", "a"], ["a", "b"], ["a"]]
    assert corpus.ids.tolist() == [0, 1, 0, 0, 1, 0]
    assert corpus.line_ends.tolist() == [3, 5, 6]
    assert corpus.summary == CorpusSummary(
        files=1,
        lines=6,
        empty_lines=2,
        longest_line=3,
        tokens=9,
        types=5,
        kept_tokens=6,
        kept_types=2,
        replaced=0,
        first_replaced="",
        sha256=hashlib.sha256(text).hexdigest(),
    )


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 1000])
def test_a_line_may_end_with_carriage_return_and_line_feed(folder, block_bytes):
    corpus = encoded(folder, b"a b\r\n\r\nb c\r\n", block_bytes=block_bytes)
    assert decoded(corpus) == [["a", "b"], ["b", "c"]]
    assert corpus.summary.empty_lines == 1


@pytest.mark.parametrize(
    "blank", ["\u00a0", "\u2028", "\u2029", "\u3000", "\x85", "\x1c", "\ufeff"]
)
def test_a_blank_beyond_ascii_is_part_of_a_word(folder, blank):
    corpus = encoded(folder, f"x a{blank}b x".encode())
    assert decoded(corpus) == [["x", f"a{blank}b", "x"]]


def test_the_end_of_a_file_ends_its_line(folder):
    assert decoded(encoded(folder, b"a b", b"c d\n", b"e f")) == [
        ["a", "b"],
        ["c", "d"],
        ["e", "f"],
    ]
    assert encoded(folder, b"a b", b"c d\n", b"e f").summary.lines == 3


def test_a_last_line_of_blanks_is_a_line(folder):
    summary = encoded(folder, b"a b\n ").summary
    assert (summary.lines, summary.empty_lines) == (2, 1)


def test_a_byte_order_mark_in_a_later_file_is_left_out_too(folder):
    corpus = encoded(folder, b"\xef\xbb\xbfa b\n", b"\xef\xbb\xbfa c\n")
    assert decoded(corpus) == [["a", "b"], ["a", "c"]]
    assert corpus.summary.sha256 == hashlib.sha256(b"a b\na c\n").hexdigest()


def test_a_file_without_any_text_has_no_line(folder):
    summary = encoded(folder, b"a b", gzip.compress(b""), b"\xef\xbb\xbf", b"c d").summary
    assert (summary.files, summary.lines, summary.empty_lines) == (4, 2, 0)


def test_a_line_with_one_word_kept_stays_for_its_counts(folder):
    assert decoded(encoded(folder, b"a b\na x\nb\n", min_count=2)) == [["a", "b"], ["a"], ["b"]]


# What cannot be trained on


def test_a_corpus_of_blanks_is_an_error(folder):
    with pytest.raises(CorpusError) as caught:
        encoded(folder, b" \n\t\r\n ", b"\n")
    assert str(caught.value) == (
        "the corpus holds nothing but blanks; there is no text to train on"
    )


def test_a_corpus_without_two_words_on_a_line_is_an_error(folder):
    with pytest.raises(CorpusError) as caught:
        encoded(folder, b"a\nb\na\nb\nc\n", min_count=2)
    assert str(caught.value) == (
        "no line holds two of the 2 words kept, so no word has a neighbour to learn from; "
        "put words that belong together on one line"
    )


def test_no_file_at_all_is_an_error():
    with pytest.raises(CorpusError, match=r"^no corpus: name at least one text file$"):
        encode([], min_count=1)


def test_a_damaged_file_among_others_is_an_error_that_names_it(folder):
    with pytest.raises(CorpusError, match="file1: "):
        encoded(folder, b"a b\n", b"\xfd7zXZ\x00" + b"damaged" * 9)


# Bytes that are not UTF-8


def first_error(content: bytes) -> int | None:
    """The first byte that is not UTF-8."""
    try:
        content.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


broken = st.lists(
    st.sampled_from([b"a", b" ", b"\n", "é".encode(), "\ufffd".encode()])
    | st.sampled_from([b"\xff", b"\xc3", b"\xf0\x9f", b"\xf0\x9f\x90", b"\xed\xa0\x80", b"\xa9"]),
    max_size=12,
).map(b"".join)


@law
@given(broken, st.integers(1, 8))
@example("\ufffd \ufffd".encode(), 1)
def test_bytes_that_are_not_utf8_are_replaced_and_counted(folder, content, block_bytes):
    text = b"x y " + content
    corpus = encoded(folder, text, block_bytes=block_bytes)
    replaced = text.decode(errors="replace")
    in_lines = [[word.decode() for word in line.split()] for line in replaced.encode().split(b"\n")]
    assert decoded(corpus) == expected(in_lines, 1)
    assert corpus.summary.replaced == replaced.count("\ufffd") - text.count("\ufffd".encode())
    error = first_error(text)
    place = folder / "file0"
    assert corpus.summary.first_replaced == ("" if error is None else f"{place}: byte {error:,}")
    assert corpus.summary.sha256 == hashlib.sha256(text).hexdigest()


def test_the_first_bytes_replaced_are_found_by_file_and_byte(folder):
    late = b"a b\n" * 1000 + b"a \xff\xff\n"
    summary = encoded(folder, b"a b\n", late, b"\xff a\n", block_bytes=64).summary
    assert summary.replaced == 3
    assert summary.first_replaced == f"{folder}/file1: byte 4,002"


# What it tells while it reads


def test_the_progress_runs_over_all_files_to_their_whole_size(folder):
    contents = [b"a b\n" * 50, b"c d\n" * 30]
    files = []
    for number, content in enumerate(contents):
        (folder / f"file{number}").write_bytes(content)
        files.append(TextFile.at(folder / f"file{number}"))
    told: list[ReadingProgress] = []
    with patch.object(reading, "BLOCK_BYTES", 40):
        encode(files, min_count=1, observe=told.append)
    assert {progress.bytes_total for progress in told} == {320}
    read = [progress.bytes_read for progress in told]
    assert read == sorted(set(read))
    assert len(read) >= 8
    assert read[-1] == 320
