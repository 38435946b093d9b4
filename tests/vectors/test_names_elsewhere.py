"""Other libraries' methods, attributes and keywords: each error says what to write here."""

import copy
import inspect
import pickle
import re
from typing import Any

import numpy as np
import pytest

import skipgram
from helpers.handmade_vectors import random_vectors
from skipgram import WordVectors
from skipgram.vectors.elsewhere import (
    ATTRIBUTES,
    CLASSES,
    EXPLAINED,
    NamesElsewhere,
    answers_other_names,
    told_of_keyword,
)

OF_GENSIM = """
    add_lifecycle_event add_null_word add_vector add_vectors adjust_vectors allocate_vecattrs
    build_vocab build_vocab_from_freq closer_than cosine_similarities create_binary_tree distance
    distances doesnt_match estimate_memory evaluate_word_analogies evaluate_word_pairs fill_norms
    get_index get_latest_training_loss get_mean_vector get_normed_vectors get_sentence_vector
    get_vecattr get_vector has_index_for index2entity index2word init_post_load init_sims
    init_weights intersect_word2vec_format load load_binary_data load_fasttext_format
    load_word2vec_format log_accuracy log_evaluate_word_pairs make_cum_table most_similar
    most_similar_cosmul most_similar_to_given n_similarity predict_output_word prepare_vocab
    prepare_weights rank rank_by_centrality recalc_char_ngram_buckets relative_cosine_similarity
    reset_from resize_vectors save save_word2vec_format scan_vocab score seeded_vector set_vecattr
    similar_by_key similar_by_vector similar_by_word similarity similarity_unseen_docs
    sort_by_descending_frequency train unit_normalize_all update_weights vectors_for_all
    vectors_norm vocab wmdistance word_vec words_closer_than
"""
"""All public names of gensim 4's Word2Vec, FastText and their KeyedVectors."""

KEYWORDS_OF_GENSIM = {
    "most_similar": "positive negative topn clip_start clip_end restrict_vocab indexer",
    "similarity": "w1 w2",
    "distance": "w1 w2",
    "distances": "word_or_vector other_words",
    "closer_than": "key1 key2",
    "rank": "key1 key2",
    "doesnt_match": "words",
    "save": "fname_or_handle separately sep_limit ignore pickle_protocol",
    "load": "fname mmap",
    "load_word2vec_format": "fname fvocab binary encoding unicode_errors limit datatype no_header",
    "save_word2vec_format": "fname fvocab binary total_vec write_header prefix append sort_attr",
    "get_mean_vector": "keys weights pre_normalize post_normalize ignore_missing",
    "evaluate_word_pairs": "pairs delimiter encoding restrict_vocab case_insensitive dummy4unknown",
    "evaluate_word_analogies": "analogies restrict_vocab case_insensitive dummy4unknown "
    "similarity_function",
}
"""Those of its methods whose name here, or whose counterpart, takes keywords."""
COUNTERPARTS = {
    "load": skipgram.load,
    "load_word2vec_format": skipgram.load,
    "save_word2vec_format": WordVectors.export,
    "get_mean_vector": WordVectors.centroid,
    "evaluate_word_pairs": skipgram.evaluate,
    "evaluate_word_analogies": skipgram.evaluate,
}
KEYWORDS = [
    (method, name) for method, names in KEYWORDS_OF_GENSIM.items() for name in names.split()
]


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return random_vectors(1, vocab_size=9, embedding_dim=3)


def counterpart(method: str) -> Any:
    return COUNTERPARTS.get(method) or getattr(WordVectors, method)


@pytest.mark.parametrize("name", OF_GENSIM.split())
def test_every_method_of_gensims_is_here_or_is_answered(name, vectors):
    if not hasattr(vectors, name):
        told = re.escape(f"'WordVectors' object has no attribute '{name}': {ATTRIBUTES[name]}")
        with pytest.raises(AttributeError, match=f"^{told}$"):
            getattr(vectors, name)


@pytest.mark.parametrize(("method", "name"), KEYWORDS)
def test_every_keyword_of_theirs_is_the_same_here_or_is_answered(method, name, vectors):
    function = counterpart(method)
    known = inspect.signature(function).parameters
    if name not in known:
        assert told_of_keyword(name, 1, known)
        with pytest.raises(TypeError, match=rf"^{function.__name__}\(\) has no keyword '{name}': "):
            function(vectors, **{name: 1})


def test_the_lists_of_gensims_names_are_complete():
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    from gensim.models.fasttext import FastTextKeyedVectors
    from gensim.utils import SaveLoad

    kinds = (models.Word2Vec, models.FastText, models.KeyedVectors, FastTextKeyedVectors)
    public = {name for kind in kinds for name in dir(kind) if not name.startswith("_")}
    assert public == set(OF_GENSIM.split())
    shared = {name for name in public if hasattr(WordVectors, name)} | set(COUNTERPARTS)
    assert shared == set(KEYWORDS_OF_GENSIM)
    for method, names in KEYWORDS_OF_GENSIM.items():
        theirs = SaveLoad.save if method == "save" else getattr(models.KeyedVectors, method)
        assert inspect.signature(theirs).parameters.keys() - {"self"} == set(names.split())


