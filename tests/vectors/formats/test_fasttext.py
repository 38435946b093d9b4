"""fastText's .bin: composed vectors, unknown words, and what is refused by name."""

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

import skipgram
from helpers import reference_readers
from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import change_settings
from helpers.mutations import fasttext_bytes
from skipgram.errors import FormatError, UnknownWordError
from skipgram.vectors.subwords.subwords import Subwords, fnv1a

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=80)

WORDS = [b"the", "größe".encode(), b"</s>", b"x", "王様".encode()]


def write(folder: Path, content: bytes) -> Path:
    file = folder / "model.bin"
    file.write_bytes(content)
    return file


def refusal(folder: Path, content: bytes) -> str:
    """The text of the error, behind the file's name."""
    file = write(folder, content)
    with pytest.raises(FormatError) as caught:
        skipgram.load(file, format="fasttext")
    return str(caught.value).removeprefix(str(file))


@law
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).map(str.encode),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    st.integers(0, 4),
    st.integers(0, 5),
    st.sampled_from([0, 1, 7, 50]),
    st.booleans(),
)
def test_the_vectors_are_the_means_of_a_word_and_its_ngrams(
    tmp_path_factory, words, shortest, longest, buckets, is_new
):
    content = fasttext_bytes(
        words, shortest=shortest, longest=longest, buckets=buckets, is_new=is_new
    )
    vectors = skipgram.load(write(tmp_path_factory.getbasetemp(), content), format="fasttext")
    expected, rows = reference_readers.read_fasttext(content)
    assert list(vectors.words) == expected
    assert_close(vectors.matrix, rows, FLOAT32)
    assert vectors.counts.tolist() == [99 - number for number in range(len(words))]


@pytest.mark.parametrize("is_new", [True, False])
@pytest.mark.parametrize("model", [1, 2])
def test_labels_of_an_unsupervised_model_are_no_words_and_are_counted(tmp_path, model, is_new):
    labels = [b"__label__good", b"__label__bad"]
    content = fasttext_bytes(WORDS, model=model, labels=labels, is_new=is_new)
    vectors = skipgram.load(write(tmp_path, content))
    plain = fasttext_bytes(WORDS, model=model, is_new=is_new)
    without = skipgram.load(write(tmp_path, plain))
    assert list(vectors.words) == [word.decode() for word in WORDS]
    assert_close(vectors.matrix, without.matrix, EXACT)
    assert_close(vectors["otter"], without["otter"], EXACT)
    assert vectors.about["read"]["labels_dropped"] == 2
    assert without.about["read"]["labels_dropped"] == 0


def test_the_hash_takes_bytes_above_127_for_negative():
    # FNV-1a of plain ASCII is the published one; of other bytes fastText's own differs.
    assert fnv1a(b"") == 2166136261
    assert fnv1a(b"a") == 0xE40C292C
    assert fnv1a(b"foobar") == 0xBF9CF968
    value = (2166136261 ^ (0xC3 | 0xFFFFFF00)) * 16777619 % 2**32
    assert fnv1a(b"\xc3") == value


def test_the_ngrams_of_a_word_are_runs_of_characters_between_its_marks():
    subwords = Subwords(np.zeros((9, 1), np.float32), 1, 3)
    assert [ngram.decode() for ngram in subwords.ngrams("né")] == [
        "<n", "<né", "n", "né", "né>", "é", "é>",
    ]  # fmt: skip
    assert list(Subwords(np.zeros((9, 1), np.float32), 3, 2).ngrams("word")) == []


def test_an_unknown_word_has_the_mean_of_its_ngrams(tmp_path):
    vectors = skipgram.load(write(tmp_path, fasttext_bytes(WORDS)))
    subwords = vectors.subwords
    ngrams = [b"<o", b"<ot", b"ot", b"ott", b"tt", b"tt>", b"t>"]
    assert list(subwords.ngrams("ott")) == ngrams
    expected = np.mean([subwords.rows[fnv1a(ngram) % 5] for ngram in ngrams], axis=0)
    assert_close(vectors["ott"], expected, FLOAT32)
    assert "ott" not in vectors
    assert_close(vectors[["ott", "the"]], [vectors["ott"], vectors["the"]], EXACT)
    assert len(vectors.most_similar("ott", k=9)) == 5
    assert -1 <= vectors.similarity("ott", "the") <= 1


def test_an_unknown_word_without_ngrams_is_an_error(tmp_path):
    vectors = skipgram.load(write(tmp_path, fasttext_bytes(WORDS, shortest=6, longest=7)))
    with pytest.raises(UnknownWordError) as caught:
        vectors["y"]
    assert str(caught.value) == (
        "'y' is unknown, and has no part of 6 to 7 characters to make a vector of"
    )
    without = skipgram.load(write(tmp_path, fasttext_bytes(WORDS, buckets=0)))
    with pytest.raises(UnknownWordError):
        without["otter"]


