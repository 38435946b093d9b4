"""What is asked about: words and vectors as callers give them, and which of them have no answer.

One rule for all questions: a word that is not in the vocabulary, and a vector
of zeros, which has no direction, cannot be compared. They are an error that
names and counts them or, with `unknown="skip"`, a warning that does, and the
others are answered.
"""

import math
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, cast, get_args

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError, SkipgramError, UnknownWordError

if TYPE_CHECKING:
    from skipgram.vectors.queries import Queries

Term = str | NDArray[np.floating]
"""A word, or a vector."""
Terms = Term | Iterable[Term]
OnUnknown = Literal["error", "skip"]

_NO_DIRECTION = "a vector of zeros has no direction"
_NOT_A_WORD = "not a word; a word is text"
_NOT_A_TERM = "neither a word nor a vector; a vector is a NumPy array of numbers"
_NOTHING = 1e-6
"""A sum of unit vectors shorter than this is rounding, of float32 rows if not its own."""
_NAMED = 5
_PACKAGE = __name__.partition(".")[0]


def terms_of(given: Any) -> list[Term]:
    """One word or vector, or several of either, as a list.

    A NumPy array of numbers is a vector, or with two axes a vector a row. Any
    other array, and what else can be iterated over (a Series, a generator), is
    taken for its items.

    Raises
    ------
    SettingsError
        If something is neither a word nor a vector.

    """
    if isinstance(given, np.ndarray) and _has_numbers(given) and given.ndim:
        return [given] if given.ndim == 1 else list(given)
    terms = _items(given, _NOT_A_TERM)
    for term in terms:
        if not isinstance(term, str) and not (isinstance(term, np.ndarray) and _has_numbers(term)):
            raise _refusal(term, _NOT_A_TERM)
    return [_plain(term) if isinstance(term, str) else term for term in terms]


def words_of(given: Any) -> list[str]:
    """One word, or several of an array, a Series, or whatever can be iterated over, as a list.

    Raises
    ------
    SettingsError
        If something is not a word.

    """
    words = _items(given, _NOT_A_WORD)
    for word in words:
        if not isinstance(word, str):
            raise _refusal(word, _NOT_A_WORD)
    return list(map(_plain, words))


def word_of(given: Any) -> str:
    """The word, where only one may be given.

    Raises
    ------
    SettingsError
        If it is not a word.

    """
    word = given.item() if isinstance(given, np.ndarray) and given.ndim == 0 else given
    if not isinstance(word, str):
        raise _refusal(word, _NOT_A_WORD)
    return _plain(word)


def whole_number(name: str, given: Any, least: int) -> int:
    """A number of something.

    Raises
    ------
    SettingsError
        If it is not whole, or below the least.

    """
    if not isinstance(given, Integral) or isinstance(given, bool):
        raise SettingsError(f"{name} must be a whole number, not {given!r:.60}")
    if given < least:
        raise SettingsError(f"{name} must be at least {least}, not {given}")
    return int(given)


def _items(given: Any, why_not: str) -> list[Any]:
    items = given.tolist() if isinstance(given, np.ndarray) else given
    if isinstance(items, str):
        return [items]
    if isinstance(items, bytes) or not isinstance(items, Iterable):
        raise _refusal(items, why_not)
    return list(items)


def _plain(word: str) -> str:
    """NumPy's text as Python's own, which messages show as people write it."""
    return str.__str__(word)


