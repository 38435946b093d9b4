"""The words and vectors of a query, looked up; and those that cannot be compared.

One rule for all queries: a word that is neither in the vocabulary nor can be
spelled, and a vector of zeros, which has no direction, cannot be compared. An
error names and counts them; with `unknown="skip"` a warning does, and the
others are answered.
"""

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple, NoReturn, cast, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import (
    FormatError,
    SettingsError,
    SkipgramError,
    UnknownWordError,
    frames_to_the_caller,
)
from skipgram.vectors.embedding import Embedding
from skipgram.vectors.given import PlainTerm, Terms, terms_of
from skipgram.vectors.neighbors import NO_NOTES, Notes

OnUnknown = Literal["error", "skip"]

_NO_DIRECTION = "a vector of zeros has no direction"
_NOTHING = 1e-6
"""A sum of unit vectors that is shorter than this is zero but for rounding to float32."""
_NAMED = 5
_TERMS_AT_ONCE = 8192
"""Their vectors take some MB."""


class Known(NamedTuple):
    """A term that can be compared."""

    id: int
    """or -1, for what is not a word of the vocabulary"""
    unit: NDArray[np.float64]
    """its vector, at length 1"""
    notes: Notes = NO_NOTES


class Unanswerable(NamedTuple):
    """The terms that cannot be compared, repeated as often as they were given."""

    unknown: list[str]
    """words that are not in the vocabulary"""
    zero: list[str]
    """terms whose vector is zero: a word in quotes, or "vector 3" for the fourth term"""
    asked: int
    """how many terms were given, these included"""

    def __bool__(self) -> bool:
        return bool(self.unknown or self.zero)

    def __str__(self) -> str:
        found = [
            f"{enumeration(names)} ({reason})"
            for names, reason in (
                ([repr(word) for word in self.unknown], "not in the vocabulary"),
                (self.zero, _NO_DIRECTION),
            )
            if names
        ]
        count = len(self.unknown) + len(self.zero)
        return f"{count:,} of {self.asked:,} words cannot be compared: {'; '.join(found)}"


class Found(NamedTuple):
    """Terms that were looked up, in order."""

    ids: NDArray[np.int64]
    """shape (terms,): −1 for what is not a word of the vocabulary"""
    units: NDArray[np.float64]
    """shape (terms, embedding_dim): vectors at length 1, nan for what cannot be compared"""
    is_known: NDArray[np.bool_]
    """shape (terms,): whether a term can be compared"""
    notes: dict[int, Notes]
    """by place: what else is to be said of a word"""

    def known(self) -> list[Known]:
        """Those that can be compared."""
        places = np.flatnonzero(self.is_known).tolist()
        return [
            Known(self.ids.item(place), self.units[place], self.notes_at(place)) for place in places
        ]

    def notes_at(self, place: int) -> Notes:
        """What else is to be said of the word there."""
        return self.notes.get(place, NO_NOTES)


def answerable(vectors: Embedding, given: Terms, unknown: OnUnknown) -> Found:
    """Each term, looked up; those that cannot be compared raise UnknownWordError or SkipgramError.

    With `unknown="skip"` a warning names them instead.
    """
    terms = terms_of(given)
    missing = Unanswerable([], [], len(terms))
    found = look_up(vectors, terms, missing)
    report(vectors, missing, unknown)
    return found


def known_terms(vectors: Embedding, given: Terms, unknown: OnUnknown = "error") -> list[Known]:
    """Those that can be compared; raises what `answerable` does."""
    if type(given) is str and unknown == "error":
        # The usual query, one known word, in a fraction of the time.
        number = vectors.vocabulary.find(given)
        wide = vectors.shown_rows[number].astype(np.float64) if number >= 0 else np.zeros(1)
        length = math.sqrt(wide @ wide)
        if length and math.isfinite(length):
            return [Known(number, wide / length)]
    if type(given) is tuple and not given and unknown in get_args(OnUnknown):
        return []
    return answerable(vectors, given, unknown).known()


def answerable_places(
    vectors: Embedding, terms: Sequence[PlainTerm], unknown: OnUnknown
) -> NDArray[np.int64]:
    """The places of the terms that can be compared; raises what `answerable` does.

    There may be millions: their vectors are not kept.
    """
    missing = Unanswerable([], [], len(terms))
    places = [np.zeros(0, np.int64)]
    for start in range(0, len(terms), _TERMS_AT_ONCE):
        found = look_up(vectors, terms[start : start + _TERMS_AT_ONCE], missing, start)
        places.append(start + np.flatnonzero(found.is_known))
    report(vectors, missing, unknown)
    return np.concatenate(places)


