"""Vectors from words and an array of their rows, as other programs hold them: checked, copied."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import FormatError
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.given import words_of
from skipgram.vectors.rows import require_finite

_WORDS, _MATRIX = "the words", "the matrix"


def from_arrays(
    words: Iterable[str], matrix: ArrayLike, counts: Sequence[int] | NDArray[np.integer] | None
) -> Embedding:
    """What `WordVectors.from_arrays` describes."""
    given = words_of(words)
    packed = PackedWords.of(given)
    packed.require_filled(lambda number: f"word {number + 1:,} of {len(given):,}")
    packed.require_different(_WORDS)
    if counts is None:
        counts = np.zeros(len(packed), np.int64)
    vocabulary = Vocabulary(packed, counts)
    rows = rows_of(matrix, len(given), _MATRIX)
    require_finite(rows, given, _MATRIX)
    return Embedding(vocabulary, rows)


def rows_of(found: Any, words: int, where: str) -> NDArray[np.float32]:
    """A copy of rows in float32, one for each word; errors begin with `where`."""
    try:
        given = np.asarray(found)
    except (TypeError, ValueError) as error:
        raise FormatError(f"{where}: the rows are not numbers: {error}") from None
    if given.ndim != 2 or len(given) != words or not given.shape[1]:
        raise FormatError(
            f"{where}: {words:,} words for rows of shape {given.shape}; it needs two axes, with a "
            "row for each word"
        )
    if given.dtype.kind == "c":
        raise FormatError(f"{where}: rows of complex numbers; take their real part first")
    if given.dtype.kind not in "fiu":
        raise FormatError(f"{where}: the rows are not numbers: they are of type {given.dtype}")
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinite, and is refused
        return np.array(given, np.float32, order="C")
