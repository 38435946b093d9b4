"""What other libraries' vectors are asked for, by their names: what to write here instead.

Keywords, attributes and classes, of gensim and fastText. While names are right nothing here runs
but a frame around each function and method.
"""

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from inspect import signature
from types import FunctionType
from typing import Any, NoReturn, ParamSpec, TypeVar

from skipgram.errors import in_readers_words
from skipgram.settings.elsewhere import told_of_name, told_of_setting

P = ParamSpec("P")
R = TypeVar("R")
Class = TypeVar("Class", bound=type[Any])

CALLED = {
    "k": ("topn", "top_n", "top_k", "n_neighbors"),
    "first_words": ("restrict_vocab", "clip_end"),
    "positive": ("word", "key", "vector"),
    "one": ("w1", "key1", "ws1", "word1"),
    "other": ("w2", "key2", "ws2", "word2"),
    "term": ("word_or_vector",),
    "others": ("other_words",),
    "words": ("keys",),
    "similarity": ("pairs",),
    "undecodable": ("unicode_errors",),
    "path": ("fname", "fname_or_handle", "model_file"),
    "folder": ("fname", "fname_or_handle"),
    "file": ("fname",),
}
"""Names elsewhere, by the keyword here that takes the same values."""

_BY_CONTENT = (
    "a file's format is recognised by its content; to write one, its suffix says it, as .bin or "
    ".txt; omit it"
)
_UNITS = "centroid always takes the mean of vectors of length 1; omit it"
_WHOLE = "a file is written whole, the most frequent words first; omit it"
_NOTHING_PICKLED = "nothing is pickled; omit it"

EXPLAINED = {
    "indexer": "build an index once, with vectors.with_index() or `skipgram index`, and write "
    "[--approximate]",
    "clip_start": "to leave out words, list them in exclude (--exclude)",
    "dummy4unknown": "items with an unknown word are left out, and counted; omit it",
    "case_insensitive": "case is ignored only for words that are not found as written; omit it",
    "similarity_function": "analogies are answered by 3CosAdd; omit it",
    "delimiter": "words and rating are separated by tabs; omit it",
    "encoding": "test sets are UTF-8; omit it",
    "binary": _BY_CONTENT,
    "no_header": _BY_CONTENT,
    "write_header": _BY_CONTENT,
    "limit": "all rows are read, or mapped with scratch=folder; omit it, and ask the most frequent "
    "words alone with first_words (--first-words)",
    "datatype": 'omit it, and store the numbers smaller with vectors.compact("float16")',
    "fvocab": "counts are not kept beside a file of vectors: write them with "
    "vectors.vocabulary.save(file)",
    "mmap": "a folder that vectors.save wrote is always mapped; omit it",
    "total_vec": _WHOLE,
    "append": _WHOLE,
    "prefix": _WHOLE,
    "sort_attr": _WHOLE,
    "separately": _NOTHING_PICKLED,
    "sep_limit": _NOTHING_PICKLED,
    "ignore": _NOTHING_PICKLED,
    "pickle_protocol": _NOTHING_PICKLED,
    "ignore_missing": 'words without a vector are an error, or left out with unknown="skip"',
    "pre_normalize": _UNITS,
    "post_normalize": _UNITS,
}
"""What to do about keywords elsewhere that none here takes the values of."""

_ID = "vectors.vocabulary.id(word); of many words, vectors.vocabulary.ids_of(words)"
_WORDS = "use vectors.words, all words by id"
_MATRIX = "use vectors.matrix, a row for each word by id"
_UNIT = "use vectors.unit, the rows at length 1"
_LIKE = "use vectors.most_similar(word, k=10)"
_UNNEEDED = "lengths are computed once, when they are needed; omit it"
_LOADED = "use skipgram.load(path)"
_FIXED = (
    "vectors never change; make new ones with skipgram.WordVectors.from_arrays(words, matrix), or "
    "train these further with skipgram.train(corpus, continue_from=vectors, add_words=True)"
)
_CONTINUED = "use skipgram.train(corpus, continue_from=vectors)"
_TRAINED = "skipgram.train does this, from a corpus to vectors"
_LOSS = "vectors.about has the losses; in skipgram.train, observe is called with each"
_COUNTS = "use vectors.counts[vectors.vocabulary.id(word)]"
_SPELLED = "use vectors.subwords, or vectors[word] for a word that vectors.can_spell"
_EVENTS = "use vectors.about, which says where the vectors come from"
_PAIRS = "use skipgram.evaluate(vectors, similarity=[file])"
_ANALOGIES = "use skipgram.evaluate(vectors, analogies=[file])"
_NO_DOCUMENTS = (
    "documents are compared by the centroids of their words: vectors.similarity(words, other_words)"
)

