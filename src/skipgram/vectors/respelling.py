"""Spelling for vectors that are there already, whoever made them: no text is needed.

    G = argmin Σ_c ‖v_c − A_c G‖² + μ ‖G‖²,        shown: v_c + a A_c G

with v_c the vectors that are shown, over all words but those whose vector is zero. These get what
their spelling says, as unknown words do.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from skipgram.corpus.vocabulary.packed_words import PackedWords
from skipgram.errors import SettingsError, SkipgramError
from skipgram.settings.ngram_range import NgramRange
from skipgram.spelling.explaining import explained_share, says_something
from skipgram.spelling.incidence import Incidence
from skipgram.spelling.regression import improve
from skipgram.system.machine import available_memory_bytes, usable_threads
from skipgram.system.threads import thread_pool
from skipgram.vectors.embedding import Embedding, shown_of
from skipgram.vectors.given import whole_number
from skipgram.vectors.rows import Precision, Rows, require_finite, with_precision
from skipgram.vectors.subwords.spelling import Matrix, Spelling, is_number, require_share

Observe = Callable[[int, int], None]

_ROUNDS, _TOLERANCE = 25, 1e-4
_BYTES_A_CHARACTER = 150
"""While shared n-grams are looked for: a dozen numbers for each character of a word, and texts."""
_BYTES_AN_ENTRY = 48
"""Of A and of a part of it, each by words and by n-grams."""
_MATRICES = 6
"""While G is fitted: itself, its residual, direction and image; V, what is said, and copies."""
_LIKELY_NGRAMS = 1.6
"""That words share, for each word: 1.5 in GloVe's 400,000, 2.1 in 60,000 of Wikipedia's."""
_ROWS_AT_ONCE = 1 << 14
_MOST_THREADS = 1024
_STEPS = 3

_Vectors = TypeVar("_Vectors", bound=Embedding)


@dataclass(frozen=True)
class Respelling:
    """How spelling is found: `WordVectors.with_spelling` says what each of these means."""

    lengths: NgramRange
    share: float
    penalty: float
    least_words: int
    threads: int

    @classmethod
    def of(
        cls, ngrams: str, share: float, penalty: float, least_words: int, threads: int | None
    ) -> "Respelling":
        """The same, each refused if it cannot be."""
        lengths = NgramRange.of(ngrams)
        if lengths is None:
            raise SettingsError(
                "ngrams (--ngrams) is none, and spelling is made of n-grams; give a range of "
                "characters, as 3-6"
            )
        require_share(share, "share (--share)")
        if not is_number(penalty) or penalty <= 0:
            raise SettingsError(
                f"penalty (--penalty) must be a number above 0, not {penalty!r:.60}"
            )
        least_words = whole_number("least_words (--min-words)", least_words, 1)
        threads = (
            usable_threads() if threads is None else whole_number("threads (--threads)", threads, 1)
        )
        if threads > _MOST_THREADS:
            raise SettingsError(
                f"threads (--threads) must be at most {_MOST_THREADS:,}, not {threads:,}"
            )
        return cls(lengths, float(share), float(penalty), least_words, threads)


class Fitted(NamedTuple):
    """What the n-grams of some words say of their vectors."""

    ids: NDArray[np.int64]
    """of these words"""
    ngrams: PackedWords
    table: NDArray[np.float32]
    said: NDArray[np.float32]
    """A G, shape (words, dim)"""
    explained: float
    words_without: int


def with_spelling(vectors: _Vectors, how: Respelling, observe: Observe) -> _Vectors:
    """The same vectors, with spelling: see `WordVectors.with_spelling`.

    `observe` is called with how many steps are done, and of how many.
    """
    matrix = _matrix_of(vectors)
    rows = shown_of(vectors.center, vectors.outside, None, matrix)
    require_finite(rows, vectors.words, "these vectors cannot be spelled")
    ids = np.flatnonzero(~_is_zero(rows))
    words = _text_of(vectors.words, ids)
    return spelled_by(vectors, _fitted(words, rows, ids, how, observe), how, matrix)


def spelled_by(vectors: _Vectors, fitted: Fitted, how: Respelling, matrix: Matrix) -> _Vectors:
    """The same vectors, with what was fitted to those of this matrix.

    Words outside the fit get what their spelling says, as unknown words do.
    """
    explained = round(fitted.explained, 4)  # as it is kept, so that a folder judges as this does
    share = how.share if says_something(explained) else 0.0
    spelling = Spelling(fitted.ngrams, fitted.table, how.lengths, share, matrix, explained)
    about = {
        "ngrams": str(how.lengths),
        "share": share,
        "penalty": how.penalty,
        "least_words": how.least_words,
        "matrix": matrix,
        "shared_ngrams": len(fitted.ngrams),
        "words_without_ngrams": fitted.words_without,
        "zero_words": len(vectors) - len(fitted.ids),
        "explained": explained,
    }
    precision = cast(Precision, vectors.precision)
    spelled = None
    if share:
        spelled = np.array(shown_of(vectors.center, vectors.outside, None, matrix), np.float32)
        spelled[fitted.ids] += np.float32(share) * fitted.said
        is_outside = np.ones(len(vectors), bool)
        is_outside[fitted.ids] = False
        for number in np.flatnonzero(is_outside).tolist():
            if spelling.can_spell(vectors.words[number]):
                spelled[number] = spelling.vector(vectors.words[number])
    return replace(
        vectors,
        subwords=spelling.compacted(precision),
        spelled=None if spelled is None else with_precision(spelled, precision),
        shown=matrix if spelled is None else "spelled",
        index=None,
        about=vectors.about | {"spelled": about},
    )


def likely_memory_bytes(vectors: Embedding) -> int:
    """What `with_spelling` takes, by the number and length of words: before n-grams are found."""
    words, characters = len(vectors), len(PackedWords.of(vectors.words).text)
    finding = _BYTES_A_CHARACTER * (characters + 2 * words)
    ngrams = _LIKELY_NGRAMS * words
    entries = 4 * characters  # of 3 to 6 characters, one of each length begins at each
    fitting = 4 * vectors.embedding_dim * _MATRICES * (words + ngrams) + _BYTES_AN_ENTRY * entries
    return int(max(finding, fitting))


def _matrix_of(vectors: Embedding) -> Matrix:
    """The matrix whose spelling is looked for: what is shown, or was before it was spelled."""
    spelling = vectors.subwords
    if spelling is not None and not isinstance(spelling, Spelling):
        raise SettingsError(
            "these vectors come from fastText, and have subwords already; unknown words have "
            "vectors without a spelling of ours. To fit one all the same, convert them to a format "
            "without subwords first"
        )
    if vectors.shown != "spelled":
        return vectors.shown
    assert spelling is not None  # or it could not be shown
    return spelling.matrix


def _is_zero(rows: Rows) -> NDArray[np.bool_]:
    starts = range(0, len(rows), _ROWS_AT_ONCE)
    has_direction = [rows[at : at + _ROWS_AT_ONCE].any(axis=1) for at in starts]
    return ~np.concatenate([np.zeros(0, bool), *has_direction])


def _text_of(words: Sequence[str], ids: NDArray[np.int64]) -> Sequence[str]:
    """Some of the words; half a surrogate pair is refused, as it is when vectors are saved."""
    packed = PackedWords.of(words)
    return packed if len(ids) == len(packed) else packed.take(ids)


def _fitted(
    words: Sequence[str], rows: Rows, ids: NDArray[np.int64], how: Respelling, observe: Observe
) -> Fitted:
    """The regression of rows on the n-grams of their words."""
    observe(0, _STEPS)
    characters = sum(map(len, words)) + 2 * len(words)
    _require_memory(_BYTES_A_CHARACTER * characters, f"finding the n-grams of {len(words):,} words")
    ngrams, A = Incidence.of(words, how.lengths, how.least_words)
    if not len(ngrams):
        raise SkipgramError(
            f"of the {len(words):,} words with a vector no {how.least_words:,} share an n-gram of "
            f"{how.lengths} characters, so their spelling says nothing; shorter ones may "
            "be shared: try [--ngrams 1-3]"
        )
    dim = rows.shape[1]
    _require_memory(
        4 * dim * _MATRICES * (len(words) + len(ngrams)) + _BYTES_AN_ENTRY * A.B.nnz,
        f"fitting {len(ngrams):,} n-grams to {len(words):,} words × {dim}",
    )
    observe(1, _STEPS)
    V = np.asarray(rows[ids], np.float32)
    table = np.zeros((len(ngrams), dim), np.float32)
    pool: Any = nullcontext()
    if how.threads > 1:
        pool = thread_pool(how.threads, "skipgram-spelling")
    with pool as threads:
        explained = explained_share(A, V, how.penalty, threads)
        observe(2, _STEPS)
        improve(table, A, V, how.penalty, _ROUNDS, tolerance=_TOLERANCE, pool=threads)
        said = cast(NDArray[np.float32], A.times(table, threads))
    observe(_STEPS, _STEPS)
    words_without = int((np.diff(A.B.indptr) == 0).sum())
    return Fitted(ids, ngrams, table, said, explained, words_without)


def _require_memory(needed: int, what: str) -> None:
    available = available_memory_bytes()
    if available is not None and needed > available:
        raise SkipgramError(
            f"{what} needs {needed / 1e9:.1f} GB of memory and {available / 1e9:.1f} GB are free; "
            "ask for fewer n-grams: a narrower range of lengths (--ngrams), or only those that "
            "more words have (--min-words)"
        )