def _has_numbers(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "fiu"


def _refusal(given: Any, why_not: str) -> SettingsError:
    hint = ""
    if isinstance(given, Integral) and not isinstance(given, bool):
        hint = f"; the word with id {given} is vectors.words[{given}]"
    return SettingsError(f"{repr(given)[:60]} ({type(given).__name__}) is {why_not}{hint}")


class Known(NamedTuple):
    """A term that can be compared."""

    id: int
    """or -1, for what is not a word of the vocabulary"""
    unit: NDArray[np.float64]
    """its vector, at length 1"""


class Unanswerable(NamedTuple):
    """The terms that cannot be compared, once for each time that they are given."""

    unknown: list[str]
    """words that are not in the vocabulary"""
    zero: list[str]
    """what has a vector of zeros: a word in quotes, or "vector 3" for the fourth term"""
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


def answerable(vectors: "Queries", given: Terms, unknown: OnUnknown) -> list[Known | None]:
    """Each term looked up, in order; None for one that is skipped.

    Raises
    ------
    UnknownWordError
        If words are unknown and not to be skipped: all are counted, and the first ones named.
    SkipgramError
        Likewise for vectors of zeros.
    SettingsError
        If something is neither a word nor a vector, or `unknown` neither "error" nor "skip".

    """
    terms = terms_of(given)
    missing = Unanswerable([], [], len(terms))
    found = list(look_up(vectors, terms, missing))
    report(vectors, missing, unknown)
    return found


def known_term(vectors: "Queries", given: Term) -> Known:
    """One word or vector, looked up. Raises what `answerable` does."""
    term = given if isinstance(given, np.ndarray) else word_of(given)
    (found,) = answerable(vectors, term, "error")
    return cast(Known, found)


def answerable_places(vectors: "Queries", terms: Sequence[Term], unknown: OnUnknown) -> list[int]:
    """The places of the terms that are not skipped: of millions, whose vectors need not be kept.

    Raises what `answerable` does.
    """
    missing = Unanswerable([], [], len(terms))
    found = look_up(vectors, terms, missing)
    places = [place for place, term in enumerate(found) if term is not None]
    report(vectors, missing, unknown)
    return places


def look_up(
    vectors: "Queries", terms: Sequence[Term], missing: Unanswerable
) -> Iterator[Known | None]:
    """Each term, in order; None for one that cannot be compared, which is added to `missing`."""
    for place, term in enumerate(terms):
        is_word = isinstance(term, str)
        number = vectors.vocabulary.find(cast(str, term)) if is_word else -1
        row = _row(vectors, term, number)
        if row is None:
            missing.unknown.append(cast(str, term))
            yield None
            continue
        wide = row.astype(np.float64)
        length = math.sqrt(wide @ wide)
        if length:
            yield Known(number, wide / length)
        else:
            missing.zero.append(repr(term) if is_word else f"vector {place}")
            yield None


def report(vectors: "Queries", missing: Unanswerable, unknown: OnUnknown) -> None:
    """Raise, or warn, of the terms that cannot be compared: see `answerable`."""
    if unknown not in get_args(OnUnknown):
        raise SettingsError(f"unknown {unknown!r} is not one of: {', '.join(get_args(OnUnknown))}")
    if missing and unknown == "error":
        _refuse(vectors, missing)
    if missing:
        warnings.warn(str(missing), stacklevel=_frames_to_the_caller())


def _row(vectors: "Queries", term: Term, number: int) -> NDArray[np.floating] | None:
    """The vector of a term, or None for a word that has none."""
    if not isinstance(term, str):
        return _checked(term, vectors.shown_rows.shape[1])
    if number >= 0:
        return vectors.shown_rows[number]
    if vectors.subwords is None:
        return None
    try:
        return vectors.vector(term)
    except UnknownWordError:
        return None


def _checked(vector: NDArray[np.floating], columns: int) -> NDArray[np.floating]:
    if vector.shape != (columns,):
        raise SettingsError(
            f"a query's vector has shape {vector.shape}; these vectors ask for ({columns},)"
        )
    if not np.isfinite(vector).all():
        raise SettingsError("a query's vector holds nan or infinity")
    return vector


def _refuse(vectors: "Queries", missing: Unanswerable) -> NoReturn:
    if not missing.zero and len(set(missing.unknown)) == 1:
        vectors.vector(missing.unknown[0])  # raises, with the nearest spellings
    if missing.asked == 1:
        raise SkipgramError(f"{missing.zero[0]} cannot be compared: {_NO_DIRECTION}")
    kind = UnknownWordError if missing.unknown else SkipgramError
    raise kind(f'{missing}; unknown="skip" leaves them out')


def _frames_to_the_caller() -> int:
    """Frames from the warning to the line outside the package that asked."""
    frame, count = sys._getframe(1), 1
    while frame.f_back is not None and frame.f_globals["__name__"].startswith(f"{_PACKAGE}."):
        frame, count = frame.f_back, count + 1
    return count


def enumeration(names: Sequence[str]) -> str:
    """The first few different names, and how many more there are."""
    different = list(dict.fromkeys(names))
    more = len(different) - _NAMED
    return ", ".join(different[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")


def sum_of_units(added: Sequence[Known], taken: Sequence[Known] = ()) -> NDArray[np.float64]:
    """The sum of unit vectors, those of a word that is added and taken as often cancelled.

    Raises
    ------
    SkipgramError
        If it is zero.

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