ATTRIBUTES = {
    "wv": "these are the vectors; omit .wv",
    "vectors": _MATRIX,
    "syn0": _MATRIX,
    "vectors_norm": _UNIT,
    "syn0norm": _UNIT,
    "get_normed_vectors": _UNIT,
    "unit_normalize_all": _UNIT,
    "norms": "use np.linalg.norm(vectors.matrix, axis=1)",
    "syn1neg": "use vectors.outside",
    "vector_size": "use vectors.embedding_dim",
    "layer1_size": "use vectors.embedding_dim",
    "get_dimension": "use vectors.embedding_dim",
    "key_to_index": f"use {_ID}",
    "get_index": f"use {_ID}",
    "get_word_id": f"use {_ID}",
    "vocab": "use `word in vectors`, vectors.words and vectors.counts",
    "has_index_for": "use `word in vectors`",
    "index_to_key": _WORDS,
    "index2word": _WORDS,
    "index2entity": _WORDS,
    "get_words": _WORDS,
    "labels": _WORDS,
    "get_vector": "use vectors[word], or vectors.centroid(word) for length 1",
    "get_word_vector": "use vectors[word]",
    "word_vec": "use vectors[word]",
    "vectors_for_all": "use vectors[words]",
    "get_vecattr": _COUNTS,
    "set_vecattr": "counts never change; the only attribute of a word is its count",
    "allocate_vecattrs": "the only attribute of a word is its count: vectors.counts",
    "get_mean_vector": "use vectors.centroid(words, weights)",
    "get_sentence_vector": "use vectors.centroid(words), or DocumentVectors of "
    "skipgram.transformers",
    "similar_by_word": _LIKE,
    "similar_by_key": _LIKE,
    "similar_by_vector": "use vectors.most_similar(vector, k=10)",
    "get_nearest_neighbors": _LIKE,
    "most_similar_cosmul": 'use vectors.most_similar(positive, negative, combine="multiply")',
    "most_similar_to_given": "use others[vectors.similarities(word, others).argmax()]",
    "get_analogies": "use vectors.analogy(a, b, c, k=10)",
    "words_closer_than": "use vectors.closer_than(one, other)",
    "n_similarity": "use vectors.similarity(words, other_words), of vectors at length 1; for the "
    "mean of vectors as they are, vectors[words].mean(axis=0)",
    "cosine_similarities": "use vectors.similarities(vector, others)",
    "rank_by_centrality": "use vectors.similarities(vectors.centroid(words), words)",
    "relative_cosine_similarity": "divide vectors.similarity(one, other) by the sum over "
    "vectors.most_similar(one, k=10)",
    "wmdistance": _NO_DOCUMENTS,
    "similarity_unseen_docs": _NO_DOCUMENTS,
    "predict_output_word": "use vectors.predict_outside(words, k)",
    "score": "use holdout=0.01 in skipgram.train, which scores text that was not trained on",
    "fill_norms": _UNNEEDED,
    "init_sims": _UNNEEDED,
    "add_vector": _FIXED,
    "add_vectors": _FIXED,
    "add": _FIXED,
    "resize_vectors": _FIXED,
    "intersect_word2vec_format": _CONTINUED,
    "sort_by_descending_frequency": "a file is written with the most frequent words first; use "
    "vectors.vocabulary.by_count",
    "load": _LOADED,
    "load_word2vec_format": _LOADED,
    "load_fasttext_format": _LOADED,
    "load_binary_data": _LOADED,
    "save_word2vec_format": 'use vectors.export("vectors.txt"), or "vectors.bin" for binary',
    "save_model": "use vectors.save(folder), or vectors.export(file) for other tools",
    "evaluate_word_pairs": _PAIRS,
    "log_evaluate_word_pairs": _PAIRS,
    "evaluate_word_analogies": _ANALOGIES,
    "accuracy": _ANALOGIES,
    "log_accuracy": _ANALOGIES,
    "lifecycle_events": _EVENTS,
    "add_lifecycle_event": _EVENTS,
    "train": _CONTINUED,
    "build_vocab": f"{_TRAINED}; for more text, skipgram.train(corpus, continue_from=vectors, "
    "add_words=True)",
    "build_vocab_from_freq": _TRAINED,
    "scan_vocab": "use skipgram.count_words(corpus)",
    "prepare_vocab": _TRAINED,
    "prepare_weights": _TRAINED,
    "init_weights": _TRAINED,
    "update_weights": _TRAINED,
    "reset_from": _TRAINED,
    "seeded_vector": _TRAINED,
    "add_null_word": _TRAINED,
    "create_binary_tree": "hierarchical softmax is not here; use "
    'skipgram.train(corpus, objective="softmax")',
    "make_cum_table": "use vectors.noise, the distribution that negatives are drawn from",
    "estimate_memory": "a run that needs more memory than there is says so before it starts",
    "get_latest_training_loss": _LOSS,
    "running_training_loss": _LOSS,
    "corpus_count": "vectors.about says what was read",
    "corpus_total_words": "use vectors.vocabulary.total",
    "get_subwords": _SPELLED,
    "get_subword_id": _SPELLED,
    "get_input_vector": _SPELLED,
    "vectors_ngrams": _SPELLED,
    "recalc_char_ngram_buckets": _SPELLED,
    "adjust_vectors": _SPELLED,
    "init_post_load": _SPELLED,
    "get_input_matrix": "use vectors.center",
    "get_output_matrix": "use vectors.outside",
    "is_quantized": "use vectors.precision",
    "quantize": 'use vectors.compact("int8")',
}
"""What to write instead of attributes that other libraries' vectors and models have."""

