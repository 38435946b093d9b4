"""Every format there and back, and what each refuses to hold."""

import gzip
import mmap
from pathlib import Path

import numpy as np
import pytest

import skipgram
from helpers.comparison import EXACT, assert_close
from helpers.folder_contents import forget_pairs
from helpers.handmade_vectors import random_vectors, vectors_of
from helpers.mutations import sample_vectors
from skipgram.errors import FormatError, OutputExistsError, SettingsError, SkipgramError
from skipgram.vectors.formats.names import SUFFIXES, WRITTEN
from skipgram.vectors.word_vectors import WordVectors

NAMES = [f"vectors{suffix}" for suffix in SUFFIXES]
PACKED = [
    f"vectors{suffix}{packing}"
    for suffix in (".txt", ".vec", ".bin", ".glove")
    for packing in (".gz", ".bz2", ".xz", ".zst")
]
MARKLESS = ("vectors.glove", "vectors.npy")
WITH_COUNTS = (".parquet", ".arrow", ".feather", ".tsv")


def assert_equal(found: WordVectors, expected: WordVectors) -> None:
    assert list(found.words) == list(expected.words)
    assert found.matrix.tobytes() == expected.matrix.tobytes()


@pytest.mark.parametrize("name", [*NAMES, *PACKED])
def test_a_file_gives_the_same_words_and_numbers_back(tmp_path, name):
    vectors, told = sample_vectors(), []
    vectors.export(tmp_path / name, observe=lambda done, of: told.append((done, of)))
    assert told == [(10, 10)]
    loaded = skipgram.load(tmp_path / name)
    assert_equal(loaded, vectors)
    counts = vectors.counts if name.endswith(WITH_COUNTS) else np.zeros(len(vectors))
    assert loaded.counts.tolist() == counts.tolist()


@pytest.mark.parametrize("format", WRITTEN)
def test_a_format_that_is_named_gives_the_same_words_and_numbers_back(tmp_path, format):
    vectors = sample_vectors()
    target = tmp_path / ("vectors.npy" if format == "numpy" else "vectors.tsv")
    vectors.export(target, format=format)
    assert_equal(skipgram.load(target), vectors)
    with pytest.raises(OutputExistsError):
        vectors.export(target, format=format)
    vectors.export(target, format=format, overwrite=True)
    assert_equal(skipgram.load(target), vectors)


def test_a_packed_file_holds_the_same_bytes_each_time(tmp_path):
    for name in ("one.txt.gz", "other.txt.gz"):
        sample_vectors().export(tmp_path / name)
    assert (tmp_path / "one.txt.gz").read_bytes() == (tmp_path / "other.txt.gz").read_bytes()
    assert gzip.decompress((tmp_path / "one.txt.gz").read_bytes()).startswith(b"10 4\nthe ")


@pytest.mark.parametrize("shown", ["outside", "sum"])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_shown_is_written(tmp_path, shown, name):
    vectors = random_vectors(3, vocab_size=9, embedding_dim=4, shown=shown)
    vectors.export(tmp_path / name)
    assert_close(skipgram.load(tmp_path / name).matrix, vectors.matrix, EXACT)


@pytest.mark.parametrize("name", NAMES)
def test_compact_vectors_are_written_as_the_numbers_that_they_stand_for(tmp_path, name):
    compact = random_vectors(3, vocab_size=9, embedding_dim=4).compact("int8")
    compact.export(tmp_path / name)
    assert_close(skipgram.load(tmp_path / name).matrix, compact.matrix, EXACT)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *[(name, word) for name in NAMES[:4] for word in ("a b", "", "a\tb", "a\n")],
        *[("vectors.npy", word) for word in ("", "a\nb", "a\r")],
        *[("vectors.tsv", word) for word in ("", "a\tb", "a\n", "\r")],
    ],
)
def test_a_word_that_a_format_cannot_hold_is_refused_and_nothing_is_left(tmp_path, name, word):
    with pytest.raises(FormatError, match="cannot hold"):
        vectors_of({"a": [1], word: [2]}).export(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


MARKED = vectors_of({"\ufeffq": [1, 2], "b": [3, 4]})
"""Vectors whose first word begins with the byte-order mark that some tools put before a text."""


@pytest.mark.parametrize("name", ["vectors.glove", "vectors.glove.gz", "vectors.npy"])
def test_a_first_word_that_begins_with_a_byte_order_mark_is_refused(tmp_path, name):
    with pytest.raises(FormatError) as caught:
        MARKED.export(tmp_path / name)
    assert str(caught.value) == (
        f"{tmp_path / name}: the first word, '\\ufeffq', begins with U+FEFF, which readers "
        "skip as a byte-order mark; the native folder and word2vec-text can hold it"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in MARKLESS])
