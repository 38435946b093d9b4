"""Documents to vectors, against means worked out a token at a time."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.comparison import FLOAT32, assert_close
from helpers.handmade_vectors import random_vectors, spelled_vectors, vectors_of
from skipgram.corpus.phrases.phraser import PhrasePass, Phraser
from skipgram.errors import SettingsError, UnknownWordError
from skipgram.vectors.word_vectors import WordVectors

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from skipgram.transformers import DocumentVectors

# A deadline would fail on a busy machine, not on a wrong result.
law = settings(deadline=None, max_examples=40)

WORDS = [f"w{number}" for number in range(8)]
tokens = st.lists(st.sampled_from([*WORDS, "nobody"]), max_size=9)
documents = st.lists(tokens, min_size=1, max_size=6)


def vectors() -> WordVectors:
    return random_vectors(1, vocab_size=8, embedding_dim=4)


def mean_of(document: list[str], smoothing: float | None = None) -> np.ndarray:
    """The mean of a document's vectors, token by token."""
    of = vectors()
    total, known = np.zeros(4), 0
    for token in document:
        if token in of:
            share = of.counts[of.vocabulary.id(token)] / of.counts.sum()
            weight = 1 if smoothing is None else smoothing / (smoothing + share)
            total += weight * of[token].astype(np.float64)
            known += 1
    return total / max(1, known)


@law
@given(documents)
def test_a_row_is_the_mean_of_the_known_tokens(given_documents):
    transformer = DocumentVectors(vectors()).fit(given_documents)
    rows = transformer.transform(given_documents)
    assert rows.dtype == np.float32
    assert_close(rows, [mean_of(document) for document in given_documents], FLOAT32)
    unknown = sum(document.count("nobody") for document in given_documents)
    assert transformer.unknown_tokens_ == unknown
    empty = sum(set(document) <= {"nobody"} for document in given_documents)
    assert transformer.documents_without_words_ == empty


@law
@given(
    documents.filter(lambda texts: any(set(text) - {"nobody"} for text in texts)),
    st.sampled_from([1e-4, 1e-3, 0.1]),
)
def test_sif_weighs_words_by_their_shares_and_removes_the_first_component(texts, smoothing):
    transformer = DocumentVectors(vectors(), weighting="sif", smoothing=smoothing)
    rows = transformer.fit_transform(texts)
    means = np.array([mean_of(document, smoothing) for document in texts])
    first = np.linalg.svd(means, full_matrices=False)[2][:1]
    # Of equal singular values any direction is the first.
    if np.diff(np.linalg.svd(means)[1][:2], append=0)[0] < -1e-3:
        assert_close(rows, means - means @ first.T @ first, 10 * FLOAT32)
    assert_close(rows @ transformer.components_.T, np.zeros((len(texts), 1)), 10 * FLOAT32)
    plain = DocumentVectors(
        vectors(), weighting="sif", smoothing=smoothing, remove_components=0
    ).fit_transform(texts)
    assert_close(plain, means, FLOAT32)


@law
@given(tokens, st.randoms(use_true_random=False))
def test_the_order_of_tokens_and_the_other_documents_do_not_matter(document, random):
    shuffled = list(document)
    random.shuffle(shuffled)
    transformer = DocumentVectors(vectors()).fit([document])
    rows = transformer.transform([document, shuffled, ["w1"], document])
    assert_close(rows[1], rows[0], FLOAT32)
    assert_close(rows[3], rows[0], FLOAT32)
    assert_close(transformer.transform([document])[0], rows[0], FLOAT32)


def split_by(tokenizer: str) -> WordVectors:
    return replace(vectors(), about={"settings": {"text": {"tokenizer": tokenizer}}})


def test_texts_are_split_at_blanks_or_by_a_tokenizer():
    rows = DocumentVectors(vectors()).fit_transform(["w1 w2\nw2", ["w1", "w2", "w2"]])
    assert_close(rows[0], rows[1], FLOAT32)
    by_commas = DocumentVectors(vectors(), tokenizer=lambda text: text.split(","))
    assert_close(by_commas.fit_transform(["w1,w2,w2"])[0], rows[0], FLOAT32)
    by_words = DocumentVectors(vectors(), tokenizer="words")
    assert_close(by_words.fit_transform(["W1? (w2), w2."])[0], rows[0], FLOAT32)


def test_texts_are_split_as_those_of_the_training():
    as_trained = DocumentVectors(split_by("words"))
    (row,) = as_trained.fit_transform(["W1? (w2), w2."])
    assert as_trained.unknown_tokens_ == 0
    assert_close(row, DocumentVectors(vectors()).fit_transform(["w1 w2 w2"])[0], FLOAT32)
    at_blanks = DocumentVectors(split_by("words"), tokenizer="whitespace")
    at_blanks.fit_transform(["W1? (w2), w2."])
    assert at_blanks.unknown_tokens_ == 3