_TRAIN = "use skipgram.train(corpus, embedding_dim=100), which returns WordVectors"
_VECTORS = (
    "use skipgram.WordVectors, which skipgram.load(path) and skipgram.train return, and "
    "skipgram.WordVectors.from_arrays(words, matrix) makes"
)
_PHRASES = (
    "use skipgram.train(corpus, phrases=1), which joins words that belong together, or "
    "skipgram.find_phrases(corpus), which lists them and joins them in other texts"
)
_CORPUS = (
    "a corpus is a file, a folder, a pattern or skipgram.Texts(lists_of_words): "
    "skipgram.train(corpus)"
)
_NO_CLASSIFIER = (
    "texts are not classified here; DocumentVectors of skipgram.transformers makes their features"
)

CLASSES = {
    "Word2Vec": _TRAIN,
    "SkipGram": _TRAIN,
    "Skipgram": _TRAIN,
    "word2vec": _TRAIN,
    "train_unsupervised": _TRAIN,
    "CBOW": "CBOW is planned, and not here yet; skipgram.train(corpus) trains skip-gram",
    "FastText": 'use skipgram.train(corpus, ngrams="3-6"), whose vectors spell unknown words too',
    "KeyedVectors": _VECTORS,
    "Word2VecKeyedVectors": _VECTORS,
    "FastTextKeyedVectors": _VECTORS,
    "Phrases": _PHRASES,
    "FrozenPhrases": _PHRASES,
    "LineSentence": _CORPUS,
    "PathLineSentences": _CORPUS,
    "Text8Corpus": _CORPUS,
    "BrownCorpus": _CORPUS,
    "simple_preprocess": 'use skipgram.train(corpus, tokenizer="words")',
    "Doc2Vec": "use DocumentVectors of skipgram.transformers, a mean of word vectors",
    "TaggedDocument": "use DocumentVectors of skipgram.transformers, which takes plain texts",
    "load_model": _LOADED,
    "load_facebook_vectors": _LOADED,
    "load_facebook_model": _LOADED,
    "load_word2vec_format": _LOADED,
    "train_supervised": _NO_CLASSIFIER,
}
"""What to write instead of classes and functions of other libraries' modules."""


def told_of_keyword(name: str, value: Any, known: Collection[str]) -> str:
    """What to write instead of a keyword, for both readers; empty if it is none elsewhere.

    known: the keywords here. value: what it was set to, for the message.
    """
    for here, names in CALLED.items():
        if name in names and here in known:
            return told_of_name(here, None if isinstance(value, bool) else value)
    return EXPLAINED.get(name, "")


def answers_other_names(function: Callable[P, R]) -> Callable[P, R]:
    """The same function; keywords of another library raise a TypeError that says what to write."""

    @wraps(function)
    def asked(*args: P.args, **keywords: P.kwargs) -> R:
        try:
            return function(*args, **keywords)
        except TypeError as error:
            frame = error.__traceback__
            if frame is not None and frame.tb_next is None:  # the function was never entered
                told = _told_of_keywords(function, keywords)
                if told:
                    raise TypeError(told) from None
            raise

    return asked


def methods_answer_other_names(kind: Class) -> Class:
    """The same class, whose public methods with parameters do what `answers_other_names` says."""
    for name, method in list(vars(kind).items()):
        if not isinstance(method, FunctionType) or name.startswith("_"):
            continue
        if len(signature(method).parameters) > 1:
            setattr(kind, name, answers_other_names(method))
    return kind


def _told_of_keywords(function: Callable[..., Any], given: Mapping[str, Any]) -> str:
    """What to write instead of those that are another library's; empty if none is."""
    parameters = signature(function).parameters
    takes_settings = "settings" in parameters
    told = []
    for name, value in given.items():
        if name in parameters:
            continue
        instead = told_of_keyword(name, value, parameters)
        if not instead and takes_settings:
            instead = told_of_setting(name, value)
        if instead:
            told.append(f"{function.__name__}() has no keyword {name!r}: {instead}")
    return in_readers_words("; ".join(told))


class _NotHere:
    """An attribute of another library's vectors, which says what to use instead."""

    def __init__(self, name: str, told: str) -> None:
        self.name, self.__doc__ = name, told

    def __get__(self, found: object, kind: type) -> NoReturn:
        of = f"type object {kind.__name__!r}" if found is None else f"{kind.__name__!r} object"
        raise AttributeError(f"{of} has no attribute {self.name!r}: {self.__doc__}")


class NamesElsewhere:
    """Other libraries' names: each is an AttributeError that says what to use instead.

    A descriptor for each of them costs nothing where names are right; `__getattr__` would make
    every attribute slower.
    """

    def __dir__(self) -> list[str]:
        return [name for name in super().__dir__() if name not in ATTRIBUTES]


for _name, _told in ATTRIBUTES.items():
    setattr(NamesElsewhere, _name, _NotHere(_name, _told))