def test_the_other_formats_hold_such_a_word(tmp_path, name):
    MARKED.export(tmp_path / name)
    assert_equal(skipgram.load(tmp_path / name), MARKED)


@pytest.mark.parametrize("name", NAMES)
def test_such_a_word_is_held_everywhere_but_at_the_front(tmp_path, name):
    vectors = vectors_of({"b": [3, 4], "\ufeffq": [1, 2]})
    vectors.export(tmp_path / name)
    assert_equal(skipgram.load(tmp_path / name), vectors)


@pytest.mark.parametrize("name", ["vectors.npy", "vectors.parquet", "vectors.arrow", "vectors.tsv"])
def test_a_word_with_a_blank_is_held_by_the_others(tmp_path, name):
    vectors = vectors_of({"new york": [1, 2], "a": [3, 4]})
    vectors.export(tmp_path / name)
    assert_equal(skipgram.load(tmp_path / name), vectors)


def test_a_mark_of_utf8_before_the_words_is_none_of_them(tmp_path):
    for name, beside in (("vectors.npy", "vectors.words"), ("vectors.tsv", "vectors.metadata.tsv")):
        sample_vectors().export(tmp_path / name)
        forget_pairs(tmp_path)
        raw = (tmp_path / beside).read_bytes()
        (tmp_path / beside).write_bytes("\ufeff".encode() + raw)
        assert_equal(skipgram.load(tmp_path / name), sample_vectors())


def test_formats_of_two_files_look_for_both_before_they_write(tmp_path):
    (tmp_path / "vectors.words").write_text("mine")
    with pytest.raises(OutputExistsError, match=r"vectors.words already exists"):
        sample_vectors().export(tmp_path / "vectors.npy")
    assert [file.name for file in tmp_path.iterdir()] == ["vectors.words"]


def test_formats_that_are_not_packed_as_a_whole_say_so(tmp_path):
    for name in ("vectors.npy.gz", "vectors.parquet.xz", "vectors.tsv.zst"):
        with pytest.raises(SettingsError, match="is not compressed as a whole; omit"):
            sample_vectors().export(tmp_path / name)


@pytest.mark.parametrize(
    ("damage", "text"),
    [
        (lambda folder: (folder / "vectors.words").unlink(), "vectors.words does not exist"),
        (
            lambda folder: (folder / "vectors.words").write_text("a\nb\n"),
            "vectors.words: 2 words for the 10 rows of",
        ),
        (
            lambda folder: np.save(folder / "vectors.npy", np.zeros(3)),
            "float64 of shape (3,); one row",
        ),
        (
            lambda folder: np.save(folder / "vectors.npy", np.array([["a"]])),
            "<U1 of shape (1, 1); one row of numbers",
        ),
        (
            lambda folder: np.save(folder / "vectors.npy", np.array([[{}]]), allow_pickle=True),
            "object of shape (1, 1); one row of numbers",
        ),
        (lambda folder: np.save(folder / "vectors.npy", np.full((10, 4), np.nan)), "is nan, which"),
    ],
)
def test_an_npy_file_that_does_not_fit_its_words_is_refused(tmp_path, damage, text):
    sample_vectors().export(tmp_path / "vectors.npy")
    forget_pairs(tmp_path)
    damage(tmp_path)
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "vectors.npy")
    assert text in str(caught.value)


@pytest.mark.parametrize("row", ["x\t1\t2", "1\tx\t2", "1", "1\t2\t3", "", "1\tx", "1\x0b2"])
def test_a_row_of_the_projectors_that_is_not_all_numbers_is_refused(tmp_path, row):
    (tmp_path / "v.tsv").write_text(f"1\t2\n{row}\n")
    (tmp_path / "v.metadata.tsv").write_text("a\nb\n")
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "v.tsv")
    assert str(caught.value) == f"{tmp_path}/v.tsv:2: {row!r} is not 2 numbers separated by tabs"