def test_phrases_of_the_training_are_joined():
    phrases = PhrasePass(["w1"], ["w2"], np.array([9]), np.array([1.0]))
    joining = replace(
        vectors_of({"w1": [1, 0], "w2": [1, 0], "w1_w2": [0, 1]}), phraser=Phraser((phrases,))
    )
    assert DocumentVectors(joining).fit_transform(["w1 w2"]).tolist() == [[0, 1]]
    assert DocumentVectors(joining).fit_transform([["w1", "w2"]]).tolist() == [[1, 0]]


@pytest.mark.parametrize(
    ("of", "tokenizer", "text"),
    [
        ("own", None, "document 1: these vectors were trained with a tokenizer of your own"),
        ("words", "blanks", "tokenizer 'blanks' is not one of: whitespace, words, or a function"),
        ("words", 3, "tokenizer 3 is not one of: whitespace, words, or a function"),
    ],
)
def test_a_tokenizer_that_is_not_here_is_refused(of, tokenizer, text):
    transformer = DocumentVectors(split_by(of), tokenizer=tokenizer)
    with pytest.raises(SettingsError) as caught:
        transformer.fit_transform([["w1"], "w1 w2"])
    assert text in str(caught.value)
    assert DocumentVectors(split_by("own")).fit_transform([["w1"]]).shape == (1, 4)


def test_vectors_may_be_given_by_their_path(tmp_path):
    vectors().save(tmp_path / "vectors")
    by_path = DocumentVectors(tmp_path / "vectors").fit_transform(["w1 w2"])
    assert_close(by_path, DocumentVectors(vectors()).fit_transform(["w1 w2"]), FLOAT32)


def test_a_pipeline_tells_two_topics_apart_and_is_pickled_and_cloned():
    topics = {"sun": [5, 0], "sky": [4, 1], "pot": [0, 5], "pan": [1, 4]}
    texts, labels = ["sun sky", "sky sky sun", "pot pan", "pan"], [0, 0, 1, 1]
    pipeline = make_pipeline(DocumentVectors(vectors_of(topics)), LogisticRegression())
    pipeline.fit(texts, labels)
    assert pipeline.predict(["sun", "pot pot"]).tolist() == [0, 1]
    again = pickle.loads(pickle.dumps(pipeline))
    assert again.predict(["sun", "pot pot"]).tolist() == [0, 1]
    cloned = clone(pipeline[0])
    assert cloned.vectors is pipeline[0].vectors, "vectors never change, so none are copied"
    names = pipeline[0].get_feature_names_out().tolist()
    assert names == ["documentvectors0", "documentvectors1"]


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"weighting": "tfidf"}, "weighting 'tfidf' is not one of: mean, sif"),
        *[
            (
                {"weighting": "sif", "smoothing": smoothing},
                f"smoothing must be a finite number above 0, not {smoothing!r}",
            )
            for smoothing in (0, -1.0, float("inf"), "a")
        ],
        *[
            (
                {"remove_components": number},
                f"remove_components must be a whole number from 0 to 3, not {number!r}",
            )
            for number in (4, -1, 1.5)
        ],
    ],
)
def test_settings_out_of_range_are_refused(options, text):
    with pytest.raises(SettingsError) as caught:
        DocumentVectors(vectors(), **options).fit(["w1"])
    assert str(caught.value) == text


def test_sif_needs_counts():
    plain = vectors()
    without = vectors_of(dict(zip(plain.words, plain.matrix, strict=True)), counts=[0] * 8)
    with pytest.raises(SettingsError, match="sif weighs words by their counts, and these vectors"):
        DocumentVectors(without, weighting="sif").fit(["w1"])


def test_one_text_is_not_a_list_of_documents():
    for ask in (
        lambda: DocumentVectors(vectors()).fit("w1 w2"),
        lambda: DocumentVectors(vectors()).fit_transform("w1 w2"),
        lambda: DocumentVectors(vectors()).fit(["w1"]).transform("w1 w2"),
    ):
        with pytest.raises(SettingsError, match="give a list of documents, not one text"):
            ask()


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (3, "give a list of documents, not 3 (int)"),
        (None, "give a list of documents, not None (NoneType)"),
        (b"w1 w2", "give a list of documents, not b'w1 w2' (bytes)"),
        (["w1", None], "document 1 is neither a text nor a list of tokens: None (NoneType) is"),
        (
            [["w1"], 5],
            "document 1 is neither a text nor a list of tokens: 5 (int); group integers into lists",
        ),
        ([["w1", 5.0]], "document 0 is neither a text nor a list of tokens: 5.0 (float) is"),
        ([[["w1"]]], "document 0 is neither a text nor a list of tokens: ['w1'] (list) is"),
        (np.eye(3), "document 0 is neither a text nor a list of tokens: 1.0 (float) is"),
    ],
    ids=str,
)
def test_what_is_not_a_document_is_shown_with_its_type_and_place(given, text):
    for ask in (
        lambda: DocumentVectors(vectors(), remove_components=1).fit(given),
        lambda: DocumentVectors(vectors()).fit_transform(given),
        lambda: DocumentVectors(vectors()).fit(["w1"]).transform(given),
    ):
        with pytest.raises(SettingsError) as caught:
            ask()
        assert str(caught.value).startswith(text)


