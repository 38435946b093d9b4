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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from skipgram.corpus.cooccurrence import file as cooccurrence_file
from skipgram.corpus.cooccurrence.cutting import cut
from skipgram.corpus.cooccurrence.kernels import expected_rows, positions_by_word
from skipgram.corpus.cooccurrence.parts import Part, added_up, spilled
from skipgram.corpus.encoded import EncodedCorpus
from skipgram.corpus.summary import CountingProgress
from skipgram.corpus.vocabulary.vocabulary import Vocabulary
from skipgram.equations import keep_probability
from skipgram.errors import CorpusError, FormatError, SettingsError
from skipgram.settings.window_rule import WindowRule
from skipgram.system.paths import PathLike
from skipgram.system.threads import OrderedThreads

CHUNK_TOKENS = 1 << 25
"""Positions that are sorted at a time: 160 MB."""
ROW_BLOCKS = 256
"""In a chunk, with about as many positions each: a thread takes one at a time."""
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


def distance_weights(rule: WindowRule) -> NDArray[np.float64]:
    """a(1), ..., a(window): how much the outside word at each distance counts."""
    distances = np.arange(1, rule.window + 1)
    if rule.window_width == "random":
        return (rule.window - distances + 1) / rule.window
    return np.ones(rule.window) if rule.width_is_fixed else 1 / distances


class _Walk(NamedTuple):
    """How `expected_rows` walks from a center word."""

    keep: NDArray[np.float64]
    weights: NDArray[np.float64]
    closes_up: bool
    goes_left: bool
    goes_right: bool


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
    vocab_size = len(corpus.vocabulary)
    keep = np.ones(vocab_size)
    if rule.subsample:
        keep = keep_probability(corpus.vocabulary.counts, rule.subsample)
    line_ends = corpus.line_ends if line_ends is None else line_ends
    ranges = np.array([[0, len(corpus)]]) if ranges is None else ranges
    chunks = list(_chunks(ranges, chunk_tokens))
    progress = _Progress(int(np.diff(ranges).sum()), observe)
    closes_up = rule.closes_up and bool((keep < 1).any())
    walk = _Walk(keep, distance_weights(rule), closes_up, rule.goes_left, rule.goes_right)
    parts: list[Part] = []
    with OrderedThreads(threads) as workers:
        for chunk in chunks:
            part = _count_chunk(corpus.ids, line_ends, chunk, walk, workers, progress)
            parts.append(part if len(chunks) == 1 else spilled(part, scratch))
        if not any(len(part.sums) for part in parts):
            raise CorpusError(
                f"no two of the {progress.total:,} words appear on the same line, so there is no "
                "pair to count; put more words on a line, or lower min_count (--min-count)"
            )
        total = parts[0] if len(parts) == 1 else added_up(parts, vocab_size, workers, scratch)
    matrix = scipy.sparse.csr_matrix(
        (total.sums, total.outsides, total.starts), shape=(vocab_size, vocab_size)
    )
    matrix.has_sorted_indices = True
    return Cooccurrence(matrix, corpus.vocabulary, **rule.to_dict())


def _chunks(ranges: NDArray[np.int64], most: int) -> Iterator[NDArray[np.int64]]:
    """The ranges within each `most` tokens of text: many short ones are one chunk."""
    starts, stops = ranges.T
    for start in range(0, int(stops.max(initial=0)), most):
        stop = start + most
        inside = ranges[(starts < stop) & (stops > start)]
        if len(inside):
            yield inside.clip(start, stop)


def _count_chunk(
    ids: NDArray[np.int32],
    line_ends: NDArray[np.int64],
    ranges: NDArray[np.int64],
    walk: _Walk,
    workers: OrderedThreads,
    progress: "_Progress",
) -> Part:
    """The pairs whose center words are in the ranges, which rise."""
    start, stop = int(ranges[0, 0]), int(ranges[-1, 1])
    vocab_size = len(walk.keep)
    inside = slice(*np.searchsorted(line_ends, [start, stop], "right"))
    ends_line = np.zeros(stop - start, np.bool_)
    ends_line[line_ends[inside] - start - 1] = True
    first = int(line_ends[inside.start - 1]) if inside.start else 0
    last = int(line_ends[np.searchsorted(line_ends, stop)])
    starts, positions = positions_by_word(ids, ranges, vocab_size)
    borders = np.searchsorted(starts, np.linspace(0, len(positions), ROW_BLOCKS + 1)[1:-1])
    borders = np.unique([0, *borders, vocab_size])

    def count(block: tuple[int, int]) -> Any:
        return expected_rows(ids, start, ends_line, first, last, starts, positions, *block, *walk)

    blocks = list(zip(borders[:-1].tolist(), borders[1:].tolist(), strict=True))
    rows = []
    for (first_word, last_word), counted in workers.map(count, blocks):
        rows.append(counted)
        progress.add(int(starts[last_word] - starts[first_word]))
    return Part.of(rows)


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
