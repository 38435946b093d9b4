"""Every door into word vectors has the same guard: what comes in can be asked, and written."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

import skipgram
from helpers.handmade_vectors import vectors_of
from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError
from skipgram.vectors.formats.names import SUFFIXES
from skipgram.vectors.word_vectors import WordVectors

BAD_NUMBERS = [np.nan, np.inf, -np.inf]
FORMATS = [*{format: f"v{suffix}" for suffix, format in SUFFIXES.items()}.items()]


def keyed(words: list[Any], rows: Any, counts: list[Any] | None = None) -> SimpleNamespace:
    """What is asked of gensim's KeyedVectors."""
    expandos = {} if counts is None else {"count": counts}
    return SimpleNamespace(
        index_to_key=words,
        vectors=rows,
        expandos=expandos,
        get_vecattr=lambda word, name: expandos[name][words.index(word)],
    )


ROWS = np.array([[1, 2], [3, 4]], np.float32)


# Gensim's


@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_gensims_vectors_with_a_number_that_is_not_finite_are_refused_with_the_word(number):
    rows = np.array([[1, 2], [3, number]], np.float32)
    with pytest.raises(FormatError) as caught:
        WordVectors.from_gensim(keyed(["a", "b"], rows))
    assert str(caught.value) == (
        f"gensim's vectors: number 2 of 2 of the word 'b' is {number}; fix the vectors, or "
        "remove the word"
    )


def test_gensims_numbers_that_float32_does_not_hold_are_refused():
    with pytest.raises(FormatError, match=r"number 1 of 2 of the word 'a' is inf"):
        WordVectors.from_gensim(keyed(["a", "b"], np.array([[1e39, 2], [3, 4]])))


@pytest.mark.parametrize(
    ("words", "rows", "counts", "text"),
    [
        (
            ["a", None],
            ROWS,
            None,
            "key 2 of 2 is None, which is not a string; convert the keys to strings",
        ),
        (
            [0, "b"],
            ROWS,
            None,
            "key 1 of 2 is 0, which is not a string; convert the keys to strings first",
        ),
        (["a", ""], ROWS, None, "gensim's vectors, key 2: the word is empty"),
        (["a", "a"], ROWS, None, "gensim's vectors: the word 'a' appears twice"),
        (["a"], ROWS, None, "gensim's vectors: 1 words for rows of shape (2, 2)"),
        (["a", "b", "c"], ROWS, None, "gensim's vectors: 3 words for rows of shape (2, 2)"),
        (["a", "b"], ROWS[0], None, "gensim's vectors: 2 words for rows of shape (2,)"),
        (["a", "b"], None, None, "gensim's vectors: 2 words for rows of shape ()"),
        (["a", "b"], [["x", 1], [2, 3]], None, "gensim's vectors: the rows are not numbers: "),
        (["a", "b"], ROWS, [1, -2], "gensim's vectors: 'b' has count -2, below 0"),
        (
            ["a", "b"],
            ROWS,
            [1, None],
            "gensim's vectors: the count of 'b' is None, not a whole number",
        ),
        (
            ["a", "b"],
            ROWS,
            [1, 2**70],
            "gensim's vectors: the count of 'b' is 1180591620717411303424",
        ),
    ],
)
def test_gensims_vectors_that_are_not_sound_are_refused(words, rows, counts, text):
    with pytest.raises(FormatError) as caught:
        WordVectors.from_gensim(keyed(words, rows, counts))
    assert text in str(caught.value)


def test_half_filled_keyed_vectors_are_refused():
    module = pytest.importorskip("gensim.models")
    half = module.KeyedVectors(2, count=3)
    half.add_vector("a", np.ones(2, np.float32))
    with pytest.raises(
        FormatError, match=r"^gensim's vectors: key 2 of 3 is None, which is not a string"
    ):
        WordVectors.from_gensim(half)


# Vectors made in Python


@pytest.mark.parametrize("packed", [list, PackedWords.of])
def test_a_word_twice_is_refused_when_vectors_are_made(packed):
    words = Vocabulary(packed(["a", "b", "a"]), np.zeros(3, np.int64))
    with pytest.raises(FormatError, match=r"^vocabulary: the word 'a' appears twice$"):
        WordVectors(words, np.zeros((3, 2), np.float32))


def test_a_count_below_0_is_refused_when_vectors_are_made():
    words = Vocabulary(["a", "b"], np.array([3, -2]))
    with pytest.raises(FormatError, match=r"^vocabulary: 'b' has count -2, below 0$"):
        WordVectors(words, ROWS)


