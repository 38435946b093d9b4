"""Rows whose words are in another file or nowhere: no number is ever taken for a word unnoticed."""

from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.errors import FormatError

ROWS = np.array([[0.5, -1.25, 3.0], [1.0, 2.5e-3, 0.25]], np.float32)


def write(file: Path, content: str) -> Path:
    file.write_bytes(content.encode())
    return file


def lines_of(rows: np.ndarray, separator: str = "\t") -> str:
    return "".join(separator.join(row) + "\n" for row in rows.astype(str).tolist())


# Words in a file beside


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("vectors.tsv", "vectors.metadata.tsv"),
        ("vectors.tsv", "metadata.tsv"),
        ("vecs.tsv", "vecs.metadata.tsv"),
        ("tensor.tsv", "metadata.tsv"),
        ("embeddings.tsv", "metadata.tsv"),
        ("my_tensor.tsv", "my_metadata.tsv"),
        ("my.Vectors.tsv", "my.metadata.tsv"),
    ],
)
def test_rows_find_their_words_in_the_file_that_other_tools_write_beside_them(
    tmp_path, rows, words
):
    write(tmp_path / rows, lines_of(ROWS))
    write(tmp_path / words, "sun\nnew york\n")
    vectors = skipgram.load(tmp_path / rows)
    assert vectors.about["read"]["format"] == "projector"
    assert list(vectors.words) == ["sun", "new york"]
    assert vectors.matrix.tolist() == ROWS.tolist()


def test_rows_of_one_number_find_their_words(tmp_path):
    vectors = vectors_of({"sun": [1], "sky": [2]})
    vectors.export(tmp_path / "vectors.tsv")
    assert skipgram.load(tmp_path / "vectors.tsv").matrix.tolist() == [[1], [2]]


def test_what_gensims_word2vec2tensor_writes_is_read_whole(tmp_path):
    pytest.importorskip("gensim")
    from gensim.scripts.word2vec2tensor import word2vec2tensor

    vectors = random_vectors(1, vocab_size=5, embedding_dim=4)
    vectors.export(tmp_path / "v.txt")
    word2vec2tensor(str(tmp_path / "v.txt"), str(tmp_path / "out"))
    loaded = skipgram.load(tmp_path / "out_tensor.tsv")
    assert list(loaded.words) == list(vectors.words)
    assert loaded.matrix.tolist() == vectors.matrix.tolist()


def test_the_nearest_of_two_files_of_words_is_taken(tmp_path):
    write(tmp_path / "my_vectors.tsv", lines_of(ROWS))
    write(tmp_path / "my_metadata.tsv", "wrong\nneither\n")
    write(tmp_path / "my_vectors.metadata.tsv", "sun\nsky\n")
    assert list(skipgram.load(tmp_path / "my_vectors.tsv").words) == ["sun", "sky"]


def test_rows_that_have_words_need_no_file_beside_them(tmp_path):
    write(tmp_path / "vectors.tsv", "sun\t1\t2\n7\t3\t4\n")
    write(tmp_path / "metadata.tsv", "of\nother\nthings\n")
    assert list(skipgram.load(tmp_path / "vectors.tsv").words) == ["sun", "7"]


def test_words_that_are_too_few_or_too_many_are_refused_with_both_files(tmp_path):
    write(tmp_path / "tensor.tsv", lines_of(ROWS))
    write(tmp_path / "metadata.tsv", "sun\n")
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "tensor.tsv")
    assert str(caught.value) == (
        f"{tmp_path}/metadata.tsv: 1 words, and {tmp_path}/tensor.tsv has more rows"
    )


# No words at all


@pytest.mark.parametrize("separator", ["\t", " "])
@pytest.mark.parametrize("name", ["rows.txt", "tensor.tsv", "rows"])
def test_rows_alone_are_refused(tmp_path, separator, name):
    write(tmp_path / name, lines_of(ROWS, separator))
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / name)
    assert str(caught.value) == (
        f"{tmp_path}/{name}:1: rows begin with a number ('0.5'), not with a word; put the words "
        "into a file beside it (docs/formats.md: numpy, projector), or name the format if these "
        "numbers are the words (format: glove)"
    )


@pytest.mark.parametrize("options", [{}, {"fmt": "%.4f"}, {"fmt": "%g"}, {"delimiter": "\t"}])
def test_what_numpys_savetxt_writes_is_refused(tmp_path, options):
    np.savetxt(tmp_path / "rows.txt", ROWS, **options)
    with pytest.raises(FormatError, match=r"rows.txt:1: rows begin with a number "):
        skipgram.load(tmp_path / "rows.txt")


