"""Encoding keeps every word that is seen often enough, line by line, and counts all the rest."""

import gzip
import hashlib
from collections import Counter
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import skipgram
from helpers.encoding_twin import counts_in, decoded, is_trainable, kept, words_in
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.sources.reading import text_blocks
from skipgram.corpus.summary import CorpusSummary, ReadingProgress
from skipgram.errors import CorpusError, SettingsError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

# Words with blanks that do not part words: only the six of ASCII do.
words = st.sampled_from(["a", "b", "c", "é", "🐈", "a\u00a0b", "\u2028", "\x85", "\x1c", "\u3000"])
blanks = st.text(" \t\x0b\x0c", min_size=1, max_size=2)
lines = st.lists(words, max_size=4)


@st.composite
def drawn_files(draw: st.DrawFn) -> list[tuple[bytes, list[list[str]]]]:
    """Files, each as its bytes and its lines of words; the last line end may be missing."""
    files = []
    for _ in range(draw(st.integers(1, 3))):
        text, in_lines = "", draw(st.lists(lines, min_size=1, max_size=5))
        end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
        for line in in_lines:
            text += draw(st.just("") | blanks)
            text += "".join(word + draw(blanks) for word in line[:-1])
            text += "".join(line[-1:]) + draw(st.just("") | blanks) + end
        if in_lines[-1] and draw(st.booleans()):
            text = text.removesuffix(end)
        files.append((text.encode(), in_lines))
    return files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files to write over and over."""
    return tmp_path_factory.mktemp("encoded")


def written(folder: Path, *contents: bytes) -> list[Path]:
    """Files of these contents: file0, file1, ..."""
    files = [folder / f"file{number}" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_bytes(content)
    return files


def encoded(
    folder: Path, *contents: bytes, block_bytes: int = 1 << 20, **settings: Any
) -> EncodedCorpus:
    """The corpus of some files, min_count=1 unless it is given."""
    files = written(folder, *contents)
    with patch.dict(text_blocks.__kwdefaults__, block_bytes=block_bytes):
        return skipgram.encode(files, **{"min_count": 1, "threads": 1} | settings)


# What is kept


@law
@given(drawn_files(), st.integers(1, 3), st.integers(1, 8))
def test_the_corpus_decodes_to_the_words_kept_line_by_line(folder, files, min_count, block_bytes):
    in_lines = [line for _, part in files for line in part]
    lines_kept = kept(in_lines, min_count)
    contents = [content for content, _ in files]
    if not is_trainable(lines_kept):
        with pytest.raises(CorpusError):
            encoded(folder, *contents, min_count=min_count, block_bytes=block_bytes)
        return
    corpus = encoded(folder, *contents, min_count=min_count, block_bytes=block_bytes)
    assert decoded(corpus) == lines_kept
    assert (corpus.ids.dtype, corpus.line_ends.dtype) == (np.int32, np.int64)
    assert len(corpus) == sum(map(len, lines_kept))
    counts = Counter(word for line in lines_kept for word in line)
    assert counts_in(corpus) == counts
    tokens, types = sum(map(len, in_lines)), len({word for line in in_lines for word in line})
    assert corpus.summary == CorpusSummary(
        sources=len(files),
        lines=len(in_lines),
        empty_lines=sum(not line for line in in_lines),
        longest_line=max(map(len, in_lines)),
        tokens=tokens,
        types=types,
        kept_tokens=sum(counts.values()),
        kept_types=len(counts),
        replaced=0,
        first_replaced="",
        sha256=hashlib.sha256(b"".join(contents)).hexdigest(),
        rare_tokens=tokens - counts.total(),
        rare_types=types - len(counts),
        table_bytes=corpus.summary.table_bytes,
        compared_types=len(counts),
        form_types=corpus.summary.form_types,
        example_of_forms=corpus.summary.example_of_forms,
    )


def test_the_summary_of_a_corpus_by_hand(folder):
    text = b"a b a\n\n  \nc a b\n d\na e\n"
    corpus = encoded(folder, text, min_count=2)
    assert decoded(corpus) == [["a", "b", "a"], ["a", "b"], ["a"]]
    assert corpus.ids.tolist() == [0, 1, 0, 0, 1, 0]
    assert corpus.line_ends.tolist() == [3, 5, 6]
    assert corpus.summary == CorpusSummary(
        sources=1,
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
        rare_tokens=3,
        rare_types=3,
        table_bytes=corpus.summary.table_bytes,
        compared_types=2,
    )


@pytest.mark.parametrize("block_bytes", [1, 2, 3, 1000])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_line_may_end_with_line_feed_or_carriage_return_or_both(folder, block_bytes, end):
    text = b"a b\n\nb c\n".replace(b"\n", end)
    corpus = encoded(folder, text, block_bytes=block_bytes)
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
    assert (summary.sources, summary.lines, summary.empty_lines) == (4, 2, 0)


def test_a_line_with_one_word_kept_stays_for_its_counts(folder):
    assert decoded(encoded(folder, b"a b\na x\nb\n", min_count=2)) == [["a", "b"], ["a"], ["b"]]


# What cannot be trained on


def test_a_corpus_of_blanks_is_an_error(folder):
    with pytest.raises(CorpusError) as caught:
        encoded(folder, b" \n\t\r\n ", b"\n")
    assert str(caught.value) == ("the corpus is only whitespace; there is no text to train on")


def test_a_corpus_without_two_words_on_a_line_is_an_error(folder):
    with pytest.raises(CorpusError) as caught:
        encoded(folder, b"a\nb\na\nb\nc\n", min_count=2)
    assert str(caught.value) == (
        "no line holds two of the 2 words kept, so no word has a neighbour to learn from; "
        "lower min_count, which dropped 1 word, or put words that belong together on "
        "one line"
    )


def test_no_file_at_all_is_an_error():
    with pytest.raises(CorpusError, match=r"^no corpus: name at least one text file$"):
        skipgram.encode([])


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
    assert decoded(corpus) == kept(words_in(replaced.encode()))
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


@pytest.mark.parametrize("threads", [1, 2])
def test_the_progress_runs_over_all_files_to_their_whole_size(folder, threads):
    told: list[Any] = []
    contents = [b"a b\n" * 50, b"c d\n" * 30]
    encoded(folder, *contents, block_bytes=40, threads=threads, observe=told.append)
    assert isinstance(told.pop(), CorpusSummary)
    assert {progress.stage for progress in told} == {"reading", "numbering"}
    reading = [progress for progress in told if progress.stage == "reading"]
    assert {progress.bytes_total for progress in reading} == {320}
    read = [progress.bytes_read for progress in reading]
    assert read == sorted(read)
    assert len(read) >= 8
    assert read[-1] == 320
    tokens = [progress.tokens for progress in reading]
    assert tokens == sorted(tokens)
    assert tokens[-1] == 160


def test_the_progress_of_later_stages_runs_to_all_tokens(folder):
    told: list[ReadingProgress] = []
    text = b"in new york\n" * 30 + b"the end of it\n" * 30
    encoded(folder, text, block_bytes=40, observe=told.append, phrases=2)
    for stage in ("joining phrases", "numbering"):
        done = [progress for progress in told[:-1] if progress.stage == stage]
        assert all(progress.bytes_read <= progress.bytes_total for progress in done)
        assert done[-1].bytes_read == done[-1].bytes_total


# Settings


def test_a_corpus_of_phrases_alone_is_an_error_that_leaves_no_file_open(folder):
    with pytest.raises(CorpusError, match="no line holds two of the 2 words kept"):
        encoded(folder, b"new york\n" * 30 + b"the of\n" * 30, phrases=2, phrase_threshold=1)


def test_min_count_is_5_unless_it_is_given(folder):
    (file,) = written(folder, b"a b\n" * 5 + b"c c c c\n")
    assert decoded(skipgram.encode(file, threads=1)) == [["a", "b"]] * 5


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"min_count": 0}, "min_count must be at least 1, not 0"),
        ({"mincount": 1}, "unknown setting 'mincount': write min_count=1"),
        ({"tokenizer": "own"}, "the tokenizer 'own' stands for a function"),
        ({"tokenizer": 3}, "tokenizer 3 is not one of: whitespace, words"),
        ({"phrases": 1, "max_types": 9}, "omit either phrases or max_types"),
        ({"keep_words": ["a"], "drop_words": ["a"]}, "'a' is in both keep_words and drop_words"),
        ({"max_vocabulary": 1}, "max_vocabulary 1 leaves one word"),
    ],
)
def test_settings_that_cannot_be_are_refused_before_the_text_is_read(folder, values, text):
    told: list[Any] = []
    with pytest.raises(SettingsError) as caught:
        encoded(folder, b"a b\n", observe=told.append, **values)
    assert text in str(caught.value)
    assert not told