# Native and hub folders, whose numbers are mapped, not read


def damaged_folder(folder: Path, format: str, number: float) -> Path:
    """A folder whose second word has a number that is not finite."""
    vectors_of({"a": [1, 2], "b": [3, 4], "c": [5, 6]}).export(folder / format, format=format)
    name = {"native": ("vectors", "center"), "hub": ("model", "embeddings")}[format]
    file = folder / format / f"{name[0]}.safetensors"
    tensors = load_file(file)
    tensors[name[1]] = tensors[name[1]].copy()
    tensors[name[1]][1, 0] = number
    save_file(tensors, file)
    return folder / format


@pytest.mark.parametrize("format", ["native", "hub"])
@pytest.mark.parametrize("number", BAD_NUMBERS)
@pytest.mark.parametrize(("to", "name"), [*FORMATS, ("native", "native-too"), ("hub", "hub-too")])
def test_numbers_that_no_reader_takes_are_not_written(tmp_path, format, number, to, name):
    vectors = skipgram.load(damaged_folder(tmp_path, format, number))
    before = set(tmp_path.iterdir())
    with pytest.raises(FormatError) as caught:
        vectors.export(tmp_path / name, format=to)
    assert str(caught.value) == (
        f"{tmp_path / name} is not written: number 1 of 2 of the word 'b' is {number}; fix the "
        "vectors, or remove the word"
    )
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("format", ["native", "hub"])
@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_vectors_with_a_number_that_is_not_finite_have_no_neighbours(tmp_path, format, number):
    vectors = skipgram.load(damaged_folder(tmp_path, format, number))
    with pytest.raises(FormatError, match=r"^row 2 of 3 holds a number that is nan or infinite"):
        vectors.most_similar("a")


def test_an_outside_matrix_that_is_not_finite_is_not_written_to_the_native_folder(tmp_path):
    vectors = vectors_of({"a": [1], "b": [2]}, outside=[[1], [np.nan]])
    with pytest.raises(FormatError, match=re.escape("number 1 of 1 of the word 'b' is nan")):
        vectors.export(tmp_path / "v", format="native")
    vectors.export(tmp_path / "v.txt")  # only what is shown is written


def test_a_hub_folder_with_an_empty_word_is_refused(tmp_path):
    vectors_of({"a": [1], "b": [2]}).export(tmp_path / "hub", format="hub")
    file = tmp_path / "hub" / "tokenizer.json"
    file.write_text(file.read_text().replace('"b"', '""'))
    with pytest.raises(FormatError, match=rf"^{file}, word 2: the word is empty$"):
        skipgram.load(tmp_path / "hub")


ASKED = {
    "similarity": lambda vectors: vectors.similarity("b", "a"),
    "similarities": lambda vectors: vectors.similarities("b", ["a", "c"]),
    "centroid": lambda vectors: vectors.centroid(["a", "b"]),
    "doesnt_match": lambda vectors: vectors.doesnt_match(["a", "b", "c"]),
    "most_similar": lambda vectors: vectors.most_similar("c"),
    "evaluate": skipgram.evaluate,
    "with_index": lambda vectors: vectors.with_index(),
}


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_numbers_that_are_not_finite_in_a_mapped_folder_are_an_error_to_whoever_asks(tmp_path, ask):
    vectors_of({"a": [1, float("nan")], "b": [2, 1], "c": [0, 1]}).save(tmp_path / "mapped")
    with pytest.raises(FormatError, match=r"holds a number that is nan or infinite"):
        ask(skipgram.load(tmp_path / "mapped"))


@pytest.mark.parametrize(
    ("words", "rows", "counts", "said"),
    [
        ([], np.zeros((0, 2)), None, "there are no words in them"),
        (None, np.zeros((0, 2)), None, "there are no words in them"),
        (["a", "b"], np.zeros((2, 0)), None, r"2 words for rows of shape \(2, 0\)"),
        (["a", "b"], np.ones((2, 2), complex), None, "rows of complex numbers"),
        (["a", "b"], np.ones((2, 2)), np.array([5]), "2 words and 1 counts"),
        (["a", "b"], np.ones((2, 2)), [5.5, 2], "the count of 'a' is 5.5, not a whole number"),
    ],
)
def test_what_a_key_lacks_in_gensims_vectors_is_said(words, rows, counts, said):
    keyed = SimpleNamespace(index_to_key=words, vectors=rows, expandos={"count": counts})
    with pytest.raises(FormatError, match=rf"^gensim's vectors: {said}"):
        skipgram.WordVectors.from_gensim(keyed)
