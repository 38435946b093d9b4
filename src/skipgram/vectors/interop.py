"""Vectors handed to other libraries, and taken from gensim; each is imported when asked for."""

from importlib import import_module
from typing import Any

import numpy as np

from skipgram.corpus.packed_words import PackedWords
from skipgram.corpus.vocabulary import Vocabulary
from skipgram.errors import FormatError, MissingExtraError
from skipgram.vectors.formats import tables
from skipgram.vectors.word_vectors import WordVectors


def to_gensim(vectors: WordVectors) -> Any:
    """Gensim's KeyedVectors: keys by id, and the counts as their attribute `count`."""
    module = _library("gensim.models.keyedvectors", "gensim")
    keyed = module.KeyedVectors(vectors.embedding_dim, count=0, dtype=np.float32)
    keyed.add_vectors(list(vectors.words), np.array(vectors.matrix))
    if vectors.counts.any():
        for word, count in zip(vectors.words, vectors.counts.tolist(), strict=True):
            keyed.set_vecattr(word, "count", count)
    return keyed


def from_gensim(keyed_vectors: Any) -> WordVectors:
    """The words, vectors and counts of gensim's KeyedVectors, or of a model's `wv`.

    Raises
    ------
    FormatError
        If it has neither, or a word is no text.

    """
    keyed = getattr(keyed_vectors, "wv", keyed_vectors)
    if not hasattr(keyed, "index_to_key") or not hasattr(keyed, "vectors"):
        raise FormatError(f"{type(keyed_vectors).__name__} is no KeyedVectors of gensim's")
    words = list(keyed.index_to_key)
    if odd := next((word for word in words if not isinstance(word, str)), None):
        raise FormatError(f"the key {odd!r} is no text; give each key a name first")
    has_counts = "count" in getattr(keyed, "expandos", {})
    counts = [int(keyed.get_vecattr(word, "count")) if has_counts else 0 for word in words]
    return WordVectors(
        Vocabulary(PackedWords.of(words).checked("gensim's vectors"), np.array(counts, np.int64)),
        np.array(keyed.vectors, np.float32),
        about={"read": {"format": "gensim", "words": len(words)}},
    )


def to_torch(vectors: WordVectors, *, freeze: bool = True) -> Any:
    """An nn.Embedding; with `freeze`, training leaves it as it is."""
    torch = _library("torch", "torch")
    weights = torch.from_numpy(np.array(vectors.matrix))
    return torch.nn.Embedding.from_pretrained(weights, freeze=freeze)


def to_spacy(vectors: WordVectors, nlp: Any = None) -> Any:
    """SpaCy's Vectors with a row a word; put into the vocabulary of a pipeline, if one is given."""
    spacy = _library("spacy", "spacy")
    strings = spacy.strings.StringStore() if nlp is None else nlp.vocab.strings
    keys = [strings.add(word) for word in vectors.words]
    table = _library("spacy.vectors", "spacy").Vectors(
        strings=strings, data=np.array(vectors.matrix), keys=keys
    )
    if nlp is not None:
        nlp.vocab.vectors = table
    return table


def to_pandas(vectors: WordVectors) -> Any:
    """A DataFrame of float32: the words are its index."""
    pandas = _library("pandas", "pandas")
    return pandas.DataFrame(
        np.array(vectors.matrix), index=pandas.Index(list(vectors.words), name="word")
    )


def to_arrow(vectors: WordVectors) -> Any:
    """A pyarrow Table: word, count, vector, by id."""
    pyarrow = _library("pyarrow", "skipgram[data]")
    batches = list(tables.record_batches(vectors, np.arange(len(vectors))))
    return pyarrow.Table.from_batches(batches, schema=tables.schema_of(vectors))


def _library(name: str, to_install: str) -> Any:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"the module {error.name} is not installed: pip install '{to_install}'"
        ) from error
