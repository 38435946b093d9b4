"""Vocabularies as files: words and counts come back exactly, or are refused by name."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file

from skipgram.corpus.vocabulary.file import FORMAT
from skipgram.corpus.vocabulary.packed_words import packed_words, unpacked_words
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, OutputExistsError, SkipgramError

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=100)

LARGEST = 2**63 - 1
odd_words = st.text() | st.sampled_from(
    ["", " ", "\t", "\n", "\r\n", "\r", "\0", "new york", "\u00a0", "\u2028", "</s>", "\ufeff", "5"]
)
some_counts = st.integers(0, 9) | st.integers(0, LARGEST)


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    counts = draw(st.dictionaries(odd_words, some_counts, max_size=8))
    return vocabulary_of(counts)


def vocabulary_of(counts: dict[str, int]) -> Vocabulary:
    """Words by falling count, in the order given among equals."""
    words = sorted(counts, key=lambda word: -counts[word])
    return Vocabulary(words, np.array([counts[word] for word in words], np.int64))


def entries(vocabulary: Vocabulary) -> list[tuple[str, int]]:
    return list(zip(vocabulary, vocabulary.counts.tolist(), strict=True))


def text_file(folder: Path, content: str | bytes, name: str = "words.tsv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to write into over and over."""
    return tmp_path_factory.mktemp("vocabularies")


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "words.safetensors"
    vocabulary_of({"the": 7, "of": 5, "and": 5}).save(path)
    return path


