"""A text is not taken for vectors, nor vectors for a text."""

import pytest

import skipgram
from skipgram.errors import FormatError
from skipgram.vectors.formats.text_rows import is_prose

NOVEL = """\ufeffThe Project of 1859

CHAPTER 1

It was the best of times,
it was the worst of times;
it was the age of wisdom,
it was the age of foolishness.
"""


@pytest.mark.parametrize(
    "text",
    [
        NOVEL.encode(),
        "café crème\n".encode("latin-1"),
        "東京 は 晴れ\n".encode(),
        b"one\nword\na\nline\n",
        b"hello",
    ],
)
def test_a_text_is_called_one_and_not_read_as_vectors(tmp_path, text):
    file = tmp_path / "novel.txt"
    file.write_bytes(text)
    with pytest.raises(FormatError, match="looks like text, not like vectors; train on it first"):
        skipgram.load(file)


@pytest.mark.parametrize(
    "rows",
    [
        "new york city .1 .2\nlos angeles .3 .4\nthe rio grande .5 .6\n",
        "a 1\nb 2\n",
        "word x y\nsun 1 2\n",
        "sun,1,2\nmoon,3,4\n",
        "sun .1 .2 .3 -",
        "",
        "\n \n",
    ],
)
def test_rows_are_not_called_a_text(rows):
    assert not is_prose(rows.encode())


def test_words_of_several_parts_with_two_numbers_are_still_read(tmp_path):
    file = tmp_path / "map.txt"
    file.write_text("new york city .1 .2\nlos angeles .3 .4\nthe rio grande .5 .6\n")
    assert list(skipgram.load(file).words) == ["new york city", "los angeles", "the rio grande"]


def test_bytes_that_are_no_text_are_not_called_one():
    assert not is_prose(b"some words\0and more\n")


def test_an_endless_word_is_not_called_a_text(tmp_path):
    assert not is_prose(b"a" * (1 << 16))
    file = tmp_path / "zeros.txt"
    file.write_bytes(b"a" * (1 << 17))
    with pytest.raises(FormatError, match="is not a word followed by numbers"):
        skipgram.load(file)
