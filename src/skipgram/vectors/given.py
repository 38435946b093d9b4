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
"""Without what begins an escape, which codecs of escapes warn of."""

_NOT_A_WORD = "not a word; a word is text"
_NOT_A_TERM = "neither a word nor a vector; a vector is a NumPy array of numbers"


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
    if set(map(type, terms)) <= {str}:
        return terms
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
    if set(map(type, words)) <= {str}:
        return words
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


def is_text_encoding(name: Any) -> bool:
    """Whether there is such an encoding, and it turns any text into bytes and any bytes into text.

    Codecs of something else (hex, rot13) do not, nor do those of names of hosts.
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
    """NumPy's text as Python's own, which messages show as people write it."""
    return str.__str__(word)


def _has_numbers(array: NDArray[Any]) -> bool:
    return array.dtype.kind in "fiu"


def _refusal(given: Any, why_not: str) -> SettingsError:
    hint = ""
    if isinstance(given, Integral) and not isinstance(given, bool):
        hint = f"; the word with id {given} is vectors.words[{given}]"
    return SettingsError(f"{repr(given)[:60]} ({type(given).__name__}) is {why_not}{hint}")
