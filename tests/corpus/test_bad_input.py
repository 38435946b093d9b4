"""What texts may hold or do that no reader hopes for: nothing is lost without being told."""

from pathlib import Path
from typing import Any

import pytest

import skipgram
from helpers.encoding_twin import decoded
from skipgram.corpus.summary import ReadingProgress
from skipgram.errors import CorpusError

SMALL: dict[str, Any] = {"min_count": 1, "threads": 1}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "text.txt"


def encoded(file: Path, content: bytes, **settings: Any) -> skipgram.EncodedCorpus:
    file.write_bytes(content)
    return skipgram.encode(file, **SMALL | settings)


def test_nul_bytes_are_kept_and_counted(file):
    corpus = encoded(file, b"the quick a\0b fox \0 jumps over the \0\0\n" + b"lazy dog\n" * 9)
    assert "a\0b" in corpus.vocabulary
    assert corpus.summary.null_bytes == 4
    assert decoded(corpus)[0] == [
        "the",
        "quick",
        "a\0b",
        "fox",
        "\0",
        "jumps",
        "over",
        "the",
        "\0\0",
    ]
    words = encoded(file, b"one a\0b two\n" * 9, tokenizer="words")
    assert decoded(words)[0] == ["one", "a", "b", "two"]


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"max_types": 4, "keep_words": ["a\0b", "\0"]},
        {"undecodable": "ignore"},
        {"phrases": 1},
        {"tokenizer": str.split},
    ],
    ids=str,
)
def test_nul_bytes_are_counted_however_the_text_is_read(file, values):
    text = b"the sun a\0b \0 \xff moon\n" + b"the sun and the moon\n" * 9
    corpus = encoded(file, text, **values)
    held = sum(word.count("\0") for line in decoded(corpus) for word in line)
    assert corpus.summary.null_bytes == held == 2
    lists = skipgram.encode([["a\0b", "c"], ["\0", "a\0b"]], **SMALL)
    assert lists.summary.null_bytes == 3


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("tokenizer", ["whitespace", "words", str.split])
def test_windows_and_old_macintosh_files_hold_the_same_lines(file, tokenizer, threads):
    content = b"sun moon\n\nstar sky sun\n"
    values: dict[str, Any] = {"tokenizer": tokenizer, "threads": threads}
    expected = encoded(file, content, **values)
    for end in (b"\r\n", b"\r"):
        for mark in (b"", b"\xef\xbb\xbf"):
            found = encoded(file, mark + content.replace(b"\n", end), **values)
            assert decoded(found) == decoded(expected)
            assert (found.summary.lines, found.summary.empty_lines) == (3, 1)


@pytest.mark.parametrize("tokenizer", ["whitespace", "words"])
def test_one_long_line_is_one_line(file, tokenizer):
    corpus = encoded(file, b"sun moon " * 300_000, tokenizer=tokenizer, threads=2)
    assert corpus.line_ends.tolist() == [600_000]
    assert (corpus.summary.lines, corpus.summary.longest_line) == (1, 600_000)


def test_one_long_line_is_given_whole_to_a_function_of_ones_own(file):
    corpus = encoded(file, b"sun moon " * 300_000, tokenizer=lambda line: [line[:3], line[4:8]])
    assert decoded(corpus) == [["sun", "moon"]]


@pytest.mark.parametrize(("tokenizer", "times"), [("whitespace", 700_000), ("words", 140_000)])
def test_one_long_token_is_one_token(file, tokenizer, times):
    word = "lengthy" * times
    corpus = encoded(file, f"a {word} b\n{word} a\n".encode(), tokenizer=tokenizer, threads=2)
    assert decoded(corpus) == [["a", word, "b"], [word, "a"]]


@pytest.mark.slow
def test_a_line_of_a_gigabyte_is_one_line(file):
    corpus = encoded(file, b"sun moon " * (2**30 // 9), threads=2)
    assert corpus.line_ends.tolist() == [2 * (2**30 // 9)]


def test_bytes_that_are_no_text_at_all_are_replaced_and_counted(file):
    corpus = encoded(file, bytes(range(128, 256)) + b" a b\n")
    assert corpus.summary.replaced > 0
    assert corpus.summary.first_replaced == f"{file}: byte 0"
    assert decoded(corpus)[0][1:] == ["a", "b"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-32-be"])
def test_other_encodings_are_refused_with_the_way_out(file, encoding):
    with pytest.raises(CorpusError, match=r"iconv -f UTF-"):
        encoded(file, ("the sun and the moon\n" * 50).encode(encoding))


@pytest.mark.parametrize("threads", [1, 3])
def test_a_file_that_grows_while_it_is_read_is_an_error(file, threads, tmp_path):
    def grow(event: Any) -> None:
        if isinstance(event, ReadingProgress):
            with file.open("ab") as more:
                more.write(b"more words\n")

    content = b"sun moon\n" * 1_500_000  # more blocks than are read ahead
    with pytest.raises(CorpusError, match=r"text\.txt changed while it was read \(13,500,000 byt"):
        encoded(file, content, threads=threads, observe=grow)
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_vanishes_before_its_turn_is_an_error(tmp_path):
    files = [tmp_path / f"{number:02}.txt" for number in range(40)]
    for file in files:
        file.write_bytes(b"sun moon\n")
    with pytest.raises(CorpusError) as caught:
        skipgram.encode(
            files,
            tmp_path / "corpus",
            observe=lambda event: files[-1].unlink(missing_ok=True),
            **SMALL,
        )
    assert str(caught.value) == f"{files[-1]}: No such file or directory"
    assert sorted(tmp_path.iterdir()) == files[:-1]


def test_a_file_that_is_replaced_before_its_turn_is_an_error(tmp_path):
    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for file in files:
        file.write_bytes(b"sun moon\n")
    with pytest.raises(CorpusError, match=r"two\.txt changed while it was read"):
        skipgram.encode(files, observe=lambda event: files[1].write_text("star sky x\n"), **SMALL)


def test_words_to_be_kept_that_no_text_can_hold_are_never_seen(file):
    corpus = encoded(file, b"a b\n", keep_words=["half a \ud800 pair", "", "a b", "b"])
    assert corpus.summary.unseen_words == 3
    assert set(corpus.vocabulary) == {"a", "b"}
