"""word2vec's formats: a parser of their description gets the same words and numbers back."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from helpers.handmade_vectors import random_vectors, vectors_of
from skipgram.errors import FormatError, OutputExistsError, SettingsError
from skipgram.vectors.formats.names import SUFFIXES, WRITTEN
from skipgram.vectors.word_vectors import WordVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=50)

WORD2VEC = [".txt", ".vec", ".bin"]

formats = pytest.mark.parametrize("suffix", WORD2VEC)
words = st.text(min_size=1).filter(lambda word: word.encode().split() == [word.encode()])
numbers = st.floats(width=32, allow_nan=False, allow_infinity=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for files to write over and over."""
    return tmp_path_factory.mktemp("export")


def parsed_text(content: bytes) -> dict[str, np.ndarray]:
    """A reader of the text format, by its description."""
    first, *rest = content.decode().removesuffix("\n").split("\n")
    vocab_size, embedding_dim = map(int, first.split(" "))
    rows = [line.split(" ") for line in rest]
    assert len(rows) == vocab_size
    assert {len(row) for row in rows} == {1 + embedding_dim}
    return {word: np.array(row, np.float32) for word, *row in rows}


def parsed_binary(content: bytes) -> dict[str, np.ndarray]:
    """A reader of the binary format, by its description."""
    first, _, rest = content.partition(b"\n")
    vocab_size, embedding_dim = map(int, first.split(b" "))
    rows, row_bytes = {}, 4 * embedding_dim
    for _ in range(vocab_size):
        word, _, rest = rest.partition(b" ")
        rows[word.decode()] = np.frombuffer(rest[:row_bytes], "<f4")
        assert rest[row_bytes : row_bytes + 1] == b"\n"
        rest = rest[row_bytes + 1 :]
    assert rest == b""
    return rows


def parsed(file: Path) -> dict[str, np.ndarray]:
    return (parsed_binary if file.suffix == ".bin" else parsed_text)(file.read_bytes())


def assert_same_bits(rows: dict[str, np.ndarray], vectors: WordVectors) -> None:
    assert list(rows) == list(vectors.words)
    found = np.array(list(rows.values()), np.float32)
    assert found.tobytes() == np.ascontiguousarray(vectors.matrix).tobytes()


@formats
@law
@given(data=st.data())
def test_words_and_numbers_come_back_to_the_last_bit(folder, suffix, data):
    names = data.draw(st.lists(words, unique=True, min_size=1, max_size=5))
    shape = (len(names), data.draw(st.integers(1, 4)))
    matrix = data.draw(arrays(np.float32, shape, elements=numbers))
    vectors = vectors_of(dict(zip(names, matrix, strict=True)))
    vectors.export(folder / f"vectors{suffix}", overwrite=True)
    assert_same_bits(parsed(folder / f"vectors{suffix}"), vectors)


@formats
@law
@given(counts=st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_rows_stand_by_falling_count_whatever_the_ids_and_equal_counts_by_id(
    folder, suffix, counts
):
    vectors = vectors_of({f"w{n}": [n, -n] for n in range(len(counts))}, counts=counts)
    file = folder / f"vectors{suffix}"
    vectors.export(file, overwrite=True)
    rows = parsed(file)
    assert list(rows) == [
        f"w{number}" for number in sorted(range(len(counts)), key=lambda n: (-counts[n], n))
    ]
    for word, row in rows.items():
        assert row.tolist() == vectors[word].tolist()


def test_the_text_format_by_hand(tmp_path):
    vectors_of({"the": [0.1, -2], "straße": [1e-10, 3.4e38]}).export(tmp_path / "vectors.txt")
    assert (tmp_path / "vectors.txt").read_text(encoding="utf-8") == (
        "2 2\nthe 0.1 -2.0\nstraße 1e-10 3.4e+38\n"
    )


def test_the_binary_format_by_hand(tmp_path):
    vectors_of({"the": [1, -2], "é": [0.5, 0]}).export(tmp_path / "vectors.bin")
    assert (tmp_path / "vectors.bin").read_bytes() == (
        b"2 2\nthe \x00\x00\x80\x3f\x00\x00\x00\xc0\n\xc3\xa9 \x00\x00\x00\x3f\x00\x00\x00\x00\n"
    )


def test_numbers_do_not_hang_on_how_numpy_prints(tmp_path):
    vectors = random_vectors(1, vocab_size=4, embedding_dim=5)
    with np.printoptions(precision=2, suppress=True, threshold=2):
        vectors.export(tmp_path / "vectors.txt")
    assert_same_bits(parsed(tmp_path / "vectors.txt"), vectors)


@formats
@pytest.mark.parametrize("shown", ["center", "outside", "sum"])
def test_the_vectors_that_are_shown_are_written(tmp_path, suffix, shown):
    vectors = random_vectors(1, vocab_size=4, embedding_dim=3, shown=shown)
    vectors.export(str(tmp_path / f"vectors{suffix}"))
    assert_same_bits(parsed(tmp_path / f"vectors{suffix}"), vectors)


def test_the_case_of_a_suffix_does_not_matter(tmp_path):
    random_vectors(1, vocab_size=4, embedding_dim=3).export(tmp_path / "vectors.TXT")
    assert (tmp_path / "vectors.TXT").read_bytes().startswith(b"4 3\nw0 ")


@pytest.mark.parametrize("name", ["vectors.kv", "vectors.v2", "vectors.kv.gz"])
def test_a_suffix_without_a_format_is_refused_with_those_that_have_one(tmp_path, name):
    with pytest.raises(SettingsError) as caught:
        random_vectors(1, vocab_size=4, embedding_dim=3).export(tmp_path / name)
    assert str(caught.value) == (
        f"no format has the suffix {Path(name.removesuffix('.gz')).suffix!r} of "
        f"{tmp_path / name}; the known suffixes are: {', '.join(SUFFIXES)}, and a name without "
        f"one is the native folder; or name a format: {', '.join(WRITTEN)}"
    )
    assert list(tmp_path.iterdir()) == []


@formats
def test_a_file_is_not_overwritten_without_leave(tmp_path, suffix):
    file, vectors = tmp_path / f"vectors{suffix}", random_vectors(1, vocab_size=4, embedding_dim=3)
    file.write_text("mine")
    with pytest.raises(OutputExistsError, match=f"^{file} already exists"):
        vectors.export(file)
    assert file.read_text() == "mine"
    vectors.export(file, overwrite=True)
    assert_same_bits(parsed(file), vectors)


@formats
@pytest.mark.parametrize("word", ["new york", "", "tab\t", "\n", "line\rend", " word"])
def test_a_word_that_could_not_be_read_back_is_refused(tmp_path, suffix, word):
    file = tmp_path / f"vectors{suffix}"
    with pytest.raises(FormatError) as caught:
        vectors_of({"fine": [1], word: [2]}).export(file)
    assert str(caught.value) == (
        f"{file}: word2vec's formats cannot hold {word!r}, because it is empty or contains "
        "whitespace; the native folder can"
    )
    assert list(tmp_path.iterdir()) == []


@formats
def test_gensim_reads_the_same_words_and_numbers(tmp_path, suffix):
    keyed_vectors = pytest.importorskip("gensim.models").KeyedVectors
    vectors = vectors_of({"the": [0.1, -2, 3e-9], "straße": [1, 2, 3], "a\u00a0b": [7, 8, 9]})
    file = tmp_path / f"vectors{suffix}"
    vectors.export(file)
    read = keyed_vectors.load_word2vec_format(file, binary=suffix == ".bin")
    assert_same_bits({word: read[word] for word in read.index_to_key}, vectors)