def test_whole_numbers_are_words_of_items_and_nodes(tmp_path):
    for content in ("12 0.5 1\n7 2 3\n", "12\t0.5\t1\n7\t2\t3", "0 1 2\n1 2 3\n"):
        vectors = skipgram.load(write(tmp_path / "items.txt", content))
        assert vectors.embedding_dim == 2
        assert list(vectors.words) in (["12", "7"], ["0", "1"])


def test_numbers_among_words_are_words(tmp_path):
    vectors = skipgram.load(write(tmp_path / "v.txt", "3.14 1 2\npi 3 4\n1e5 5 6\n"))
    assert list(vectors.words) == ["3.14", "pi", "1e5"]


def test_numbers_are_words_where_the_format_is_named(tmp_path):
    file = write(tmp_path / "v.txt", lines_of(ROWS, " "))
    assert list(skipgram.load(file, format="glove").words) == ["0.5", "1.0"]


# A table's header row


@pytest.mark.parametrize("name", ["word", None])
def test_a_pandas_table_is_refused_by_its_header_row(tmp_path, name):
    pytest.importorskip("pandas")
    frame = random_vectors(1, vocab_size=4, embedding_dim=3).to_pandas().rename_axis(name)
    frame.to_csv(tmp_path / "table.tsv", sep="\t")
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "table.tsv")
    shown = f"{name or ''}\\t0\\t1\\t2"
    assert str(caught.value) == (
        f"{tmp_path}/table.tsv:1: '{shown}' looks like a table's header row; write the file "
        "without it, or name the format if it is a word with its numbers (format: glove)"
    )
    frame.to_csv(tmp_path / "table.tsv", sep="\t", header=False)
    assert list(skipgram.load(tmp_path / "table.tsv").words) == ["w0", "w1", "w2", "w3"]


@pytest.mark.parametrize("name", ["word", None])
def test_a_pandas_table_divided_by_blanks_is_refused_by_its_header_row(tmp_path, name):
    pytest.importorskip("pandas")
    frame = random_vectors(1, vocab_size=4, embedding_dim=3).to_pandas().rename_axis(name)
    frame.to_csv(tmp_path / "table.txt", sep=" ")
    with pytest.raises(FormatError, match=r"table.txt:1: .* looks like a table's header row; "):
        skipgram.load(tmp_path / "table.txt")
    frame.to_csv(tmp_path / "table.txt", sep=" ", header=False)
    assert list(skipgram.load(tmp_path / "table.txt").words) == ["w0", "w1", "w2", "w3"]
    frame.to_csv(tmp_path / "table.txt")
    with pytest.raises(FormatError, match=r"table.txt:1: .* is not a word followed by numbers"):
        skipgram.load(tmp_path / "table.txt")


def test_a_word_is_read_whose_name_or_numbers_only_resemble_a_header_divided_by_blanks(tmp_path):
    for first in ("0 1 2", "words 0 1", "word 1 0", "word 0.0 1.0", "word 0 1 2 3 5"):
        word, *numbers = first.split()
        vectors = skipgram.load(write(tmp_path / "v.txt", f"{first}\nb {' '.join(numbers)}\n"))
        assert list(vectors.words) == [word, "b"]
    file = write(tmp_path / "v.txt", "word 0 1\nb 2 3\n")
    assert list(skipgram.load(file, format="glove").words) == ["word", "b"]


@pytest.mark.parametrize("first", ["", "\r", " \t"])
@pytest.mark.parametrize("format", [None, "glove"])
def test_an_empty_first_line_is_told_as_one(tmp_path, first, format):
    write(tmp_path / "v.txt", f"{first}\nsun 1 2\n")
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "v.txt", format=format)
    assert str(caught.value) == (
        f"{tmp_path}/v.txt:1: the first line is empty, where a word and its numbers should be; "
        "remove it"
    )


def test_a_header_row_of_names_is_refused(tmp_path):
    write(tmp_path / "table.tsv", "word\tx\ty\nsun\t1\t2\n")
    with pytest.raises(
        FormatError,
        match=r"table.tsv:1: .* is not a word followed by numbers; the "
        "file is empty, has a header row, or is not a text file of vectors",
    ):
        skipgram.load(tmp_path / "table.tsv")


@pytest.mark.parametrize("first", ["a 0 1 2", "a\t0\t1\t3", "a\t0.0\t1.0\t2.0", "a\t1\t2\t3"])
def test_a_row_that_only_resembles_a_header_is_a_row(tmp_path, first):
    vectors = skipgram.load(write(tmp_path / "v.tsv", f"{first}\nb\t4\t5\t6\n"))
    assert list(vectors.words) == ["a", "b"]