@pytest.mark.parametrize("given", [3, None, np.eye(3)], ids=str)
def test_what_is_not_word_vectors_is_refused(given):
    with pytest.raises(SettingsError, match=r"^vectors must be WordVectors or a path to them, not"):
        DocumentVectors(given).fit(["w1"])


def test_documents_may_be_an_array_a_series_or_an_index():
    pandas = pytest.importorskip("pandas")
    texts = ["w1 w2", "w3", "w1 w5 w6"]
    expected = DocumentVectors(vectors()).fit_transform(texts)
    for kind in (np.array, pandas.Series, pandas.Index, tuple):
        assert_close(DocumentVectors(vectors()).fit_transform(kind(texts)), expected, FLOAT32)
    tokens = pandas.Series([np.array(text.split()) for text in texts], index=[5, 6, 9])
    assert_close(DocumentVectors(vectors()).fit_transform(tokens), expected, FLOAT32)


def test_tokens_may_be_integers():
    of = vectors_of({"17": [1, 2], "5": [3, 5]})
    expected = DocumentVectors(of).fit_transform([["17", "5"], ["5", "5"]])
    for documents in ([[17, "5"], [5, 5]], np.array([[17, 5], [5, 5]])):
        assert_close(DocumentVectors(of).fit_transform(documents), expected, FLOAT32)
    tokenized = DocumentVectors(of, tokenizer=lambda text: map(int, text.split("-")))
    assert_close(tokenized.fit_transform(["17-5", "5-5"]), expected, FLOAT32)


def test_an_iterator_of_documents_is_fitted_and_transformed():
    texts = ["w1 w2", "w3", "w1 w5 w6"]
    transformer = DocumentVectors(vectors(), weighting="sif")
    assert_close(transformer.fit_transform(iter(texts)), transformer.fit_transform(texts), FLOAT32)


def test_components_that_the_documents_do_not_have_are_not_made_up():
    for texts, options in [
        (["w1", "w2"], {"remove_components": 3}),
        (["nobody"], {"weighting": "sif"}),
        ([], {"weighting": "sif"}),
    ]:
        with pytest.raises(SettingsError, match=r"are to be removed, but the \d documents span"):
            DocumentVectors(vectors(), **options).fit(texts)


def test_unknown_words_are_counted_here_and_still_an_error_to_the_vectors():
    transformer = DocumentVectors(vectors()).fit([])
    assert transformer.transform(["nobody w1", ""]).shape == (2, 4)
    assert (transformer.unknown_tokens_, transformer.documents_without_words_) == (1, 1)
    with pytest.raises(UnknownWordError):
        vectors()["nobody"]


def test_unknown_tokens_are_spelled_where_the_vectors_can_and_counted():
    of = spelled_vectors()
    documents = [["walks", "helpings", "xyzzy", "helpings"], ["xyzzy"], ["painty"], []]
    transformer = DocumentVectors(of)
    rows = transformer.fit(documents).transform(documents)
    first = (of["walks"] + 2 * of["helpings"]) / 3
    zeros = np.zeros(5)
    assert_close(rows, np.array([first, zeros, of["painty"], zeros]), FLOAT32)
    counted = transformer.spelled_tokens_, transformer.unknown_tokens_
    assert counted == (3, 2)
    assert transformer.documents_without_words_ == 2
    transformer = DocumentVectors(of, spell=False)
    rows = transformer.fit(documents).transform(documents)
    assert_close(rows, np.array([of["walks"], zeros, zeros, zeros]), FLOAT32)
    assert (transformer.spelled_tokens_, transformer.unknown_tokens_) == (0, 5)


def test_an_unknown_token_is_as_rare_as_can_be_for_sif():
    of = spelled_vectors()
    found = DocumentVectors(of, weighting="sif", remove_components=0).fit_transform([["helpings"]])
    assert_close(found[0], of["helpings"], FLOAT32)


def test_vectors_without_spelling_leave_unknown_tokens_out_as_before():
    transformer = DocumentVectors(vectors())
    transformer.fit([["w1"]]).transform([["w1", "nobody"]])
    assert (transformer.spelled_tokens_, transformer.unknown_tokens_) == (0, 1)
