"""How far words lie along the relation of a pair: the relational inner product (RIPA).

For an ordered pair of words (x, y), and with the vectors as they were trained,

    RIPA(w) = w · b,  b = (x − y) / |x − y|.

For several pairs b is the first principal component of their differences: the unit
vector whose inner products with them have the largest sum of squares.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, SkipgramError, UnknownWordError
from skipgram.evaluation.wordlists import look_up_list, named, notes_on
from skipgram.settings.given_words import Word
from skipgram.system.paths import PathLike
from skipgram.telling.escaping import visible
from skipgram.telling.markup import paragraphs, table
from skipgram.telling.wording import padded, percent, width_on_screen
from skipgram.vectors.asked import answerable_places, enumeration
from skipgram.vectors.given import Words, pairs_of, words_of
from skipgram.vectors.loaded import as_vectors
from skipgram.vectors.neighbors import NO_NOTES, Notes
from skipgram.vectors.word_vectors import WordVectors

Pair = tuple[str, str]

_NOTHING = 1e-6
"""A smaller difference, relative to what is compared, is rounding to float32."""


@dataclass(frozen=True, eq=False)
class RelationalAssociation:
    """How far words lie along the relation that pairs of words define.

    direction: b, shape (embedding_dim,), float64, of length 1: from the second words of the
    pairs to the first. `vectors.matrix @ direction` has the association of every word.
    """

    scores: dict[str, float]
    """RIPA(w) of each word that was found, as it was given: above 0 on the side of x"""
    direction: NDArray[np.float64]
    share: float
    """of the differences' squared lengths, how much lies along b; 1 for one pair"""
    pairs: tuple[Pair, ...]
    """those that define b"""
    missing: tuple[str, ...] = ()
    """words that have no vector"""
    missing_pairs: tuple[Pair, ...] = ()
    """pairs with a word that has no vector"""
    notes: Notes = NO_NOTES
    """on words that were found in another form, or spelled"""

    def __str__(self) -> str:
        words = [visible(word) for word in self.scores]
        width = max(map(width_on_screen, words), default=0)
        lines = [
            f"{padded(word, width)}  {score:7.3f}"
            for word, score in zip(words, self.scores.values(), strict=True)
        ]
        return "\n".join([*lines, *map(visible, self._told())])

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        rows = [(word, f"{score:.3f}") for word, score in self.scores.items()]
        return table(("word", "association"), rows, "lr") + paragraphs(self._told())

    def _told(self) -> list[str]:
        """What b is, and what could not be used."""
        told = [f"along {_enumerated(self.pairs)}"]
        if len(self.pairs) > 1:
            told[0] += f": {percent(self.share)} of their differences' squared lengths"
        if self.missing:
            total = len(self.scores) + len(self.missing)
            told.append(
                f"missing: {len(self.missing):,} of {total:,} words ({named(self.missing)})"
            )
        if self.missing_pairs:
            total = len(self.pairs) + len(self.missing_pairs)
            told.append(
                f"missing: {len(self.missing_pairs):,} of {total:,} pairs "
                f"({_enumerated(self.missing_pairs)})"
            )
        return told + self.notes.told()


