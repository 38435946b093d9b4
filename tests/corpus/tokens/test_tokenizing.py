"""Tokenizing: whole tokens, words, functions of one's own, and bytes that are no text."""

import re
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.encoding_twin import (
    counts_in,
    cut,
    decoded,
    encoded,
    is_trainable,
    kept,
    lines_in,
    words_in,
)
from skipgram.corpus.sources.blocks import TokenBlock
from skipgram.corpus.tokens.tokenizing import TokenizedBlock, Tokenizer
from skipgram.corpus.tokens.type_table import TypeBytes
from skipgram.corpus.tokens.words import words_of_any_script
from skipgram.errors import CorpusError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

block_sizes = st.integers(1, 20) | st.just(1 << 20)
pieces = st.sampled_from(
    [
        *[
            "the",
            "Don't",
            "\u2019tis",
            "end.",
            ".",
            "3.14",
            "!?",
            "...",
            "-",
            "é",
            "e\u0301",
            "ΟΣ",
            "🐈",
        ],
        *[" ", " ", "\n", "\r\n", "\r", "\t", "\x85", "\u2028", "\x0b", "\0", "''"],
    ]
)
texts = st.lists(pieces, max_size=30).map("".join)

BROKEN = [b"\xff", b"\xc3", b"\xf0\x9f", b"\xf0\x9f\x90", b"\xed\xa0\x80", b"\xa9", b"\xe2\x82"]
broken = st.lists(
    st.sampled_from([b"a", b" ", b"\n", "é".encode(), "\ufffd".encode(), b"\r\n", b"x" * 9])
    | st.sampled_from(BROKEN),
    max_size=20,
).map(b"".join)


# The twins


def sentences_in(content: bytes) -> list[list[str]]:
    """The words of a text, by sentences, which lines end, too: one regex over each whole line."""
    sentences = []
    for line in lines_in(content):
        text = words_of_any_script(line.decode())
        sentences += [part.split() for part in re.split(r" ?[.!?]", text)]
    return sentences


def replaced_in(text: bytes) -> int:
    """How many sequences are not UTF-8."""
    return text.decode(errors="replace").count("\ufffd") - text.count("\ufffd".encode())


