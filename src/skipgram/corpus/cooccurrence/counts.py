"""How often each pair of words is to be expected in the windows of a corpus, as a sparse matrix.

For the positions i and j of one line, with words c and o that subsampling keeps by the chances k_c
and k_o, N[c, o] is the sum of

    full text     k_c k_o a(d),                        d = |i − j| ≤ window
    closed-up     k_c k_o Σ_r P(r of the words between are kept) a(r + 1),   r < window

a(d) = (window − d + 1) / window where a window's width is drawn, 1 where it is fixed, 1/d where it
is harmonic. Closed-up windows are those that word2vec samples: it drops words first. This is the
mean over all that it may draw.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence import file as cooccurrence_file
from skipgram.corpus.cooccurrence.cutting import cut
from skipgram.corpus.cooccurrence.parts import Part, on_disk, row_sums, spilled
from skipgram.corpus.cooccurrence.rows import CHUNK_TOKENS, Walk, chunks_of, counted_rows
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.summary import CountingProgress
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.errors import CorpusError, FormatError, SettingsError
from skipgram.settings.window_rule import WindowRule
from skipgram.system.paths import PathLike
from skipgram.system.threads import OrderedThreads

_SECONDS_BETWEEN = 0.2
_SUMS = (1e-15, 1e18)
"""Of a word's weights: one neighbour, of two words that are hardly ever kept, to more tokens than
there are, each in a window of a thousand. Between them no square of 32 bits overflows."""

Observer = Callable[[CountingProgress], None]


@dataclass(frozen=True, eq=False)
class Cooccurrence:
    """Expected counts of pairs.

    matrix: N, shape (vocab_size, vocab_size), float64, sorted indices: rows are
    center words, columns outside words. window, window_width, gaps, contexts,
    subsample: the settings of these names.

    Raises
    ------
    FormatError
        If N is not such a matrix of finite weights from 0, or what a word's add up to is beyond
        what any text can give, and what 32 bits can be trained on.

    """

    matrix: scipy.sparse.csr_matrix
    vocabulary: Vocabulary
    window: int
    window_width: str
    gaps: str
    contexts: str
    subsample: float

    def __post_init__(self) -> None:
        matrix, size = self.matrix, len(self.vocabulary)
        if not isinstance(matrix, scipy.sparse.csr_matrix) or matrix.shape != (size, size):
            found = f"{type(matrix).__name__} of shape {getattr(matrix, 'shape', ())}"
            raise FormatError(
                f"counts of pairs: {found} where csr_matrix of shape {(size, size)} should be"
            )
        parts = matrix.indptr, matrix.indices, matrix.data
        cooccurrence_file.require_entries(*parts, size, "counts of pairs")
        self._require_sums()

    def __setstate__(self, state: dict[str, Any]) -> None:
        # A pickle may be as damaged as any file; what was computed from it is computed anew.
        self.__dict__.update({item.name: state[item.name] for item in fields(self)})
        self.__post_init__()

    def _require_sums(self) -> None:
        self.vocabulary.require_counts("vocabulary")
        least, most = _SUMS
        with np.errstate(over="ignore"):
            both = self.center_weights, self.outside_weights
        for sums in both:
            is_off = (sums > most) | ((sums < least) & (sums != 0))
            if is_off.any():
                word = int(np.argmax(is_off))
                raise FormatError(
                    f"counts of pairs: those of {self.vocabulary.words[word]!r:.60} add up to "
                    f"{sums[word]:g}; it must be between {least:g} and {most:g}"
                )
        if self.matrix.nnz and not self.pairs:
            raise FormatError("counts of pairs: all weights are 0, so there is no pair")

    def __repr__(self) -> str:
        return (
            f"<Cooccurrence of {len(self.vocabulary):,} words: {self.matrix.nnz:,} pairs of words, "
            f"{self.pairs:,.0f} pairs>"
        )

    @cached_property
    def center_weights(self) -> NDArray[np.float64]:
        """n_c = Σ_o N_co, shape (vocab_size,)."""
        return np.asarray(self.matrix.sum(axis=1)).ravel()

    @cached_property
    def outside_weights(self) -> NDArray[np.float64]:
        """m_o = Σ_c N_co, shape (vocab_size,)."""
        return np.asarray(self.matrix.sum(axis=0)).ravel()

    @property
    def pairs(self) -> float:
        """How many pairs are to be expected."""
        return float(self.center_weights.sum())

    @property
    def words_without_pair(self) -> int:
        """Words that never share a window with another one."""
        return int(np.count_nonzero((self.center_weights == 0) & (self.outside_weights == 0)))

    def options(self) -> dict[str, Any]:
        """The settings by which the pairs were counted."""
        return {name: getattr(self, name) for name in WindowRule.names()}

    def save(self, folder: PathLike, *, overwrite: bool = False) -> None:
        """Write a folder that `load` maps, whole or not at all.

        Raises
        ------
        OutputExistsError
            If something is there and `overwrite` is false, or it is not counts.

        """
        parts = self.matrix, self.vocabulary, self.options()
        cooccurrence_file.save(*parts, Path(folder), overwrite=overwrite)

    @classmethod
    def load(cls, folder: PathLike) -> "Cooccurrence":
        """Map a folder that `save` or `skipgram cooccurrence` wrote.

        Raises
        ------
        FormatError
            If a file of it is missing, damaged, or of another version.

        """
        matrix, vocabulary, options = cooccurrence_file.load(folder)
        counts = object.__new__(cls)  # the matrix was checked when it was read
        counts.__dict__.update(matrix=matrix, vocabulary=vocabulary, **options)
        try:
            counts._require_sums()
        except FormatError as error:
            raise FormatError(f"{folder}: {error}; {cooccurrence_file.AGAIN}") from None
        return counts

    def cut(self, words: int) -> "Cooccurrence":
        """Only the most frequent words, as centers and as outside words."""
        chosen = np.asarray(self.vocabulary.by_count[:words])
        vocabulary = Vocabulary(
            [self.vocabulary.words[number] for number in chosen], self.vocabulary.counts[chosen]
        )
        return replace(self, matrix=cut(self.matrix, chosen, chosen), vocabulary=vocabulary)

    def require_fit(self, vocabulary: Vocabulary, rule: WindowRule) -> None:
        """Refuse to be taken for the counts of another vocabulary, or by another rule.

        Raises
        ------
        SettingsError
            With the first difference.

        """
        ours, theirs = self.vocabulary, vocabulary
        if len(ours) != len(theirs):
            difference = f"{len(ours):,} words and not {len(theirs):,}"
        elif different := [i for i, word in enumerate(ours) if word != theirs.words[i]][:1]:
            number = different[0]
            difference = f"word {number:,} {ours.words[number]!r}, not {theirs.words[number]!r}"
        elif not np.array_equal(ours.counts, theirs.counts):
            number = int(np.flatnonzero(ours.counts != theirs.counts)[0])
            difference = (
                f"{ours.words[number]!r} {ours.counts[number]:,} times, not "
                f"{theirs.counts[number]:,}"
            )
        else:
            for name, value in self.options().items():
                if (wanted := getattr(rule, name)) != value:
                    raise SettingsError(
                        f"the pairs were counted with {name} {value}, not {wanted}; count them "
                        f"again (skipgram cooccurrence), or train with {name} {value}"
                    )
            return
        raise SettingsError(
            f"the counts belong to another vocabulary: they have {difference}; count the pairs "
            "of this corpus (skipgram cooccurrence)"
        )


def count_cooccurrence(
    corpus: EncodedCorpus,
    rule: WindowRule,
    *,
    threads: int = 1,
    ranges: NDArray[np.int64] | None = None,
    line_ends: NDArray[np.int64] | None = None,
    chunk_tokens: int = CHUNK_TOKENS,
    scratch: Path | None = None,
    observe: Observer = lambda event: None,
) -> Cooccurrence:
    """The expected counts of all pairs of a corpus.

    The corpus is counted chunk by chunk. If there are several, the counts of each are kept in files
    without a name, in `scratch` if it is given, and added up row by row.

    Parameters
    ----------
    corpus
        Its ids may be mapped.
    rule
        Which words make a pair, and how much it counts.
    threads
        Any number gives the same bits.
    ranges, line_ends
        The tokens to count, shape (n, 2), and the borders that no window crosses, which must
        include those of the ranges; by default the whole corpus and its lines.
    chunk_tokens
        A different number changes the last digits of the sums.
    scratch
        A folder for large temporary files.
    observe
        Called with the progress.

    """
    counting = Counting.of(corpus, rule, ranges, line_ends, chunk_tokens, observe)
    text = corpus.ids, counting.line_ends
    parts: list[Part] = []
    with OrderedThreads(threads) as workers:
        for chunk in counting.chunks:
            part = counted_rows(*text, chunk, counting.walk, workers, observe=counting.progress.add)
            parts.append(part if len(counting.chunks) == 1 else spilled(part, scratch))
        counting.require_pairs(any(len(part.sums) for part in parts))
        whole = parts[0]
        if len(parts) > 1:
            whole = on_disk(row_sums(parts, len(corpus.vocabulary), workers), scratch)
    return counting.result(whole)


@dataclass(frozen=True)
class Counting:
    """What is to be counted, and how; by this machine or by others."""

    corpus: EncodedCorpus
    rule: WindowRule
    walk: Walk
    line_ends: NDArray[np.int64]
    chunks: list[NDArray[np.int64]]
    """of each the ranges; the counts of one after the other are added up"""
    progress: "_Progress"

    @classmethod
    def of(
        cls,
        corpus: EncodedCorpus,
        rule: WindowRule,
        ranges: NDArray[np.int64] | None,
        line_ends: NDArray[np.int64] | None,
        chunk_tokens: int,
        observe: Observer,
    ) -> "Counting":
        """As `count_cooccurrence` is asked for it."""
        ranges = np.array([[0, len(corpus)]]) if ranges is None else ranges
        return cls(
            corpus,
            rule,
            Walk.of(rule, corpus.vocabulary.counts),
            corpus.line_ends if line_ends is None else line_ends,
            list(chunks_of(ranges, chunk_tokens)),
            _Progress(int(np.diff(ranges).sum()), observe),
        )

    def require_pairs(self, some: bool) -> None:
        """Refuse a text without any."""
        if not some:
            raise CorpusError(
                f"no two of the {self.progress.total:,} words appear on the same line, so there is "
                "no pair to count; put more words on a line, or lower min_count (--min-count)"
            )

    def result(self, rows: Part) -> Cooccurrence:
        """The counts, from the rows of all words."""
        size = len(self.corpus.vocabulary)
        entries = rows.sums, rows.outsides, rows.starts
        matrix = scipy.sparse.csr_matrix(entries, shape=(size, size))
        matrix.has_sorted_indices = True
        return Cooccurrence(matrix, self.corpus.vocabulary, **self.rule.to_dict())


class _Progress:
    """Reports now and then how many positions are done."""

    def __init__(self, total: int, observe: Observer) -> None:
        self.total, self._observe = total, observe
        self._done, self._began, self._told = 0, time.monotonic(), 0.0

    def add(self, positions: int) -> None:
        self._done += positions
        now = time.monotonic()
        if now - self._told >= _SECONDS_BETWEEN or self._done == self.total:
            self._told = now
            self._observe(CountingProgress(self._done, self.total, now - self._began))