def test_tables_of_others_are_read_by_the_types_of_their_columns(tmp_path):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "number": [1, 2],
            "token": ["a", "b"],
            "embedding": [[1.0, 2.0], [3.0, 4.0]],
        }
    )
    pq.write_table(table, tmp_path / "vectors.parquet")
    vectors = skipgram.load(tmp_path / "vectors.parquet")
    assert list(vectors.words) == ["a", "b"]
    assert vectors.matrix.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"word": ["a"]}, "no column of lists of numbers among: word (string)"),
        ({"vector": [[1.0]]}, "no column of text among: vector (list<"),
        ({"word": ["a", "b"], "vector": [[1.0], [1.0, 2.0]]}, "vectors of 1 and of 2 numbers"),
        ({"word": ["a", None], "vector": [[1.0], [2.0]]}, "a word or a number is missing"),
        ({"word": ["a", "b"], "vector": [[1.0], [None]]}, "a word or a number is missing"),
        (
            {"word": ["a", "a"], "vector": [[1.0], [2.0]]},
            ", row 2: the word 'a' appears twice",
        ),
        ({"word": ["a", "b"], "vector": [[1.0], [float("inf")]]}, ", row 2: number 1 of 1 is inf"),
    ],
)
def test_a_table_that_holds_no_vectors_is_refused(tmp_path, columns, text):
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    pq.write_table(pa.table(columns), tmp_path / "vectors.parquet")
    with pytest.raises(FormatError) as caught:
        skipgram.load(tmp_path / "vectors.parquet")
    assert text in str(caught.value)


def test_a_path_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(FormatError, match="does not exist; give"):
        skipgram.load(tmp_path / "nothing.txt")
    random_vectors(1, 3, 2).save(tmp_path / "vectors")
    with pytest.raises(FormatError, match="is one file of a folder; give the folder"):
        skipgram.load(tmp_path / "vectors" / "vectors.safetensors")


def test_nothing_temporary_is_left_beside_a_result(tmp_path: Path):
    for name in NAMES:
        sample_vectors().export(tmp_path / name, overwrite=True)
    forget_pairs(tmp_path)
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {*NAMES, "vectors.words", "vectors.metadata.tsv"}


@pytest.mark.parametrize("name", ["vectors.npy", "vectors.parquet", "vectors.arrow"])
def test_what_is_read_where_it_lies_may_not_be_packed(tmp_path, name):
    sample_vectors().export(tmp_path / name)
    raw = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(gzip.compress(raw))
    with pytest.raises(
        FormatError, match=r"is compressed, and .* cannot be read compressed; decompress it"
    ):
        skipgram.load(tmp_path / name)


def test_counts_below_0_are_refused_in_every_format_that_has_counts(tmp_path):
    vectors = vectors_of({"a": [1], "b": [2]}, counts=[3, 2])
    object.__setattr__(vectors.vocabulary, "counts", np.array([3, -2]))  # past every guard
    for name, format in (("v.parquet", None), ("v.arrow", None), ("n", "native"), ("h", "hub")):
        vectors.export(tmp_path / name, format=format)
        with pytest.raises(FormatError, match=rf"{name}.*: 'b' has count -2, below 0"):
            skipgram.load(tmp_path / name)


@pytest.mark.parametrize("name", ["vectors.npy", "vectors.tsv"])
def test_a_format_of_two_files_that_fails_leaves_both_old_ones(tmp_path, name):
    sample_vectors().export(tmp_path / name)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}

    def full(done: int, of: int) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(SkipgramError, match="cannot be written: No space left"):
        vectors_of({"a": [1]}).export(tmp_path / name, overwrite=True, observe=full)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_duplicates_are_dropped_without_taking_the_rows_into_memory(tmp_path):
    file = tmp_path / "vectors.txt"
    file.write_text("a 1 2\nb 3 4\na 5 6\nc 7 8\n")
    vectors = skipgram.load(file, duplicates="first", scratch=tmp_path)
    assert vectors.matrix.tolist() == [[1, 2], [3, 4], [7, 8]]
    base = vectors.matrix
    while getattr(base, "base", None) is not None and not isinstance(base, mmap.mmap):
        base = base.base
    assert isinstance(base, mmap.mmap)
    with pytest.raises(SkipgramError, match="rows cannot be kept in a file in"):
        skipgram.load(file, scratch=tmp_path / "nowhere")
