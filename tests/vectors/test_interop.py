"""Vectors in other libraries: the same words, numbers and counts, there and back."""

import sys

import numpy as np
import pytest

from helpers.comparison import EXACT, FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.errors import FormatError, MissingExtraError
from skipgram.vectors.word_vectors import WordVectors


def test_gensims_keyed_vectors_have_the_same_words_numbers_and_counts_and_come_back():
    pytest.importorskip("gensim")
    vectors = random_vectors(1, vocab_size=20, embedding_dim=5, shown="sum")
    keyed = vectors.to_gensim()
    assert keyed.index_to_key == list(vectors.words)
    assert_close(keyed.vectors, vectors.matrix, EXACT)
    assert keyed.get_vecattr("w3", "count") == vectors.counts[3]
    again = WordVectors.from_gensim(keyed)
    assert list(again.words) == list(vectors.words)
    assert again.counts.tolist() == vectors.counts.tolist()
    assert_close(again.matrix, vectors.matrix, EXACT)
    # The same answers, too.
    found = vectors.most_similar(["w0", "w1"], ["w2"], k=5)
    theirs = keyed.most_similar(["w0", "w1"], ["w2"], topn=5)
    assert [near.word for near in found] == [word for word, _ in theirs]
    assert_close([near.similarity for near in found], [score for _, score in theirs], FLOAT32)


def test_a_change_there_is_none_here():
    pytest.importorskip("gensim")
    vectors = random_vectors(1, vocab_size=4, embedding_dim=3)
    keyed = vectors.to_gensim()
    again = WordVectors.from_gensim(keyed)
    keyed.vectors[:] = 0
    assert vectors.matrix.any()
    assert again.matrix.any()


def test_gensims_model_gives_its_vectors():
    gensim = pytest.importorskip("gensim")
    model = gensim.models.Word2Vec([["a", "b", "c"]] * 20, vector_size=4, min_count=1, workers=1)
    vectors = WordVectors.from_gensim(model)
    assert sorted(vectors.words) == ["a", "b", "c"]
    assert vectors.counts.tolist() == [20, 20, 20]
    assert_close(vectors["b"], model.wv["b"], EXACT)


@pytest.mark.parametrize("other", [3, "text", [1, 2]])
def test_what_is_not_gensims_is_refused(other):
    with pytest.raises(FormatError, match="is not a gensim KeyedVectors"):
        WordVectors.from_gensim(other)


def test_keys_that_are_no_text_are_refused():
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(2)
    keyed.add_vectors([7], np.ones((1, 2), np.float32))
    with pytest.raises(
        FormatError, match=r"^gensim's vectors: key 1 of 1 is 7, which is not a string; "
    ):
        WordVectors.from_gensim(keyed)


def test_torchs_embedding_has_a_row_a_word():
    torch = pytest.importorskip("torch")
    vectors = random_vectors(1, vocab_size=6, embedding_dim=3)
    frozen, free = vectors.to_torch(), vectors.to_torch(freeze=False)
    assert_close(frozen(torch.tensor([4, 0])).numpy(), vectors.matrix[[4, 0]], EXACT)
    assert (frozen.weight.requires_grad, free.weight.requires_grad) == (False, True)
    with torch.no_grad():
        free.weight.zero_()
    assert vectors.matrix.any()


def test_spacys_table_has_a_row_a_word_and_serves_a_pipeline():
    spacy = pytest.importorskip("spacy")
    vectors = vectors_of({"sun": [1, 0], "größe": [0, 2]})
    nlp = spacy.blank("en")
    table = vectors.to_spacy(nlp)
    assert table.shape == (2, 2)
    assert nlp("sun")[0].vector.tolist() == [1, 0]
    assert nlp("größe")[0].vector.tolist() == [0, 2]
    assert not nlp("moon")[0].has_vector
    alone = vectors.to_spacy()
    assert alone[alone.strings["sun"]].tolist() == [1, 0]


def test_pandas_frame_has_the_words_for_its_index():
    pytest.importorskip("pandas")
    frame = vectors_of({"sun": [1, 0], "sky": [0, 2]}).to_pandas()
    assert list(frame.index) == ["sun", "sky"]
    assert frame.loc["sky"].tolist() == [0, 2]
    assert frame.index.name == "word"


def test_arrows_table_has_words_counts_and_vectors():
    pytest.importorskip("pyarrow")
    table = vectors_of({"sun": [1, 0], "sky": [0, 2]}, counts=[3, 9]).to_arrow()
    assert table.to_pydict() == {
        "word": ["sun", "sky"],
        "count": [3, 9],
        "vector": [[1, 0], [0, 2]],
    }


def test_model2vec_encodes_a_text_as_the_mean_of_its_words(tmp_path):
    model2vec = pytest.importorskip("model2vec")
    vectors = vectors_of({"sun": [1, 0], "größe": [0, 2], "sky": [3, 3]})
    vectors.export(tmp_path / "hub", format="hub")
    model = model2vec.StaticModel.from_pretrained(str(tmp_path / "hub"))
    assert_close(model.encode("sun größe unknown"), [0.5, 1], FLOAT32)
    assert_close(model.encode(["sky", "sun"]), [[3, 3], [1, 0]], FLOAT32)


def test_sentence_transformers_loads_the_hubs_folder(tmp_path):
    library = pytest.importorskip("sentence_transformers")
    vectors_of({"sun": [1, 0], "sky": [3, 3]}).export(tmp_path / "hub", format="hub")
    model = library.SentenceTransformer(str(tmp_path / "hub"), device="cpu")
    assert_close(model.encode("sun sky"), [2, 1.5], FLOAT32)


@pytest.mark.parametrize(
    ("method", "module", "to_install"),
    [
        ("to_gensim", "gensim", "gensim"),
        ("to_torch", "torch", "torch"),
        ("to_spacy", "spacy", "spacy"),
        ("to_pandas", "pandas", "pandas"),
        ("to_arrow", "pyarrow", "skipgram\\[data\\]"),
    ],
)
def test_a_library_that_is_missing_is_told_with_how_to_install_it(
    monkeypatch, method, module, to_install
):
    for name in [name for name in sys.modules if name.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError, match=f"not installed: pip install '{to_install}'"):
        getattr(vectors_of({"a": [1]}), method)()


def test_gensim_is_not_given_the_spelling_and_a_warning_says_so():
    pytest.importorskip("gensim")
    vectors = spelled_vectors()
    with pytest.warns(
        UserWarning, match=r"^gensim's KeyedVectors hold the known words only"
    ) as told:
        keyed = vectors.to_gensim()
    assert told[0].filename == __file__
    assert_close(keyed.vectors, vectors.matrix, EXACT)
    assert "helpings" not in keyed
