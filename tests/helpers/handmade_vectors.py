"""Word vectors made by hand, so that a test can work out their answers itself."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.vectors.formats.native import SETTINGS
from skipgram.vectors.word_vectors import WordVectors


def vectors_of(
    rows: Mapping[str, Sequence[float]],
    *,
    outside: Any = None,
    counts: Sequence[int] | None = None,
    **options: Any,
) -> WordVectors:
    """Word vectors with these center rows; counts fall with the ids unless they are given."""
    words = list(rows)
    center = np.array(list(rows.values()), np.float32)
    even = np.full(len(words), 1 / max(1, len(words)))
    return WordVectors(
        Vocabulary(words, np.array(counts or range(len(words), 0, -1), np.int64)),
        center,
        np.zeros_like(center) if outside is None else np.array(outside, np.float32),
        even,
        even.copy(),
        **options,
    )


def random_vectors(seed: int, vocab_size: int, embedding_dim: int, **options: Any) -> WordVectors:
    """Unit-scale vectors of the words w0, w1, ..."""
    center, outside = np.random.default_rng(seed).standard_normal((2, vocab_size, embedding_dim))
    rows = {f"w{number}": row for number, row in enumerate(center)}
    return vectors_of(rows, outside=outside, **options)


def some_vectors(**options: Any) -> WordVectors:
    return random_vectors(1, vocab_size=7, embedding_dim=3, **options)


def change_settings(folder: Path, **values: Any) -> None:
    """Write other values into a folder's settings; None takes one out."""
    about = json.loads((folder / SETTINGS).read_text()) | values
    kept = {name: value for name, value in about.items() if value is not None}
    (folder / SETTINGS).write_text(json.dumps(kept))


STEMS = ("walk", "talk", "jump", "start", "turn", "look", "paint", "rain", "help", "open")
ENDINGS = ("", "s", "ed", "ing", "er", "ers")


def inflected_vectors(seed: int = 1, embedding_dim: int = 5, **options: Any) -> WordVectors:
    """Of stems with endings: each vector is the stem's and the ending's, and a little noise."""
    random = np.random.default_rng(seed)
    of_stems = random.standard_normal((len(STEMS), embedding_dim))
    of_endings = random.standard_normal((len(ENDINGS), embedding_dim))
    rows = {
        stem + ending: of_stem + of_ending + random.standard_normal(embedding_dim) / 10
        for stem, of_stem in zip(STEMS, of_stems, strict=True)
        for ending, of_ending in zip(ENDINGS, of_endings, strict=True)
    }
    outside = random.standard_normal((len(rows), embedding_dim))
    return vectors_of(rows, outside=outside, **options)


def spelled_vectors(**options: Any) -> WordVectors:
    """The same, with spelling."""
    return inflected_vectors(**options).with_spelling(penalty=0.1, threads=1)