def first_place(text: bytes) -> int | None:
    """The first byte that is not UTF-8."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        return error.start
    return None


def blocks_of_one(content: bytes, tokenizer: Tokenizer, block_bytes: int) -> list[TokenizedBlock]:
    whole = tokenizer.wants_whole_lines
    return [tokenizer(block) for block in cut(content, block_bytes, whole_lines=whole)]


def tokens_of(block: TokenizedBlock) -> list[str]:
    types = [word.decode() for word in TypeBytes(block.numbered.text, block.numbered.types)]
    return [types[number] for number in block.numbered.numbers.tolist()]


# Words


@law
@given(texts, block_sizes, st.integers(1, 2))
@example("end. 'tis\n", 1, 1)
def test_words_are_those_of_the_whole_text_by_sentences(text, block_bytes, threads):
    content = ("two words. " + text).encode()
    corpus = encoded(content, block_bytes=block_bytes, tokenizer="words", threads=threads)
    assert decoded(corpus) == kept(sentences_in(content))
    counts_in(corpus)
    is_word = re.compile(r"[^.!? ]")
    left_out = sum(
        not is_word.search(words_of_any_script(token))
        for line in words_in(content)
        for token in line
    )
    assert corpus.summary.left_out == left_out
    assert corpus.summary.lines == len(lines_in(content))
    assert corpus.summary.longest_line == max(map(len, sentences_in(content)))


def test_sentences_end_at_their_marks_and_at_line_ends():
    corpus = encoded(b"One two. Three four!\nfive six\n\nSeven? eight nine.", tokenizer="words")
    assert [" ".join(line) for line in decoded(corpus)] == (
        ["one two", "three four", "five six", "seven", "eight nine"]
    )
    assert (corpus.summary.lines, corpus.summary.empty_lines) == (4, 1)
    assert corpus.summary.types == 9


def test_a_sentence_goes_on_over_blocks_and_ends_with_its_source():
    corpus = encoded(b"a b c d", b"e f. g\nh", block_bytes=1, tokenizer="words")
    assert decoded(corpus) == [["a", "b", "c", "d"], ["e", "f"], ["g"], ["h"]]


# What is not UTF-8


@law
@given(broken, broken, block_sizes, st.sampled_from(["whitespace", "words"]))
def test_what_is_replaced_is_counted_and_placed(one, other, block_bytes, tokenizer):
    contents = [b"x y\n" + one, other]
    corpus = encoded(*contents, block_bytes=block_bytes, tokenizer=tokenizer)
    repaired = [content.decode(errors="replace").encode() for content in contents]
    if tokenizer == "words":
        lines = [line for content in repaired for line in sentences_in(content)]
    else:
        lines = words_in(*repaired)
    assert decoded(corpus) == kept(lines)
    assert corpus.summary.replaced == sum(map(replaced_in, contents))
    places = [first_place(content) for content in contents]
    first = next((n for n, place in enumerate(places) if place is not None), None)
    expected = "" if first is None else f"text{first}: byte {places[first]:,}"
    assert corpus.summary.first_replaced == expected


@law
@given(broken, block_sizes, st.sampled_from(["whitespace", "words"]))
def test_what_is_ignored_is_counted_and_leaves_no_trace(text, block_bytes, tokenizer):
    content = b"x y\n" + text
    corpus = encoded(content, block_bytes=block_bytes, tokenizer=tokenizer, undecodable="ignore")
    mended = content.decode(errors="ignore").encode()
    lines = sentences_in(mended) if tokenizer == "words" else words_in(mended)
    assert decoded(corpus) == kept(lines)
    assert corpus.summary.replaced == replaced_in(content)
    if tokenizer == "whitespace":
        vanished = sum(map(len, map(bytes.split, lines_in(content)))) - sum(map(len, lines))
        assert corpus.summary.left_out == vanished


@law
@given(broken, broken, block_sizes, st.sampled_from(["whitespace", "words", "own"]))
def test_as_an_error_the_first_byte_that_is_not_utf8_is_told(one, other, block_bytes, tokenizer):
    contents = [b"x y\n" + one, other]
    places = [first_place(content) for content in contents]
    first = next((n for n, place in enumerate(places) if place is not None), None)
    values: dict[str, Any] = {"tokenizer": str.split if tokenizer == "own" else tokenizer}
    values |= {"block_bytes": block_bytes, "undecodable": "error"}
    if first is None:
        assert encoded(*contents, **values).summary.replaced == 0
        return
    with pytest.raises(CorpusError) as caught:
        encoded(*contents, **values)
    byte = contents[first][places[first]]
    assert str(caught.value) == (
        f"text{first}: byte {places[first]:,} is not UTF-8 ({byte:02x}); convert the text to UTF-8 "
        '(iconv), or replace such bytes (undecodable="replace")'
    )


@law
@given(broken, block_sizes, st.sampled_from(["replace", "ignore"]))
def test_a_function_of_ones_own_gets_text_that_is_mended(text, block_bytes, undecodable):
    content = b"x y\n" + text
    corpus = encoded(
        content, block_bytes=block_bytes, tokenizer=bytes_split, undecodable=undecodable
    )
    assert decoded(corpus) == kept(words_in(content.decode(errors=undecodable).encode()))
    assert corpus.summary.replaced == replaced_in(content)
    place = first_place(content)
    assert corpus.summary.first_replaced == ("" if place is None else f"text0: byte {place:,}")


def bytes_split(line: str) -> list[str]:
    return [token.decode() for token in line.encode().split()]


@pytest.mark.parametrize("tokenizer", ["whitespace", "words"])
def test_a_bad_byte_in_a_late_block_of_a_late_file_is_placed(tokenizer):
    late = b"a b\n" * 1000 + b"a \xff\xff\n"
    corpus = encoded(b"a b\n", late, b"\xff a\n", block_bytes=64, tokenizer=tokenizer)
    assert corpus.summary.replaced == 3
    assert corpus.summary.first_replaced == "text1: byte 4,002"


# Functions of one's own


@law
@given(texts, st.integers(1, 9))
def test_a_function_of_ones_own_gets_each_line_whole(text, block_bytes):
    content = text.encode()
    seen: list[str] = []

    def tokenize(line: str) -> list[str]:
        seen.append(line)
        return line.split()

    blocks = blocks_of_one(content, Tokenizer(tokenize), block_bytes)
    assert seen == [line.decode() for line in lines_in(content)]
    assert [token for block in blocks for token in tokens_of(block)] == (
        [token for line in seen for token in line.split()]
    )


def test_tokens_of_ones_own_may_hold_blanks_and_line_ends_but_not_be_empty():
    def halves(line: str) -> Sequence[str]:
        return line.partition(" ")

    corpus = encoded(b"new york city\na b\nx\n", tokenizer=halves)
    assert decoded(corpus) == [["new", " ", "york city"], ["a", " ", "b"], ["x"]]
    assert corpus.summary.left_out == 2
    corpus = encoded(b"a\nb\n", tokenizer=lambda line: [line + "\n", "\n", "\r\0"])
    assert decoded(corpus) == [["a\n", "\n", "\r\0"], ["b\n", "\n", "\r\0"]]


def test_a_generator_may_give_the_tokens():
    corpus = encoded(b"abc\nab\n", tokenizer=lambda line: (letter for letter in line))
    assert decoded(corpus) == [["a", "b", "c"], ["a", "b"]]


def test_the_tokens_of_a_function_may_be_integers():
    numbers = {"sun": 17, "moon": 5}
    for kind in (list, iter, np.array):
        corpus = encoded(
            b"sun moon\nmoon\n",
            tokenizer=lambda line, kind=kind: kind([numbers[word] for word in line.split()]),
        )
        assert decoded(corpus) == [["17", "5"], ["5"]]


def test_what_a_function_of_ones_own_raises_says_where():
    def fail(line: str) -> list[str]:
        if "b" in line:
            raise ZeroDivisionError("division by zero")
        return line.split()

    with pytest.raises(ZeroDivisionError) as caught:
        encoded(b"a a\nthe bad line\n", tokenizer=fail)
    assert caught.value.__notes__ == ["while the tokenizer split 'the bad line' of text0"]


@pytest.mark.parametrize(
    ("token", "told"),
    [
        (None, "text0: the token None (NoneType) is not a word; leave out missing values"),
        (b"a", "text0: the token b'a' (bytes) is not a word; a word is text, or an integer"),
        (np.float32(1.5), "(float32) is not a word; give integers or text"),
        (True, "text0: the token True (bool) is not a word; write truth values as text"),
        ("a\ud800", "text0: line 2 of a block holds half a surrogate pair, '\\ud800', which is no"),
    ],
)
def test_tokens_that_are_no_text_are_refused(token, told):
    with pytest.raises(CorpusError) as caught:
        encoded(b"a b\nc\n", tokenizer=lambda line: ["a", token] if line == "c" else line.split())
    assert told in str(caught.value)


def test_a_function_of_ones_own_is_called_by_one_thread_at_a_time():
    threads = set()

    def tokenize(line: str) -> list[str]:
        threads.add(threading.get_ident())
        return line.split()

    encoded(b"a b\n" * 100, block_bytes=8, tokenizer=tokenize, threads=4)
    assert len(threads) == 1


# Lists of tokens


@law
@given(st.lists(st.lists(st.text(max_size=3), max_size=4), max_size=5))
def test_lists_of_tokens_are_taken_as_they_are(lines):
    lines = [[token for token in line if not re.search("[\ud800-\udfff]", token)] for line in lines]
    block = Tokenizer("words")(TokenBlock(lines, "lists", 0, 0))
    assert tokens_of(block) == [token for line in lines for token in line if token]
    ends = np.diff(block.numbered.line_ends, prepend=0).tolist()
    assert ends == [sum(map(bool, line)) for line in lines]
    assert block.left_out == sum(not token for line in lines for token in line)


def test_two_words_and_a_line_of_two_make_a_corpus():
    assert is_trainable([["a", "b"]])
    assert not is_trainable([["a"], ["b"]])