def header_of(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header: dict[str, Any] = json.loads(content[8 : 8 + length])
    return header


# There and back


@law
@given(vocabularies())
@example(vocabulary_of({"": 1}))
def test_any_words_and_counts_come_back_exactly_from_safetensors(place, vocabulary):
    vocabulary.save(place / "any", overwrite=True)
    loaded = Vocabulary.load(place / "any")
    assert entries(loaded) == entries(vocabulary)
    assert loaded.counts.dtype == np.int64


def test_safetensors_keep_ids_that_do_not_fall_by_count(tmp_path):
    vocabulary = Vocabulary(["few", "many"], np.array([1, 9]))
    vocabulary.save(tmp_path / "words")
    assert entries(Vocabulary.load(tmp_path / "words")) == [("few", 1), ("many", 9)]


@law
@given(vocabularies(), st.sampled_from([".tsv", ".txt", ".TSV"]))
@example(vocabulary_of({"\ufeffa": 1}), ".tsv")
@example(vocabulary_of({"b": 2, "\ufeffa": 1}), ".txt")
@example(vocabulary_of({"a\r": 1}), ".tsv")
@example(vocabulary_of({}), ".txt")
def test_a_text_gives_the_same_words_and_counts_back_or_refuses_them(place, vocabulary, suffix):
    path = place / f"text{suffix}"
    path.unlink(missing_ok=True)
    try:
        vocabulary.save(path)
    except FormatError:
        assert not path.exists()
        return
    assert entries(Vocabulary.load(path)) == entries(vocabulary)


@law
@given(st.lists(odd_words, unique=True))
def test_packed_words_are_unpacked_as_they_were(words):
    text, ends = packed_words(words)
    assert (text.dtype, ends.dtype, ends.shape) == (np.uint8, np.int64, (len(words),))
    assert unpacked_words(text, ends, "here") == words


def test_the_texts_are_a_line_a_word_as_other_tools_have_them(tmp_path):
    vocabulary = vocabulary_of({"größe": 12, "a": 3})
    vocabulary.save(tmp_path / "words.tsv")
    vocabulary.save(str(tmp_path / "words.txt"))
    assert (tmp_path / "words.tsv").read_bytes() == "größe\t12\na\t3\n".encode()
    assert (tmp_path / "words.txt").read_bytes() == "größe 12\na 3\n".encode()


def test_the_safetensors_file_says_what_it_is(saved):
    tensors = load_file(saved)
    assert {name: array.dtype.name for name, array in tensors.items()} == {
        "words": "uint8",
        "word_ends": "int64",
        "counts": "int64",
    }
    assert tensors["words"].tobytes() == b"theofand"
    assert tensors["word_ends"].tolist() == [3, 5, 8]
    assert header_of(saved)["__metadata__"] == {"format": FORMAT, "format_version": "1"}


def test_counts_of_another_type_and_stride_are_saved_as_they_are(tmp_path):
    counts: Any = np.array([9, 0, 5, 0], np.int32)[::2]
    Vocabulary(["a", "b"], counts).save(tmp_path / "words")
    assert entries(Vocabulary.load(tmp_path / "words")) == [("a", 9), ("b", 5)]


@pytest.mark.parametrize("name", ["words.tsv", "words.txt"])
def test_words_of_a_text_are_put_in_order_by_falling_count_and_stay_among_equals(tmp_path, name):
    separator = "\t" if name.endswith("tsv") else " "
    lines = [f"{word}{separator}{count}\n" for word, count in [("c", 2), ("b", 5), ("a", 2)]]
    vocabulary = Vocabulary.load(text_file(tmp_path, "".join(lines), name))
    assert entries(vocabulary) == [("b", 5), ("c", 2), ("a", 2)]


@pytest.mark.parametrize(
    "content",
    ["a\t2\nb\t1\n", "a\t2\nb\t1", "a\t2\r\nb\t1\r\n", "\ufeffa\t2\nb\t1\n", "a\t002\nb\t1\n"],
    ids=["plain", "no last line end", "Windows", "byte order mark", "zeros"],
)
def test_texts_of_other_tools_and_editors_are_read(tmp_path, content):
    assert entries(Vocabulary.load(text_file(tmp_path, content))) == [("a", 2), ("b", 1)]


# Writing


def test_a_file_is_only_overwritten_with_leave(saved):
    before = saved.read_bytes()
    with pytest.raises(OutputExistsError, match=f"^{saved} already exists; choose another name"):
        vocabulary_of({"a": 1}).save(saved)
    assert saved.read_bytes() == before
    vocabulary_of({"a": 1}).save(saved, overwrite=True)
    assert entries(Vocabulary.load(saved)) == [("a", 1)]
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        *(("words.tsv", word) for word in ["", "a\tb", "a\nb", "a\r", "\ufeffa"]),
        *(("words.txt", word) for word in ["", "new york", "a\tb", "a\nb", "a\r", "a\x0bb", "\f"]),
    ],
)
def test_a_word_that_a_text_cannot_hold_is_an_error_that_names_it_and_a_way(tmp_path, name, word):
    path, shown = tmp_path / name, "word<TAB>count" if name.endswith("tsv") else "word count"
    with pytest.raises(FormatError) as caught:
        vocabulary_of({word: 2, "b": 1}).save(path)
    assert str(caught.value) == (
        f"{path}: a line {shown!r} cannot hold the word {word!r}; a .tsv file can hold spaces, "
        "and a file with any other suffix (.safetensors) every word"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_vocabulary_without_words_is_no_text(tmp_path):
    with pytest.raises(
        FormatError, match=r"words\.txt: an empty text file would not be read back as an empty voc"
    ):
        vocabulary_of({}).save(tmp_path / "words.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["words", "words.tsv"])
def test_half_of_a_surrogate_pair_is_an_error_that_names_the_word(tmp_path, name):
    with pytest.raises(FormatError) as caught:
        vocabulary_of({"a\ud800": 1}).save(tmp_path / name)
    assert str(caught.value) == (
        r"the word 'a\ud800' cannot be written: UTF-8 cannot encode a lone surrogate"
    )
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_an_error_that_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SkipgramError, match="is not a folder"):
        vocabulary_of({"a": 1}).save(tmp_path / "file" / "words")
    with pytest.raises(SkipgramError, match="is a folder; give the name of a file"):
        vocabulary_of({"a": 1}).save(tmp_path, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
