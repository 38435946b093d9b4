"""Words, vectors and numbers as callers give them: understood, or refused with what was given."""

import codecs
from collections.abc import Callable, Iterable, Mapping, Set
from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError
from skipgram.settings.given_words import (
    Word,
    as_word,
    as_words,
    is_missing,
    is_word,
    items_of,
    no_word,
    shown,
)

Term = Word | NDArray[np.floating]
"""A word, or a vector."""
PlainTerm = str | NDArray[np.floating]
"""The same, once it is understood: a word is text."""
Words = Word | Iterable[Word]
Terms = Term | Iterable[Term]

_ODD_TEXT = "a..b" + "\u00e9" * 64 + "\U0001f600\ud800"
_ODD_BYTES = bytes(byte for byte in range(256) if byte != ord("\\"))
"""Without the backslash: codecs of escape sequences warn about unknown ones."""


def terms_of(given: Any) -> list[PlainTerm]:
    """One word or vector, or several of either, as a list.

    A NumPy array of floats is a vector, or, with two axes, a vector per row; one of integers is a
    word per number. Any other array or iterable (a Series, a generator) gives its items.
    """
    if _has(given, "f") and given.ndim:
        return [given] if given.ndim == 1 else list(given)
    if _has(given, "iu") and given.ndim > 1:
        raise _no_term(given)
    terms = _items(given, _no_term)
    if set(map(type, terms)) <= {str}:
        return terms
    return [term if _has(term, "f") else _word_among_terms(term) for term in terms]


def words_of(given: Any) -> list[str]:
    """One word, or the words of an array, a Series or any other iterable, as a list."""
    return as_words(_items(given, no_word))


def word_of(given: Any) -> str:
    """The word, where only one may be given."""
    word = as_word(_alone(given))
    if word is None:
        raise no_word(given)
    return word


def pairs_of(given: Any) -> list[tuple[str, str]]:
    """Pairs of words, or the items of a dictionary from one word to the other, as a list."""
    pairs = given.items() if isinstance(given, Mapping) else given
    if not isinstance(pairs, Iterable):
        raise SettingsError(f"pairs must be pairs of words, not {given!r:.60}")
    found = []
    for pair in pairs:
        words = words_of(pair)
        if len(words) != 2:
            raise SettingsError(f"{words!r:.60} is not a pair of words")
        if isinstance(pair, Set):
            raise SettingsError(f"{words!r:.60} is a set, in which no word is the first")
        found.append((words[0], words[1]))
    return found


def whole_number(name: str, given: Any, least: int) -> int:
    """A count that a caller gave, `least` or more."""
    if not isinstance(given, Integral) or isinstance(given, bool):
        raise SettingsError(f"{name} must be a whole number, not {given!r:.60}")
    if given < least:
        raise SettingsError(f"{name} must be at least {least}, not {given}")
    return int(given)


def is_text_encoding(name: Any) -> bool:
    """Whether there is such an encoding, and it turns any text into bytes and any bytes into text.

    Codecs for other purposes (hex, rot13, host names) do not.
    """
    try:
        codecs.lookup(name)
        _ODD_TEXT.encode(name, errors="replace")
        _ODD_BYTES.decode(name, errors="backslashreplace")
    except (LookupError, TypeError, ValueError, OverflowError):
        return False
    return True


def _items(given: Any, refusal: Callable[[Any], SettingsError]) -> list[Any]:
    if type(given) is list:
        return list(given)
    given = _alone(given)
    if is_word(given):
        return [given]
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise refusal(given)
    return items_of(given)


def _alone(given: Any) -> Any:
    """What a NumPy array without axes holds."""
    return given[()] if isinstance(given, np.ndarray) and not given.ndim else given


def _word_among_terms(term: Any) -> str:
    word = as_word(term)
    if word is None:
        raise _no_term(term)
    return word


def _has(given: Any, kinds: str) -> bool:
    """Whether it is an array of numbers of these kinds."""
    return isinstance(given, np.ndarray) and given.dtype.kind in kinds


def _no_term(given: Any) -> SettingsError:
    if _has(given, "iu"):
        return SettingsError(
            f"an array of {given.dtype} of shape {given.shape} is neither a word nor a vector: "
            "integers are words, and several are one flat list (array.ravel()); a vector is an "
            "array of floats (array.astype(float))"
        )
    if isinstance(given, Real | np.bool_) or is_missing(given):
        return no_word(given)
    return SettingsError(
        f"{shown(given)} is neither a word nor a vector; a word is text, or an integer, and a "
        "vector is a NumPy array of floats"
    )