def relational_association(
    vectors: WordVectors | PathLike,
    words: Words,
    pairs: Iterable[Sequence[Word]] | Mapping[Any, Word],
    *,
    spell: bool = False,
) -> RelationalAssociation:
    """How far words lie along the relation of ordered pairs (x, y): RIPA, w · b.

    For one pair b = (x − y) / |x − y|. For several it is the first principal component
    of the differences x − y: not centred, since the mean difference is the relation, nor
    scaled to one length; and turned so that the pairs' mean difference has a positive
    product with it. Words with a positive association are on the side of x; but in vectors
    of short texts most words may be on one side of 0, so compare words with each other.

    The vectors are taken as they are shown, not at length 1: the paper's argument is
    about the vectors of models that factorise a matrix of co-occurrences, such as
    skip-gram with negative sampling and GloVe. Do not use it on vectors that were scaled
    afterwards. `vectors.showing("center")` shows V without the spelling.

    Of several pairs the first component need not be the relation that was meant: see
    `share`, and compare with single pairs, which are easiest to interpret. Words that
    were chosen after looking at their associations show nothing, and many words need a
    correction for their number. Taking b out of all vectors hides a bias more than it
    removes it (Gonen & Goldberg 2019).

    Source: Ethayarajh, Duvenaud & Hirst 2019 (ACL, P19-1166). Gonen & Goldberg
    2019 (NAACL, N19-1061).

    Parameters
    ----------
    vectors
        Vectors, or their path.
    words
        Whose associations are wanted.
    pairs
        Pairs of words, or a dictionary from one to the other. Each is ordered.
    spell
        Whether unknown words have the vectors that their spelling gives.

    Raises
    ------
    SettingsError
        If there are no words or no pairs, or the two words of a pair are the same.
    UnknownWordError
        If none of the words, or of the pairs, have vectors.
    SkipgramError
        If a vector is zero, a pair's vectors are the same, or several pairs leave b, or its
        sign, undetermined.

    """
    vectors = as_vectors(vectors)
    asked, given = words_of(words), list(dict.fromkeys(pairs_of(pairs)))
    if not asked:
        raise SettingsError("no words to associate")
    if not given:
        raise SettingsError("no pairs to define a relation")
    found = look_up_list(vectors, asked, spell=spell)
    ends = look_up_list(vectors, [word for pair in given for word in pair], spell=spell)
    for pair in given:
        if len({ends.forms.get(word, word) for word in pair}) == 1:
            raise SettingsError(f"{_told_of(pair)} is one word twice; a relation needs two")
    known = [pair for pair in given if all(word in ends.forms for word in pair)]
    if not found.forms:
        raise UnknownWordError(f"none of the words has a vector: {named(found.missing)}")
    if not known:
        raise UnknownWordError(f"no pair has two vectors; missing: {named(ends.missing)}")
    direction, share = _direction(vectors, known, ends.forms)
    scores = (_rows(vectors, found.forms.values()) @ direction).tolist()
    forms = (*found.forms.items(), *ends.forms.items())
    return RelationalAssociation(
        scores=dict(zip(found.forms, scores, strict=True)),
        direction=direction,
        share=share,
        pairs=tuple(known),
        missing=found.missing,
        missing_pairs=tuple(pair for pair in given if pair not in known),
        notes=notes_on(vectors, forms),
    )


def _direction(
    vectors: WordVectors, pairs: Sequence[Pair], forms: Mapping[str, str]
) -> tuple[NDArray[np.float64], float]:
    """b, shape (embedding_dim,), and the share of the differences' squared lengths along it."""
    one, other = (_rows(vectors, [forms[pair[side]] for pair in pairs]) for side in (0, 1))
    differences = one - other
    lengths, whole = (np.linalg.norm(rows, axis=1) for rows in (differences, one))
    for place in np.flatnonzero(lengths <= _NOTHING * whole).tolist():
        raise SkipgramError(
            f"{_told_of(pairs[place])} have the same vector: their difference has no direction"
        )
    _, sizes, axes = np.linalg.svd(differences, full_matrices=False)
    if len(sizes) > 1 and sizes[0] - sizes[1] <= _NOTHING * sizes[0]:
        raise SkipgramError(
            "the pairs' differences have no first principal component: they are as long along "
            "another; give other pairs, or one"
        )
    along = float((differences @ axes[0]).sum())
    if abs(along) <= _NOTHING * sizes[0]:
        raise SkipgramError(
            "the pairs' differences cancel out, so neither side is the first; check the order of "
            "the words in each pair"
        )
    direction: NDArray[np.float64] = axes[0] * np.sign(along)
    direction.flags.writeable = False
    return direction, float(sizes[0] ** 2 / (sizes**2).sum())


def _rows(vectors: WordVectors, forms: Iterable[str]) -> NDArray[np.float64]:
    """The vectors, as long as they are; one of zeros, which would lie nowhere, is refused."""
    words = list(forms)
    answerable_places(vectors, words, "error")
    return vectors[words].astype(np.float64)


def _told_of(pair: Pair) -> str:
    return "(" + ", ".join(f"{word!r:.60}" for word in pair) + ")"


def _enumerated(pairs: Sequence[Pair]) -> str:
    return enumeration([_told_of(pair) for pair in pairs])
