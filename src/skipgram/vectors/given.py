"""Words, vectors and numbers as callers give them: understood, or refused with what was given."""

import codecs
from collections.abc import Iterable
from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skipgram.errors import SettingsError

Term = str | NDArray[np.floating]
"""A word, or a vector."""
Terms = Term | Iterable[Term]

_ODD_TEXT = "a..b" + "\u00e9" * 64 + "\U0001f600\ud800"
_ODD_BYTES = bytes(byte for byte in range(256) if byte != ord("\\"))
"""Without the backslash: codecs of escape sequences warn about unknown ones."""

_NOT_A_WORD = "not a word; a word is text"
_NOT_A_TERM = "neither a word nor a vector; a vector is a NumPy array of numbers"


def terms_of(given: Any) -> list[Term]:
    """One word or vector, or several of either, as a list.

    A NumPy array of numbers is a vector, or, with two axes, a vector per row. Any
    other array or iterable (a Series, a generator) gives its items.
    """
    if isinstance(given, np.ndarray) and _has_numbers(given) and given.ndim:
        return [given] if given.ndim == 1 else list(given)
    terms = _items(given, _NOT_A_TERM)
    if set(map(type, terms)) <= {str}:
        return terms
    for term in terms:
        if not isinstance(term, str) and not (isinstance(term, np.ndarray) and _has_numbers(term)):
            raise _refusal(term, _NOT_A_TERM)
    return [_plain(term) if isinstance(term, str) else term for term in terms]


def words_of(given: Any) -> list[str]:
    """One word, or the words of an array, a Series or any other iterable, as a list."""
    words = _items(given, _NOT_A_WORD)
    if set(map(type, words)) <= {str}:
        return words
    for word in words:
        if not isinstance(word, str):
            raise _refusal(word, _NOT_A_WORD)
    return list(map(_plain, words))


def word_of(given: Any) -> str:
    """The word, where only one may be given."""
    word = given.item() if isinstance(given, np.ndarray) and given.ndim == 0 else given
    if not isinstance(word, str):
        raise _refusal(word, _NOT_A_WORD)
    return _plain(word)


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


def _items(given: Any, why_not: str) -> list[Any]:
    items = given.tolist() if isinstance(given, np.ndarray) else given
    if isinstance(items, str):
        return [items]
    if isinstance(items, bytes) or not isinstance(items, Iterable):
        raise _refusal(items, why_not)
    return list(items)


def _plain(word: str) -> str:
    """A str instead of NumPy's str_, whose repr would clutter messages."""
    return str.__str__(word)


def _has_numbers(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "fiu"


def _refusal(given: Any, why_not: str) -> SettingsError:
    hint = ""
    if isinstance(given, Integral) and not isinstance(given, bool):
        hint = f"; the word with id {given} is vectors.words[{given}]"
    return SettingsError(f"{repr(given)[:60]} ({type(given).__name__}) is {why_not}{hint}")
