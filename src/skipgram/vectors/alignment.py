"""Two sets of vectors in one space: time slices, languages, two trainings.

Trainings on different texts end in spaces that are rotated against each other,
so a word's two vectors cannot be compared. The orthogonal W that turns the
source's unit rows A closest to the target's B, word by word, is

    W = argmin_{W^T W = I} |A W - B|_F = X Y^T,  X S Y^T = A^T B  (its SVD).

It keeps all cosines within the source. Words that then lie further apart than chance
puts them have changed; docs/alignment.md measures that chance.

Source: Schönemann 1966, for the solution; Hamilton, Leskovec & Jurafsky 2016,
for change over time; Gonen, Jawahar, Seddah & Goldberg 2020, for neighbours.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.settings.given_words import Word
from skipgram.system.paths import PathLike
from skipgram.telling.markup import paragraphs
from skipgram.vectors.asked import enumeration, known_terms
from skipgram.vectors.changes import Change, Changes
from skipgram.vectors.given import pairs_of, whole_number, word_of
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.rows import Rows
from skipgram.vectors.search import RowSearch
from skipgram.vectors.word_vectors import WordVectors

By = Literal["similarity", "overlap"]

_ROWS_AT_ONCE = 1 << 14
_ROUNDING = 1e-7
"""Of float32 rows: smaller singular values of A^T B, divided by the words, count as zero."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """A source turned to a target.

    rotation: W, shape (embedding_dim, embedding_dim), float64, orthogonal.
    anchors: how many words, or pairs, define it. zero_anchors: how many were left
    out because one of their vectors is zero. unknown_pairs: how many of the given
    pairs have a word that is not in its vocabulary. zero_words, unknown_words:
    which words those are.

    A word whose vector is zero in one of the two has no cosine, and is not
    compared.
    """

    source: WordVectors
    target: WordVectors
    rotation: NDArray[np.float64]
    anchors: int
    zero_anchors: int = 0
    unknown_pairs: int = 0
    zero_words: tuple[str, ...] = ()
    unknown_words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        dim = self.source.embedding_dim
        return (
            f"<Alignment of {len(self.source):,} words to {len(self.target):,}: a rotation of "
            f"{dim} numbers, from {self.anchors:,} anchors>"
        )

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        left_out = {
            "anchors left out because a vector is zero": (self.zero_anchors, self.zero_words),
            "pairs left out because a word is unknown": (self.unknown_pairs, self.unknown_words),
        }
        lines = [
            f"{what}: {count:,} ({enumeration([repr(word) for word in words])})"
            for what, (count, words) in left_out.items()
            if count
        ]
        return paragraphs([repr(self)[1:-1], *lines])

    def aligned(self) -> WordVectors:
        """The source's vectors in the target's space; every u · v stays the same."""
        outside, spelled = self.source.outside, self.source.spelled
        subwords = self.source.subwords
        return replace(
            self.source,
            center=self._turned(self.source.center),
            outside=None if outside is None else self._turned(outside),
            spelled=None if spelled is None else self._turned(spelled),
            subwords=None if subwords is None else subwords.turned(self._turned),
            index=None,
        )

    def similarity(self, word: Word, other: Word | None = None) -> float:
        """The cosine of a word's turned vector with the same or another word's in the target.

        Raises
        ------
        UnknownWordError
            If one of the two is not in its vocabulary.
        SkipgramError
            If one of the two vectors is zero.

        """
        (one,) = known_terms(self.source, word_of(word))
        (two,) = known_terms(self.target, word_of(word if other is None else other))
        return float(one.unit @ self.rotation @ two.unit)

    @property
    def mean_similarity(self) -> float:
        """The mean cosine of a shared word's two vectors; nan if no word is shared."""
        return float(self._similarities.mean()) if len(self.shared) else float("nan")

    @cached_property
    def shared(self) -> list[str]:
        """The words that have a vector in both, in the order of the target's counts."""
        numbers = self.target.vocabulary.by_count
        words = [self.target.words[number] for number in numbers.tolist()]
        ids = self.source.vocabulary.ids_of(words)
        is_shared = (ids >= 0) & (self.target.search.inverse_lengths[numbers] > 0)
        is_shared[is_shared] &= self.source.search.inverse_lengths[ids[is_shared]] > 0
        return [words[at] for at in np.flatnonzero(is_shared).tolist()]

    @cached_property
    def _similarities(self) -> NDArray[np.float64]:
        """For each shared word: shape (shared words,)."""
        one, other = (
            vectors.vocabulary.ids_of(self.shared) for vectors in (self.source, self.target)
        )
        found = np.empty(len(one))
        for start in range(0, len(one), _ROWS_AT_ONCE):
            stretch = slice(start, start + _ROWS_AT_ONCE)
            turned = self.source.search.unit(one[stretch]) @ self.rotation
            theirs = self.target.search.unit(other[stretch])
            found[stretch] = np.einsum("ij,ij->i", turned, theirs)
        return found

    def changes(
        self, k: int = 20, *, neighbors: int = 25, first_words: int = 0, by: By = "similarity"
    ) -> Changes:
        """The k shared words whose use changed most.

        Parameters
        ----------
        k
            How many; all of them if there are fewer.
        neighbors
            How many nearest shared words are compared.
        first_words
            Only this many shared words, those most frequent in the target, can
            be among the k; 0 for all. Vectors of rare words are mostly noise.
        by
            `similarity`: the smallest cosine of a word's two vectors.
            `overlap`: the fewest common neighbours, which the rotation does not affect.

        Raises
        ------
        SettingsError
            If a number is too small, or `by` is neither.

        """
        for name, value, least in (
            ("k", k, 1),
            ("neighbors", neighbors, 1),
            ("first_words", first_words, 0),
        ):
            whole_number(name, value, least)
        asked = np.arange(len(self.shared))[: first_words or None]
        if by == "overlap":
            found = self._neighborhoods(asked, neighbors)
            order = np.argsort([overlap for overlap, _, _ in found], kind="stable")[:k]
            chosen = [(int(at), found[at]) for at in order]
        elif by == "similarity":
            order = np.argsort(self._similarities[asked], kind="stable")[:k]
            near = self._neighborhoods(order, neighbors)
            chosen = list(zip(order.tolist(), near, strict=True))
        else:
            raise SettingsError(f"by {by!r} is not one of: similarity, overlap")
        return Changes(
            Change(self.shared[at], float(self._similarities[at]), overlap, gained, lost)
            for at, (overlap, gained, lost) in chosen
        )

    def _neighborhoods(
        self, asked: NDArray[np.integer], neighbors: int
    ) -> list[tuple[float, tuple[str, ...], tuple[str, ...]]]:
        """For some shared words: the overlap of their neighbours, those gained and those lost.

        The rotation keeps cosines, so neighbours are found in each side's own space.
        """
        before, after = (
            _nearest_shared(vectors, self.shared, asked, neighbors)
            for vectors in (self.source, self.target)
        )
        found = []
        for old, new in zip(before, after, strict=True):
            were, are = set(old), set(new)
            gained = tuple(self.shared[at] for at in new if at not in were)
            lost = tuple(self.shared[at] for at in old if at not in are)
            most = max(1, len(new))
            found.append(((most - len(gained)) / most, gained, lost))
        return found

    def _turned(self, rows: Rows) -> NDArray[np.float32]:
        turned = np.empty(rows.shape, np.float32)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            stretch = slice(start, start + _ROWS_AT_ONCE)
            turned[stretch] = rows[stretch].astype(np.float64) @ self.rotation
        return turned


