"""Vectors for other libraries, and from gensim; each library is imported when it is needed."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError, frames_to_the_caller
from skipgram.system.extras import extra_module
from skipgram.vectors.arrays import rows_of
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.rows import require_finite

_GENSIM = "gensim's vectors"


def to_gensim(vectors: Embedding) -> Any:
    """Gensim's KeyedVectors: keys by id, and the counts as their attribute `count`."""
    if vectors.speller is not None:
        warnings.warn(
            "gensim's KeyedVectors hold the known words only: unknown ones, which these vectors "
            "make from the spelling, are not known there",
            stacklevel=frames_to_the_caller(),
        )
    module = extra_module("gensim.models.keyedvectors", "gensim")
    keyed = module.KeyedVectors(vectors.embedding_dim, count=0, dtype=np.float32)
    keyed.add_vectors(list(vectors.words), np.array(vectors.matrix))
    if vectors.counts.any():
        for word, count in zip(vectors.words, vectors.counts.tolist(), strict=True):
            keyed.set_vecattr(word, "count", count)
    return keyed


def from_gensim(keyed_vectors: Any) -> Embedding:
    """The words, vectors and counts of gensim's KeyedVectors, or of a model's `wv`, checked."""
    keyed = getattr(keyed_vectors, "wv", keyed_vectors)
    if not hasattr(keyed, "index_to_key") or not hasattr(keyed, "vectors"):
        raise FormatError(f"{type(keyed_vectors).__name__} is not a gensim KeyedVectors")
    words = list(keyed.index_to_key or [])
    if not words:
        raise FormatError(f"{_GENSIM}: there are no words in them")
    for number, word in enumerate(words, start=1):
        if not isinstance(word, str):
            raise FormatError(
                f"{_GENSIM}: key {number:,} of {len(words):,} is {word!r}, which is not a string; "
                "convert the keys to strings first"
            )
    packed = PackedWords.of(words)
    packed.require_filled(lambda number: f"{_GENSIM}, key {number + 1}")
    vocabulary = Vocabulary(packed, _counts(keyed, words))
    vocabulary.require_sound(_GENSIM)
    rows = rows_of(keyed.vectors, len(words), _GENSIM)
    require_finite(rows, words, _GENSIM)
    return Embedding(vocabulary, rows, about={"read": {"format": "gensim", "words": len(words)}})


def _counts(keyed: Any, words: list[str]) -> NDArray[np.int64]:
    """The counts of gensim's words, all 0 if it has none."""
    counts = np.zeros(len(words), np.int64)
    found = getattr(keyed, "expandos", {}).get("count")
    if found is None:
        return counts
    if len(found) != len(words):
        raise FormatError(f"{_GENSIM}: {len(words):,} words and {len(found):,} counts")
    for number, (word, count) in enumerate(zip(words, found, strict=True)):
        try:
            counts[number] = count
        except (TypeError, ValueError, OverflowError):
            pass
        else:
            if counts[number] == count:
                continue
        raise FormatError(
            f"{_GENSIM}: the count of {word!r:.60} is {count!s:.40}, not a whole number of 64 bits"
        )
    return counts


def to_torch(vectors: Embedding, *, freeze: bool = True) -> Any:
    """An nn.Embedding; with `freeze`, training does not change it."""
    torch = extra_module("torch", "torch")
    weights = torch.from_numpy(np.array(vectors.matrix))
    return torch.nn.Embedding.from_pretrained(weights, freeze=freeze)


def to_spacy(vectors: Embedding, nlp: Any = None) -> Any:
    """SpaCy's Vectors with a row per word; if a pipeline is given, its vocabulary uses them."""
    spacy = extra_module("spacy", "spacy")
    strings = spacy.strings.StringStore() if nlp is None else nlp.vocab.strings
    keys = [strings.add(word) for word in vectors.words]
    table = extra_module("spacy.vectors", "spacy").Vectors(
        strings=strings, data=np.array(vectors.matrix), keys=keys
    )
    if nlp is not None:
        nlp.vocab.vectors = table
    return table


def to_pandas(vectors: Embedding) -> Any:
    """A DataFrame of float32, indexed by word."""
    pandas = extra_module("pandas", "pandas")
    return pandas.DataFrame(
        np.array(vectors.matrix), index=pandas.Index(list(vectors.words), name="word")
    )


def to_arrow(vectors: Embedding) -> Any:
    """A pyarrow Table: word, count, vector, by id."""
    from skipgram.vectors.formats import tables

    pyarrow = extra_module("pyarrow", "skipgram[data]")
    batches = list(tables.record_batches(vectors, np.arange(len(vectors))))
    return pyarrow.Table.from_batches(batches, schema=tables.schema_of(vectors))