def look_up(
    vectors: Embedding, terms: Sequence[PlainTerm], missing: Unanswerable, first: int = 0
) -> Found:
    """Each term, looked up; those that cannot be compared are added to `missing`.

    first: the number of the first term, for messages.
    """
    ids = np.full(len(terms), -1, np.int64)
    is_word = np.array([isinstance(term, str) for term in terms], bool)
    ids[is_word] = vectors.vocabulary.ids_of_text([term for term in terms if isinstance(term, str)])
    units = np.full((len(terms), vectors.shown_rows.shape[1]), np.nan)
    units[ids >= 0] = vectors.shown_rows[ids[ids >= 0]]
    is_known = ids >= 0
    notes: dict[int, Notes] = {}
    for place in np.flatnonzero(~is_known).tolist():
        term = terms[place]
        if isinstance(term, str) and (form := vectors.training_form(term)) is not None:
            ids[place], is_known[place] = vectors.vocabulary.id(form), True
            units[place] = vectors.shown_rows[ids.item(place)]
            notes[place] = Notes(read_as=((term, form),))
            continue
        row = _without_id(vectors, term)
        if row is None:
            missing.unknown.append(cast(str, term))
            continue
        units[place], is_known[place] = row, True
        if isinstance(term, str):
            notes[place] = Notes(spelled=(term,))
    lengths = np.sqrt(np.einsum("ij,ij->i", units, units))
    for place in np.flatnonzero(is_known & ~np.isfinite(lengths)).tolist():
        raise FormatError(
            f"the vector of {terms[place]!r:.60} holds a number that is nan or infinite; fix the "
            "vectors, or remove its row"
        )
    for place in np.flatnonzero(lengths == 0).tolist():
        term, is_known[place] = terms[place], False
        missing.zero.append(repr(term) if isinstance(term, str) else f"vector {first + place}")
    lengths[lengths == 0] = np.nan
    return Found(ids, units / lengths[:, None], is_known, notes)


def report(vectors: Embedding, missing: Unanswerable, unknown: OnUnknown) -> None:
    """Raise, or warn, of the terms that cannot be compared: see `answerable`."""
    if unknown not in get_args(OnUnknown):
        raise SettingsError(f"unknown {unknown!r} is not one of: {', '.join(get_args(OnUnknown))}")
    if missing and unknown == "error":
        _refuse(vectors, missing)
    if missing:
        warnings.warn(str(missing), stacklevel=frames_to_the_caller())


def _without_id(vectors: Embedding, term: PlainTerm) -> NDArray[np.floating] | None:
    """A vector as it was given, or that of an unknown word's spelling; None if there is neither."""
    if not isinstance(term, str):
        return checked_vector(term, vectors.shown_rows.shape[1])
    if vectors.speller is None:
        return None
    try:
        return vectors.speller.vector(vectors.written_form(term))
    except UnknownWordError:
        return None


def checked_vector(vector: NDArray[np.floating], columns: int) -> NDArray[np.floating]:
    """A query's vector, refused if it has another shape, or a number that is not finite."""
    if vector.shape != (columns,):
        raise SettingsError(f"a query's vector has shape {vector.shape}; expected ({columns},)")
    if not np.isfinite(vector).all():
        raise SettingsError("a query's vector holds nan or infinity")
    return vector


def _refuse(vectors: Embedding, missing: Unanswerable) -> NoReturn:
    if not missing.zero and len(set(missing.unknown)) == 1:
        vectors.vector(missing.unknown[0])  # raises, with the nearest spellings
    if missing.asked == 1:
        raise SkipgramError(f"{missing.zero[0]} cannot be compared: {_NO_DIRECTION}")
    kind = UnknownWordError if missing.unknown else SkipgramError
    raise kind(f"{missing}; omit them")


def enumeration(names: Sequence[str]) -> str:
    """The first few different names, and how many more there are."""
    different = list(dict.fromkeys(names))
    more = len(different) - _NAMED
    return ", ".join(different[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def sum_of_units(added: Sequence[Known], taken: Sequence[Known] = ()) -> NDArray[np.float64]:
    """The sum of unit vectors; a word that is added as often as taken cancels out exactly.

    A sum of zero raises SkipgramError.
    """
    if len(added) == 1 and not taken:
        total = added[0].unit
    else:
        total = np.zeros_like((*added, *taken)[0].unit)
        weights: Counter[int] = Counter()
        for terms, sign in ((added, 1), (taken, -1)):
            for term in terms:
                if term.id < 0:
                    total += sign * term.unit
                else:
                    weights[term.id] += sign
        units = {term.id: term.unit for term in (*added, *taken)}
        for number, weight in weights.items():
            total += weight * units[number]
    if total @ total < _NOTHING**2:
        raise SkipgramError("the query's vectors add up to zero, which has no direction")
    return total