def align(
    source: WordVectors | PathLike,
    target: WordVectors | PathLike,
    *,
    first_words: int = 0,
    pairs: Iterable[Sequence[Word]] | Mapping[Any, Word] | None = None,
) -> Alignment:
    """Rotate one set of vectors into the space of another.

    Parameters
    ----------
    source, target
        Vectors, or their paths, of the same embedding_dim.
    first_words
        Only this many shared words, those most frequent in the target, define
        the rotation; 0 for all.
    pairs
        Instead of the shared words: pairs of a source word and a target word,
        for two languages; or a dictionary from one to the other.

    Raises
    ------
    SettingsError
        If the dimensions differ, or the words that define the rotation span
        fewer than embedding_dim directions and so leave it undetermined.

    """
    source, target = as_vectors(source, "source"), as_vectors(target, "target")
    dim = source.embedding_dim
    if dim != target.embedding_dim:
        raise SettingsError(
            f"the source's vectors have {dim} numbers, the target's {target.embedding_dim}; only "
            "vectors of the same length can be aligned"
        )
    first_words = whole_number("first_words", first_words, 0)
    if pairs is None:
        numbers = target.vocabulary.by_count
        known = [target.words[number] for number in numbers.tolist()]
        given = [(word, word) for word in known if word in source][: first_words or None]
    else:
        given = list(dict.fromkeys(pairs_of(pairs)))
    anchors = _Anchors.of(source, target, given)
    product = _product(source, target, anchors.ids)
    left, sizes, right = np.linalg.svd(product)
    directions = int((sizes > _ROUNDING * max(1, len(anchors.ids))).sum())
    if directions < dim:
        unknown = f"pairs ({anchors.unknown_pairs:,} of them unknown)"
        raise SettingsError(
            f"{len(anchors.ids):,} {'shared words' if pairs is None else unknown} have vectors in "
            f"both, and span {directions} directions; aligning vectors of {dim} numbers needs {dim}"
        )
    return Alignment(
        source,
        target,
        left @ right,
        len(anchors.ids),
        zero_anchors=len(given) - len(anchors.ids) - anchors.unknown_pairs,
        unknown_pairs=anchors.unknown_pairs,
        zero_words=anchors.zero_words,
        unknown_words=anchors.unknown_words,
    )