def test_the_attributes_of_gensims_objects_that_people_use_are_answered(vectors):
    for name in ("wv", "vectors", "key_to_index", "index_to_key", "vector_size", "norms", "syn0"):
        with pytest.raises(AttributeError, match=re.escape(ATTRIBUTES[name])):
            getattr(vectors, name)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_no_attribute_of_ours_is_called_another_librarys(name):
    assert inspect.getattr_static(WordVectors, name) is vars(NamesElsewhere)[name]


def names_told() -> set[str]:
    """vectors.this and skipgram.that in all answers; a name in quotes is a file."""
    answers = " ".join([*ATTRIBUTES.values(), *CLASSES.values(), *EXPLAINED.values()])
    return set(re.findall(r'(?<!")\b(?:vectors|skipgram)(?:\.[a-zA-Z]\w*)+', answers))


@pytest.mark.parametrize("told", sorted(names_told()))
def test_what_an_answer_names_is_there(told, vectors):
    if told == "skipgram.transformers":
        assert pytest.importorskip(told).DocumentVectors
        return
    found: Any = {"vectors": vectors, "skipgram": skipgram}[told.partition(".")[0]]
    for name in told.split(".")[1:]:
        found = getattr(found, name)


@pytest.mark.parametrize("name", CLASSES)
def test_other_modules_classes_are_answered(name):
    told = re.escape(f"module 'skipgram' has no attribute '{name}': {CLASSES[name]}")
    with pytest.raises(AttributeError, match=f"^{told}$"):
        getattr(skipgram, name)
    assert not hasattr(skipgram, name)
    with pytest.raises(ImportError, match=f"^{told}$"):
        exec(f"from skipgram import {name}")


def test_an_import_of_a_name_of_nobodys_has_pythons_own_words():
    with pytest.raises(ImportError, match=r"^cannot import name 'Word3Vec' from 'skipgram'"):
        exec("from skipgram import Word3Vec")


def test_a_name_at_the_class_is_answered_as_well():
    told = r"^type object 'WordVectors' has no attribute 'load': use skipgram.load\(path\)$"
    with pytest.raises(AttributeError, match=told):
        WordVectors.load("vectors.txt")


def test_the_answer_has_the_value_that_was_given(vectors):
    with pytest.raises(TypeError) as refused:
        vectors.most_similar("w1", topn=5, restrict_vocab=20, indexer=None)
    assert str(refused.value) == (
        "most_similar() has no keyword 'topn': write k=5; most_similar() has no keyword "
        "'restrict_vocab': write first_words=20; most_similar() has no keyword 'indexer': build "
        "an index once, with vectors.with_index() or `skipgram index`, and write approximate=True"
    )


def test_an_analogy_is_answered_though_it_hands_its_options_on(vectors):
    with pytest.raises(TypeError, match="'topn': write k=5"):
        vectors.analogy("w1", "w2", "w3", topn=5)


def test_a_training_without_a_corpus_is_told_where_the_corpus_goes():
    with pytest.raises(TypeError) as refused:
        skipgram.train(sentences=[["a"]], window=5, vector_size=9)
    assert str(refused.value) == (
        "train() has no keyword 'sentences': the corpus is the first argument, without a name; "
        "train() has no keyword 'vector_size': write embedding_dim=9"
    )


def test_keywords_of_nobody_have_pythons_own_words(vectors):
    with pytest.raises(TypeError, match=r"got an unexpected keyword argument 'many'$"):
        vectors.most_similar("w1", many=5)
    with pytest.raises(AttributeError, match=r"^'WordVectors' object has no attribute 'many'$"):
        vectors.many  # noqa: B018  # the look-up itself is what fails


def test_a_type_error_from_within_stays_as_it_is():
    @answers_other_names
    def broken(**options):
        return len(options["topn"])

    with pytest.raises(TypeError, match=r"^object of type 'int' has no len"):
        broken(topn=3)


def test_what_looks_for_attributes_finds_none_of_these(vectors):
    assert not any(hasattr(vectors, name) for name in ATTRIBUTES)
    assert getattr(vectors, "wv", None) is None
    assert not set(ATTRIBUTES) & set(dir(vectors))
    assert "most_similar" in dir(vectors)
    assert not hasattr(vectors, "_repr_html_") or vectors._repr_html_() is not None
    assert np.array_equal(np.asarray(vectors), vectors.matrix)
    for same in (copy.copy(vectors), copy.deepcopy(vectors), pickle.loads(pickle.dumps(vectors))):
        assert np.array_equal(same.matrix, vectors.matrix)
        assert len(same.most_similar("w1", k=2)) == 2


def test_methods_keep_their_signatures_and_documentation():
    for function in (WordVectors.most_similar, WordVectors.save, skipgram.load, skipgram.train):
        assert "topn" not in inspect.signature(function).parameters
        assert len(inspect.signature(function).parameters) > 2
        assert function.__doc__
        assert function.__wrapped__.__name__ == function.__name__