def test_unknown_words_are_taken_apart_in_the_encoding_of_the_model(tmp_path):
    words = ["žena".encode("cp852"), b"x"]
    vectors = skipgram.load(write(tmp_path, fasttext_bytes(words)), encoding="cp852")
    assert list(vectors.words) == ["žena", "x"]
    # In this encoding ž is one byte that UTF-8 would take for a character's second: fastText,
    # which knows no encoding, adds it to the character before.
    assert list(vectors.subwords.ngrams("ž")) == ["<ž>".encode("cp852")]


def test_subwords_are_saved_and_loaded_with_the_vectors(tmp_path):
    vectors = skipgram.load(write(tmp_path, fasttext_bytes(WORDS)))
    vectors.save(tmp_path / "native")
    loaded = skipgram.load(tmp_path / "native")
    assert_close(loaded["otter"], vectors["otter"], EXACT)
    assert loaded.counts.tolist() == vectors.counts.tolist()
    loaded.save(tmp_path / "native", overwrite=True)
    (tmp_path / "native" / "subwords.safetensors").unlink()
    with pytest.raises(FormatError, match=r"subwords.safetensors is missing"):
        skipgram.load(tmp_path / "native")


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"shortest": 1},
        {"shortest": "x", "longest": 2, "encoding": "utf-8"},
        {"shortest": 1, "longest": 2, "encoding": "klingon"},
        [],
    ],
)
def test_settings_that_tell_of_no_subwords_are_refused(tmp_path, told):
    skipgram.load(write(tmp_path, fasttext_bytes(WORDS))).save(tmp_path / "native")
    change_settings(tmp_path / "native", subwords=told)
    with pytest.raises(FormatError, match=r"settings.json: subwords is "):
        skipgram.load(tmp_path / "native")


def test_subwords_of_another_width_are_refused(tmp_path):
    skipgram.load(write(tmp_path, fasttext_bytes(WORDS))).save(tmp_path / "native")
    save_file({"buckets": np.zeros((5, 4), np.float32)}, tmp_path / "native/subwords.safetensors")
    with pytest.raises(FormatError, match="rows of 4 numbers, and the vectors have 3"):
        skipgram.load(tmp_path / "native")


def patched(content: bytes, at: int, layout: str, *values: int) -> bytes:
    raw = struct.pack(layout, *values)
    return content[:at] + raw + content[at + len(raw) :]


NEW = fasttext_bytes(WORDS)
MATRIX = NEW.index(b"\0" + struct.pack("<2q", 10, 3))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (fasttext_bytes(WORDS, model=3), ": a supervised fastText model (a text classifier)"),
        (patched(NEW, MATRIX, "<b", 1), ": a quantised fastText model (.ftz), which is not read"),
        (patched(NEW, 4, "<i", 13), ": fastText's format version 13; versions 11 and 12 are read"),
        (patched(NEW, 8, "<i", -3), ": these are not a fastText model's arguments"),
        (patched(NEW, 64, "<3i", 10**9, 10**9, 0), ", byte "),
        (
            fasttext_bytes(WORDS, model=3, labels=[b"__label__a"]),
            ": a supervised fastText model (a text classifier)",
        ),
        (patched(NEW, 64, "<3i", 5, 4, 0), ": 5 entries of a dictionary, 4 words and 0 labels"),
        (patched(NEW, 64, "<3i", 5, -1, 6), ": 5 entries of a dictionary, -1 words and 6 labels"),
        (
            patched(NEW, 64, "<3i", 5, 4, 1),
            f", byte {MATRIX}: entry 5 of 5 has type 0 and count 95",
        ),
        (patched(NEW, 104, "<b", 1), ", byte 105: entry 1 of 5 has type 1 and count 99"),
        (patched(NEW, 84, "<q", 3), ": a quantised fastText model (its n-grams are pruned)"),
        (
            patched(NEW, MATRIX + 1, "<2q", 10**12, 3),
            ": the input matrix has shape (1,000,000,000,000, 3); 5 words, 5 buckets and 3 numbers",
        ),
        (NEW + b"more", f", byte {len(NEW):,}: more data follows than the file's header promises"),
        (fasttext_bytes([b"a", b"a"]), ", word 2: the word 'a' appears twice"),
        (fasttext_bytes([b"a", b""]), ", word 2: the word is empty"),
        (fasttext_bytes([]), " holds no word"),
    ],
)
def test_a_model_that_is_damaged_or_of_another_kind_is_refused(tmp_path, content, text):
    told = refusal(tmp_path, content)
    assert told.startswith(text), told


@pytest.mark.parametrize("is_new", [True, False])
def test_a_model_cut_off_anywhere_is_refused(tmp_path, is_new):
    whole = fasttext_bytes(WORDS, is_new=is_new)
    for end in range(len(whole)):
        assert refusal(tmp_path, whole[:end])


def test_a_claim_of_a_huge_matrix_asks_for_no_memory(tmp_path):
    of_buckets = patched(NEW, 40, "<i", 2**31 - 6)
    huge = patched(of_buckets, MATRIX + 1, "<2q", 2**31 - 1, 3)
    assert "the file ends inside the input matrix" in refusal(tmp_path, huge)