class _Anchors(NamedTuple):
    """The pairs that can define a rotation, and the words because of which others cannot."""

    ids: NDArray[np.int32]
    """shape (pairs, 2): in the source, in the target"""
    unknown_pairs: int
    unknown_words: tuple[str, ...]
    zero_words: tuple[str, ...]

    @classmethod
    def of(
        cls, source: WordVectors, target: WordVectors, pairs: Sequence[tuple[str, str]]
    ) -> "_Anchors":
        sides = [(source, [one for one, _ in pairs]), (target, [other for _, other in pairs])]
        ids = np.stack([vectors.vocabulary.ids_of(words) for vectors, words in sides], axis=1)
        # An id of -1 takes the last one, which is no row's.
        inverse = [np.append(vectors.search.inverse_lengths, 1) for vectors, _ in sides]
        is_unknown = ids < 0
        is_zero = np.stack([inverse[side][ids[:, side]] == 0 for side in (0, 1)], axis=1)
        unknown_words, zero_words = (
            tuple(dict.fromkeys(pairs[place][side] for place, side in np.argwhere(mask).tolist()))
            for mask in (is_unknown, is_zero)
        )
        is_anchor = ~(is_unknown | is_zero).any(axis=1)
        unknown_pairs = int(is_unknown.any(axis=1).sum())
        return cls(ids[is_anchor], unknown_pairs, unknown_words, zero_words)


def _product(
    source: WordVectors, target: WordVectors, ids: NDArray[np.int32]
) -> NDArray[np.float64]:
    """A^T B of the unit rows."""
    product = np.zeros((source.embedding_dim, source.embedding_dim))
    for start in range(0, len(ids), _ROWS_AT_ONCE):
        one, other = ids[start : start + _ROWS_AT_ONCE].T
        product += source.search.unit(one).T @ target.search.unit(other)
    return product


def _nearest_shared(
    vectors: WordVectors, shared: list[str], asked: NDArray[np.integer], neighbors: int
) -> list[list[int]]:
    """The places in `shared` of the nearest other shared words of some of them, nearest first."""
    rows = vectors.shown_rows[vectors.vocabulary.ids_of(shared)]
    search = RowSearch(rows)
    found: list[list[int]] = []
    for start in range(0, len(asked), _ROWS_AT_ONCE):
        some = asked[start : start + _ROWS_AT_ONCE]
        near = search.nearest(search.unit(some), min(neighbors + 1, len(shared))).ids
        for place, ids in zip(some.tolist(), near.tolist(), strict=True):
            found.append([number for number in ids if number not in (place, -1)][:neighbors])
    return found
